"""The file that a new entry starts from, bare or with what a log told."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.model import PLACEHOLDER_TYPES, Kind, Phase

if TYPE_CHECKING:
    from kb.model import Entry


@dataclass(frozen=True)
class DraftPart:
    """One part of the text that is printed.

    Attributes:
        kind: message, context, note or hint.
        text: the template.
        sourced: the source of the draft prints it.
    """

    kind: str
    text: str
    sourced: bool = False


@dataclass(frozen=True)
class DraftSource:
    """The place that prints the text.

    Attributes:
        project: pip, or another project whose releases are quoted.
        release: the release.
        path: path in the repository at the tag.
        symbol: class or function.
        lines: the lines of the quote.
        quote: the lines, without common indentation.
        others: further places that print it, path and symbol.
        since: what is known of the first release that prints it.
    """

    project: str
    release: str
    path: str
    symbol: str
    lines: str
    quote: str
    others: tuple[tuple[str, str], ...] = ()
    since: str = ""


@dataclass(frozen=True)
class Draft:
    """What is known of an error before anybody wrote about it.

    Attributes:
        id: its id.
        kind: error, warning or deprecation.
        phase: what pip was doing.
        parts: the text that is printed.
        placeholders: types of the placeholders whose name is not a type.
        stood_for: what each placeholder stood for in the log, redacted.
        source: the place that prints it, if it is known.
        foreign: another program words it.
        slug: pip's own reference.
        command: the command of pip; empty where it is not known.
        run: the whole command, redacted.
        packages: the packages that it asks for.
        builds: the error stands in the output of a build.
        program: the package that raised it, where that is not pip.
        folder: the command installs the folder it is run in.
    """

    id: str
    kind: Kind = Kind.ERROR
    phase: Phase = Phase.INSTALL
    parts: tuple[DraftPart, ...] = (DraftPart("message", "TODO: the message", sourced=True),)
    placeholders: dict[str, str] = field(default_factory=dict)
    stood_for: dict[str, str] = field(default_factory=dict)
    source: DraftSource | None = None
    foreign: bool = False
    slug: str = ""
    command: str = ""
    run: str = ""
    packages: tuple[str, ...] = ()
    builds: bool = False
    program: str = ""
    folder: bool = False

    @property
    def from_log(self) -> bool:
        """Whether a log told of it."""
        return bool(self.stood_for or self.run or self.foreign or self.source)


_UNKNOWN_SOURCE = """\
# The code that prints it. `make verify` holds each quote against the release.
sources:
  - id: raised
    release: '25.3'
    path: TODO
    symbol: TODO
    caption: 'TODO: when this code runs'
    quote: |-
      TODO: the lines
# Where another program words it, remove `sources` and `source:` above and say which:
# worded_by:
#   program: setuptools
#   release: '80.9.0'
#   licence: MIT
"""
_WORDED_BY = """\
# The program that words it, for it is not pip.
worded_by:
  program: '{program}'
  release: '{release}'
  licence: '{licence}'
"""
_TRIED = """\
      # What must happen before, and succeed:
      # before: [python -m pip install example]
      # Real wheels for the index: releases: [setuptools==80.9.0]
      # Each fix, after the error: left empty, the page's own commands run, then `run` once more,
      # which must succeed and not show the error. `then:` is what must succeed in its place.
      # fixes:
      #   first-fix: {then: python -m pip install example}
      # Each dead end, after the error: the error must come again.
      # dead_ends:
      #   first-dead-end: {}
      # What cannot run on Linux says why: {not_run: windows}
"""
_FURTHER = """\
#
# This much is a stub. A finished page (status: finished) has what follows as well; take away
# the # of what you write. Prose may hold `code`, **bold**, [text](https://…), [ENTRY_ID] and
# [procedure:id]; put it in single quotes if it holds a colon and a blank.
# commands: [install]
# related: [HASH_MISMATCH]
# ignore: {answer: depends, text: When it can be ignored, and until when.}
# meaning: What it means, in words that the message does not use.
# causes:
#   - id: first-cause
#     title: The commonest cause in a few words
#     text: How it comes about, and how to tell that it is this one.
#     evidence: [docs]
# fixes:
#   - id: first-fix
#     title: What it does, as an order
#     causes: [first-cause]
#     steps:
#       - text: One action a step.
#         commands:
#           - text: . .venv/bin/activate
#             os: [linux, macos]
#             shell: sh
#           - text: .venv\\Scripts\\activate
#             os: [windows]
#       - text: A command that is the same everywhere needs no os.
#         commands:
#           - text: python -m pip install "{requirement}"
#         expect: What is seen when it worked.
#     changes: What is different on the machine afterwards.
#     risks: What can go wrong, or is given up.
#     undo: How to go back.
# dead_ends:
#   - id: first-dead-end
#     title: What people try
#     text: Why it does not help.
#     commands:
#       - text: python -m pip install --no-deps "{requirement}"
#     evidence: [docs]
# verification:
#   - commands:
#       - text: python -m pip check
#     expect: '`No broken requirements found.`'
# nothing_helped:
#   collect:
#     - text: Keep the whole output.
#   ask: [package]
#   text: Who can mend it, and where to reach them.
# examples:
#   - id: linux
#     command: python -m pip install example
#     output: |
#       ERROR: what was really printed
#     printed_by: {pip: '25.3', python: '3.13', os: Linux}
# references:
#   - id: docs
#     title: pip install (pip documentation)
#     url: https://pip.pypa.io/en/stable/cli/pip_install/
"""


def scaffold(draft: Draft) -> str:
    """Return the text of a new entry's file, with a TODO for each thing that must be written.

    It has the right shape; the rules name each TODO. What was proposed is explained by comments.

    Args:
        draft: what is known; ``Draft("SOME_ERROR")`` where nothing is.
    """
    further = _further(draft.kind)
    further = further.replace("# commands: [install]\n", "") if draft.command else further
    return _head(draft) + _messages(draft) + _summary() + _sources(draft) + _lab(draft) + further


def missing(entry: Entry) -> str:
    """Return the fields of a finished page that an entry does not have, to copy into its file."""
    blocks = re.split(r"^# (?=\w+:)", _further(entry.kind), flags=re.MULTILINE)[1:]
    lacking = [block for block in blocks if getattr(entry, block.partition(":")[0]) is None]
    return re.sub(r"^# ", "", "".join(lacking), flags=re.MULTILINE)


def _further(kind: Kind) -> str:
    """Return the fields of a finished page of this kind."""
    return re.sub(r"(?m)^# ignore:.*\n", "", _FURTHER) if kind is Kind.ERROR else _FURTHER


def _head(draft: Draft) -> str:
    slug = f"slugs: [{draft.slug}]\n" if draft.slug else ""
    commands = f"commands: [{draft.command}]\n" if draft.command else ""
    return f"""\
