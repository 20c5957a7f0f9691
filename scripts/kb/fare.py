"""How quotes and messages fare in another release of pip: same, moved, reworded or gone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb import nearest, wording
from kb.astfold import folded_strings
from kb.claims import Claim, Kind, covers
from kb.pipsource import WrongPathError, member_of, repository_path
from kb.verify import stands, template

if TYPE_CHECKING:
    from kb.pipsource import Release

_REWORDED = 0.6


class Fare(StrEnum):
    """What became of a text."""

    SAME = "same"
    MOVED = "moved"
    REWORDED = "reworded"
    GONE = "gone"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Faring:
    """What became of a claim in a release.

    Attributes:
        claim: the claim.
        fare: same, moved, reworded, gone; or left out, where the entry does not say that this
            release prints it.
        places: where it stands now, or where the nearest text stands: path and symbol.
        diff: for what is reworded, the difference as a unified diff.
    """

    claim: Claim
    fare: Fare
    places: tuple[tuple[str, str], ...] = ()
    diff: str = ""


def fare(claim: Claim, release: Release) -> Faring:
    """Return how a quote or message of pip fares in another release of pip.

    Raises:
        UnavailableError: the release cannot be read.
    """
    if not covers(claim.since, claim.until, release.pin.release):
        return Faring(claim, Fare.LEFT_OUT)
    try:
        path = repository_path(release.pin, member_of(claim.pin, claim.path))
    except WrongPathError:
        return Faring(claim, Fare.GONE)
    source = release.file(path)
    if source is not None and stands(claim, source, claim.symbol):
        return Faring(claim, Fare.SAME, ((path, claim.symbol),))
    places = _moved(claim, release, path)
    if places:
        return Faring(claim, Fare.MOVED, tuple(places))
    return _reworded(claim, release, path) or Faring(claim, Fare.GONE)


def _moved(claim: Claim, release: Release, path: str) -> list[nearest.Place]:
    """Return where a claim's text stands now: in the same symbol elsewhere, or anywhere."""
    for other in nearest.moved(release, path, claim.symbol):
        source = release.file(other[0])
        if source is not None and stands(claim, source, claim.symbol):
            return [other]
    if claim.kind is Kind.QUOTE:
        places = nearest.find_quote(release, claim.text or "")
    else:
        places = nearest.find_message(release, template(claim))
    return nearest.likeliest(places, path, claim.symbol)


def _reworded(claim: Claim, release: Release, path: str) -> Faring | None:
    """Return the nearest text: in the symbol, in another file that has it, or in this file."""
    places = [(path, claim.symbol), *nearest.moved(release, path, claim.symbol)]
    found = [_nearest(claim, release, *place) for place in places]
    best = max(found, key=lambda item: item[0])
    if best[0] < _REWORDED and claim.kind is Kind.QUOTE:
        best = _nearest(claim, release, path, None)
    return best[1] if best[0] >= _REWORDED else None


def _nearest(
    claim: Claim, release: Release, path: str, symbol: str | None
) -> tuple[float, Faring | None]:
    """Return how near a file of the release comes, in one symbol or in all of it."""
    source = release.file(path)
    if source is None or not (symbol is None or source.has(symbol)):
        return 0.0, None
    labels = (f"{claim.pin} {claim.path}", f"{release.pin} {path}")
    if claim.kind is not Kind.QUOTE:
        symbol = symbol or claim.symbol
        ratio, _ = wording.nearest(template(claim), folded_strings(source, symbol))
        diff = nearest.diff_of_words(template(claim), source, symbol, labels)
        return ratio, Faring(claim, Fare.REWORDED, ((path, symbol),), diff)
    ratio, span = nearest.nearest_lines(claim.text or "", source, symbol)
    if span is None:
        return 0.0, None
    diff = nearest.diff_of_lines(claim.text or "", source, symbol, labels)
    return ratio, Faring(claim, Fare.REWORDED, ((path, source.symbol_at(span)),), diff)
