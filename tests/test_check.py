"""The commands check and schema: what they print, and their exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from entry_cases import repository, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with the good entries and fresh schemas."""
    return repository(tmp_path)


def test_nothing_wrong(root: Path) -> None:
    done = run("check", "--root", root)
    assert done.stdout == "2 entries (1 finished, 1 stubs), 1 procedures: no findings\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_all_findings_at_once_sorted(root: Path) -> None:
    folder = root / "entries" / "pip"
    (folder / "BROKEN.yml").write_text("id: BROKEN\nsummary: a: b\n", encoding="utf-8")
    whole = (folder / "WHOLE_PAGE.yml").read_text(encoding="utf-8")
    changed = whole.replace("[OTHER_ERROR]\n", "[OTHER_EROR]\n", 1)
    (folder / "WHOLE_PAGE.yml").write_text(changed, encoding="utf-8")
    (root / "entries" / "entry.schema.json").write_text("{}", encoding="utf-8")
    done = run("check", "--root", root)
    assert done.stdout.splitlines() == [
        "entries/entry.schema.json:1: the schema does not fit the model",
        "    hint: run `make schema`",
        "entries/pip/BROKEN.yml:2: a colon and a blank inside an unquoted text",
        "    hint: put the text in single quotes, or indent the key like its neighbours",
        "entries/pip/WHOLE_PAGE.yml:8: consequence_of.0: there is no entry `OTHER_EROR`",
        "    hint: did you mean `OTHER_ERROR`?",
        "2 entries (1 finished, 1 stubs), 1 procedures, 1 broken file left out: 3 findings",
    ]
    assert (done.returncode, done.stderr) == (1, "")


def test_no_such_folder(tmp_path: Path) -> None:
    done = run("check", "--root", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "there is no folder" in done.stderr


def test_schema_check(root: Path) -> None:
    assert run("schema", "--check", "--root", root).returncode == 0
    (root / "entries" / "entry.schema.json").unlink()
    done = run("schema", "--check", "--root", root)
    assert done.returncode == 1
    assert "run `make schema`" in done.stdout
