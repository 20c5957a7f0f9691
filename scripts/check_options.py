"""Hold the commands on the pages against the options that pip has, and against bash's grammar.

Exit status: 0 pip and bash understand every command, 1 they do not, 2 a release of pip could not
be fetched.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kb.findings import report
from kb.load import load
from kb.options import RELEASES, check, syntax, uses
from kb.wheels import Lock, Pin, UnavailableError, Wheels, cache_folder

if TYPE_CHECKING:
    from kb.rules.texts import Readable

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="root of the repository")
    root = parser.parse_args().root
    loaded = load(root)
    documents: list[Readable] = [*loaded.entries.values(), *loaded.procedures.values()]
    findings = [finding for document in documents for finding in syntax(document)]
    found = [use for document in documents for use in uses(document)]
    # Python imports a wheel as it is; its hash was checked, and nothing is installed.
    wheels = Wheels(Lock.read(ROOT), cache_folder())
    try:
        with tempfile.TemporaryDirectory() as folder:
            for release in RELEASES:
                wheel = Path(folder) / f"pip-{release}-py3-none-any.whl"
                wheel.write_bytes(wheels.load(Pin("pip", release)))
                findings += check(found, release, wheel)
    except UnavailableError as error:
        print(f"{error.problem}\n    hint: {error.hint}", file=sys.stderr)
        return 2
    for line in report(sorted(findings), os.environ):
        print(line)
    amount = {0: "no findings", 1: "1 finding"}.get(len(findings), f"{len(findings)} findings")
    print(f"{len(found)} calls of pip parsed by pip {' and '.join(RELEASES)}: {amount}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
