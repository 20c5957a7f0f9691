"""Start an entry: write entries/pip/<ID>.yml with a TODO for each thing to write.

From a log it proposes what a program can know: the id, the text with placeholders, the code that
prints it, a recipe for the lab and a search case. Without arguments it asks.

Exit status: 0 the files were written; 1 the search knows the error already; 2 the id cannot be
taken, or the log cannot be read or holds no error.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kb import cases, wheels
from kb.chosen import Known, NothingFoundError
from kb.claims import claims
from kb.explain.reading import read
from kb.fields import ID_PATTERN
from kb.load import ENTRIES, Loaded, load
from kb.model import Entry, Status
from kb.patterns import compile_patterns
from kb.pipsource import Releases
from kb.propose import Proposal, propose
from kb.rules import check
from kb.scaffold import Draft, scaffold
from kb.verify import State
from kb.verify import check as verify
from kb.wheels import Lock, UnavailableError, Wheels

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LONGEST = next(m.max_length for m in Entry.model_fields["id"].metadata if hasattr(m, "max_length"))


def refusal(entry_id: str, loaded: Loaded, root: Path) -> str:
    """Say why an id cannot be taken.

    Args:
        entry_id: the id that is asked for.
        loaded: the entries there are.
        root: the root of the repository.

    Returns:
        The reason; empty where the id is free.
    """
    if not re.fullmatch(ID_PATTERN, entry_id) or len(entry_id) > LONGEST:
        meant = "_".join(re.findall(r"[A-Z0-9]+", entry_id.upper()))[:LONGEST].strip("_")
        hint = f": did you mean {meant}?" if re.fullmatch(ID_PATTERN, meant) else ""
        return f"an id is capital letters, digits and single underscores, {LONGEST} at most{hint}"
    if (root / ENTRIES / f"{entry_id}.yml").exists():
        return f"{ENTRIES}/{entry_id}.yml is there already: edit that file"
    for document in loaded.entries.values():
        if entry_id in (document.value.aliases or ()):
            return f"{entry_id} is a former id of {document.value.id}: edit {document.path}"
    return ""


def main() -> int:
    """Run the command and return its exit status."""
    options = _options()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    loaded = load(options.root)
    asks = not (options.id or options.log)
    if options.id and (reason := refusal(options.id, loaded, options.root)):
        print(reason, file=sys.stderr)
        return 2
    proposal = None
    if asks or options.log:
        try:
            text = _pasted() if asks else _text(options.log)
        except OSError as error:
            print(f"{options.log} cannot be read: {error.strerror}", file=sys.stderr)
            return 2
        if text.strip():
            found = _propose(options, loaded, text)
            if not isinstance(found, Proposal):
                return found
            proposal = found
    draft = proposal.draft if proposal else Draft(options.id or "NEW_ERROR")
    draft = replace(draft, id=options.id or draft.id)
    if asks:
        draft = replace(draft, id=_asked_id(draft.id, loaded, options.root))
    _write(options, draft, proposal)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add("id", nargs="?", help="such as HASH_MISMATCH; proposed from the log if left out")
    add("--log", metavar="FILE", help="a file with what pip printed; - for the standard input")
    add("--line", type=int, metavar="NUMBER", help="the line of the log that is the error")
    add("--offline", action="store_true", help="fetch nothing; look at the releases in the cache")
    add("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser.parse_args()


def _text(name: str) -> str:
    """Return the text of a log, whatever its encoding.

    Raises:
        OSError: it cannot be read.
    """
    if name == "-":
        return read(sys.stdin.buffer).text()
    with Path(name).open("rb") as stream:
        return read(stream).text()


def _pasted() -> str:
    """Ask for a log on the terminal."""
    print("Paste what pip printed, then a line with a single dot (a dot alone: no log):")
    lines: list[str] = []
    for line in sys.stdin:
        if line.strip() == ".":
            break
        lines.append(line)
    return "".join(lines)


def _asked_id(proposed: str, loaded: Loaded, root: Path) -> str:
    while True:
        print(f"Its id, forever [{proposed}]: ", end="", flush=True)
        chosen = sys.stdin.readline().strip() or proposed
        reason = refusal(chosen, loaded, root)
        if not reason:
            return chosen
        print(reason)
        if chosen == proposed:
            proposed += "_2"


def _propose(options: argparse.Namespace, loaded: Loaded, text: str) -> Proposal | int:
    """Return a proposal, or the exit status where there is nothing to propose."""
    try:
        lock = Lock.read(options.root)
    except UnavailableError:
        lock = Lock()
    source = Releases(Wheels(lock, wheels.cache_folder(), offline=options.offline))
    print("looking for the error in pip's releases …", flush=True)
    try:
        found = propose(text, loaded, compile_patterns(loaded), source, options.line)
    except NothingFoundError as error:
        print(error, file=sys.stderr)
        return 2
    if isinstance(found, Known):
        document = loaded.entries[found.entry_id]
        print(f"the search knows this error. Line {found.line} of the log shows it:")
        print(f"    {found.text}")
        if found.wraps:
            print("it is the general text around another error, which is not in this log: run the")
            print("command again with --log pip-log.txt, and start from that file")
        if document.value.status is Status.STUB:
            print(f"its page is a stub: finish that one, open {document.path}")
        else:
            print(f"its page: {document.path}. If something is missing there, edit that file")
        print("if the error you mean is another line of the log, name it with line=NUMBER")
        return 1
    print(f"line {found.line} of the log is taken for the error:")
    print(f"    {found.text}")
    for note in found.notes:
        print(f"note: {note}")
    return found


def _write(options: argparse.Namespace, draft: Draft, proposal: Proposal | None) -> None:
    """Write the files, and say what is to be done."""
    path = f"{ENTRIES}/{draft.id}.yml"
    (options.root / path).write_text(scaffold(draft), encoding="utf-8", newline="\n")
    print(f"wrote {path}")
    if proposal:
        year = dt.datetime.now(tz=dt.UTC).year
        name = cases.add(options.root / cases.FOLDER, draft.id, proposal.case, year)
        print(f"wrote {cases.FOLDER}/{name}, and a row in {cases.FOLDER}/{cases.INDEX}")
    loaded = load(options.root)
    print(f"what is to be done in {path}:")
    for finding in (*loaded.findings, *check(loaded)):
        if finding.path == path:
            print(f"  line {finding.line}: {finding.field}: {finding.hint}")
    if proposal:
        for line in _verified(options, loaded, draft):
            print(line)
        print(f"read {cases.FOLDER}/{draft.id}: is anything private left in it?")
        print("try the search with: make accuracy; try the recipe with: make lab id=" + draft.id)
    print("then run `make check` and `make verify`, and look at it with `make serve`")


def _verified(options: argparse.Namespace, loaded: Loaded, draft: Draft) -> Iterator[str]:
    """Hold what was proposed against the releases, and give what came of it."""
    document = loaded.entries.get(draft.id)
    if document is None or draft.source is None:
        return
    source = Releases(Wheels(Lock.read(options.root), wheels.cache_folder(), offline=True))
    outcomes = [verify(claim, source) for claim in claims(document)]
    held = sum(outcome.state is State.HOLDS for outcome in outcomes)
    yield f"{held} of {len(outcomes)} quotes, messages and sites hold in the releases"
    for outcome in outcomes:
        if outcome.state is not State.HOLDS and outcome.finding:
            yield f"  line {outcome.finding.line}: {outcome.finding.problem}"


if __name__ == "__main__":
    sys.exit(main())
