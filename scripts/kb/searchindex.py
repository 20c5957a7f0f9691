"""The pages as the theme's search reads them: one document for each section.

The theme's own index comes from reading each page's HTML again, which takes longer than all the
rest of a page. Here the sections are known: a page is Markdown headings with HTML between them.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SECTION = re.compile(r"^(?=#{2,3} )", re.MULTILINE)
_HEADING = re.compile(r"#+ (?P<title>.*) \{#(?P<anchor>[^ }]+)[^}]*\}\n")
_LEFT_OUT = re.compile(
    r'<(?P<tag>\w+)\b[^>]* data-search-exclude="true">.*?</(?P=tag)>'
    r"|<button\b.*?</button>|<(?P<hidden>\w+)\b[^>]* hidden>.*?</(?P=hidden)>",
    re.DOTALL,
)
_BLOCK_LEFT_OUT = re.compile(r'\s*<\w+\b[^>]* data-search-exclude="true">')
_WITHIN_A_LINE = re.compile(r"</?(?:a|b|code|em|span|strong|var)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def documents(files: Mapping[str, str | bytes]) -> list[dict[str, Any]]:
    """Return what can be searched, as Material for MkDocs has it in its index.

    Left out are pages whose front matter says so, and elements with ``data-search-exclude``.

    Args:
        files: every generated file by its path; ``index.md`` is the page of its folder.

    Returns:
        For each section ``location``, ``title`` and ``text``, the last two as HTML without
        elements; ``boost`` where the page has one.
    """
    return [
        document
        for path, page in files.items()
        if isinstance(page, str) and path.endswith("index.md")
        for document in _sections(path.removesuffix("index.md"), page)
    ]


def _sections(url: str, page: str) -> Iterator[dict[str, Any]]:
    head, _, body = page.partition("\n---\n")
    rows = (row.partition(": ") for row in head.split("\n")[1:])
    meta = {key: json.loads(value) for key, _, value in rows}
    search = meta.get("search", {})
    if search.get("exclude"):
        return
    boost = {"boost": search["boost"]} if "boost" in search else {}
    for section in _SECTION.split(body):
        heading = _HEADING.match(section)
        title = _text(heading["title"]) if heading else meta["title"]
        location = f"{url}#{heading['anchor']}" if heading else url
        text = section[heading.end() :] if heading else section
        shown = "" if _BLOCK_LEFT_OUT.match(text) else _text(_LEFT_OUT.sub(" ", text))
        yield {"location": location, "title": title, "text": shown, **boost}


def _text(markup: str) -> str:
    """Return the text of some HTML on one line, its special characters escaped again."""
    text = html.unescape(_TAG.sub(" ", _WITHIN_A_LINE.sub("", markup)))
    return html.escape(" ".join(text.split()), quote=False)
