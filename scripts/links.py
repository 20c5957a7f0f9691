"""Ask every address that an entry or procedure links to whether it is still there.

Exit status: 0 all are there, 1 some are gone, 2 usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kb.deadlinks import Reader, addresses, gone
from kb.findings import report
from kb.load import load

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="root of the repository")
    parser.add_argument("--timeout", type=float, default=20, help="seconds for each address")
    options = parser.parse_args()
    found = addresses(load(options.root))
    reader = Reader(options.timeout)
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = dict(zip(found, pool.map(reader.answer, found), strict=True))
    findings = gone(found, answers)
    for line in report(findings, os.environ):
        print(line)
    print(f"{len(found)} addresses, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
