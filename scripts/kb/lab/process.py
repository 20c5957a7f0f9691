"""Commands with limits: time, output and file size, and an end for all that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_OUTPUT = 1_000_000
"""Characters of an output that are kept."""
TIMED_OUT = 124
"""The status of a command that was ended when its time was up, as timeout(1) has it."""

_MAX_FILE = 64 * 1024  # KB, as `ulimit -f` counts in bash
_SHELL = f'umask 022; ulimit -f {_MAX_FILE}; exec /bin/bash -c "$0"'


class StoppedError(Exception):
    """The lab was told to stop."""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    command: str
    status: int
    output: str


@dataclass
class Processes:
    """The commands that run at the moment."""

    _live: set[subprocess.Popen[bytes]] = field(default_factory=set, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _stopped: bool = field(default=False, init=False)

    def run(
        self,
        command: str,
        *,
        folder: Path,
        env: Mapping[str, str],
        seconds: float,
        output: Path,
        identity: Mapping[str, Any],
    ) -> Ran:
        """Run a command to its end, or end it and its children when time is up.

        Args:
            command: for ``bash``.
            folder: where it runs.
            env: its whole environment.
            seconds: how long it may take.
            output: a file for what it prints, both streams in order.
            identity: arguments for ``subprocess`` that say as whom it runs.

        Returns:
            What it printed and its exit status.

        Raises:
            StoppedError: the lab was told to stop.
        """
        with output.open("wb") as sink:
            process = self._start(command, folder, env, sink.fileno(), identity)
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                status = TIMED_OUT
            finally:
                _end(process)
                with self._lock:
                    self._live.discard(process)
        if self._stopped:
            raise StoppedError
        with output.open("rb") as source:
            text = source.read(MAX_OUTPUT).decode("utf-8", "replace")
        return Ran(command, status, text)

    def _start(
        self,
        command: str,
        folder: Path,
        env: Mapping[str, str],
        sink: int,
        identity: Mapping[str, Any],
    ) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise StoppedError
            process = subprocess.Popen(
                ["/bin/bash", "-c", _SHELL, command],
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **identity,
            )
            self._live.add(process)
        return process

    def stop(self) -> None:
        """End every command, and let no further one begin."""
        with self._lock:
            self._stopped = True
            for process in self._live:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that is left of its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_left_over(home: Path) -> None:
    """End every process whose home folder is this one: what left its process group.

    Linux alone has ``/proc``; elsewhere nothing is done.
    """
    mark = f"HOME={home}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
