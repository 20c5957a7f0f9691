"""The patterns of this repository, and of a few entries made up for a test."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kb.load import Document, Loaded, load
from kb.model import Entry
from kb.patterns import compile_patterns

ROOT = Path(__file__).resolve().parent.parent
MATCHER = ROOT / "site-overrides" / "assets" / "matcher.mjs"

IN_NODE = """
import { readFileSync } from "node:fs"
const { match, guesses } = await import(process.argv[1])
const { documents, texts } = JSON.parse(readFileSync(0, "utf8"))
const found = texts.map(([which, text]) => [
  match(documents[which], text), guesses(documents[which], text)])
process.stdout.write(JSON.stringify(found))
"""


@cache
def patterns() -> dict[str, Any]:
    """Return the patterns document of this repository."""
    return compile_patterns(load(ROOT))


def entry(name: str, *messages: str | dict[str, Any], **fields: Any) -> Entry:  # noqa: ANN401
    """Return a stub with these texts as its wordings."""
    wordings = [one if isinstance(one, dict) else {"parts": [{"text": one}]} for one in messages]
    names = {"id": name, "status": "stub", "kind": "error", "phase": "cli", "tier": 1}
    return Entry.model_validate({**names, "summary": "Something.", "messages": wordings, **fields})


def compiled(*entries: Entry) -> dict[str, Any]:
    """Return the patterns document of some entries."""
    documents = {one.id: Document(one, f"entries/pip/{one.id}.yml", {}) for one in entries}
    return compile_patterns(Loaded(documents, {}, []))


def in_node(document: dict[str, Any], texts: list[str]) -> list[list[Any]]:
    """Return answers and guesses of the ES module for each text; skip without Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    given = {"documents": [document], "texts": [[0, text] for text in texts]}
    done = subprocess.run(
        [node, "--input-type=module", "--eval", IN_NODE, MATCHER.as_uri()],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]
