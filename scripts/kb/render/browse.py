"""The pages that lead to the errors: lists of all, and of each phase, kind, system and command."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kb import address
from kb.model import Status
from kb.render import labels
from kb.render.shown import Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from kb.model import Entry

COMMON = 12
"""How many of the commonest errors the home page shows."""


@dataclass(frozen=True)
class Letter:
    """The entries whose ids start with one letter."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Subject:
    """The entries of one value of a vocabulary."""

    facet: str
    value: StrEnum
    url: str
    title: str
    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Facet:
    """A vocabulary that errors are sorted by."""

    name: str
    title: str
    summary: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class Catalog:
    """All entries, sorted in every way the pages need.

    Attributes:
        rows: all entries by id.
        letters: the same by first letter.
        facets: the same by phase, kind, system and command.
        common: the commonest finished ones.
        finished: how many pages are written in full.
    """

    rows: tuple[Row, ...]
    letters: tuple[Letter, ...]
    facets: tuple[Facet, ...]
    common: tuple[Row, ...]
    finished: int


def catalog(entries: Iterable[Entry]) -> Catalog:
    """Sort all entries.

    Args:
        entries: the entries in the order of their ids.

    Returns:
        The catalog.
    """
    found = [(entry, row(entry)) for entry in entries]
    rows = tuple(shown for _, shown in found)
    return Catalog(
        rows=rows,
        letters=tuple(
            Letter(name, tuple(group)) for name, group in groupby(rows, key=lambda item: item.id[0])
        ),
        facets=tuple(_facet(name, found) for name in labels.FACETS),
        common=tuple(
            shown for entry, shown in found if entry.tier == 1 and entry.status is Status.FINISHED
        )[:COMMON],
        finished=sum(not shown.stub for shown in rows),
    )


def _facet(name: str, found: list[tuple[Entry, Row]]) -> Facet:
    values = [(shown, _values(name, entry)) for entry, shown in found]
    subjects = (
        Subject(
            name,
            value,
            address.subject(name, value),
            title,
            summary,
            tuple(shown for shown, has in values if value in has),
        )
        for value, (title, summary) in labels.FACETS[name].items()
    )
    title, summary = labels.FACET_TITLES[name]
    return Facet(name, title, summary, tuple(item for item in subjects if item.rows))


def _values(facet: str, entry: Entry) -> tuple[StrEnum, ...]:
    if facet == "phase":
        return (entry.phase,)
    if facet == "kind":
        return (entry.kind,)
    return entry.platforms if facet == "platform" else entry.commands or ()
