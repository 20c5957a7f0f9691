"""Write the lines of quotes into an entry's YAML, touching those lines only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.claims import Kind
from kb.verify import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.load import Document
    from kb.model import Entry

_END = "\n"
_LINES = re.compile(r"(\s*(?:- +)?lines: *)([\"']?)[0-9-]*\2(\s*(?:#.*)?)")
_SYMBOL = re.compile(r"(\s*(?:- +)?)symbol: +[^\s|>&*!{\[].*")


def mendable(outcome: Outcome) -> bool:
    """Say whether an outcome is wrong only in the lines it names, or fails to name."""
    quote = outcome.claim.kind is Kind.QUOTE
    return quote and outcome.state is State.WRONG and outcome.span is not None


def mend(text: str, document: Document[Entry], outcomes: Iterable[Outcome]) -> tuple[str, int]:
    """Put the lines that were found into the text of an entry.

    Args:
        text: the text of the entry's file.
        document: the entry.
        outcomes: what came of its claims; those that are not mendable are passed over.

    Returns:
        The new text, and how many values were written. A source that is not written with one
        key a line is left alone.
    """
    rows = text.splitlines(keepends=True)
    edits: list[tuple[int, int, str]] = []
    for outcome in filter(mendable, outcomes):
        place = outcome.claim.place
        if f"{place}.lines" in document.lines:
            at = document.line(f"{place}.lines") - 1
            body, end = _split(rows[at])
            if found := _LINES.fullmatch(body):
                edits.append(
                    (at, at + 1, f"{found[1]}{found[2]}{outcome.span}{found[2]}{found[3]}{end}")
                )
        else:
            at = document.line(f"{place}.symbol") - 1
            body, end = _split(rows[at])
            if found := _SYMBOL.fullmatch(body):
                indent = " " * len(found[1])
                edits.append((at + 1, at + 1, f"{indent}lines: {outcome.span}{end or _END}"))
    for start, stop, row in sorted(edits, reverse=True):
        rows[start:stop] = [row]
    return "".join(rows), len(edits)


def _split(row: str) -> tuple[str, str]:
    body = row.rstrip("\r\n")
    return body, row[len(body) :]
