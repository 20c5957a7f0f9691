"""Hold what entries claim about a release against that release.

Each claim (:mod:`kb.claims`) holds, is wrong, or could not be checked. For what is wrong, the
nearest text of the release is shown, and where else the text stands: in another symbol or file,
or in another release that is at hand.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kb import astfold, symbols, wording
from kb.claims import Claim, Kind
from kb.nearest import diff_of_lines, diff_of_words, find_message, find_quote, likeliest, moved
from kb.pipsource import WrongPathError, member_of, repository_path
from kb.wheels import UnavailableError

if TYPE_CHECKING:
    from kb.findings import Finding
    from kb.pipsource import Release, Releases
    from kb.symbols import SourceFile, Span

FIX = "python scripts/verify_quotes.py --fix"


class State(StrEnum):
    """What came of a claim."""

    HOLDS = "holds"
    WRONG = "wrong"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Outcome:
    """What came of a claim.

    Attributes:
        claim: the claim.
        state: holds, wrong, or unchecked.
        span: where a quote stands, if it does.
        finding: what is wrong, and what to write instead; or what could not be checked.
        diff: the difference to the nearest text of the release, as a unified diff.
        elsewhere: where else the text stands: other symbols and files, other releases at hand.
    """

    claim: Claim
    state: State
    span: Span | None = None
    finding: Finding | None = None
    diff: str = ""
    elsewhere: tuple[str, ...] = field(default=())


def check(claim: Claim, releases: Releases) -> Outcome:
    """Hold one claim against its release."""
    try:
        release = releases.get(claim.pin.project, claim.pin.release)
        return _Checker(claim, release, releases).outcome()
    except UnavailableError as error:
        finding = claim.document.finding(claim.field, error.problem, error.hint)
        return Outcome(claim, State.UNCHECKED, finding=finding)


def stands(claim: Claim, source: SourceFile, symbol: str) -> Span | None:
    """Return where the text of a claim stands in a symbol, or None.

    Args:
        claim: a claim with a text.
        source: the file.
        symbol: the symbol to look in, not necessarily that of the claim.
    """
    text = claim.text or ""
    if claim.kind is Kind.QUOTE:
        found = symbols.locate(source, symbol, text)
        named = [span for span in found if str(span) == claim.lines]
        return next(iter([*named, *found]), None)
    made = wording.find(template(claim), astfold.texts_of(source, symbol))
    return symbols.Span(made[0].line, made[-1].line) if made else None


def template(claim: Claim) -> str:
    """Return the text of a message or site with holes; as it stands if its braces do not match."""
    try:
        return wording.template(claim.text or "")
    except ValueError:
        return astfold.squeeze(claim.text or "")


class _Checker:
    """Check one claim, and gather what helps to mend it."""

    def __init__(self, claim: Claim, release: Release, releases: Releases) -> None:
        self._claim = claim
        self._release = release
        self._releases = releases

    def outcome(self) -> Outcome:
        claim, release = self._claim, self._release
        try:
            source = release.file(claim.path)
        except WrongPathError as error:
            return self._wrong("path", str(error), "write the path as the repository has it")
        if source is None:
            problem = f"{claim.pin} has no file {claim.path}"
            return self._wrong("path", problem, "write a path of that release")
        if not source.has(claim.symbol):
            return self._no_symbol(source)
        if claim.text is None:
            return self._lines(source)
        return self._text(source)

    def _text(self, source: SourceFile) -> Outcome:
        claim = self._claim
        span = stands(claim, source, claim.symbol)
        if span is None:
            return self._no_text(source)
        if claim.kind is Kind.QUOTE and claim.lines != str(span):
            return replace(self._bad_lines(span), span=span)
        return Outcome(claim, State.HOLDS, span)

    def _lines(self, source: SourceFile) -> Outcome:
        """Check a source or site without a quote: its lines, if named, lie in its symbol."""
        claim = self._claim
        if claim.lines is None:
            return Outcome(claim, State.HOLDS)
        first, _, last = claim.lines.partition("-")
        named = symbols.Span(int(first), int(last or first))
        if any(s.first <= named.first <= named.last <= s.last for s in source.spans(claim.symbol)):
            return Outcome(claim, State.HOLDS, named)
        problem = f"lines {named} are not inside {claim.symbol} in {claim.path} of {claim.pin}"
        spans = " or ".join(str(span) for span in source.spans(claim.symbol))
        return self._wrong("lines", problem, f"write lines within {spans}, or leave them out")

    def _bad_lines(self, span: Span) -> Outcome:
        named = self._claim.lines
        said = f"not on {named}" if named else "but lines is missing"
        problem = f"the quote stands on lines {span} of {self._claim.path}, {said}"
        return self._made("lines", problem, f"write lines: {span} (or run {FIX})")

    def _no_symbol(self, source: SourceFile) -> Outcome:
        claim = self._claim
        if not source.readable and source.problem:
            problem = f"{claim.path} of {claim.pin} has no symbols: {source.problem}"
            return self._wrong("symbol", problem, "write <module>, which then is the whole file")
        names = difflib.get_close_matches(claim.symbol, source.symbols, 3, 0.5)
        hint = f"did you mean {' or '.join(names)}?" if names else "write a class or function there"
        problem = f"{claim.path} of {claim.pin} has no {claim.symbol}"
        return self._wrong("symbol", problem, hint)

    def _no_text(self, source: SourceFile) -> Outcome:
        claim = self._claim
        what = "the quote" if claim.kind is Kind.QUOTE else "this text"
        problem = f"{what} does not stand in {claim.symbol} of {claim.path} in {claim.pin}"
        if claim.kind is Kind.QUOTE:
            diff = diff_of_lines(claim.text or "", source, claim.symbol, self._label)
            hint = "copy the lines marked + below, or name the release that has it"
        else:
            diff = diff_of_words(template(claim), source, claim.symbol, self._label)
            hint = "write the words marked + below (… is a placeholder), or name another source"
        outcome = self._wrong(claim.field.rpartition(".")[2], problem, hint)
        return replace(outcome, diff=diff)

    @property
    def _label(self) -> tuple[str, str]:
        claim = self._claim
        line = claim.document.line(claim.field)
        return f"{claim.document.path}:{line}", f"{claim.pin} {claim.path}"

    def _made(self, last: str, problem: str, hint: str) -> Outcome:
        claim = self._claim
        name = f"{claim.place}.{last}"
        if claim.kind is Kind.MESSAGE:
            name = claim.field
        finding = claim.document.finding(name, problem, hint)
        return Outcome(claim, State.WRONG, finding=finding)

    def _wrong(self, last: str, problem: str, hint: str) -> Outcome:
        """Return a failed outcome that says where else the text stands."""
        claim, places = self._claim, self._elsewhere()
        if places:
            path, symbol = places[0]
            hint = f"write path: {path} and symbol: {symbol}"
        notes = [f"it stands in {symbol} of {path} ({claim.pin})" for path, symbol in places]
        if others := self._other_releases():
            notes.append(f"it stands in {claim.symbol} of {claim.path} in {', '.join(others)}")
        return replace(self._made(last, problem, hint), elsewhere=tuple(notes))

    def _elsewhere(self) -> list[tuple[str, str]]:
        claim = self._claim
        if claim.text is None:
            return moved(self._release, claim.path, claim.symbol)
        if claim.kind is Kind.QUOTE:
            places = find_quote(self._release, claim.text)
        else:
            places = find_message(self._release, template(claim))
        return likeliest(places, claim.path, claim.symbol)

    def _other_releases(self) -> list[str]:
        claim, found = self._claim, []
        if claim.text is None:
            return []
        for other in self._releases.at_hand(claim.pin.project):
            if other.pin == claim.pin:
                continue
            try:
                member = member_of(claim.pin, claim.path)
                source = other.file(repository_path(other.pin, member))
            except (WrongPathError, UnavailableError):
                continue
            if source is not None and stands(claim, source, claim.symbol):
                found.append(str(other.pin))
        return found
