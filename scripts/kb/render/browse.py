"""The pages that lead to the errors: lists of all, and of each phase, kind, system and command."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kb import address
from kb.render import labels
from kb.render.shown import Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from kb.model import Entry

HOME = (
    *("NO_MATCHING_DISTRIBUTION", "EXTERNALLY_MANAGED_ENVIRONMENT", "PIP_COMMAND_NOT_FOUND"),
    *("PIP_NOT_RECOGNIZED", "METADATA_GENERATION_FAILED", "FAILED_BUILDING_WHEEL"),
    *("MICROSOFT_VISUAL_CPP_REQUIRED", "RESOLUTION_IMPOSSIBLE", "SSL_CERTIFICATE_VERIFY_FAILED"),
    *("PERMISSION_DENIED", "MODULE_NOT_FOUND_AFTER_INSTALL", "HASH_MISMATCH"),
)
"""The errors that the home page names, in this order: a choice among the most met ones."""


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
        common: the ones that the home page names.
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
    finished = {shown.id: shown for shown in rows if not shown.stub}
    return Catalog(
        rows=rows,
        letters=tuple(
            Letter(name, tuple(group)) for name, group in groupby(rows, key=lambda item: item.id[0])
        ),
        facets=tuple(_facet(name, found) for name in labels.FACETS),
        common=tuple(finished[name] for name in HOME if name in finished),
        finished=len(finished),
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
