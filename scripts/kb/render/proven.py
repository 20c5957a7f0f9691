"""What the lab has proven of a page, in words: with which pips, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.proofs import recipes_of
from kb.render import labels
from kb.render.shown import releases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import Entry
    from kb.proofs import Printed, Run

KINDS = {
    "fixes": ("fix", "fixes", "It worked"),
    "dead_ends": ("dead end", "dead ends", "It did not help"),
}


@dataclass(frozen=True)
class Proof:
    """What came of trying one fix or dead end.

    Attributes:
        text: what came of it, or why it was not tried.
        recipe: id of the recipe that tried it; empty if none did.
    """

    text: str
    recipe: str


class Proven:
    """What the lab's runs say about the fixes and dead ends of an entry."""

    def __init__(self, entry: Entry, printed: Iterable[Printed]) -> None:
        """Take the runs that are of what the entry says now.

        Args:
            entry: the entry.
            printed: what its recipes print.
        """
        self._entry = entry
        self._runs: list[Run] = [run for output in printed for run in output.runs]

    def of(self, kind: str, name: str) -> Proof | None:
        """Return what came of a fix or a dead end; None if the lab says nothing of it.

        Args:
            kind: ``fixes`` or ``dead_ends``.
            name: its id.
        """
        runs = [run for run in self._runs if name in getattr(run, kind)]
        if runs:
            when = max(run.ran for run in runs)
            pips = releases(run.pip for run in runs)
            text = f"{KINDS[kind][2]} in the lab, with {pips} ({when})."
            return Proof(text, runs[0].recipe)
        for recipe in recipes_of(self._entry):
            proof = (getattr(recipe, kind) or {}).get(name)
            if proof and proof.not_run:
                reason = labels.NOT_RUN[proof.not_run]
                return Proof(f"Not tried in the lab: {reason[0].lower()}{reason[1:]}.", "")
        return None

    @property
    def summary(self) -> str:
        """What was proven of the whole page, in two sentences; empty if nothing was run."""
        if not self._runs:
            return ""
        pips, when = releases(run.pip for run in self._runs), max(run.ran for run in self._runs)
        text = f"The lab has provoked this with {pips} on Linux, last on {when}."
        counted = []
        for kind, (one, many, _) in KINDS.items():
            items = getattr(self._entry, kind) or ()
            tried = {name for run in self._runs for name in getattr(run, kind)}
            if items:
                noun = one if len(items) == 1 else many
                counted.append(f"{len(tried)} of {len(items)} {noun}")
        return f"{text} It has tried {' and '.join(counted)}." if counted else text
