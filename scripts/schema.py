"""Write the JSON Schemas of entries and procedures, or check that they fit the model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kb.schema import FILES, schema_text, stale_schemas


def main() -> int:
    """Run the command.

    Returns:
        0, or 1 where --check finds a schema that does not fit the model.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--check", action="store_true", help="write nothing, report stale files")
    options = parser.parse_args()
    if options.check:
        findings = stale_schemas(options.root)
        for finding in findings:
            print(finding)
        return 1 if findings else 0
    for path, model in FILES.items():
        (options.root / path).write_text(schema_text(model), encoding="utf-8", newline="\n")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
