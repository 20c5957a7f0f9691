"""What the offline tool knows: the patterns, the pages, and which name means which page."""

from __future__ import annotations

import difflib
import json
import pkgutil
import re
from typing import Any, NamedTuple

from kb import match

DATA = ("patterns.json", "pages.json")
"""The two documents, as :mod:`kb.offline` packs them beside this module."""
NEAREST = 3
NEAR = 0.7
"""From this likeness on, 1 being the same, a name is offered in the place of an unknown one."""


class Target(NamedTuple):
    """A page: ``entries`` or ``procedures``, and its id."""

    group: str
    id: str


class Knowledge:
    """The patterns and the pages."""

    def __init__(self, patterns: dict[str, Any], pages: dict[str, Any]) -> None:
        """Take the two documents.

        Args:
            patterns: what ``kb.patterns`` compiles.
            pages: what ``kb.offline.pages`` writes.
        """
        self.pages = pages
        self._patterns = patterns
        self._wordings = {entry["id"]: entry["wordings"] for entry in patterns["entries"]}
        self._names: dict[str, Target] = {}
        for group in ("procedures", "entries"):
            for name in pages[group]:
                self._names[_normal(name)] = Target(group, name)
        for field in ("aliases", "slugs"):
            for name, entry in pages["entries"].items():
                for other in entry.get(field, ()):
                    self._names.setdefault(_normal(other), Target("entries", name))

    def match(self, text: str) -> list[dict[str, Any]]:
        """Return the errors in a text, best first."""
        return match.match(self._patterns, text)

    def guesses(self, text: str) -> list[dict[str, Any]]:
        """Return near misses of a text, best first."""
        return match.guesses(self._patterns, text)

    def entry(self, name: str) -> dict[str, Any]:
        """Return an error's page."""
        page: dict[str, Any] = self.pages["entries"][name]
        return page

    def url(self, target: Target) -> str:
        """Return the address of a page."""
        folder = "pip" if target.group == "entries" else target.group
        return f"{self.pages['url']}{folder}/{target.id}/"

    def headlines(self, name: str) -> list[str]:
        """Return the messages that an error's page answers, with {placeholders}."""
        shown = (
            "".join(item if isinstance(item, str) else f"{{{item[0]}}}" for item in items)
            for wording in self._wordings[name]
            if "of" not in wording
            for _, items in wording["parts"][:1]
        )
        return list(dict.fromkeys(" ".join(text.split()) for text in shown))

    def literals(self, name: str, wording: int) -> list[str]:
        """Return the fixed texts of a wording, in order."""
        parts = self._wordings[name][wording]["parts"]
        return [item.strip() for _, items in parts for item in items if isinstance(item, str)]

    def find(self, name: str) -> Target | None:
        """Return the page that a name means.

        Args:
            name: an id, a former id, pip's own reference or the id of a procedure; the case does
                not matter, nor whether words are joined with - or _.
        """
        return self._names.get(_normal(name))

    def nearest(self, name: str) -> list[str]:
        """Return the ids of the pages whose names are nearest to an unknown one, best first."""
        wanted = _normal(name)
        words = set(wanted.split("_")) - {""}
        scores: dict[str, float] = {}
        for other, target in self._names.items():
            likeness = difflib.SequenceMatcher(None, wanted, other).ratio()
            likeness += len(words.intersection(other.split("_"))) / 6
            scores[target.id] = max(likeness, scores.get(target.id, 0))
        near = sorted((-score, page) for page, score in scores.items() if score >= NEAR)
        return [page for _, page in near[:NEAREST]]


def packed() -> Knowledge:
    """Return what is packed into ``explain.pyz``, beside this module.

    Raises:
        OSError: it is not there.
    """
    documents = (pkgutil.get_data("kb.explain", name) or b"" for name in DATA)
    return Knowledge(*(json.loads(document.decode()) for document in documents))


def _normal(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name[:200].upper()).strip("_")
