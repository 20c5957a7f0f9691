"""Compile the texts of all entries into the patterns document that both matchers read.

The document carries literal pieces and explicit rules. Its only regular expressions are those of
`kb.explain.values`, which say whether a value may be filled into a command: they are written in
what Python and JavaScript have alike. A template is cut at its placeholders into literals, and each
literal into pieces of a few words. A piece is what is looked for in a paste, so that a message that
lost a word, its head or its tail is still found by the pieces that are left. How much a piece tells
is measured: its length, shared among all entries whose text contains it.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kb.explain.values import CASED, MOST, TYPES
from kb.model import PLACEHOLDER_TYPES, Entry, Part, Phase, Role, Wording, split_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.load import Loaded

VERSION = 1
UNIT = 60
"""Weight of one letter or digit that stands in the texts of one entry only."""
PIECE = 11
"""Letters and digits a piece has at least, if its literal has as many.

The matchers sample a paste every four characters, eight at a time: eleven always hold a sample.
"""

_SYSTEM = re.compile(r"(\[(?:Errno|WinError) -?[0-9]+\]) [A-Z][^:'{}()]*")
_PIP = re.compile(r"\bpip[23]?\b")
_CALLED = re.compile(r"(?<!-m )\bpip (?=[a-z])")
_PLACEHOLDER = re.compile(r"\{[a-z][a-z0-9_]*\}")
_LETTER = re.compile("[0-9a-z\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_ALNUM = "azAZ09"
_WIDE = "\u00a1\u1fff\u2c00\ud7ff"


@dataclass(frozen=True)
class Rule:
    """Which text a placeholder of a type may stand for.

    Attributes:
        ranges: pairs of characters, first and last of a range that is allowed.
        also: further characters that are allowed.
        first: ranges of the first character; empty for any that is allowed.
        first_also: further first characters.
        last_also: what a value may end with besides a letter or digit; None for anything.
        needs: text that must stand in it.
        cut: what follows this character is no part of it.
        most: how many characters it has at most.
        least: how many it has at least.
        gap: how many letters and digits the matchers let stand in its place.
        strict: whether text that breaks the rule speaks against the match.
    """

    ranges: str
    also: str = ""
    first: str = ""
    first_also: str = ""
    last_also: str | None = None
    needs: str = ""
    cut: str = ""
    most: int = 100
    least: int = 1
    gap: int = 120
    strict: bool = False


RULES: dict[str, Rule] = {
    "package": Rule(_ALNUM, "._-", first=_ALNUM, last_also=""),
    "version": Rule(
        _ALNUM, ".!+_-*", first="09", first_also="v", last_also="*", most=60, strict=True
    ),
    "requirement": Rule(
        _ALNUM, "._-[],<>=!~*+", first=_ALNUM, last_also="]*", most=MOST, gap=400
    ),
    "specifier": Rule(_ALNUM, "._-,<>=!~*+", first_also="<>=!~", last_also="*", gap=200),
    "extra": Rule(_ALNUM, "._-", first=_ALNUM, last_also=""),
    "module": Rule(_ALNUM, "._", first="azAZ", first_also="_", last_also="_"),
    "python_version": Rule(_ALNUM, ".+", first="09", last_also="+", most=20, strict=True),
    "number": Rule("09", most=12, strict=True),
    "option": Rule(_ALNUM, "-_", first_also="-", last_also="", most=60, strict=True),
    "hash": Rule("afAF09", most=128, least=32, gap=200, strict=True),
    "path": Rule(_ALNUM + _WIDE, " ._-~/\\:+@,=()[]#{}", first=_ALNUM + _WIDE,
                 first_also="./\\~_", most=MOST, gap=500),
    "filename": Rule(_ALNUM + _WIDE, " ._-~+@,=()[]#", first=_ALNUM + _WIDE, first_also="._",
                     most=MOST, gap=300),
    "url": Rule(_ALNUM, "-._~:/?#[]@!*+,=%", first="azAZ", last_also="/=_-", needs="://",
                cut="#", most=MOST, gap=700),
    "host": Rule(_ALNUM, ".-:", first=_ALNUM, last_also=""),
    "command": Rule("", most=500, gap=1500),
    "requirements": Rule("", most=500, gap=2500),
    "text": Rule("", most=300, gap=1500),
}  # fmt: skip
"""The rules by type; one without ranges lets everything but control characters stand."""

ANYWHERE = (Phase.NETWORK, Phase.INSTALL, Phase.DOWNLOAD, Phase.VCS)
"""Phases in which the texts of others are those of any program that uses network, disk or git."""

COMMANDS = (
    "pip install",
    "pip3 install",
    "pip download",
    "pip wheel",
    "-m pip",
    "requirements.txt",
    "after connection broken by",
)
"""Texts that show that pip was called, by a person or by another tool, unless that shows its name.

