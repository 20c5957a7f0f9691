"""Find a symbol in a Python file, and a quote within it.

A symbol is named as Python qualifies it, without ``<locals>``: ``Class.method``,
``function.inner``; ``<module>`` is the top level, that is, everything outside of classes and
functions. Nothing is imported or run: the file is parsed with :mod:`ast`.
"""

from __future__ import annotations

import ast
import textwrap
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

MODULE = "<module>"
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


@dataclass(frozen=True)
class Span:
    """Lines of a file, counted from 1, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        """Return it as the field ``lines`` writes it: ``431-436``, or ``431`` alone."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(eq=False)
class SourceFile:
    r"""The text of one file, parsed when it is first asked for a symbol.

    Attributes:
        text: the decoded text, with ``\n`` line ends.
        problem: why the text is not read as Python: a syntax error, or another language.
    """

    text: str
    python: bool = True
    problem: str = field(default="", init=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without line ends."""
        return self.text.split("\n")

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree, or None (then `problem` says why)."""
        if not self.python:
            self.problem = "it is not a Python file"
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self.problem = f"this Python does not parse it: {error}"
            return None

    @cached_property
    def symbols(self) -> dict[str, list[Scope]]:
        """Every qualified name, with each of its definitions (a name may be defined twice)."""
        if self.tree is None:
            return {}
        found: dict[str, list[Scope]] = {MODULE: [self.tree]}
        stack: list[tuple[ast.AST, str]] = [(self.tree, "")]
        while stack:
            node, prefix = stack.pop()
            for child in ast.iter_child_nodes(node):
                if isinstance(child, _SCOPES):
                    found.setdefault(prefix + child.name, []).append(child)
                    stack.append((child, f"{prefix}{child.name}."))
                elif not isinstance(child, ast.expr):
                    stack.append((child, prefix))
        return {
            name: sorted(nodes, key=lambda node: getattr(node, "lineno", 0))
            for name, nodes in found.items()
        }

    @property
    def readable(self) -> bool:
        """Whether symbols can be looked up; if not, only ``<module>`` stands for the file."""
        return self.tree is not None

    def has(self, symbol: str) -> bool:
        """Say whether the file has this symbol."""
        return symbol in self.symbols or (symbol == MODULE and not self.readable)

    def spans(self, symbol: str) -> list[Span]:
        """Return the lines of each definition of a symbol; decorators belong to it.

        ``<module>`` gives the stretches between the top-level classes and functions, and the
        whole file where it is not parsed.
        """
        whole = Span(1, len(self.lines))
        if symbol != MODULE:
            return [_span(node) for node in self.symbols.get(symbol, ())]
        if self.tree is None:
            return [whole]
        inner = [
            span
            for name in self.symbols
            if "." not in name and name != MODULE
            for span in self.spans(name)
        ]
        edges = [Span(0, 0), *sorted(inner, key=lambda span: span.first)]
        edges.append(Span(whole.last + 1, whole.last + 1))
        return [
            Span(before.last + 1, after.first - 1)
            for before, after in pairwise(edges)
            if before.last < after.first - 1
        ]

    def symbol_at(self, span: Span) -> str:
        """Return the innermost symbol that holds all lines of a span."""
        holding = [
            (found.last - found.first, name)
            for name in self.symbols
            if name != MODULE
            for found in self.spans(name)
            if found.first <= span.first and span.last <= found.last
        ]
        return min(holding)[1] if holding else MODULE


def _span(node: Scope) -> Span:
    first = min(
        [getattr(node, "lineno", 1)] + [mark.lineno for mark in getattr(node, "decorator_list", ())]
    )
    return Span(first, getattr(node, "end_lineno", None) or first)


def quote_lines(quote: str) -> list[str]:
    """Return a quote's lines without common indentation and without blank lines at its ends."""
    return textwrap.dedent(quote.strip("\n")).rstrip().split("\n")


def locate(source: SourceFile, symbol: str, quote: str) -> list[Span]:
    """Return where a quote stands inside a symbol: every place, first one first.

    The lines must agree character for character; only indentation that all lines share may
    differ, and blank lines count as empty.
    """
    return [found for span in source.spans(symbol) for found in locate_lines(source, span, quote)]


def locate_lines(source: SourceFile, span: Span, quote: str) -> list[Span]:
    """Return where a quote stands within a span of lines."""
    wanted = quote_lines(quote)
    head = wanted[0].strip()
    if not head:
        return []
    lines, size = source.lines, len(wanted)
    starts = range(span.first - 1, span.last - size + 1)
    return [
        Span(start + 1, start + size)
        for start in starts
        if lines[start].strip() == head and _same(lines[start : start + size], wanted)
    ]


def _same(lines: list[str], wanted: list[str]) -> bool:
    return textwrap.dedent("\n".join(lines)).split("\n") == wanted


def locate_quote(text: str, symbol: str, quote: str) -> list[Span]:
    """Return where a quote stands inside a symbol of a Python text (see :func:`locate`)."""
    return locate(SourceFile(text), symbol, quote)
