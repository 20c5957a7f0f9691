"""Quotes and messages hold in their release, and whatever is changed in them is caught."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import made_wheels
import pytest

from kb import astfold, load, wording
from kb.astfold import HOLE
from kb.claims import Claim, Kind, claims, covers, release_findings
from kb.fare import Fare, fare
from kb.mend import mend, mendable
from kb.pipsource import Releases
from kb.releases import dump, parse
from kb.symbols import MODULE, SourceFile
from kb.verify import State, check
from kb.wheels import Lock, Pin, Wheels, cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.load import Document
    from kb.model import Entry

ROOT = Path(__file__).resolve().parent.parent
PATH = "src/pip/_internal/exceptions.py"
HEAD = "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
QUOTE = """\
order = 4
head = (
    "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS "
    "FILE. Examine the package contents carefully."
)
"""


def entry(tmp_path: Path, text: str) -> Document[Entry]:
    """Return an entry of this YAML; what every entry needs is added."""
    folder = tmp_path / "entries" / "pip"
    folder.mkdir(parents=True, exist_ok=True)
    head = "id: MADE\nstatus: stub\nkind: error\nphase: verify\ntier: 1\nsummary: It is made up.\n"
    (folder / "MADE.yml").write_text(head + text, encoding="utf-8")
    loaded = load.load(tmp_path)
    assert loaded.findings == []
    return loaded.entries["MADE"]


def source(**changed: str) -> str:
    """Return the YAML of a source, with its quote."""
    values = {"release": "'25.3'", "path": PATH, "symbol": "HashMismatch", **changed}
    quote = values.pop("quote", QUOTE)
    rows = [f"    {name}: {value}" for name, value in values.items()]
    body = "".join(f"      {row}\n" if row else "\n" for row in quote.splitlines())
    return "sources:\n  - id: made\n" + "\n".join(rows) + "\n    quote: |-\n" + body


def message(text: str, **changed: str) -> str:
    """Return the YAML of a message and of the source that prints it."""
    part = f"messages:\n  - parts:\n      - text: {text!r}\n        source: made\n"
    return part + source(**changed)


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    """Made-up releases of pip: 25.3, and an older one without the second file."""
    older = {
        "pip/_internal/exceptions.py": made_wheels.EXCEPTIONS.replace("order = 4", "order = 3")
    }
    return made_wheels.cached(tmp_path / "c", {"25.3": made_wheels.FILES, "24.0": older})


def texts(code: str, symbol: str = MODULE) -> list[str]:
    return [found.text for found in astfold.folded_strings(SourceFile(code), symbol)]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("x = 'one ' 'two'", "one two"),
        ("x = 'one ' + 'two'", "one two"),
        ("x = 'one ' + y + ' two'", f"one {HOLE} two"),
        ("x = f'one {y} two'", f"one {HOLE} two"),
        ("x = f'one {y!r} two'", f"one '{HOLE}' two"),
        ("x = f'{{one}} {y:>{width}} two'", f"{{one}} {HOLE} two"),
        ("x = 'one %s two' % y", f"one {HOLE} two"),
        ("x = 'one %(a)s %d%% two' % y", f"one {HOLE} {HOLE}% two"),
        ("x = 'one %r two' % (y,)", f"one '{HOLE}' two"),
        ("log('one %s two', y)", f"one {HOLE} two"),
        ("x = 'one {} {{two}}'.format(y)", f"one {HOLE} {{two}}"),
        ("x = 'one {a.b!r:>3} two'.format(a=y)", f"one '{HOLE}' two"),
        ("x = 'one {} two'\ny = x.format(1)", f"one {HOLE} two"),
        ("x = dedent('''\n   one\n     two\n''')", "one two"),
        ("x = ', '.join(['one', y, 'two'])", f"one, {HOLE}, two"),
        ("x = Text.from_markup('[bold]one[/] [green]two[/green]')", "one two"),
        ("x = 'one {}'.format('a' if y else 'b')", "one b"),
        ("x = 'package' + ('s' if y else '') + ' two'", "packages two"),
        ("class A:\n    b = 'one'\n    def c(self, d='two'):\n        pass", "two"),
    ],
)
def test_strings_are_folded(code: str, text: str) -> None:
    symbol = "A" if code.startswith("class") else MODULE
    assert text in texts(code, symbol)


def test_what_is_not_printed_is_not_folded() -> None:
    code = "'doc'\ndef f(a):\n    'doc of f'\n    return b'bytes', 1, 'text'\n"
    assert texts(code) == []
    assert texts(code, "f") == ["text"]


def test_a_file_that_is_not_python_has_the_texts_between_quotes() -> None:
    source = SourceFile("cdef int x\nraise Error, 'bad %s'  # \"note\"\n", python=False)
    assert [f.text for f in astfold.folded_strings(source, MODULE)] == [
        "bad %s",
        f"bad {HOLE}",
        "note",
    ]


CODE = """\
def f(name, reason, extra=None):
    parts = [f"unknown command {name!r}"]
    parts.append(f"maybe you meant {extra}")
    message = "Cannot uninstall %s" % name
    if reason:
        message += " because of the reason: {}"
    raise Error(" - ".join(parts), message.format(reason), "Got        {}".format(name))
    log("See https://example.org/x and use --some-option of pip 25.3 or newer")
    log(f"could not read {name!r}: {reason!r}")
    log("It isn't there")
