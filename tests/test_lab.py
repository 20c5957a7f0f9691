"""The lab, run as a command: what it proves, what it catches, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lab_entries import command, entry, lab, open_to_everyone, repository

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.network

ME = os.getpid()
"""Tells the processes of these tests from those of another run at the same time."""

SAYS = "echo 'ERROR: The barometer {} cannot be read by this thermometer today'; exit 1"
RUNS = {
    "outside": (
        "python -c \"import socket; socket.create_connection(('192.0.2.1', 80), 2)\"",
        r"run: `python -c .*` turns to 192\.0\.2\.1, outside this machine",
    ),
    "elsewhere": (
        "python -c \"import urllib.request as u; u.urlopen('http://index.invalid/')\"",
        r"turns to index\.invalid, outside this machine(.|\n)*hint: .*no-network",
    ),
    "slow": (
        f"echo thinking; setsid sleep 317.{ME} & sleep 317.{ME}",
        r"run: `echo thinking.*` did not end in 2 s .*the output ends with:\nthinking",
    ),
    "quiet": (
        "echo all is well; exit 1",
        r"run: the search finds nothing in the output, and not BAROMETER_QUIET first",
    ),
    "mistaken": (
        SAYS.format("quiet"),
        r"run: the search finds BAROMETER_QUIET in the output, and not BAROMETER_MISTAKEN first",
    ),
    "status": (
        SAYS.format("status") + "7",
        r"exit: the command ends with status 17, not 1 (.|\n)*hint: write exit: 17",
    ),
    "unready": (
        "echo all is well",
        r"exit: .* status 0, not 1, and its output does not show this error(.|\n)*hint: .* before:",
    ),
}
"""Commands that do not do what a recipe announces, and what is said of each."""

RECIPES = {
    "unprepared": (
        "before: [echo preparing, 'false']",
        r"before\.1: `false` ends with status 1",
    ),
    "useless": (
        "fixes: {warm: {run: [touch cold]}}",
        r"fixes\.warm: after the fix, `.*` shows the error again(.|\n)*ends with:\nERROR",
    ),
    "hidden": (
        (
            "files: {said: 'ERROR: The barometer hidden cannot be read by this thermometer today'}"
            "\nfixes: {warm: {run: [cat said], then: 'true', verify: ['true']}}"
        ),
        r"fixes\.warm: after the fix, `cat said` shows the error again(.|\n)*hint: .*`then:`",
    ),
    "breaking": (
        "fixes: {warm: {run: [touch warm && false]}}",
        r"fixes\.warm: `touch warm && false` ends with status 1",
    ),
    "unverified": (
        "fixes: {warm: {verify: [test -e hot]}}",
        r"fixes\.warm: after the fix, the verification `test -e hot` ends with status 1",
    ),
    "helpful": (
        "dead_ends: {shout: {run: [touch warm]}}",
        r"dead_ends\.shout: the error does not come again",
    ),
    "misled": (
        "dead_ends: {shout: {shows: BAROMETER_QUIET}}",
        r"dead_ends\.shout: BAROMETER_QUIET does not come",
    ),
    "missing": (
        "fixes: {warm: {only: [2]}}",
        r"fixes\.warm\.only: the page shows 1 commands for Linux",
    ),
}
"""Recipes whose error comes, but whose rest does not hold, and what is said of each."""

CAUGHT = {word: pattern for word, (_, pattern) in {**RUNS, **RECIPES}.items()}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, list[str]]:
    """Run the lab over recipes of which one is right; return status, output and left-overs."""
    folder = tmp_path_factory.mktemp("lab")
    temporary = folder / "tmp"
    temporary.mkdir()
    open_to_everyone(temporary)
    entries = [entry(word, "seconds: 2", run) for word, (run, _) in RUNS.items()]
    entries += [entry(word, recipe) for word, (recipe, _) in RECIPES.items()]
    entries.append(entry("right", "fixes: {warm: {}}\ndead_ends: {shout: {}}"))
    flying, text = entry("flying")
    entries.append((flying, text.replace("no-pip", "flying-carpet")))
    root = repository(folder / "root", *entries)
    done = lab(root, "--update", temporary=temporary)
    return done.returncode, done.stdout, [path.name for path in temporary.iterdir()]


@pytest.mark.parametrize("word", CAUGHT)
def test_what_goes_wrong_is_a_finding(bad: tuple[int, str, list[str]], word: str) -> None:
    _, output, _ = bad
    start = rf"entries/pip/BAROMETER_{word.upper()}\.yml:\d+: lab\.recipes\.0\.?"
    assert re.search(rf"^{start}(.|\n)*?{CAUGHT[word]}", output, re.MULTILINE), output


def test_an_unknown_set_up_is_a_finding(bad: tuple[int, str, list[str]]) -> None:
    _, output, _ = bad
    assert re.search(r"BAROMETER_FLYING\.yml:\d+: .*`flying-carpet` is not a word for this", output)


def test_the_lab_goes_on_and_says_so(bad: tuple[int, str, list[str]]) -> None:
    status, output, _ = bad
    assert status == 1
    reproduced = "BAROMETER_RIGHT one, pip 26.3: reproduced, 1 of 1 fixes, 1 of 1 dead ends proven"
    assert reproduced in output
    assert f"[{len(CAUGHT) + 1}/{len(CAUGHT) + 1}] " in output


def test_nothing_is_left_behind(bad: tuple[int, str, list[str]]) -> None:
    _, _, left = bad
    assert left == []
    assert f"sleep\x00317.{ME}\x00".encode() not in _commands()


def _commands() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:
            continue


def test_it_comes_out_the_same_in_other_places(tmp_path: Path) -> None:
    run = "echo $PWD $TMPDIR $HOME; " + SAYS.format("right")
    root = repository(tmp_path / "root", entry("right", run=run))
    assert lab(root, "--update").returncode == 0
    other = tmp_path / ("long" * 10)
    other.mkdir()
    open_to_everyone(other)
    env = os.environ | {"LANG": "de_DE.ISO-8859-1", "LC_ALL": "C", "TMPDIR": str(other)}
    done = subprocess.run(
        command(root), capture_output=True, text=True, check=False, env=env, timeout=300
    )
    assert (done.returncode, list(other.iterdir())) == (0, []), done.stdout
    shown = (root / "entries/transcripts/BAROMETER_RIGHT/one.pip-26.3.txt").read_text()
    assert shown.startswith("/home/user/project /tmp /home/user\n")


def test_another_output_is_a_finding_with_a_diff(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", entry("right"))
    assert "there is no such transcript yet" in lab(root).stdout
    assert lab(root, "--update").returncode == 0
    file = root / "entries/transcripts/BAROMETER_RIGHT/one.pip-26.3.txt"
    file.write_text("something else\n", encoding="utf-8")
    done = lab(root)
    assert done.returncode == 1
    assert "-something else\n+ERROR: The barometer right cannot be read" in done.stdout


def test_a_changed_command_is_to_be_proven_again(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", entry("right", "fixes: {warm: {}}"))
    assert lab(root, "--update").returncode == 0
    file = root / "entries" / "pip" / "BAROMETER_RIGHT.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("text: touch warm", "text: touch ./warm"), encoding="utf-8")
    done = lab(root, "--id", "BAROMETER_RIGHT")
    assert done.returncode == 1
    assert "one was proven before it, or a command, was changed" in done.stdout
    assert "hint: run: make lab id=BAROMETER_RIGHT update=1" in done.stdout
    assert lab(root, "--id", "BAROMETER_RIGHT", "--update").returncode == 0
    assert lab(root, "--id", "BAROMETER_RIGHT").returncode == 0


def test_two_labs_do_not_meet(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", entry("right", "fixes: {warm: {}}"))
    assert lab(root, "--update").returncode == 0
    both = [
        subprocess.Popen(command(root), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs


def test_a_lab_that_is_stopped_cleans_up(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    open_to_everyone(temporary)
    run = f"touch begun; sleep 211.{ME}"
    root = repository(tmp_path / "root", entry("slow", "seconds: 100", run))
    env = os.environ | {"TMPDIR": str(temporary)}
    process = subprocess.Popen(
        command(root), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(600):
        if list(temporary.glob("*/pips/box-*/home/project/begun")):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    assert list(temporary.iterdir()) == []
    assert f"sleep\x00211.{ME}\x00".encode() not in _commands()


def test_an_unknown_entry_is_a_usage_error(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", entry("right"))
    done = lab(root, "--id", "BAROMETER_WRONG")
    assert (done.returncode, done.stderr) == (2, "there is no entry BAROMETER_WRONG\n")
