"""Find the message sites of a release of pip: each place whose text can reach a user.

A site makes an exception, logs a warning or worse, deprecates, calls an error of the option
parser, or prints before it exits or to the standard error. A text that stands in an exception
class (the message, context, note and hint of a diagnostic error, what ``__str__`` returns) is a
site as well. Everything is read off the syntax tree (:mod:`ast`); nothing is imported or run.

What is raised again as it came (``raise``, ``raise error``) and what ``assert`` says are counted
apart: the former has its text elsewhere, the latter is not meant to be seen.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.spoken import ONE_WORD, TWO_WORDS, Speaker, Text, name_of, own

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.pipsource import Release
    from kb.symbols import Scope, SourceFile

ROOT = "pip/_internal/"

_LEVELS = {"warning", "warn", "error", "critical", "exception", "fatal"}
_QUIET = {"DEBUG", "INFO", "VERBOSE"}
_LOGGERS = {"logger", "subprocess_logger", "logging"}
_NOT_SHOWN = {"__repr__", "__rich_console__"}
_BUILTIN = {
    name
    for name, found in vars(builtins).items()
    if isinstance(found, type) and issubclass(found, BaseException)
}
_EXCEPTION = re.compile(r"[A-Z]\w*(?:Error|Exception)")


class Means(StrEnum):
    """How a site brings its text to the user."""

    RAISE = "raise"
    LOG = "log"
    DEPRECATE = "deprecate"
    PARSER = "parser"
    PRINT = "print"
    CLASS = "class"


@dataclass(frozen=True)
class MessageSite:
    """One place.

    Attributes:
        path: path in the repository at the tag.
        symbol: qualified name of the innermost class or function; ``<module>`` at the top.
        first: its first line.
        last: its last line.
        means: how it brings its text to the user.
        made: name of the exception it makes, or in whose class the text stands; or empty.
        texts: what it prints, as far as the code says; empty where only a value is printed.
        code: its code on one line.
    """

    path: str
    symbol: str
    first: int
    last: int
    means: Means
    made: str
    texts: tuple[Text, ...]
    code: str

    @property
    def shown(self) -> str:
        """Its texts for a reader; its code where it has none."""
        return " | ".join(text.shown for text in self.texts) or self.code


@dataclass(frozen=True)
class Survey:
    """What a release has.

    Attributes:
        sites: the sites by path and line.
        again: how many times something is raised again as it came.
        asserts: how many assertions have a text.
        slugs: pip's own references of errors, each with path and line.
        speaking: the exception classes that have a text of their own.
    """

    sites: tuple[MessageSite, ...]
    again: int
    asserts: int
    slugs: dict[str, tuple[str, int]]
    speaking: frozenset[str]


def survey(release: Release) -> Survey:
    """Return the message sites of a release of pip.

    Raises:
        UnavailableError: the release cannot be read.
    """
    files = [
        (path, source)
        for path, source in release.files()
        if path.removeprefix("src/").startswith(ROOT) and source.tree is not None
    ]
    classes = _exceptions(source for _, source in files)
    readers = [_Reader(path, source, classes) for path, source in files]
    in_classes = [site for reader in readers for site in reader.class_texts()]
    speaking = frozenset(site.made for site in in_classes)
    sites = [site for reader in readers for site in reader.sites(speaking)] + in_classes
    slugs: dict[str, tuple[str, int]] = {}
    for reader in readers:
        slugs |= reader.slugs()
    return Survey(
        sites=tuple(sorted(sites, key=lambda site: (site.path, site.first, site.last))),
        again=sum(reader.again for reader in readers),
        asserts=sum(reader.asserts for reader in readers),
        slugs=dict(sorted(slugs.items())),
        speaking=speaking,
    )


def _exceptions(sources: Iterable[SourceFile]) -> set[str]:
    """Return the names of pip's exception classes, found by the names of their bases."""
    bases = {
        node.name: {name_of(base) for base in node.bases}
        for source in sources
        for nodes in source.symbols.values()
        for node in nodes
        if isinstance(node, ast.ClassDef)
    }
    found: set[str] = set()
    fresh = set(bases)
    while fresh:
        fresh = {
            name
            for name, parents in bases.items()
            if name not in found
            and any(
                one in found | _BUILTIN or (one not in bases and _EXCEPTION.fullmatch(one))
                for one in parents
            )
        }
        found |= fresh
    return found


