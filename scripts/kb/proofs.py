"""What the lab printed and proved, as it is committed under ``entries/transcripts``.

``<ID>/<recipe>.pip-<release>.txt`` is an output; ``<ID>/proofs.json`` says, for each recipe and
each pip, when it ran, with which Python, and which fixes and dead ends were proven. A proof
carries a digest of all that it is of: if the recipe or a command of the page changes, it proves
nothing any more. Both are written by ``make lab update=1`` and by nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.model import DeadEnd, Fix, Platform

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kb.model import Command, Entry, Step
    from kb.recipe import Recipe

INDEX = "index.example.org"
FILES = "files.example.org"
PROXY = "proxy.example.org"
"""The hosts that outputs show in place of the lab's own servers."""

FOLDER = "entries/transcripts"
PROOFS = "proofs.json"


@dataclass(frozen=True)
class Run:
    """One recipe with one pip, as it came out when the lab last ran it.

    Attributes:
        recipe: id of the recipe.
        pip: release of pip.
        python: release of Python.
        ran: the day, as 2026-01-31.
        of: digest of what was run.
        fixes: ids of the fixes that were proven.
        dead_ends: ids of the dead ends that were proven.
        output: what was printed.
    """

    recipe: str
    pip: str
    python: str
    ran: str
    of: str
    fixes: tuple[str, ...]
    dead_ends: tuple[str, ...]
    output: str = field(default="", repr=False)


@dataclass(frozen=True)
class Printed:
    """What releases of pip print alike, and which lines of it show the error.

    Attributes:
        recipe: the recipe.
        runs: the runs, the newest pip first.
        marked: the lines that the search takes for the error, counted from 1.
    """

    recipe: Recipe
    runs: tuple[Run, ...]
    marked: frozenset[int]

    @property
    def output(self) -> str:
        """What was printed."""
        return self.runs[0].output


def transcript_path(entry: str, recipe: str, pip: str) -> str:
    """Return the path of a transcript, relative to the repository."""
    return f"{FOLDER}/{entry}/{recipe}.pip-{pip}.txt"


def proofs_path(entry: str) -> str:
    """Return the path of an entry's proofs, relative to the repository."""
    return f"{FOLDER}/{entry}/{PROOFS}"


INHERITED = (
    *("python", "setup", "index", "releases", "server", "once", "pages"),
    *("files", "env", "before", "seconds"),
)
"""What a recipe takes over from the one that it is `like`, unless it has its own."""


def recipes_of(entry: Entry) -> tuple[Recipe, ...]:
    """Return the recipes of an entry, with what they take over from others filled in."""
    found: list[Recipe] = []
    for recipe in (entry.lab.recipes or ()) if entry.lab else ():
        base = next((above for above in found if above.id == recipe.like), None)
        taken = {
            name: getattr(base, name)
            for name in INHERITED
            if base and name not in recipe.model_fields_set
        }
        found.append(recipe.model_copy(update=taken))
    return tuple(found)


def linux_commands(steps: Iterable[Step]) -> list[str]:
    """Return the commands of some steps that are for Linux, as they are written."""
    return _for_linux(command for step in steps for command in step.commands or ())


def commands_of(item: Fix | DeadEnd) -> list[str]:
    """Return the commands of a fix or a dead end that are for Linux, as they are written."""
    if isinstance(item, Fix):
        return linux_commands(item.steps)
    return _for_linux(item.commands or ())


def _for_linux(commands: Iterable[Command]) -> list[str]:
    return [command.text for command in commands if Platform.LINUX in command.os]


def digest(entry: Entry, recipe: Recipe) -> str:
    """Return a digest of all that a run of a recipe depends on in the entry.

    Args:
        entry: the entry.
        recipe: one of its recipes.
    """
    shown = {
        kind: {item.id: commands_of(item) for item in items or () if item.id in (tried or {})}
        for kind, items, tried in (
            ("fixes", entry.fixes, recipe.fixes),
            ("dead_ends", entry.dead_ends, recipe.dead_ends),
        )
    }
    document = {
        "recipe": recipe.model_dump(
            mode="json", exclude={"id", "caption", "like", "pips"}, exclude_defaults=True
        ),
        "verification": linux_commands(entry.verification or ()),
        **shown,
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_json(root: Path, entry: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return an entry's proofs as they are committed: by recipe and pip; nothing if none are."""
    try:
        text = (root / proofs_path(entry)).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    document: dict[str, dict[str, dict[str, Any]]] = json.loads(text)
    return document


def runs(root: Path, entry: Entry) -> tuple[Run, ...]:
    """Return the runs that are committed for the recipes that an entry has, in their order.

    A run of a recipe that is gone, or that was for another pip, is left out.

    Args:
        root: the repository.
        entry: the entry.
    """
    committed = read_json(root, entry.id) if entry.lab else {}
    found = []
    for recipe in recipes_of(entry):
        for pip in recipe.pips:
            row = committed.get(recipe.id, {}).get(pip)
            file = root / transcript_path(entry.id, recipe.id, pip)
            if row is None or not file.is_file():
                continue
            found.append(
                Run(
                    recipe.id,
                    pip,
                    row["python"],
                    row["ran"],
                    row["of"],
                    tuple(row["fixes"]),
                    tuple(row["dead_ends"]),
                    file.read_text(encoding="utf-8"),
                )
            )
    return tuple(found)


def holds(entry: Entry, run: Run) -> bool:
    """Return whether a run is still of what the entry says now."""
    return any(
        run.recipe == recipe.id and run.of == digest(entry, recipe) for recipe in recipes_of(entry)
    )


def alike(entry: Entry, found: Iterable[Run]) -> list[tuple[Recipe, tuple[Run, ...]]]:
    """Group runs by recipe and output, in the order of the recipes, the newest pip first.

    Args:
        entry: the entry.
        found: its runs; those that are not of what the entry says now are left out.
    """
    recipes = {recipe.id: recipe for recipe in recipes_of(entry)}
    groups: dict[tuple[str, str], list[Run]] = {}
    held = [run for run in found if holds(entry, run)]
    order = list(recipes)
    for run in sorted(held, key=lambda run: (order.index(run.recipe), _newest_first(run.pip))):
        groups.setdefault((run.recipe, run.output), []).append(run)
    return [(recipes[name], tuple(group)) for (name, _), group in groups.items()]


def _newest_first(release: str) -> list[int]:
    return [-int(number) for number in release.split(".")]


_SHOWN = {
    "closed": f"https://{INDEX}",
    "host": INDEX,
    "port": "443",
    "proxy": f"http://{PROXY}:3128",
    "repository": "file:///home/user/repositories/demo",
}
_TOKEN = re.compile(r"@(index|closed|host|port|proxy|repository)(?::([a-z0-9-]+))?@")


def shown_command(recipe: Recipe) -> str:
    """Return the command of a recipe with the names that its output shows for the lab's servers."""

    def name(found: re.Match[str]) -> str:
        if found[1] == "index":
            return f"https://{INDEX}/{found[2] or 'simple'}"
        return _SHOWN[found[1]]

    text = re.sub(
        r"https?://((?:[^\s/@]*@)?)(?:@host@|(?:127\.0\.0\.1|localhost):@port@)",
        rf"https://\g<1>{INDEX}",
        recipe.run,
    )
    text = re.sub(r"(?:127\.0\.0\.1|localhost):@port@", f"{INDEX}:443", text)
    text = _TOKEN.sub(name, text)
    return re.sub(r"(?<![\w/.:@-])(?:127\.0\.0\.1|localhost)(?![\w:.-])", INDEX, text)
