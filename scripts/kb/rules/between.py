"""What entries say about each other: links, aliases, the same message."""

from __future__ import annotations

from itertools import permutations
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kb.inline import Ref
from kb.load import ENTRIES, PROCEDURES
from kb.model import split_template
from kb.rules.inside import nearest
from kb.rules.texts import Use, steps, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.findings import Finding
    from kb.load import Document, Loaded
    from kb.model import Entry, Wording
    from kb.rules.texts import Readable


def known_entries(loaded: Loaded) -> set[str]:
    """Return the ids of all entries, those of broken files included."""
    return set(loaded.entries) | _broken(loaded, ENTRIES)


def _broken(loaded: Loaded, folder: str) -> set[str]:
    paths = (PurePosixPath(finding.path) for finding in loaded.findings)
    return {path.stem for path in paths if str(path.parent) == folder}


def entry_links_lead_somewhere(loaded: Loaded) -> Iterator[Finding]:
    """What related and consequence_of name is another entry, by its present id."""
    known = known_entries(loaded)
    aliases = _aliases(loaded)
    for name, document in loaded.entries.items():
        for field in ("related", "consequence_of"):
            for number, other in enumerate(getattr(document.value, field) or ()):
                place = f"{field}.{number}"
                if other == name:
                    yield document.finding(place, "the entry names itself", "remove the line")
                elif other not in known:
                    yield document.finding(place, *_unknown_entry(other, known, aliases))


def _unknown_entry(name: str, known: set[str], aliases: dict[str, str]) -> tuple[str, str]:
    if name in aliases:
        return f"`{name}` is a former id", f"write `{aliases[name]}`"
    return f"there is no entry `{name}`", nearest(name, known, "write it, or remove the line")


def _aliases(loaded: Loaded) -> dict[str, str]:
    return {
        alias: name
        for name, document in loaded.entries.items()
        for alias in document.value.aliases or ()
    }


def related_goes_both_ways(loaded: Loaded) -> Iterator[Finding]:
    """Where one entry names another as related, the other names it too."""
    for name, document in loaded.entries.items():
        for number, other in enumerate(document.value.related or ()):
            there = loaded.entries.get(other)
            if there and other != name and name not in (there.value.related or ()):
                problem = f"`{other}` does not name `{name}` in turn"
                hint = f"add `- {name}` under related: in {there.path}"
                yield document.finding(f"related.{number}", problem, hint)


def consequences_have_a_beginning(loaded: Loaded) -> Iterator[Finding]:
    """No entry follows from itself by way of others."""
    for name, document in loaded.entries.items():
        waiting = [other for other in document.value.consequence_of or () if other != name]
        seen: set[str] = set()
        while waiting:
            other = waiting.pop()
            if other in seen or other not in loaded.entries:
                continue
            seen.add(other)
            waiting += loaded.entries[other].value.consequence_of or ()
        if name in seen:
            problem = "the entry follows from itself, by way of " + ", ".join(sorted(seen - {name}))
            yield document.finding("consequence_of", problem, "remove one of the links")


def aliases_are_free(loaded: Loaded) -> Iterator[Finding]:
    """A former id leads to one entry and is not the id of another."""
    known = known_entries(loaded)
    taken: dict[str, list[str]] = {}
    for name, document in loaded.entries.items():
        for alias in set(document.value.aliases or ()):
            taken.setdefault(alias, []).append(name)
    for name, document in loaded.entries.items():
        for number, alias in enumerate(document.value.aliases or ()):
            place = f"aliases.{number}"
            others = [other for other in taken[alias] if other != name]
            if alias in known:
                problem = f"`{alias}` is the id of an entry"
                yield document.finding(place, problem, "remove it here, or retire that entry")
            elif others:
                problem = f"`{alias}` is an alias of {', '.join(others)} too"
                yield document.finding(place, problem, "keep it in one of them")


def procedures_exist(loaded: Loaded) -> Iterator[Finding]:
    """A step that is carried out by a procedure names one that exists."""
    known = set(loaded.procedures) | _broken(loaded, PROCEDURES)
    documents: list[Readable] = [*loaded.entries.values(), *loaded.procedures.values()]
    for document in documents:
        for field, step in steps(document):
            name = step.procedure
            if name == document.value.id:
                hint = "write the steps out"
                yield document.finding(f"{field}.procedure", "the procedure names itself", hint)
            elif name and name not in known:
                hint = nearest(name, known, f"write {PROCEDURES}/{name}.yml")
                problem = f"there is no procedure `{name}`"
                yield document.finding(f"{field}.procedure", problem, hint)


def prose_links_lead_somewhere(loaded: Loaded) -> Iterator[Finding]:
    """[ENTRY_ID] and [procedure:id] in prose name what exists."""
    entries, aliases = known_entries(loaded), _aliases(loaded)
    procedures = set(loaded.procedures) | _broken(loaded, PROCEDURES)
    documents: list[Readable] = [*loaded.entries.values(), *loaded.procedures.values()]
    for document, text in ((each, text) for each in documents for text in texts(each)):
        for part in text.parsed.walk() if text.use is Use.PROSE and "[" in text.value else ():
            if not isinstance(part, Ref):
                continue
            if part.kind == "entry" and part.id not in entries:
                yield document.finding(text.field, *_unknown_entry(part.id, entries, aliases))
            if part.kind == "procedure" and part.id not in procedures:
                problem = f"there is no procedure `{part.id}`"
                hint = nearest(part.id, procedures, "write it, or remove the link")
                yield document.finding(text.field, problem, hint)


def messages_differ(loaded: Loaded) -> Iterator[Finding]:
    """Two entries do not answer the same text in the same surroundings."""
    groups: dict[tuple[str, ...], list[tuple[Document[Entry], int]]] = {}
    for document in loaded.entries.values():
        for number, wording in enumerate(document.value.messages):
            groups.setdefault(_folded(wording), []).append((document, number))
    for group in groups.values():
        for (first, one), (second, two) in permutations(group, 2):
            if first is second:
                continue
            near, other = first.value.messages[one].near, second.value.messages[two].near
            if near == other or set(near or ()) & set(other or ()):
                problem = f"{second.value.id} has the same message in the same surroundings"
                hint = "add a part, or `near`, that tells them apart, or make one entry of both"
                yield first.finding(f"messages.{one}", problem, hint)


def _folded(wording: Wording) -> tuple[str, ...]:
    """Return the parts as they are compared: blanks and case aside, placeholders alike."""
    folded = []
    for part in wording.parts:
        try:
            literals, _ = split_template(part.text)
        except ValueError:
            literals = [part.text]
        folded.append(" ".join("\0".join(literals).casefold().split()))
    return tuple(folded)
