"""An error's page: everything its template shows, worked out beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from kb import address
from kb.model import PROJECTS, Platform, Role, Status
from kb.render import labels
from kb.render.writer import Link, Writer, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.address import Site
    from kb.load import Document, Loaded
    from kb.model import Cause, Entry, Example, Fix, Part, Source, Wording

LONG_HEADLINE = 110
"""From this many characters on, a headline is set smaller."""


@dataclass(frozen=True)
class Row:
    """An entry in a list."""

    id: str
    url: str
    headline: str
    kind: str
    stub: bool


@dataclass(frozen=True)
class Choice:
    """A cause and the fixes that cure it."""

    cause: Cause
    fixes: tuple[Fix, ...]


@dataclass(frozen=True)
class ShownSource:
    """A source with the words and the address for it."""

    id: str
    title: str
    where: str
    url: str
    caption: str | None
    quote: Markup | None


@dataclass(frozen=True)
class ShownSite:
    """A further place in pip, with a link for each release."""

    symbol: str
    path: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ShownExample:
    """An output and where it comes from."""

    id: str
    title: str
    text: Markup
    origin: str
    seen: Link | None


@dataclass(frozen=True)
class ShownPart:
    """A part of a wording and pip's name for it."""

    label: str
    text: str


@dataclass(frozen=True)
class ShownWording:
    """A wording and the releases that print it."""

    releases: str
    parts: tuple[ShownPart, ...]
    near: tuple[str, ...]


def headline(entry: Entry) -> str:
    """Return the first part of the newest wording, on one line."""
    return " ".join(entry.messages[0].parts[0].text.split())


def headline_text(entry: Entry) -> str:
    """Return the headline as plain text, placeholders as their names in braces."""
    return headline(entry).replace("{{", "{").replace("}}", "}")


def row(entry: Entry) -> Row:
    """Return an entry as lists show it."""
    url = address.entry(entry.id)
    return Row(entry.id, url, headline_text(entry), entry.kind.value, entry.status is Status.STUB)


class EntryWriter(Writer):
    """Writes one error's page."""

    def __init__(self, loaded: Loaded, site: Site, document: Document[Entry]) -> None:
        """Write for a document that was loaded."""
        self.entry = document.value
        uri = address.entry(self.entry.id)
        super().__init__(loaded, site, uri, self.entry.placeholders)
        self._evidence = self._evidence_links()

    def causes(self, ids: Iterable[str]) -> Markup:
        """Return links to causes of this page, by their ids."""
        known = {cause.id: cause for cause in self.entry.causes or ()}
        found = (known[cause_id] for cause_id in ids if cause_id in known)
        return self._anchors("cause", ((cause.id, cause.title) for cause in found))

    def fixes(self, cause_id: str) -> Markup:
        """Return links to the fixes of one cause."""
        found = (fix for fix in self.entry.fixes or () if cause_id in fix.causes)
        return self._anchors("fix", ((fix.id, fix.title) for fix in found))

    def evidence(self, ids: Iterable[str]) -> list[Link]:
        """Return links to sources, examples and references of this page, by their ids."""
        return [self._evidence[name] for name in ids if name in self._evidence]

    def _anchors(self, kind: str, items: Iterable[tuple[str, str]]) -> Markup:
        link = Markup('<a href="#{}-{}">{}</a>')
        return Markup("; ").join(link.format(kind, name, self.inline(text)) for name, text in items)

    def _evidence_links(self) -> dict[str, Link]:
        links = {
            item.id: Link(f"#reference-{item.id}", item.title)
            for item in self.entry.references or ()
        }
        for example in self.entry.examples or ():
            links[example.id] = Link(f"#example-{example.id}", f"example: {example_title(example)}")
        for place in self.entry.sources or ():
            links[place.id] = Link(f"#source-{place.id}", source_title(place))
        return links


@dataclass(frozen=True)
class View:
    """What an error's template shows beside the entry itself."""

    title: str
    description: str
    boost: int
    canonical: str
    edit: str
    report: str
    headline: str
    long: bool
    platforms: tuple[Platform, ...]
    is_stub: bool
    is_wrapper: bool
    several_causes: bool
    ignorable: str
    first: Fix | None
    others: tuple[Fix, ...]
    choices: tuple[Choice, ...]
    examples: tuple[ShownExample, ...]
    sources: tuple[ShownSource, ...]
    sites: tuple[ShownSite, ...]
    wordings: tuple[ShownWording, ...]
    ask: str
    related: tuple[Row, ...]


