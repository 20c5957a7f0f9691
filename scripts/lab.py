"""Provoke the errors with real pips, and try their fixes and dead ends.

Exit status: 0 everything came out as the recipes say, 1 something did not, 2 usage, or a release
of pip could not be fetched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from kb.lab.choose import Job, few, jobs
from kb.lab.machine import Machine
from kb.lab.pips import Pips, pythons
from kb.lab.record import compare, stale, write
from kb.lab.runner import Laboratory, Outcome, Runner
from kb.load import load
from kb.patterns import compile_patterns
from kb.wheels import Lock, Pin, UnavailableError, Wheels, cache_folder

if TYPE_CHECKING:
    from kb.load import Loaded

ROOT = Path(__file__).resolve().parent.parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", action="append", default=[], help="only this entry; repeatable")
    parser.add_argument("--pip", default="", help="only these releases of pip: 25.3,26.3")
    parser.add_argument("--few", action="store_true", help="only what tries each kind of set-up")
    parser.add_argument("--update", action="store_true", help="write transcripts and proofs")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1)
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def _laboratory(loaded: Loaded, chosen: list[Job], root: Path, folder: Path) -> Laboratory:
    """Fetch the pips while there is a network, then close it."""
    pips = Pips(Wheels(Lock.read(root), cache_folder()), folder)
    pips.wheels.prefetch({Pin("pip", job.pip) for job in chosen})
    for release in sorted({job.pip for job in chosen}):
        pips.unpacked(release)
    machine = Machine()
    machine.isolate()
    return Laboratory(machine, pips, pythons(machine), compile_patterns(loaded))


def _run(lab: Laboratory, chosen: list[Job], workers: int) -> list[Outcome]:
    """Run the jobs in parallel and print a line for each as it ends."""
    outcomes = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [
            pool.submit(Runner(lab, job.document, job.number, job.pip).run) for job in chosen
        ]
        for number, future in enumerate(as_completed(futures), 1):
            outcome = future.result()
            outcomes.append(outcome)
            print(f"[{number}/{len(chosen)}] {_line(outcome)}", flush=True)
    return outcomes


def _line(outcome: Outcome) -> str:
    """Return what came of a recipe in one line."""
    name = f"{outcome.entry} {outcome.recipe}, pip {outcome.pip}"
    if outcome.skipped:
        return f"{name}: not run: {outcome.skipped}"
    tried = f"{sum(outcome.fixes.values())} of {len(outcome.fixes)} fixes, "
    tried += f"{sum(outcome.dead_ends.values())} of {len(outcome.dead_ends)} dead ends"
    return f"{name}: {'WRONG' if outcome.findings else 'reproduced'}, {tried} proven"


def main() -> int:
    """Run what was asked for; return the exit status."""
    arguments = _arguments()
    loaded = load(arguments.root)
    unknown = sorted(set(arguments.id) - set(loaded.entries))
    if unknown:
        print(f"there is no entry {', '.join(unknown)}", file=sys.stderr)
        return 2
    pips = tuple(name for name in arguments.pip.split(",") if name)
    chosen = jobs(loaded, tuple(arguments.id), pips)
    chosen = few(chosen) if arguments.few else chosen
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pip-errors-pips-") as folder:
        Path(folder).chmod(0o755)
        try:
            lab = _laboratory(loaded, chosen, arguments.root, Path(folder))
        except UnavailableError as error:
            print(f"{error.problem}\n    hint: {error.hint}", file=sys.stderr)
            return 2
        if not lab.machine.closed:
            print("this machine does not let the lab close the network: loopback is not enforced")
        outcomes = _run(lab, chosen, arguments.jobs)
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    whole = not (arguments.id or pips or arguments.few)
    if arguments.update:
        today = dt.datetime.now(tz=dt.UTC).date().isoformat()
        write(arguments.root, outcomes, today, whole=whole)
    else:
        findings += compare(arguments.root, outcomes)
        findings += stale(arguments.root, loaded) if whole else []
    for finding in sorted(findings):
        print(finding)
    done = [outcome for outcome in outcomes if outcome.output]
    print(
        f"{len({one.entry for one in done})} errors reproduced in {len(done)} runs, "
        f"{sum(sum(one.fixes.values()) for one in done)} fixes and "
        f"{sum(sum(one.dead_ends.values()) for one in done)} dead ends proven, "
        f"{sum(bool(one.skipped) for one in outcomes)} not run, "
        f"{len(findings)} findings, in {time.monotonic() - started:.0f} s"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