"""


@pytest.mark.parametrize(
    "text",
    [
        "Cannot uninstall {package}",
        "Cannot uninstall {package} because of the reason: {reason}",
        "Cannot uninstall {package} because of the reason:",
        "unknown command '{command}'",
        "unknown command '{command}' - maybe you meant {other}",
        "Got {got}",
        "because of the",
        "See {url} and use {option} of pip {version} or newer",
        "could not read '{name}': {reason}",
    ],
)
def test_a_message_stands_in_its_symbol(text: str) -> None:
    assert wording.find(wording.template(text), astfold.texts_of(SourceFile(CODE), "f"))


@pytest.mark.parametrize(
    "text",
    [
        "Cannot uninstall package",
        "Can not uninstall {package}",
        "cannot uninstall {package}",
        "annot uninstall {package}",
        "Cannot {package}",
        "Cannot uninstall {package} for the reason: {reason}",
        "Cannot uninstall {package} of the reason: {reason}",
        "because of the reason: {reason} Cannot uninstall {package}",
        "unknown command {command} and more",
        "unknown command {command} maybe you {other}",
        "unknown {command}",
        "Got nothing",
        "Had {got}",
        "See {url} and use {option} of {version} or newer",
        "See {url} and use {option} {version} or newer",
        "It {verb} there",
    ],
)
def test_a_message_that_pip_does_not_print_is_not_found(text: str) -> None:
    assert not wording.find(wording.template(text), astfold.texts_of(SourceFile(CODE), "f"))


def test_an_entry_whose_claims_hold(tmp_path: Path, releases: Releases) -> None:
    text = message(HEAD, lines="11-15")
    text += (
        f"sites:\n  - releases: ['25.3', '24.0']\n    path: {PATH}\n    symbol: Outdated.__str__\n"
    )
    text += "    text: too old for it\n"
    outcomes = [check(claim, releases) for claim in claims(entry(tmp_path, text))]
    assert [(one.claim.kind, one.state) for one in outcomes] == [
        (Kind.QUOTE, State.HOLDS),
        (Kind.MESSAGE, State.HOLDS),
        (Kind.SITE, State.HOLDS),
        (Kind.SITE, State.HOLDS),
    ]


WRONG = {
    "a changed character": (
        {"quote": QUOTE.replace("carefully", "Carefully")},
        "sources.0.quote: the quote does not stand in HashMismatch of src/pip/_internal/",
        '+    "FILE. Examine the package contents carefully."',
    ),
    "a dropped line": (
        {"quote": QUOTE.replace("head = (\n", "")},
        "copy the lines marked + below",
        "+head = (",
    ),
    "another file": (
        {"path": "src/pip/_internal/other.py"},
        "sources.0.symbol: src/pip/_internal/other.py of pip==25.3 has no HashMismatch",
        "hint: write path: src/pip/_internal/exceptions.py and symbol: HashMismatch",
    ),
    "no such file": (
        {"path": "src/pip/_internal/gone.py"},
        "sources.0.path: pip==25.3 has no file src/pip/_internal/gone.py",
        "hint: write path: src/pip/_internal/exceptions.py and symbol: HashMismatch",
    ),
    "the path of another tag": (
        {"path": "pip/_internal/exceptions.py"},
        "at pip==25.3 the repository has it as src/pip/_internal/exceptions.py",
        "hint: write path: src/pip/_internal/exceptions.py and symbol: HashMismatch",
    ),
    "another symbol": (
        {"symbol": "Outdated"},
        "sources.0.quote: the quote does not stand in Outdated",
        "it stands in HashMismatch of src/pip/_internal/exceptions.py (pip==25.3)",
    ),
    "no such symbol": (
        {"symbol": "HashMismatched"},
        "sources.0.symbol: src/pip/_internal/exceptions.py of pip==25.3 has no HashMismatched",
        "hint: write path: src/pip/_internal/exceptions.py and symbol: HashMismatch",
    ),
    "the top level": (
        {"symbol": "<module>"},
        "does not stand in <module>",
        "it stands in HashMismatch",
    ),
    "another release": (
        {"release": "'24.0'"},
        "sources.0.quote: the quote does not stand in HashMismatch",
        "it stands in HashMismatch of src/pip/_internal/exceptions.py in pip==25.3",
    ),
    "other lines": (
        {"lines": "12-16"},
        "sources.0.lines: the quote stands on lines 11-15 of src/pip/_internal/exceptions.py",
        "hint: write lines: 11-15 (or run python scripts/verify_quotes.py --fix)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_quote_is_reported(name: str, tmp_path: Path, releases: Releases) -> None:
    changed, problem, help_text = WRONG[name]
    list(releases.at_hand("pip"))
    document = entry(tmp_path, message(HEAD, **{"lines": "11-15", **changed}))
    outcome = check(claims(document)[0], releases)
    assert outcome.state is State.WRONG
    told = "\n".join([str(outcome.finding), *outcome.elsewhere, outcome.diff])
    assert told.startswith("entries/pip/MADE.yml:")
    assert problem in told
    assert help_text in told


def test_a_wrong_message_shows_the_nearest_text(tmp_path: Path, releases: Releases) -> None:
    document = entry(tmp_path, message(HEAD.replace("MATCH", "FIT")))
    outcome = check(claims(document)[1], releases)
    assert outcome.state is State.WRONG
    assert str(outcome.finding).startswith("entries/pip/MADE.yml:9: messages.0.parts.0.text: this")
    assert f"-{HEAD.replace('MATCH', 'FIT')}" in outcome.diff
    assert f"+{HEAD} Examine the package contents carefully." in outcome.diff


def test_a_message_that_moved_says_where(tmp_path: Path, releases: Releases) -> None:
    document = entry(tmp_path, message("Cannot uninstall {package} because it is held"))
    outcome = check(claims(document)[1], releases)
    assert outcome.elsewhere == ("it stands in helper of src/pip/_internal/other.py (pip==25.3)",)


def test_a_part_without_words_claims_nothing(tmp_path: Path) -> None:
    document = entry(tmp_path, message("{text}"))
    assert [claim.kind for claim in claims(document)] == [Kind.QUOTE]


def test_what_cannot_be_had_is_not_wrong(tmp_path: Path, releases: Releases) -> None:
    document = entry(tmp_path, message(HEAD, release="'23.0'"))
    outcome = check(claims(document)[0], releases)
    assert outcome.state is State.UNCHECKED
    assert outcome.finding is not None
    assert outcome.finding.problem == "requirements/releases.lock has no line for pip==23.0"


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("  - since: '25.9'\n", "messages.0.since", "pip has no release 25.9"),
        ("  - until: 19.0.9\n", "messages.0.until", "pip has no release 19.0.9"),
        ("  - since: '26.3'\n", "messages.0.parts.0.source", "its wording of 26.3 to the newest"),
        ("  - until: '24.0'\n", "messages.0.parts.0.source", "of the first release to 24.0"),
        ("  - since: '26.3'\n    until: '25.3'\n", "messages.0.since", "is later than until"),
    ],
)
def test_releases_of_a_wording(tmp_path: Path, text: str, field: str, problem: str) -> None:
    known = ["19.0", "24.0", "25.3", "26.3"]
    made = message(HEAD).replace("  - parts:", f"{text}    parts:", 1)
    found = release_findings(entry(tmp_path, made), known)
    assert [one.problem for one in found if one.field == field and problem in one.problem]
    assert release_findings(entry(tmp_path, message(HEAD)), known) == []


def test_releases_of_sources_and_sites(tmp_path: Path) -> None:
    text = message(HEAD, release="'25.30'").replace("source: made", "source: other")
    text += f"sites:\n  - releases: ['25.4']\n    path: {PATH}\n    symbol: Outdated\n"
    found = release_findings(entry(tmp_path, text), ["25.3"])
    assert {(one.field, one.problem, one.hint) for one in found} == {
        ("sources.0.release", "pip has no release 25.30", "write one that exists, such as 25.3"),
        ("sites.0.releases.0", "pip has no release 25.4", "write one that exists, such as 25.3"),
        ("messages.0.parts.0.source", "no source 'other'", "write one of: made"),
    }


def test_the_order_of_releases() -> None:
    ordered = ["1.5.6", "9.0.3", "10.0.0b1", "10.0.0b2", "10.0.0", "10.0.1", "20.0", "20.0.1"]
    assert parse(dump(ordered[::-1])) == ordered
    assert covers("9.0.3", "10.0.0", "10.0.0b1")
    assert not covers("9.0.3", "10.0.0", "10.0.1")
    assert not covers("20.0", None, "10.0.0")


def changed_release(tmp_path: Path, files: dict[str, str]) -> Releases:
    return made_wheels.cached(tmp_path / "c", {"25.3": made_wheels.FILES, "26.3": files})


BODY = QUOTE.replace("order = 4\n", "")
FARES = {
    Fare.SAME: made_wheels.FILES,
    Fare.MOVED: {
        "pip/_internal/exceptions/__init__.py": "",
        "pip/_internal/exceptions/hashes.py": made_wheels.EXCEPTIONS,
    },
    Fare.REWORDED: {
        "pip/_internal/exceptions.py": made_wheels.EXCEPTIONS.replace("FROM THE REQ", "OF THE REQ"),
    },
    Fare.GONE: {"pip/_internal/other.py": made_wheels.OTHER},
}


@pytest.mark.parametrize("expected", FARES)
def test_how_a_text_fares_in_another_release(expected: Fare, tmp_path: Path) -> None:
    releases = changed_release(tmp_path, FARES[expected])
    document = entry(tmp_path, message(HEAD))
    found = [fare(claim, releases.get("pip", "26.3")) for claim in claims(document)]
    assert [one.fare for one in found] == [expected, expected]
    if expected is Fare.MOVED:
        assert found[0].places == (("src/pip/_internal/exceptions/hashes.py", "HashMismatch"),)
    if expected is Fare.REWORDED:
        assert '+    "THESE PACKAGES DO NOT MATCH THE HASHES OF THE REQUIREMENTS "' in found[0].diff


def test_a_wording_of_older_releases_is_left_out(tmp_path: Path) -> None:
    releases = changed_release(tmp_path, made_wheels.FILES)
    made = message(HEAD).replace("  - parts:", "  - until: '25.3'\n    parts:", 1)
    release = releases.get("pip", "26.3")
    assert {fare(claim, release).fare for claim in claims(entry(tmp_path, made))} == {Fare.LEFT_OUT}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_missing_and_wrong_lines_are_written(ends: str, tmp_path: Path, releases: Releases) -> None:
    text = message(HEAD) + "  # why\n  - symbol: Outdated.__str__\n    id: second\n"
    text += f"    lines: '1-2'   # wrong\n    release: '25.3'\n    path: {PATH}\n"
    text += '    quote: |-\n      return "This pip is too old for it"\n'
    document = entry(tmp_path, text)
    before = (tmp_path / document.path).read_text(encoding="utf-8").replace("\n", ends)
    outcomes = [check(claim, releases) for claim in claims(document)]
    after, count = mend(before, document, outcomes)
    assert count == sum(mendable(outcome) for outcome in outcomes) == 2
    expected = before.replace("lines: '1-2'   # wrong", "lines: '25'   # wrong")
    symbol = f"    symbol: HashMismatch{ends}"
    assert after == expected.replace(symbol, f"{symbol}    lines: 11-15{ends}")
    (tmp_path / document.path).write_text(after.replace(ends, "\n"), encoding="utf-8")
    mended = load.load(tmp_path).entries["MADE"]
    assert {check(claim, releases).state for claim in claims(mended)} == {State.HOLDS}


def real_claims(kind: Kind) -> list[Claim]:
    """Return some of the real entries' claims about pip, the same in each run."""
    found = [
        claim
        for document in load.load(ROOT).entries.values()
        for claim in claims(document)
        if claim.kind is kind and claim.pin.project == "pip"
    ]
    return random.Random(5).sample(  # noqa: S311 - the same sample in each run
        found, min(len(found), 30)
    )


