"""What programs read: all entries, each entry, and the list for language models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb import address, prose
from kb.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.address import Site
    from kb.model import Entry


def entries_json(entries: Iterable[Entry], site: Site) -> str:
    """Return the list of all entries.

    Args:
        entries: the entries in the order of their ids.
        site: name and addresses of the site.

    Returns:
        JSON: site and licence, and of each entry what is needed to find and to link it.
    """
    listed = [
        {
            "id": entry.id,
            "url": site.url + address.entry(entry.id),
            "kind": entry.kind,
            "phase": entry.phase,
            "status": entry.status,
            "tier": entry.tier,
            "role": entry.role,
            "aliases": entry.aliases or (),
            "summary": prose.to_text(entry.summary, types=entry.placeholders),
            "messages": [
                " ".join(" ".join(part.text for part in wording.parts).split())
                for wording in entry.messages
            ],
        }
        for entry in entries
    ]
    return _dump({"name": site.name, "url": site.url, "licence": "CC-BY-4.0", "entries": listed})


def entry_json(entry: Entry, site: Site) -> str:
    """Return one entry, complete.

    Args:
        entry: the entry.
        site: name and addresses of the site.

    Returns:
        JSON: the entry as its file has it, its address, and the addresses of its fixes and of
        the lines it quotes.
    """
    url = site.url + address.entry(entry.id)
    document = entry.model_dump(mode="json", exclude_none=True)
    document["url"] = url
    for fix in document.get("fixes", ()):
        fix["url"] = f"{url}#fix-{fix['id']}"
    for shown, place in zip(document.get("sources", ()), entry.sources or (), strict=True):
        shown["url"] = address.source(place)
    return _dump(document)


def llms_txt(entries: Iterable[Entry], site: Site) -> str:
    """Return the list for language models, as https://llmstxt.org describes it.

    Args:
        entries: the entries in the order of their ids.
        site: name and addresses of the site.

    Returns:
        Markdown: one line for each entry that leads to its JSON; stubs stand under Optional.
    """
    lines: dict[bool, list[str]] = {True: [], False: []}
    for entry in entries:
        link = f"[{entry.id}]({site.url}api/pip/{entry.id}.json)"
        text = " ".join(prose.to_text(entry.summary, types=entry.placeholders).split())
        lines[entry.status is Status.FINISHED].append(f"- {link}: {text}")
    return "\n".join(
        (
            f"# {site.name}",
            "",
            "> What pip's errors and warnings mean, what to do, and what does not work.",
            "",
            "Each link is one entry as JSON: messages, causes, fixes with commands, dead ends, and",
            "quotes of pip's source with their lines.",
            "",
            "## Entries",
            "",
            *lines[True],
            "",
            "## Optional",
            "",
            *lines[False],
            "",
        )
    )


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
