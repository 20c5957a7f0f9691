"""An error's page: everything its template shows, worked out beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from kb import address
from kb.model import Platform, Role, Status
from kb.render import labels, shown
from kb.render.proven import Proof, Proven
from kb.render.writer import Link, Writer, verbatim
from kb.scaffold import missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.address import Site
    from kb.load import Document, Loaded
    from kb.model import Cause, Entry, Fix
    from kb.proofs import Printed
    from kb.render.shown import Row, ShownExample, ShownSite, ShownSource, ShownWordings

LONG_HEADLINE = 110
"""From this many characters on, a headline is set smaller."""

NEAR = 3
"""How many of the texts that must stand near by are shown below the headline."""


SECTIONS = {
    "meaning": "What it means",
    "ignore": "Can it be ignored?",
    "triage": "Which cause is it?",
    "fixes": "All fixes",
    "dead-ends": "What does not work",
    "causes": "Why it happens",
    "verify": "How to verify",
    "examples": "Examples",
    "background": "How it works",
    "prevention": "Prevention",
    "sources": "Where this is triggered",
    "nothing-helped": "When nothing helped",
    "related": "Related errors",
    "wordings": "All wordings",
    "references": "Read more",
}
"""Titles of the sections by their anchors, in the order of the page."""


@dataclass(frozen=True)
class Choice:
    """A cause and the fixes that cure it."""

    cause: Cause
    fixes: tuple[Fix, ...]


class EntryWriter(Writer):
    """Writes one error's page."""

    def __init__(
        self,
        loaded: Loaded,
        site: Site,
        document: Document[Entry],
        printed: tuple[Printed, ...] = (),
    ) -> None:
        """Write for a document that was loaded.

        Args:
            loaded: all entries.
            site: name and addresses of the site.
            document: the entry and its file.
            printed: what its recipes print.
        """
        self.entry = document.value
        self.printed = printed
        self.proven = Proven(document.value, printed)
        uri = address.entry(self.entry.id)
        super().__init__(loaded, site, uri, self.entry.placeholders)
        self._evidence = self._evidence_links()

    def causes(self, ids: Iterable[str]) -> Markup:
        """Return links to causes of this page, by their ids."""
        known = {cause.id: cause for cause in self.entry.causes or ()}
        found = (known[cause_id] for cause_id in ids if cause_id in known)
        return self._anchors("cause", ((cause.id, cause.title) for cause in found))

    def near(self) -> tuple[Markup, ...]:
        """Return what tells this error from others with its headline.

        It is the part of the newest wording that has one of the texts that must stand near
        by, or else the first of these texts.
        """
        newest = self.entry.messages[0]
        texts = newest.near or ()
        for part in newest.parts[1:]:
            if any(text in " ".join(part.text.split()) for text in texts):
                return (self.template(" ".join(part.text.split())),)
        return tuple(Markup.escape(text) for text in texts[:NEAR])

    def fixes(self, cause_id: str) -> Markup:
        """Return links to the fixes of one cause."""
        found = (fix for fix in self.entry.fixes or () if cause_id in fix.causes)
        return self._anchors("fix", ((fix.id, fix.title) for fix in found))

    def evidence(self, ids: Iterable[str]) -> list[Link]:
        """Return links to sources, examples and references of this page, by their ids."""
        return [self._evidence[name] for name in ids if name in self._evidence]

    def proof(self, kind: str, name: str) -> Proof | None:
        """Return what came of a fix or a dead end in the lab; None if nothing is known."""
        return self.proven.of(kind, name)

    def _anchors(self, kind: str, items: Iterable[tuple[str, str]]) -> Markup:
        link = Markup('<a href="#{}-{}">{}</a>')
        return Markup("; ").join(link.format(kind, name, self.inline(text)) for name, text in items)

    def _evidence_links(self) -> dict[str, Link]:
        links = {
            item.id: Link(f"#reference-{item.id}", item.title)
            for item in self.entry.references or ()
        }
        for example in self.entry.examples or ():
            links[example.id] = Link(
                f"#example-{example.id}", f"example: {shown.example_title(example)}"
            )
        for output in self.printed:
            name, title = output.recipe.id, shown.recipe_title(output.recipe)
            links[name] = Link(f"#example-{name}", f"example: {title}")
        for place in self.entry.sources or ():
            links[place.id] = Link(f"#source-{place.id}", shown.source_title(place))
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
    near: tuple[Markup, ...]
    sections: dict[str, str]
    platforms: tuple[Platform, ...]
    is_stub: bool
    missing: Markup
    is_wrapper: bool
    several_causes: bool
    ignorable: str
    first: Fix | None
    others: tuple[Fix, ...]
    choices: tuple[Choice, ...]
    examples: tuple[ShownExample, ...]
    sources: tuple[ShownSource, ...]
    sites: tuple[ShownSite, ...]
    wordings: tuple[ShownWordings, ...]
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
    is_stub = entry.status is Status.STUB
    text = shown.headline_text(entry)
    fixes = entry.fixes or ()
    found = (loaded.entries.get(name) for name in entry.related or ())
    related = tuple(shown.row(document.value) for document in found if document is not None)
    return View(
        title=f"{entry.id}: {_shortened(text)}",
        description=writer.plain(entry.summary),
        boost=1 if entry.status is Status.STUB else 2,
        canonical=site.url + address.entry(entry.id),
        edit=site.edit(document.path),
        report=site.report(f"{entry.id}: "),
        headline=shown.headline(entry),
        long=len(text) >= LONG_HEADLINE,
        near=writer.near(),
        sections=_sections(entry, writer, related),
        platforms=entry.platforms if len(entry.platforms) < len(Platform) else (),
        is_stub=is_stub,
        missing=verbatim(Markup.escape(missing(entry))) if is_stub else Markup(),
        is_wrapper=entry.role is Role.WRAPPER,
        several_causes=len(entry.causes or ()) > 1,
        ignorable=labels.IGNORABLE[entry.ignore.answer] if entry.ignore else "",
        first=fixes[0] if fixes else None,
        others=fixes[1:],
        choices=tuple(
            Choice(cause, tuple(fix for fix in fixes if cause.id in fix.causes))
            for cause in entry.causes or ()
        ),
        examples=shown.printed(writer.printed)
        + tuple(
            shown.example(example, next(iter(writer.evidence([example.seen or ""])), None))
            for example in entry.examples or ()
        ),
        sources=tuple(shown.source(place) for place in entry.sources or ()),
        sites=shown.sites(entry),
        wordings=shown.wordings(entry),
        ask=_in_words(entry),
        related=related,
    )


def _sections(entry: Entry, writer: EntryWriter, related: tuple[Row, ...]) -> dict[str, str]:
    """Return the titles of the sections that an entry has."""
    there = {
        "fixes": len(entry.fixes or ()) > 1,
        "verify": entry.verification,
        "examples": entry.examples or writer.printed,
        "sources": entry.sources or entry.sites,
        "related": related,
        "wordings": True,
    }
    found = {
        anchor: title
        for anchor, title in SECTIONS.items()
        if there.get(anchor, getattr(entry, anchor.replace("-", "_"), None))
    }
    return found | ({"background": entry.background.title} if entry.background else {})


def _shortened(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _in_words(entry: Entry) -> str:
    if entry.nothing_helped is None:
        return ""
    return ", then ".join(labels.AUDIENCES[name] for name in entry.nothing_helped.ask)
