"""What the ledger counted, kept in the tree: ``entries/ledger/counts.json``.

The site shows these numbers and is built offline, without pip's wheels. ``python
scripts/ledger.py --write`` writes the file; without ``--write`` the command finds it out of date.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "entries/ledger/counts.json"


@dataclass(frozen=True)
class Count:
    """The message sites of one release.

    Attributes:
        release: the release of pip.
        sites: how many there are.
        covered: how many of them entries cover.
        excluded: how many are excluded, by reason.
        again: how many times something is raised again as it came; not among the sites.
        asserts: how many assertions have a text; not among the sites.
        slugs: how many references of its own pip has, such as externally-managed-environment.
    """

    release: str
    sites: int
    covered: int
    excluded: dict[str, int]
    again: int
    asserts: int
    slugs: int

    @property
    def open(self) -> int:
        """How many are not accounted for."""
        return self.sites - self.covered - sum(self.excluded.values())


def dump(counts: list[Count]) -> str:
    """Return the text of the file."""
    return json.dumps([asdict(one) for one in counts], indent=2) + "\n"


def read(root: Path) -> list[Count]:
    """Return the counts that are kept in a tree.

    Raises:
        OSError: the file cannot be read.
    """
    return [Count(**one) for one in json.loads((root / FILE).read_text(encoding="utf-8"))]
