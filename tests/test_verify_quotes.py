"""The command: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import made_wheels
import pytest

import verify_quotes
from kb import releases as pip_releases
from kb import wheels

QUOTE = """\
      def __str__(self) -> str:
          return "This pip is too old for it"
"""
ENTRY = f"""\
id: MADE
status: stub
kind: error
phase: verify
tier: 1
summary: It is made up.
messages:
  - since: '24.0'
    parts:
      - text: This pip is too old for it
        source: made
sources:
  - id: made
    release: '25.3'
    path: src/pip/_internal/exceptions.py
    symbol: Outdated.__str__
    lines: 24-25
    quote: |-
{QUOTE}"""
FIXED = "lines: 24-25"


class Tree:
    """A small repository, and a folder of wheels that is all pip knows of."""

    def __init__(self, root: Path, index: Path) -> None:
        self.root = root
        self.index = index
        self.entry = root / "entries" / "pip" / "MADE.yml"
        self.lock = root / wheels.FILE
        self.entry.parent.mkdir(parents=True)
        self.lock.parent.mkdir()
        self.write(ENTRY)
        (root / pip_releases.FILE).write_text("24.0\n25.3\n26.3\n", encoding="utf-8")
        digests = {
            release: made_wheels.offer(index, release, made_wheels.FILES)
            for release in ("24.0", "25.3", "26.3")
        }
        lock = wheels.Lock().put(wheels.Pin("pip", "25.3"), digests["25.3"])
        self.lock.write_text(lock.dump(), encoding="utf-8")

    def write(self, text: str) -> None:
        """Write the entry."""
        self.entry.write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> int:
        """Run the command in this tree."""
        return verify_quotes.main(["--root", str(self.root), *arguments])


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A tree whose one entry holds, and whose lock has what it names."""
    index = tmp_path / "index"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv(wheels.CACHE_VARIABLE, str(tmp_path / "cache"))
    return Tree(tmp_path / "tree", index)


