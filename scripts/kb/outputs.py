"""Everything the site is made of, as one pure function: the way out to another generator."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kb import address, api, match, offline, patterns, proofs
from kb.proofs import Printed
from kb.render import Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.address import Site
    from kb.load import Document, Loaded
    from kb.model import Entry

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
        Texts by their path in the documentation folder. ``index.md`` is the page of
        its folder, Markdown with front matter; all else is published as it is.

    Raises:
        Exception: a page cannot be laid out, and nobody was there to skip it.
    """
    pages = Pages(loaded, site, ROOT / "templates")
    compiled = patterns.compile_patterns(loaded)
    files: dict[str, str | bytes] = {}
    for name, document in loaded.entries.items():
        with _skipping(document.path, skip):
            files[f"{address.entry(name)}index.md"] = pages.entry(
                document, _printed(document, compiled)
            )
            files[f"answers/{name}.json"] = json.dumps({"html": pages.answer(document)})
    for name, procedure in loaded.procedures.items():
        with _skipping(procedure.path, skip):
            files[f"{address.procedure(name)}index.md"] = pages.procedure(procedure)
    for uri, page in pages.browsing().items():
        files[f"{uri}index.md"] = page
    files[f"{address.COVERAGE}index.md"] = pages.coverage(ROOT)
    entries = [document.value for document in loaded.entries.values()]
    for entry in entries:
        files[f"api/pip/{entry.id}.json"] = api.entry_json(entry, site)
        for alias in entry.aliases or ():
            files[f"{address.entry(alias)}index.html"] = pages.redirect(alias, entry.id)
    files["api/entries.json"] = api.entries_json(entries, site)
    files["patterns.json"] = json.dumps(compiled, ensure_ascii=False, separators=(",", ":"))
    files["explain.pyz"] = offline.pyz(loaded, site, compiled)
    files["llms.txt"] = api.llms_txt(entries, site)
    files["NOTICE.txt"] = (ROOT / "NOTICE").read_bytes()
    return files


def _printed(document: Document[Entry], compiled: dict[str, Any]) -> tuple[Printed, ...]:
    """Return what the lab has printed for an entry, with the lines that the search marks."""
    entry = document.value
    return tuple(
        Printed(recipe, runs, _marked(entry.id, runs[0].output, compiled))
        for recipe, runs in proofs.alike(entry, proofs.runs(ROOT, entry))
    )


def _marked(entry_id: str, output: str, compiled: dict[str, Any]) -> frozenset[int]:
    found = match.match(compiled, output)
    spans: list[list[int]] = next((one["lines"] for one in found if one["id"] == entry_id), [])
    return frozenset(number for first, last in spans for number in range(first, last + 1))


@contextmanager
def _skipping(path: str, skip: Skip | None) -> Iterator[None]:
    """Give an error to whoever skips that page; without one it is raised."""
    try:
        yield
    except Exception as error:
        if skip is None:
            raise
        skip(path, error)
