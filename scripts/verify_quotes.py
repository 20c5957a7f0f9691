"""Hold every quote and message of the entries against the tagged release it names.

The releases are wheels, fetched with this Python's pip (so that its index, proxy and certificate
settings hold), in hash-checking mode against requirements/releases.lock, cached, and read in
memory. Exit status: 0 everything holds; 1 something is wrong (even if something else could not
be checked); 2 nothing is known to be wrong, but something could not be checked, or the command
line is not understood.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb import bounds, report, wheels
from kb import releases as pip_releases
from kb.claims import Kind, claims, release_findings
from kb.fare import Faring, fare
from kb.load import load
from kb.mend import mend, mendable
from kb.pipsource import Releases
from kb.report import Run
from kb.verify import State, check
from kb.wheels import Lock, Pin, UnavailableError, Wheels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = _options().parse_args(argv)
    try:
        if options.update_releases:
            return _update_releases(options.root)
        if options.update_lock is not None:
            return _update_lock(options)
        return _verify(options)
    except UnavailableError as error:
        print(f"{error.problem}\n    hint: {error.hint}", file=sys.stderr)
        return 2


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add("--entry", action="append", metavar="ID", help="check this entry only (repeatable)")
    add("--release", metavar="RELEASE", help="report how all fare in this pip; never fails on it")
    add("--source", type=Path, metavar="DIR", help="read pip out of this git repository instead")
    add("--fix", action="store_true", help="write missing and wrong `lines` into the entries")
    add("--json", action="store_true", help="print one JSON document")
    add("--offline", action="store_true", help="fetch nothing; use the cache")
    add("--cache", metavar="DIR", help=f"folder for wheels (or {wheels.CACHE_VARIABLE})")
    add("--timeout", type=float, default=wheels.TIMEOUT, help="seconds for one call of pip")
    add(
        "--update-lock",
        nargs="*",
        type=_pin,
        metavar="PROJECT==RELEASE",
        help="lock these releases; without any, all that entries name and the lock lacks",
    )
    add("--update-releases", action="store_true", help="renew the list of pip's releases")
    add("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser


def _pin(text: str) -> Pin:
    found = re.fullmatch(r"([a-z0-9]+(?:-[a-z0-9]+)*)==([0-9][a-z0-9.]*)", text)
    if not found:
        message = f"write project==release, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return Pin(found[1], found[2])


def _verify(options: argparse.Namespace) -> int:
    run = _prepare(options)
    everything = [claim for document in run.documents for claim in claims(document)]
    newest = options.release or (None if options.entry else _newest(run))
    wanted = {claim.pin for claim in everything} | ({Pin("pip", newest)} if newest else set())
    ends = bounds.pins(everything, run.releases.wheels.lock.hashes)
    _prefetch(run.releases, wanted | ends)
    run.outcomes = [check(claim, run.releases) for claim in everything]
    held = [outcome.claim for outcome in run.outcomes if outcome.state is State.HOLDS]
    run.findings += bounds.findings(held, run.releases)
    if options.fix:
        _fix(run)
    run.farings, run.trouble = _farings(run, newest)
    if options.json:
        print(json.dumps(report.document(run, newest), indent=2, ensure_ascii=False))
    else:
        for line in report.text(run, os.environ):
            print(line)
        for line in report.fare_text(run, newest, in_full=bool(options.release)) if newest else ():
            print(line)
    wrong = run.findings or any(outcome.state is State.WRONG for outcome in run.outcomes)
    unchecked = any(outcome.state is State.UNCHECKED for outcome in run.outcomes)
    return 1 if wrong else 2 if unchecked or (run.trouble and options.release) else 0


def _prepare(options: argparse.Namespace) -> Run:
    loaded = load(options.root)
    unknown = sorted(set(options.entry or ()) - set(loaded.entries))
    if unknown:
        hint = "write the id of an entry that loads (make check says which do not)"
        raise UnavailableError(f"no entry {', '.join(unknown)}", hint)
    documents = [
        document
        for name, document in loaded.entries.items()
        if not options.entry or name in options.entry
    ]
    found = Wheels(
        Lock.read(options.root), wheels.cache_folder(options.cache), options.offline,
        options.timeout,
    )  # fmt: skip
    try:
        known = pip_releases.known(options.root)
    except (OSError, ValueError) as error:
        problem = f"{pip_releases.FILE} cannot be read: {error}"
        raise UnavailableError(problem, "run it with --update-releases") from error
    findings = [*([] if options.entry else loaded.findings)]
    for document in documents:
        findings += release_findings(document, known)
    return Run(options.root, documents, Releases(found, options.source), known, findings)


def _newest(run: Run) -> str | None:
    locked = {pin.release for pin in run.releases.wheels.lock.hashes if pin.project == "pip"}
    return next((release for release in reversed(run.known) if release in locked), None)


def _prefetch(releases: Releases, pins: Iterable[Pin]) -> None:
    wanted = {pin for pin in pins if releases.repository is None or pin.project != "pip"}
    missing = releases.wheels.missing(wanted)
    if missing:
        print(f"fetching {', '.join(map(str, missing))} with pip …", file=sys.stderr)
        releases.wheels.prefetch(wanted)


def _fix(run: Run) -> None:
    """Write what is mendable, and check what was written."""
    written = 0
    for document in run.documents:
        mine = [outcome for outcome in run.outcomes if outcome.claim.document is document]
        if any(mendable(outcome) for outcome in mine):
            path = run.root / document.path
            text, count = mend(path.read_bytes().decode("utf-8"), document, mine)
            path.write_bytes(text.encode("utf-8"))
            written += count
    if written:
        print(f"wrote lines for {report.count(written, 'quote')}", file=sys.stderr)
        fresh = load(run.root).entries
        run.documents = [fresh[document.value.id] for document in run.documents]
        everything = [claim for document in run.documents for claim in claims(document)]
        run.outcomes = [check(claim, run.releases) for claim in everything]


def _farings(run: Run, release: str | None) -> tuple[list[Faring], UnavailableError | None]:
    if release is None:
        return [], None
    texts = [
        outcome.claim
        for outcome in run.outcomes
        if outcome.claim.pin.project == "pip" and outcome.claim.kind is not Kind.SITE
    ]
    try:
        found = run.releases.get("pip", release)
        return [fare(claim, found) for claim in texts], None
    except UnavailableError as error:
        return [], error


def _update_lock(options: argparse.Namespace) -> int:
    path = options.root / wheels.FILE
    lock = Lock.read(options.root) if path.exists() else Lock()
    loaded = load(options.root)
    named = {claim.pin for one in loaded.entries.values() for claim in claims(one)}
    wanted = options.update_lock or sorted(named - set(lock.hashes))
    status = 0
    for pin in wanted:
        try:
            digest = wheels.digest_of(pin, options.timeout)
        except UnavailableError as error:
            print(f"{error.problem}\n    hint: {error.hint}", file=sys.stderr)
            status = 2
            continue
        before = lock.hashes.get(pin)
        lock = lock.put(pin, digest)
        if before is None:
            print(f"added {pin} sha256:{digest}")
        elif before != (digest,):
            print(f"changed {pin} sha256:{' '.join(before)} to sha256:{digest}")
        else:
            print(f"unchanged {pin}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lock.dump(), encoding="utf-8", newline="\n")
    return status


def _update_releases(root: Path) -> int:
    command = [sys.executable, "-P", "-m", "pip", "index", "versions", "pip"]
    command += ["--ignore-requires-python", "--disable-pip-version-check"]
    hint = "check the network and pip's own settings, then try again"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=wheels.TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"pip cannot be run: {error}", hint) from error
    listed = re.search(r"Available versions: (.*)", done.stdout)
    if done.returncode or not listed:
        raise UnavailableError(f"pip said: {done.stderr.strip()[-300:]}", hint)
    before = pip_releases.known(root) if (root / pip_releases.FILE).exists() else []
    after = sorted({*before, *listed[1].split(", ")}, key=pip_releases.key)
    (root / pip_releases.FILE).write_text(pip_releases.dump(after), encoding="utf-8", newline="\n")
    fresh = [release for release in after if release not in before]
    print(f"{report.count(len(after), 'release')} of pip, new: {', '.join(fresh) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
