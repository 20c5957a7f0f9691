"""The command new: a scaffold that loads, whose to-dos are findings, and ids it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from entry_cases import repository, run

from kb.load import read
from kb.model import Entry, Status
from kb.scaffold import Draft, scaffold

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with the good entries and fresh schemas."""
    return repository(tmp_path)


def test_a_new_entry_loads_and_says_what_is_to_be_done(root: Path) -> None:
    done = run("new", "NEW_ERROR", "--root", root)
    assert (done.returncode, done.stderr) == (0, "")
    first, second, *tasks, last = done.stdout.splitlines()
    assert first == "wrote entries/pip/NEW_ERROR.yml"
    assert second == "what is to be done in entries/pip/NEW_ERROR.yml:"
    assert [task.split(":", 1)[1].strip() for task in tasks] == [
        "messages.0.parts.0.text: write the message",
        "summary: write what to do",
        "sources.0.path: write path",
        "sources.0.symbol: write symbol",
        "sources.0.caption: write when this code runs",
        "sources.0.quote: write the lines",
    ]
    assert last.startswith("then run `make check`")
    checked = run("check", "--root", root).stdout
    assert checked.endswith("3 entries (1 finished, 2 stubs), 1 procedures: 6 findings\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("OTHER_ERROR", "entries/pip/OTHER_ERROR.yml is there already: edit that file"),
        (
            "OLD_NAME",
            "OLD_NAME is a former id of OTHER_ERROR: edit entries/pip/OTHER_ERROR.yml",
        ),
        (
            "hash-mismatch",
            (
                "an id is capital letters, digits and single underscores, 60 at most:"
                " did you mean HASH_MISMATCH?"
            ),
        ),
        (
            "../X",
            "an id is capital letters, digits and single underscores, 60 at most: did you mean X?",
        ),
        ("1", "an id is capital letters, digits and single underscores, 60 at most"),
    ],
)
def test_ids_that_are_refused(root: Path, name: str, reason: str) -> None:
    before = sorted(root.rglob("*.yml"))
    done = run("new", name, "--root", root)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{reason}\n")
    assert sorted(root.rglob("*.yml")) == before


def test_what_is_commented_out_is_well_formed() -> None:
    head, _, rest = scaffold(Draft("NEW_ERROR")).partition("# commands:")
    fields = f"# commands:{rest}".replace("\n# ", "\n").removeprefix("# ")
    text = (head + fields).replace("status: stub", "status: finished")
    document, findings = read("entries/pip/NEW_ERROR.yml", text.encode(), Entry)
    assert findings == []
    assert document
    assert document.value.status is Status.FINISHED
    assert document.value.fixes
