"""The offline tool: its answers, its pages, and its command line."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from explained import (
    BARE,
    CAUSE,
    LOG,
    MISSED,
    NOTICE,
    WRAPPER,
    archive,
    boilers,
    environment,
    explain,
    objects,
    output,
)
from knowledge import SITE, TESTS, loaded

from kb.explain import screen, values
from kb.explain.github import annotation
from kb.outputs import site_files

if TYPE_CHECKING:
    from pathlib import Path

ESCAPE = "\x1b"
URL = "https://pip-errors.example.org"


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of the entries that are made for these tests."""
    return archive(boilers(), tmp_path_factory.mktemp("explain") / "explain.pyz")


def test_the_site_has_the_archive() -> None:
    content = site_files(loaded(), SITE)["explain.pyz"]
    assert isinstance(content, bytes)
    assert content.startswith(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        assert {"__main__.py", "kb/match.py", "kb/explain/pages.json"} <= set(packed.namelist())


def test_the_same_entries_give_the_same_bytes(pyz: Path, tmp_path: Path) -> None:
    assert archive(boilers(), tmp_path / "again.pyz").read_bytes() == pyz.read_bytes()


# ---- answers ----


def test_an_answer_leads_from_the_cause_to_the_page(pyz: Path) -> None:
    text = output(explain(pyz, "--os", "linux", given=LOG))
    expected = [
        "Read this first: BOILER_REFUSED",
        "The boiler of kettle>=1.5 is full.",
        "Shown by line 2",
        "2 | ERROR: The boiler refuses to take water of kettle>=1.5 from",
        "First fix: Empty it for kettle>=1.5",
        '--no-boiler <PACKAGE> "kettle>=1.5" --from "https://index.example.org/simple"',
        'rm -r "/home/user/boiler"',
        "You should see: `Successfully installed`",
        "kettle>=1.5 # {}\n",
        "--index-url https://index.example.org/simple",
        f"{URL}/procedures/do-it/",
        "Changes: The boiler.",
        "Risks: Steam.",
        "Undo: Fill it.",
        "Fix: Wait",
        "When: Nobody is in a hurry.",
        "(a command for Windows: add --os windows)",
        "What does not work:",
        "- Kicking it",
        "Also found. These matter less:",
        "BOILER_MISSED (line 3): follows from it",
        "BOILER_WRAPPED (line 4): follows from it",
        "BOILER_NOTICED (line 6): a notice, not what went wrong",
        f"The whole page:\n    {URL}/pip/BOILER_REFUSED/\n",
    ]
    places = [text.find(part) for part in expected]
    assert -1 not in places, expected[places.index(-1)]
    assert places == sorted(places)
    assert "Remove-Item" not in text
    assert "timeout /t" not in text


@pytest.mark.parametrize(
    ("system", "shown"),
    [("linux", {"rm -r"}), ("windows", {"Remove-Item", "timeout /t"}),
     ("all", {"rm -r", "Remove-Item", "timeout /t"})],
)  # fmt: skip
def test_only_one_systems_commands_are_shown(pyz: Path, system: str, shown: set[str]) -> None:
    text = output(explain(pyz, "--os", system, given=LOG))
    assert {part for part in ("rm -r", "Remove-Item", "timeout /t") if part in text} == shown
    assert ("(PowerShell, pip 24.0 or newer)" in text) == (system == "windows")
    assert ("(Windows, PowerShell, pip 24.0 or newer)" in text) == (system == "all")


def test_this_systems_commands_are_shown(pyz: Path) -> None:
    text = output(explain(pyz, given=LOG))
    assert ("Remove-Item" in text) == (sys.platform == "win32")


def test_a_lone_wrapper_says_how_to_get_the_cause(pyz: Path) -> None:
    text = output(explain(pyz, given=WRAPPER))
    assert text.startswith("Found only a wrapper: BOILER_WRAPPED\n")
    assert re.search(r'\n +python \S+explain.pyz run -- python -m pip install -v "kettle"\n', text)
    assert "Likely causes: BOILER_REFUSED." in text
    assert "Read this first" not in text


def test_a_follower_says_what_to_look_for(pyz: Path) -> None:
    text = output(explain(pyz, given=MISSED))
    assert "It can follow from BOILER_REFUSED." in text


def test_a_notice_is_called_one(pyz: Path) -> None:
    assert output(explain(pyz, given=NOTICE)).startswith("Found only a notice: BOILER_NOTICED\n")


def test_no_match_and_its_guesses(pyz: Path) -> None:
    nothing = output(explain(pyz, given="hello, world\n"))
    assert nothing == f"No pip error found here.\nAll errors: {URL}/errors/\n"
    near = output(explain(pyz, given="There is no matching boiler left"))
    assert near.startswith("No pip error found here.\nGuesses, not answers; these come nearest:\n")
    assert f"{URL}/pip/BOILER_MISSED/" in near


def test_json_is_an_array_best_first(pyz: Path) -> None:
    found = objects(explain(pyz, "--json", given=LOG))
    assert [match["id"] for match in found] == [
        "BOILER_REFUSED", "BOILER_MISSED", "BOILER_WRAPPED", "BOILER_NOTICED",
    ]  # fmt: skip
    assert [match["role"] for match in found] == ["cause", "cause", "wrapper", "notice"]
    first = found[0]
    assert set(first) == {"id", "confidence", "role", "lines", "values", "url"}
    assert first["lines"] == [[2, 2]]
    assert first["values"]["requirement"] == "kettle>=1.5"
    assert first["url"] == f"{URL}/pip/BOILER_REFUSED/"
    assert 0 < first["confidence"] <= 1


def test_json_without_a_match_is_an_empty_array(pyz: Path) -> None:
    assert objects(explain(pyz, "--json", given="hello")) == []


def test_exit_code_tells_whether_something_was_found(pyz: Path) -> None:
    assert explain(pyz, "--exit-code", given="hello").returncode == 1
    assert explain(pyz, "--exit-code", "--json", given="hello").stdout == b"[]\n"
    assert explain(pyz, "--exit-code", given=LOG).returncode == 0
    assert explain(pyz, given="").returncode == 0


def test_a_file_a_dash_and_a_pipe_are_the_same(pyz: Path, tmp_path: Path) -> None:
    file = tmp_path / "a b.log"
    file.write_text(LOG, encoding="utf-8")
    answers = [
        explain(pyz, file), explain(pyz, "--", file), explain(pyz, "-", given=LOG),
        explain(pyz, given=LOG),
    ]  # fmt: skip
    assert len({output(done) for done in answers}) == 1


# ---- pages ----


@pytest.mark.parametrize(
    "name",
    ["BOILER_REFUSED", "boiler_refused", "Boiler-Refused", "KETTLE_REFUSED", "kettle-refused"],
)
def test_a_page_by_any_of_its_names(pyz: Path, name: str) -> None:
    text = output(explain(pyz, "--os", "linux", name))
    sections = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert sections == [
        "NAME", "ALSO KNOWN AS", "MESSAGES", "WHAT IT MEANS", "CAN IT BE IGNORED?", "FIXES",
        "WHAT DOES NOT WORK", "WHY IT HAPPENS", "HOW TO VERIFY", "WHICH CAUSE IS IT?",
        "HOW BOILERS WORK", "PREVENTION", "WHEN NOTHING HELPED", "RELATED ERRORS", "SEE ALSO",
    ]  # fmt: skip
    assert "BOILER_REFUSED - The boiler of <PACKAGE> is full." in text
    assert 'no room, see BOILER_WRAPPED and "Do it" (do-it); `{}` is' in text
    assert "    - One reason.\n    - Another reason.\n" in text
    assert "What it tells: Water means that it is full." in text
    assert "Do not use:\n            sudo kick <PACKAGE>\n" in text
    assert "Then ask the people who make the package, the pip project." in text
    assert text.endswith(f"SEE ALSO\n    {URL}/pip/BOILER_REFUSED/\n")


def test_a_stubs_page(pyz: Path) -> None:
    text = output(explain(pyz, "BOILER_MISSED"))
    assert "this page is a stub" in text.lower()
    assert "Worded by plumbing, not by pip." in text


def test_a_procedure(pyz: Path) -> None:
    text = output(explain(pyz, "DO_IT"))
    assert "do-it - Does it." in text
    assert 'python -m pip install "<PACKAGE>"' in text
    assert text.endswith(f"{URL}/procedures/do-it/\n")


def test_an_unknown_name_brings_the_nearest(pyz: Path) -> None:
    done = explain(pyz, "BOILER_REFUSE")
    assert (done.returncode, done.stdout) == (2, b"")
    assert (
        b"no error and no file of the name BOILER_REFUSE; did you mean BOILER_REFUSED"
        in done.stderr
    )
    far = explain(pyz, "SOMETHING_ELSE")
    assert (far.returncode, far.stdout) == (2, b"")
    assert far.stderr.endswith(b"SOMETHING_ELSE; see --list\n") or b"see --list" in far.stderr


def test_a_name_wins_over_a_file_of_that_name(pyz: Path, tmp_path: Path) -> None:
    (tmp_path / "boiler-refused").write_text(NOTICE, encoding="utf-8")
    command = [sys.executable, *BARE, str(pyz)]
    page, file = (
        subprocess.run([*command, name], cwd=tmp_path, capture_output=True, check=True, timeout=60)
        for name in ("boiler-refused", "./boiler-refused")
    )
    assert page.stdout.startswith(b"NAME")
    assert file.stdout.startswith(b"Found only a notice: BOILER_NOTICED")


def test_the_list(pyz: Path) -> None:
    lines = output(explain(pyz, "--list")).splitlines()
    assert [line.split()[0] for line in lines] == sorted(boilers().entries)
    assert lines[2].startswith("BOILER_REFUSED  The boiler refuses to take water of {requirement}")
    listed = objects(explain(pyz, "--list", "--json"))
    assert listed[1] == {
        "id": "BOILER_NOTICED", "kind": "warning", "role": "notice",
        "url": f"{URL}/pip/BOILER_NOTICED/",
    }  # fmt: skip


# ---- colour, annotations, usage ----


def test_colour_only_where_it_is_wanted(pyz: Path) -> None:
    assert ESCAPE not in output(explain(pyz, given=LOG))
    assert ESCAPE in output(explain(pyz, "--color", "always", given=LOG))
    assert ESCAPE in output(explain(pyz, "--color", "always", given=LOG, NO_COLOR="1"))
    assert ESCAPE not in output(explain(pyz, "--color", "never", given=LOG))


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "name", "value", "colored"),
    [("auto", "TERM", "xterm", True), ("auto", "TERM", "dumb", False),
     ("auto", "NO_COLOR", "1", False), ("auto", "NO_COLOR", "", True),
     ("always", "NO_COLOR", "1", True), ("never", "TERM", "xterm", False)],
)  # fmt: skip
def test_colour_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, choice: str, name: str, value: str, *, colored: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert screen.wants_color(choice, _Terminal()) is colored


