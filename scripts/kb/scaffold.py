"""The file that a new entry starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.model import PLACEHOLDER_TYPES, Kind, Phase

if TYPE_CHECKING:
    from enum import StrEnum

_TEMPLATE = """\
# yaml-language-server: $schema=../entry.schema.json
# Write an answer in place of each TODO; `make check` lists those that are left.
id: {id}
status: stub
# {kinds}
kind: error
# What pip was doing: {phases}
phase: install
# 1 common, 2 regular, 3 rare
tier: 3
messages:
  # The text that is printed, with {{placeholders}} for what changes, such as
  # {types}
  - parts:
      - text: 'TODO: the message'
        source: raised
# The answer in one sentence.
summary: 'TODO: what to do'
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
#
# This much is a stub. A finished page (status: finished) has what follows as well; take away
# the # of what you write. Prose may hold `code`, **bold**, [text](https://…), [ENTRY_ID] and
# [procedure:id]; put it in single quotes if it holds a colon and a blank.
# commands: [install]
# related: [HASH_MISMATCH]
# meaning: What it means, in words that the message does not use.
# causes:
#   - id: first-cause
#     title: The commonest cause in a few words
#     text: How it comes about, and how to tell that it is this one.
# fixes:
#   - id: first-fix
#     title: What it does, as an order
#     causes: [first-cause]
#     steps:
#       - text: One action a step.
#         commands:
#           - text: python -m pip install "{{requirement}}"
#         expect: What is seen when it worked.
#     changes: What is different on the machine afterwards.
# dead_ends:
#   - id: first-dead-end
#     title: What people try
#     text: Why it does not help.
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
#     printed_by: {{pip: '25.3', python: '3.13', os: Linux}}
# references:
#   - id: docs
#     title: pip install (pip documentation)
#     url: https://pip.pypa.io/en/stable/cli/pip_install/
"""


def scaffold(entry_id: str) -> str:
    """Return an entry with a TODO for each thing that must be written.

    Args:
        entry_id: the id of the entry.

    Returns:
        The text of its file. It has the right shape; the rules name each TODO.
    """
    return _TEMPLATE.format(
        id=entry_id,
        kinds=_words(Kind),
        phases=_words(Phase),
        types=", ".join(f"{{{name}}}" for name in PLACEHOLDER_TYPES),
    )


def _words(vocabulary: type[StrEnum]) -> str:
    return ", ".join(vocabulary)
