"""The addresses that entries and procedures link to, and which of them are gone."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from kb.address import source
from kb.inline import Span
from kb.model import Entry
from kb.rules.texts import Use, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.findings import Finding
    from kb.load import Loaded
    from kb.rules.texts import Readable

_AGENT = "pip-errors-links (checks the links of a knowledge base, once a week)"
_GONE = {404, 410}
_PAUSE = 1.0
"""Seconds between two questions to one server."""


def addresses(loaded: Loaded) -> dict[str, list[tuple[Readable, str]]]:
    """Return every address that is linked to, with the fields that do.

    Args:
        loaded: the entries and procedures.

    Returns:
        Documents and fields by address, without fragments, sorted.
    """
    found: dict[str, list[tuple[Readable, str]]] = {}
    documents: list[Readable] = [*loaded.entries.values(), *loaded.procedures.values()]
    for document in documents:
        for field_, url in _links(document):
            found.setdefault(urldefrag(url)[0], []).append((document, field_))
    return dict(sorted(found.items()))


def _links(document: Readable) -> Iterator[tuple[str, str]]:
    value = document.value
    for number, reference in enumerate(value.references or ()):
        yield f"references.{number}.url", reference.url
    if isinstance(value, Entry):
        if value.worded_by and value.worded_by.url:
            yield "worded_by.url", value.worded_by.url
        for number, place in enumerate(value.sources or ()):
            yield f"sources.{number}", source(place)
    for text in texts(document):
        if text.use is Use.PROSE:
            for part in text.parsed.walk():
                if isinstance(part, Span) and part.kind == "link":
                    yield text.field, part.address


@dataclass
class Reader:
    """Asks servers, each at most once a second.

    Attributes:
        timeout: seconds for each question.
    """

    timeout: float
    pause: float = _PAUSE
    _free: dict[str, float] = field(default_factory=dict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def answer(self, url: str) -> str:
        """Return why an address is gone; empty if it is there, or cannot be told.

        A server that refuses to answer a program, or is down, says nothing about the page.

        Args:
            url: an address, https (http on this machine in tests).
        """
        self._wait(urlsplit(url).netloc)
        request = urllib.request.Request(url, method="HEAD", headers={"User-Agent": _AGENT})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout):  # noqa: S310
                return ""
        except urllib.error.HTTPError as error:
            error.close()
            return f"the server answers {error.code}" if error.code in _GONE else ""
        except (OSError, ValueError, http.client.HTTPException) as error:
            name = isinstance(getattr(error, "reason", None), OSError)
            unknown = name and "name" in str(error).lower() and "known" in str(error).lower()
            return "there is no such server" if unknown else ""

    def _wait(self, server: str) -> None:
        """Wait until a server may be asked again."""
        with self._lock:
            start = max(time.monotonic(), self._free.get(server, 0))
            self._free[server] = start + self.pause
        time.sleep(max(0, start - time.monotonic()))


def gone(
    found: Mapping[str, list[tuple[Readable, str]]], answers: Mapping[str, str]
) -> list[Finding]:
    """Return a finding for each field that links to an address that is gone.

    Args:
        found: documents and fields by address.
        answers: why an address is gone, by address; empty if it is there.
    """
    return sorted(
        document.finding(field_, f"{url} is gone: {answers[url]}", "link to where it is now")
        for url, places in found.items()
        if answers[url]
        for document, field_ in places
    )
