"""Both readers of the patterns give the same answer, to the last field."""

from __future__ import annotations

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import mutate
import pytest
from matching import MATCHER, ROOT, in_node, patterns

from kb import cases
from kb.match import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from pathlib import Path

CASES = [case.text for case in cases.read(ROOT / "tests" / "cases")]


def in_python(texts: list[str]) -> list[Any]:
    """Return answers and guesses of the Python reader, as JSON gives them back."""
    matcher = Matcher(patterns())
    found = [[matcher.match(text), matcher.guesses(text)] for text in texts]
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def differing(texts: list[str], one: list[Any], other: list[Any]) -> list[Any]:
    """Return the first texts whose answers differ."""
    assert len(one) == len(other) == len(texts)
    return [each for each in zip(texts, one, other, strict=True) if each[1] != each[2]][:3]


def wordings() -> Iterator[str]:
    """Yield every wording as it is printed, each damaged in one way."""
    number = 0
    for one in patterns()["entries"]:
        for wording in one["wordings"]:
            rng = random.Random(number)  # noqa: S311
            change = mutate.MUTATIONS[number % len(mutate.MUTATIONS)]
            yield change(mutate.printed(wording, rng), rng)
            number += 1


def test_node_and_python_agree_on_every_case() -> None:
    assert differing(CASES, in_python(CASES), in_node(patterns(), CASES)) == []


def test_node_and_python_agree_on_every_wording() -> None:
    texts = list(wordings())
    assert differing(texts, in_python(texts), in_node(patterns(), texts)) == []


class _Quiet(SimpleHTTPRequestHandler):
    def guess_type(self, path: str | PathLike[str]) -> str:
        """Return the type of a file; that of a module depends on the system otherwise."""
        return "text/javascript" if str(path).endswith(".mjs") else super().guess_type(path)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.mark.browser
def test_chromium_and_python_agree_on_every_case(tmp_path: Path) -> None:
    # In a thread of its own: another test's browser may still be open in this one.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(agree_in_chromium, tmp_path).result()


def agree_in_chromium(tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    (tmp_path / "index.html").write_text("<!doctype html><title>none</title>", encoding="utf-8")
    (tmp_path / "matcher.mjs").write_text(MATCHER.read_text(encoding="utf-8"), encoding="utf-8")
    document = json.dumps(patterns(), ensure_ascii=False)
    (tmp_path / "patterns.json").write_text(document, encoding="utf-8")
    script = """async (texts) => {
      const { match, guesses } = await import("/matcher.mjs")
      const patterns = await (await fetch("/patterns.json")).json()
      return texts.map((text) => [match(patterns, text), guesses(patterns, text)])
    }"""
    with served(tmp_path) as address, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(address)
        found = page.evaluate(script, CASES)
        browser.close()
    assert differing(CASES, in_python(CASES), found) == []
