"""Say how often the search is right, over a folder of sample logs.

The folder holds ``<ID>/*.txt``, pasted output whose right answer is the folder's name,
``no-match/*.txt``, for which no page is right, and ``INDEX.tsv``: file, right answers (best
first), year, what it shows, and ``miss`` where the search is known to fail.
"""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.load import load
from kb.match import Matcher
from kb.patterns import compile_patterns

ROOT = Path(__file__).resolve().parent.parent
NO_MATCH = "no-match"


@dataclass(frozen=True)
class Case:
    """A sample log.

    Attributes:
        name: folder and file, with a forward slash.
        text: the log.
        right: ids of the right answers, best first; empty where none is right.
        known_miss: whether the index says that the search fails on it.
    """

    name: str
    text: str
    right: tuple[str, ...]
    known_miss: bool


@dataclass(frozen=True)
class Verdict:
    """What the search made of a case: the ids it found, best first."""

    case: Case
    found: tuple[str, ...]

    @property
    def first(self) -> bool:
        """Whether a right answer stands first, or none was given where none is right."""
        return self.found[0] in self.case.right if self.found else not self.case.right

    @property
    def strict(self) -> bool:
        """Whether the best right answer stands first."""
        return self.found[:1] == self.case.right[:1]

    @property
    def three(self) -> bool:
        """Whether the best right answer is among the first three."""
        return self.case.right[0] in self.found[:3] if self.case.right else not self.found


def read_cases(folder: Path) -> list[Case]:
    """Read the sample logs of a folder.

    Args:
        folder: it holds a folder for each id, and perhaps INDEX.tsv.

    Returns:
        The cases by name. One that the index does not name has its folder as right answer.
    """
    index: dict[str, list[str]] = {}
    table = folder / "INDEX.tsv"
    if table.is_file():
        for line in table.read_text(encoding="utf-8").splitlines()[1:]:
            name, *columns = line.split("\t")
            index[name] = columns
    cases = []
    for file in sorted(folder.glob("*/*.txt")):
        name = file.relative_to(folder).as_posix()
        columns = index.get(name, [])
        listed = tuple(columns[0].split(",")) if columns and columns[0] else ()
        right = () if file.parent.name == NO_MATCH else listed or (file.parent.name,)
        known = len(columns) > 3 and columns[3] == "miss"  # noqa: PLR2004 - the fifth column
        text = file.read_bytes().decode("utf-8", "replace")
        cases.append(Case(name, text, right, known))
    return cases


def judge(cases: list[Case], document: dict[str, Any]) -> list[Verdict]:
    """Return what the search makes of each case."""
    matcher = Matcher(document)
    return [Verdict(case, tuple(one["id"] for one in matcher.match(case.text))) for case in cases]


def report(verdicts: list[Verdict]) -> list[str]:
    """Return the figures and the misses, a line each."""
    logs = [verdict for verdict in verdicts if verdict.case.right]
    others = [verdict for verdict in verdicts if not verdict.case.right]
    lines = []
    for verdict in verdicts:
        if not verdict.first:
            kind = "miss" if verdict.case.right else "false positive"
            known = " (known)" if verdict.case.known_miss else ""
            right = ", ".join(verdict.case.right) or "nothing"
            found = ", ".join(verdict.found[:3]) or "nothing"
            lines.append(f"{kind}{known}: {verdict.case.name}: {right}; found {found}")
    for name, part in (("first", "first"), ("first, strictly", "strict"), ("among three", "three")):
        count = sum(getattr(verdict, part) for verdict in logs)
        lines.append(f"right page {name}: {_share(count, len(logs))}")
    count = sum(not verdict.first for verdict in others)
    lines.append(f"an answer where none is right: {_share(count, len(others))}")
    return lines


def _share(count: int, total: int) -> str:
    return f"{count} of {total}" + (f" ({100 * count / total:.1f} %)" if total else "")


def main() -> int:
    """Run the command.

    Returns:
        0 if each case is as the index says, 1 if one is not, 2 if there is none.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    folder = ROOT / "tests" / "cases"
    parser.add_argument("--cases", type=Path, default=folder, help="folder of sample logs")
    parser.add_argument("--root", type=Path, default=ROOT, help="root of the repository")
    arguments = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    cases = read_cases(arguments.cases)
    if not cases:
        parser.error(f"no sample logs in {arguments.cases}")
    verdicts = judge(cases, compile_patterns(load(arguments.root)))
    print("\n".join(report(verdicts)))
    return 1 if any(one.first == one.case.known_miss for one in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
