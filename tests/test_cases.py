"""The sample logs: each is answered as the index says."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest
from matching import ROOT, patterns

from accuracy import Verdict, judge, read_cases, report
from kb.load import load

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "tests" / "cases"
CASES = read_cases(FOLDER)


@cache
def verdicts() -> dict[str, Verdict]:
    return {verdict.case.name: verdict for verdict in judge(CASES, patterns())}


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_a_sample_log_is_answered_as_the_index_says(name: str) -> None:
    verdict = verdicts()[name]
    if verdict.case.known_miss:
        assert not verdict.first, "found: take `miss` out of tests/cases/INDEX.tsv"
    else:
        assert verdict.first, f"{verdict.case.right} wanted, {verdict.found[:3]} found"


def test_the_index_names_each_case_and_real_entries() -> None:
    rows = (FOLDER / "INDEX.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(row.split("\t")[0] for row in rows) == sorted(case.name for case in CASES)
    ids = set(load(ROOT).entries)
    assert {name for case in CASES for name in case.right} <= ids


def test_the_report_tells_misses_from_hits() -> None:
    case = CASES[0]
    lines = report([Verdict(case, ()), Verdict(case, case.right)])
    assert lines[0].startswith(f"miss: {case.name}")
    assert "right page first: 1 of 2 (50.0 %)" in lines


def accuracy(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/accuracy.py", "--cases", str(folder)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_command_fails_on_a_miss_that_is_not_known_and_on_a_hit_that_is(tmp_path: Path) -> None:
    (tmp_path / "NO_MATCHING_DISTRIBUTION").mkdir()
    file = tmp_path / "NO_MATCHING_DISTRIBUTION" / "001.txt"
    file.write_text("ERROR: No matching distribution found for gate\n", encoding="utf-8")
    index = tmp_path / "INDEX.tsv"
    row = f"{file.parent.name}/{file.name}\t{file.parent.name}\t2024\ta line"
    index.write_text(f"header\n{row}\n", encoding="utf-8")
    done = accuracy(tmp_path)
    assert done.returncode == 0
    assert "right page first: 1 of 1 (100.0 %)" in done.stdout
    index.write_text(f"header\n{row}\tmiss\n", encoding="utf-8")
    assert accuracy(tmp_path).returncode == 1
    file.write_text("nothing of the kind\n", encoding="utf-8")
    assert accuracy(tmp_path).returncode == 0
    index.write_text(f"header\n{row}\n", encoding="utf-8")
    done = accuracy(tmp_path)
    assert done.returncode == 1
    assert "miss: NO_MATCHING_DISTRIBUTION/001.txt" in done.stdout


def test_the_command_says_that_there_is_nothing_to_judge(tmp_path: Path) -> None:
    assert accuracy(tmp_path).returncode == 2