class _Reader:
    """Reads one file."""

    def __init__(self, path: str, source: SourceFile, classes: set[str]) -> None:
        self._path = path
        self._source = source
        self._classes = classes
        self.again = 0
        self.asserts = 0

    def slugs(self) -> dict[str, tuple[str, int]]:
        """Return the references that errors of this file have: ``reference = "…"``."""
        found = {}
        for _, top in self._scopes():
            for node in own(top):
                value = _reference(node)
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[value.value] = (self._path, value.lineno)
        return found

    def class_texts(self) -> Iterator[MessageSite]:
        """Give the texts that stand in exception classes, apart from what these raise or log."""
        for symbol, top in self._scopes():
            made = next((name for name in symbol.split(".") if name in self._classes), "")
            if not made or symbol.rpartition(".")[2] in _NOT_SHOWN:
                continue
            speaker = Speaker(symbol, top, self._source)
            for node in own(top):
                said, need = self._said_in_class(node)
                for text in speaker.texts(said, need, follow=False):
                    code = " ".join(ast.unparse(node).split())
                    place = (self._path, symbol, text.line, text.last)
                    yield MessageSite(*place, Means.CLASS, made, (text,), code)

    def _said_in_class(self, node: ast.AST) -> tuple[list[ast.expr], re.Pattern[str]]:
        """Return what a node of an exception class prints, and what counts as text in it."""
        if isinstance(node, ast.Return) and node.value is not None:
            return ([] if self._call(node.value) else [node.value]), ONE_WORD
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
            return ([] if self._call(node.value) else [node.value]), TWO_WORDS
        if isinstance(node, ast.Call) and name_of(node.func) in {"__init__", "append", "extend"}:
            given = [one.value for one in node.keywords if one.arg != "reference"]
            return [*node.args, *given], ONE_WORD
        return [], ONE_WORD

    def sites(self, speaking: frozenset[str]) -> Iterator[MessageSite]:
        """Give the sites of this file that are not texts in exception classes.

        Args:
            speaking: the exception classes that have a text of their own. A single word that
                is given to one of them is a value, not a text.
        """
        for symbol, top in self._scopes():
            speaker = Speaker(symbol, top, self._source)
            for node in (top, *own(top)):
                if isinstance(node, ast.Assert):
                    self.asserts += node.msg is not None
                elif isinstance(node, ast.Raise):
                    if made := self._raised(node.exc):
                        yield self._site(symbol, node, Means.RAISE, made, [])
                    elif not (isinstance(node.exc, ast.Call) and self._call(node.exc)):
                        self.again += 1
                elif found := self._call(node) or _last_words(node):
                    call, means, made, said = found
                    need = TWO_WORDS if made in speaking else ONE_WORD
                    yield self._site(symbol, call, means, made, speaker.texts(said, need))

    def _scopes(self) -> Iterator[tuple[str, Scope]]:
        for symbol, nodes in self._source.symbols.items():
            for node in nodes:
                yield symbol, node

    def _is_exception(self, node: ast.expr) -> bool:
        name = name_of(node)
        return name in self._classes or name in _BUILTIN or bool(_EXCEPTION.fullmatch(name))

    def _raised(self, node: ast.expr | None) -> str:
        """Return the exception that is raised without a call of its class: X, X.from_it(…)."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        named = isinstance(node, ast.Name | ast.Attribute) and self._is_exception(node)
        return name_of(node) if named and node is not None else ""

    def _call(self, node: ast.AST) -> tuple[ast.Call, Means, str, list[ast.expr]] | None:
        """Return what a call prints if it is a site: itself, how, the exception, the values."""
        if not isinstance(node, ast.Call):
            return None
        given = {one.arg: one.value for one in node.keywords}
        if self._is_exception(node.func):
            return node, Means.RAISE, name_of(node.func), [*node.args, *given.values()]
        found = _logged(node) or _parser_error(node, given) or _printed(node, given)
        if name_of(node.func) == "deprecated":
            said = [given[name] for name in ("reason", "replacement") if name in given]
            found = Means.DEPRECATE, said
        return (node, found[0], "", found[1]) if found else None

    def _site(
        self, symbol: str, node: ast.expr | ast.stmt, means: Means, made: str, texts: list[Text]
    ) -> MessageSite:
        code = " ".join(ast.unparse(node).split())
        last = node.end_lineno or node.lineno
        return MessageSite(self._path, symbol, node.lineno, last, means, made, tuple(texts), code)


def _reference(node: ast.AST) -> ast.expr | None:
    """Return the value that is given to ``reference``, in a class or in a call."""
    if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "reference":
        return node.value
    return node.value if isinstance(node, ast.keyword) and node.arg == "reference" else None


def _holder(node: ast.Call) -> str:
    return name_of(node.func.value) if isinstance(node.func, ast.Attribute) else ""


def _logged(node: ast.Call) -> tuple[Means, list[ast.expr]] | None:
    name, holder = name_of(node.func), _holder(node)
    if (name in _LEVELS and holder in _LOGGERS) or (name == "warn" and holder == "warnings"):
        return Means.LOG, node.args
    if name == "log" and holder in _LOGGERS and name_of(node.args[0]) not in _QUIET:
        return Means.LOG, node.args[1:]
    return None


def _parser_error(
    node: ast.Call, given: dict[str | None, ast.expr]
) -> tuple[Means, list[ast.expr]] | None:
    name, holder = name_of(node.func), _holder(node)
    if name == "raise_option_error":
        return Means.PARSER, [*node.args[2:], *([given["msg"]] if "msg" in given else [])]
    if name == "error" and holder in {"parser", "self"}:
        return Means.PARSER, node.args
    if name == "exit" and holder in {"parser", "self"}:
        return Means.PARSER, node.args[1:]
    return None


def _printed(
    node: ast.Call, given: dict[str | None, ast.expr]
) -> tuple[Means, list[ast.expr]] | None:
    called = ast.unparse(node.func)
    to_stderr = "file" in given and ast.unparse(given["file"]) == "sys.stderr"
    if called == "sys.stderr.write" or (name_of(node.func).startswith("print") and to_stderr):
        return Means.PRINT, node.args
    if called == "sys.exit" and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
        return Means.PRINT, node.args
    if called == "sys.exit" and node.args and isinstance(node.args[0], ast.Constant):
        return (Means.PRINT, node.args) if isinstance(node.args[0].value, str) else None
    return None


def _last_words(node: ast.AST) -> tuple[ast.Call, Means, str, list[ast.expr]] | None:
    """Return what a block prints to the standard output just before it ends the program."""
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        for before, after in pairwise(body if isinstance(body, list) else []):
            said, end = getattr(before, "value", None), getattr(after, "value", None)
            if (
                isinstance(said, ast.Call)
                and isinstance(end, ast.Call)
                and name_of(said.func) == "print"
                and not said.keywords
                and ast.unparse(end.func) == "sys.exit"
            ):
                return said, Means.PRINT, "", said.args
    return None
