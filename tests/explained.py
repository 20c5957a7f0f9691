"""The offline tool as the tests run it: the archive, in a Python of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from knowledge import SITE, TESTS, procedure

from kb import offline
from kb.load import Loaded, read
from kb.model import Entry
from kb.patterns import compile_patterns

if TYPE_CHECKING:
    from pathlib import Path

    from kb.load import Document

ROOT = TESTS.parent
BARE = ("-S", "-I")
"""Options of a Python that sees nothing but its standard library."""
CAUSE = (
    "ERROR: The boiler refuses to take water of kettle>=1.5 from "
    "https://index.example.org/simple into /home/user/boiler today"
)
MISSED = "ERROR: There is no matching boiler left in this house for the requirement kettle>=1.5"
WRAPPER = "error: Something about the boiler of kettle went wrong somewhere further up the pipe"
NOTICE = "[notice] A new boiler is available in the shop: have a look at it when you have time"
LOG = f"Collecting kettle\n{CAUSE}\n{MISSED}\n{WRAPPER}\n\n{NOTICE}\n"


def boilers() -> Loaded:
    """Return the entries that are made for these tests."""
    entries: dict[str, Document[Entry]] = {}
    for path in sorted((TESTS / "explain_entries").glob("*.yml")):
        document, findings = read(f"entries/pip/{path.name}", path.read_bytes(), Entry)
        assert document is not None, findings
        entries[path.stem] = document
    return Loaded(entries, {"do-it": procedure()}, [])


def archive(loaded: Loaded, path: Path) -> Path:
    """Write the archive of some entries."""
    path.write_bytes(offline.pyz(loaded, SITE, compile_patterns(loaded)))
    return path


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without what changes how text is shown."""
    drop = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "LC_ALL", "LANG", "PYTHONIOENCODING")
    return {key: value for key, value in os.environ.items() if key not in drop} | changes


def explain(
    pyz: Path,
    *arguments: str | Path,
    given: str | bytes = b"",
    python: tuple[str, ...] = (sys.executable, *BARE),
    **changes: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run the archive.

    Args:
        pyz: the archive.
        arguments: of its command line.
        given: its standard input.
        python: the Python that runs it, and that Python's options.
        changes: changes to the environment.
    """
    return subprocess.run(
        [*python, str(pyz), *map(str, arguments)],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True, check=False, timeout=60, env=environment(**changes),
    )  # fmt: skip


def output(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what a successful run printed."""
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().replace("\r\n", "\n")


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Return what a successful run with --json printed."""
    found: list[dict[str, Any]] = json.loads(output(done))
    return found
