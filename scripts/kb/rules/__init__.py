"""Everything that can be checked offline beyond the shape of a file.

Each rule is a function with a docstring that says what it demands. Each is listed here, once,
and pinned by a bad entry under ``tests/bad_entries``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.rules import between, commands, finished, inside, recipes, secrets, wording
from kb.rules.texts import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.findings import Finding
    from kb.load import Document, Loaded
    from kb.model import Entry
    from kb.rules.texts import Readable, TextAt

DOCUMENT_RULES: tuple[Callable[[Readable, list[TextAt]], Iterator[Finding]], ...] = (
    inside.ids_are_unique,
    wording.nothing_is_left_to_do,
    wording.prose_renders,
    wording.html_is_code,
    wording.link_hosts_are_public,
    wording.placeholders_are_known,
    wording.command_placeholders_are_safe,
    commands.commands_are_safe,
    commands.pip_is_run_by_python,
    commands.commands_fit_their_shell,
    finished.steps_say_something,
    secrets.nobody_is_named,
)
"""What an entry or procedure must fulfil by itself."""

ENTRY_RULES: tuple[Callable[[Document[Entry]], Iterator[Finding]], ...] = (
    inside.evidence_exists,
    inside.part_sources_exist,
    inside.causes_and_fixes_match,
    inside.releases_are_in_order,
    inside.sources_are_sound,
    wording.messages_have_words,
    wording.placeholders_stand_apart,
    wording.near_is_literal,
    finished.somebody_words_it,
    finished.finished_pages_are_whole,
    finished.own_texts_have_a_beginning,
    finished.changes_are_told,
    finished.examples_were_printed,
    recipes.lab_says_something,
    recipes.recipes_prove_what_there_is,
    recipes.finished_pages_are_proven,
    recipes.proofs_are_tried_or_not,
    recipes.recipes_take_over_from_above,
    recipes.recipes_stay_on_loopback,
    recipes.recipe_tokens_are_known,
    recipes.setups_fit_together,
)
"""What an entry must fulfil by itself."""

BETWEEN_RULES: tuple[Callable[[Loaded], Iterator[Finding]], ...] = (
    between.entry_links_lead_somewhere,
    between.related_goes_both_ways,
    between.consequences_have_a_beginning,
    between.aliases_are_free,
    between.procedures_exist,
    between.prose_links_lead_somewhere,
    between.messages_differ,
)
"""What entries and procedures must fulfil together."""


def check(loaded: Loaded) -> list[Finding]:
    """Hold everything that was loaded against the rules.

    Args:
        loaded: entries and procedures; names of broken files count as known.

    Returns:
        What is wrong, sorted by place; the findings of loading are not repeated.
    """
    findings: list[Finding] = []
    documents: list[Readable] = [*loaded.entries.values(), *loaded.procedures.values()]
    for document in documents:
        shown = texts(document)
        for rule in DOCUMENT_RULES:
            findings += rule(document, shown)
    for entry in loaded.entries.values():
        for entry_rule in ENTRY_RULES:
            findings += entry_rule(entry)
    for between_rule in BETWEEN_RULES:
        findings += between_rule(loaded)
    return sorted(set(findings))