def view(loaded: Loaded, site: Site, document: Document[Entry], writer: EntryWriter) -> View:
    """Work out what the template of an entry shows.

    Args:
        loaded: all entries, for the related ones.
        site: name and addresses of the site.
        document: the entry and its file.
        writer: the writer of its page.

    Returns:
        The view.
    """
    entry = document.value
    text = headline_text(entry)
    fixes = entry.fixes or ()
    related = (loaded.entries.get(name) for name in entry.related or ())
    return View(
        title=f"{entry.id}: {_shortened(text)}",
        description=writer.plain(entry.summary),
        boost=1 if entry.status is Status.STUB else 2,
        canonical=site.url + address.entry(entry.id),
        edit=site.edit(document.path),
        report=site.report(f"{entry.id}: "),
        headline=headline(entry),
        long=len(text) >= LONG_HEADLINE,
        platforms=entry.platforms if len(entry.platforms) < len(Platform) else (),
        is_stub=entry.status is Status.STUB,
        is_wrapper=entry.role is Role.WRAPPER,
        several_causes=len(entry.causes or ()) > 1,
        ignorable=labels.IGNORABLE[entry.ignore.answer] if entry.ignore else "",
        first=fixes[0] if fixes else None,
        others=fixes[1:],
        choices=tuple(
            Choice(cause, tuple(fix for fix in fixes if cause.id in fix.causes))
            for cause in entry.causes or ()
        ),
        examples=tuple(_example(writer, example) for example in entry.examples or ()),
        sources=tuple(_source(place) for place in entry.sources or ()),
        sites=_sites(entry),
        wordings=tuple(_wording(entry, wording) for wording in entry.messages),
        ask=_in_words(entry),
        related=tuple(row(found.value) for found in related if found is not None),
    )


def source_title(place: Source) -> str:
    """Return the words for a source: its project, release and symbol."""
    symbol = "module level" if place.symbol == "<module>" else place.symbol
    return f"{place.project} {place.release}: {symbol}"


def example_title(example: Example) -> str:
    """Return the words for an example: its caption, or the command that printed it."""
    return example.caption or example.command.strip().splitlines()[0]


def _shortened(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _source(place: Source) -> ShownSource:
    where = f"{place.project} {place.release} · {place.path}"
    if place.lines:
        where += f" · line{'s' if '-' in place.lines else ''} {place.lines}"
    quote = verbatim(Markup.escape(place.quote.rstrip("\n"))) if place.quote else None
    title = source_title(place)
    return ShownSource(place.id, title, where, address.source(place), place.caption, quote)


def _sites(entry: Entry) -> tuple[ShownSite, ...]:
    pip = PROJECTS["pip"]
    return tuple(
        ShownSite(
            "module level" if site.symbol == "<module>" else site.symbol,
            site.path,
            tuple(
                Link(address.file(pip, release, site.path), f"pip {release}")
                for release in site.releases
            ),
        )
        for site in entry.sites or ()
    )


def _example(writer: EntryWriter, example: Example) -> ShownExample:
    ran = example.printed_by
    origin = f"Printed by pip {ran.pip} on {ran.os}, Python {ran.python}." if ran else ""
    reference = writer.evidence([example.seen]) if example.seen else []
    if reference:
        origin = "Seen in"
    prompt = Markup('<span class="prompt">$ </span><span class="typed">{}</span>\n')
    lines = example.command.strip("\n").splitlines()
    typed = Markup("").join(prompt.format(line) for line in lines)
    text = verbatim(typed + Markup.escape(example.output.rstrip("\n")))
    seen = reference[0] if reference else None
    return ShownExample(example.id, example_title(example), text, origin, seen)


def _wording(entry: Entry, wording: Wording) -> ShownWording:
    program = f"{entry.worded_by.program} {entry.worded_by.release}" if entry.worded_by else ""
    return ShownWording(
        _releases(wording) or (f"Seen in {program}" if program else "All releases looked at"),
        tuple(_part(part) for part in wording.parts),
        wording.near or (),
    )


def _part(part: Part) -> ShownPart:
    return ShownPart(labels.PARTS[part.kind], " ".join(part.text.split()))


def _releases(wording: Wording) -> str:
    if wording.since == wording.until:
        return f"pip {wording.since}" if wording.since else ""
    if wording.since and wording.until:
        return f"pip {wording.since} to {wording.until}"
    return f"Since pip {wording.since}" if wording.since else f"Until pip {wording.until}"


def _in_words(entry: Entry) -> str:
    if entry.nothing_helped is None:
        return ""
    return ", then ".join(labels.AUDIENCES[name] for name in entry.nothing_helped.ask)
