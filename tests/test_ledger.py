"""The ledger: which sites it finds, what covers them, what it finds wrong, and the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import made_wheels
import pytest

import ledger as command
from kb import counts, exclusions, wheels
from kb.exclusions import Exclusion, Reason
from kb.ledger import Ledger, account
from kb.load import Loaded, read
from kb.model import Entry
from kb.recipe import NotRun
from kb.render.coverage import REASONS
from kb.render.labels import NOT_RUN
from kb.sites import Means, Survey, survey
from kb.wheels import Lock, Pin

if TYPE_CHECKING:
    from pathlib import Path

    from kb.pipsource import Release

PATH = "src/pip/_internal/exceptions.py"
OTHER = "src/pip/_internal/other.py"
HINT = "run make new id=…, or exclude it with a reason in entries/ledger/exclusions.yml"
ERRORS = """\
class PipError(Exception):
    '''A docstring is printed by nobody.'''


class DiagnosticPipError(PipError):
    def __init__(self, *, message, context, hint_stmt, note_stmt=None):
        self.message = message

    def __repr__(self):
        return f"<{self.__class__.__name__}: not for users>"


class Quiet(PipError):
    pass


class TooOld(DiagnosticPipError):
    reference = "too-old-for-this"

    def __init__(self, name):
        super().__init__(
            message=f"[green]{name}[/] is too old",
            context="It was made long ago.",
            hint_stmt="Take a newer one.",
        )


class Outdated(PipError):
    def __str__(self):
        return f"{self.name} is out of date"
"""
CODE = """\
import sys

LATER = "It will be refused later."


def run(parser, options, names):
    if not names:
        raise PipError("Give at least one name")
    if len(names) > 9:
        error = PipError(f"Too many names: {len(names)}")
        raise error
    try:
        look(names)
    except Outdated as exc:
        logger.warning("Skipping %s: %s", names[0], exc)
        raise
    except OSError as exc:
        raise exc
    logger.info("Nothing to see here")
    logger.critical(str(names))
    deprecated(reason="The old way is old.", replacement="the new way of it", gone_in="27.0")
    parser.error("needs a name and a file")
    raise_option_error(parser, option=options, msg="not a number at all")
    print("WARNING: from an old script", file=sys.stderr)
    sys.stderr.write("ERROR: no shell was named")


def check(name):
    assert name, "a name was checked before"
    message = "Cannot uninstall " + name
    if name == "pip":
        message += " because it is running"
    logger.error(message)
    logger.error("\\n".join(hints(name)))
    logger.warning(LATER)
    raise Quiet


def hints(name):
    parts = ["Perhaps it is locked."]
    parts.append("Close it first." if name else "Try it again later.")
    return parts


def leave():
    print("Unable to go on like this")
    sys.exit(1)


class Base:
    def get(self):
        raise NotImplementedError
"""
FILES = {"pip/_internal/exceptions.py": ERRORS, "pip/_internal/other.py": CODE}


def release(folder: Path, files: dict[str, str] | None = None, name: str = "25.3") -> Release:
    """Return a made-up release of pip."""
    return made_wheels.cached(folder / "cache", {name: files or FILES}).get("pip", name)


@pytest.fixture
def found(tmp_path: Path) -> Survey:
    """What is found in the made-up release."""
    return survey(release(tmp_path))


def said(found: Survey, means: Means) -> list[str]:
    """Return the texts of the sites of one kind."""
    return [text.shown for site in found.sites if site.means is means for text in site.texts]


def test_made_exceptions_are_sites(found: Survey) -> None:
    assert said(found, Means.RAISE) == ["Give at least one name", "Too many names: …"]
    wordless = [site.code for site in found.sites if not site.texts]
    assert wordless == ["logger.critical(str(names))", "raise Quiet", "raise NotImplementedError"]


def test_what_is_raised_again_and_asserted_is_counted_apart(found: Survey) -> None:
    assert (found.again, found.asserts) == (3, 1)


def test_warnings_and_worse_are_sites_with_all_that_was_put_into_them(found: Survey) -> None:
    assert said(found, Means.LOG) == [
        "Skipping …: …",
        "Cannot uninstall …",
        "because it is running",
        "Perhaps it is locked.",
        "Close it first.",
        "Try it again later.",
        "It will be refused later.",
    ]
    assert {text.symbol for site in found.sites for text in site.texts} >= {"check", "hints"}


def test_deprecations_options_and_prints_are_sites(found: Survey) -> None:
    assert said(found, Means.DEPRECATE) == ["The old way is old.", "the new way of it"]
    assert said(found, Means.PARSER) == ["needs a name and a file", "not a number at all"]
    assert said(found, Means.PRINT) == [
        "WARNING: from an old script",
        "ERROR: no shell was named",
        "Unable to go on like this",
    ]


def test_the_texts_of_exception_classes_are_sites(found: Survey) -> None:
    assert said(found, Means.CLASS) == [
        "… is too old", "It was made long ago.", "Take a newer one.", "… is out of date",
    ]  # fmt: skip
    assert found.speaking == {"TooOld", "Outdated"}
    assert found.slugs == {"too-old-for-this": (PATH, 18)}


ENTRY = """\
id: MADE
status: stub
kind: error
phase: install
tier: 1
slugs: [too-old-for-this]
summary: It is made up.
placeholders: {{count: number}}
messages:
  - since: '24.0'
{until}    parts:
      - text: '{message}'
        source: made
