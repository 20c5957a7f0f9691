"""The sample logs: each is answered as the index says."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest
from matching import ROOT, patterns

from accuracy import Verdict, judge, report
from kb import cases
from kb.load import load

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "tests" / "cases"
CASES = cases.read(FOLDER)


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
    assert list(cases.findings(FOLDER, load(ROOT).entries)) == []


def test_what_is_wrong_with_an_index_is_found(tmp_path: Path) -> None:
    for name in ("GATE", "no-match"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "001.txt").write_text("closed\n", encoding="utf-8")
    rows = (
        "file\tids (best first)\tyear\twhat it shows\tknown",
        "GATE/001.txt\tGATE,FENCE\t2024\ta gate\t",
        "GATE/002.txt\tGATE\t2024\tanother gate",
        "no-match/001.txt\t\t2024\t",
    )
    (tmp_path / "INDEX.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "GATE" / "003.txt").touch()
    found = {(one.line, one.problem): one.hint for one in cases.findings(tmp_path, {"GATE"})}
    assert found == {
        (2, "there is no entry FENCE"): "write the entry's id in this row, and rename "
        "tests/cases/FENCE",
        (3, "there is no file GATE/002.txt"): "move the file there, or remove the row",
        (4, "nothing says what the log shows"): "write in a few words what is particular about "
        "this log",
        (1, "the index does not name this log"): "add a row: GATE/003.txt, right ids, year, what "
        "it shows, parted by tabs",
    }


def test_a_new_sample_moves_no_other_row(tmp_path: Path) -> None:
    rows = ["file\tids", "B/001.txt\tB\t2024\tone\t", "D/001.txt\tD\t2024\tone\t"]
    rows.append("A/001.txt\tA\t2024\tout of order\t")
    (tmp_path / "INDEX.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert cases.add(tmp_path, "C", "closed", 2025) == "C/001.txt"
    assert cases.add(tmp_path, "C", "closed", 2025) == "C/002.txt"
    now = (tmp_path / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    assert [row for row in now if not row.startswith("C/")] == rows
    assert now[2:4] == [f"C/00{n}.txt\tC\t2025\t{cases.TODO}\t" for n in (1, 2)]
    assert (tmp_path / "C" / "001.txt").read_text(encoding="utf-8") == "closed\n"


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
