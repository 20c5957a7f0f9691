"""Say in Markdown what a change does to the entries: each one before and after.

The text goes to a page of GitHub and holds what anybody may propose. So everything out of an
entry stands inside a fence of backticks that is longer than any in it, where Markdown and HTML
mean nothing; ids are letters, digits and underscores.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from kb import offline
from kb.explain.knowledge import Knowledge, Target
from kb.explain.page import Writer
from kb.explain.screen import Screen, printable
from kb.fields import ID_PATTERN
from kb.patterns import compile_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.address import Site
    from kb.load import Document, Loaded
    from kb.model import Entry

WIDTH = 100
MOST_LINES = 400
"""Lines of one entry's difference that are shown."""
MOST = 900_000
"""Bytes of the whole: GitHub takes a megabyte."""


def summary(ids: Sequence[str], old: Loaded, new: Loaded, site: Site) -> str:
    """Return what changed, as Markdown.

    Args:
        ids: the entries whose files differ.
        old: the entries before.
        new: the entries now.
        site: name and addresses of the site.
    """
    if not ids:
        return "No entry changes.\n"
    sides = (_Side(old, site), _Side(new, site))
    rows = [
        f"{_many(len(ids), 'entry', 'entries')} changed.",
        "",
        "| entry | before | after |",
        "| --- | --- | --- |",
    ]
    named = [name for name in ids if re.fullmatch(ID_PATTERN, name)]
    rows += [f"| `{name}` | {' | '.join(side.row(name) for side in sides)} |" for name in named]
    text = "\n".join(rows) + "\n"
    for name in named:
        part = _difference(name, *(side.page(name) for side in sides))
        if len((text + part).encode()) > MOST:
            return f"{text}\nThe rest is left out: it is too long for this page.\n"
        text += part
    return text


class _Side:
    """The entries of one side."""

    def __init__(self, loaded: Loaded, site: Site) -> None:
        self._loaded = loaded
        self._knowledge = Knowledge(compile_patterns(loaded), offline.pages(loaded, site))
        self._broken = {one.path.rpartition("/")[2]: str(one) for one in loaded.findings}

    def row(self, name: str) -> str:
        """Return the status of an entry and what it has, for a table."""
        document = self._loaded.entries.get(name)
        if document is None:
            return "cannot be read" if f"{name}.yml" in self._broken else "none"
        entry = document.value
        counts = [
            _many(len(items), one, several)
            for items, one, several in (
                (entry.messages, "wording", "wordings"),
                (entry.causes or (), "cause", "causes"),
                (entry.fixes or (), "fix", "fixes"),
                (entry.dead_ends or (), "dead end", "dead ends"),
                (entry.sources or (), "source", "sources"),
                ((entry.lab and entry.lab.recipes) or (), "recipe", "recipes"),
            )
            if items
        ]
        return f"{entry.status}: {', '.join(counts)}"

    def page(self, name: str) -> list[str]:
        """Return the page as text, in lines."""
        document = self._loaded.entries.get(name)
        if document is None:
            return self._broken.get(f"{name}.yml", "").splitlines()
        screen = Screen(color=False, width=WIDTH)
        Writer(self._knowledge, screen, Target("entries", name), "all", {}).manual()
        return [*screen.text().splitlines(), *_evidence(document)]


def _evidence(document: Document[Entry]) -> Iterator[str]:
    """Give what the page shows beside its help: texts, quotes and examples."""
    entry = document.value
    for wording in entry.messages:
        yield f"PRINTED since {wording.since or '?'}, until {wording.until or 'now'}"
        for part in wording.parts:
            yield f"    {part.kind}: {part.text}"
    for source in entry.sources or ():
        yield f"SOURCE {source.project} {source.release} {source.path} {source.symbol}"
        yield from (f"    {line}" for line in (source.quote or "").splitlines())
    for example in entry.examples or ():
        yield f"EXAMPLE {example.command}"
        yield from (f"    {line}" for line in example.output.splitlines())
    for recipe in (entry.lab and entry.lab.recipes) or ():
        yield f"RECIPE {recipe.id}: {recipe.run}"


def _difference(name: str, old: list[str], new: list[str]) -> str:
    """Return one entry's difference, folded away under its name."""
    lines = list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=2))[2:]
    if not lines:
        return f"\n`{name}`: the page stays as it is.\n"
    left = len(lines) - MOST_LINES
    shown = "\n".join(printable(line) for line in lines[:MOST_LINES])
    longest = max((len(one) for one in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    rest = f"\n{left} more lines are left out.\n" if left > 0 else ""
    return (
        f"\n<details><summary>{name}</summary>\n\n"
        f"{fence}diff\n{shown}\n{fence}\n{rest}\n</details>\n"
    )


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
