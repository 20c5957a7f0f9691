"""What came of a recipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.findings import Finding


@dataclass
class Outcome:
    """What came of one recipe with one pip.

    Attributes:
        entry: id of the entry.
        recipe: id of the recipe.
        pip: release of pip.
        python: release of Python.
        output: what pip printed, made stable; empty if the error did not come.
        fixes: each fix that was tried, and whether the error was gone.
        dead_ends: each dead end that was tried, and whether the error came again.
        skipped: why the recipe was not run on this machine; empty if it was.
        findings: what did not go as the recipe says.
    """

    entry: str
    recipe: str
    pip: str
    python: str
    output: str = ""
    fixes: dict[str, bool] = field(default_factory=dict)
    dead_ends: dict[str, bool] = field(default_factory=dict)
    skipped: str = ""
    findings: list[Finding] = field(default_factory=list)