The last is urllib3's; in most of what is pasted, urllib3 is pip's.
"""

BUILDS = (
    "distutils.errors.", "running egg_info", "running build_ext", "running build_py",
    "running bdist_wheel", "build/temp.linux-", "build/temp.macosx-", "build/temp.win",
    "build/lib.linux-", "build/lib.macosx-", "build/lib.win",
)  # fmt: skip
"""Texts of distutils and setuptools that show that a package is built, mostly for pip."""

CONTEXT = (
    "pip/_internal", "pip/_vendor", "pip/basecommand.py", "pip/commands/install.py",
    "packages/pip/utils", "packages/pip/req", "packages/pip/commands", "packages/pip/index.py",
    "packages/pip/download.py", "packages/pip/wheel.py", "packages/pip/vcs", "Complete output (",
    "pip-req-build", "pip-build-env", "tmp/pip-install", "temp/pip-install",
    "tmp/pip-build", "temp/pip-build",
    "Installing collected packages", "Installing build dependencies", "Preparing metadata",
    "Getting requirements to build wheel", "Building wheel for", "Building wheels for",
    "Running setup.py", "python setup.py egg_info", "Could not install packages",
    "Requirement already satisfied", "Found existing installation", "Looking in indexes",
    "subprocess-exited-with-error", "metadata-generation-failed", "likely not a problem with pip",
    "Could not find a version that satisfies", "No matching distribution found",
    "release of pip", "setup.py bdist_wheel", "Using cached", "Could not fetch URL",
    "Failed building wheel", "Could not build wheels", "using pip version",
    "pip subprocess", "[end of output]",
    "error originates from a subprocess", "--single-version-externally-managed",
    "Storing complete log in", "Storing debug log for failure",
    "/usr/share/python-wheels/", "Running command git", "Could not find a tag or branch",
)  # fmt: skip
"""Texts that show that pip was at work. Text worded by others needs one of them near by.

In ``/usr/share/python-wheels`` Debian's older pips have what they import.
"""

RIVALS = (
    "uv pip", "uv sync", "uv add", "uv lock", "uv run", "uv tool", "uv build", "Using CPython",
    "environment at:", "uv/builds-v0", "The build backend returned an error",
    "Build backend failed to", "poetry install", "poetry add", "poetry lock",
    "SolverProblemError", "ChefBuildError", "Unable to find installation candidates",
    "version solving failed", "uv exited with status", "No solution found when resolving",
    "This error likely indicates that you need to install a library",
    "rye sync", "pdm install", "pdm add", "pdm sync",
)  # fmt: skip
"""Texts that show that another installer was at work, some of whose messages are worded as pip's.

