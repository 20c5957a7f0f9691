"""What a check reports: a place, what is wrong there, and a hint that can be obeyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong in one place.

    Checks return findings, all of them at once; only the commands in ``scripts/`` print them
    and choose the exit status.

    Attributes:
        path: file, relative to the repository, with forward slashes.
        line: line in that file, counted from 1.
        field: dotted path of the field, such as ``fixes.0.causes``; empty for the whole file.
        problem: what is wrong, in one sentence.
        hint: what to write instead. Obeyed as it stands, it makes the finding go away.
    """

    path: str
    line: int
    field: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        """Return ``path:line: field: problem``, and the hint on a line of its own."""
        where = f"{self.path}:{self.line}: "
        text = where + (f"{self.field}: " if self.field else "") + self.problem
        return f"{text}\n    hint: {self.hint}" if self.hint else text


def report(findings: Iterable[Finding], environ: Mapping[str, str]) -> Iterator[str]:
    """Return findings as a command prints them.

    Args:
        findings: what was found.
        environ: the environment. In a GitHub workflow each finding is also an annotation of its
            line, in the form that GitHub's documentation calls workflow commands.

    Yields:
        Lines to print.
    """
    for finding in findings:
        yield str(finding)
        if environ.get("GITHUB_ACTIONS") == "true":
            yield _annotation(finding)


def _annotation(finding: Finding) -> str:
    """Return a finding as a workflow command; what it says cannot end it or begin another."""
    problem = f"{finding.field}: {finding.problem}" if finding.field else finding.problem
    text = _escaped(f"{problem}\n{finding.hint}".rstrip())
    path = _escaped(finding.path).replace(":", "%3A").replace(",", "%2C")
    return f"::error file={path},line={finding.line}::{text}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
