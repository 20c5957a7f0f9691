"""What the coverage page says: how much of pip is answered, proven, and still to be written.

The numbers of the message sites come from ``entries/ledger/counts.json``; everything else is
counted here, from the entries and from what the lab has committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import address, counts, proofs
from kb.exclusions import Reason
from kb.model import Phase, Status
from kb.render import labels
from kb.render.shown import Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kb.address import Site
    from kb.counts import Count
    from kb.load import Document, Loaded
    from kb.model import Entry
    from kb.recipe import NotRun

TIERS = {
    1: ("Common", "met all the time, on every system"),
    2: ("Regular", "met now and then, or by some"),
    3: ("Rare", "met by few"),
}

REASONS = {
    Reason.ABSTRACT_METHOD: "a base class raises it; every class that is used overrides the method",
    Reason.DUPLICATE_OF_LOG: "it prints an error whose text is counted where it is raised",
    Reason.INTERNAL_CONTROL_FLOW: "pip catches it, and prints something else or nothing",
    Reason.NEVER_SHOWN: "no command of pip leads there, or the text is not printed",
    Reason.PART_OF_ANOTHER: "words that are only printed inside a text that has a page",
}


@dataclass(frozen=True)
class PageCount:
    """How many pages of one kind there are.

    Attributes:
        title: of which tier or phase.
        note: what that is.
        url: where they are listed, if they are.
        finished: how many are written in full.
        stubs: how many are not.
    """

    title: str
    note: str
    url: str
    finished: int
    stubs: int


@dataclass(frozen=True)
class Excluded:
    """Message sites without a page, for one reason: how many in each release."""

    reason: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """Entries with something in common."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Missing:
    """A page that is to be written, and where to do so."""

    row: Row
    edit: str


@dataclass(frozen=True)
class Coverage:
    """Everything the page shows.

    Attributes:
        releases: the counts of the message sites.
        excluded: the excluded sites by reason.
        tiers: pages by tier.
        phases: pages by phase.
        reproduced: entries that the lab provokes.
        runs: how many runs are committed, over all entries and releases.
        fixes: how many fixes are proven.
        dead_ends: how many dead ends are proven.
        not_run: entries that it cannot provoke, by reason.
        untried: for how many entries neither a run nor such a reason is recorded.
        missing: the common errors that are not written.
    """

    releases: tuple[Count, ...]
    excluded: tuple[Excluded, ...]
    tiers: tuple[PageCount, ...]
    phases: tuple[PageCount, ...]
    reproduced: tuple[Row, ...]
    runs: int
    fixes: int
    dead_ends: int
    not_run: tuple[Group, ...]
    untried: int
    missing: tuple[Missing, ...]


def coverage(loaded: Loaded, site: Site, root: Path) -> Coverage:
    """Count what there is.

    Args:
        loaded: the entries.
        site: name and addresses of the site.
        root: the root of the repository.

    Raises:
        OSError: the counts of the ledger cannot be read.
    """
    documents = list(loaded.entries.values())
    entries = [document.value for document in documents]
    releases = tuple(counts.read(root))
    runs = {
        entry.id: [run for run in proofs.runs(root, entry) if proofs.holds(entry, run)]
        for entry in entries
    }
    return Coverage(
        releases=releases,
        excluded=tuple(
            Excluded(text, tuple(one.excluded.get(reason, 0) for one in releases))
            for reason, text in REASONS.items()
        ),
        tiers=tuple(
            _pages(title, note, "", [one for one in entries if one.tier == tier])
            for tier, (title, note) in TIERS.items()
        ),
        phases=tuple(
            _pages(*labels.PHASES[phase], address.subject("phase", phase), found)
            for phase in Phase
            if (found := [one for one in entries if one.phase is phase])
        ),
        reproduced=tuple(row(entry) for entry in entries if runs[entry.id]),
        runs=sum(len(found) for found in runs.values()),
        fixes=_distinct(
            (name, fix) for name, of in runs.items() for run in of for fix in run.fixes
        ),
        dead_ends=_distinct(
            (name, end) for name, of in runs.items() for run in of for end in run.dead_ends
        ),
        not_run=tuple(
            Group(title, rows)
            for reason, title in labels.NOT_RUN.items()
            if (rows := tuple(row(one) for one in entries if _reason(one) is reason))
        ),
        untried=sum(not runs[entry.id] and _reason(entry) is None for entry in entries),
        missing=tuple(
            Missing(row(document.value), site.edit(document.path))
            for document in documents
            if _is_missing(document)
        ),
    )


def _pages(title: str, note: str, url: str, entries: list[Entry]) -> PageCount:
    finished = sum(entry.status is Status.FINISHED for entry in entries)
    return PageCount(title, note, url, finished, len(entries) - finished)


def _distinct(found: Iterable[tuple[str, str]]) -> int:
    """Count what is proven once, though it is proven with several releases of pip."""
    return len(set(found))


def _reason(entry: Entry) -> NotRun | None:
    return entry.lab.not_run if entry.lab else None


def _is_missing(document: Document[Entry]) -> bool:
    return document.value.tier == 1 and document.value.status is Status.STUB
