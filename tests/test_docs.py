"""What the documents and workflows tell to run: each command is there, and a test runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from test_commands import ELSEWHERE, RUNS, SERVES

from kb.load import read
from kb.model import Entry

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
DOCS = sorted(ROOT.glob("*.md"))
KNOWN = {*RUNS, *SERVES, *ELSEWHERE}
PROGRAMS = ("make", "python", "python3", ".venv/bin/python", "sudo", "pre-commit", "git", "pip")
SCRIPTS = {
    "accuracy": "test_cases.py",
    "bench_match": "",
    "bench_page": "",
    "bench_site": "",
    "check": "test_check.py",
    "check_options": "test_options.py",
    "explain": "test_explain.py",
    "lab": "test_contributor.py",
    "ledger": "test_ledger.py",
    "links": "test_deadlinks.py",
    "new": "test_new.py",
    "schema": "test_check.py",
    "summary": "test_summary.py",
    "verify_quotes": "test_verify_quotes.py",
}
"""The test that runs a script; none where it only measures for minutes, and is asked for help."""
TOOLS = {
    "ruff": "lint", "mypy": "lint", "codespell": "lint", "check-jsonschema": "lint",
    "proselint": "lint", "zizmor": "lint", "pytest": "test", "uv": "lock", "mkdocs": "site",
}  # fmt: skip
"""The tools that make targets run. `make test` runs lint and itself; conftest.py builds a site."""


def commands(text: str) -> list[str]:
    """Return the commands that a document prints: indented, fenced, or as inline code."""
    fenced = re.findall(r"^```(?:sh|console)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE)
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    lines = [*inline, *indented, *(line for one in fenced for line in one.splitlines())]
    found = (line.strip().removeprefix("$ ") for line in lines)
    return list(dict.fromkeys(one for one in found if one.split(" ")[0] in PROGRAMS and " " in one))


@cache
def targets() -> dict[str, str]:
    """Return the targets of the Makefile with their prerequisites."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z][a-z-]*):(.*?)(?:#.*)?$", text, re.MULTILINE))


def dry(command: str) -> str:
    """Return what a make command would run."""
    words = command.replace('"', "").split(" ")[1:]
    made = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--always-make", *words],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return made.stdout


def unproven(text: str) -> list[str]:
    """Return the programs in some lines of a shell that no test is known to run."""
    scripts = re.findall(r"scripts/(\w+)\.py", text)
    tools = re.findall(r"\.venv/bin/(?:python -m )?([a-z][a-z-]+)", text)
    known = {"python", "pip"}
    return [
        *(name for name in scripts if name not in SCRIPTS),
        *(name for name in tools if name not in TOOLS and name not in known),
    ]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_each_command_in_a_document_is_run_by_a_test(path: Path) -> None:
    found = commands(path.read_text(encoding="utf-8"))
    assert [one for one in found if one.rstrip(" …") not in KNOWN] == []


def test_a_command_that_is_not_there_is_caught() -> None:
    text = "Run `make nonsense`.\n\n    python scripts/nonsense.py --x\n\n`git frobnicate it`\n"
    assert [one for one in commands(text) if one in KNOWN] == []
    assert len(commands(text)) == 3


def test_the_documents_print_commands() -> None:
    found = commands((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert {"make check", "make fix", "make new log=pip-log.txt line=12"} <= set(found)


@pytest.mark.parametrize(("script", "test"), sorted(SCRIPTS.items()))
def test_the_test_of_a_script_runs_it(script: str, test: str) -> None:
    assert (ROOT / "scripts" / f"{script}.py").is_file()
    if test:
        text = (TESTS / test).read_text(encoding="utf-8")
        assert re.search(rf"\b{script}\.py|[\"']{script}[\"']|import {script}\b", text)
    else:
        command = [sys.executable, ROOT / "scripts" / f"{script}.py", "--help"]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["lint", "check", "verify", "options", "ledger"])
def test_the_whole_test_run_includes(name: str) -> None:
    assert name in targets()["test"].split()


def test_the_list_of_commands() -> None:
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    assert "make check" in done.stdout


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")))
def test_each_step_of_a_workflow_is_a_make_target(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    steps = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    for step in steps:
        found = re.fullmatch(r"make ([a-z-]+)( [a-z]+=\"\$[A-Z]+\")*", step)
        assert found, f"{path.name}: {step}"
        assert found[1] in targets(), f"{path.name}: {step}"
        assert unproven(dry(f"make {found[1]}")) == []


def test_hooks_of_commits_are_make_targets() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert [one for one in entries if one.removeprefix("make ") not in targets()] == []


def test_the_annotated_entry_is_the_right_contribution() -> None:
    text = (ROOT / "STYLE.md").read_text(encoding="utf-8")
    block = re.search(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block
    path = "entries/pip/FOLDER_NOT_INSTALLABLE.yml"
    shown, findings = read(path, block[1].encode(), Entry)
    right, _ = read(path, (TESTS / "contributions" / Path(path).name).read_bytes(), Entry)
    assert findings == []
    assert shown
    assert right
    assert shown.value == right.value


def test_links_between_documents_lead_somewhere() -> None:
    for path in DOCS:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
