"""Message sites of pip that reach no user, each with its reason: ``entries/ledger/exclusions.yml``.

A site is named by path, symbol and text, as the ledger prints it, never by its line.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError

from kb.fields import Line, Model, Release
from kb.findings import Finding
from kb.shape import shape_findings
from kb.yamltree import parse

if TYPE_CHECKING:
    from pathlib import Path

FILE = "entries/ledger/exclusions.yml"


class Reason(StrEnum):
    """Why a site needs no entry."""

    ABSTRACT_METHOD = "abstract-method"
    """A base class raises NotImplementedError; every class that is used overrides it."""
    DUPLICATE_OF_LOG = "duplicate-of-log"
    """It prints an exception whose text is counted where it is raised."""
    INTERNAL_CONTROL_FLOW = "internal-control-flow"
    """pip catches the exception itself, and prints something else or nothing."""
    NEVER_SHOWN = "never-shown"
    """No command of pip leads there, or what it says is not printed."""
    PART_OF_ANOTHER = "part-of-another"
    """Words that only appear inside a text which an entry covers as a whole."""


class Exclusion(Model):
    """One site, or one text of a site."""

    reason: Reason
    """abstract-method, duplicate-of-log, internal-control-flow, never-shown, part-of-another."""
    releases: Annotated[tuple[Release, ...], Field(min_length=1)]
    """The releases of pip in which it stands there."""
    path: Line
    """Path in pip's repository at the tag."""
    symbol: Line
    """Qualified name of the class or function; <module> for the top level."""
    text: Line
    """Its text as the ledger prints it (… is a value), or its code where it has no text."""
    why: Line | None = None
    """How to tell, where the reason does not say it all."""


class Exclusions(Model):
    """The file."""

    exclusions: tuple[Exclusion, ...]
    """The sites, grouped by reason."""


def read(root: Path) -> tuple[list[tuple[Exclusion, int]], list[Finding]]:
    """Read the exclusions of a tree.

    Args:
        root: the root of the repository.

    Returns:
        Each exclusion with its line, and what is wrong with the file.
    """
    try:
        data = (root / FILE).read_bytes()
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
        return [], [Finding(FILE, 1, "", problem, "restore it from git")]
    tree, findings = parse(FILE, data)
    if tree is None:
        return [], findings
    try:
        found = Exclusions.model_validate(tree.value)
    except ValidationError as error:
        return [], shape_findings(FILE, tree.lines, Exclusions, error)
    lines = [tree.lines[f"exclusions.{number}"] for number in range(len(found.exclusions))]
    return list(zip(found.exclusions, lines, strict=True)), []
