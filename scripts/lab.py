"""Provoke the errors with real pips, and try their fixes and dead ends.

Exit status: 0 everything came out as the recipes say, 1 something did not, 2 usage, or a release
could not be fetched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kb import changed
from kb.lab.bench import Laboratory
from kb.lab.certificates import Certificates
from kb.lab.choose import Job, few, jobs, part
from kb.lab.machine import Machine, mount_file, mount_memory, unmount
from kb.lab.pips import PREFERRED, Pips, pythons
from kb.lab.record import compare, stale, write
from kb.lab.runner import Runner
from kb.load import ENTRIES, load
from kb.patterns import compile_patterns
from kb.wheels import Lock, Pin, UnavailableError, Wheels, cache_folder

if TYPE_CHECKING:
    from kb.lab.outcome import Outcome
    from kb.load import Loaded

MANY = 50
"""Recipes from which on it pays to compile what each new environment installs once beforehand."""
ROOT = Path(__file__).resolve().parent.parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", action="append", default=[], help="only this entry; repeatable")
    parser.add_argument("--pip", default="", help="only these releases of pip: 25.3,26.3")
    parser.add_argument("--base", metavar="REV", help="only entries changed since this revision")
    parser.add_argument("--few", action="store_true", help="only what tries each kind of set-up")
    parser.add_argument("--part", type=_part, metavar="K/N", help="only the K-th of N parts")
    parser.add_argument("--update", action="store_true", help="write transcripts and proofs")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1)
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def _part(text: str) -> tuple[int, int]:
    """Read `K/N`, as argparse wants it.

    Raises:
        ValueError: it is no part.
    """
    number, count = map(int, text.split("/"))
    if not 1 <= number <= count:
        raise ValueError(text)
    return number, count


def _laboratory(loaded: Loaded, chosen: list[Job], root: Path, folder: Path) -> Laboratory:
    """Fetch what is needed while there is a network, then close it.

    Raises:
        UnavailableError: a release cannot be fetched.
    """
    wheels = Wheels(Lock.read(root), cache_folder())
    wanted = {Pin("pip", job.pip) for job in chosen}
    for job in chosen:
        for text in job.recipe.releases or ():
            project, _, release = text.partition("==")
            wanted.add(Pin(project, release))
    wheels.prefetch(wanted)
    for pin in sorted(wanted):
        wheels.load(pin)
    machine = Machine()
    machine.isolate()
    if machine.mounts:
        mount_memory(folder, 0o755)
    for name in ("pips", "certificates"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)
    lab = Laboratory(
        machine,
        Pips(wheels, folder / "pips"),
        pythons(machine),
        compile_patterns(loaded),
        Certificates(folder / "certificates"),
    )
    if len(chosen) >= MANY:
        start = lab.pips.know_bundled(lab.pythons[0])
        if machine.mounts:
            mount_file(start, lab.pythons[0].library / start.name)
    return lab


def _run(lab: Laboratory, chosen: list[Job], workers: int) -> list[Outcome]:
    """Run the jobs in parallel and print a line for each as it ends."""
    outcomes = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(Runner(lab, job).run) for job in chosen]
        try:
            for number, future in enumerate(as_completed(futures), 1):
                outcome = future.result()
                outcomes.append(outcome)
                print(f"[{number}/{len(chosen)}] {_line(outcome)}", flush=True)
        except BaseException:
            lab.processes.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return outcomes


def _line(outcome: Outcome) -> str:
    """Return what came of a recipe in one line."""
    name = f"{outcome.entry} {outcome.recipe}, pip {outcome.pip}"
    if outcome.skipped:
        return f"{name}: not run: {outcome.skipped}"
    if not outcome.output:
        return f"{name}: WRONG"
    tried = f"{sum(outcome.fixes.values())} of {len(outcome.fixes)} fixes, "
    tried += f"{sum(outcome.dead_ends.values())} of {len(outcome.dead_ends)} dead ends proven"
    return f"{name}: {'WRONG' if outcome.findings else 'reproduced'}, {tried}"


def _sums(outcomes: list[Outcome]) -> str:
    done = [outcome for outcome in outcomes if outcome.output]
    fixes = {(one.entry, name) for one in done for name, gone in one.fixes.items() if gone}
    dead_ends = {(one.entry, name) for one in done for name, came in one.dead_ends.items() if came}
    skipped = sum(bool(one.skipped) for one in outcomes)
    errors = len({one.entry for one in done})
    return (
        f"{errors} errors reproduced in {len(done)} runs, {len(fixes)} fixes and "
        f"{len(dead_ends)} dead ends proven, {skipped} not run"
    )


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _take_changed(arguments: argparse.Namespace) -> int | None:
    """Choose the entries that changed; return the exit status where there is nothing to run."""
    try:
        arguments.id = changed.ids(arguments.root, arguments.base, ENTRIES)
    except changed.GitError as error:
        print(error, file=sys.stderr)
        return 2
    if not arguments.id:
        print(f"no entry changed since {arguments.base}")
        return 0
    return None


def main() -> int:
    """Run what was asked for; return the exit status."""
    arguments = _arguments()
    loaded = load(arguments.root)
    unknown = sorted(set(arguments.id) - set(loaded.entries))
    broken = [
        finding
        for finding in loaded.findings
        if not arguments.id or Path(finding.path).stem in arguments.id
    ]
    unknown = [name for name in unknown if name not in {Path(one.path).stem for one in broken}]
    if unknown:
        print(f"there is no entry {', '.join(unknown)}", file=sys.stderr)
        return 2
    if arguments.base and (status := _take_changed(arguments)) is not None:
        return status
    pips = tuple(name for name in arguments.pip.split(",") if name)
    chosen = jobs(loaded, tuple(arguments.id), pips)
    chosen = few(chosen) if arguments.few else chosen
    chosen = part(chosen, *arguments.part) if arguments.part else chosen
    signal.signal(signal.SIGTERM, _stop)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pip-errors-lab-") as folder:
        Path(folder).chmod(0o755)
        try:
            lab = _laboratory(loaded, chosen, arguments.root, Path(folder))
        except UnavailableError as error:
            print(f"{error.problem}\n    hint: {error.hint}", file=sys.stderr)
            return 2
        if not lab.machine.closed:
            print("This machine does not let the lab close the network: Python alone is watched.")
        try:
            outcomes = _run(lab, chosen, arguments.jobs)
        finally:
            if lab.machine.mounts:
                unmount(Path(folder))
    findings = broken + [finding for outcome in outcomes for finding in outcome.findings]
    whole = not (arguments.id or pips or arguments.few)
    if arguments.update:
        today = dt.datetime.now(tz=dt.UTC).date().isoformat()
        write(arguments.root, loaded, outcomes, today, whole=whole)
    else:
        different, other = compare(arguments.root, outcomes)
        findings += different
        findings += stale(arguments.root, loaded, arguments.id) if whole or arguments.id else []
        if other:
            print(f"{other} outputs are not compared: transcripts are of Python {PREFERRED}.")
    for finding in sorted(findings):
        print(finding)
    seconds = time.monotonic() - started
    print(f"{_sums(outcomes)}, {len(findings)} findings, in {seconds:.0f} s")
    return 1 if findings else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("the lab was stopped")
