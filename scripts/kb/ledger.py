"""Account for each message site of a release: an entry covers it, or it is excluded.

:mod:`kb.voice` says what an entry covers. An exception that is made without words, and whose
class has a text, is covered by what covers the class. What neither an entry nor an exclusion
accounts for is a finding; so is an exclusion, or a site of an entry, that matches nothing.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.exclusions import FILE, Exclusion, Reason
from kb.findings import Finding
from kb.sites import Means, survey
from kb.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.load import Loaded
    from kb.pipsource import Release
    from kb.sites import MessageSite, Survey
    from kb.spoken import Text

RELEASES = ("25.3", "26.3")
_NEAR = 0.5


@dataclass(frozen=True)
class Account:
    """What covers one site.

    Attributes:
        site: the site.
        entries: ids of the entries that cover it.
        reason: why it is excluded, if it is.
        missing: the texts that nothing covers.
        by_class: it makes an exception whose class has the text.
    """

    site: MessageSite
    entries: tuple[str, ...] = ()
    reason: Reason | None = None
    missing: tuple[Text, ...] = ()
    by_class: bool = False

    @property
    def open(self) -> bool:
        """Whether something of it is not accounted for."""
        return bool(self.missing) or not (self.entries or self.reason or self.by_class)


@dataclass
class Ledger:
    """The account of one release.

    Attributes:
        release: the release of pip.
        survey: what it has.
        accounts: its sites, each with what covers it.
        findings: what is not accounted for, and what matches nothing.
    """

    release: str
    survey: Survey
    accounts: list[Account] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def covered(self) -> int:
        """How many sites entries cover."""
        return sum(not one.open and one.reason is None for one in self.accounts)

    @property
    def reasons(self) -> dict[Reason, int]:
        """How many sites are excluded, by reason."""
        counts = Counter(one.reason for one in self.accounts if one.reason)
        return {reason: counts[reason] for reason in Reason if counts[reason]}


def account(
    release: Release, loaded: Loaded, exclusions: Sequence[tuple[Exclusion, int]]
) -> Ledger:
    """Account for the message sites of a release of pip.

    Args:
        release: the release.
        loaded: the entries.
        exclusions: the excluded sites, each with its line in the file.

    Raises:
        UnavailableError: the release cannot be read.
    """
    return _Clerk(release, loaded, exclusions).ledger()


class _Clerk:
    """Holds the sites of one release against entries and exclusions."""

    def __init__(
        self, release: Release, loaded: Loaded, exclusions: Sequence[tuple[Exclusion, int]]
    ) -> None:
        name = release.pin.release
        self._release = release
        self._loaded = loaded
        self._survey = survey(release)
        self._voices = [Voice(document, release) for document in loaded.entries.values()]
        self._exclusions = [one for one in exclusions if name in one[0].releases]
        self._used: set[int] = set()

    def ledger(self) -> Ledger:
        accounts = [self._account(site) for site in self._survey.sites]
        findings = [finding for one in accounts if one.open for finding in self._open(one)]
        findings += self._stale()
        findings += [
            finding for voice in self._voices for finding in voice.stale(self._survey.sites)
        ]
        findings += self._slugs()
        return Ledger(self._release.pin.release, self._survey, accounts, findings)

    def _account(self, site: MessageSite) -> Account:
        by_class = site.made in self._survey.speaking and site.means is not Means.CLASS
        if not site.texts:
            reason = self._excluded(site, site.code)
            named = () if reason else (v.id for v in self._voices if v.names_value(site))
            return Account(site, tuple(named), reason, (), by_class=by_class)
        entries: dict[str, None] = {}
        reasons: list[Reason] = []
        missing: list[Text] = []
        for number, text in enumerate(site.texts):
            found = [v.id for v in self._voices if v.covers(site, text, first=not number)]
            entries |= dict.fromkeys(found)
            reason = None
            if not found:
                reason = self._excluded(site, text.shown) or self._excluded(site, site.shown)
            if reason:
                reasons.append(reason)
            elif not found:
                missing.append(text)
        whole = None if entries or missing or by_class else reasons[0]
        return Account(site, tuple(entries), whole, tuple(missing), by_class=by_class)

    def _excluded(self, site: MessageSite, text: str) -> Reason | None:
        for one, line in self._exclusions:
            if (one.path, one.symbol, one.text) == (site.path, site.symbol, text):
                self._used.add(line)
                return one.reason
        return None

    def _open(self, found: Account) -> Iterator[Finding]:
        site = found.site
        for text in found.missing or (None,):
            line = text.line if text else site.first
            said = text.shown if text else site.code
            problem = f"pip {self._release.pin.release}: {site.symbol}: {said}"
            yield Finding(site.path, line, "", problem, self._hint(said))

    def _hint(self, said: str) -> str:
        """Return what to do about a text that nothing covers."""
        texts = {text: voice.id for voice in self._voices for text in voice.everything}
        near = difflib.get_close_matches(said, texts, 1, _NEAR)
        first = f"name the place in {texts[near[0]]}, whose text is nearest, or " if near else ""
        return f"{first}run make new id=…, or exclude it with a reason in {FILE}"

    def _stale(self) -> Iterator[Finding]:
        name = self._release.pin.release
        for one, line in self._exclusions:
            if line in self._used:
                continue
            here = [
                said
                for site in self._survey.sites
                if (site.path, site.symbol) == (one.path, one.symbol)
                for said in (site.shown, *(text.shown for text in site.texts))
            ]
            problem = f"pip {name} has no such site in {one.symbol} of {one.path}: {one.text}"
            hint = f"take {name} out of its releases"
            if one.text in here:
                problem = f"an entry covers this in pip {name}: {one.text}"
            elif near := difflib.get_close_matches(one.text, here, 1, _NEAR):
                hint = f"write text: {near[0]}"
            yield Finding(FILE, line, "", problem, hint)

    def _slugs(self) -> Iterator[Finding]:
        known = {slug for one in self._loaded.entries.values() for slug in one.value.slugs or ()}
        for slug, (path, line) in self._survey.slugs.items():
            if slug not in known:
                problem = f"pip {self._release.pin.release}: no entry has pip's reference {slug}"
                yield Finding(path, line, "", problem, "write it under slugs of its entry")
