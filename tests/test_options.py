"""Commands on the pages use options that pip has, and shells can read them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from entry_cases import GOOD

from kb.load import Document
from kb.model import Command, Entry, Fix, Step
from kb.options import RELEASES, calls, check, syntax, uses
from kb.wheels import Lock, Pin, Wheels, cache_folder

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python -m pip install demo", [("install", "demo")]),
        ("pip3 list | grep demo", [("list",)]),
        ("py -m pip --version", [("--version",)]),
        (r".venv\Scripts\python -m pip show demo", [("show", "demo")]),
        ('python -m pip install "demo>=1" > log.txt', [("install", "demo>=1")]),
        (
            "python -m venv .venv\n.venv/bin/python -m pip install \\\n  demo",
            [("install", "demo")],
        ),
        ("pipx install demo", []),
        ("apt install python3-pip", []),
        ("uv pip install demo", []),
        ("conda install pip", []),
        ("# pip install demo", []),
    ],
)
def test_calls_are_found(text: str, expected: list[tuple[str, ...]]) -> None:
    assert list(calls(text)) == expected


def page(*texts: str, needs_pip: str | None = None) -> Document[Entry]:
    """Return a good entry with these commands in its only fix."""
    document = next(entry for entry in GOOD.entries.values() if entry.value.fixes)
    commands = tuple(Command(text=text, needs_pip=needs_pip) for text in texts)
    fix = Fix(id="try", title="Try", causes=("one",), steps=(Step(commands=commands),))
    value = document.value.model_copy(
        update={"fixes": (fix,), "verification": None, "triage": None, "nothing_helped": None}
    )
    return Document(value, document.path, document.lines)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wheel") / "pip-25.3-py3-none-any.whl"
    path.write_bytes(Wheels(Lock.read(ROOT), cache_folder()).load(Pin("pip", "25.3")))
    return path


@pytest.mark.network
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("python -m pip install --no-verify demo", "no such option: --no-verify"),
        ("python -m pip instal demo", 'unknown command "instal" - maybe you meant "install"'),
        ("python -m pip install --user=yes demo", "--user option does not take a value"),
        ("python -m pip install --only-final=:all: demo", "no such option: --only-final"),
    ],
)
def test_what_pip_does_not_take_is_found(wheel: Path, text: str, problem: str) -> None:
    found = check(list(uses(page("python -m pip list", text))), "25.3", wheel)
    assert len(found) == 1
    assert found[0].field == "fixes.0.steps.0.commands.1"
    assert problem in found[0].problem


@pytest.mark.network
def test_a_command_for_a_newer_pip_is_not_held_against_an_older_one(wheel: Path) -> None:
    newer = page("python -m pip install --only-final=:all: demo", needs_pip="26.0")
    assert check(list(uses(newer)), "25.3", wheel) == []


@pytest.mark.network
def test_another_python_is_not_started_for_its_option(wheel: Path, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.write_text(f"#!/bin/sh\ntouch '{tmp_path}/started'\n", encoding="utf-8")
    other.chmod(0o755)
    texts = (f"python -m pip --python {other} {rest}" for rest in ("list", "list --no-verify"))
    found = check(list(uses(page(*texts))), "25.3", wheel)
    assert [finding.field for finding in found] == ["fixes.0.steps.0.commands.1"]
    assert not (tmp_path / "started").exists()


def test_what_bash_cannot_read_is_found() -> None:
    found = list(syntax(page('echo "open', "echo closed")))
    assert [finding.field for finding in found] == ["fixes.0.steps.0.commands.0"]
    assert "bash cannot read it" in found[0].problem


@pytest.mark.network
def test_the_command_says_what_it_parsed() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_options.py"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"parsed by pip {' and '.join(RELEASES)}: no findings" in done.stdout
