"""Reads HTML as a browser would, as far as the tests need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import markdown

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


def to_html(page: str) -> str:
    """Return a generated page as MkDocs makes it HTML, front matter cut off."""
    body = page.split("\n---\n", 1)[1]
    options = {"toc": {"permalink": True}}
    return markdown.markdown(
        body, extensions=["toc", "attr_list", "tables", "fenced_code"], extension_configs=options
    )


@dataclass
class Page(HTMLParser):
    """What stands in a page.

    Attributes:
        tags: every element that was opened, with its attributes, in order.
        ids: the ids, in order.
        links: the ``href`` and ``src`` addresses.
        text: all text.
        unclosed: elements that were closed in the wrong place or not at all.
    """

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: str = ""
    unclosed: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, html: str) -> Page:
        """Read a page or a part of one."""
        page = cls()
        HTMLParser.__init__(page, convert_charrefs=True)
        page.feed(html)
        page.close()
        page.unclosed += page.open
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element's start."""
        named = dict(attrs)
        self.tags.append((tag, named))
        if tag not in VOID:
            self.open.append(tag)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        self.links += [str(named[name]) for name in ("href", "src") if named.get(name)]

    def handle_endtag(self, tag: str) -> None:
        """Take an element's end."""
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.unclosed.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.text += data

    def names(self) -> set[str]:
        """Return the names of the elements."""
        return {tag for tag, _ in self.tags}
