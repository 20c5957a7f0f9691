"""The command new: a scaffold that loads, whose to-dos are findings, and ids it refuses."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from entry_cases import GOOD, ROOT, repository, run

from kb.load import read
from kb.model import Entry, Status
from kb.scaffold import Draft, missing, scaffold

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


def test_without_arguments_it_asks(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "new.py", "--offline", "--root", root],
        input="ERROR: the frobnicator gave up on https://bob:pw@acme.internal/x\n.\nbad id\n\n",
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Its id, forever [FROBNICATOR_GAVE_UP]: an id is capital letters" in done.stdout
    assert "wrote entries/pip/FROBNICATOR_GAVE_UP.yml" in done.stdout
    assert "was not looked at" in done.stdout
    case = root / "tests" / "cases" / "FROBNICATOR_GAVE_UP" / "001.txt"
    assert case.read_text(encoding="utf-8") == (
        "ERROR: the frobnicator gave up on https://REDACTED@host.example/x\n"
    )
    rows = (root / "tests" / "cases" / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("FROBNICATOR_GAVE_UP/001.txt\tFROBNICATOR_GAVE_UP\t")


def test_a_log_that_is_not_there(root: Path) -> None:
    done = run("new", "--log", root / "nowhere.txt", "--root", root)
    assert done.returncode == 2
    assert "nowhere.txt cannot be read" in done.stderr


def test_a_log_without_an_error(root: Path) -> None:
    log = root / "log.txt"
    log.write_text("a nice day\n", encoding="utf-8")
    done = run("new", "--offline", "--log", log, "--root", root)
    assert done.returncode == 2
    assert "line=NUMBER" in done.stderr


def test_what_a_stub_lacks_is_offered_and_what_it_has_is_not() -> None:
    text = missing(GOOD.entries["OTHER_ERROR"].value)
    assert "causes:\n  - id: first-cause\n" in text
    assert "summary:" not in text
    assert "TODO" not in text
