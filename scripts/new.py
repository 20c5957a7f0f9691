"""Start an entry: write entries/pip/<ID>.yml with a TODO for each thing to write."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from kb.fields import ID_PATTERN
from kb.load import ENTRIES, Loaded, load
from kb.model import Entry
from kb.rules import check
from kb.scaffold import scaffold

LONGEST = next(m.max_length for m in Entry.model_fields["id"].metadata if hasattr(m, "max_length"))


def refusal(entry_id: str, loaded: Loaded, root: Path) -> str:
    """Say why an id cannot be taken.

    Args:
        entry_id: the id that is asked for.
        loaded: the entries there are.
        root: the root of the repository.

    Returns:
        The reason; empty where the id is free.
    """
    if not re.fullmatch(ID_PATTERN, entry_id) or len(entry_id) > LONGEST:
        meant = "_".join(re.findall(r"[A-Z0-9]+", entry_id.upper()))[:LONGEST].strip("_")
        hint = f": did you mean {meant}?" if re.fullmatch(ID_PATTERN, meant) else ""
        return f"an id is capital letters, digits and single underscores, {LONGEST} at most{hint}"
    if (root / ENTRIES / f"{entry_id}.yml").exists():
        return f"{ENTRIES}/{entry_id}.yml is there already: edit that file"
    for document in loaded.entries.values():
        if entry_id in (document.value.aliases or ()):
            return f"{entry_id} is a former id of {document.value.id}: edit {document.path}"
    return ""


def main() -> int:
    """Run the command.

    Returns:
        0 where the file was written, 2 where the id cannot be taken.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("id", help="such as HASH_MISMATCH")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    reason = refusal(options.id, load(options.root), options.root)
    if reason:
        print(reason, file=sys.stderr)
        return 2
    path = f"{ENTRIES}/{options.id}.yml"
    (options.root / path).write_text(scaffold(options.id), encoding="utf-8", newline="\n")
    print(f"wrote {path}; what is to be done:")
    for finding in check(load(options.root)):
        if finding.path == path:
            print(f"  line {finding.line}: {finding.field}: {finding.hint}")
    print("then run `make check` and `make verify`, and look at it with `make serve`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
