"""Choose which recipes to run: all, some by id, or the few that try every kind of set-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import releases
from kb.proofs import recipes_of

if TYPE_CHECKING:
    from kb.load import Document, Loaded
    from kb.model import Entry
    from kb.recipe import Recipe


PIPS = frozenset({"20.3.4", "22.3.1", "23.3.2", "24.0", "25.3", "26.3"})
"""The releases that errors and their older wordings are usually provoked with."""


@dataclass(frozen=True)
class Job:
    """One recipe with one pip.

    Attributes:
        document: the entry.
        number: which of its recipes, counted from 0.
        pip: release of pip.
        proves: whether its fixes and dead ends are tried, and not the error alone.
    """

    document: Document[Entry]
    number: int
    pip: str
    proves: bool

    @property
    def recipe(self) -> Recipe:
        """The recipe."""
        return recipes_of(self.document.value)[self.number]


def jobs(loaded: Loaded, ids: tuple[str, ...] = (), pips: tuple[str, ...] = ()) -> list[Job]:
    """Return every recipe with every pip it is for; the newest tries the fixes and dead ends.

    Args:
        loaded: the entries.
        ids: the entries to run; all when there are none.
        pips: the releases of pip to run; all when there are none.
    """
    return [
        Job(document, number, pip, pip == max(wanted, key=releases.key))
        for entry_id, document in loaded.entries.items()
        if not ids or entry_id in ids
        for number, recipe in enumerate(recipes_of(document.value))
        for wanted in [[pip for pip in recipe.pips if not pips or pip in pips]]
        for pip in wanted
    ]


def part(every: list[Job], number: int, count: int) -> list[Job]:
    """Return one of several parts of about the same cost, for machines that share the work.

    Args:
        every: the jobs.
        number: which part, counted from 1.
        count: how many parts there are.
    """
    costs = [0] * count
    chosen = []
    for job in every:
        least = costs.index(min(costs))
        costs[least] += cost(job)
        if least == number - 1:
            chosen.append(job)
    return chosen


def kinds(job: Job) -> frozenset[str]:
    """Return what a recipe tries of the lab: set-ups, answers, files and how they are broken."""
    recipe = job.recipe
    found = {f"setup {name}" for name in recipe.setup or ()}
    for answers in (recipe.server, recipe.once):
        found |= {f"answer {name}" for name in (answers or {}).values()}
    for dist in recipe.index or ():
        found |= {f"file {name}" for name in dist.files}
        found |= {f"broken {dist.broken}"} if dist.broken else set()
        found |= {"folder"} if dist.folder else set()
        found |= {"another index"} if dist.on != "simple" else set()
    for name in ("once", "pages", "releases"):
        found |= {name} if getattr(recipe, name) else set()
    for name in ("fixes", "dead_ends") if job.proves else ():
        found |= {name} if getattr(recipe, name) else set()
    return frozenset(found | ({f"pip {job.pip}"} if job.pip in PIPS else set()))


def cost(job: Job) -> int:
    """Return about how many commands a recipe runs."""
    recipe = job.recipe
    proofs = [*(recipe.fixes or {}).values(), *(recipe.dead_ends or {}).values()]
    proofs = proofs if job.proves else []
    return 1 + len(recipe.before or ()) + sum(3 for proof in proofs if not proof.not_run)


def few(every: list[Job]) -> list[Job]:
    """Return a few recipes that together try everything the lab can do (greedy set cover)."""
    left = set().union(*map(kinds, every)) if every else set()
    chosen: list[Job] = []
    while left:
        best = max(every, key=lambda job: len(left & kinds(job)) / cost(job))
        chosen.append(best)
        left -= kinds(best)
    return chosen
