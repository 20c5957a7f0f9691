"""Wrong contributions: each is refused for its reason, and its hint, obeyed, makes it pass.

``contributions/*.yml`` are a right contribution and its neighbour. Each ``contributions/*.yaml`` is
a mistake: the edits that make it (``wrong``), the command that must refuse it (``tool``), what it
must say (``finding`` and ``hint``), and the edits that do what the hint says (``mend``).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb import bounds, wheels
from kb import releases as pip_releases
from kb.claims import claims, release_findings
from kb.deadlinks import addresses, gone
from kb.findings import Finding
from kb.load import ENTRIES, Document, Loaded, read
from kb.model import Entry
from kb.options import check as check_options
from kb.options import syntax, uses
from kb.pipsource import Releases
from kb.rules import check
from kb.verify import State
from kb.verify import check as verify
from kb.wheels import Lock, Pin, Wheels

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "contributions"
MISTAKES = sorted(FOLDER.glob("*.yaml"), key=lambda path: path.stem)
NAME, NEIGHBOUR = "FOLDER_NOT_INSTALLABLE", "NEIGHBOUR_ERROR"
RIGHT = (FOLDER / f"{NAME}.yml").read_text(encoding="utf-8")
DEAD = "https://pip.pypa.io/en/stable/gone/"


@cache
def releases() -> Releases:
    return Releases(Wheels(Lock.read(ROOT), wheels.cache_folder()))


def loaded(text: str) -> Loaded:
    """Return a base of two entries, the contribution and its neighbour."""
    documents: dict[str, Document[Entry]] = {}
    found: list[Finding] = []
    neighbour = (FOLDER / f"{NEIGHBOUR}.yml").read_text(encoding="utf-8")
    for name, one in ((NAME, text), (NEIGHBOUR, neighbour)):
        document, more = read(f"{ENTRIES}/{name}.yml", one.encode(), Entry)
        found += more
        if document:
            documents[name] = document
    return Loaded(documents, {}, found)


def findings(tool: str, text: str) -> list[Finding]:
    """Return what a command finds in a contribution."""
    base = loaded(text)
    if tool == "check":
        return sorted({*base.findings, *check(base)})
    assert base.findings == []
    if tool == "lab":
        return in_the_lab(text)
    document = base.entries[NAME]
    if tool == "links":
        found = addresses(base)
        dead = {url: "the server answers 404" if url == DEAD else "" for url in found}
        return gone(found, dead)
    if tool == "options":
        with tempfile.TemporaryDirectory() as folder:
            wheel = Path(folder) / "pip-25.3-py3-none-any.whl"
            wheel.write_bytes(releases().wheels.load(Pin("pip", "25.3")))
            calls = list(uses(document))
            return [*syntax(document), *check_options(calls, "25.3", wheel)]
    outcomes = [verify(claim, releases()) for claim in claims(document)]
    held = [outcome.claim for outcome in outcomes if outcome.state is State.HOLDS]
    return [
        *release_findings(document, pip_releases.known(ROOT)),
        *bounds.findings(held, releases()),
        *(outcome.finding for outcome in outcomes if outcome.finding),
    ]


def in_the_lab(text: str) -> list[Finding]:
    """Run the contribution's recipe in the lab, and return the findings it prints."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / ENTRIES).mkdir(parents=True)
        (root / ENTRIES / f"{NAME}.yml").write_text(text, encoding="utf-8")
        (root / "requirements").symlink_to(ROOT / "requirements")
        command = [sys.executable, ROOT / "scripts" / "lab.py", "--root", root, "--update"]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=120, check=False
        )
    found = []
    rows = done.stdout.splitlines()
    for row in rows:
        if row.startswith(f"{ENTRIES}/{NAME}.yml:"):
            _, line, field, problem = row.split(":", 3)
            found.append(Finding(f"{ENTRIES}/{NAME}.yml", int(line), field.strip(), problem))
        elif row.startswith("    hint: ") and found and not found[-1].hint:
            found[-1] = replace(found[-1], hint=row.partition("hint: ")[2])
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return found


def edited(text: str, edits: list[list[str]]) -> str:
    """Return a text with edits made, each of which must fit."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("tool", ["check", "options", "verify", "links"])
def test_the_right_contribution_passes(tool: str) -> None:
    assert findings(tool, RIGHT) == []


def test_there_are_twenty_and_more() -> None:
    assert len(MISTAKES) >= 20


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_refused_and_its_hint_mends_it(path: Path) -> None:
    mistake: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    wrong = edited(RIGHT, mistake["wrong"])
    found = findings(mistake["tool"], wrong)
    said = [(f"{one.field}: {one.problem.strip()}", one.hint) for one in found]
    assert (mistake["finding"], mistake["hint"]) in said
    assert findings(mistake["tool"], edited(wrong, mistake["mend"])) == []
