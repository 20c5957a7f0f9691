"""Small repositories with recipes, for the lab: each entry is told by a word of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from knowledge import TESTS

ROOT = TESTS.parent
HEAD = """\
id: {id}
status: stub
kind: error
phase: install
tier: 3
messages:
  - since: '25.3'
    parts:
      - text: The barometer {word} cannot be read by this thermometer today
        source: raised
summary: Read another one.
causes:
  - {{id: cold, title: It is cold, text: Very.}}
fixes:
  - id: warm
    title: Warm it
    causes: [cold]
    steps:
      - commands:
          - text: touch warm
dead_ends:
  - id: shout
    title: Shout at it
    text: It does not hear.
    commands:
      - text: echo read
    evidence: [raised]
verification:
  - commands:
      - text: test -e warm
sources:
  - {{id: raised, release: '25.3', path: src/pip/_internal/exceptions.py, symbol: PipError}}
lab:
  recipes:
    - id: one
      pips: ['26.3']
      setup: [no-pip]
"""
FAILS = (
    "test -e warm || "
    "{{ echo 'ERROR: The barometer {word} cannot be read by this thermometer today'; exit 1; }}"
)


def entry(word: str, recipe: str = "", run: str = FAILS) -> tuple[str, str]:
    """Return id and text of an entry with a recipe that needs no pip.

    Args:
        word: tells the entry from the others.
        recipe: further fields of the recipe.
        run: the command; without it the error comes until there is a file `warm`.
    """
    entry_id = f"BAROMETER_{word.upper()}"
    fields = f"run: {json.dumps(run.format(word=word))}\n{recipe}"
    return entry_id, HEAD.format(id=entry_id, word=word) + textwrap.indent(fields, "      ")


def repository(folder: Path, *entries: tuple[str, str]) -> Path:
    """Write entries into a folder with the lock of releases; return the folder."""
    (folder / "entries" / "pip").mkdir(parents=True)
    (folder / "requirements").mkdir()
    shutil.copy(ROOT / "requirements" / "releases.lock", folder / "requirements")
    for entry_id, text in entries:
        (folder / "entries" / "pip" / f"{entry_id}.yml").write_text(text, encoding="utf-8")
    return folder


def open_to_everyone(folder: Path) -> None:
    """Let the user whom the lab drops to reach a folder that pytest made for its own user alone."""
    outermost = Path(tempfile.gettempdir())
    for made in (folder, *folder.parents):
        if made == outermost:
            break
        made.chmod(0o755)


def command(root: Path, *arguments: str) -> list[str]:
    """Return the command that runs the lab of a repository."""
    return [sys.executable, str(ROOT / "scripts" / "lab.py"), "--root", str(root), *arguments]


def lab(
    root: Path, *arguments: str, temporary: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the lab of a repository to its end.

    Args:
        root: the repository.
        arguments: of the command.
        temporary: where its folders go.
    """
    env = os.environ | ({"TMPDIR": str(temporary)} if temporary else {})
    return subprocess.run(
        command(root, *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=env,
    )
