"""Redacting logs: what is taken out, what stays, and that twice is once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.redact import redact

TESTS = Path(__file__).resolve().parent
TABLE = json.loads((TESTS / "redactions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "right"), TABLE)
def test_private_things_are_replaced_and_nothing_else(text: str, right: str) -> None:
    assert redact(text) == right
    assert redact(right) == right


def test_sample_logs_keep_their_lines() -> None:
    for path in sorted((TESTS / "cases").glob("*/*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        once = redact(text)
        assert len(once.split("\n")) == len(text.split("\n")), path
        assert redact(once) == once, path
