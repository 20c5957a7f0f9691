"""What the lab keeps: transcripts of what pip printed, and what was proven with which pip.

``entries/transcripts/<ID>/<recipe>.pip-<release>.txt`` holds an output; ``proofs.json`` beside the
folders says what was proven, with which pips, and when. Both are written by ``make lab update=1``
and by nothing else.
"""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from kb.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kb.lab.runner import Outcome
    from kb.load import Loaded

FOLDER = "entries/transcripts"
PROOFS = f"{FOLDER}/proofs.json"
MEND = "make lab update=1"


def transcript_path(entry: str, recipe: str, pip: str) -> str:
    """Return the path of a transcript, relative to the repository."""
    return f"{FOLDER}/{entry}/{recipe}.pip-{pip}.txt"


def compare(root: Path, outcomes: Iterable[Outcome]) -> list[Finding]:
    """Hold what was printed against the committed transcripts.

    Args:
        root: the repository.
        outcomes: what came of the recipes that were run.

    Returns:
        A finding with a diff for each output that differs, or has no transcript.
    """
    findings = []
    for outcome in outcomes:
        if not outcome.output:
            continue
        path = transcript_path(outcome.entry, outcome.recipe, outcome.pip)
        file = root / path
        if not file.is_file():
            findings.append(Finding(path, 1, "", "there is no such transcript yet", f"run {MEND}"))
        elif (old := file.read_text(encoding="utf-8")) != outcome.output:
            findings.append(
                Finding(path, 1, "", f"pip prints something else now:\n{_diff(old, outcome)}", MEND)
            )
    return findings


def _diff(old: str, outcome: Outcome) -> str:
    lines = difflib.unified_diff(
        old.splitlines(), outcome.output.splitlines(), "committed", "now", lineterm="", n=1
    )
    return "\n".join(lines)


def proofs(outcomes: Iterable[Outcome], today: str) -> dict[str, Any]:
    """Return what was proven, as ``proofs.json`` has it.

    Args:
        outcomes: what came of the recipes that were run.
        today: the day of the run, as 2026-01-31.
    """
    entries: dict[str, Any] = {}
    for outcome in sorted(outcomes, key=lambda one: (one.entry, one.recipe, one.pip)):
        if not outcome.output:
            continue
        runs = entries.setdefault(outcome.entry, {}).setdefault(outcome.recipe, {})
        runs[outcome.pip] = {
            "python": outcome.python,
            "fixes": sorted(name for name, gone in outcome.fixes.items() if gone),
            "dead_ends": sorted(name for name, came in outcome.dead_ends.items() if came),
        }
    return {"ran": today, "entries": entries}


def write(root: Path, outcomes: list[Outcome], today: str, *, whole: bool) -> None:
    """Write the transcripts and the proofs of a run.

    Args:
        root: the repository.
        outcomes: what came of the recipes that were run.
        today: the day of the run.
        whole: every recipe was run: transcripts of recipes that are gone are removed, and
            the proofs of entries that were not run are dropped.
    """
    kept = set()
    for outcome in outcomes:
        path = root / transcript_path(outcome.entry, outcome.recipe, outcome.pip)
        kept.add(path)
        if outcome.output:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(outcome.output, encoding="utf-8")
    document = proofs(outcomes, today)
    if whole:
        for path in sorted((root / FOLDER).glob("*/*.txt")):
            if path not in kept:
                path.unlink()
    else:
        old = read(root)
        document = {"ran": old.get("ran", today), "entries": old["entries"] | document["entries"]}
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    (root / PROOFS).write_text(text, encoding="utf-8")


def read(root: Path) -> dict[str, Any]:
    """Return what the last run proved; nothing when there was none."""
    try:
        document: dict[str, Any] = json.loads((root / PROOFS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"entries": {}}
    return document


def stale(root: Path, loaded: Loaded) -> list[Finding]:
    """Find proofs and transcripts that no recipe stands for any more."""
    recipes = {
        (entry_id, recipe.id)
        for entry_id, document in loaded.entries.items()
        for recipe in (document.value.lab.recipes if document.value.lab else None) or ()
    }
    return [
        Finding(PROOFS, 1, f"entries.{entry}.{recipe}", "there is no such recipe", f"run {MEND}")
        for entry, runs in read(root)["entries"].items()
        for recipe in runs
        if (entry, recipe) not in recipes
    ]
