"""What a change does to the entries: which differ, and a page that nobody can write into."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from entry_cases import ROOT, repository

from kb import changed
from kb.load import ENTRIES

if TYPE_CHECKING:
    from pathlib import Path

GIT = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", root, *GIT, *arguments], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with the good entries committed."""
    folder = repository(tmp_path)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder


def run(script: str, root: Path, base: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--root", root, "--base", base],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
        env={**os.environ, "GITHUB_STEP_SUMMARY": "", **environ},
    )  # fmt: skip


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / ENTRIES / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nothing_changed(root: Path) -> None:
    done = run("summary.py", root, "main")
    assert (done.returncode, done.stdout) == (0, "No entry changes.\n")
    done = run("lab.py", root, "main")
    assert (done.returncode, done.stdout) == (0, "no entry changed since main\n")


def test_changed_new_and_removed_entries_are_found(root: Path) -> None:
    edit(root, "OTHER_ERROR", "status: stub", "status: finished")
    (root / ENTRIES / "WHOLE_PAGE.yml").unlink()
    (root / ENTRIES / "NEW_ERROR.yml").write_text("id: NEW_ERROR\n", encoding="utf-8")
    assert changed.ids(root, "main", ENTRIES) == ["NEW_ERROR", "OTHER_ERROR", "WHOLE_PAGE"]
    text = run("summary.py", root, "main").stdout
    assert "3 entries changed." in text
    assert re.search(r"\| `NEW_ERROR` \| none \| cannot be read \|", text)
    assert re.search(r"\| `OTHER_ERROR` \| stub: .* \| finished: .* \|", text)
    assert re.search(r"\| `WHOLE_PAGE` \| finished: .* \| none \|", text)


def test_what_is_changed_on_the_other_branch_does_not_count(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "mine")
    git(root, "checkout", "-q", "main")
    edit(root, "OTHER_ERROR", "status: stub", "status: finished")
    git(root, "commit", "-q", "-a", "-m", "Go on")
    git(root, "checkout", "-q", "mine")
    assert changed.ids(root, "main", ENTRIES) == []


def test_before_and_after_stand_side_by_side(root: Path) -> None:
    edit(root, "OTHER_ERROR", "summary: ", "summary: New words. ")
    text = run("summary.py", root, "main").stdout
    assert re.search(r"^-.*OTHER_ERROR - ", text, re.MULTILINE)
    assert re.search(r"^\+.*OTHER_ERROR - New words", text, re.MULTILINE)


def test_an_entry_cannot_write_into_the_page(root: Path) -> None:
    hostile = "</details><script>alert(1)</script> ````` ![x](https://example.org/x) @someone"
    edit(root, "OTHER_ERROR", "summary: ", f"summary: '{hostile}' # ")
    text = run("summary.py", root, "main").stdout
    fences = re.findall(r"^(`{3,})(?:diff)?$", text, re.MULTILINE)
    assert fences == ["`" * 6] * 2
    before, inside, after = re.split(r"^`{6}(?:diff)?$", text, flags=re.MULTILINE)
    assert "<script>" in inside
    assert "<script>" not in before + after
    assert "example.org" not in before + after


def test_the_job_page_of_a_workflow_is_written(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n", encoding="utf-8")
    done = run("summary.py", root, "main", GITHUB_STEP_SUMMARY=str(page))
    assert (done.returncode, done.stdout) == (0, "")
    assert page.read_text(encoding="utf-8") == "before\nNo entry changes.\n"


@pytest.mark.parametrize("base", ["nowhere", "--output=x"])
@pytest.mark.parametrize("script", ["summary.py", "lab.py"])
def test_a_revision_that_is_not_there(root: Path, base: str, script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--root", root, f"--base={base}"],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"there is no revision '{base}' here" in done.stderr
