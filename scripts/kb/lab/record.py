"""Hold what the lab printed against what is committed, and write it."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from kb.findings import Finding
from kb.proofs import FOLDER, digest, proofs_path, read_json, recipes_of, transcript_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from kb.lab.outcome import Outcome
    from kb.load import Loaded

MEND = "if that is right, run: make lab id={} update=1"


def compare(root: Path, outcomes: Iterable[Outcome]) -> tuple[list[Finding], int]:
    """Hold what was printed against the committed transcripts.

    Args:
        root: the repository.
        outcomes: what came of the recipes that were run.

    Returns:
        A finding with a diff for each output that differs, or has no transcript; and how many
        were not compared, because the transcript is of another version of Python.
    """
    findings, other = [], 0
    for outcome in outcomes:
        if not outcome.output:
            continue
        path = transcript_path(outcome.entry, outcome.recipe, outcome.pip)
        file = root / path
        hint = MEND.format(outcome.entry)
        row = read_json(root, outcome.entry).get(outcome.recipe, {}).get(outcome.pip)
        if row is None or not file.is_file():
            findings.append(Finding(path, 1, "", "there is no such transcript yet", hint))
        elif _minor(row["python"]) != _minor(outcome.python):
            other += 1
        elif (old := file.read_text(encoding="utf-8")) != outcome.output:
            problem = f"pip prints something else now:\n{_diff(old, outcome)}"
            findings.append(Finding(path, 1, "", problem, hint))
    return findings, other


def _minor(release: str) -> list[str]:
    return release.split(".")[:2]


def _diff(old: str, outcome: Outcome) -> str:
    lines = difflib.unified_diff(
        old.splitlines(), outcome.output.splitlines(), "committed", "now", lineterm="", n=1
    )
    return "\n".join(lines)


def write(root: Path, loaded: Loaded, outcomes: list[Outcome], today: str, *, whole: bool) -> None:
    """Write the transcripts and the proofs of a run.

    What could not be run on this machine stays as it was committed.

    Args:
        root: the repository.
        loaded: the entries.
        outcomes: what came of the recipes that were run.
        today: the day of the run, as 2026-01-31.
        whole: every recipe was run: what belongs to entries without recipes is removed.
    """
    by_entry: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_entry.setdefault(outcome.entry, []).append(outcome)
    for entry_id, done in by_entry.items():
        _write_entry(root, loaded, entry_id, done, today)
    if whole:
        for folder in sorted((root / FOLDER).glob("*")):
            document = loaded.entries.get(folder.name)
            if folder.is_dir() and not (document and recipes_of(document.value)):
                for file in folder.iterdir():
                    file.unlink()
                folder.rmdir()


def _write_entry(
    root: Path, loaded: Loaded, entry_id: str, outcomes: list[Outcome], today: str
) -> None:
    entry = loaded.entries[entry_id].value
    recipes = {recipe.id: recipe for recipe in recipes_of(entry)}
    old = read_json(root, entry_id)
    rows: dict[str, dict[str, Any]] = {
        name: {pip: row for pip, row in old.get(name, {}).items() if pip in recipe.pips}
        for name, recipe in recipes.items()
    }
    folder = root / FOLDER / entry_id
    folder.mkdir(parents=True, exist_ok=True)
    for outcome in outcomes:
        if outcome.skipped:
            continue
        rows[outcome.recipe].pop(outcome.pip, None)
        if not outcome.output:
            continue
        path = root / transcript_path(entry_id, outcome.recipe, outcome.pip)
        path.write_text(outcome.output, encoding="utf-8", newline="\n")
        rows[outcome.recipe][outcome.pip] = {
            "ran": today,
            "python": outcome.python,
            "of": digest(entry, recipes[outcome.recipe]),
            "fixes": sorted(name for name, gone in outcome.fixes.items() if gone),
            "dead_ends": sorted(name for name, came in outcome.dead_ends.items() if came),
        }
    kept = {transcript_path(entry_id, name, pip) for name in rows for pip in rows[name]}
    for file in folder.glob("*.txt"):
        if f"{FOLDER}/{entry_id}/{file.name}" not in kept:
            file.unlink()
    text = json.dumps({name: row for name, row in rows.items() if row}, indent=1, sort_keys=True)
    (root / proofs_path(entry_id)).write_text(text + "\n", encoding="utf-8", newline="\n")


def stale(root: Path, loaded: Loaded, ids: Collection[str] = ()) -> list[Finding]:
    """Find transcripts and proofs that no recipe stands for any more, or another than it did.

    Args:
        root: the repository.
        loaded: the entries.
        ids: the entries to look at; all when there are none.
    """
    findings = []
    for file in sorted((root / FOLDER).glob("*/*")):
        if ids and file.parent.name not in ids:
            continue
        path = file.relative_to(root).as_posix()
        document = loaded.entries.get(file.parent.name)
        entry = document.value if document else None
        recipes = recipes_of(entry) if entry else ()
        known = {
            transcript_path(file.parent.name, recipe.id, pip)
            for recipe in recipes
            for pip in recipe.pips
        }
        if path not in known and path != proofs_path(file.parent.name):
            findings.append(Finding(path, 1, "", "no recipe prints this", "remove the file"))
    for entry_id, document in loaded.entries.items():
        if ids and entry_id not in ids:
            continue
        committed = read_json(root, entry_id)
        for recipe in recipes_of(document.value):
            now = digest(document.value, recipe)
            for pip, row in committed.get(recipe.id, {}).items():
                if row["of"] != now:
                    problem = f"{recipe.id} was proven before it, or a command, was changed"
                    hint = f"run: make lab id={entry_id} update=1"
                    where = f"{recipe.id}.{pip}"
                    findings.append(Finding(proofs_path(entry_id), 1, where, problem, hint))
    return findings
