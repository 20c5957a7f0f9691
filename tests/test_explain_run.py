"""``explain.pyz run -- COMMAND``: the command's output, its status, and the answer behind it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from explained import BARE, LOG, WRAPPER, archive, boilers, environment, explain

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = b"Read this first: BOILER_REFUSED"
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and shells of Unix")


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of the entries that are made for these tests."""
    return archive(boilers(), tmp_path_factory.mktemp("explain") / "explain.pyz")


def run(pyz: Path, program: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Run a Python program under the tool."""
    return explain(pyz, *options, "run", "--", sys.executable, "-c", program)


def started(pyz: Path, program: str, **more: object) -> subprocess.Popen[bytes]:
    """Start a Python program under the tool; its output comes through a pipe."""
    command = [sys.executable, *BARE, str(pyz), "run", "--", sys.executable, "-c", program]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(), **more,
    )  # fmt: skip


def test_a_failure_is_shown_and_explained(pyz: Path) -> None:
    done = run(pyz, f"import sys; print({LOG!r}, end=''); sys.exit(3)")
    assert done.returncode == 3
    assert done.stdout.replace(b"\r\n", b"\n") == LOG.encode()
    assert ANSWER in done.stderr
    assert b"the command ended with status 3" in done.stderr


def test_a_success_is_left_alone(pyz: Path) -> None:
    done = run(pyz, f"print({LOG!r}, end='')")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_failure_of_something_else(pyz: Path) -> None:
    done = run(pyz, "raise SystemExit(9)")
    assert (done.returncode, done.stdout) == (9, b"")
    assert b"No pip error found here." in done.stderr


def test_both_streams_stay_apart_and_both_are_read(pyz: Path) -> None:
    program = f"import sys; print('out'); sys.stderr.write({LOG!r}); sys.exit(1)"
    done = run(pyz, program)
    assert done.stdout.split() == [b"out"]
    assert done.stderr.replace(b"\r\n", b"\n").startswith(LOG.encode())
    assert ANSWER in done.stderr


def test_bytes_are_not_changed(pyz: Path) -> None:
    done = run(pyz, "import sys; sys.stdout.buffer.write(bytes(range(256)) * 500)")
    assert done.stdout == bytes(range(256)) * 500


def test_one_place_for_both_streams_keeps_their_order(pyz: Path) -> None:
    program = "import sys\nfor n in range(200): print(n, file=(sys.stdout, sys.stderr)[n % 2])"
    done = subprocess.run(
        [sys.executable, *BARE, str(pyz), "run", "--", sys.executable, "-c", program],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=60,
        env=environment(),
    )  # fmt: skip
    assert done.stdout.split() == [str(n).encode() for n in range(200)]


def test_output_comes_at_once_and_input_is_passed_on(pyz: Path) -> None:
    program = "print('ready')\nprint(input() + '!')"
    with started(pyz, program) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().split() == [b"ready"]
        process.stdin.write(b"go\n")
        process.stdin.close()
        assert process.stdout.readline().split() == [b"go!"]
        assert process.wait(60) == 0


def test_no_shell_reads_the_command(pyz: Path) -> None:
    program = "import sys; print(sys.argv[1:])"
    nasty = ["$(echo x)", "a b", "*", ";", "--", "--json"]
    done = explain(pyz, "run", "--", sys.executable, "-c", program, *nasty)
    assert done.stdout.decode().strip() == str(nasty)


def test_an_unknown_command(pyz: Path) -> None:
    done = explain(pyz, "run", "--", "no-such-command-here")
    assert (done.returncode, done.stdout) == (127, b"")
    assert b"cannot run no-such-command-here: not found" in done.stderr


@UNIX
@pytest.mark.skipif(
    sys.platform != "win32" and os.geteuid() == 0, reason="root may read every folder"
)
def test_an_unknown_command_and_a_closed_folder(pyz: Path, tmp_path: Path) -> None:
    """A PATH may name a folder that this user may not read: there is nothing in it either."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    path = os.pathsep.join([str(closed), os.environ["PATH"]])
    done = explain(pyz, "run", "--", "no-such-command-here", PATH=path)
    assert done.returncode == 127
    assert b"cannot run no-such-command-here: not found" in done.stderr


@UNIX
def test_a_command_that_cannot_be_started(pyz: Path, tmp_path: Path) -> None:
    file = tmp_path / "script"
    file.write_text("no program", encoding="utf-8")
    file.chmod(0o644)
    done = explain(pyz, "run", "--", file)
    assert (done.returncode, done.stdout) == (126, b"")
    assert b"cannot run" in done.stderr


@UNIX
def test_a_command_that_a_signal_ended(pyz: Path) -> None:
    done = run(pyz, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == 128 + signal.SIGKILL


@UNIX
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 5), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_command_that_is_stopped(pyz: Path, number: signal.Signals, status: int) -> None:
    program = (
        "import time\ntry:\n    print('ready')\n    time.sleep(60)\n"
        "except KeyboardInterrupt: raise SystemExit(5)"
    )
    with started(pyz, program, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(60) == status
        assert process.stderr.read() == b""


@UNIX
def test_what_keeps_running_behind_the_command_is_not_waited_for(pyz: Path) -> None:
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'])\nprint('child', child.pid)"
    )
    with started(pyz, program) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        child = int(process.stdout.readline().split()[1])
        assert process.wait(30) == 0
        os.kill(child, signal.SIGKILL)


@UNIX
def test_a_reader_that_stops_early_does_not_stop_the_command(pyz: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    program = f"for n in range(50000): print(n)\nopen({str(mark)!r}, 'w').close()"
    command = shlex.join(
        [sys.executable, *BARE, str(pyz), "run", "--", sys.executable, "-c", program]
    )
    subprocess.run(["sh", "-c", f"{command} | head -1"], check=True, timeout=60)
    assert mark.exists()


def test_a_lone_wrapper_names_the_command_that_was_run(pyz: Path) -> None:
    program = f"print({WRAPPER!r}); raise SystemExit(1)"
    done = explain(pyz, "run", "--", sys.executable, "-c", program, "install", "a b")
    assert b"Found only a wrapper" in done.stderr
    lines = [line for line in done.stderr.decode().splitlines() if " run -- " in line]
    assert len(lines) == 1
    if sys.platform != "win32":
        again = shlex.split(lines[0].partition(" run -- ")[2])
        assert again == [sys.executable, "-c", program, "install", "a b", "-v"]
    verbose = explain(pyz, "run", "--", sys.executable, "-c", program, "-vv")
    assert verbose.stderr.decode().count("-v") == verbose.stderr.decode().count("-vv") + 1


def test_an_annotation_of_a_run(pyz: Path) -> None:
    done = run(pyz, f"print({LOG!r}); raise SystemExit(1)", "--annotate", "github")
    assert b"\n::error title=pip%3A BOILER_REFUSED::" in done.stderr
