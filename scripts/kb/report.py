"""Say what came of a run of the checks, for people and for machines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.claims import Claim, Kind
from kb.fare import Fare, Faring
from kb.findings import report
from kb.verify import Outcome, State
from kb.wheels import Pin, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kb.findings import Finding
    from kb.load import Document
    from kb.model import Entry
    from kb.pipsource import Releases

SHOWN = "25.3"


@dataclass
class Run:
    """What one run looks at and finds."""

    root: Path
    documents: list[Document[Entry]]
    releases: Releases
    known: list[str]
    findings: list[Finding]
    outcomes: list[Outcome] = field(default_factory=list)
    farings: list[Faring] = field(default_factory=list)
    trouble: UnavailableError | None = None


def count(number: int, noun: str) -> str:
    """Return ``1 quote`` or ``2 quotes``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _sum(outcomes: Iterable[Outcome]) -> str:
    held = [outcome.claim for outcome in outcomes if outcome.state is State.HOLDS]
    kinds = Counter(claim.kind for claim in held)
    quotes, messages = count(kinds[Kind.QUOTE], "quote"), count(kinds[Kind.MESSAGE], "message")
    pins = count(len({claim.pin for claim in held}), "release")
    sites = count(kinds[Kind.SITE], "further site")
    return f"{quotes} and {messages} hold in {pins}, and {sites}"


def text(run: Run, environ: Mapping[str, str]) -> Iterator[str]:
    """Give the lines that say what came of a run: what is wrong first, the sum last.

    Args:
        run: what was looked at and found.
        environ: the environment, for :func:`kb.findings.report`.

    Yields:
        Lines to print.
    """
    yield from report(run.findings, environ)
    for outcome in run.outcomes:
        if outcome.state is State.WRONG:
            yield from report(filter(None, [outcome.finding]), environ)
            for note in outcome.elsewhere:
                yield f"    {note}"
            if outcome.diff:
                yield "\n".join(f"    {line}" for line in outcome.diff.splitlines())
    unchecked = [outcome for outcome in run.outcomes if outcome.state is State.UNCHECKED]
    reasons = Counter(
        (outcome.finding.problem, outcome.finding.hint) for outcome in unchecked if outcome.finding
    )
    for (problem, hint), number in reasons.items():
        yield f"{count(number, 'claim')} not checked: {problem}\n    hint: {hint}"
    shown = [outcome for outcome in run.outcomes if outcome.claim.pin == Pin("pip", SHOWN)]
    yield _sum(run.outcomes)
    if shown:
        yield f"pip {SHOWN} alone: {_sum(shown).replace(' in 1 release', '')}"
    wrong = len(run.findings) + sum(one.state is State.WRONG for one in run.outcomes)
    if wrong or unchecked:
        yield f"wrong: {wrong}; not checked: {len(unchecked)}"


def fare_text(run: Run, release: str, *, in_full: bool) -> Iterator[str]:
    """Give the lines that say how all fare in another release of pip; the sum alone if short."""
    farings, trouble = run.farings, run.trouble
    if trouble:
        yield f"pip {release} could not be looked at: {trouble.problem}\n    hint: {trouble.hint}"
        return
    for found in farings if in_full else []:
        if found.fare in (Fare.MOVED, Fare.REWORDED, Fare.GONE):
            claim = found.claim
            line = claim.document.line(claim.field)
            yield f"{claim.document.path}:{line}: {claim.field}: {found.fare} in pip {release}"
            for path, symbol in found.places:
                yield f"    {symbol} of {path}"
            for line_of_diff in found.diff.splitlines():
                yield f"    {line_of_diff}"
    parts = []
    for kind in (Kind.QUOTE, Kind.MESSAGE):
        counts = Counter(found.fare for found in farings if found.claim.kind is kind)
        counted = ", ".join(f"{counts[one]} {one}" for one in Fare if one is not Fare.LEFT_OUT)
        parts.append(f"{kind}s {counted}")
    left = sum(found.fare is Fare.LEFT_OUT for found in farings)
    rest = f"; {left} of wordings that it does not print" if left else ""
    more = "" if in_full else f" (details: --release {release})"
    yield f"at pip {release}: {'; '.join(parts)}{rest}{more}"


def document(run: Run, release: str | None) -> dict[str, Any]:
    """Return the same for machines, as JSON has it."""
    farings, trouble = run.farings, run.trouble
    counts = Counter(f"{one.claim.kind}:{one.state}" for one in run.outcomes)
    return {
        "findings": [_finding(finding) for finding in run.findings],
        "outcomes": [
            {
                **_claim(one.claim),
                "state": one.state,
                "lines": str(one.span) if one.span else None,
                "finding": _finding(one.finding) if one.finding else None,
                "diff": one.diff,
                "elsewhere": one.elsewhere,
            }
            for one in run.outcomes
        ],
        "counts": dict(sorted(counts.items())),
        "release": release and {
            "release": release,
            "unavailable": trouble.problem if trouble else None,
            "fares": [
                {**_claim(one.claim), "fare": one.fare, "places": one.places, "diff": one.diff}
                for one in farings
            ],
            "counts": dict(Counter(f"{one.claim.kind}:{one.fare}" for one in farings)),
        },
    }  # fmt: skip


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "entry": claim.document.value.id,
        "kind": claim.kind,
        "field": claim.field,
        "project": claim.pin.project,
        "release": claim.pin.release,
        "path": claim.path,
        "symbol": claim.symbol,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.line,
        "field": finding.field,
        "problem": finding.problem,
        "hint": finding.hint,
    }
