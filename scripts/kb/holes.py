"""Turn the values in a printed line into typed placeholders."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.model import PLACEHOLDER_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_FILES = (
    r"(?:whl|tar\.gz|tar\.bz2|zip|egg|py|pyx|pyd|c|cc|cpp|cxx|h|hpp|rs|toml|cfg|ini|txt|json|ya?ml|"
    r"so|dll|dylib|lib|exe|build|in|md|rst|lock|log)"
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("url", r"[A-Za-z][A-Za-z0-9+.-]*://\S+"),
    ("hash", r"[0-9a-f]{32,128}"),
    ("option", r"--?[A-Za-z][\w-]*"),
    ("specifier", r"(?:[<>=!~]=?=?\s*[\w.*!+]+)(?:\s*,\s*[<>=!~]=?=?\s*[\w.*!+]+)*"),
    ("requirement", rf"{_NAME}(?:\[[\w,. -]*\])?\s*(?:[<>=!~]=?=?\s*[\w.*!+]+,?\s*)+"),
    ("filename", rf"[\w.+@~=-]+\.{_FILES}"),
    (
        "path",
        r"(?:~|\.{1,2})?(?:/[^\s/'\"]+)+/?|[A-Za-z]:[\\/]\S*|\.{1,2}|[\w.-]+(?:[\\/][\w.@+-]+)+",
    ),
    ("number", r"\d+"),
    ("version", r"v?\d+(?:\.(?:\d+|\*))+\S*|\d+(?:\.\d+)*(?:a|b|rc|\.post|\.dev|\+)\S*"),
    ("package", _NAME),
)
_WHOLE = tuple((kind, re.compile(pattern, re.ASCII)) for kind, pattern in _KINDS)
_BEFORE: tuple[tuple[str, str], ...] = (
    ("python_version", r"\bpython\s+(?:version\s+)?\(?['\"]?$"),
    ("module", r"\bmodules?(?:\s+named)?\s+['\"]?$|\bimport\s+['\"]?$"),
    ("host", r"\bhost(?:name)?\s*[:=]?\s*['\"]?$"),
    ("extra", r"\bextra\s+['\"]?$"),
    ("command", r"\bcommand:?\s+['\"]?$"),
)
_ALLOWED = {
    "python_version": r"\d[\w.+]*", "module": r"[A-Za-z_][\w.]*", "extra": _NAME,
    "host": r"[\w.-]+(?::\d+)?", "command": r".+",
}  # fmt: skip
_END = r"(?<![.,:;!?)\]])"
_TOKEN = re.compile(
    r"(?P<quoted>(?<!\w)'[^'\n]+'(?!\w)|\"[^\"\n]+\"|`[^`\n]+`|\u2018[^\u2019\n]+\u2019)"
    rf"|(?P<url>\b[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+{_END})"
    rf"|(?P<path>(?<![\w.])(?:~|\.{{1,2}})?(?:/[^\s/'\":,;()]+){{2,}}/?{_END}"
    rf"|\b[A-Za-z]:\\[^\s'\"]+{_END})"
    r"|(?P<hash>\b[0-9a-f]{32,128}\b)"
    rf"|(?P<requirement>\b{_NAME}(?:\[[\w,-]*\])?(?:[<>=!~]=[\w.*!+]+,?)+(?<!,))"
    rf"|(?P<filename>(?<![\w./-])[\w.+@~=-]+\.{_FILES}\b(?!\())"
    r"|(?P<specifier>(?<!\S)[<>=!~]=?=?\s?\d[\w.*,<>=]*)"
    rf"|(?P<version>(?<![\w.-])v?\d+(?:\.\d+)+[\w.+!]*{_END})"
    r"|(?P<number>(?<![\w.-])\d+(?![\w.-]))",
    re.ASCII,
)


_OF_PYTHON = re.compile(r"\W*(?:Attribute|Name|Type|Import)Error: ", re.ASCII)
"""Exceptions of Python that tell by the names that they quote: of attributes, and what has none."""


@dataclass
class Holes:
    """The placeholders of one entry: names, types, and the values that they stood for.

    Attributes:
        types: the types of the placeholders whose name is not itself a type, by name.
        values: what stood in each one's place, by name.
    """

    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def name(self, kind: str, value: str) -> str:
        """Return the name of the placeholder for a value; the same value gets the same name."""
        number = 1
        while True:
            name = kind if number == 1 else f"{kind}_{number}"
            if self.values.setdefault(name, value) == value:
                if name not in PLACEHOLDER_TYPES:
                    self.types[name] = kind
                return name
            number += 1

    def fill(self, literals: Sequence[str], values: Sequence[str]) -> str:
        """Return the template of a text that is known to be made of literals and values.

        Args:
            literals: the fixed texts, one more than there are values.
            values: what stands between them.
        """
        text, joined = _doubled(literals[0]), ""
        for number, (last, literal) in enumerate(zip(values, literals[1:], strict=True), 1):
            joined += last
            if not literal and number < len(values):
                continue  # nothing stands between this value and the next: they are one
            value, joined = joined, ""
            mark = value[0] if len(value) > 2 and value[0] == value[-1] in "'\"`" else ""  # noqa: PLR2004
            inner = value.removeprefix(mark).removesuffix(mark)
            name = self.name(kind_of(inner, text + mark), inner)
            text += f"{mark}{{{name}}}{mark}{_doubled(literal)}"
        return text

    def template(self, line: str, packages: Iterable[str] = ()) -> str:
        """Return the template of a line of which nobody knows what is fixed in it.

        What stands in quotes, addresses, paths, requirements, versions and numbers are values,
        and so are the names of the packages that the command asked for. Names that an exception
        of Python quotes are kept.

        Args:
            line: the line.
            packages: names of packages.
        """
        made, at = "", 0
        of_python = _OF_PYTHON.match(line)
        for found in _TOKEN.finditer(line):
            made += self._words(line[at : found.start()], packages)
            kind, value = str(found.lastgroup), found[0]
            before = after = ""
            if kind == "quoted" and of_python and value[1:-1].isidentifier():
                made += value
                at = found.end()
                continue
            if kind == "quoted":
                before, value, after = value[0], value[1:-1], value[-1]
                kind = kind_of(value, made + before)
            elif kind in ("version", "number"):
                kind = kind_of(value, made) if kind == "version" else "number"
            made += f"{before}{{{self.name(kind, value)}}}{after}"
            at = found.end()
        return made + self._words(line[at:], packages)

    def _words(self, text: str, packages: Iterable[str]) -> str:
        names = [re.escape(name) for name in packages if len(name) > 1]
        made, at = "", 0
        for found in (
            re.finditer(rf"(?<![\w.-])(?:{'|'.join(names)})(?![\w-])", text) if names else ()
        ):
            made += f"{_doubled(text[at : found.start()])}{{{self.name('package', found[0])}}}"
            at = found.end()
        return made + _doubled(text[at:])


def kind_of(value: str, before: str = "") -> str:
    """Return the type of placeholder that a value fits, by its form and the words before it."""
    for kind, pattern in _BEFORE:
        if re.search(pattern, before, re.IGNORECASE) and re.fullmatch(_ALLOWED[kind], value):
            return kind
    for kind, form in _WHOLE:
        if form.fullmatch(value):
            return kind
    return "text"


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
