"""Proposing an entry from a log: what is found of it, and what is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb import wheels
from kb.chosen import Known, NothingFoundError
from kb.claims import claims
from kb.holes import Holes, kind_of
from kb.load import Loaded, load, read
from kb.model import Entry, Kind, Phase
from kb.pasted import read as read_log
from kb.patterns import compile_patterns
from kb.pipsource import Releases
from kb.propose import Proposal, packages, propose
from kb.scaffold import scaffold
from kb.verify import State, check
from kb.wheels import Lock, Wheels

if TYPE_CHECKING:
    from kb.scaffold import Draft

ROOT = Path(__file__).resolve().parent.parent
HATCH = """\
$ python3 -m pip install tilemaker
Collecting tilemaker
  Preparing metadata (pyproject.toml) ... error
  error: subprocess-exited-with-error

  \xd7 Preparing metadata (pyproject.toml) did not run successfully.
  \u2502 exit code: 1
  \u2570\u2500> [12 lines of output]
      Traceback (most recent call last):
        File "/tmp/v/lib/python3.11/site-packages/pip/_vendor/pyproject_hooks/_impl.py", line 1
        File "/tmp/pip-build-env-x/overlay/lib/python3.11/site-packages/shapery/wheel.py", line 2
      ValueError: Unable to tell which files go into the wheel, see: https://shapery.example.org/w
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
error: metadata-generation-failed
"""
BUILDER = """\
py3-thing-1.0> Processing /build/thing-1.0
py3-thing-1.0>   Running command Preparing metadata (pyproject.toml)
py3-thing-1.0>   Traceback (most recent call last):
py3-thing-1.0>     File "/nix/lib/python3.12/site-packages/flitty/config.py", line 435, in _check
py3-thing-1.0>   flitty.config.ConfigError: the field 'licence' should be a table
py3-thing-1.0>   error: subprocess-exited-with-error
py3-thing-1.0>
py3-thing-1.0>   \xd7 Preparing metadata (pyproject.toml) did not run successfully.
"""


@cache
def releases(*, offline: bool = False) -> Releases:
    lock = Lock() if offline else Lock.read(ROOT)
    return Releases(Wheels(lock, wheels.cache_folder(), offline=offline))


@cache
def loaded() -> Loaded:
    return load(ROOT)


@cache
def known_patterns() -> dict[str, Any]:
    return compile_patterns(loaded())


def without(entry_id: str) -> Loaded:
    """Return the base without an entry."""
    entries = {name: one for name, one in loaded().entries.items() if name != entry_id}
    return Loaded(entries, loaded().procedures, [])


def proposed(entry_id: str, log: str) -> Proposal:
    """Return what is proposed for a log, in a base without an entry."""
    base = without(entry_id)
    found = propose(log, base, compile_patterns(base), releases())
    assert isinstance(found, Proposal)
    return found


def states(draft: Draft) -> set[State]:
    """Return what comes of the claims of the entry that is written."""
    text = scaffold(draft)
    document, findings = read(f"entries/pip/{draft.id}.yml", text.encode(), Entry)
    assert findings == []
    assert document
    return {check(claim, releases()).state for claim in claims(document)}


@pytest.mark.parametrize(
    ("entry_id", "log", "place", "text", "phase"),
    [
        (
            "UNKNOWN_COMMAND",
            'ERROR: unknown command "instal"\n',
            ("src/pip/_internal/cli/main_parser.py", "parse_command"),
            'unknown command "{command}"',
            Phase.CLI,
        ),
        (
            "NOT_A_PYTHON_PROJECT",
            (
                "> pip install ./thing\nERROR: file:///src/thing does not appear to be a Python "
                "project: neither 'setup.py' nor 'pyproject.toml' found.\n"
            ),
            ("src/pip/_internal/pyproject.py", "load_pyproject_toml"),
            (
                "{url} does not appear to be a Python project: neither 'setup.py' nor "
                "'pyproject.toml' found."
            ),
            Phase.BUILD,
        ),
        (
            "WHEEL_NOT_SUPPORTED",
            "ERROR: demo-1.0-cp27-none-any.whl is not a supported wheel on this platform.\n",
            ("src/pip/_internal/resolution/resolvelib/factory.py", None),
            "{filename} is not a supported wheel on this platform.",
            Phase.RESOLVE,
        ),
        (
            "MICROSOFT_VISUAL_CPP_REQUIRED",
            (
                "  Building wheel for demo (setup.py) ... error\n"
                "  error: Microsoft Visual C++ 14.0 or greater is required. "
                'Get it with "Microsoft C++ Build Tools": '
                "https://visualstudio.microsoft.com/visual-cpp-build-tools/\n"
            ),
            ("setuptools/_distutils/compilers/C/msvc.py", None),
            None,
            Phase.BUILD,
        ),
    ],
)
def test_the_place_and_the_text_are_found_and_hold(
    entry_id: str, log: str, place: tuple[str, str | None], text: str | None, phase: Phase
) -> None:
    draft = proposed(entry_id, log).draft
    assert text is None or draft.parts[0].text == text
    assert draft.phase is phase
    assert draft.source
    assert draft.source.path == place[0]
    assert place[1] in (None, draft.source.symbol)
    assert states(draft) == {State.HOLDS}


def test_what_another_program_raised_is_found_in_its_output() -> None:
    found = propose(HATCH, loaded(), known_patterns(), releases())
    assert isinstance(found, Proposal)
    draft = found.draft
    assert found.text.startswith("ValueError: Unable to tell")
    assert (draft.program, draft.phase, draft.kind) == ("shapery", Phase.METADATA, Kind.ERROR)
    assert draft.id == "UNABLE_TELL_FILES_GO"
    assert draft.packages == ("tilemaker",)
    assert "program: 'shapery'" in scaffold(draft)


def test_what_a_builder_puts_before_each_line_is_passed_over() -> None:
    found = propose(BUILDER, loaded(), known_patterns(), releases())
    assert isinstance(found, Proposal)
    assert found.draft.parts[0].text == (
        "flitty.config.ConfigError: the field '{package}' should be a table"
    )
    assert found.draft.program == "flitty"
    assert found.draft.run == "python -m pip install ."
    assert "pyproject.toml: 'TODO" in scaffold(found.draft)


def test_a_known_error_is_not_proposed_again() -> None:
    log = "ERROR: No matching distribution found for demo==1.0\n"
    found = propose(log, loaded(), known_patterns(), releases())
    assert isinstance(found, Known)
    assert (found.entry_id, found.line) == ("NO_MATCHING_DISTRIBUTION", 1)


def test_a_wrapper_alone_says_that_the_cause_is_missing() -> None:
    log = "  error: subprocess-exited-with-error\nERROR: Failed building wheel for demo\n"
    found = propose(log, loaded(), known_patterns(), releases())
    assert isinstance(found, Known)
    assert found.wraps


def test_another_line_can_be_named() -> None:
    log = "ERROR: No matching distribution found for demo==1.0\nthe frobnicator gave up on demo\n"
    found = propose(log, loaded(), known_patterns(), releases(), line=2)
    assert isinstance(found, Proposal)
    assert found.draft.id == "FROBNICATOR_GAVE_UP_DEMO"
    with pytest.raises(NothingFoundError, match="name one of 1 to 3"):
        propose(log, loaded(), known_patterns(), releases(), line=9)


def test_a_text_without_an_error_is_refused() -> None:
    with pytest.raises(NothingFoundError, match="line=NUMBER"):
        propose("a nice day\n", loaded(), known_patterns(), releases())


def test_without_releases_the_source_is_left_to_do() -> None:
    log = "ERROR: the frobnicator 1.2.3 gave up on '/srv/x'\n"
    found = propose(log, loaded(), known_patterns(), releases(offline=True))
    assert isinstance(found, Proposal)
    assert any("was not looked at" in note for note in found.notes)
    assert found.draft.parts[0].text == "the frobnicator {version} gave up on '{path}'"


def test_nothing_private_is_kept() -> None:
    log = "ERROR: cannot frobnicate https://bob:pw@pypi.acme.internal/simple for jane@acme.com\n"
    found = propose(log, loaded(), known_patterns(), releases())
    assert isinstance(found, Proposal)
    written = found.case + found.text + scaffold(found.draft)
    assert not any(word in written for word in ("bob", "acme", "jane"))


@pytest.mark.parametrize(
    ("value", "before", "kind"),
    [
        ("https://example.org/simple", "", "url"), ("3.12.1", "on Python ", "python_version"),
        ("3.12.1", "", "version"), ("12", "", "number"), ("demo", "", "package"),
        ("demo", "No module named '", "module"), ("demo>=1", "", "requirement"),
        ("--user", "", "option"), ("/usr/lib", "", "path"), ("a.whl", "", "filename"),
        ("d" * 64, "", "hash"), (">=3.9", "", "specifier"), ("two words", "", "text"),
    ],
)  # fmt: skip
def test_values_get_types(value: str, before: str, kind: str) -> None:
    assert kind_of(value, before) == kind


def test_equal_values_share_a_placeholder_and_others_do_not() -> None:
    holes = Holes()
    assert holes.template("demo 1.0 is not demo 2.0 {x}", ["demo"]) == (
        "{package} {version} is not {package} {version_2} {{x}}"
    )
    assert holes.types == {"version_2": "version"}


def test_what_an_exception_of_python_quotes_is_what_it_tells() -> None:
    line = "AttributeError: 'Barometer' object has no attribute 'needle'"
    assert Holes().template(line) == line
    line = "ImportError: cannot import name 'Needle' from 'barometer' (/usr/lib/barometer.py)"
    assert Holes().template(line).startswith("ImportError: cannot import name 'Needle' from 'b")
    assert Holes().template("ERROR: no 'needle' here") == "ERROR: no '{package}' here"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("$ pip install demo", "python -m pip install demo"),
        ("RUN pip3 install -r r.txt && rm x", "python -m pip install -r r.txt"),
        ("(venv) C:\\src> py -3 -m pip wheel .", "python -m pip wheel ."),
        ("pip is old", ""),
    ],
)
def test_the_command_is_read_off_the_log(line: str, command: str) -> None:
    assert read_log(f"{line}\nERROR: x").command == command


def test_the_packages_of_a_command() -> None:
    command = "python -m pip install -r r.txt -i https://x demo==1.0 other[z] ./here a.whl"
    assert list(packages(command)) == ["demo", "other"]


def test_an_older_pip_prints_a_text_wherever_it_stands() -> None:
    """Before 10.0 this one stood in another function."""
    text = "WARNING: Target directory /srv/vendor/demo already exists. Specify --upgrade to"
    proposal = proposed("TARGET_DIRECTORY_EXISTS", f"{text} force replacement.\n")
    assert proposal.draft.source
    since = proposal.draft.source.since
    assert since.startswith("pip 6.0.8 prints it, and 1.5.6 does not")
    assert f"# {since}." in scaffold(proposal.draft)


def test_values_that_nothing_parts_are_one() -> None:
    holes = Holes()
    assert holes.fill(("read ", "", ""), ("/", "srv/base.txt")) == "read {path}"
    assert holes.values == {"path": "/srv/base.txt"}
    assert Holes().fill(("a ", " b ", ""), ("one two", "three four")) == "a {text} b {text_2}"
