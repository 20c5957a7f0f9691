"""Fold the string constants of a symbol: what its code can print, with holes for values.

Implicitly joined strings, ``+``, f-strings, ``%``, ``str.format``, ``str.join`` and
``textwrap.dedent`` are put together as far as they can be read off the syntax tree; whatever is
only known when the code runs becomes a hole. Runs of blanks and line breaks count as one blank,
as in the messages of the entries. Docstrings are left out: nobody prints them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from kb.symbols import MODULE, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLE = "\0"
_QUOTED = "\1"
_MOST = 8
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DOCUMENTED = (*_SCOPES, ast.Module)
_KEEPERS = {"strip", "lstrip", "rstrip", "replace", "lower", "upper", "capitalize", "encode"}
_WRAPPERS = {
    "dedent", "indent", "fill", "cleandoc", "Text", "from_markup", "escape", "str", "_", "style",
}  # fmt: skip
_PERCENT = re.compile(
    r"%(?:prog|default)|"
    r"%(?:\([^)]*\))?[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])"
)
_BRACES = re.compile(r"\{\{|\}\}|\{[^{}\s]*(?:\{[^{}]*\}[^{}]*)*\}")
_MARKUP = re.compile(r"\[/?[a-z][a-z0-9 _.#=:/-]*\]|\[/\]")
_LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'")


@dataclass(frozen=True)
class Folded:
    """One text that a symbol's code holds.

    Attributes:
        text: the text, blanks folded, :data:`HOLE` where a value goes.
        line: the line in which it begins.
    """

    text: str
    line: int

    @property
    def shown(self) -> str:
        """The text for a reader, with … for each hole."""
        return self.text.replace(HOLE, "…")


_KNOWN: WeakKeyDictionary[SourceFile, dict[str, list[list[Folded]]]] = WeakKeyDictionary()


def squeeze(text: str) -> str:
    """Return a text with each run of blanks and line breaks as one blank, and none at its ends."""
    return " ".join(text.split())


def texts_of(source: SourceFile, symbol: str) -> list[list[Folded]]:
    """Return the texts of a symbol in the order of the code.

    Each item lists the ways in which one expression can read: as it stands, and with its
    ``%s``, ``{}`` or rich markup such as ``[bold]`` taken as formatting, since the formatting
    may happen elsewhere.
    """
    known = _KNOWN.setdefault(source, {})
    if symbol not in known:
        known[symbol] = _fold_symbol(source, symbol)
    return known[symbol]


def _fold_symbol(source: SourceFile, symbol: str) -> list[list[Folded]]:
    if source.tree is None:
        return _texts_of_other(source) if symbol == MODULE else []
    return [
        _readings(group)
        for node in source.symbols.get(symbol, ())
        for group in Folder(node, own=symbol == MODULE).groups()
    ]


def folded_strings(source: SourceFile, symbol: str) -> list[Folded]:
    """Return every reading of every text of a symbol, in the order of the code."""
    return [folded for group in texts_of(source, symbol) for folded in group]


def _texts_of_other(source: SourceFile) -> list[list[Folded]]:
    """Take whatever looks like a string literal, where the file is not parsed as Python."""
    return [
        _readings([Folded(squeeze(found[1] or found[2] or ""), number)])
        for number, line in enumerate(source.lines, 1)
        for found in _LITERAL.finditer(line)
    ]


def _readings(group: list[Folded]) -> list[Folded]:
    found = {}
    for folded in group:
        text = folded.text
        percent = _PERCENT.sub(_value_of, text)
        braces = _BRACES.sub(_value_of, text)
        for reading in (text, percent, braces):
            plain = _MARKUP.sub("", reading).replace("\\[", "[")
            for made in (reading, plain):
                for filled in _quotings(made):
                    clean = squeeze(filled)
                    if clean:
                        found[clean] = Folded(clean, folded.line)
    return list(found.values())


def _quotings(text: str) -> Iterator[str]:
    """Give a text with each ``repr`` in it once bare and once in quotes, as values print both."""
    pieces = text.split(_QUOTED)
    ways = ((HOLE, f"'{HOLE}'") for _ in pieces[1:])
    for chosen in islice(product(*ways), _MOST):
        yield pieces[0] + "".join(map("".join, zip(chosen, pieces[1:], strict=True)))


def _value_of(mark: re.Match[str]) -> str:
    """Return what a format's mark prints: a brace, a percent sign, or a hole for a value."""
    text = mark[0]
    if text in ("{{", "}}", "%%"):
        return text[0]
    quoted = text.endswith("r") if text[0] == "%" else "!r" in text
    return _QUOTED if quoted else HOLE


