"""Choose the line of a log that is its error, unless the search knows that error already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import pasted
from kb.match import SURE
from kb.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from kb.pasted import Candidate, Log

KINDS = {"WARNING": Kind.WARNING, "warning": Kind.WARNING, "DEPRECATION": Kind.DEPRECATION}
"""What a label says of its line; an error otherwise."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
"""pip's own reference of an error."""


@dataclass(frozen=True)
class Known:
    """An error that the search knows already.

    Attributes:
        entry_id: the entry.
        line: the line that shows it, counted from 1.
        text: that line.
        wraps: it is the general text around another error, which the log does not have.
    """

    entry_id: str
    line: int
    text: str
    wraps: bool = False


class NothingFoundError(ValueError):
    """No line of the log looks like an error; the text says what to do."""


def known(log: Log, matches: list[dict[str, Any]], line: int | None) -> Known | None:
    """Return the answer of the search, if it is one to the error and not to what is beside it.

    Args:
        log: the log.
        matches: what the search finds in it.
        line: the line that is meant, counted from 1; any if None.
    """
    for one in matches:
        rows = [number for first, last in one["lines"] for number in range(first, last + 1)]
        sure = one["confidence"] * 100 >= SURE and one["role"] == "cause"
        error = not _others(log, matches) or _kind(log, rows) is Kind.ERROR
        if sure and (line in rows if line is not None else error):
            return Known(one["id"], rows[0], log.bare(rows[0] - 1))
    return None


def _kind(log: Log, rows: Iterable[int]) -> Kind:
    """Return as what a log presents some of its lines, by their labels."""
    for one in log.candidates:
        if one.line + 1 in rows:
            return KINDS.get(one.label, Kind.ERROR)
    return Kind.ERROR


def _others(
    log: Log, matches: list[dict[str, Any]], rows: Iterable[Candidate] | None = None
) -> list[Candidate]:
    """Return the error lines, or others that are given, of which the search knows nothing."""
    covered = {
        number
        for one in matches
        if one["confidence"] * 100 >= SURE
        for first, last in one["lines"]
        for number in range(first - 1, last)
    }
    return [one for one in (log.candidates if rows is None else rows) if one.line not in covered]


def given(log: Log, line: int) -> Candidate:
    """Return a line that a person named.

    Raises:
        NothingFoundError: there is no such line, or nothing in it.
    """
    text = log.bare(line - 1)
    if not 1 <= line <= len(log.lines) or not text:
        message = f"line {line} of the log is empty or not there: name one of 1 to {len(log.lines)}"
        raise NothingFoundError(message)
    known = next((one for one in log.candidates if one.line == line - 1), None)
    return (
        known
        or pasted.candidate(line - 1, text)
        or pasted.Candidate(line - 1, "", text, inside=False)
    )


def choose(log: Log, matches: list[dict[str, Any]]) -> Candidate | Known:
    """Return the line that tells most: the cause in another program's output, else pip's own.

    Args:
        log: the log.
        matches: what the search finds in it.

    Returns:
        The line; or an entry, where the search knows each line that looks like an error.

    Raises:
        NothingFoundError: no line looks like an error.
    """
    left = [one for one in _others(log, matches) if KINDS.get(one.label) is None]
    left = left or _others(log, matches)
    found = next((one for one in matches if one["role"] != "notice"), None)
    if not left and found:
        row = found["lines"][0][0]
        return Known(found["id"], row, log.bare(row - 1), wraps=found["role"] == "wrapper")
    left = left or _others(log, matches, log.complaints)[-1:]
    if not left:
        message = "no line looks like an error: name the line that is it with line=NUMBER"
        raise NothingFoundError(message)
    signs = {one.line: one for one in log.candidates if one.label == "\xd7"}
    if SLUG.fullmatch(left[0].text):
        return next((sign for line, sign in signs.items() if line > left[0].line), left[0])
    inside = [one for one in left if one.inside]
    raised = [one for one in inside if one.text.startswith(one.label) or "." in one.label]
    if raised:
        return raised[-1]
    return inside[0] if inside else left[0]
