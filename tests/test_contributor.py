"""A contributor's way, with the commands of CONTRIBUTING: from a log to a page that is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sites import ROOT, good_entries, mkdocs

from kb import cases
from kb.load import load
from kb.match import match
from kb.patterns import compile_patterns

if TYPE_CHECKING:
    from pathlib import Path

TAKEN = "UNKNOWN_COMMAND"
LOG = """\
jdoe@laptop:~/shop$ pip instal requests
ERROR: unknown command "instal" - maybe you meant "install"
"""
ANSWERS = {
    "'TODO: what to do'": "pip has no command of this name; check the spelling.",
    "'TODO: when this code runs'": "When the first word is not a command of pip.",
    "'TODO: what this example shows'": "A misspelt command.",
    "'TODO: the command that provokes it'": "python -m pip instal demo",
}


def run(script: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the project on a copy."""
    command = [sys.executable, ROOT / "scripts" / f"{script}.py", "--root", root, *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=200, check=False)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the base with one entry taken out."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "entries", folder / "entries")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    (folder / "entries" / "pip" / f"{TAKEN}.yml").unlink()
    shutil.rmtree(folder / "entries" / "transcripts" / TAKEN, ignore_errors=True)
    for path in (folder / "entries" / "pip").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"  - {TAKEN}\n", ""), encoding="utf-8")
    return folder


def test_from_a_log_to_a_page_that_is_found(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text(LOG, encoding="utf-8")
    assert f"{TAKEN}" not in [one["id"] for one in match(compile_patterns(load(root)), LOG)]

    done = run("new", root, f"--log={log}", "--", TAKEN)
    assert done.returncode == 0, done.stderr
    path = root / "entries" / "pip" / f"{TAKEN}.yml"
    text = path.read_text(encoding="utf-8")
    tasks = [line for line in done.stdout.splitlines() if line.startswith("  line ")]
    assert len(tasks) == text.count("TODO") - text.count("each TODO") > 0
    assert run("check", root).returncode == 1, "a scaffold must not pass as finished"
    case = (root / "tests" / "cases" / TAKEN / "001.txt").read_text(encoding="utf-8")
    assert "jdoe" not in case

    for task, answer in ANSWERS.items():
        text = text.replace(task, answer)
    path.write_text(text, encoding="utf-8")
    index = root / "tests" / "cases" / "INDEX.tsv"
    rows = index.read_text(encoding="utf-8")
    index.write_text(rows.replace(cases.TODO, "a misspelt command"), encoding="utf-8")
    done = run("check", root)
    assert done.returncode == 0, done.stdout
    done = run("verify_quotes", root, "--entry", TAKEN)
    assert done.returncode == 0, done.stdout
    done = run("lab", root, "--id", TAKEN, "--update")
    assert done.returncode == 0, done.stdout
    assert run("lab", root, "--id", TAKEN).returncode == 0

    found = match(compile_patterns(load(root)), case)
    assert [one["id"] for one in found] == [TAKEN]
    settings = good_entries(tmp_path / "site")
    shutil.copy(path, tmp_path / "site" / "entries" / "pip")
    built = mkdocs("build", "--strict", "--config-file", str(settings))
    assert built.returncode == 0, built.stderr
    page = tmp_path / "site" / "site" / "pip" / TAKEN / "index.html"
    assert "pip has no command of this name" in page.read_text(encoding="utf-8")


def test_the_search_knows_it_now_and_says_so(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("ERROR: No matching distribution found for demo\n", encoding="utf-8")
    before = sorted((root / "entries" / "pip").iterdir())
    done = run("new", root, f"--log={log}")
    assert done.returncode == 1
    assert "its page: entries/pip/NO_MATCHING_DISTRIBUTION.yml" in done.stdout
    stub = ROOT / "tests" / "contributions" / "NEIGHBOUR_ERROR.yml"
    shutil.copy(stub, root / "entries" / "pip")
    log.write_text("$ pip install demo\nERROR: The frobnicator gave up on demo\n", encoding="utf-8")
    done = run("new", root, f"--log={log}")
    assert done.returncode == 1
    assert "finish that one, open entries/pip/NEIGHBOUR_ERROR.yml" in done.stdout
    (root / "entries" / "pip" / stub.name).unlink()
    assert sorted((root / "entries" / "pip").iterdir()) == before
