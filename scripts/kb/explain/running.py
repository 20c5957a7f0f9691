"""A command that is run, its output shown as it comes and kept."""

from __future__ import annotations

import codecs
import locale
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.explain.reading import CHUNK, Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import IO, TextIO

NOT_FOUND = 127
NOT_RUN = 126
"""Statuses of a shell for a command that is not there, and for one that cannot be run."""
SIGNAL = 128
QUIET = 1.0
"""Seconds without output after which a pipe that outlived the command is left alone."""


class Result(NamedTuple):
    """How a command ended.

    Attributes:
        status: its exit status; 128 and the signal's number where a signal ended it.
        output: what it printed, both streams in the order in which they came.
        problem: why it could not be started; empty where it was.
        interrupted: whether a person stopped it.
    """

    status: int
    output: Tail
    problem: str = ""
    interrupted: bool = False


def run(command: Sequence[str]) -> Result:
    """Run a command without a shell, and show its output as it comes.

    Python programs are told not to hold back their output (PYTHONUNBUFFERED). Where standard
    output and standard error lead to the same place, the command gets one pipe for both, so that
    their order is kept.

    Args:
        command: the program and its arguments.
    """
    tail = Tail()
    signals = _Signals()
    with signals:
        try:
            process = subprocess.Popen(
                list(command),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if _one_place() else subprocess.PIPE,
                env={"PYTHONUNBUFFERED": "1", **os.environ},
                bufsize=0,
            )
        except OSError as error:
            if _is_nowhere(command[0]):
                return Result(NOT_FOUND, tail, "not found")
            return Result(NOT_RUN, tail, error.strerror or str(error))
        lock = threading.Lock()
        pipes = ((process.stdout, sys.stdout), (process.stderr, sys.stderr))
        copies = [_Copy(pipe, stream, tail, lock) for pipe, stream in pipes if pipe]
        signals.pass_to(process)
        status = process.wait()
        for copy in copies:
            copy.finish()
    return Result(SIGNAL - status if status < 0 else status, tail, "", bool(signals.came))


def _is_nowhere(program: str) -> bool:
    """Return whether a program that could not be started is not there at all, as shells see it.

    The system says "Permission denied" also where PATH names a folder that may not be read.
    """
    folders = os.get_exec_path() if Path(program).name == program else ["."]
    return not any(os.access(Path(folder, program), os.F_OK) for folder in folders)


class _Copy(threading.Thread):
    """Copies a pipe to a stream and keeps what it copies."""

    def __init__(self, pipe: IO[bytes], stream: TextIO, tail: Tail, lock: threading.Lock) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._write: Callable[[bytes], None] | None = _writer(stream)
        self._tail = tail
        self._lock = lock
        self._gate = threading.Lock()
        self._busy = False
        self._count = 0
        self.start()

    def run(self) -> None:
        with self._pipe:
            while True:
                data = os.read(self._pipe.fileno(), CHUNK)
                if not data:
                    break
                self._busy = True
                with self._lock:
                    self._tail.add(data)
                self._show(data)
                self._count += 1
                self._busy = False

    def finish(self) -> None:
        """Wait for the end of the pipe, but not for a process that keeps it open in silence."""
        count = -1
        while self.is_alive() and (self._busy or count != self._count):
            count = self._count
            self.join(QUIET)
        with self._gate:
            self._write = None

    def _show(self, data: bytes) -> None:
        with self._gate:
            if self._write is not None:
                try:
                    self._write(data)
                except (OSError, ValueError):
                    self._write = None  # whoever read it is gone; the command goes on


class _Signals:
    """Passes the signals that ask to end on to the command, as long as it runs.

    A terminal sends Ctrl-C to the command too, which then ends in its own way. Asked once more,
    it is ended.
    """

    def __init__(self) -> None:
        self.came: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._old: dict[int, Any] = {}

    def __enter__(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                number = getattr(signal, name)
                self._old[number] = signal.signal(number, self._receive)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._old.items():
            signal.signal(number, handler)

    def pass_to(self, process: subprocess.Popen[bytes]) -> None:
        """Pass signals to a command, those first that came before it ran."""
        self._process = process
        for number in self.came:
            process.send_signal(number)

    def _receive(self, number: int, _: FrameType | None) -> None:
        self.came.append(number)
        if self._process is None:
            return
        if number != signal.SIGINT:
            self._process.send_signal(number)
        elif self.came.count(number) > 1:
            self._process.terminate()
        elif not _from_terminal():
            self._process.send_signal(number)


def _from_terminal() -> bool:
    """Return whether a terminal sent Ctrl-C, and so to the command as well."""
    if os.name == "nt":
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _one_place() -> bool:
    """Return whether standard output and standard error lead to the same file or terminal."""
    try:
        out, err = os.fstat(sys.stdout.fileno()), os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    if sys.stdout.isatty() and sys.stderr.isatty():
        return True
    return out.st_ino != 0 and os.path.samestat(out, err)


def _writer(stream: TextIO) -> Callable[[bytes], None]:
    """Return what writes bytes to a stream as they are.

    The console of Windows takes text: what programs write into a pipe is in the system's code
    page, and the console's is another.
    """
    if os.name == "nt" and stream.isatty():
        decoder = codecs.getincrementaldecoder(locale.getpreferredencoding(do_setlocale=False))(
            "replace"
        )

        def show(data: bytes) -> None:
            stream.write(decoder.decode(data))
            stream.flush()
    else:

        def show(data: bytes) -> None:
            stream.buffer.write(data)
            stream.buffer.flush()

    return show
