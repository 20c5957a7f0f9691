"""What real pips printed in the lab, damaged as pastes are: the search still finds it."""

from __future__ import annotations

import random

import mutate
import pytest
from matching import ROOT, patterns

from kb.load import load
from kb.match import Matcher

SHARES = {
    "no_head": 80,
    "no_tail": 78,
    "typos": 84,
    "lower": 94,
    "glued": 93,
    "flattened": 96,
    "literal_breaks": 96,
}
"""Percent of the outputs that are found first after damage that takes something away."""
HARMLESS = 97
"""The same for all other damage."""
STEP = 4
"""Every so many outputs are tried for each damage, other ones for each."""


def outputs() -> list[tuple[str, str]]:
    """Return each output with the entry that the search should find first."""
    found = []
    for document in load(ROOT).entries.values():
        one = document.value
        for recipe in (one.lab and one.lab.recipes) or ():
            folder = ROOT / "entries" / "transcripts" / one.id
            files = sorted(folder.glob(f"{recipe.id}.pip-*.txt"))
            texts = [file.read_text(encoding="utf-8") for file in files]
            found += [(recipe.finds or one.id, text) for text in texts]
    return found


OUTPUTS = outputs()
MATCHER = Matcher(patterns())


def test_every_output_is_found_as_its_recipe_says() -> None:
    missed = [right for right, text in OUTPUTS if first(text) != right]
    assert missed == []


@pytest.mark.parametrize("change", mutate.MUTATIONS, ids=lambda change: change.__name__)
def test_a_damaged_output_is_found(change: mutate.Mutation) -> None:
    number = mutate.MUTATIONS.index(change)
    chosen = OUTPUTS[number % STEP :: STEP]
    missed = []
    for n, (right, text) in enumerate(chosen):
        damaged = change(text, random.Random(n))  # noqa: S311
        if first(damaged) != right:
            missed.append(right)
    share = 100 - 100 * len(missed) / len(chosen)
    assert share >= SHARES.get(change.__name__, HARMLESS), missed


def first(text: str) -> str | None:
    found = MATCHER.match(text)
    return found[0]["id"] if found else None
