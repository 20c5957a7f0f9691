"""Sites that several test files look at, built once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from knowledge import hostile
from sites import ROOT, good_entries, mkdocs

if TYPE_CHECKING:
    from pathlib import Path


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
