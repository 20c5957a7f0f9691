"""What one entry says about one release of pip: which message sites it covers.

An entry covers a text if it names the place and says the words. It names a place through its
sources and sites of that release; a source of another release counts as well, at the same file
and symbol, or in any file that has the symbol where its own has it no more. It says what stands
in its messages (of the wordings that this release prints), in the words of its site, or, for
texts beside the first of a site, in the lines that it quotes. So a changed text shows up: its
words are no longer those of the entry.

Where only a value is printed, the quoted lines, a site or the very symbol of a source decide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb import astfold, symbols, wording
from kb.claims import covers
from kb.pipsource import WrongPathError, member_of, repository_path
from kb.sites import ROOT
from kb.wheels import Pin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.findings import Finding
    from kb.load import Document
    from kb.model import Entry, Source
    from kb.pipsource import Release
    from kb.sites import MessageSite
    from kb.spoken import Text

_LEVEL = re.compile(r"^(?:ERROR|WARNING): ")


class Voice:
    """What one entry says about one release."""

    def __init__(self, document: Document[Entry], release: Release) -> None:
        self.id = document.value.id
        self._document = document
        self._release = release
        self._name = release.pin.release
        entry = document.value
        printed = [one for one in entry.messages if covers(one.since, one.until, self._name)]
        parts = [[_template(part.text) for part in one.parts] for one in printed]
        near = [_template(text) for one in printed for text in one.near or ()]
        self._said = [" ".join(one) for one in parts] + near
        self._parts = [text for one in parts for text in one]
        self._sources = [one for one in entry.sources or () if self._is_here(one)]
        self._sites = [
            (number, one)
            for number, one in enumerate(entry.sites or ())
            if self._name in one.releases
        ]
        self._quoted = [(path, span) for one in self._sources for path, span in self._quote(one)]
        self._used: set[int] = set()
        self.everything = [part.text for one in entry.messages for part in one.parts]

    def covers(self, site: MessageSite, text: Text, *, first: bool) -> bool:
        """Say whether the entry covers a text of a site."""
        sites = [(n, one) for n, one in self._sites if _is_at(one.path, one.symbol, site, text)]
        own = [
            number for number, one in sites if one.text and self._says([_template(one.text)], text)
        ]
        self._used |= set(own)
        named = sites or any(self._names(one, site, text) for one in self._sources)
        if named and self._says(self._said, text):
            self._used |= {number for number, _ in sites}
            return True
        return bool(own) or (not first and self._quotes(site.path, text.line, text.last))

    def names_value(self, site: MessageSite) -> bool:
        """Say whether the entry names a site that prints a value only."""
        sites = [n for n, one in self._sites if _is_at(one.path, one.symbol, site)]
        self._used |= set(sites)
        named = any(one.symbol == site.symbol and self._names(one, site) for one in self._sources)
        return bool(sites) or named or self._quotes(site.path, site.first, site.last)

    def stale(self, sites: Sequence[MessageSite]) -> Iterator[Finding]:
        """Give the sites of the entry at which the release prints nothing."""
        for number, one in self._sites:
            if number in self._used or not one.path.removeprefix("src/").startswith(ROOT):
                continue
            if not one.text and any(_is_at(one.path, one.symbol, site) for site in sites):
                continue
            source = self._release.file(one.path)
            outer = one.symbol.partition(".")[0]
            texts = astfold.texts_of(source, outer) if source else []
            wanted = [_template(one.text)] if one.text else self._parts
            if not any(wording.find(text, texts) for text in wanted):
                problem = f"pip {self._name} prints no text of this entry in {one.symbol}"
                hint = f"write words that stand there as text, or take out {self._name}"
                yield self._document.finding(f"sites.{number}", problem, hint)

    def _says(self, said: list[str], text: Text) -> bool:
        plain = [_LEVEL.sub("", one) for one in text.readings]
        return any(wording.says(message, one) for one in plain for message in said)

    def _is_here(self, source: Source) -> bool:
        """Say whether a source speaks for this release."""
        if source.project != "pip":
            return False
        uses = [
            one
            for one in self._document.value.messages
            if any(part.source == source.id for part in one.parts)
        ]
        return (
            source.release == self._name
            or not uses
            or any(covers(one.since, one.until, self._name) for one in uses)
        )

    def _names(self, source: Source, site: MessageSite, text: Text | None = None) -> bool:
        paths = self._paths(source, site.path)
        return any(_is_at(path, source.symbol, site, text) for path in paths)

    def _paths(self, source: Source, other: str) -> Iterator[str]:
        """Give the files that hold a source's symbol now: its own, or else another."""
        if source.release == self._name:
            yield source.path
            return
        pin = Pin("pip", source.release)
        try:
            path = repository_path(self._release.pin, member_of(pin, source.path))
        except WrongPathError:
            return
        found = self._release.file(path)
        yield path if found is not None and found.has(source.symbol) else other

    def _quote(self, source: Source) -> Iterator[tuple[str, symbols.Span]]:
        """Give where the lines that a source quotes stand in this release."""
        if source.quote is None:
            return
        for path in {one for one in self._paths(source, "") if one}:
            found = self._release.file(path)
            if found is not None:
                for span in symbols.locate(found, source.symbol, source.quote):
                    yield path, span

    def _quotes(self, path: str, first: int, last: int) -> bool:
        return any(
            at == path and span.first <= first and last <= span.last for at, span in self._quoted
        )


def _is_at(path: str, symbol: str, site: MessageSite, text: Text | None = None) -> bool:
    """Say whether a place is that of a site, or of the helper that makes its text."""
    inner = {site.symbol, text.symbol if text else site.symbol}
    return path == site.path and any(f"{one}.".startswith(f"{symbol}.") for one in inner)


def _template(text: str) -> str:
    """Return a text with holes; as it stands if its braces do not match."""
    try:
        return wording.template(text)
    except ValueError:
        return text
