"""Each command that the documents print is run, as it is printed, in a copy of the repository."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab_entries import entry
from sites import ROOT

pytestmark = pytest.mark.network

LOG = "\n".join(
    [
        "$ pip frobnicate demo",
        *(f"Frobnicating part {number}" for number in range(1, 11)),
        "ERROR: The frobnicator of demo gave up at step 3",
    ]
)
"""A log whose error no entry knows; it stands in line 12."""
ENTRY = entry("right")[1].replace("BAROMETER_RIGHT", "SOME_ERROR")
PATIENCE = 150


@dataclass(frozen=True)
class Run:
    """How a command is run, and what must come of it.

    Attributes:
        says: what it prints.
        status: its exit status.
        entry: an entry SOME_ERROR with a recipe is there before.
        given: its standard input.
        leaves: files that must be there afterwards.
    """

    says: str
    status: int = 0
    entry: bool = False
    given: str = ""
    leaves: tuple[str, ...] = ()


NEW = ("entries/pip/SOME_ERROR.yml",)
RUNS = {
    "make site": Run("Documentation built", leaves=("site/index.html",)),
    "make accuracy": Run("right page first: "),
    "make fix": Run("no entry changed since HEAD"),
    "make summary base=main": Run("SOME_ERROR", entry=True),
    "make lab id=HASH_MISMATCH": Run("1 errors reproduced"),
    "make verify id=SOME_ERROR": Run("this text does not stand", status=2, entry=True),
    ".venv/bin/python scripts/explain.py SOME_ERROR": Run("SOME_ERROR - ", entry=True),
    "make lab id=SOME_ERROR": Run("there is no such transcript yet", status=2, entry=True),
    "make new": Run(
        "wrote entries/pip/SOME_ERROR.yml", given=f"{LOG}\n.\nSOME_ERROR\n", leaves=NEW
    ),
    "make new log=pip-log.txt": Run("line 12 of the log is taken for the error"),
    "make new log=pip-log.txt line=12": Run("line 12 of the log is taken for the error"),
    "make new id=SOME_ERROR log=pip-log.txt": Run("what is to be done in", leaves=NEW),
    "make new id=SOME_ERROR": Run("wrote entries/pip/SOME_ERROR.yml", leaves=NEW),
    "python scripts/ledger.py --write": Run(""),
    "python scripts/verify_quotes.py --update-lock pip==25.3": Run(""),
    "python scripts/explain.py --help": Run("usage: "),
    "python -m pip install example 2>&1 | python scripts/explain.py": Run(
        "NO_MATCHING_DISTRIBUTION"
    ),
}
"""What is run to its end, and what must come of it."""
SERVES = ("make serve", "make serve PORT=8001", ".venv/bin/python -m mkdocs serve")
"""What serves the site until it is stopped."""
ELSEWHERE = {
    **dict.fromkeys(
        ("make check", "make verify", "make options", "make ledger"),
        "`make test` runs it before the tests: test_the_whole_test_run_includes in test_docs.py",
    ),
    ".venv/bin/python scripts/check.py": "what `make check` runs",
    ".venv/bin/python scripts/verify_quotes.py": "what `make verify` runs",
    "make test": "it runs this test",
    ".venv/bin/python -m pytest": "the same",
    "make bench": "it measures for minutes",
    "make lab": "it takes long; the weekly workflow runs it, `make test` runs a part of it",
    "make lab part=1/4": "the same; test_lab_parts.py looks at the parts",
    "make lock": "it renews the lock files, with what PyPI has that day",
    "sudo apt install python3 python3-venv git make": "for a new machine",
    "sudo apt install chromium": "the same",
    "python3 -m venv .venv": "make does the same for .venv",
    **{
        ".venv/bin/python -m pip install --require-hashes --only-binary :all: "
        f"-r requirements/{name}.lock": "make does the same"
        for name in ("site", "test")
    },
    "pre-commit install": "no program of ours; its hooks are make targets, see test_docs.py",
    "python -m pip": "a word of the style guide",
    "sudo pip": "what nobody shall write",
}
"""What is not run here, and why."""


def shell(command: str, root: Path, **environment: str) -> dict[str, object]:
    """Return the arguments for ``subprocess`` that run a line of a document in a folder."""
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, **environment}
    env.pop("MAKEFLAGS", None)
    return {"args": ["/bin/bash", "-c", command], "cwd": root, "env": env}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository, with a history of one commit and this environment."""
    root = tmp_path_factory.mktemp("clone") / "pip-errors"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    (root / ".venv").symlink_to(sys.prefix)
    commands = (
        "git init -q -b main && echo .venv >> .git/info/exclude && git add -A && "
        "git -c user.name=demo -c user.email=demo@example.org commit -q -m Copy"
    )
    subprocess.run(**shell(commands, root), check=True, timeout=60)  # type: ignore[call-overload]
    return root


@pytest.fixture
def root(clone: Path) -> Path:
    """Return the copy as it was committed, with a log in it."""
    subprocess.run(
        **shell("git reset -q --hard && git clean -qfd && rm -rf site", clone),
        check=True,
        timeout=60,
    )  # type: ignore[call-overload]
    (clone / "pip-log.txt").write_text(LOG + "\n", encoding="utf-8")
    return clone


@pytest.mark.parametrize("command", RUNS)
def test_a_command_does_what_the_document_says(command: str, root: Path) -> None:
    wanted = RUNS[command]
    if wanted.entry:
        (root / "entries" / "pip" / "SOME_ERROR.yml").write_text(ENTRY, encoding="utf-8")
    done = subprocess.run(  # type: ignore[call-overload]
        **shell(command, root, **({"PIP_NO_INDEX": "1"} if "install example" in command else {})),
        input=wanted.given, capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == wanted.status, said
    assert wanted.says in said
    assert [name for name in wanted.leaves if not (root / name).is_file()] == []


@pytest.mark.parametrize("command", SERVES)
def test_a_command_serves_the_site(command: str, root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = command.replace("8001", str(port))
    if "mkdocs" in command:
        command += f" --dev-addr 127.0.0.1:{port}"
    with (root / "serve.log").open("wb") as log:
        process = subprocess.Popen(  # type: ignore[call-overload]
            **shell(command, root, PORT=str(port)),
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            page = _page(port, "/pip/HASH_MISMATCH/", process)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)
    assert "HASH_MISMATCH" in page, (root / "serve.log").read_text(encoding="utf-8")


def _page(port: int, path: str, process: subprocess.Popen[bytes]) -> str:
    """Return a page as soon as it is there, or nothing."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except OSError:
            time.sleep(0.5)
        finally:
            connection.close()
    return ""