@pytest.fixture(scope="module")
def real() -> Releases:
    """The real releases that entries name, and one that has none of their quotes."""
    lock = Lock.read(ROOT)
    named = {claim.pin for kind in Kind for claim in real_claims(kind)} | {Pin("pip", "1.5.6")}
    wheels = Wheels(
        Lock({pin: lock.hashes[pin] for pin in named & set(lock.hashes)}), cache_folder()
    )
    wheels.prefetch(named)
    return Releases(wheels)


def other_character(claim: Claim) -> Iterator[Claim]:
    text = claim.text or ""
    places = [at for at, char in enumerate(text) if char.isalnum()]
    for at in {places[0], places[len(places) // 2], places[-1]}:
        other = "x" if text[at] != "x" else "y"
        yield replace(claim, text=text[:at] + other + text[at + 1 :])


def other_path(claim: Claim) -> Iterator[Claim]:
    for path in (
        claim.path.removeprefix("src/") if claim.path.startswith("src/") else f"src/{claim.path}",
        f"{claim.path}x",
        claim.path.replace("pip/", "pip/pip/", 1),
        f"../{claim.path}",
    ):
        yield replace(claim, path=path)


def other_symbol(claim: Claim) -> Iterator[Claim]:
    yield replace(claim, symbol=f"{claim.symbol}x")
    yield replace(claim, symbol=f"{claim.symbol}.{claim.symbol}")
    if claim.symbol != MODULE:
        yield replace(claim, symbol=MODULE)


def other_release(claim: Claim) -> Iterator[Claim]:
    if claim.pin.release != "1.5.6":
        yield replace(claim, pin=Pin("pip", "1.5.6"))


def lines_mixed_up(claim: Claim) -> Iterator[Claim]:
    rows = (claim.text or "").rstrip("\n").split("\n")
    for at in range(1, len(rows) - 1):
        yield replace(claim, text="\n".join(rows[:at] + rows[at + 1 :]))
    for at in range(len(rows) - 1):
        swapped = [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]
        if swapped != rows:
            yield replace(claim, text="\n".join(swapped))


def other_word(claim: Claim) -> Iterator[Claim]:
    words = (claim.text or "").split()
    plain = [at for at, word in enumerate(words) if word.isalpha() and len(word) > 1]
    for at in plain[:: max(1, len(plain) // 3)]:
        yield replace(claim, text=" ".join([*words[:at], "zzz", *words[at + 1 :]]))
        yield replace(claim, text=" ".join([*words[:at], words[at][:-1], *words[at + 1 :]]))
    for at in plain[1:-1:4]:
        yield replace(claim, text=" ".join([*words[:at], *words[at + 1 :]]))


MUTATIONS: list[tuple[Kind, Callable[[Claim], Iterator[Claim]]]] = [
    (Kind.QUOTE, other_character),
    (Kind.QUOTE, other_path),
    (Kind.QUOTE, other_symbol),
    (Kind.QUOTE, other_release),
    (Kind.QUOTE, lines_mixed_up),
    (Kind.MESSAGE, other_word),
    (Kind.MESSAGE, other_path),
    (Kind.MESSAGE, other_symbol),
]


@pytest.mark.network
@pytest.mark.parametrize(("kind", "mutate"), MUTATIONS)
def test_whatever_is_changed_in_a_real_entry_is_caught(
    kind: Kind, mutate: Callable[[Claim], Iterator[Claim]], real: Releases
) -> None:
    held = [claim for claim in real_claims(kind) if check(claim, real).state is State.HOLDS]
    mutated = [changed for claim in held for changed in mutate(claim)]
    assert len(mutated) > 20
    survivors = [changed for changed in mutated if check(changed, real).state is not State.WRONG]
    assert survivors == []
