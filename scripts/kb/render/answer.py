"""An error's answer as the search shows it on the home page: the summary and the first fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from kb import address
from kb.render.entry import EntryWriter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.address import Site
    from kb.load import Document, Loaded
    from kb.model import Entry
    from kb.render.proven import Proof
    from kb.render.writer import Link


class AnswerWriter(EntryWriter):
    """Writes one error's answer for the home page: what is an anchor there leads to its page."""

    def __init__(self, loaded: Loaded, site: Site, document: Document[Entry]) -> None:
        """Write for a document that was loaded."""
        super().__init__(loaded, site, document)
        self._root = "./"

    def fix_link(self, fix_id: str, title: str) -> Markup:
        """Return the link to a fix on the error's page."""
        return self._anchors("fix", [(fix_id, title)])

    def evidence(self, ids: Iterable[str]) -> list[Link]:  # noqa: ARG002 - stands on the page
        """Return nothing: evidence is read on the error's page."""
        return []

    def proof(self, kind: str, name: str) -> Proof | None:  # noqa: ARG002 - stands on the page
        """Return nothing: what was proven is read on the error's page."""
        return None

    def _anchors(self, kind: str, items: Iterable[tuple[str, str]]) -> Markup:
        link = Markup('<a href="{}#{}-{}">{}</a>')
        page = self.url(address.entry(self.entry.id))
        return Markup("; ").join(
            link.format(page, kind, name, self.inline(text)) for name, text in items
        )
