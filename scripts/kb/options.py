"""Hold every pip command on the pages against the option parser of the pip it is for.

The parser runs from the release's wheel, which Python imports as it is (zipimport), in a process
of its own; the command that is parsed is never run.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.model import Platform, Shell
from kb.prose import template_text
from kb.rules.texts import steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.findings import Finding
    from kb.model import Command
    from kb.rules.texts import Readable

RELEASES = ("25.3", "26.3")
"""The releases whose options a command must have."""

_ENDS = ("|", "||", "&&", ";", "&", ">", ">>", "2>&1", "2>", "<")
_PARSE = """
import contextlib, io, json, os, sys
sys.path.insert(0, sys.argv[1])
os.environ["_PIP_RUNNING_IN_SUBPROCESS"] = "1"  # for --python, pip would start that Python
from pip._internal.cli.main_parser import parse_command
from pip._internal.commands import create_command
said = []
for arguments in json.load(sys.stdin):
    err = io.StringIO()
    try:
        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
            name, rest = parse_command(list(arguments))
            create_command(name).parse_args(rest)
        said.append("")
    except SystemExit as stop:
        said.append(err.getvalue() if stop.code else "")
    except Exception as error:
        said.append(str(error))
json.dump(said, sys.stdout)
"""


@dataclass(frozen=True)
class Use:
    """A call of pip on a page.

    Attributes:
        document: the page.
        field: the command's field.
        arguments: what pip is given.
        needs_pip: the oldest pip it is for.
    """

    document: Readable
    field: str
    arguments: tuple[str, ...]
    needs_pip: str | None


def uses(document: Readable) -> Iterator[Use]:
    """Return every call of pip in the commands of a page.

    What a page says does not work is left out: it may name options that pip never had.

    Args:
        document: the entry or procedure.

    Yields:
        Each call, with placeholders as the page shows them.
    """
    for field, command in _commands(document):
        for arguments in calls(template_text(command.text)):
            yield Use(document, field, arguments, command.needs_pip)


def calls(text: str) -> Iterator[tuple[str, ...]]:
    """Return the arguments of each call of pip in a command.

    Args:
        text: one or more lines for a shell.

    Yields:
        What follows ``pip`` or ``python -m pip``, up to a pipe, a redirection or the line's end.
    """
    for line in text.replace("\\\n", " ").splitlines():
        try:
            # A backslash is a part of a path on Windows; nothing else on a page needs one.
            words = shlex.split(line.replace("\\", "/"), comments=True)
        except ValueError:
            continue
        for start, word in enumerate(words):
            name = PurePosixPath(word).name.removesuffix(".exe")
            is_program = start == 0 or words[start - 1] in (*_ENDS, "sudo", "%")
            is_module = words[max(start - 1, 0)] == "-m"
            if re.fullmatch(r"pip3?(\.\d+)?", name) and (is_program or is_module):
                rest = words[start + 1 :]
                end = next((at for at, one in enumerate(rest) if one in _ENDS), len(rest))
                yield tuple(rest[:end])
                break


def check(found: list[Use], release: str, wheel: Path) -> list[Finding]:
    """Parse calls with the option parser of one release of pip.

    Args:
        found: the calls; those for a newer pip are passed over.
        release: the release.
        wheel: its wheel.

    Returns:
        A finding for each call that this pip does not understand.

    Raises:
        subprocess.SubprocessError: the parser could not be run.
    """
    known = [use for use in found if not use.needs_pip or _key(use.needs_pip) <= _key(release)]
    done = subprocess.run(
        [sys.executable, "-I", "-c", _PARSE, str(wheel)],
        input=json.dumps([use.arguments for use in known]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    findings = []
    for use, said in zip(known, json.loads(done.stdout), strict=True):
        if said:
            reason = said.strip().splitlines()[-1]
            findings.append(
                use.document.finding(
                    use.field,
                    f"pip {release} does not take `{shlex.join(use.arguments)}`: {reason}",
                    "write a command that this pip has, or name the pip under needs_pip",
                )
            )
    return findings


def syntax(document: Readable) -> Iterator[Finding]:
    """Have bash read the commands for sh, without running them.

    Args:
        document: the entry or procedure.

    Yields:
        A finding for each command that bash cannot parse; none where there is no bash.
    """
    bash = shutil.which("bash")
    for field, command in _commands(document):
        if not bash or command.shell not in (Shell.SH, Shell.ANY) or _is_windows(command):
            continue
        done = subprocess.run(
            [bash, "-n"],
            input=template_text(command.text),
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        if done.returncode:
            yield document.finding(
                field, f"bash cannot read it: {done.stderr.strip()}", "mend the command"
            )


def _is_windows(command: Command) -> bool:
    return set(command.os) == {Platform.WINDOWS}


def _key(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", release))


def _commands(document: Readable) -> Iterator[tuple[str, Command]]:
    """Yield the commands that a page recommends, with their fields."""
    for field, step in steps(document):
        for number, command in enumerate(step.commands or ()):
            yield f"{field}.commands.{number}", command
