"""What an entry claims about releases of pip and of other projects.

Three kinds of claims are read out of an entry: a *quote* stands in its file, character for
character, inside its symbol, on the lines that are named; a *message* stands, word for word, in
the string constants of the symbol of its source; a *site* (and a source without a quote) exists,
and prints its words. :mod:`kb.verify` holds them against the releases.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.releases import key
from kb.wheels import Pin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.findings import Finding
    from kb.load import Document
    from kb.model import Entry, Source, Wording

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Kind(StrEnum):
    """What an entry claims."""

    QUOTE = "quote"
    MESSAGE = "message"
    SITE = "site"


@dataclass(frozen=True)
class Claim:
    """Something an entry says about one release.

    Attributes:
        kind: quote, message or site.
        document: the entry.
        field: the field that says it: ``sources.0.quote``.
        pin: project and release.
        path: path in the repository at the tag.
        symbol: qualified name.
        text: the quote, or the template of the message; None where only the symbol is named.
        lines: the lines that the entry names for a quote.
        since: first release that prints it, if the entry says.
        until: last release that printed it, if the entry says.
    """

    kind: Kind
    document: Document[Entry]
    field: str
    pin: Pin
    path: str
    symbol: str
    text: str | None
    lines: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def place(self) -> str:
        """The field of the source or site that names path and symbol."""
        return self.field.rpartition(".")[0] if self.kind is not Kind.MESSAGE else self.field


def claims(document: Document[Entry]) -> list[Claim]:
    """Return everything an entry claims about releases."""
    return [*_quotes(document), *_messages(document), *_sites(document)]


def _quotes(document: Document[Entry]) -> Iterator[Claim]:
    for number, source in enumerate(document.value.sources or ()):
        kind = Kind.QUOTE if source.quote is not None else Kind.SITE
        last = "quote" if source.quote is not None else "symbol"
        ranges = [
            found
            for found in document.value.messages
            if any(part.source == source.id for part in found.parts)
        ]
        claim = _claim(kind, document, f"sources.{number}.{last}", source, ranges)
        yield replace(claim, text=source.quote, lines=source.lines)


def _messages(document: Document[Entry]) -> Iterator[Claim]:
    """Give the messages that have words; one of placeholders alone claims nothing."""
    sources = {source.id: source for source in document.value.sources or ()}
    for number, found in enumerate(document.value.messages):
        for place, part in enumerate(found.parts):
            source = sources.get(part.source or "")
            if source is not None and _PLACEHOLDER.sub("", part.text).strip():
                name = f"messages.{number}.parts.{place}.text"
                claim = _claim(Kind.MESSAGE, document, name, source, [found])
                yield replace(claim, text=part.text)


def _claim(
    kind: Kind, document: Document[Entry], name: str, source: Source, ranges: list[Wording]
) -> Claim:
    since = [found.since for found in ranges]
    until = [found.until for found in ranges]
    return Claim(
        kind=kind,
        document=document,
        field=name,
        pin=Pin(source.project, source.release),
        path=source.path,
        symbol=source.symbol,
        text=None,
        since=min((one for one in since if one), key=key, default=None) if all(since) else None,
        until=max((one for one in until if one), key=key, default=None) if all(until) else None,
    )


def _sites(document: Document[Entry]) -> Iterator[Claim]:
    for number, site in enumerate(document.value.sites or ()):
        last = "text" if site.text is not None else "symbol"
        for release in site.releases:
            yield Claim(
                Kind.SITE, document, f"sites.{number}.{last}", Pin("pip", release), site.path,
                site.symbol, site.text,
            )  # fmt: skip


def release_findings(document: Document[Entry], known: list[str]) -> list[Finding]:
    """Return what is wrong with the releases of pip that an entry names.

    Args:
        document: the entry.
        known: pip's releases.
    """
    found = [
        _unknown(document, name, release, known)
        for name, release in _named_releases(document.value)
        if release not in known
    ]
    for number, words in enumerate(document.value.messages):
        if words.since and words.until and key(words.since) > key(words.until):
            problem = f"since {words.since} is later than until {words.until}"
            hint = "write the older one as since"
            found.append(document.finding(f"messages.{number}.since", problem, hint))
        found += _source_findings(document, number, words)
    return found


def _named_releases(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give each release of pip that an entry names, with its field."""
    for number, source in enumerate(entry.sources or ()):
        if source.project == "pip":
            yield f"sources.{number}.release", source.release
    for number, site in enumerate(entry.sites or ()):
        for place, release in enumerate(site.releases):
            yield f"sites.{number}.releases.{place}", release
    for number, words in enumerate(entry.messages):
        for name, end in (("since", words.since), ("until", words.until)):
            if end is not None:
                yield f"messages.{number}.{name}", end


def _unknown(document: Document[Entry], name: str, release: str, known: list[str]) -> Finding:
    near = ", ".join(difflib.get_close_matches(release, known, 3))
    hint = f"write one that exists, such as {near}" if near else "write one that exists"
    return document.finding(name, f"pip has no release {release}", hint)


def _source_findings(document: Document[Entry], number: int, words: Wording) -> list[Finding]:
    """Check that the sources of a wording exist, and lie within its releases."""
    sources = {source.id: source for source in document.value.sources or ()}
    found = []
    for place, part in enumerate(words.parts):
        name = f"messages.{number}.parts.{place}.source"
        source = sources.get(part.source or "")
        if part.source and source is None:
            listed = ", ".join(sources)
            hint = f"write one of: {listed}" if listed else "list it under sources"
            found.append(document.finding(name, f"no source {part.source!r}", hint))
        elif (
            source is not None
            and source.project == "pip"
            and not covers(words.since, words.until, source.release)
        ):
            first, last = words.since or "the first release", words.until or "the newest"
            problem = f"its source is of pip {source.release}, its wording of {first} to {last}"
            hint = "name a source of one of these releases, or correct since and until"
            found.append(document.finding(name, problem, hint))
    return found


def covers(since: str | None, until: str | None, release: str) -> bool:
    """Say whether a release lies within a range with both ends included; None is open."""
    wanted = key(release)
    return not (since and wanted < key(since)) and not (until and wanted > key(until))
