"""The patterns document: what it says of the entries' texts, and how much it weighs."""

from __future__ import annotations

import gzip
import json

import pytest
from matching import ROOT, compiled, entry, patterns

from kb.load import load
from kb.model import PLACEHOLDER_TYPES
from kb.patterns import PIECE, RULES, UNIT, compile_patterns, cut, squeeze


@pytest.mark.parametrize(
    "literal",
    [
        "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        "Killed",
        " requires ",
        "': ",
        "",
        "--use-feature=2020-resolver to test your packages",
    ],
)
def test_pieces_put_together_are_the_literal(literal: str) -> None:
    pieces = cut(literal)
    assert "".join(pieces) == literal
    assert len(pieces) == 1 or all(len(squeeze(piece)) >= PIECE for piece in pieces)


def test_a_wording_is_pieces_and_typed_placeholders() -> None:
    document = compiled(
        entry(
            "HELD",
            "The latch of {package} {release} is held by {who} {{sic}}",
            placeholders={"release": "version", "who": "text"},
        )
    )
    (wording,) = document["entries"][0]["wordings"]
    assert wording["parts"] == [
        [
            "message",
            ["The latch of ", ["package", "package"], " ", ["release", "version"],
             " is held by ", ["who", "text"], " {sic}"],
        ]
    ]  # fmt: skip
    assert wording["weights"] == [10 * UNIT, 0, 8 * UNIT, 3 * UNIT]


def test_a_piece_of_several_entries_tells_less() -> None:
    alone = compiled(entry("ONE", "The wooden bridge is closed"))
    shared = compiled(
        entry("ONE", "The wooden bridge is closed"),
        entry("TWO", "Today the wooden bridge is closed for repair"),
    )
    assert sum(shared["entries"][0]["wordings"][0]["weights"]) * 2 == sum(
        alone["entries"][0]["wordings"][0]["weights"]
    )


def test_the_system_s_own_words_are_left_open() -> None:
    document = compiled(entry("FULL", "Cannot write: [Errno 28] No space left on device: '{path}'"))
    first, second = document["entries"][0]["wordings"]
    assert second["of"] == 0
    assert ["strerror", "text"] in second["parts"][0][1]
    assert ["strerror", "text"] not in first["parts"][0][1]


def test_a_slug_tells_of_the_entry_that_is_named_like_it() -> None:
    document = compiled(
        entry("INNER_FAILED", "The inner thing failed", slugs=["outer-failed"]),
        entry("OUTER_FAILED", "The outer thing failed", slugs=["outer-failed"]),
    )
    inner, outer = document["entries"]
    assert [wording["parts"][0][0] for wording in inner["wordings"]] == ["message"]
    assert outer["wordings"][1]["parts"] == [["slug", ["error: outer-failed"]]]


def test_a_text_of_another_program_is_marked() -> None:
    other = {"program": "bash", "release": "5.2", "licence": "GPL-3.0-or-later"}
    build, network, own, named = compiled(
        entry("A", "the bridge is out", phase="build", worded_by=other),
        entry("B", "the river is high", phase="network", worded_by=other),
        entry("C", "the road is wet", phase="network"),
        entry("D", "pip cannot swim", phase="network", worded_by=other),
    )["entries"]
    marks = [one["wordings"][0].get("foreign", 0) for one in (build, network, own, named)]
    assert marks == [1, 2, 0, 0]


def test_a_text_without_releases_among_texts_that_have_some_is_marked() -> None:
    dated = {"parts": [{"text": "the river is too high"}], "since": "19.0"}
    (one,) = compiled(entry("A", dated, "the river is high", phase="network"))["entries"]
    assert [wording.get("foreign", 0) for wording in one["wordings"]] == [0, 2]


def test_each_type_has_a_rule_and_no_fillable_value_leaves_its_quotes() -> None:
    assert set(RULES) == set(PLACEHOLDER_TYPES)
    for name, kind in PLACEHOLDER_TYPES.items():
        if kind.fillable:
            assert RULES[name].ranges
            assert not set("\"'`$;|&\n") & set(RULES[name].also)


def test_the_document_is_the_same_each_time_and_small() -> None:
    again = json.dumps(compile_patterns(load(ROOT)), ensure_ascii=False, separators=(",", ":"))
    text = json.dumps(patterns(), ensure_ascii=False, separators=(",", ":"))
    assert text == again
    assert patterns()["version"] == 1
    assert len(gzip.compress(text.encode(), 9)) < 60_000


def test_every_wording_of_every_entry_is_carried() -> None:
    loaded = load(ROOT)
    for one in patterns()["entries"]:
        messages = loaded.entries[one["id"]].value.messages
        own = [wording for wording in one["wordings"] if "of" not in wording]
        assert len(own) == len(messages)
