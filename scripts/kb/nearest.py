"""Where a text stands in a release if not where it should, and what comes nearest to it."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from kb import astfold, symbols, wording
from kb.astfold import HOLE
from kb.symbols import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.pipsource import Release
    from kb.symbols import SourceFile

_LONG_WORD = re.compile(r"[A-Za-z0-9]{4,}")
_MOST = 5
_SHORTLIST = 12
_AROUND = 2
_NEAR = 0.6

Place = tuple[str, str]


def find_quote(release: Release, quote: str) -> list[Place]:
    """Return the places (path, innermost symbol) of a release in which a quote stands."""
    head = symbols.quote_lines(quote)[0].strip()
    found = []
    for path, source in release.files():
        if head not in source.text:
            continue
        whole = Span(1, len(source.lines))
        spans = symbols.locate_lines(source, whole, quote)
        found += [(path, source.symbol_at(span)) for span in spans]
    return list(dict.fromkeys(found))


def likeliest(places: list[Place], path: str, symbol: str) -> list[Place]:
    """Return, of several places, the few that are likeliest where a text has moved to.

    The same symbol in another file comes first and rules out the rest, then the same file, then
    a symbol of the same last name.
    """
    last = symbol.rpartition(".")[2]
    same = [place for place in places if place[1] == symbol != symbols.MODULE]
    order = sorted(places, key=lambda at: (at[0] != path, at[1].rpartition(".")[2] != last))
    return (same or order)[:_MOST]


def find_message(release: Release, message: str) -> list[Place]:
    """Return the places (path, innermost symbol) of a release whose texts hold a message.

    Args:
        release: the release.
        message: a text with holes, as ``wording.template`` makes it.
    """
    words = set(_LONG_WORD.findall(message.replace(HOLE, " ")))
    found: list[Place] = []
    for path, source in release.files():
        if source.python and all(word in source.text for word in words):
            found += [(path, symbol) for symbol in _holders(source, message, words)]
    return found


def _holders(source: SourceFile, message: str, words: set[str]) -> Iterator[str]:
    """Give the symbols that hold a message, leaving out those around another that does."""
    holding = [
        symbol
        for symbol in source.symbols
        if all(word in _text(source, symbol) for word in words)
        and wording.find(message, astfold.texts_of(source, symbol))
    ]
    for symbol in holding:
        if not any(other.startswith(f"{symbol}.") for other in holding):
            yield symbol


def _text(source: SourceFile, symbol: str) -> str:
    rows = (source.lines[span.first - 1 : span.last] for span in source.spans(symbol))
    return "\n".join(line for lines in rows for line in lines)


def moved(release: Release, path: str, symbol: str) -> list[Place]:
    """Return the other files of a release that have a symbol of this name."""
    names = symbol.split(".")
    if symbol == symbols.MODULE:
        return []
    found = [
        (other, symbol)
        for other, source in release.files()
        if other != path
        and source.python
        and all(name in source.text for name in names)
        and source.has(symbol)
    ]
    return found[:_MOST]


def nearest_lines(quote: str, source: SourceFile, symbol: str | None) -> tuple[float, Span | None]:
    """Return the lines of a symbol (of the file, without one) that come nearest to a quote.

    Returns:
        How near, from 0 to 1, and the lines; None if there are no lines at all.
    """
    wanted = symbols.quote_lines(quote)
    words = {line.strip() for line in wanted if line.strip()}
    windows = []
    whole = [Span(1, len(source.lines))]
    for span in whole if symbol is None else source.spans(symbol):
        last = max(span.first, span.last - len(wanted) + 1)
        for start in range(span.first, last + 1):
            window = Span(start, min(span.last, start + len(wanted) - 1))
            lines = {line.strip() for line in source.lines[window.first - 1 : window.last]}
            windows.append((len(lines & words), window))
    windows.sort(key=lambda item: -item[0])
    if windows and windows[0][0]:
        windows = windows[:_SHORTLIST]
    matcher = difflib.SequenceMatcher(None, b="\n".join(wanted), autojunk=False)
    best: tuple[float, Span | None] = (0.0, None)
    for _, window in windows:
        matcher.set_seq1("\n".join(_dedented(source, window)))
        if matcher.real_quick_ratio() > best[0] and matcher.quick_ratio() > best[0]:
            best = max(best, (matcher.ratio(), window), key=lambda item: item[0])
    return best


def _dedented(source: SourceFile, span: Span) -> list[str]:
    return symbols.quote_lines("\n".join(source.lines[span.first - 1 : span.last]))


def diff_of_lines(
    quote: str, source: SourceFile, symbol: str | None, labels: tuple[str, str]
) -> str:
    """Return a unified diff from a quote to the nearest lines, or nothing if none come near."""
    ratio, span = nearest_lines(quote, source, symbol)
    if span is None or ratio < _NEAR:
        return ""
    wanted = symbols.quote_lines(quote)
    first = max(1, span.first - _AROUND)
    body = [line for line in source.lines[span.first - 1 : span.last] if line.strip()]
    margin = min(len(line) - len(line.lstrip()) for line in body)
    indent = body[0][:margin]
    rows = source.lines[first - 1 : span.last + _AROUND]
    wider = [row.removeprefix(indent) if row.strip() else "" for row in rows]
    codes = difflib.SequenceMatcher(None, wanted, wider, autojunk=False).get_opcodes()
    start = codes[0][4] if codes[0][0] == "insert" else 0
    stop = codes[-1][3] if codes[-1][0] == "insert" else len(wider)
    lines = wider[start:stop]
    there = f"{labels[1]}:{first + start}"
    return "\n".join(difflib.unified_diff(wanted, lines, labels[0], there, lineterm=""))


def diff_of_words(message: str, source: SourceFile, symbol: str, labels: tuple[str, str]) -> str:
    """Return a diff from a message to the nearest text, or nothing if none comes near."""
    ratio, folded = wording.nearest(message, astfold.folded_strings(source, symbol))
    if folded is None or ratio < _NEAR / 2:
        return ""
    shown = message.replace(HOLE, "…")
    there = f"{labels[1]}:{folded.line}"
    return "\n".join(difflib.unified_diff([shown], [folded.shown], labels[0], there, lineterm=""))
