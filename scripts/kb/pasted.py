"""Read a pasted log: the pip command in it, and the lines that could be its error.

A line counts as an error by its form alone: a label such as ``ERROR:``, pip's sign for a
diagnostic error, or the last line of a traceback. Which of them is the right one is decided where
more is known: what the search covers, and what pip's source prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.match import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEADS = " \t>|\xa0\u2502\u2570\u2500"
_COMMAND = re.compile(
    r"(?:^|[$#%>:&;\])]\s|\bRUN\s)\s*(?:!|%|sudo\s+(?:-\S+\s+)*)?"
    r"((?:\S*[/\\])?(?:py|python)[\d.]*(?:\.exe)?[ ](?:-\S+\s+)*?-m[ ]pip[\d.]*|"
    r"(?:\S*[/\\])?pip[\d.]*(?:\.exe)?)[ ]"
    r"(install|download|wheel|uninstall|lock|freeze|list|show|check|config|cache|index|hash|"
    r"inspect|search|debug|completion)\b([^\n&|;]*)",
    re.ASCII,
)
_LABEL = re.compile(
    r"(?P<label>ERROR|WARNING|DEPRECATION|CRITICAL|error|fatal error|fatal|warning): ?"
    r"(?P<rest>\S.*)"
)
_PLACED = re.compile(r"\S.*?: ?(?P<label>fatal error|error|ERROR)(?: [A-Z]+\d+)?: (?P<rest>\S.*)")
_RAISED = re.compile(
    r"(?:[A-Za-z_]\w*\.)*(?P<label>[A-Z]\w*(?:Error|Exception|Failure|Failed|Exit|Interrupt|"
    r"Invalid\w*|NotFound|Missing|Unsupported\w*))(?:: (?P<rest>\S.*))?",
    re.ASCII,
)
_SIGN = re.compile(r"\xd7 (?P<rest>\S.*)")
_SAYS = re.compile(
    r"\b(?:errors?|fail(?:ed|ure|s)?|cannot|can ?not|can't|could ?n(?:o|')t|unable|not found|"
    r"missing|invalid|unsupported|not supported|unknown|required|requires|must|killed|refused|"
    r"denied|no such|not a|abort(?:ed)?|unexpected|incompatible)\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r'File ".*(?:(?:site|dist)-packages|\.eggs[/\\][^/\\"]*)[/\\]'
    r'(?P<path>(?P<package>\w+)[/\\][^"]*\.py)"'
)
_SEVERAL = 4
_OUTPUT = re.compile(
    r"(?:\[\d+ lines of output\]|Complete output\b.*:|-- .*output.*)\s*$", re.IGNORECASE
)
_OUTPUT_ENDS = re.compile(
    r"\[end of output\]|-{30,}\s*$|^\s*note: This error originates", re.IGNORECASE
)


@dataclass(frozen=True)
class Candidate:
    """A line that could be the error.

    Attributes:
        line: its number, from 0.
        label: ``ERROR``, ``error``, the name of an exception, or pip's sign for it.
        text: the text behind a label; with the name of the exception where there is one.
        inside: it stands in the output of a program that pip ran.
    """

    line: int
    label: str
    text: str
    inside: bool

    @property
    def bare(self) -> str:
        """The text without the name of the exception."""
        found = _RAISED.fullmatch(self.text)
        return found["rest"] or "" if found and found["rest"] else self.text


@dataclass(frozen=True)
class Log:
    """A log, cleaned of what terminals, loggers and web pages add.

    Attributes:
        lines: its lines.
        command: the last pip command in it, in the form ``python -m pip install …``; or empty.
        subcommand: ``install``, ``download`` …; or empty.
        candidates: the lines that could be the error, from the top.
    """

    lines: tuple[str, ...]
    command: str
    subcommand: str
    candidates: tuple[Candidate, ...]

    @property
    def complaints(self) -> list[Candidate]:
        """Lines without a label that say in words that something went wrong."""
        rows = ((number, self.bare(number)) for number in range(len(self.lines)))
        return [Candidate(n, "", row, inside=False) for n, row in rows if _SAYS.search(row)]

    def bare(self, number: int) -> str:
        """Return a line without the indentation and the signs that pip puts before it."""
        return self.lines[number].lstrip(LEADS).rstrip() if number < len(self.lines) else ""


def read(text: str) -> Log:
    """Take a pasted log apart.

    Args:
        text: the log, whatever surrounds it.
    """
    lines = tuple(_without_prefix(clean(text).split("\n")))
    command = subcommand = ""
    for line in lines:
        for found in _COMMAND.finditer(line):
            subcommand = found[2]
            command = f"python -m pip {subcommand}{found[3].rstrip()}"
    return Log(lines, command, subcommand, tuple(_candidates(lines)))


def _without_prefix(lines: list[str]) -> list[str]:
    """Return lines without what all of them begin with, such as the name that a builder puts."""
    told = [line for line in lines if line.strip()]
    first, last = (min(told), max(told)) if len(told) >= _SEVERAL else ("", "")
    size = next((n for n, c in enumerate(first) if c != last[n]), len(first))
    common = first[:size]
    prefix = common[: max(common.rfind(mark) + 1 for mark in ">|:]")]
    return [line.removeprefix(prefix) for line in lines]


def frames(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Return the files of a traceback that belong to installed packages: package and path."""
    found = (_FRAME.search(line) for line in lines)
    return [(one["package"], one["path"]) for one in found if one]


def _candidates(lines: Iterable[str]) -> Iterator[Candidate]:
    inside = False
    for number, raw in enumerate(lines):
        line = raw.lstrip(LEADS).rstrip()
        if _OUTPUT_ENDS.search(line):
            inside = False
        found = candidate(number, line, inside=inside)
        if found:
            yield found
        if _OUTPUT.search(line):
            inside = True


def candidate(number: int, line: str, *, inside: bool = False) -> Candidate | None:
    """Return a line as a candidate, or None if nothing in its form says that it is an error.

    Args:
        number: its number, from 0.
        line: the line, without what stands before its text.
        inside: whether it stands in the output of a program that pip ran.
    """
    if found := _SIGN.fullmatch(line):
        return Candidate(number, "\xd7", found["rest"], inside)
    if found := _LABEL.fullmatch(line):
        return Candidate(number, found["label"], found["rest"], inside)
    if (found := _RAISED.fullmatch(line)) and (found["rest"] or line.endswith("Error")):
        return Candidate(number, found["label"], line, inside)
    if found := _PLACED.fullmatch(line):
        return Candidate(number, found["label"], found["rest"], inside)
    return None