# yaml-language-server: $schema=../entry.schema.json
# Write an answer in place of each TODO; `make check` lists those that are left.
id: {draft.id}
status: stub
# {", ".join(Kind)}
kind: {draft.kind}
{_wrapped("What pip was doing: " + ", ".join(Phase), "# ")}
phase: {draft.phase}
# 1 common, 2 regular, 3 rare
tier: 3
{commands}{slug}"""


def _messages(draft: Draft) -> str:
    made = ""
    if draft.placeholders:
        made += "# Find better names than these, such as {old_version}.\nplaceholders:\n"
        made += "".join(f"  {name}: {kind}\n" for name, kind in draft.placeholders.items())
    types = _wrapped(", ".join(f"{{{name}}}" for name in PLACEHOLDER_TYPES), "  # ")
    made += (
        "messages:\n  # The text that is printed, with {placeholders} for what changes, such as\n"
    )
    made += f"{types}\n"
    for name, value in draft.stood_for.items():
        made += f"  # {{{name}}} stood for: {' '.join(value.split())[:80]}\n"
    if draft.source and draft.source.since:
        made += f"  # {draft.source.since}.\n"
        made += (
            "  # Write the first release that prints it before `parts:`, such as since: '10.0.0'\n"
        )
    made += "  - parts:\n"
    known = draft.source is not None or not draft.foreign
    for part in draft.parts:
        kind = "" if part.kind == "message" else f"kind: {part.kind}\n        "
        made += f"      - {kind}text: {_quoted(part.text)}\n"
        made += "        source: raised\n" if part.sourced and known else ""
    return made


def _summary() -> str:
    return "# The answer in one sentence.\nsummary: 'TODO: what to do'\n"


def _sources(draft: Draft) -> str:
    source = draft.source
    made = ""
    if draft.foreign:
        made += _WORDED_BY.format(
            program=source.project if source else draft.program or "TODO: the program",
            release=source.release if source else "TODO: its release",
            licence="TODO: the SPDX expression of its licence",
        )
    if source is None:
        return made if draft.foreign else made + _UNKNOWN_SOURCE
    project = "" if source.project == "pip" else f"    project: {source.project}\n"
    made += f"""\
# The code that prints it. `make verify` holds each quote against the release.
sources:
  - id: raised
{project}    release: '{source.release}'
    path: {source.path}
    symbol: {_symbol(source.symbol)}
    lines: {source.lines}
    caption: 'TODO: when this code runs'
    quote: |-
{textwrap.indent(source.quote, "      ")}
"""
    if source.others and source.project == "pip":
        made += "# Further places that print it.\nsites:\n"
        for path, symbol in source.others:
            made += f"  - releases: ['{source.release}']\n    path: {path}\n"
            made += f"    symbol: {_symbol(symbol)}\n"
    return made


def _lab(draft: Draft) -> str:
    """Return a recipe to begin with, where a log told of the error."""
    if not draft.from_log:
        return ""
    run = _quoted(draft.run or "TODO: the command that provokes it")
    made = f"""\
# How the lab provokes it: its index serves the packages named here, and no other. Run it with
# `make lab id={draft.id}`. Where it cannot be provoked on Linux, write in place of the recipes:
#   not_run: windows
#   text: Why, in one sentence.
lab:
  recipes:
    - id: from-log
      caption: 'TODO: what this example shows'
      run: {run}
"""
    if draft.kind is not Kind.ERROR:
        made += "      exit: 0\n"
    if draft.program:
        made += f"""\
      # The index can serve the real {draft.program} as well, with all that it needs:
      # releases: [{draft.program}==1.0]
      # Lock each first: python scripts/verify_quotes.py --update-lock {draft.program}==1.0
"""
    if draft.folder:
        made += "      files:\n        pyproject.toml: 'TODO: the lines that fail as in the log'\n"
    if draft.packages:
        made += "      index:\n"
    for number, name in enumerate(draft.packages):
        made += f"        - name: {name}\n          version: '1.0'\n"
        if draft.builds and not number:
            made += "          files: [sdist]\n          contents:\n"
            file = "pyproject.toml" if draft.program else "setup.py"
            made += f"            {file}: 'TODO: the lines that fail as in the log'\n"
    return made + _TRIED


def _wrapped(text: str, start: str) -> str:
    return textwrap.fill(text, 98, initial_indent=start, subsequent_indent=start)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _symbol(text: str) -> str:
    return f"'{text}'" if text.startswith("<") else text
