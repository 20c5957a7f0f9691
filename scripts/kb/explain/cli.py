"""The command line of ``explain.py`` and ``explain.pyz``."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.explain import running
from kb.explain.page import SYSTEMS, Writer
from kb.explain.reading import MOST, Tail, read
from kb.explain.report import Answer
from kb.explain.screen import Screen, printable, wants_color, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn, TextIO

    from kb.explain.knowledge import Knowledge

USAGE = 2
INTERRUPTED = 130
WIDTH = 80
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*")

DESCRIPTION = """\
Explain the output of pip: what went wrong, the lines that show it, and what to do.
Nothing is sent anywhere, and nothing is needed but Python."""

EPILOG = """\
examples:
  pip install foo 2>&1 | {program}
  {program} build.log
  {program} run -- python -m pip install foo
  {program} HASH_MISMATCH

A name wins over a file of that name: write ./NAME for the file. Of an input of more than
16 MB the end is read. The input may be UTF-8, UTF-16 or a Windows code page.

exit status: 0 the input was read, or the page shown; 1 no error was found in it, with
--exit-code; 2 wrong usage, an unknown name, or an input that cannot be read. `run` exits
with the command's own status: 128 + n if signal n ended it, 127 if it is not found, 126
if it cannot be started."""


def main(arguments: list[str], load: Callable[[], Knowledge]) -> int:
    """Run the command.

    Args:
        arguments: of the command line, without the program.
        load: returns the patterns and pages; called when they are needed.

    Returns:
        The exit status.
    """
    try:
        return _Command(arguments, load).run()
    except BrokenPipeError:
        # Whoever read the answer has seen enough. Python must not fail again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


class _Command:
    """One call of the program."""

    def __init__(self, arguments: list[str], load: Callable[[], Knowledge]) -> None:
        self._load = load
        name = printable(sys.argv[0])
        self._program = f'python "{name}"' if " " in name else f"python {name}"
        self._parser = _parser(self._program)
        cut = arguments.index("--") if "--" in arguments else len(arguments)
        self._options, rest = self._parser.parse_known_args(arguments[:cut])
        behind = arguments[cut + 1 :]
        words: list[str] = self._options.words
        self._runs = words[:1] == ["run"]
        if self._runs and (words[1:] or rest or not behind):
            self._fail(f"two dashes before the command: {self._program} run -- pip install foo")
        if rest:
            self._fail(f"not understood: {printable(rest[0])}")
        self._command = behind if self._runs else []
        targets = words[1:] if self._runs else words + behind
        if len(targets) > 1:
            self._fail("one file or name at a time")
        self._target: str | None = targets[0] if targets else None
        self._behind = bool(behind)
        self._check()

    def run(self) -> int:
        """Do what was asked, and return the exit status."""
        if self._options.list:
            return self._list()
        if self._runs:
            return self._run()
        if self._target is None and _is_terminal(sys.stdin):
            self._fail("give a file or a name, or pipe the output of pip into it (-h for help)")
        if self._target and NAME.fullmatch(self._target) and not self._behind:
            knowledge = self._load()
            target = knowledge.find(self._target)
            if target:
                self._refuse_for_names()
                screen = self._screen(sys.stdout)
                Writer(knowledge, screen, target, self._system(), {}).manual()
                write(screen.text(), sys.stdout)
                return 0
        tail = self._read()
        answer = Answer(self._load(), tail.text(), tail.lines_before)
        if tail.lines_before:
            size = MOST // 2**20
            self._say(f"the input is long: only its last {size} MB were read")
        if self._options.json:
            write(json.dumps(answer.objects(), indent=2) + "\n", sys.stdout)
        else:
            self._show(answer, sys.stdout)
        return 1 if self._options.exit_code and not answer.matches else 0

    def _run(self) -> int:
        result = running.run(self._command)
        if result.problem:
            self._say(f"cannot run {printable(self._command[0])}: {result.problem}")
        elif result.status and not result.interrupted:
            answer = Answer(
                self._load(), result.output.text(), result.output.lines_before, self._command
            )
            title = f"{self._program}: the command ended with status {result.status}"
            write(f"\n--- {title} ---\n\n", sys.stderr)
            self._show(answer, sys.stderr)
        # Windows has statuses of 32 bits, which Python takes with a sign only.
        return result.status - 2**32 if result.status >= 2**31 else result.status

    def _show(self, answer: Answer, stream: TextIO) -> None:
        screen = self._screen(stream)
        answer.write(screen, self._system(), self._program)
        write(screen.text(), stream)
        if self._options.annotate:
            write("".join(f"{line}\n" for line in answer.annotations()), stream)

    def _list(self) -> int:
        knowledge = self._load()
        entries = knowledge.pages["entries"]
        if self._options.json:
            listed = [
                {
                    "id": name,
                    "kind": entry["kind"],
                    "role": entry.get("role", "cause"),
                    "url": f"{knowledge.pages['url']}pip/{name}/",
                }
                for name, entry in entries.items()
            ]
            write(json.dumps(listed, indent=2) + "\n", sys.stdout)
        else:
            width = max(map(len, entries), default=0)
            rows = (f"{name:<{width}}  {knowledge.headlines(name)[0]}\n" for name in entries)
            write("".join(rows), sys.stdout)
        return 0

    def _read(self) -> Tail:
        """Return the input, or fail with what is wrong about it."""
        if self._target in (None, "-"):
            if sys.stdin is None:
                self._fail("there is no standard input")
            if _is_terminal(sys.stdin):
                self._say("paste the output, then press Ctrl-D (on Windows Ctrl-Z and Enter)")
            try:
                return read(sys.stdin.buffer)
            except OSError as error:
                self._fail(f"cannot read standard input: {error.strerror}")
        try:
            with Path(self._target).open("rb") as file:
                return read(file)
        except (OSError, ValueError) as error:
            name = printable(self._target)
            if isinstance(error, FileNotFoundError) and NAME.fullmatch(self._target):
                near = self._load().nearest(self._target)
                hint = f"; did you mean {' or '.join(near)}?" if near else "; see --list"
                self._fail(f"there is no error and no file of the name {name}{hint}")
            self._fail(f"cannot read {name}: {getattr(error, 'strerror', None) or error}")

    def _check(self) -> None:
        """Refuse options that contradict each other."""
        options = self._options
        if options.list and (self._runs or self._target is not None or options.annotate):
            self._fail("--list takes neither a name nor a command")
        if options.json and options.annotate:
            self._fail("--json and --annotate exclude each other")
        if self._runs and (options.json or options.exit_code):
            self._fail(
                "run has the output and the status of the command: no --json, no --exit-code"
            )

    def _refuse_for_names(self) -> None:
        if self._options.json or self._options.annotate or self._options.exit_code:
            self._fail("--json, --annotate and --exit-code are for a log, not for a name")

    def _screen(self, stream: TextIO) -> Screen:
        width = shutil.get_terminal_size((WIDTH, 24)).columns
        return Screen(color=wants_color(self._options.color, stream), width=width)

    def _system(self) -> str:
        if self._options.os:
            system: str = self._options.os
            return system
        known = {"win32": "windows", "cygwin": "windows", "darwin": "macos"}
        return known.get(sys.platform, "linux")

    def _say(self, text: str) -> None:
        if sys.stderr is not None:
            write(f"explain: {text}\n", sys.stderr)

    def _fail(self, text: str) -> NoReturn:
        self._say(text)
        sys.exit(USAGE)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        usage="%(prog)s [options] [FILE | - | NAME]\n       %(prog)s [options] run -- COMMAND ...",
        description=DESCRIPTION,
        epilog=EPILOG.format(program=program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FILE | NAME | run",
        help="a file, - for standard input (which is read if nothing is given), or the name of an "
        "error: its id, a former id, or pip's own reference",
    )
    parser.add_argument("--list", action="store_true", help="list all errors (as JSON with --json)")
    parser.add_argument("--json", action="store_true", help="print the matches as a JSON array")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto: on a terminal, unless NO_COLOR is set",
    )
    parser.add_argument(
        "--annotate", choices=("github",), help="add annotations for a workflow of GitHub Actions"
    )
    parser.add_argument(
        "--os",
        choices=(*SYSTEMS, "all"),
        help="whose commands are shown (otherwise: this system's)",
    )
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 if nothing is found")
    return parser


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