def test_an_annotation_for_each_cause(pyz: Path) -> None:
    text = output(explain(pyz, "--annotate", "github", given=LOG))
    commands = [line for line in text.splitlines() if line.startswith("::")]
    shown = f"The boiler of kettle>=1.5 is full.%0A2 | {CAUSE}%0A{URL}/pip/BOILER_REFUSED/"
    assert commands == [f"::error title=pip%3A BOILER_REFUSED::{shown}"]
    assert text.startswith("Read this first: BOILER_REFUSED")


def test_an_annotation_of_a_notice(pyz: Path) -> None:
    text = output(explain(pyz, "--annotate", "github", given=NOTICE))
    assert (
        "\n::notice title=pip%3A BOILER_NOTICED::A better boiler: 100%25, it is said.%0A1 | "
    ) in text
    assert "::" not in output(explain(pyz, "--annotate", "github", given="hello"))


def test_what_an_annotation_escapes() -> None:
    assert annotation("error", "a:b,c%\r\nd", "e:f,g%\r\nh::i") == (
        "::error title=a%3Ab%2Cc%25%0D%0Ad::e:f,g%25%0D%0Ah::i"
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--bogus"], "not understood: --bogus"),
        (["--color", "maybe"], "invalid choice"),
        (["--os", "amiga"], "invalid choice"),
        (["--annotate", "gitlab"], "invalid choice"),
        (["one.log", "two.log"], "one file or name at a time"),
        (["nowhere/at/all.log"], "cannot read nowhere/at/all.log: No such file"),
        (["."], "cannot read ."),
        (["--json", "--annotate", "github"], "exclude each other"),
        (["--json", "BOILER_REFUSED"], "for a log, not for a name"),
        (["--exit-code", "boiler-refused"], "for a log, not for a name"),
        (["--list", "BOILER_REFUSED"], "--list takes neither"),
        (["run"], "two dashes before the command"),
        (["run", "pip", "install", "x"], "two dashes before the command"),
        (["run", "--"], "two dashes before the command"),
        (["--json", "run", "--", "pip"], "no --json"),
        (["--exit-code", "run", "--", "pip"], "no --exit-code"),
    ],
)
def test_bad_usage(pyz: Path, arguments: list[str], problem: str) -> None:
    done = explain(pyz, *arguments, given=LOG)
    assert (done.returncode, done.stdout) == (2, b"")
    assert problem in done.stderr.decode()


