"""pip's releases: which exist, and in which order they came.

The list is committed (``requirements/pip-releases.txt``, one release a line) so that ``since``
and ``until`` can be checked offline; ``python scripts/verify_quotes.py --update-releases``
renews it through ``pip index versions``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "requirements/pip-releases.txt"
_RELEASE = re.compile(r"([0-9]+(?:\.[0-9]+)*)(?:([a-z]+)([0-9]+))?")
_FINAL = "~"


def key(release: str) -> tuple[tuple[int, ...], str, int]:
    """Return what sorts a release: 9.0.3 before 10.0.0b1 before 10.0.0, as PEP 440 orders them.

    Raises:
        ValueError: it is not a release that ``model.Release`` takes.
    """
    found = _RELEASE.fullmatch(release)
    if not found:
        message = f"not a release: {release!r}"
        raise ValueError(message)
    numbers = [int(number) for number in found[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), found[2] or _FINAL, int(found[3] or 0)


def parse(text: str) -> list[str]:
    """Return the releases of a list (one a line, ``#`` starts a comment), oldest first."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return sorted({line for line in lines if line}, key=key)


def known(root: Path) -> list[str]:
    """Return pip's releases, oldest first, as committed in the tree at `root`.

    Raises:
        OSError: the list cannot be read.
        ValueError: a line is not a release.
    """
    return parse((root / FILE).read_text(encoding="utf-8"))


def dump(found: list[str]) -> str:
    """Return the text of the list for these releases."""
    head = (
        "# The final releases of pip on PyPI, yanked ones too, oldest first.\n"
        "# Renew: python scripts/verify_quotes.py --update-releases\n"
    )
    return head + "".join(f"{release}\n" for release in sorted(set(found), key=key))
