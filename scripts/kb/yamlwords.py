"""Plain words for YAML that does not parse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.findings import Finding

if TYPE_CHECKING:
    import yaml

QUOTE_IT = "put the text in single quotes"

_VALUE = re.compile(r"\s*(?:- +)*(?:[A-Za-z_][\w-]*:(?: +|$))?(.*)$")
_CANNOT_BEGIN = "an unquoted text cannot begin with {first}"
_AFTER_QUOTE = "text after the closing quote"
# What the parser was doing, what it complains about, the value's first character; our words.
_COMPLAINTS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "",
        "mapping values are not allowed",
        "",
        "a colon and a blank inside an unquoted text",
        f"{QUOTE_IT}, or indent the key like its neighbours",
    ),
    ("", "cannot start any token", "", _CANNOT_BEGIN, QUOTE_IT),
    ("directive", "", "", _CANNOT_BEGIN, QUOTE_IT),
    (
        "quoted scalar",
        "end of",
        "",
        "the quote that begins here is not closed",
        "close it; inside '…' write ' as ''",
    ),
    (
        "quoted scalar",
        "",
        "",
        "a backslash in double quotes begins an escape",
        f"{QUOTE_IT} instead, or double the backslash",
    ),
    (
        "block scalar",
        "",
        "",
        "text after {first} on the same line",
        f"start the text in the next line, or {QUOTE_IT}",
    ),
    ("", "", "'", _AFTER_QUOTE, "inside '…' write ' as ''"),
    ("", "", '"', _AFTER_QUOTE, f'{QUOTE_IT}, or write " as \\"'),
    ("", "", "{[*&!,?|>%@`", _CANNOT_BEGIN, QUOTE_IT),
    ("flow", "", "", "a bracket or brace is not closed", f"close it, or {QUOTE_IT}"),
    (
        "",
        "could not find expected ':'",
        "",
        "the line above is neither a key nor part of a text",
        "indent it below its key, or write `key: value`",
    ),
    ("", "are not allowed", "", _CANNOT_BEGIN, QUOTE_IT),
    (
        "",
        "",
        "",
        "the line does not fit the lines above it",
        "indent it like its neighbours: two blanks a level",
    ),
)


def explain(
    path: str, rows: list[str], error: yaml.MarkedYAMLError, open_quote: int | None
) -> Finding:
    """Say in plain words what is wrong with YAML that does not parse.

    The two parsers of PyYAML put the same trouble into different words at the same place, so
    the words are chosen by the few that they share and by what stands in the line.

    Args:
        path: the file's name in findings.
        rows: the file's lines.
        error: what the parser complains about.
        open_quote: line where the text before the complaint begins, if it has quotes and spans
            several lines: its closing quote is probably another text's opening one.

    Returns:
        The line where it starts, and how to mend it.
    """
    mark, context, trouble = error.problem_mark, error.context or "", error.problem or ""
    if "quoted scalar" in context and error.context_mark:
        mark = error.context_mark
    number = min(mark.line, max(len(rows) - 1, 0)) if mark else 0
    row = rows[number] if rows else ""
    column = mark.column if mark else 0
    found = _VALUE.match(row)
    first = row[column : column + 1]
    if found and found[1] and column >= found.start(1):
        first = found[1][0]
    if open_quote and column > len(row) - len(row.lstrip()):
        number, context, trouble = open_quote - 1, "quoted scalar", "end of"
    problem, hint = next(
        (problem, hint)
        for in_context, in_trouble, starts, problem, hint in _COMPLAINTS
        if in_context in context and in_trouble in trouble and (not starts or first in starts)
    )
    return Finding(path, number + 1, "", problem.format(first=first), hint)
