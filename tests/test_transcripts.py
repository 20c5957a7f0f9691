"""What the lab printed: each output is found as the error it shows, and stands on its page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from knowledge import SITE, TESTS, good, loaded

from kb import match
from kb.load import Document, load
from kb.patterns import compile_patterns
from kb.proofs import Printed, Run, digest, recipes_of, transcript_path
from kb.recipe import Lab, NotRun, Proof, Recipe
from kb.render import Pages

if TYPE_CHECKING:
    from kb.model import Entry

ROOT = TESTS.parent
KNOWN = load(ROOT)
KEPT = [
    (entry_id, recipe, pip)
    for entry_id, document in KNOWN.entries.items()
    for recipe in recipes_of(document.value)
    for pip in recipe.pips
    if (ROOT / transcript_path(entry_id, recipe.id, pip)).is_file()
]


@cache
def patterns() -> dict[str, Any]:
    return compile_patterns(KNOWN)


def test_there_are_transcripts() -> None:
    finished = {name for name, one in KNOWN.entries.items() if one.value.status == "finished"}
    without = {name for name in finished if not KNOWN.entries[name].value.lab}
    assert without == set()
    assert len({entry_id for entry_id, _, _ in KEPT}) >= 60


def test_each_output_is_found_as_its_error() -> None:
    wrong = {}
    for entry_id, recipe, pip in KEPT:
        path = transcript_path(entry_id, recipe.id, pip)
        output = (ROOT / path).read_text(encoding="utf-8")
        found = [one["id"] for one in match.match(patterns(), output)]
        if found[:1] != [recipe.finds or entry_id] or entry_id not in found:
            wrong[path] = found
    assert wrong == {}


def test_no_output_names_the_machine_it_came_from() -> None:
    for entry_id, recipe, pip in KEPT:
        output = (ROOT / transcript_path(entry_id, recipe.id, pip)).read_text(encoding="utf-8")
        assert "pip-errors-lab" not in output, (entry_id, recipe.id)
        assert not output.startswith("\n"), (entry_id, recipe.id)


RECIPE = Recipe(
    id="told",
    caption="It is told",
    run="python -m pip install -i @index@ demo",
    fixes={"do-it": Proof()},
)


def shown(*runs: tuple[str, str]) -> str:
    """Return the page of an entry with a recipe, which pips printed as given."""
    document = good()
    fix = (document.value.fixes or ())[0]
    dead_end = (document.value.dead_ends or ())[0]
    recipe = RECIPE.model_copy(
        update={
            "fixes": {fix.id: Proof()},
            "dead_ends": {dead_end.id: Proof(not_run=NotRun.WINDOWS)},
        }
    )
    value = document.value.model_copy(update={"lab": Lab(recipes=(recipe,))})
    entry: Document[Entry] = Document(value, document.path, document.lines)
    printed = tuple(
        Printed(
            recipe,
            tuple(
                Run("told", pip, "3.11.2", "2026-01-31", digest(value, recipe), (fix.id,), (), text)
                for pip in pips.split()
            ),
            frozenset({2}),
        )
        for pips, text in runs
    )
    return Pages(loaded(), SITE, ROOT / "templates").entry(entry, printed)


def test_an_output_stands_on_the_page_with_its_pips() -> None:
    page = shown(("26.3 25.3", "first <b>\nERROR: second\nthird\n"))
    assert 'id="example-told"' in page
    assert "It is told" in page
    assert "-i https://index.example.org/simple demo" in page
    assert "first &lt;b&gt;" in page
    assert '<span class="shows">ERROR: second</span>' in page
    assert "Printed by pip 25.3 and 26.3 on Linux, Python 3.11." in page


def test_another_wording_of_an_older_pip_stands_below() -> None:
    page = shown(("26.3", "new words\n"), ("24.0 25.3", "old words\n"))
    assert page.index("new words") < page.index("Printed by pip 26.3 on Linux")
    assert page.index("Printed by pip 26.3 on Linux") < page.index("old words")
    assert "Printed by pip 24.0 and 25.3 on Linux" in page
    assert page.count('id="example-told"') == 1


def test_what_was_proven_stands_beside_it() -> None:
    page = shown(("26.3 25.3", "a\n"))
    assert "It worked in the lab, with pip 25.3 and 26.3 (2026-01-31)." in page
    assert "Not tried in the lab: only on Windows." in page
    assert "The lab has provoked this with pip 25.3 and 26.3 on Linux, last on 2026-01-31." in page


@pytest.mark.parametrize("words", ["It worked in the lab", "The lab has provoked this"])
def test_without_a_run_nothing_is_called_proven(words: str) -> None:
    assert words not in shown()
