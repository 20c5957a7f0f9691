"""The prose of entries taken apart: plain text with a small subset of inline Markdown.

The subset: `` `code` ``, ``**bold**``, ``[text](https://…)``, ``[ENTRY_ID]``,
``[procedure:id]``, ``{placeholder}`` (``{{`` and ``}}`` for braces), a blank line between
paragraphs, and a list where each line of a paragraph starts with ``- ``. Everything else shows
as it is written, HTML above all. A mistake shows as it is written too, and is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Text:
    """Text as it is shown."""

    text: str


@dataclass(frozen=True)
class Placeholder:
    """A place for a value out of a log."""

    name: str


@dataclass(frozen=True)
class Ref:
    """A link to an entry or a procedure."""

    kind: str
    id: str


@dataclass(frozen=True)
class Span:
    """Code, bold text, or the text of a link to ``address``."""

    kind: str
    children: tuple[Inline, ...]
    address: str = ""


Inline: TypeAlias = Text | Placeholder | Ref | Span


@dataclass(frozen=True)
class Block:
    """A paragraph (one item) or a list (an item a line)."""

    is_list: bool
    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True)
class Parsed:
    """A text taken apart.

    Attributes:
        blocks: its paragraphs and lists.
        problems: what is wrong in it, each with a hint.
    """

    blocks: tuple[Block, ...]
    problems: tuple[tuple[str, str], ...]

    def walk(self, *, code: bool = True) -> Iterable[Inline]:
        """Return every inline part, spans before what they hold.

        Args:
            code: whether what code spans hold is among them.

        Yields:
            The parts in the order of the text.
        """
        waiting = [part for block in self.blocks for item in block.items for part in item]
        while waiting:
            part = waiting.pop(0)
            yield part
            if isinstance(part, Span) and (code or part.kind != "code"):
                waiting = [*part.children, *waiting]


_TOKEN = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<bold>(?=\S)(?:[^*`]|`[^`]*`|\*(?!\*))+?(?<=\S))\*\*"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<address>https://[^\s(){}<>\"']+)\)"
    r"|(?<!\w)\[procedure:(?P<procedure>[a-z0-9-]+)\]"
    r"|(?<!\w)\[(?P<entry>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\](?!\()"
    r"|\{\{|\}\}|\{(?P<name>[a-z][a-z0-9_]*)\}"
    r"|(?P<wrong>[{}`]|\*\*|\]\([^\s)]*\)?)"
)
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z][a-z0-9_]*)\}|(?P<wrong>[{}])")
_WRONG = {
    "{": ("a { that begins no placeholder", "write {{ for a brace that is shown"),
    "}": ("a } that ends no placeholder", "write }} for a brace that is shown"),
    "`": ("a ` without a second one", "close the `code` with a second `"),
    "*": ("** without a second one", "close the **bold** text, or put it in `backticks`"),
    "]": (
        "the link LINK is not an https address",
        "write [text](https://…), without quotes or braces",
    ),
}


@lru_cache(maxsize=1 << 16)
def parse(text: str) -> Parsed:
    """Take a text apart; the checks, the pages and the data all ask for the same ones.

    Args:
        text: prose as an entry has it.

    Returns:
        Its parts, and what is wrong in it.
    """
    problems: list[tuple[str, str]] = []
    blocks = []
    for paragraph in re.split(r"\n[ ]*\n\s*", text.strip()):
        rows = [row.strip() for row in paragraph.split("\n")]
        if not rows[0].startswith("- "):
            if any(row.startswith("- ") for row in rows):
                hint = "put a blank line above the list's first line"
                problems.append(("a list that begins inside a paragraph", hint))
            items = [" ".join(rows)]
        else:
            items = []
            for row in rows:
                if row.startswith("- "):
                    items.append(row[2:].strip())
                else:
                    items[-1] += f" {row}"
        blocks.append(
            Block(
                rows[0].startswith("- "), tuple(_inline(item, _TOKEN, problems) for item in items)
            )
        )
    return Parsed(tuple(blocks), tuple(problems))


@lru_cache(maxsize=1 << 16)
def parse_template(text: str) -> Parsed:
    """Take a command or a file's text apart: placeholders and nothing else.

    Args:
        text: a command or the lines of a file.

    Returns:
        One block, its line breaks kept, and what is wrong in it.
    """
    problems: list[tuple[str, str]] = []
    block = Block(is_list=False, items=(_inline(text, _BRACES, problems),))
    return Parsed((block,), tuple(problems))


def _inline(
    text: str, tokens: re.Pattern[str], problems: list[tuple[str, str]]
) -> tuple[Inline, ...]:
    """Take one paragraph, list item, span or command apart."""
    parts: list[Inline] = []
    start = 0
    for found in tokens.finditer(text):
        parts.append(Text(text[start : found.start()]))
        start = found.end()
        group = found.lastgroup
        if group is None:
            parts.append(Text(found[0][0]))
        elif group == "name":
            parts.append(Placeholder(found["name"]))
        elif group == "code":
            parts.append(Span("code", _inline(found["code"], _BRACES, problems)))
        elif group == "bold":
            parts.append(Span("bold", _inline(found["bold"], tokens, problems)))
        elif group == "address":
            label = _inline(found["label"], tokens, problems)
            parts.append(Span("link", label, found["address"]))
        elif group == "wrong":
            problem, hint = _WRONG[found[0][0]]
            problems.append((problem.replace("LINK", found[0][1:]), hint))
            parts.append(Text(found[0]))
        else:
            parts.append(Ref(group, found[group]))
    parts.append(Text(text[start:]))
    return tuple(part for part in parts if part != Text(""))
