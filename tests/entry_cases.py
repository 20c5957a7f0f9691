"""Good and bad entries for the tests of what loads and checks them.

A bad entry starts with comments that are the findings it must cause, without the path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.load import ENTRIES, PROCEDURES, Document, Loaded, read
from kb.model import Entry, Procedure

if TYPE_CHECKING:
    from kb.findings import Finding

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
BAD = sorted((TESTS / "bad_entries").glob("*.yml"), key=lambda path: path.stem)


def _good() -> Loaded:
    entries: dict[str, Document[Entry]] = {}
    procedures: dict[str, Document[Procedure]] = {}
    findings: list[Finding] = []
    for path in sorted((TESTS / "good_entries").glob("*.yml")):
        if path.stem.isupper():
            entry, more = read(f"{ENTRIES}/{path.name}", path.read_bytes(), Entry)
            if entry:
                entries[path.stem] = entry
        else:
            procedure, more = read(f"{PROCEDURES}/{path.name}", path.read_bytes(), Procedure)
            if procedure:
                procedures[path.stem] = procedure
        findings += more
    return Loaded(entries, procedures, findings)


GOOD = _good()


def with_bad(path: Path) -> Loaded:
    """Return the good entries and one bad one beside them."""
    bad, findings = read(f"{ENTRIES}/{path.name}", path.read_bytes(), Entry)
    entries = GOOD.entries | ({path.stem: bad} if bad else {})
    return Loaded(dict(sorted(entries.items())), GOOD.procedures, findings)


def expected(path: Path) -> list[str]:
    """Return the findings that a bad entry announces, as a person reads them."""
    name = f"{ENTRIES}/{path.name}"
    found: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#     "):
            found[-1] += f"\n{line[2:]}"
        elif line.startswith("# "):
            found.append(f"{name}:{line[2:]}")
        else:
            break
    return found


def run(command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the project."""
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / f"{command}.py", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )


def repository(folder: Path) -> Path:
    """Fill a folder with the good entries and fresh schemas."""
    for name, paths in (("pip", GOOD.entries), ("procedures", GOOD.procedures)):
        (folder / "entries" / name).mkdir(parents=True)
        for stem in paths:
            shutil.copy(TESTS / "good_entries" / f"{stem}.yml", folder / "entries" / name)
    assert run("schema", "--root", folder).returncode == 0
    return folder
