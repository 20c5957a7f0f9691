"""Sites that several test files look at, built once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from knowledge import TESTS, hostile

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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of this repository, built as `make site` builds it."""
    folder = tmp_path_factory.mktemp("site")
    done = mkdocs("build", "--strict", "--site-dir", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of three pages, one of them hostile in every field.

    The checks find much in the hostile entry, so it is built as while serving: with warnings.
    """
    folder = tmp_path_factory.mktemp("small")
    file = good_entries(folder)
    document, _ = hostile()
    tree = document.value.model_dump(mode="json", exclude_none=True)
    text = yaml.safe_dump(tree | {"tier": "1"}, allow_unicode=True, default_style='"')
    text = text.replace("\u202e", "")  # the loader refuses it
    (folder / "entries" / "pip" / "HOSTILE_ENTRY.yml").write_text(text, encoding="utf-8")
    script = (
        "import sys; from mkdocs.config import load_config;"
        "from mkdocs.commands.build import build;"
        "config = load_config(sys.argv[1]);"
        "config.plugins.on_startup(command='serve', dirty=False); build(config)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)],
        cwd=ROOT, text=True, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    built = folder / "site"
    assert (built / "pip" / "HOSTILE_ENTRY" / "index.html").is_file(), done.stderr
    return built