A message of pip needs its label, or another text of pip near by, where one of them stands.
"""

FOREIGN = (
    *RIVALS,
    "The following error occurred when trying to handle this error",
    "Getting build dependencies for", "Creating isolated environment",
    "npm ERR", "npm install", "npm error", "gyp ERR", "node-gyp", "yarn install", "node_modules",
    "cargo build", "cargo run", "error: could not compile", "could not compile `",
    "failed to run custom build command", "go: downloading", "kubectl ",
    "urllib3.connectionpool:Retrying", "requests.exceptions.", "urllib3.exceptions.",
    "host='huggingface.co'", "while requesting HEAD https://huggingface.co",
    "conda install", "conda create", "Solving environment", "PackagesNotFoundError",
    "No local packages or working download links found for",
    "meson.build:", "bundle install", "gem install", "mvn ", "gradle",
)  # fmt: skip
"""Texts that show that another tool was at work."""

FILES = ("/simple/", ".whl", ".tar.gz")
"""What only the addresses of an index and of its files have in them."""


def squeeze(text: str) -> str:
    """Return the letters, lower-case, and digits of a text, of which the matchers compare some."""
    return "".join(found[0] for found in _LETTER.finditer(text.lower()))


def _worth(squeezed: str) -> int:
    """Return how many letters a text counts as: of Chinese, Japanese and Korean, one tells more."""
    return len(squeezed) + sum(letter >= "\u3040" for letter in squeezed)


def cut(literal: str) -> list[str]:
    """Cut a literal between its words into pieces.

    Args:
        literal: text between two placeholders.

    Returns:
        Pieces that put together are the literal; each but a lone one has `PIECE` letters and
        digits or more.
    """
    pieces = [""]
    for word in _words(literal):
        if len(squeeze(pieces[-1])) >= PIECE and squeeze(word):
            pieces.append("")
        pieces[-1] += word
    if len(pieces) > 1 and len(squeeze(pieces[-1])) < PIECE:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return pieces


def compile_patterns(loaded: Loaded) -> dict[str, Any]:
    """Compile the texts of all entries.

    Args:
        loaded: the entries, stubs included.

    Returns:
        The patterns document, ready for ``json.dumps``: ``version``; ``types``, the rules by
        type of placeholder; ``context``, ``command``, ``build``, ``foreign``, ``rivals`` and
        ``files``; ``entries``, each with its wordings. A wording has ``parts`` of
        ``[kind, items]``: a string is a piece, a pair the name and type of a placeholder; and
        ``weights``, a number for each piece.
    """
    entries = [document.value for document in loaded.entries.values()]
    shares = _Shares(entries)
    return {
        "version": VERSION,
        "unit": UNIT,
        "types": {name: _rule(name) for name in PLACEHOLDER_TYPES},
        "context": sorted({squeeze(text) for text in CONTEXT}),
        "command": sorted({squeeze(text) for text in COMMANDS}),
        "build": sorted({squeeze(text) for text in BUILDS}),
        "foreign": sorted({squeeze(text) for text in FOREIGN}),
        "rivals": sorted({squeeze(text) for text in RIVALS}),
        "files": list(FILES),
        "entries": [_entry(entry, shares) for entry in entries],
    }


def _rule(name: str) -> dict[str, Any]:
    plain = Rule("", most=0, gap=0)
    rule = {
        key: value for key, value in asdict(RULES[name]).items() if value != getattr(plain, key)
    }
    if PLACEHOLDER_TYPES[name].fillable:
        rule |= {"fillable": True, "value": TYPES[name]}
        if name in CASED:
            rule["cased"] = True
    return rule


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text, each with the blanks after it."""
    start = 0
    for at in range(1, len(text)):
        if text[at - 1].isspace() and not text[at].isspace():
            yield text[start:at]
            start = at
    yield text[start:]


class _Shares:
    """Counts in how many entries a piece stands."""

    def __init__(self, entries: list[Entry]) -> None:
        texts: list[str] = []
        self._starts: list[int] = []
        length = 0
        for entry in entries:
            text = "\n".join(
                squeeze(literal)
                for wording in entry.messages
                for part in wording.parts
                for literal in split_template(part.text)[0]
            )
            texts.append(text)
            self._starts.append(length)
            length += len(text) + 1
        self._text = "\n".join(texts)
        self._slugs: dict[str, str] = {}
        for entry in entries:
            for slug in entry.slugs or ():
                if slug not in self._slugs or entry.id == slug.upper().replace("-", "_"):
                    self._slugs[slug] = entry.id
        self._known: dict[str, int] = {}

    def slugs(self, entry: Entry) -> list[str]:
        """Return the slugs that alone tell of an entry: of several, the one named like it."""
        return [slug for slug in entry.slugs or () if self._slugs[slug] == entry.id]

    def count(self, piece: str) -> int:
        if piece not in self._known:
            owners = set()
            at = self._text.find(piece)
            while at >= 0:
                owners.add(bisect.bisect_right(self._starts, at))
                at = self._text.find(piece, at + 1)
            self._known[piece] = max(1, len(owners))
        return self._known[piece]