def test_help(pyz: Path) -> None:
    text = output(explain(pyz, "--help"))
    options = ("--list", "--json", "--color", "--annotate", "--os", "--exit-code", "run -- ")
    assert [option for option in options if option not in text] == []


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a Unix thing")
def test_a_terminal_as_input_gets_a_hint(pyz: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, *BARE, str(pyz)],
            stdin=theirs, capture_output=True, check=False, timeout=60, env=environment(),
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"pipe the output of pip into it" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closed pipes are reported otherwise")
def test_a_reader_that_stops_early_is_no_error(pyz: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, *BARE, str(pyz), "BOILER_REFUSED"],
            stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


# ---- hostile logs ----

HOSTILE = [
    "kettle>=1.5;rm", "$(reboot)", "`reboot`", "kettle|sh", "kettle&&sh", 'kettle"', "kettle'",
    "--index-url=https://evil.example", "<script>", "ke\u202ettle", "k\u00e9ttle", "kettle\\",
    "kettle>=1.5\n", "kettle @ https://evil.example/x;y", "%PATH%", "!x!", "a" * 201,
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("kind", ["package", "requirement", "version", "option", "url", "path"])
def test_a_hostile_value_is_not_filled_in(kind: str, value: str) -> None:
    filler = values.Filler({"x": value}, {"x": kind}, {kind: "EXAMPLE"})
    shown = {filler.command('"{x}"'), filler.file("{x}"), filler.prose("`{x}` {x}")}
    assert shown == {'"EXAMPLE"', "EXAMPLE", "`EXAMPLE` EXAMPLE"}


@pytest.mark.parametrize("value", ["$(reboot)", "kettle;reboot", "`reboot`", '"; reboot; "'])
def test_a_hostile_log_gives_no_command(pyz: Path, value: str) -> None:
    text = output(explain(pyz, "--os", "all", given=LOG.replace("kettle>=1.5", value)))
    assert 'install --no-boiler <PACKAGE> "<PACKAGE>"' in text
    ours = [line for line in text.splitlines() if not re.match(r" +[0-9]+ \| ", line)]
    assert "reboot" not in "\n".join(ours)


def test_a_value_that_needs_quotes_is_not_filled_in_without() -> None:
    filler = values.Filler({"requirement": "a>=1"}, {}, {"requirement": "EXAMPLE"})
    assert filler.command('x {requirement} "{requirement}" {requirement}') == (
        'x EXAMPLE "a>=1" EXAMPLE'
    )
    assert filler.command('x "\n{requirement}') == 'x "\nEXAMPLE'
    assert filler.prose("Write `{requirement}`, so {requirement}.") == "Write `EXAMPLE`, so a>=1."
    assert filler.file("{requirement}") == "a>=1"


def test_escape_sequences_of_a_log_do_not_reach_the_terminal(pyz: Path) -> None:
    nasty = "\x1b]0;owned\x07\x1b[2J\x9b31m\x1b[8mHidden\u202e\u2066\x08\x00\x7f\ud800"
    log = LOG.replace("ERROR: The", f"ERROR: {nasty}The").encode("utf-8", "surrogatepass")
    for arguments in ((), ("--annotate", "github"), ("--color", "always"), ("--json",)):
        text = output(explain(pyz, *arguments, given=log))
        assert "BOILER_REFUSED" in text
        ours = re.sub(r"\x1b\[[0-9;]+m", "", text) if "always" in arguments else text
        assert [c for c in ours if c != "\n" and not c.isprintable()] == []
        assert "owned" not in text


def test_a_log_gives_no_workflow_command(pyz: Path) -> None:
    log = LOG.replace("today", "today ##[add-mask]x ::set-output name=a::b")
    log = log.replace("ERROR: The", "::error::x%0A The")
    text = output(explain(pyz, "--annotate", "github", given=log))
    assert "##[" not in text
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert [command.split("::")[1] for command in commands] == ["error title=pip%3A BOILER_REFUSED"]


def test_an_endless_line_is_cut_around_the_message(pyz: Path) -> None:
    long = "x " * 50_000
    text = output(explain(pyz, given=f"{long}{CAUSE}{long}"))
    assert "\u2026" in text
    assert "The boiler refuses to take water" in text
    assert max(map(len, text.splitlines())) < 250


def test_what_is_printable() -> None:
    assert screen.printable("a\tb\x1b[1mc\x1b(Bd\r\ne\u00a0f") == "a bcd  e f"


# ---- one set of rules for values ----


def test_the_rules_are_those_of_the_website() -> None:
    script = (TESTS.parent / "site-overrides" / "assets" / "values.mjs").read_text("utf-8")
    table = script.partition("const TYPES = {")[2].partition("\n}")[0]
    rules = re.findall(r"^ +(\w+):\s+/\^(.*)\$/(i?),$", table, flags=re.MULTILINE)
    assert {name: rule for name, rule, _ in rules} == values.TYPES
    assert {name for name, _, flag in rules if not flag} == values.CASED
    assert f"const MOST = {values.MOST}\n" in script
    bare = re.search(r"const BARE = /\^(.*)\$/i\n", script)
    assert bare is not None
    assert bare[1] == values.BARE


@pytest.mark.parametrize(
    ("kind", "value"),
    [("package", "zope.interface"), ("requirement", "kettle[fast, big]>=1.5, <2"),
     ("specifier", ">=1,<2"), ("version", "1.5.0+local"), ("url", "git+https://example.org/x/y"),
     ("path", "C:\\Users\\user\\boiler"), ("hash", "sha256:" + "a1" * 32),
     ("option", "--no-cache-dir")],
)  # fmt: skip
def test_good_values_are_filled_in(kind: str, value: str) -> None:
    assert values.Filler({kind: value}, {}, {}).command(f'"{{{kind}}}"') == f'"{value}"'


def test_text_is_never_filled_in() -> None:
    assert values.Filler({"text": "x"}, {}, {"text": "\u2026"}).prose("{text}{{}}") == "\u2026{}"


def test_json_of_this_repository_is_what_the_archive_says(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("error: externally-managed-environment\n", encoding="utf-8")
    script = str(TESTS.parent / "scripts" / "explain.py")
    done = subprocess.run(
        [sys.executable, script, "--json", str(log)],
        capture_output=True, check=True, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert [match["id"] for match in json.loads(done.stdout)] == ["EXTERNALLY_MANAGED_ENVIRONMENT"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"requirement": "demo[x]==1.2"}, "demo 1.2"),
        ({"requirement": "demo>=1.2"}, "demo VERSION"),
        ({"requirement": "demo==1.2", "package": "other"}, "other 1.2"),
        ({"requirement": "$(reboot)"}, "PACKAGE VERSION"),
    ],
)
def test_a_requirement_tells_its_package_and_version(given: dict[str, str], shown: str) -> None:
    filler = values.Filler(given, {}, {"package": "PACKAGE", "version": "VERSION"})
    assert filler.command("{package} {version}") == shown
