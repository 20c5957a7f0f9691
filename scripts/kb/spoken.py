"""What an expression can say: its own text, and the texts of the names and helpers it uses.

A message is often put together before it is printed: ``msg += "…"``, ``parts.append("…")``, a
function of the same file that returns it. :class:`Speaker` follows these names. Each piece is a
:class:`Text` of its own, with a hole (:data:`kb.astfold.HOLE`) where another value goes.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.astfold import HOLE, Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.symbols import Scope, SourceFile

ONE_WORD = re.compile(r"[^\W\d_]{2}")
TWO_WORDS = re.compile(r"[^\W\d_]{2}\S* +\S*[^\W\d_]{2}")

_ADDERS = {"append", "extend", "insert", "add", "write"}
_ASKERS = {"split", "rsplit", "partition", "startswith", "endswith", "get", "getattr", "find"}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Text:
    """One text.

    Attributes:
        symbol: the symbol in whose code it stands.
        line: the line in which it begins.
        last: the line in which it ends.
        readings: the ways in which it can read (see :func:`kb.astfold.texts_of`); the one with
            most holes first.
    """

    symbol: str
    line: int
    last: int
    readings: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The text for a reader, with … for each value."""
        return self.readings[0].replace(HOLE, "…")


def name_of(node: ast.expr) -> str:
    """Return the last name of a dotted name; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def own(top: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes of a scope in the order of the code, without the scopes inside it."""
    for child in ast.iter_child_nodes(top):
        if not isinstance(child, _SCOPES):
            yield child
            yield from own(child)


class Speaker:
    """Knows what the names of one class, function or module stand for."""

    def __init__(self, symbol: str, top: Scope, source: SourceFile) -> None:
        self._symbol = symbol
        self._source = source
        self._folder = Folder(top, own=False, plain=True)
        self._values = _bindings(ast.walk(top))
        if source.tree is not None:
            for name, values in _bindings(own(source.tree)).items():
                self._values.setdefault(name, values)
        self._busy: set[str] = set()

    def texts(
        self, said: Iterable[ast.expr], need: re.Pattern[str], *, follow: bool = True
    ) -> list[Text]:
        """Return what expressions say, in the order of the code.

        Args:
            said: the expressions.
            need: what a text must hold to count as one, if it stands in the expression itself;
                elsewhere it must have two words.
            follow: follow names and helpers as well.
        """
        found: dict[tuple[str, ...], Text] = {}
        for node in said:
            for text in self._pieces(node, need, names=follow, helpers=follow):
                found.setdefault(text.readings, text)
        return list(found.values())

    def _pieces(
        self, node: ast.expr, need: re.Pattern[str], *, names: bool, helpers: bool
    ) -> Iterator[Text]:
        """Give the text of an expression and of its parts.

        Args:
            node: the expression.
            need: what a text must hold.
            names: follow names.
            helpers: follow functions, too. What is only put into a text is no message.
        """
        readings = [folded.text for folded in self._folder.readings(node)]
        if any(need.search(reading.replace(HOLE, " ")) for reading in readings):
            readings.sort(key=lambda reading: (-reading.count(HOLE), len(reading)))
            last = node.end_lineno or node.lineno
            yield Text(self._symbol, node.lineno, last, tuple(readings))
            for hole in _holes(node):
                yield from self._pieces(hole, TWO_WORDS, names=names, helpers=helpers)
            return
        if isinstance(node, ast.Name) and names:
            yield from self._named(node.id, helpers=helpers)
        elif isinstance(node, ast.Call) and helpers:
            yield from self._helper(node.func)
        for part in _parts(node):
            yield from self._pieces(part, TWO_WORDS, names=names, helpers=helpers)

    def _named(self, name: str, *, helpers: bool) -> Iterator[Text]:
        """Give the texts of what a name was given, or of what was added to it."""
        if name not in self._busy:
            self._busy.add(name)
            for value in self._values.get(name, ()):
                yield from self._pieces(value, TWO_WORDS, names=True, helpers=helpers)
            self._busy.discard(name)

    def _helper(self, called: ast.expr) -> Iterator[Text]:
        """Give the texts that a function of the same file returns."""
        if isinstance(called, ast.Attribute) and name_of(called.value) not in {"self", "cls"}:
            return
        for symbol, nodes in self._source.symbols.items():
            if symbol.rpartition(".")[2] != name_of(called) or symbol in self._busy:
                continue
            for top in nodes:
                if isinstance(top, _FUNCTIONS):
                    speaker = Speaker(symbol, top, self._source)
                    speaker._busy = {*self._busy, symbol}
                    for node in own(top):
                        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                            value = node.value
                            yield from speaker._pieces(value, TWO_WORDS, names=True, helpers=True)


def _bindings(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """Return the expressions that each name is given, or that are added to it."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        for target, value in _given(node):
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(value)
    return found


def _given(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
            elif isinstance(target, ast.Tuple):
                yield from ((one, node.value) for one in target.elts)
            else:
                yield target, node.value
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
        yield node.target, node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        added = node.args if node.func.attr in _ADDERS else []
        yield from ((node.func.value, value) for value in added)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """Give the parts of an expression that can be part of its text."""
    match node:
        case ast.Call(func=called, args=arguments, keywords=keywords):
            if isinstance(called, ast.Attribute):
                yield called.value
            if name_of(called) not in _ASKERS:
                yield from arguments
            yield from (one.value for one in keywords)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Subscript(value=value) | ast.FormattedValue(value=value):
            yield value
        case ast.GeneratorExp(elt=elt) | ast.ListComp(elt=elt):
            yield elt
        case ast.Compare() | ast.Dict() | ast.Attribute() | ast.Lambda():
            return
        case _:
            yield from (one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))


def _holes(node: ast.expr) -> Iterator[ast.expr]:
    """Give the names and choices inside a text: each is a hole in it."""
    for part in _parts(node):
        if isinstance(part, ast.Name | ast.IfExp | ast.BoolOp):
            yield part
        else:
            yield from _holes(part)