def _entry(entry: Entry, shares: _Shares) -> dict[str, Any]:
    compiled: dict[str, Any] = {"id": entry.id, "kind": entry.kind.value, "tier": entry.tier}
    if entry.role is not Role.CAUSE:
        compiled["role"] = entry.role.value
    if entry.consequence_of:
        compiled["after"] = list(entry.consequence_of)
    if entry.slugs:
        compiled["slugs"] = list(entry.slugs)
    compiled["wordings"] = [_wording(entry, wording, shares) for wording in entry.messages]
    known = {tuple(_PLACEHOLDER.sub("", part.text) for part in one.parts) for one in entry.messages}
    for number, wording in enumerate(entry.messages):
        other = _localised(wording)
        if other and tuple(_PLACEHOLDER.sub("", part.text) for part in other.parts) not in known:
            compiled["wordings"].append(_wording(entry, other, shares) | {"of": number})
    for slug in shares.slugs(entry):
        text = f"error: {slug}"
        weight = len(squeeze(text)) * UNIT
        compiled["wordings"].append({"parts": [["slug", [text]]], "weights": [weight], "of": 0})
    return compiled


def _names_pip(wording: Wording) -> bool:
    """Return whether a text names pip, so that it tells of pip wherever it stands."""
    return any(_PIP.search(part.text) for part in wording.parts)


def _named(wording: Wording) -> list[str]:
    """Return the name of pip with a word before or behind it: what tells it from other programs."""
    named = []
    for part in wording.parts:
        for literal in split_template(part.text)[0]:
            for found in _PIP.finditer(literal):
                before = [word for word in literal[: found.start()].split() if squeeze(word)]
                after = [word for word in literal[found.end() :].split() if squeeze(word)]
                named += [squeeze(word) + found[0] for word in before[-1:]]
                named += [found[0] + squeeze(word)[:PIECE] for word in after[:1]]
    return list(dict.fromkeys(named))


def _foreign(entry: Entry, wording: Wording) -> int:
    """Return 0 if only pip prints it, 1 if Python packaging does, 2 if any program may.

    Where an entry tells the releases of its texts, one that has none is not worded by pip.
    """
    if entry.is_of_pip(wording):
        return 0
    known = {source.id for source in entry.sources or ()}
    named = any(part.source in known for part in wording.parts)
    dated = [one for one in entry.messages if one.since or one.until]
    if not (entry.worded_by or named) and (wording in dated or not dated):
        return 0
    if _names_pip(wording):
        return 0
    return 2 if entry.phase in ANYWHERE else 1


def _localised(wording: Wording) -> Wording | None:
    """Return a wording with the system's own words, which can be in any language, left open."""
    parts = [
        part.model_copy(update={"text": _SYSTEM.sub(r"\1 {strerror}", part.text)})
        for part in wording.parts
    ]
    changed = any(new.text != old.text for new, old in zip(parts, wording.parts, strict=True))
    return wording.model_copy(update={"parts": tuple(parts)}) if changed else None


def _wording(entry: Entry, wording: Wording, shares: _Shares) -> dict[str, Any]:
    parts, weights = [], []
    for part in wording.parts:
        items = _items(entry, part)
        parts.append([part.kind.value, items])
        for item in items:
            if isinstance(item, str):
                squeezed = squeeze(item)
                weights.append(_worth(squeezed) * UNIT // shares.count(squeezed) if squeezed else 0)
    compiled: dict[str, Any] = {"parts": parts, "weights": weights}
    if _names_pip(wording):
        compiled["own"] = 1
        names = _named(wording) if entry.worded_by and not entry.is_of_pip(wording) else []
        if names:
            compiled["names"] = names
    foreign = _foreign(entry, wording)
    if foreign:
        compiled["foreign"] = foreign
    if wording.near:
        compiled["near"] = _with_pip3(wording.near)
    if wording.unless:
        compiled["unless"] = list(wording.unless)
    return compiled


def _with_pip3(near: tuple[str, ...]) -> list[str]:
    """Return texts that stand near by, those that call ``pip`` also with ``pip3`` for it."""
    return list(dict.fromkeys(one for text in near for one in (text, _CALLED.sub("pip3 ", text))))


def _items(entry: Entry, part: Part) -> list[Any]:
    literals, names = split_template(" ".join(part.text.split()))
    items: list[Any] = []
    for number, literal in enumerate(literals):
        items += [piece for piece in cut(literal) if piece]
        if number < len(names):
            name = names[number]
            declared = (entry.placeholders or {}).get(name, name)
            items.append([name, declared if declared in PLACEHOLDER_TYPES else "text"])
    return items