sources:
  - id: made
    release: '25.3'
    path: src/pip/_internal/other.py
    symbol: run
{more}"""
RAISER = """\
def run(names):
    raise PipError(f"Too many names: {len(names)}, take fewer")
"""
MESSAGE = "Too many names: {count}, take fewer"


def entry(message: str = MESSAGE, more: str = "", until: str = "") -> Loaded:
    """Return what is loaded if there is one entry, with this message."""
    text = ENTRY.format(message=message, more=more, until=until)
    document, findings = read("entries/pip/MADE.yml", text.encode(), Entry)
    assert document is not None, findings
    return Loaded({"MADE": document}, {}, [])


def excluded(text: str, symbol: str = "run", name: str = "25.3") -> tuple[Exclusion, int]:
    """Return an exclusion in line 7."""
    path = "src/pip/_internal/other.py"
    reason = Reason.NEVER_SHOWN
    return Exclusion(reason=reason, releases=(name,), path=path, symbol=symbol, text=text), 7


def balance(
    folder: Path, code: str, loaded: Loaded, *outs: tuple[Exclusion, int], name: str = "25.3"
) -> Ledger:
    """Return the account of a release that has this code."""
    base = "class PipError(Exception):\n    pass\n\n\nclass TooOld(PipError):\n"
    base += '    reference = "too-old-for-this"\n'
    files = {"pip/_internal/exceptions.py": base, "pip/_internal/other.py": code}
    return account(release(folder, files, name), loaded, outs)


def problems(made: Ledger) -> list[str]:
    """Return the findings, line by line as they are printed."""
    return "\n".join(map(str, made.findings)).splitlines()


def test_a_site_is_covered_by_an_entry_that_names_the_place_and_says_the_words(
    tmp_path: Path,
) -> None:
    made = balance(tmp_path, RAISER, entry())
    assert problems(made) == []
    assert [(one.entries, one.open) for one in made.accounts] == [(("MADE",), False)]
    assert (made.covered, made.reasons) == (1, {})


def test_an_uncovered_site_is_a_finding(tmp_path: Path) -> None:
    code = RAISER + "\n\ndef other():\n    logger.warning('Nobody has written about this')\n"
    made = balance(tmp_path, code, entry())
    assert problems(made) == [
        "src/pip/_internal/other.py:6: pip 25.3: other: Nobody has written about this",
        f"    hint: {HINT}",
    ]


def test_a_reworded_text_is_a_finding_with_the_nearest_entry(tmp_path: Path) -> None:
    made = balance(tmp_path, RAISER.replace("take fewer", "take less"), entry())
    assert problems(made) == [
        "src/pip/_internal/other.py:2: pip 25.3: run: Too many names: …, take less",
        f"    hint: name the place in MADE, whose text is nearest, or {HINT}",
    ]


def test_a_text_that_has_grown_is_a_finding(tmp_path: Path) -> None:
    grown = RAISER.replace("take fewer", "take fewer, please")
    assert len(balance(tmp_path, grown, entry()).findings) == 1


def test_the_same_words_elsewhere_are_not_covered(tmp_path: Path) -> None:
    code = RAISER + "\n\ndef other():\n    raise PipError(f'Too many names: {1}, take fewer')\n"
    made = balance(tmp_path, code, entry())
    assert problems(made)[::2] == [
        "src/pip/_internal/other.py:6: pip 25.3: other: Too many names: …, take fewer"
    ]
    site = (
        "sites:\n  - releases: ['25.3']\n    path: src/pip/_internal/other.py\n    symbol: other\n"
    )
    assert problems(balance(tmp_path / "b", code, entry(more=site))) == []


def test_a_source_speaks_for_a_later_release_that_its_wording_covers(tmp_path: Path) -> None:
    assert problems(balance(tmp_path / "a", RAISER, entry(), name="26.3")) == []
    ended = balance(tmp_path / "b", RAISER, entry(until="    until: '25.3'\n"), name="26.3")
    assert len(ended.findings) == 1


def test_a_source_follows_a_symbol_into_another_file(tmp_path: Path) -> None:
    files = {
        "pip/_internal/exceptions.py": "class PipError(Exception):\n    pass\n",
        "pip/_internal/package/part.py": RAISER,
    }
    made = account(release(tmp_path, files, "26.3"), entry(), [])
    assert [one.entries for one in made.accounts] == [("MADE",)]


def test_each_text_of_a_site_must_be_covered(tmp_path: Path) -> None:
    code = (
        "def run(names):\n    text = f'Too many names: {len(names)}, take fewer'\n"
        "    if names:\n        text += ' and shorter ones'\n    raise PipError(text)\n"
    )
    made = balance(tmp_path, code, entry())
    assert problems(made)[:-1] == ["src/pip/_internal/other.py:4: pip 25.3: run: and shorter ones"]
    assert made.accounts[0].open
    part = balance(tmp_path / "b", code, entry(), excluded("and shorter ones"))
    assert problems(part) == []
    assert part.covered == 1


def test_quoted_lines_cover_a_value_and_further_texts(tmp_path: Path) -> None:
    code = "def run(names):\n    logger.error('%s', names[0])\n"
    bare = balance(tmp_path / "a", code, Loaded({}, {}, []))
    assert "run: logger.error('%s', names[0])" in problems(bare)[0]
    quote = "    lines: 2\n    quote: |-\n      logger.error('%s', names[0])\n"
    assert balance(tmp_path / "b", code, entry(more=quote)).covered == 1


def test_an_exception_without_words_is_covered_by_its_class(tmp_path: Path) -> None:
    code = "def run():\n    raise TooOld('demo')\n"
    files = {"pip/_internal/exceptions.py": ERRORS, "pip/_internal/other.py": code}
    made = account(release(tmp_path, files), Loaded({}, {}, []), [])
    raised = next(one for one in made.accounts if one.site.means is Means.RAISE)
    assert raised.by_class
    assert not raised.open
    assert any("TooOld.__init__: It was made long ago." in one for one in problems(made))


def test_an_excluded_site_is_counted_with_its_reason(tmp_path: Path) -> None:
    code = RAISER + "\n\nclass Base:\n    def get(self):\n        raise NotImplementedError()\n"
    out = excluded("NotImplementedError()", "Base.get")
    made = balance(tmp_path, code, entry(), out)
    assert problems(made) == []
    assert made.reasons == {Reason.NEVER_SHOWN: 1}


def test_a_stale_exclusion_is_a_finding(tmp_path: Path) -> None:
    made = balance(tmp_path, RAISER, entry(), excluded("Nobody prints this"))
    assert problems(made) == [
        (
            f"entries/ledger/exclusions.yml:7: "
            f"pip 25.3 has no such site in run of {OTHER}: Nobody prints this"
        ),
        "    hint: take 25.3 out of its releases",
    ]


def test_an_exclusion_of_a_reworded_text_says_what_it_is_now(tmp_path: Path) -> None:
    made = balance(tmp_path, RAISER, Loaded({}, {}, []), excluded("Too many names: …, take few"))
    assert "hint: write text: Too many names: …, take fewer" in "\n".join(problems(made))


def test_an_exclusion_of_what_an_entry_covers_is_a_finding(tmp_path: Path) -> None:
    made = balance(tmp_path, RAISER, entry(), excluded("Too many names: …, take fewer"))
    assert "an entry covers this in pip 25.3" in "\n".join(problems(made))


def test_an_exclusion_of_another_release_does_not_count(tmp_path: Path) -> None:
    out = excluded("Too many names: …, take fewer", name="26.3")
    assert len(balance(tmp_path, RAISER, Loaded({}, {}, []), out).findings) == 2


def test_a_site_of_an_entry_that_prints_nothing_is_a_finding(tmp_path: Path) -> None:
    site = (
        "sites:\n  - releases: ['25.3']\n    path: src/pip/_internal/other.py\n    symbol: still\n"
    )
    code = RAISER + "\n\ndef still():\n    return 1\n"
    assert problems(balance(tmp_path, code, entry(more=site))) == [
        "entries/pip/MADE.yml:20: sites.0: pip 25.3 prints no text of this entry in still",
        "    hint: write words that stand there as text, or take out 25.3",
    ]


def test_a_notice_that_an_entry_names_is_no_finding(tmp_path: Path) -> None:
    site = (
        "sites:\n  - releases: ['25.3']\n    path: src/pip/_internal/other.py\n    symbol: tell\n"
        "    text: Nothing to do for you\n"
    )
    code = RAISER + "\n\ndef tell():\n    logger.info('Nothing to do for you')\n"
    assert problems(balance(tmp_path, code, entry(more=site))) == []


def test_a_reference_of_pip_without_an_entry_is_a_finding(tmp_path: Path) -> None:
    made = balance(tmp_path, "", Loaded({}, {}, []))
    assert problems(made) == [
        f"{PATH}:6: pip 25.3: no entry has pip's reference too-old-for-this",
        "    hint: write it under slugs of its entry",
    ]


def write(root: Path, text: str) -> None:
    """Write the exclusions of a tree."""
    (root / "entries" / "ledger").mkdir(parents=True, exist_ok=True)
    (root / exclusions.FILE).write_text(text, encoding="utf-8")


def test_exclusions_have_lines_and_a_closed_list_of_reasons(tmp_path: Path) -> None:
    item = (
        "exclusions:\n  - reason: {}\n    releases: ['25.3']\n    path: a.py\n    symbol: f\n"
        "    text: raise NotImplementedError\n"
    )
    write(tmp_path, item.format("abstract-method"))
    found, findings = exclusions.read(tmp_path)
    assert [(one.reason, line) for one, line in found] == [(Reason.ABSTRACT_METHOD, 2)]
    assert findings == []
    write(tmp_path, item.format("boring"))
    found, findings = exclusions.read(tmp_path)
    assert found == []
    assert [(one.line, one.field) for one in findings] == [(2, "exclusions.0.reason")]


def test_a_missing_file_of_exclusions_is_a_finding(tmp_path: Path) -> None:
    assert [one.path for one in exclusions.read(tmp_path)[1]] == [exclusions.FILE]


def test_each_reason_is_worded_on_the_page() -> None:
    assert set(REASONS) == set(Reason)
    assert set(NOT_RUN) == set(NotRun)


class Tree:
    """A small repository with a ledger of two releases."""

    def __init__(self, root: Path, code: str) -> None:
        self.root = root
        self.arguments = ["--root", str(root), "--offline", "--cache", str(root / "cache")]
        base = "class PipError(Exception):\n    pass\n"
        files = {"pip/_internal/exceptions.py": base, "pip/_internal/other.py": code}
        made = made_wheels.cached(root / "cache", {"25.3": files, "26.3": files})
        lock = root / wheels.FILE
        lock.parent.mkdir(parents=True)
        lock.write_text(made.wheels.lock.dump(), encoding="utf-8")
        folder = root / "entries" / "pip"
        folder.mkdir(parents=True)
        text = ENTRY.format(message=MESSAGE, more="", until="")
        (folder / "MADE.yml").write_text(text, encoding="utf-8")
        write(root, "exclusions: []\n")

    def run(self, *arguments: str) -> int:
        """Run the command in this tree."""
        return command.main([*self.arguments, *arguments])


def test_the_command_counts_and_keeps_the_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = Tree(tmp_path / "tree", RAISER)
    assert tree.run() == 1
    stale = "entries/ledger/counts.json:1: the counts are out of date\n    hint: run python"
    assert stale in capsys.readouterr().out
    assert tree.run("--write") == 0
    out = capsys.readouterr().out
    assert "pip 26.3: 1 message sites, 1 covered, 0 excluded, 0 not accounted for" in out
    assert "1 entries: 0 finished, 1 stubs" in out
    assert tree.run() == 0
    assert [(one.release, one.sites, one.open) for one in counts.read(tree.root)] == [
        ("25.3", 1, 0), ("26.3", 1, 0),
    ]  # fmt: skip


def test_the_command_fails_on_an_uncovered_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = Tree(tmp_path / "tree", RAISER + "\n\ndef g():\n    raise PipError('Not known here')\n")
    assert tree.run("--write") == 1
    assert "src/pip/_internal/other.py:6: pip 26.3: g: Not known here" in capsys.readouterr().out
    assert tree.run("--json", "--release", "25.3") == 1
    document = json.loads(capsys.readouterr().out)
    assert [site["missing"] for site in document["sites"]] == [[], ["Not known here"]]
    assert document["findings"][0]["line"] == 6


def test_a_release_that_cannot_be_read_is_no_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = Tree(tmp_path / "tree", RAISER)
    assert Pin("pip", "24.0") not in Lock.read(tree.root).hashes
    assert tree.run("--release", "24.0") == 2
    assert "no line for pip==24.0" in capsys.readouterr().err
