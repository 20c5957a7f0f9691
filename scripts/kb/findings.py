"""What a check reports: a place, what is wrong there, and a hint that can be obeyed."""

from __future__ import annotations

from dataclasses import dataclass


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
