"""The pages, from entries to Markdown files: computed here, laid out by ``templates/``.

A page is Markdown so that MkDocs finds its headings. Everything below a heading is one block of
HTML in which Markdown changes nothing, and everything that comes out of an entry is escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb import address
from kb.model import Role
from kb.render.answer import AnswerWriter
from kb.render.browse import Catalog, catalog
from kb.render.coverage import coverage
from kb.render.entry import EntryWriter, view
from kb.render.writer import Writer

if TYPE_CHECKING:
    from pathlib import Path

    from kb.address import Site
    from kb.load import Document, Loaded
    from kb.model import Entry, Procedure
    from kb.proofs import Printed

__all__ = ["Pages"]


class Pages:
    """Lays out the pages of a site."""

    def __init__(self, loaded: Loaded, site: Site, templates: Path) -> None:
        """Read nothing yet; templates are compiled when they are first used.

        Args:
            loaded: the entries and procedures.
            site: name and addresses of the site.
            templates: folder of the Jinja templates.
        """
        self._loaded = loaded
        self._site = site
        self._catalog: Catalog = catalog(document.value for document in loaded.entries.values())
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            comment_start_string="{##",  # {# begins the id of a Markdown heading
            comment_end_string="##}",
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )

    def entry(self, document: Document[Entry], printed: tuple[Printed, ...] = ()) -> str:
        """Return an error's page.

        Args:
            document: the entry and its file.
            printed: what the lab's recipes for it print.

        Returns:
            Markdown with front matter.
        """
        writer = EntryWriter(self._loaded, self._site, document, printed)
        shown = view(self._loaded, self._site, document, writer)
        return self._render("entry.md", writer, entry=document.value, view=shown)

    def answer(self, document: Document[Entry]) -> str:
        """Return what the search shows of an error on the home page.

        Args:
            document: the entry and its file.

        Returns:
            HTML.
        """
        writer = AnswerWriter(self._loaded, self._site, document)
        shown = view(self._loaded, self._site, document, writer)
        return self._render("answer.html", writer, entry=document.value, view=shown)

    def procedure(self, document: Document[Procedure]) -> str:
        """Return a procedure's page.

        Args:
            document: the procedure and its file.

        Returns:
            Markdown with front matter.
        """
        procedure = document.value
        writer = Writer(self._loaded, self._site, address.procedure(procedure.id))
        edit = self._site.edit(document.path)
        report = self._site.report(f"{procedure.id}: ")
        return self._render("procedure.md", writer, procedure=procedure, edit=edit, report=report)

    def browsing(self) -> dict[str, str]:
        """Return the pages that lead to the errors.

        Returns:
            Markdown with front matter by the page's address: home, all errors, procedures,
            about, and each phase, kind, system and command that has an error.
        """
        pages = {
            uri: self._render(template, Writer(self._loaded, self._site, uri))
            for uri, template in (
                ("", "home.md"),
                ("errors/", "errors.md"),
                ("procedures/", "procedures.md"),
                ("about/", "about.md"),
            )
        }
        for facet in self._catalog.facets:
            uri = f"{facet.name}/"
            writer = Writer(self._loaded, self._site, uri)
            pages[uri] = self._render("facet.md", writer, facet=facet)
            for subject in facet.subjects:
                writer = Writer(self._loaded, self._site, subject.url)
                page = self._render("subject.md", writer, facet=facet, subject=subject)
                pages[subject.url] = page
        return pages

    def coverage(self, root: Path) -> str:
        """Return the page that says how much of pip is answered.

        Args:
            root: the root of the repository, where the ledger keeps its counts.

        Returns:
            Markdown with front matter.
        """
        writer = Writer(self._loaded, self._site, address.COVERAGE)
        shown = coverage(self._loaded, self._site, root)
        return self._render("coverage.md", writer, coverage=shown)

    def redirect(self, alias: str, entry_id: str) -> str:
        """Return the HTML page at a former id.

        Args:
            alias: the former id.
            entry_id: the id it leads to.
        """
        writer = Writer(self._loaded, self._site, address.entry(alias))
        target = address.entry(entry_id)
        return self._render("redirect.html", writer, target=target, title=entry_id)

    def _render(self, template: str, writer: Writer, **shown: object) -> str:
        procedures = [document.value for document in self._loaded.procedures.values()]
        return self._environment.get_template(template).render(
            p=writer,
            site=self._site,
            catalog=self._catalog,
            procedures=procedures,
            wrapper=Role.WRAPPER,
            **shown,
        )
