"""Propose an entry from a pasted log: what a program can know of it.

The log is held against the search first: an error that it knows is not proposed again. Then the
line that tells most is chosen, and the place that prints it is looked for in the releases.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb import astfold, pasted, printed, releases, wording
from kb.astfold import HOLE
from kb.chosen import KINDS, SLUG, Known, choose, given, known
from kb.holes import Holes
from kb.match import match
from kb.model import PROJECTS, Kind, Phase, PipCommand
from kb.pipsource import member_of, repository_path
from kb.redact import redact
from kb.scaffold import Draft, DraftPart, DraftSource
from kb.wheels import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from kb.load import Loaded
    from kb.pasted import Candidate, Log
    from kb.pipsource import Release, Releases
    from kb.printed import Printed

_PHASES: tuple[tuple[str, Phase], ...] = (
    ("cli/", Phase.CLI), ("configuration", Phase.CONFIG), ("commands/configuration", Phase.CONFIG),
    ("commands/cache", Phase.CACHE), ("cache", Phase.CACHE), ("vcs/", Phase.VCS),
    ("index/", Phase.INDEX), ("models/link", Phase.INDEX), ("network/auth", Phase.NETWORK),
    ("network/download", Phase.DOWNLOAD), ("network/cache", Phase.CACHE),
    ("network/", Phase.NETWORK), ("utils/hashes", Phase.VERIFY), ("resolution/", Phase.RESOLVE),
    ("req/req_uninstall", Phase.UNINSTALL), ("req/req_file", Phase.CLI),
    ("req/constructors", Phase.CLI), ("pyproject", Phase.BUILD), ("build_env", Phase.BUILD),
    ("operations/build/metadata", Phase.METADATA), ("metadata/", Phase.METADATA),
    ("operations/build", Phase.BUILD), ("wheel_builder", Phase.BUILD),
    ("operations/prepare", Phase.DOWNLOAD), ("operations/install", Phase.INSTALL),
    ("utils/unpacking", Phase.INSTALL), ("utils/wheel", Phase.INSTALL),
    ("locations", Phase.INSTALL), ("commands/lock", Phase.LOCK), ("models/pylock", Phase.LOCK),
    ("utils/virtualenv", Phase.ENVIRONMENT),
)  # fmt: skip
_PROGRESS: tuple[tuple[str, Phase], ...] = (
    ("Uninstalling ", Phase.UNINSTALL), ("Installing collected packages", Phase.INSTALL),
    ("Building wheel", Phase.BUILD), ("bdist_wheel", Phase.BUILD), ("build_ext", Phase.BUILD),
    ("Preparing metadata", Phase.METADATA), ("egg_info", Phase.METADATA),
    ("prepare_metadata_for_build", Phase.METADATA), ("Getting requirements to build", Phase.BUILD),
    ("Installing build dependencies", Phase.BUILD), ("Downloading ", Phase.DOWNLOAD),
    ("Collecting ", Phase.RESOLVE),
)  # fmt: skip
_DULL = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can could did do does error for from has have if in into"
        " is it its of on or please pip see so such than that the then there this to use using"
        " was were will with you your when which must while during",
    )
)
"""Words that say nothing in an id."""
_TAKES = {
    *("-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url"),
    *("-f", "--find-links", "-t", "--target", "--trusted-host", "--proxy", "--cert", "--timeout"),
    *("-e", "--editable", "--prefix", "--root", "--python-version", "--platform", "--group"),
    *("--python", "--log", "--cache-dir", "-d", "--dest", "-w", "--wheel-dir", "-C"),
}
"""Options of pip whose next word is their value."""
_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?:==([0-9][\w.]*))?.*")
SHOWN = "25.3"
"""The release of pip that is quoted wherever it prints the text."""
_FOREIGN_SHARE = 60
_HERE = "python -m pip install ."
_OWN = ("ERROR", "WARNING", "DEPRECATION", "CRITICAL", "\xd7")
"""Labels that pip itself prints; other programs seldom do."""
_LONGEST = 60
_WORDS = 4


@dataclass(frozen=True)
class Proposal:
    """What is proposed.

    Attributes:
        draft: the entry.
        case: the log, redacted, as a search case.
        line: the line that was taken for the error, counted from 1.
        text: that line.
        notes: what the contributor should know, one sentence each.
    """

    draft: Draft
    case: str
    line: int
    text: str
    notes: tuple[str, ...]


def propose(
    text: str, loaded: Loaded, patterns: dict[str, Any], found: Releases, line: int | None = None
) -> Proposal | Known:
    """Propose an entry for the error in a log.

    Args:
        text: the log.
        loaded: the entries there are.
        patterns: their compiled patterns.
        found: the releases; whatever cannot be had is left to the contributor.
        line: the line that is the error, counted from 1; found by itself if None.

    Returns:
        The proposal, or the entry that answers the log already.

    Raises:
        NothingFoundError: no line looks like an error, or there is no such line.
    """
    log = pasted.read(text)
    matches = match(patterns, text)
    answer = known(log, matches, line)
    if answer:
        return answer
    chosen = given(log, line) if line is not None else choose(log, matches)
    if isinstance(chosen, Known):
        return chosen
    return _Proposer(log, loaded, found).proposal(chosen, redact(text))


class _Proposer:
    """Gathers what is known of one line."""

    def __init__(self, log: Log, loaded: Loaded, found: Releases) -> None:
        self._log = log
        self._loaded = loaded
        self._found = found
        self._notes: list[str] = []
        self._packages = tuple(dict.fromkeys(packages(log.command)))

    def proposal(self, chosen: Candidate, case: str) -> Proposal:
        holes = Holes()
        place = self._place(chosen)
        parts, source = self._parts(chosen, place, holes)
        entry_id = self._id(holes.template(redact(chosen.bare)) if place is None else parts[0].text)
        program = self._program(chosen) if place is None else ""
        draft = Draft(
            id=entry_id,
            kind=KINDS.get(chosen.label, Kind.ERROR),
            phase=self._phase(chosen, source),
            parts=tuple(parts),
            placeholders=holes.types,
            stood_for={name: redact(value) for name, value in holes.values.items()},
            source=source,
            foreign=source is None or source.project != "pip",
            slug=self._slug(chosen),
            command=self._log.subcommand if self._log.subcommand in set(PipCommand) else "",
            run=redact(self._log.command) or (_HERE if program else ""),
            packages=self._packages,
            builds=chosen.inside,
            program=program,
            folder=bool(re.search(r"\s\.(?:\s|$)", self._log.command or (program and _HERE))),
        )
        text = redact(self._log.bare(chosen.line))
        return Proposal(draft, case, chosen.line + 1, text, tuple(self._notes))

    def _place(self, chosen: Candidate) -> tuple[Release, Printed] | None:
        """Return where the line is printed: pip first, then the others whose releases are here."""
        rows = [self._log.bare(chosen.line + n) for n in range(1, printed.MOST_LINES)]
        own = not chosen.inside and chosen.label in _OWN
        for release in self._releases(others=not own):
            pip = release.pin.project == "pip"
            for text in dict.fromkeys([chosen.text] if pip else [chosen.bare, chosen.text]):
                place = printed.find(release, [text, *rows], 0 if pip else _FOREIGN_SHARE)
                if place:
                    return release, place
        return None

    def _releases(self, *, others: bool) -> Iterator[Release]:
        locked = [pin.release for pin in self._found.wheels.lock.hashes if pin.project == "pip"]
        newest = sorted(locked, key=releases.key)[-1:]
        for name in dict.fromkeys([SHOWN, *newest]):
            try:
                yield self._found.get("pip", name)
            except UnavailableError as error:
                self._notes.append(f"pip {name} was not looked at: {error.problem}; {error.hint}")
        for project in PROJECTS if others else ():
            newer = next(self._found.at_hand(project), None) if project != "pip" else None
            if newer:
                yield newer

    def _parts(
        self, chosen: Candidate, place: tuple[Release, Printed] | None, holes: Holes
    ) -> tuple[list[DraftPart], DraftSource | None]:
        if place is None:
            self._notes.append(
                "no release of pip that was looked at prints this line: another program words it"
            )
            parts = [DraftPart("message", holes.template(redact(chosen.text), self._packages))]
            return parts + list(self._further(chosen, 1, holes)), None
        release, text = place
        template = holes.fill(text.literals, text.values)
        if release.pin.project != "pip" and chosen.text != chosen.bare:
            self._notes.append(
                f"the log has `{chosen.label}` before the text: the source prints the text alone"
            )
        source = DraftSource(
            project=release.pin.project,
            release=release.pin.release,
            path=text.path,
            symbol=text.symbol,
            lines=str(text.span),
            quote=text.quote,
            others=text.others,
            since=self._since(release, text),
        )
        parts = [DraftPart("message", template, sourced=True)]
        return parts + list(self._further(chosen, text.lines, holes)), source

    def _further(self, chosen: Candidate, used: int, holes: Holes) -> Iterator[DraftPart]:
        """Give context, note and hint of a diagnostic error, which stand below its message."""
        if chosen.label != "\xd7":
            return
        for number in range(chosen.line + used, min(chosen.line + 30, len(self._log.lines))):
            raw = self._log.lines[number].strip(" \t|\u2502")
            text = self._log.bare(number)
            kind = next((one for one in ("note", "hint") if text.startswith(f"{one}: ")), "")
            if kind:
                yield DraftPart(
                    kind, holes.template(redact(text.partition(": ")[2]), self._packages)
                )
            elif raw.startswith("\u2570\u2500>"):
                yield DraftPart(
                    "context", holes.template(redact(text.lstrip("> ")), self._packages)
                )

    def _since(self, release: Release, text: Printed) -> str:
        """Return what the releases at hand say about the first one that prints it."""
        if release.pin.project != "pip":
            return ""
        oldest, path = release, text.path
        for other in self._found.at_hand("pip"):
            if releases.key(other.pin.release) >= releases.key(oldest.pin.release):
                continue
            path = _older_path(other, repository_path(other.pin, member_of(oldest.pin, path)), text)
            if not path:
                known = f"pip {oldest.pin.release} prints it, and {other.pin.release} does not"
                return f"{known}; no release between them was looked at"
            oldest = other
        return f"pip {oldest.pin.release} prints it, the oldest that was looked at"

    def _phase(self, chosen: Candidate, source: DraftSource | None) -> Phase:
        if source is not None and source.project == "pip":
            inner = source.path.partition("_internal/")[2]
            fitting = [(len(start), phase) for start, phase in _PHASES if inner.startswith(start)]
            if fitting:
                return max(fitting)[1]
        before = self._log.lines[: chosen.line + 1]
        for line in reversed(before):
            for words, phase in _PROGRESS:
                if words in line:
                    return phase
        return Phase.UNINSTALL if self._log.subcommand == "uninstall" else Phase.INSTALL

    def _program(self, chosen: Candidate) -> str:
        """Return the package whose code raised the error, by the traceback above it."""
        found = pasted.frames(self._log.lines[: chosen.line])
        if not found or found[-1][0] == "pip":
            return ""
        self._notes.append(f"the traceback ends in {found[-1][1]}: look there for the text")
        return found[-1][0].replace("_", "-").lower()

    def _slug(self, chosen: Candidate) -> str:
        """Return pip's own reference, which stands above the message of a diagnostic error."""
        if chosen.label != "\xd7":
            return ""
        above = [one for one in self._log.candidates if one.line < chosen.line]
        text = above[-1].text if above and above[-1].label == "error" else ""
        return text if SLUG.fullmatch(text) else ""

    def _id(self, template: str) -> str:
        """Return a free id made of the words of the message that say most."""
        text = re.sub(r"\{[a-z0-9_]*\}", " ", template)
        text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
        words = [word.upper() for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", text)]
        told = [word for word in words if word.lower() not in _DULL] or words or ["NEW"]
        told = list(dict.fromkeys(told))
        taken = {*self._loaded.entries}
        taken |= {a for one in self._loaded.entries.values() for a in one.value.aliases or ()}
        for size in range(min(_WORDS, len(told)), len(told) + 1):
            made = "_".join(told[:size])[:_LONGEST].strip("_")
            if made not in taken:
                return made
        return next(
            name for n in range(2, 99) if (name := f"{made[: _LONGEST - 3]}_{n}") not in taken
        )


def _older_path(release: Release, path: str, text: Printed) -> str:
    """Return where a release prints a text: at the path where a newer one does, or anywhere.

    Args:
        release: the release.
        path: where it is likely to stand.
        text: the text, as the newer release prints it.

    Returns:
        The path; empty where the release does not print it.
    """
    message = astfold.squeeze(HOLE.join(text.literals))
    file = release.file(path)
    if file and any(wording.find(message, astfold.texts_of(file, name)) for name in file.symbols):
        return path
    values = [*text.values, ""]
    row = "".join(part for pair in zip(text.literals, values, strict=True) for part in pair)
    found = printed.find(release, [row])
    return found.path if found and found.weight >= text.weight else ""


def packages(command: str) -> Iterator[str]:
    """Give the names of the packages that a pip command asks for, without those of files.

    Args:
        command: ``python -m pip install demo==1.0``.
    """
    try:
        words = shlex.split(command)[4:]
    except ValueError:
        words = command.split()[4:]
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in _TAKES
            continue
        found = _REQUIREMENT.fullmatch(word)
        if found and not re.search(r"[/\\:]|\.(?:txt|whl|gz|zip|toml)$", word):
            yield found[1]
