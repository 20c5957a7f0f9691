"""The texts of an entry or procedure, each with its field and with what it may hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel

from kb.inline import Parsed, parse, parse_template
from kb.model import Command, Example, File, Part, PrintedBy, Site, Source, Step, WordedBy, Wording
from kb.recipe import Dist, Proof, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.load import Document
    from kb.model import Entry, Procedure

    Readable = Document[Entry] | Document[Procedure]


class Use(Enum):
    """What a text may hold."""

    PROSE = "prose"
    """The inline subset of Markdown, and placeholders."""
    MESSAGE = "message"
    """What a program prints, with placeholders for what changes."""
    COMMAND = "command"
    """A command, with placeholders."""
    FILE = "file"
    """Lines for a file, with placeholders."""
    VERBATIM = "verbatim"
    """Shown as it is written."""


USES: dict[type[BaseModel], dict[str, Use]] = {
    Part: {"text": Use.MESSAGE},
    Wording: {"near": Use.VERBATIM, "unless": Use.VERBATIM},
    Command: {"text": Use.COMMAND},
    File: {"name": Use.VERBATIM, "text": Use.FILE},
    Source: dict.fromkeys(("project", "path", "symbol", "lines", "quote"), Use.VERBATIM),
    Site: dict.fromkeys(("path", "symbol", "text"), Use.VERBATIM),
    WordedBy: dict.fromkeys(("program", "release", "licence"), Use.VERBATIM),
    Example: {"command": Use.VERBATIM, "output": Use.VERBATIM},
    PrintedBy: {"os": Use.VERBATIM},
    Recipe: {"caption": Use.PROSE},
}
"""The texts that are not prose, by model and field."""
NAMES = {
    *("id", "url", "release", "releases", "since", "until", "needs_pip", "pip", "python"),
    *("source", "seen", "evidence", "procedure", "causes", "related", "consequence_of"),
    *("aliases", "slugs", "placeholders"),
}
"""Fields that hold ids, releases and addresses: no text at all."""


@dataclass(frozen=True)
class TextAt:
    """A text and its place.

    Attributes:
        field: dotted path of the field.
        value: the text.
        use: what it may hold.
    """

    field: str
    value: str
    use: Use

    @cached_property
    def parsed(self) -> Parsed:
        """The text taken apart, as prose or as a template."""
        return parse(self.value) if self.use is Use.PROSE else parse_template(self.value)

    @property
    def section(self) -> str:
        """The entry's field that it belongs to, such as ``dead_ends``."""
        return self.field.partition(".")[0]


def texts(document: Readable) -> list[TextAt]:
    """Return every text of an entry or procedure, in the order of the model.

    Args:
        document: what was loaded.

    Returns:
        The texts; ids, releases and words of a vocabulary are not among them.
    """
    return list(_walk(document.value, ""))


def children(value: object, field: str) -> Iterator[tuple[str, object]]:
    """Return what a field holds: the items of a tuple or mapping, or the value itself.

    Args:
        value: the field's value.
        field: its dotted path.

    Yields:
        Path and value of each.
    """
    if isinstance(value, tuple):
        yield from ((f"{field}.{number}", item) for number, item in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"{field}.{key}", item) for key, item in value.items())
    else:
        yield field, value


def _walk(model: BaseModel, prefix: str) -> Iterator[TextAt]:
    uses = USES.get(type(model), {})
    otherwise = Use.VERBATIM if isinstance(model, (Recipe, Dist, Proof)) else Use.PROSE
    for name, held in model:
        if held is None:
            continue
        for field, value in children(held, f"{prefix}{name}"):
            if isinstance(value, BaseModel):
                yield from _walk(value, f"{field}.")
            elif (
                isinstance(value, str)
                and not isinstance(value, StrEnum)
                and (name in uses or name not in NAMES)
            ):
                yield TextAt(field, value, uses.get(name, otherwise))


def steps(document: Readable) -> list[tuple[str, Step]]:
    """Return every step of an entry or procedure with its field.

    Args:
        document: what was loaded.

    Returns:
        The steps, wherever they stand.
    """
    return list(_steps(document.value, ""))


def _steps(model: BaseModel, prefix: str) -> Iterator[tuple[str, Step]]:
    for name, held in model:
        if not isinstance(held, (tuple, BaseModel)):
            continue
        for field, value in children(held, f"{prefix}{name}"):
            if isinstance(value, Step):
                yield field, value
            elif isinstance(value, BaseModel):
                yield from _steps(value, f"{field}.")
