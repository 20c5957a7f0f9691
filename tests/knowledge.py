"""A small knowledge base to render: the good entries, and one that is hostile in every field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kb.address import Site
from kb.load import Document, Loaded, read
from kb.model import Entry, Procedure

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).resolve().parent
SITE = Site("pip errors", "https://pip-errors.example.org/", "https://github.com/example/errors")

NASTY = (
    "¤{number}¤ <script>alert(1)</script><img src=x onerror=alert(2)> </pre></div></section> "
    "**b *i _u_ [x](javascript:alert(3)) ]]> --> <!-- `tick #h - 1. &amp; &lt; \"q\" 'a' $x \\n "
    "{{{{%}}}} {{{{#id .c}}}} العربية \u202eabc \U0001f40d " + "long" * 120
)
SECOND_LINE = "\n\t\n   \n# no heading ¤{number}¤\n    no code\n\n- - -\n{{{{#no-id}}}}\n"
MARK = re.compile("¤[0-9]+¤")


def good(name: str = "WHOLE_PAGE") -> Document[Entry]:
    """Return one of the good entries."""
    data = (TESTS / "good_entries" / f"{name}.yml").read_bytes()
    document, findings = read(f"entries/pip/{name}.yml", data, Entry)
    assert document is not None, findings
    return document


def procedure() -> Document[Procedure]:
    """Return the good procedure."""
    data = (TESTS / "good_entries" / "do-it.yml").read_bytes()
    document, findings = read("entries/procedures/do-it.yml", data, Procedure)
    assert document is not None, findings
    return document


def loaded(*documents: Document[Entry]) -> Loaded:
    """Return documents as if they had been loaded, beside the good ones."""
    known = [good("OTHER_ERROR"), good(), *documents]
    entries = {document.value.id: document for document in known}
    return Loaded(entries, {"do-it": procedure()}, [])


def hostile() -> tuple[Document[Entry], list[str]]:
    """Return an entry whose every free text is hostile, and the mark each of them carries.

    A text is free if the model accepts the hostile one in its place.
    """
    tree = good().value.model_dump(mode="json", exclude_none=True) | {
        "id": "HOSTILE_ENTRY",
        "worded_by": {"program": "x", "release": "x", "licence": "MIT"},
        "lab": {"not_run": "race", "text": "x"},
    }
    tree["fixes"][0] |= {"when": "x", "risks": "x", "undo": "x"}
    tree["fixes"][0]["steps"][0]["expect"] = "x"
    tree["examples"][0]["caption"] = "x"
    del tree["placeholders"]
    marks = []
    for number, (holder, key) in enumerate(list(_leaves(tree))):
        before = holder[key]
        for text in (NASTY + SECOND_LINE, NASTY, NASTY[:190]):
            holder[key] = text.format(number=number)
            try:
                Entry.model_validate(tree)
            except ValidationError:
                holder[key] = before
            else:
                marks.append(f"¤{number}¤")
                break
    return Document(Entry.model_validate(tree), "entries/pip/HOSTILE_ENTRY.yml", {}), marks


def _leaves(tree: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - what YAML can hold
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from _leaves(value)
        elif isinstance(value, str):
            yield tree, key
