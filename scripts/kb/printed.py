"""Find the place in a release whose code prints a line of a log.

Other than :mod:`kb.nearest`, which looks for a message whose placeholders are known, this reads a
line with the values in it: the texts of the code, folded by :mod:`kb.astfold`, say where its
values stand.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb import astfold
from kb.astfold import HOLE, squeeze
from kb.symbols import Span, quote_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.pipsource import Release
    from kb.symbols import SourceFile

MOST_LINES = 6
"""Lines of a log over which one text may run."""
MOST_QUOTED = 14
"""Lines of a quote, at most: it shall be small."""
_LEAST = 12
_SHARED = 2
_WORD = re.compile(r"[A-Za-z]{4,}")
_ASIDE = re.compile(r"/_vendor/|/legacy/|/tests?/")
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Printed:
    """The place that prints a line.

    Attributes:
        path: path in the repository at the tag.
        symbol: the innermost class or function.
        span: the lines of the statement.
        quote: these lines, without common indentation.
        literals: the fixed texts, one more than there are values.
        values: what the log has between them.
        lines: how many lines of the log it covers.
        others: further places that print the same, path and symbol.
    """

    path: str
    symbol: str
    span: Span
    quote: str
    literals: tuple[str, ...]
    values: tuple[str, ...]
    lines: int
    others: tuple[tuple[str, str], ...] = field(default=())

    @property
    def weight(self) -> int:
        """How many letters of it are fixed."""
        return sum(len(_LETTER.findall(text)) for text in self.literals)


def find(release: Release, rows: Sequence[str], share: int = 0) -> Printed | None:
    """Return the place whose text says most of what stands at the beginning of some rows.

    Args:
        release: the release of pip or of another project.
        rows: the row, without its label, and those that follow it.
        share: how many of a hundred letters of the first row must be fixed.

    Raises:
        UnavailableError: the release cannot be read.
    """
    texts = [squeeze(" ".join(rows[: n + 1])) for n in range(min(len(rows), MOST_LINES))]
    if not texts or not texts[0]:
        return None
    words = sorted(set(_WORD.findall(texts[0])))
    if not words:
        return None
    held = re.compile("|".join(words))
    least = max(_LEAST, len(_LETTER.findall(texts[0])) * share // 100)
    found = [
        one
        for path, source in release.files()
        if source.python and _shares(source.text, held, len(words))
        for one in _in_file(path, source, texts, held, least)
    ]
    if not found:
        return None
    found.sort(key=lambda one: (-one.weight, bool(_ASIDE.search(one.path)), one.lines, one.path))
    best = found[0]
    places = [(o.path, o.symbol) for o in found if o.literals == best.literals]
    others = [at for at in dict.fromkeys(places) if at != (best.path, best.symbol)]
    return Printed(**{**best.__dict__, "others": tuple(others)})


def _shares(text: str, words: re.Pattern[str], most: int) -> bool:
    """Say whether a line of code has enough words of a text in it to be worth a closer look."""
    wanted = min(_SHARED, most)
    found: set[str] = set()
    end = -1
    for match in words.finditer(text):
        if match.start() > end:
            end = text.find("\n", match.start()) % (len(text) + 1)
            found = set()
            line = text[text.rfind("\n", 0, match.start()) + 1 : end]
            if "'" not in line and '"' not in line:
                continue
            found.update(words.findall(line))
            if len(found) >= wanted:
                return True
    return False


def _in_file(
    path: str, source: SourceFile, texts: Sequence[str], words: re.Pattern[str], least: int
) -> Iterator[Printed]:
    """Give what prints the texts, in functions and at the top, else in the bodies of classes."""
    inner = [name for name, nodes in source.symbols.items() if not _is_class(nodes)]
    for symbols in (inner, [name for name in source.symbols if name not in inner]):
        asked = [name for name in symbols if _worth(source, name, words)]
        found = [one for name in asked for one in _in_symbol(path, source, name, texts, least)]
        if found:
            yield from found
            return


def _is_class(nodes: Sequence[ast.AST]) -> bool:
    return any(isinstance(node, ast.ClassDef) for node in nodes)


def _worth(source: SourceFile, symbol: str, words: re.Pattern[str]) -> bool:
    rows = (source.lines[span.first - 1 : span.last] for span in source.spans(symbol))
    code = "\n".join(line for lines in rows for line in lines)
    return _shares(code, words, words.pattern.count("|") + 1)


def _in_symbol(
    path: str, source: SourceFile, symbol: str, texts: Sequence[str], least: int
) -> Iterator[Printed]:
    longest = texts[-1]
    for folded in astfold.folded_strings(source, symbol):
        literals = tuple(folded.text.split(HOLE))
        told = sum(len(_LETTER.findall(one)) for one in literals)
        if told < least or not all(one.strip() in longest for one in literals):
            continue
        pattern = re.compile("(.+?)".join(map(re.escape, literals)))
        for number, text in enumerate(texts, 1):
            if match := pattern.fullmatch(text):
                span = _statement(source, folded.line)
                quote = quote_lines("\n".join(source.lines[span.first - 1 : span.last]))
                yield Printed(
                    path,
                    source.symbol_at(span),
                    span,
                    "\n".join(quote),
                    literals,
                    match.groups(),
                    number,
                )
                break


def _statement(source: SourceFile, line: int) -> Span:
    """Return the lines of the statement in which a text begins, or of a part of it if it is long.

    Args:
        source: the file.
        line: the line in which the text begins.
    """
    spans = []
    for node in ast.walk(source.tree) if source.tree else ():
        if isinstance(node, ast.expr | ast.stmt | ast.keyword) and not hasattr(node, "body"):
            first, last = node.lineno, node.end_lineno or node.lineno
            if first <= line <= last and last - first < MOST_QUOTED:
                spans.append(Span(first, last))
    return max(spans, key=lambda span: span.last - span.first, default=Span(line, line))
