"""Findings read as they are documented, and cannot break out of an annotation."""

from __future__ import annotations

from kb.findings import Finding, report

HERE = Finding("entries/pip/A.yml", 7, "fixes.0", "wrong", "write it right")


def test_a_finding_names_place_problem_and_hint() -> None:
    assert str(HERE) == "entries/pip/A.yml:7: fixes.0: wrong\n    hint: write it right"
    assert str(Finding("a.yml", 1, "", "wrong")) == "a.yml:1: wrong"


def test_findings_are_annotations_in_a_github_workflow_only() -> None:
    assert list(report([HERE], {})) == [str(HERE)]
    assert list(report([HERE], {"GITHUB_ACTIONS": "true"})) == [
        str(HERE),
        "::error file=entries/pip/A.yml,line=7::fixes.0: wrong%0Awrite it right",
    ]


def test_a_finding_cannot_begin_a_workflow_command_of_its_own() -> None:
    hostile = Finding("a,b:c\n.yml", 1, "", "50%\n::set-output name=x::y\r", "")
    _, annotation = report([hostile], {"GITHUB_ACTIONS": "true"})
    assert annotation == ("::error file=a%2Cb%3Ac%0A.yml,line=1::50%25%0A::set-output name=x::y")
