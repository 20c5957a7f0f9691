"""The links between the generated pages: MkDocs looks at those of Markdown alone, ours are HTML."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_LINK = re.compile(r'\bhref="(?![a-z]+:)([^"#]*)(?:#([^"]*))?"')
_ID = re.compile(r'(?<=\bid=")[^"]+(?=")|(?<=\{#)[^ }]+(?=[ }])')


def broken(files: Mapping[str, str | bytes], others: Collection[str]) -> list[str]:
    """Return the links that lead to no page, no file or no anchor.

    Args:
        files: every generated file by its path; ``index.md`` is the page of its folder.
        others: paths of the files that are published beside them.

    Returns:
        One line for each broken link, with the page it stands on.
    """
    pages = {
        path.removesuffix("index.md").removesuffix("index.html"): text
        for path, text in files.items()
        if isinstance(text, str) and path.endswith((".md", ".html"))
    }
    anchors = {path: set(_ID.findall(text)) for path, text in pages.items()}
    wrong = []
    for path, text in pages.items():
        for target, anchor in set(_LINK.findall(text)):
            found = _resolved(path, unquote(target)) if target else path
            if found in pages:
                if anchor and anchor not in anchors[found]:
                    wrong.append(f"{path or '/'}: {target}#{anchor}: there is no such anchor")
            elif found not in files and found not in others:
                wrong.append(f"{path or '/'}: {target}: there is no such page")
    return sorted(wrong)


def _resolved(page: str, target: str) -> str:
    """Return the path that a relative link of a page leads to."""
    joined = normpath(page + target)
    folder = target.endswith(("/", "..", "."))
    return "" if joined == "." else joined + ("/" if folder else "")
