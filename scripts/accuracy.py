"""Say how often the search is right, over a folder of sample logs."""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import cases
from kb.load import load
from kb.match import Matcher
from kb.patterns import compile_patterns

if TYPE_CHECKING:
    from kb.cases import Case

ROOT = Path(__file__).resolve().parent.parent


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


def judge(found: list[Case], document: dict[str, Any]) -> list[Verdict]:
    """Return what the search makes of each case."""
    matcher = Matcher(document)
    return [Verdict(case, tuple(one["id"] for one in matcher.match(case.text))) for case in found]


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
    folder = ROOT / cases.FOLDER
    parser.add_argument("--cases", type=Path, default=folder, help="folder of sample logs")
    parser.add_argument("--root", type=Path, default=ROOT, help="root of the repository")
    arguments = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    found = cases.read(arguments.cases)
    if not found:
        parser.error(f"no sample logs in {arguments.cases}")
    verdicts = judge(found, compile_patterns(load(arguments.root)))
    print("\n".join(report(verdicts)))
    return 1 if any(one.first == one.case.known_miss for one in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
