"""The page redacts as the command does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kb.redact import redact

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TESTS = Path(__file__).resolve().parent.parent
MODULE = TESTS.parent / "site-overrides" / "assets" / "search" / "redact.mjs"


def test_the_page_and_the_command_redact_alike(chromium: Browser) -> None:
    table = json.loads((TESTS / "redactions.json").read_text(encoding="utf-8"))
    logs = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((TESTS / "cases").glob("*/*.txt"))
    ]
    texts = [text for text, _ in table] + logs
    page = chromium.new_page()
    page.add_script_tag(
        content=MODULE.read_text(encoding="utf-8") + "\nwindow.redact = redact", type="module"
    )
    page.wait_for_function("() => !!window.redact")
    found = page.evaluate("texts => texts.map(text => redact(text))", texts)
    page.close()
    assert found == [redact(text) for text in texts]