class Folder:
    """Walk one class, function or module, and fold its string expressions.

    Args:
        top: the class, function or module.
        own: leave out the classes and functions inside it.
        plain: take an expression as it stands; a variable in it, or a choice, is a hole.
    """

    def __init__(self, top: ast.AST, *, own: bool, plain: bool = False) -> None:
        self._top = top
        self._own = own
        self._plain = plain
        self._done: set[int] = set()
        self._busy: set[str] = set()
        self._values: dict[str, list[ast.expr]] = {}
        self._nodes = list(self._walk())
        for node in () if plain else self._nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._remember(node.targets[0], node.value)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                self._remember(node.target, node.value)

    def groups(self) -> list[list[Folded]]:
        """Return the texts, each with its alternatives, in the order of the code."""
        found = []
        for node in self._nodes:
            if not isinstance(node, ast.expr) or id(node) in self._done:
                continue
            texts = self._fold(node)
            if texts and _has_text(node):
                place = (node.lineno, node.col_offset)
                found.append((place, [Folded(text, node.lineno) for text in dict.fromkeys(texts)]))
        return [group for _, group in sorted(found, key=lambda item: item[0])]

    def readings(self, node: ast.expr) -> list[Folded]:
        """Return the ways in which one of its expressions can read; none if it has no text."""
        texts = self._fold(node) or []
        return _readings([Folded(text, node.lineno) for text in dict.fromkeys(texts)])

    def _remember(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)

    def _walk(self) -> Iterator[ast.AST]:
        """Give the nodes from the outside in, without docstrings."""
        stack = [self._top]
        while stack:
            node = stack.pop()
            yield node
            if node is not self._top and self._own and isinstance(node, _SCOPES):
                continue
            skipped = _docstrings(node)
            stack.extend(
                child
                for child in ast.iter_child_nodes(node)
                if id(child) not in skipped and not (self._own and isinstance(child, _SCOPES))
            )

    def _fold(self, node: ast.expr) -> list[str] | None:
        """Return the texts an expression can have, or None if it is not known to be text."""
        texts = self._kinds(node)
        if texts is None:
            return None
        if not self._busy:
            self._done.add(id(node))
        return list(islice(dict.fromkeys(texts), _MOST))

    def _kinds(self, node: ast.expr) -> list[str] | None:  # noqa: PLR0911 - one return a kind
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                return _joined([self._piece(value) for value in values])
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._sum(left, right)
            case ast.BinOp(op=ast.Mod(), left=left, right=right):
                return self._percent(left, right)
            case ast.IfExp(body=body, orelse=orelse):
                return self._either([body, orelse])
            case ast.BoolOp(values=values):
                return self._either(values)
            case ast.NamedExpr(value=value):
                return self._fold(value)
            case ast.Name(id=name):
                return self._named(name)
            case ast.Call():
                return self._call(node)
        return None

    def _piece(self, node: ast.expr) -> list[str]:
        """Return the texts of a part of a larger text; a hole if nothing is known."""
        if isinstance(node, ast.FormattedValue):
            return [_QUOTED] if node.conversion == ord("r") else self._piece(node.value)
        texts = self._fold(node)
        if texts is None:
            return [HOLE]
        return texts if isinstance(node, ast.Constant) else [HOLE, *texts[: _MOST - 1]]

    def _sum(self, left: ast.expr, right: ast.expr) -> list[str] | None:
        first, second = self._fold(left), self._fold(right)
        if first is None and second is None:
            return None
        return _joined([first or [HOLE], second or [HOLE]])

    def _either(self, nodes: list[ast.expr]) -> list[str] | None:
        found = [self._fold(node) for node in nodes]
        if self._plain or all(texts is None for texts in found):
            return None
        return [text for texts in found for text in (texts or [HOLE])]

    def _named(self, name: str) -> list[str] | None:
        if name in self._busy or name not in self._values:
            return None
        self._busy.add(name)
        try:
            return self._either(self._values[name][:_MOST])
        finally:
            self._busy.discard(name)

    def _percent(self, left: ast.expr, right: ast.expr) -> list[str] | None:
        texts = self._fold(left)
        if texts is None:
            return None
        nodes = right.elts if isinstance(right, ast.Tuple) else [right]
        values = [] if isinstance(right, ast.Dict) else [self._piece(node) for node in nodes]
        return [made for text in texts for made in _filled(text, _PERCENT, values)]

    def _call(self, node: ast.Call) -> list[str] | None:
        called, arguments = node.func, node.args
        if isinstance(called, ast.Attribute):
            if called.attr == "format":
                texts = self._fold(called.value)
                values = [self._piece(argument) for argument in arguments]
                return texts and [m for text in texts for m in _filled(text, _BRACES, values)]
            if called.attr == "join" and len(arguments) == 1:
                return self._join(called.value, arguments[0])
            if called.attr in _KEEPERS:
                return self._fold(called.value)
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return self._fold(arguments[0]) if name in _WRAPPERS and arguments else None

    def _join(self, between: ast.expr, given: ast.expr) -> list[str] | None:
        texts = self._fold(between)
        if texts is None or not isinstance(given, ast.List | ast.Tuple):
            return None
        pieces: list[list[str]] = []
        for node in given.elts:
            pieces += [texts[:1], self._piece(node)]
        return _joined(pieces[1:])


def _has_text(node: ast.expr) -> bool:
    """Say whether an expression has a string of its own, apart from the variables it uses."""
    return any(
        isinstance(child, ast.Constant) and isinstance(child.value, str) for child in ast.walk(node)
    )


def _docstrings(node: ast.AST) -> set[int]:
    body = getattr(node, "body", None)
    if not isinstance(node, _DOCUMENTED) or not isinstance(body, list):
        return set()
    return {
        id(found)
        for found in body
        if isinstance(found, ast.Expr) and isinstance(found.value, ast.Constant)
    }


def _joined(pieces: list[list[str]]) -> list[str]:
    return ["".join(made) for made in islice(product(*pieces), _MOST)]


def _filled(text: str, marks: re.Pattern[str], values: list[list[str]]) -> Iterator[str]:
    """Put values into the places of a format, in order; a hole where the value is not known."""
    found = [mark for mark in marks.finditer(text) if _value_of(mark) in (HOLE, _QUOTED)]
    shown = [_value_of(mark) for mark in found]
    given = values if len(values) == len(found) else [[HOLE]] * len(found)
    known = [[how] if how == _QUOTED else texts for how, texts in zip(shown, given, strict=True)]
    for chosen in islice(product(*known), _MOST):
        parts = iter(chosen)
        yield marks.sub(partial(_part, parts=parts), text)


def _part(mark: re.Match[str], parts: Iterator[str]) -> str:
    value = _value_of(mark)
    return next(parts) if value in (HOLE, _QUOTED) else value
