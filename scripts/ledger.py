"""Account for each message site of pip: an entry covers it, or it is excluded with a reason.

The releases are read out of the wheels that requirements/releases.lock pins, as by `make verify`.
Exit status: 0 everything is accounted for; 1 something is not, or matches nothing any more; 2 a
release could not be read, or the command line is not understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import counts, exclusions, wheels
from kb.findings import Finding
from kb.ledger import RELEASES, Ledger, account
from kb.load import Loaded, load
from kb.model import Phase, Status
from kb.pipsource import Releases
from kb.wheels import Lock, UnavailableError, Wheels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
MEND = "python scripts/ledger.py --write"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = _options().parse_args(argv)
    root: Path = options.root
    loaded = load(root)
    excluded, findings = exclusions.read(root)
    releases = _releases(options)
    try:
        found = [
            account(releases.get("pip", name), loaded, excluded)
            for name in options.release or RELEASES
        ]
    except UnavailableError as error:
        print(f"{error.problem}\n    hint: {error.hint}", file=sys.stderr)
        return 2
    findings = [*loaded.findings, *findings, *(one for it in found for one in it.findings)]
    if not options.release:
        findings += _kept(root, found, write=options.write)
    if options.json:
        print(json.dumps(_document(found, loaded, findings), indent=2, ensure_ascii=False))
    else:
        for line in [*map(str, findings), *_text(found), *_entries(loaded)]:
            print(line)
        print(f"{len(findings)} finding{'' if len(findings) == 1 else 's'}")
    return 1 if findings else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add(
        "--release",
        action="append",
        metavar="RELEASE",
        help=f"account for this release of pip (repeatable); without it: {', '.join(RELEASES)}",
    )
    add("--write", action="store_true", help=f"write {counts.FILE}, which the site shows")
    add("--json", action="store_true", help="print one JSON document, with every site")
    add("--source", type=Path, metavar="DIR", help="read pip out of this git repository instead")
    add("--offline", action="store_true", help="fetch nothing; use the cache")
    add("--cache", metavar="DIR", help=f"folder for wheels (or {wheels.CACHE_VARIABLE})")
    add("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser


def _releases(options: argparse.Namespace) -> Releases:
    folder = wheels.cache_folder(options.cache)
    return Releases(Wheels(Lock.read(options.root), folder, options.offline), options.source)


def _counts(found: list[Ledger]) -> list[counts.Count]:
    return [
        counts.Count(
            release=one.release,
            sites=len(one.accounts),
            covered=one.covered,
            excluded={str(reason): number for reason, number in one.reasons.items()},
            again=one.survey.again,
            asserts=one.survey.asserts,
            slugs=len(one.survey.slugs),
        )
        for one in found
    ]


def _kept(root: Path, found: list[Ledger], *, write: bool) -> list[Finding]:
    """Write the counts, or hold them against those that are kept."""
    fresh = counts.dump(_counts(found))
    path = root / counts.FILE
    if write:
        path.write_text(fresh, encoding="utf-8", newline="\n")
    if path.is_file() and path.read_text(encoding="utf-8") == fresh:
        return []
    return [Finding(counts.FILE, 1, "", "the counts are out of date", f"run {MEND}")]


def _text(found: list[Ledger]) -> Iterator[str]:
    for one in _counts(found):
        yield (
            f"pip {one.release}: {one.sites} message sites, {one.covered} covered,"
            f" {sum(one.excluded.values())} excluded, {one.open} not accounted for"
        )
        yield from (f"    {number:4} {reason}" for reason, number in one.excluded.items())
        yield (
            f"    apart from these: {one.again} raised again as they came, {one.asserts}"
            f" assertions; {one.slugs} references of pip's own"
        )


def _entries(loaded: Loaded) -> Iterator[str]:
    entries = [document.value for document in loaded.entries.values()]
    finished = sum(entry.status is Status.FINISHED for entry in entries)
    yield f"{len(entries)} entries: {finished} finished, {len(entries) - finished} stubs"
    for tier in (1, 2, 3):
        status = Counter(entry.status for entry in entries if entry.tier == tier)
        yield f"    tier {tier}: {status[Status.FINISHED]:3} finished {status[Status.STUB]:4} stubs"
    for phase in Phase:
        status = Counter(entry.status for entry in entries if entry.phase is phase)
        if status:
            done, stubs = status[Status.FINISHED], status[Status.STUB]
            yield f"    {phase:12} {done:3} finished {stubs:4} stubs"


def _document(found: list[Ledger], loaded: Loaded, findings: list[Finding]) -> dict[str, Any]:
    return {
        "counts": json.loads(counts.dump(_counts(found))),
        "sites": [
            {
                "release": one.release,
                "path": it.site.path,
                "line": it.site.first,
                "symbol": it.site.symbol,
                "means": it.site.means,
                "text": it.site.shown,
                "entries": it.entries,
                "class": it.site.made if it.by_class else None,
                "excluded": it.reason,
                "missing": [text.shown for text in it.missing],
            }
            for one in found
            for it in one.accounts
        ],
        "entries": {
            document.value.id: {
                "status": document.value.status,
                "tier": document.value.tier,
                "phase": document.value.phase,
            }
            for document in loaded.entries.values()
        },
        "findings": [vars(finding) for finding in findings],
    }


if __name__ == "__main__":
    sys.exit(main())
