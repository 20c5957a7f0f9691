"""Hostile and random text: no exception in either reader, and the same answers."""

from __future__ import annotations

import json
import random
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matching import ROOT, in_node, patterns

from kb import cases
from kb.explain.values import TYPES, valid
from kb.match import Matcher, clean

MATCHER = Matcher(patterns())
CASES = [case.text for case in cases.read(ROOT / "tests" / "cases")]
TEXTS = [
    item
    for one in patterns()["entries"]
    for wording in one["wordings"]
    for _, items in wording["parts"]
    for item in items
    if isinstance(item, str)
]
PLACEHOLDERS = {
    one["id"]: [
        item
        for wording in one["wordings"]
        for _, items in wording["parts"]
        for item in items
        if not isinstance(item, str)
    ]
    for one in patterns()["entries"]
}
SNIPPETS = (
    "\n", "\r", "\r\n", "\\n", "\\r\\n", " ", "\t", "\x00", "\x1b[31m", "\x1b[", "\x1b]0;", "\x07",
    "^[[0m", "[0m", "&apos;", "&amp;lt;", "&#39;", "&#x41;", "<span class='x'>", "</span>", "<br>",
    "#11 61.70 ", "2024-05-02T10:11:12Z ", "web-1 | ", "> ", "\u2502 ", "\u2570\u2500> ", "\xd7 ",
    "\u202e", "\u2066", "\u200b", "\ufeff", "\u3000", "\x85", "\u2028", "\U0001f600", "\ud83d",
    "\udc00", "'", '"', "`", "\u2019", "C:\\Users\\new", "/usr/lib", "==1.0", "--option", "\u0130",
    "\u212a", "\uff21", "e\u0301", "pip install ", "Collecting ", "ERROR: ", "\x1f", "\xa0",
)  # fmt: skip
PASTE = st.lists(st.sampled_from([*SNIPPETS, *TEXTS]) | st.text(max_size=9), max_size=40).map(
    "".join
)


def well_formed(text: str) -> bool:
    """Return whether JSON carries a text to Node as it is: halves of pairs could join there."""
    return not any(
        "\ud800" <= one <= "\udbff" and "\udc00" <= other <= "\udfff"
        for one, other in pairwise(text)
    )


def answers(text: str) -> list[Any]:
    found = [MATCHER.match(text), MATCHER.guesses(text)]
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PASTE)
def test_any_text_gives_sound_answers(text: str) -> None:
    lines = clean(text).count("\n") + 1
    found = MATCHER.match(text)
    assert len({one["id"] for one in found}) == len(found)
    for one in found:
        assert 0.6 <= one["confidence"] <= 0.99
        assert all(1 <= first <= last <= lines for first, last in one["lines"])
        kinds = {item[0]: item[1] for item in PLACEHOLDERS[one["id"]]}
        for name, value in one["values"].items():
            assert value if kinds[name] not in TYPES else valid(kinds[name], value)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert isinstance(MATCHER.match(raw), list)


def test_node_gives_the_same_answers_to_random_texts() -> None:
    rng = random.Random(20240502)  # noqa: S311
    texts = []
    for _ in range(400):
        parts = [rng.choice(SNIPPETS if rng.random() < 0.4 else TEXTS) for _ in range(30)]
        texts.append("".join(parts))
    for case in CASES:
        letters = list(case)
        for _ in range(8):
            at = rng.randrange(len(letters))
            letters[at : at + rng.randrange(4)] = rng.choice(SNIPPETS)
        texts.append("".join(letters))
    texts = [text for text in texts if well_formed(text)]
    given_back = in_node(patterns(), texts)
    differing = [
        (text, answers(text), found)
        for text, found in zip(texts, given_back, strict=True)
        if answers(text) != found
    ]
    assert differing[:2] == []


MESSAGE = "ERROR: No matching distribution found for "


GATE = ["NO_MATCHING_DISTRIBUTION"]
HOSTILE: dict[str, tuple[str, list[str] | None]] = {
    "one long word": ("a" * 1_000_000, []),
    "one long line": ("x " * 500_000, []),
    "a million lines": ("\n" * 1_000_000, []),
    "open colours": ("\x1b[" * 100_000, []),
    "open titles": ("\x1b]0;" * 100_000, []),
    "open entities": ("&amp;" * 100_000, []),
    "open tags": ("<b " * 100_000, []),
    "backslashes": ("\\" * 300_000, []),
    "blanks": (" " * 1_000_000, []),
    "digits": ("0" * 1_000_000, []),
    "half a time": ("2024-05-02 " * 100_000, []),
    "zeros": ("\x00" * 500_000, []),
    "directions": ("\u202e\u2066" * 100_000, []),
    "faces": ("\U0001f600" * 100_000, []),
    "half a message": ("Cannot install " * 100_000, []),
    "the other half": ("because these package versions have " * 30_000, None),
    "often": ((MESSAGE + "gate\n") * 20_000, GATE),
    "at the end": ("x" * 1_000_000 + MESSAGE, GATE),
    "in the middle": ("\n" * 200_000 + MESSAGE + "gate" + "\n" * 200_000, GATE),
    "a long value": (MESSAGE + "g" * 1_000_000, GATE),
    "ten megabytes": ("gcc -O2 -c src/module.c " * 430_000 + MESSAGE + "gate", GATE),
}


@cache
def in_node_hostile() -> dict[str, Any]:
    texts = [text for text, _ in HOSTILE.values()]
    return dict(zip(HOSTILE, in_node(patterns(), texts), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_both_readers_stand_large_hostile_texts(name: str) -> None:
    text, wanted = HOSTILE[name]
    found = answers(text)
    if wanted is not None:
        assert [one["id"] for one in found[0]] == wanted
    assert in_node_hostile()[name] == found
