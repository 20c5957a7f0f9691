"""What an entry says about itself must hold together: ids, causes, evidence, releases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel

from kb.model import PROJECTS, Entry, PartKind, Status
from kb.shape import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.findings import Finding
    from kb.load import Document
    from kb.model import Example, Reference, Source
    from kb.recipe import Recipe
    from kb.rules.texts import Readable, TextAt


def nearest(word: str, words: Iterable[str], otherwise: str) -> str:
    """Return a hint with the word that was probably meant.

    Args:
        word: what is written.
        words: what could have been meant.
        otherwise: the hint where no word is close.

    Returns:
        The hint.
    """
    return did_you_mean(word, sorted(words)) or otherwise


def ids_are_unique(document: Readable, _: list[TextAt]) -> Iterator[Finding]:
    """An id names one thing; sources, references and examples share their names."""
    yield from _repeated_ids(document, document.value, "")
    if isinstance(document.value, Entry):
        seen: dict[str, str] = {}
        for field, name in _evidence(document.value):
            first = seen.setdefault(name, field)
            if _section(first) != _section(field):
                problem = f"`{name}` is the id of {first.rpartition('.')[0]} too"
                yield document.finding(field, problem, "evidence could mean both: rename one")


def _repeated_ids(document: Readable, model: BaseModel, prefix: str) -> Iterator[Finding]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        seen: dict[str, int] = {}
        for number, item in enumerate(value if isinstance(value, tuple) else ()):
            field = f"{prefix}{name}.{number}"
            label = getattr(item, "id", None) if isinstance(item, BaseModel) else str(item)
            if label is not None and seen.setdefault(label, number) != number:
                where = f"{field}.id" if isinstance(item, BaseModel) else field
                hint = "rename one of the two" if where != field else "remove one of the two"
                yield document.finding(where, f"`{label}` stands here twice", hint)
            if isinstance(item, BaseModel):
                yield from _repeated_ids(document, item, f"{field}.")
        if isinstance(value, BaseModel):
            yield from _repeated_ids(document, value, f"{prefix}{name}.")


def _section(field: str) -> str:
    return field.rpartition(".")[0].rpartition(".")[0]


def _evidence(entry: Entry) -> list[tuple[str, str]]:
    """Return the things that can bear something out: field and id."""
    sections: dict[str, tuple[Source | Example | Reference | Recipe, ...] | None] = {
        "sources": entry.sources,
        "examples": entry.examples,
        "references": entry.references,
        "lab.recipes": entry.lab.recipes if entry.lab else None,
    }
    return [
        (f"{section}.{number}.id", item.id)
        for section, items in sections.items()
        for number, item in enumerate(items or ())
    ]


def evidence_exists(document: Document[Entry]) -> Iterator[Finding]:
    """Evidence names a source, an example, a reference or a recipe of the same entry."""
    entry = document.value
    known = {name for _, name in _evidence(entry)}
    for section in ("causes", "fixes", "dead_ends", "background"):
        value = getattr(entry, section) or ()
        items = enumerate(value) if isinstance(value, tuple) else (("", value),)
        for number, item in items:
            prefix = f"{section}.{number}." if isinstance(value, tuple) else f"{section}."
            for index, name in enumerate(item.evidence or ()):
                if name not in known:
                    otherwise = "add it to sources, examples, references or the lab's recipes"
                    hint = nearest(name, known, otherwise)
                    problem = f"no source, example, reference or recipe has the id `{name}`"
                    yield document.finding(f"{prefix}evidence.{index}", problem, hint)
    references = {item.id for item in entry.references or ()}
    for number, example in enumerate(entry.examples or ()):
        if example.seen and example.seen not in references:
            hint = nearest(example.seen, references, "add it to references")
            problem = f"no reference has the id `{example.seen}`"
            yield document.finding(f"examples.{number}.seen", problem, hint)


def part_sources_exist(document: Document[Entry]) -> Iterator[Finding]:
    """A part names a source of the same entry; of several parts the message stands first."""
    known = {source.id for source in document.value.sources or ()}
    for number, wording in enumerate(document.value.messages):
        for index, part in enumerate(wording.parts):
            field = f"messages.{number}.parts.{index}"
            if part.source and part.source not in known:
                problem = f"no source has the id `{part.source}`"
                hint = nearest(part.source, known, "add it to sources")
                yield document.finding(f"{field}.source", problem, hint)
            if index == 0 and len(wording.parts) > 1 and part.kind is not PartKind.MESSAGE:
                problem = f"the first part is a {part.kind}"
                hint = "put the message first: it is the headline"
                yield document.finding(f"{field}.kind", problem, hint)


def causes_and_fixes_match(document: Document[Entry]) -> Iterator[Finding]:
    """A fix cures causes of the same entry; when finished, each cause has a fix, in order."""
    entry = document.value
    known = [cause.id for cause in entry.causes or ()]
    for number, fix in enumerate(entry.fixes or ()):
        for index, name in enumerate(fix.causes):
            if name not in known:
                hint = nearest(name, known, "add it to causes")
                problem = f"no cause has the id `{name}`"
                yield document.finding(f"fixes.{number}.causes.{index}", problem, hint)
    if not entry.causes or not entry.fixes or entry.status is not Status.FINISHED:
        return
    cured = {name for fix in entry.fixes for name in fix.causes}
    for number, cause in enumerate(entry.causes):
        if cause.id not in cured:
            hint = f"add `{cause.id}` to the causes of a fix, or write a fix for it"
            yield document.finding(f"causes.{number}", f"no fix cures `{cause.id}`", hint)
    if known[0] not in entry.fixes[0].causes and known[0] in cured:
        problem = f"the first fix does not cure the first cause, `{known[0]}`"
        hint = "put the commonest cause first, and first the fix that cures it"
        yield document.finding("fixes.0.causes", problem, hint)


def release_key(release: str) -> tuple[list[int], bool]:
    """Return a key that sorts releases of pip: 9.0.3 before 10.0, 20.3b1 before 20.3.

    Args:
        release: a release number as the model accepts it.

    Returns:
        Its numbers without zeros at the end, and whether it is final.
    """
    main, letter, _ = re.split(r"([a-z]|$)", release, maxsplit=1)
    numbers = [int(number) for number in main.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers, not letter


def releases_are_in_order(document: Document[Entry]) -> Iterator[Finding]:
    """A wording does not end before it begins, and the newest wording stands first."""
    wordings = document.value.messages
    for number, wording in enumerate(wordings):
        since, until = wording.since, wording.until
        if since and until and release_key(since) > release_key(until):
            problem = f"since {since} is newer than until {until}"
            yield document.finding(f"messages.{number}.since", problem, "exchange the two")
    first = wordings[0].until
    if first and any(
        w.until is None or release_key(w.until) > release_key(first) for w in wordings
    ):
        problem = "a newer wording stands below this one"
        yield document.finding("messages.0", problem, "put the wording of the newest pip first")


def sources_are_sound(document: Document[Entry]) -> Iterator[Finding]:
    """A source lies inside a known project, and its lines are as many as its quote has."""
    for number, source in enumerate(document.value.sources or ()):
        field = f"sources.{number}"
        if source.project not in PROJECTS:
            hint = nearest(source.project, PROJECTS, f"one of: {', '.join(PROJECTS)}")
            problem = f"`{source.project}` is not a project whose releases are quoted"
            yield document.finding(f"{field}.project", problem, hint)
        yield from _sane_path(document, f"{field}.path", source.path)
        if source.lines:
            first, _, last = source.lines.partition("-")
            count = int(last or first) - int(first) + 1
            rows = len(source.quote.strip("\n").split("\n")) if source.quote else count
            if count != rows:
                problem = f"lines {source.lines} are {count}, the quote has {rows}"
                hint = "remove `lines`: `make verify` says which they are"
                yield document.finding(f"{field}.lines", problem, hint)
    for number, site in enumerate(document.value.sites or ()):
        yield from _sane_path(document, f"sites.{number}.path", site.path)


def _sane_path(document: Document[Entry], field: str, path: str) -> Iterator[Finding]:
    if path.startswith("/") or "\\" in path or ".." in path.split("/") or ":" in path:
        hint = "write it as in the repository: src/pip/_internal/exceptions.py"
        yield document.finding(field, f"`{path}` is not a path in a repository", hint)
