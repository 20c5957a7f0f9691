"""Each rule catches what it must, in words that are pinned, and leaves good entries alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from entry_cases import BAD, GOOD, expected, with_bad

from kb.load import Document, Loaded
from kb.rules import BETWEEN_RULES, DOCUMENT_RULES, ENTRY_RULES, check
from kb.rules.between import consequences_have_a_beginning as circle
from kb.rules.inside import release_key
from kb.rules.texts import Use, texts

if TYPE_CHECKING:
    from pathlib import Path

    from kb.findings import Finding
    from kb.model import Entry

RULES = [path for path in BAD if not path.stem.startswith(("YAML_", "SHAPE_"))]


def of(path: Path, findings: list[Finding]) -> list[str]:
    """Return the findings about one file."""
    return [str(found) for found in findings if found.path == f"entries/pip/{path.name}"]


def test_good_entries_have_no_findings() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_bad_entry_causes_what_it_announces(path: Path) -> None:
    loaded = with_bad(path)
    assert loaded.findings == []
    assert of(path, check(loaded)) == expected(path)


def test_every_rule_is_pinned_by_a_bad_entry() -> None:
    idle = {rule.__name__ for rule in (*DOCUMENT_RULES, *ENTRY_RULES, *BETWEEN_RULES)}
    for path in RULES:
        loaded = with_bad(path)
        bad = loaded.entries[path.stem]
        idle -= {rule.__name__ for rule in DOCUMENT_RULES if list(rule(bad, texts(bad)))}
        idle -= {rule.__name__ for rule in ENTRY_RULES if list(rule(bad))}
        idle -= {rule.__name__ for rule in BETWEEN_RULES if list(rule(loaded))}
    assert idle == {circle.__name__}  # needs two entries: below


def test_every_rule_says_what_it_demands() -> None:
    for rule in (*DOCUMENT_RULES, *ENTRY_RULES, *BETWEEN_RULES):
        assert rule.__doc__


def with_changes(name: str, **changes: object) -> Document[Entry]:
    document = GOOD.entries[name]
    return Document(document.value.model_copy(update=changes), document.path, document.lines)


def test_entries_do_not_follow_from_each_other_in_a_circle() -> None:
    other = with_changes("OTHER_ERROR", consequence_of=("WHOLE_PAGE",))
    loaded = Loaded(GOOD.entries | {"OTHER_ERROR": other}, GOOD.procedures, [])
    found = [(finding.path, finding.line, finding.problem) for finding in circle(loaded)]
    assert found == [
        ("entries/pip/OTHER_ERROR.yml", 1, "the entry follows from itself, by way of WHOLE_PAGE"),
        ("entries/pip/WHOLE_PAGE.yml", 8, "the entry follows from itself, by way of OTHER_ERROR"),
    ]


def test_both_of_two_entries_with_one_message_are_named() -> None:
    path = next(path for path in RULES if path.stem == "MESSAGE_TWICE")
    findings = [found for found in check(with_bad(path)) if "same message" in found.problem]
    assert [found.path for found in findings] == [
        "entries/pip/MESSAGE_TWICE.yml",
        "entries/pip/OTHER_ERROR.yml",
    ]


def test_the_surroundings_tell_messages_apart() -> None:
    other = GOOD.entries["OTHER_ERROR"].value
    wording = other.messages[0].model_copy(update={"near": ("elsewhere",)})
    third = with_changes("OTHER_ERROR", id="THIRD", messages=(wording,), aliases=None)
    assert check(Loaded(GOOD.entries | {"THIRD": third}, GOOD.procedures, [])) == []


def test_the_name_of_a_broken_file_is_known() -> None:
    whole = with_changes("WHOLE_PAGE", consequence_of=("BROKEN",))
    entries = GOOD.entries | {"WHOLE_PAGE": whole}
    assert check(Loaded(entries, GOOD.procedures, [])) != []
    named = Document(whole.value, "entries/pip/BROKEN.yml", {}).finding("", "x")
    assert check(Loaded(entries, GOOD.procedures, [named])) == []


def test_releases_sort_as_numbers() -> None:
    releases = ["25.10", "20.3.1", "20.3", "20.3b1", "10.0", "9.0.3"]
    assert sorted(releases, key=release_key) == releases[::-1]
    assert release_key("23.0") == release_key("23")


def test_each_text_is_known_by_what_it_may_hold() -> None:
    uses = {text.field: text.use for text in texts(GOOD.entries["WHOLE_PAGE"])}
    assert uses["summary"] is Use.PROSE
    assert uses["messages.0.parts.0.text"] is Use.MESSAGE
    assert uses["fixes.0.steps.0.commands.0.text"] is Use.COMMAND
    assert uses["fixes.0.steps.0.files.0.text"] is Use.FILE
    assert uses["sources.0.quote"] is uses["examples.0.output"] is Use.VERBATIM
    assert not uses.keys() & {"id", "kind", "sources.0.release", "placeholders.old_version"}
