"""Check every entry and procedure, offline: shape, rules, committed schemas and sample logs."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections import Counter
from pathlib import Path

from kb import cases
from kb.findings import report
from kb.load import load
from kb.model import Status
from kb.rules import check
from kb.schema import stale_schemas


def main() -> int:
    """Run the command.

    Returns:
        0 where nothing is wrong, 1 where there are findings, 2 where there is nothing to check.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=Path, default=root, help="root of the repository")
    root = parser.parse_args().root
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if not root.is_dir():
        parser.error(f"there is no folder {root}")
    loaded = load(root)
    named = {*loaded.entries, *(Path(one.path).stem for one in loaded.findings)}
    samples = cases.findings(root / cases.FOLDER, named)
    findings = sorted({*loaded.findings, *check(loaded), *stale_schemas(root), *samples})
    for line in report(findings, os.environ):
        print(line)
    count = Counter(document.value.status for document in loaded.entries.values())
    broken = len({finding.path for finding in loaded.findings})
    finished, stubs = count[Status.FINISHED], count[Status.STUB]
    parts = [f"{len(loaded.entries)} entries ({finished} finished, {stubs} stubs)"]
    parts.append(f"{len(loaded.procedures)} procedures")
    if broken:
        parts.append(f"{broken} broken {'file' if broken == 1 else 'files'} left out")
    amount = {0: "no findings", 1: "1 finding"}.get(len(findings), f"{len(findings)} findings")
    print(f"{', '.join(parts)}: {amount}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
