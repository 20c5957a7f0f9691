"""Hold the range of releases of each wording against the releases at its ends.

A wording must be printed by the release that `since` names, and by the one that `until` names.
Only releases that are locked are looked at: for another one, the next that is within the range.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.claims import Claim, Kind, covers
from kb.fare import Fare, fare
from kb.releases import key
from kb.wheels import Pin, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.findings import Finding
    from kb.pipsource import Releases

_PRINTED = (Fare.SAME, Fare.MOVED)


def pins(claims: Iterable[Claim], locked: Iterable[Pin]) -> set[Pin]:
    """Return the releases at the ends of the ranges, as far as they are locked."""
    known = _locked(locked)
    return {Pin("pip", end) for claim in claims for _, end in _ends(claim, known)}


def findings(claims: Iterable[Claim], releases: Releases) -> Iterator[Finding]:
    """Give what is wrong with the ranges of wordings.

    Args:
        claims: what entries claim, and what holds; messages of pip count.
        releases: the releases.

    Yields:
        One finding for each wrong end of a range.
    """
    seen: set[tuple[str, str]] = set()
    known = _locked(releases.wheels.lock.hashes)
    for claim in claims:
        for name, end in _ends(claim, known):
            found = _unprinted(claim, name, end, releases)
            if found and (found.path, found.field) not in seen:
                seen.add((found.path, found.field))
                yield found


def _locked(pins: Iterable[Pin]) -> list[str]:
    return sorted((pin.release for pin in pins if pin.project == "pip"), key=key)


def _ends(claim: Claim, locked: list[str]) -> list[tuple[str, str]]:
    """Return the locked releases that are nearest to the ends of a range, and inside it."""
    if claim.kind is not Kind.MESSAGE or claim.pin.project != "pip":
        return []
    inside = [one for one in locked if covers(claim.since, claim.until, one)]
    since = [("since", inside[0])] if claim.since and inside else []
    until = [("until", inside[-1])] if claim.until and inside else []
    return since + until


def _fares(claim: Claim, release: str, releases: Releases) -> Fare | None:
    """Return how a text fares in a release, or None if that is not locked or cannot be had."""
    if Pin("pip", release) not in releases.wheels.lock.hashes:
        return None
    try:
        return fare(replace(claim, since=None, until=None), releases.get("pip", release)).fare
    except UnavailableError:
        return None


def _unprinted(claim: Claim, name: str, end: str, releases: Releases) -> Finding | None:
    """Return a finding where the release at the end of a range does not print the text."""
    found = _fares(claim, end, releases)
    if found is None or found in _PRINTED:
        return None
    locked = _locked(releases.wheels.lock.hashes)
    inside = [one for one in locked if covers(claim.since, claim.until, one) and one != end]
    printing = (
        one
        for one in (inside if name == "since" else reversed(inside))
        if _fares(claim, one, releases) in _PRINTED
    )
    nearest = next(printing, claim.pin.release)
    problem = f"pip {end} does not print `{claim.text}`"
    return _finding(claim, name, problem, f"write {name}: '{nearest}', of which it is known")


def _finding(claim: Claim, name: str, problem: str, hint: str) -> Finding:
    wording = ".".join(claim.field.split(".")[:2])
    return claim.document.finding(f"{wording}.{name}", problem, hint)
