"""Builds sites for the tests, as `make site` does."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import yaml
from knowledge import TESTS

if TYPE_CHECKING:
    from pathlib import Path

ROOT = TESTS.parent


def settings(folder: Path) -> Path:
    """Return a mkdocs.yml in a folder that builds the folder's own entries."""
    file = folder / "mkdocs.yml"
    document = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(folder / "entries"),
        "site_dir": str(folder / "site"),
        "hooks": [str(ROOT / "scripts" / "mkdocs_hooks.py")],
        "watch": [str(ROOT / "templates")],
        "theme": {"custom_dir": str(ROOT / "site-overrides")},
    }
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return file


def good_entries(folder: Path) -> Path:
    """Copy the good entries and the good procedure into a folder; return its settings."""
    for name, pattern in (("pip", "[A-Z]*.yml"), ("procedures", "[a-z]*.yml")):
        (folder / "entries" / name).mkdir(parents=True)
        for file in (TESTS / "good_entries").glob(pattern):
            shutil.copy(file, folder / "entries" / name)
    for schema in (ROOT / "entries").glob("*.schema.json"):
        shutil.copy(schema, folder / "entries")
    return settings(folder)


def mkdocs(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs to its end."""
    command = [sys.executable, "-m", "mkdocs", *arguments]
    return subprocess.run(
        command, cwd=ROOT, text=True, capture_output=True, check=False, timeout=300
    )