def test_everything_holds(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert tree.run() == 0
    said = capsys.readouterr()
    assert said.err == "fetching pip==25.3 with pip …\n"
    assert said.out == (
        "1 quote and 1 message hold in 1 release, and 0 further sites\n"
        "pip 25.3 alone: 1 quote and 1 message hold, and 0 further sites\n"
        "at pip 25.3: quotes 1 same, 0 moved, 0 reworded, 0 gone;"
        " messages 1 same, 0 moved, 0 reworded, 0 gone (details: --release 25.3)\n"
    )
    assert tree.run() == 0
    assert capsys.readouterr().err == ""


def test_a_changed_character_fails_with_a_diff(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    tree.write(ENTRY.replace('return "This pip', 'return "this pip'))
    assert tree.run() == 1
    said = capsys.readouterr().out
    assert (
        "entries/pip/MADE.yml:18: sources.0.quote: the quote does not stand in Outdated.__str__"
        " of src/pip/_internal/exceptions.py in pip==25.3\n    hint: copy the lines marked +"
    ) in said
    assert '    -    return "this pip is too old for it"\n' in said
    assert '    +    return "This pip is too old for it"\n' in said
    assert "wrong: 1; not checked: 0" in said


def test_what_is_wrong_counts_more_than_what_is_not_checked(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    unlocked = ENTRY.replace("release: '25.3'", "release: '24.0'")
    tree.write(unlocked)
    assert tree.run() == 2
    assert (
        "2 claims not checked: requirements/releases.lock has no line for pip==24.0\n"
        "    hint: run python scripts/verify_quotes.py --update-lock pip==24.0\n"
    ) in capsys.readouterr().out
    tree.write(unlocked.replace("since: '24.0'", "since: '24.9'"))
    assert tree.run() == 1
    assert "messages.0.since: pip has no release 24.9" in capsys.readouterr().out


def test_without_a_network_it_says_what_to_do(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert tree.run() == 2
    said = capsys.readouterr().out
    assert "2 claims not checked: pip could not fetch pip==25.3; it said: " in said
    assert "check the network and pip's own settings" in said


def test_a_hash_that_differs_is_not_checked(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    made_wheels.offer(tree.index, "25.3", {"pip/other.py": ""})
    assert tree.run() == 2
    assert "the hash of the wheel of pip==25.3 on the index is not the one in requirements/" in (
        capsys.readouterr().out
    )


def test_a_locked_archive_that_is_not_one(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert tree.run() == 0
    page = b"<html>Please sign in</html>"
    digest = hashlib.sha256(page).hexdigest()
    (tree.root.parent / "cache" / f"{digest}.whl").write_bytes(page)
    tree.lock.write_text(f"pip==25.3 --hash=sha256:{digest}\n", encoding="utf-8")
    assert tree.run() == 2
    assert "the wheel of pip==25.3 is not a readable archive" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("--entry", "OTHER"), "no entry OTHER"),
        (("--cache", "{file}"), "the cache folder cannot be used"),
        (("--source", "{root}"), "has no tag 25.3 of pip"),
    ],
)
def test_what_stands_in_the_way_is_said(
    change: tuple[str, str], problem: str, tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    option, value = change
    assert tree.run(option, value.format(file=tree.entry, root=tree.root)) == 2
    said = capsys.readouterr()
    assert problem in said.out + said.err
    assert "hint: " in said.out + said.err


def test_an_unreadable_lock_and_list(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.lock.write_text("pip\n", encoding="utf-8")
    assert tree.run() == 2
    assert "requirements/releases.lock:1: not a line" in capsys.readouterr().err
    tree.lock.unlink()
    assert tree.run() == 2
    assert "run python scripts/verify_quotes.py --update-lock" in capsys.readouterr().err
    assert tree.run("--update-lock") == 0
    (tree.root / pip_releases.FILE).write_text("newest\n", encoding="utf-8")
    assert tree.run() == 2
    assert "run it with --update-releases" in capsys.readouterr().err


def test_a_broken_entry_is_wrong_and_the_others_are_checked(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree.entry.parent / "BROKEN.yml").write_text("id: [", encoding="utf-8")
    assert tree.run() == 1
    said = capsys.readouterr().out
    assert "entries/pip/BROKEN.yml:" in said
    assert "1 quote and 1 message hold" in said
    assert tree.run("--entry", "MADE") == 0


@pytest.mark.parametrize("before", ["    lines: 3\n", ""])
def test_fix_writes_the_lines_and_nothing_else(
    before: str, tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    tree.write(ENTRY.replace(f"    {FIXED}\n", before))
    assert tree.run() == 1
    assert "hint: write lines: 24-25 (or run python scripts/verify_quotes.py --fix)" in (
        capsys.readouterr().out
    )
    assert tree.run("--fix") == 0
    assert "wrote lines for 1 quote" in capsys.readouterr().err
    assert tree.entry.read_text(encoding="utf-8") == ENTRY
    assert tree.run("--fix") == 0
    assert tree.entry.read_text(encoding="utf-8") == ENTRY


def test_fix_does_not_touch_a_wrong_quote(tree: Tree) -> None:
    wrong = ENTRY.replace("too old", "too new").replace(FIXED, "lines: 3")
    tree.write(wrong)
    assert tree.run("--fix") == 1
    assert tree.entry.read_text(encoding="utf-8") == wrong


def test_another_release_is_reported_without_failing(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = {"pip/_internal/exceptions/old.py": made_wheels.EXCEPTIONS}
    made_wheels.offer(tree.index, "26.3", moved)
    assert tree.run("--update-lock", "pip==26.3") == 0
    assert tree.run("--release", "26.3") == 0
    said = capsys.readouterr().out
    assert (
        "entries/pip/MADE.yml:18: sources.0.quote: moved in pip 26.3\n"
        "    Outdated.__str__ of src/pip/_internal/exceptions/old.py\n"
    ) in said
    assert "at pip 26.3: quotes 0 same, 1 moved, 0 reworded, 0 gone; messages 0 same, 1 moved" in (
        said
    )
    assert tree.run("--release", "26.2") == 2
    assert "pip 26.2 could not be looked at" in capsys.readouterr().out


def test_json_for_machines(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.write(ENTRY.replace("too old for it\n        source", "too new for it\n        source"))
    capsys.readouterr()
    assert tree.run("--json", "--release", "25.3") == 1
    made = json.loads(capsys.readouterr().out)
    assert made["counts"] == {"message:wrong": 1, "quote:holds": 1}
    quote, message = made["outcomes"]
    assert (quote["entry"], quote["lines"], quote["finding"]) == ("MADE", "24-25", None)
    assert message["finding"]["line"] == 10
    assert message["diff"].endswith("-This pip is too new for it\n+This pip is too old for it")
    assert made["release"]["counts"] == {"quote:same": 1, "message:reworded": 1}


def test_the_lock_says_what_changed(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert tree.run("--update-lock") == 0
    assert capsys.readouterr().out == ""
    assert tree.run("--update-lock", "pip==24.0", "pip==25.3") == 0
    added, unchanged = capsys.readouterr().out.splitlines()
    assert added.startswith("added pip==24.0 sha256:")
    assert unchanged == "unchanged pip==25.3"
    made_wheels.offer(tree.index, "24.0", {"pip/new.py": ""})
    before = tree.lock.read_text(encoding="utf-8")
    assert tree.run("--update-lock", "pip==24.0") == 0
    assert capsys.readouterr().out.startswith("changed pip==24.0 sha256:")
    assert len(before) == len(tree.lock.read_text(encoding="utf-8"))
    assert tree.run("--update-lock", "pip==9.9") == 2
    assert "name a release that has a wheel" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["pip", "pip>=1", "--pre==1", "pip==1 --hash"])
def test_only_a_release_can_be_locked(text: str, tree: Tree) -> None:
    with pytest.raises(SystemExit) as caught:
        tree.run(f"--update-lock={text}")
    assert caught.value.code == 2


def test_the_list_of_releases_is_renewed(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    made_wheels.offer(tree.index, "26.4", {})
    (tree.index / "pip-24.0-py3-none-any.whl").unlink()
    capsys.readouterr()
    assert tree.run("--update-releases") == 0
    assert capsys.readouterr().out == "4 releases of pip, new: 26.4\n"
    assert pip_releases.known(tree.root) == ["24.0", "25.3", "26.3", "26.4"]


def test_the_committed_files_are_as_the_commands_write_them() -> None:
    root = Path(verify_quotes.__file__).parent.parent
    text = (root / wheels.FILE).read_text(encoding="utf-8")
    assert wheels.Lock.parse(text).dump() == text
    listed = (root / pip_releases.FILE).read_text(encoding="utf-8")
    assert pip_releases.dump(pip_releases.parse(listed)) == listed
