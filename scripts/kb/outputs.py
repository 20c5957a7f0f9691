"""Everything the site is made of, as one pure function: the way out to another generator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kb import address, api
from kb.render import Pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.address import Site
    from kb.load import Loaded

ROOT = Path(__file__).resolve().parents[2]

Skip: TypeAlias = "Callable[[str, Exception], None]"


def site_files(loaded: Loaded, site: Site, skip: Skip | None = None) -> dict[str, str | bytes]:
    """Return every file that is generated.

    Args:
        loaded: the entries and procedures.
        site: name and addresses of the site.
        skip: called with the path of an entry whose page cannot be laid out, and why; that
            page is then left out. Without it the error is raised.

    Returns:
        Texts by their path in the documentation folder. A path that ends in ``.md`` is a page,
        Markdown with front matter; all else is published as it is.

    Raises:
        Exception: a page cannot be laid out, and nobody was there to skip it.
    """
    pages = Pages(loaded, site, ROOT / "templates")
    files: dict[str, str | bytes] = {}
    for layout, documents in ((pages.entry, loaded.entries), (pages.procedure, loaded.procedures)):
        for document in documents.values():
            try:
                files[_markdown(document.path)] = layout(document)
            except Exception as error:
                if skip is None:
                    raise
                skip(document.path, error)
    for uri, page in pages.browsing().items():
        files[f"{uri.rstrip('/') or 'index'}.md"] = page
    entries = [document.value for document in loaded.entries.values()]
    for entry in entries:
        files[f"api/pip/{entry.id}.json"] = api.entry_json(entry, site)
        for alias in entry.aliases or ():
            files[f"{address.entry(alias)}index.html"] = pages.redirect(alias, entry.id)
    files["api/entries.json"] = api.entries_json(entries, site)
    files["llms.txt"] = api.llms_txt(entries, site)
    files["NOTICE.txt"] = (ROOT / "NOTICE").read_bytes()
    return files


def _markdown(path: str) -> str:
    """Return the page of a file of the repository, relative to the documentation folder."""
    return path.partition("/")[2].removesuffix(".yml") + ".md"
