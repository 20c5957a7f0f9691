"""Entries load typed, or every finding is reported at its line; nothing is guessed."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
import yaml
from entry_cases import BAD, GOOD, expected, with_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.load import load, read
from kb.model import Entry, Kind, Procedure
from kb.shape import PATTERNS, did_you_mean
from kb.yamltree import MAX_BYTES, MAX_DEPTH, Tree, parse

if TYPE_CHECKING:
    from pathlib import Path

STUB = """\
id: SOME_ERROR
status: stub
kind: error
phase: install
tier: 3
messages:
  - parts:
      - text: Something failed
summary: Do something else.
worded_by: {program: bash, release: '5.2', licence: GPL-3.0-or-later}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with one good entry."""
    (tmp_path / "entries" / "pip").mkdir(parents=True)
    (tmp_path / "entries" / "procedures").mkdir()
    (tmp_path / "entries" / "pip" / "SOME_ERROR.yml").write_text(STUB, encoding="utf-8")
    return tmp_path


def problems(root: Path) -> list[str]:
    return [str(finding) for finding in load(root).findings]


def test_good_entries_load_typed() -> None:
    assert GOOD.findings == []
    assert list(GOOD.entries) == ["OTHER_ERROR", "WHOLE_PAGE"]
    whole = GOOD.entries["WHOLE_PAGE"].value
    assert whole.kind is Kind.WARNING
    assert whole.tier == 1
    assert GOOD.entries["OTHER_ERROR"].value.sources is not None
    assert GOOD.entries["OTHER_ERROR"].value.sources[0].release == "25.10"


def test_lines_of_fields() -> None:
    document = GOOD.entries["OTHER_ERROR"]
    assert document.path == "entries/pip/OTHER_ERROR.yml"
    assert document.line("tier") == 5
    assert document.line("messages.0.parts.0.text") == 9
    assert document.line("sources.0.quote.nothing") == 13
    assert document.line("fixes.0") == 1
    assert document.line("") == 1


SHAPE = [path for path in BAD if path.stem.startswith(("YAML_", "SHAPE_"))]


@pytest.mark.parametrize("path", SHAPE, ids=lambda path: path.stem)
def test_a_broken_file_is_left_out_and_explained(path: Path) -> None:
    loaded = with_bad(path)
    assert [str(finding) for finding in sorted(loaded.findings)] == expected(path)
    assert set(loaded.entries) == set(GOOD.entries)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_both_parsers_give_the_same(path: Path) -> None:
    assert hasattr(yaml, "CSafeLoader")
    data = path.read_bytes()
    assert parse(path.name, data) == parse(path.name, data, pure=True)


@pytest.mark.parametrize("name", ["WHOLE_PAGE.yml", "OTHER_ERROR.yml", "do-it.yml"])
def test_both_parsers_give_the_same_tree(name: str) -> None:
    data = (BAD[0].parent.parent / "good_entries" / name).read_bytes()
    tree, findings = parse(name, data)
    assert findings == []
    assert isinstance(tree, Tree)
    assert parse(name, data, pure=True) == (tree, [])


@pytest.mark.parametrize(
    "word",
    [
        *("25.10", "1e3", "0o17", "017", "0x1f", "1_000", "12:30:45", ".inf", "-1", "+1"),
        *("no", "on", "off", "yes", "y", "True", "null", "~", "Null"),
        *("2020-01-01", "2020-01-01T00:00:00Z", "=", "a#b", "a:b", "é", "│"),
    ],
)
@pytest.mark.parametrize("pure", [False, True])
def test_every_scalar_stays_the_text_that_is_written(word: str, *, pure: bool) -> None:
    tree, findings = parse("x.yml", f"key: {word}\nlist: [{word}]\n".encode(), pure=pure)
    assert findings == []
    assert tree
    assert tree.value == {"key": word, "list": [word]}


def test_escapes_and_line_breaks() -> None:
    data = b"a: \"\\t\\xe9\"\r\nb: |-\r\n  one\r\n   two\r\nc: 'it''s'\r\n"
    tree, findings = parse("x.yml", data)
    assert findings == []
    assert tree
    assert tree.value == {"a": "\té", "b": "one\n two", "c": "it's"}
    assert tree.lines == {"a": 1, "b": 2, "c": 5}


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (b"\xef\xbb\xbfid: X\n", "x.yml:1: the file starts with a byte order mark"),
        (b"\xff\xfei\x00d\x00", "x.yml:1: the file starts with a byte order mark"),
        (b"id: X\nsummary: caf\xe9\n", "x.yml:2: byte 0xe9 is not UTF-8"),
        (b"id: X\nsummary: a\x00b\n", "x.yml:2: the character U+0000 is invisible"),
        (b"id: X\nsummary: \x1b[31mred\n", "x.yml:2: the character U+001B is invisible"),
        (b"id: X\rsummary: a\n", "x.yml:1: the character U+000D is invisible"),
        (b'id: X\nsummary: "\\x1b[31m"\n', "x.yml:2: summary: the character U+001B is"),
        (b"#" * (MAX_BYTES + 1), f"x.yml:1: the file has {MAX_BYTES + 1} bytes, more than"),
        (b"a: " + b"[" * 100_000, f"x.yml:1: values are nested more than {MAX_DEPTH} deep"),
    ],
)
@pytest.mark.parametrize("pure", [False, True])
def test_bytes_that_no_file_may_hold(data: bytes, finding: str, *, pure: bool) -> None:
    tree, findings = parse("x.yml", data, pure=pure)
    assert tree is None
    assert [str(found)[: len(finding)] for found in findings] == [finding]
    assert all(found.hint for found in findings)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=string.printable + "é\u202e", max_size=60) | st.binary(max_size=60))
def test_any_content_gives_a_tree_or_findings(content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    for pure in (False, True):
        tree, findings = parse("x.yml", data, pure=pure)
        assert (tree is None) == bool(findings)
        assert all(found.line >= 1 for found in findings)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_a_text_in_single_quotes_is_kept(text: str) -> None:
    quoted = text.replace("'", "''")
    tree, findings = parse("x.yml", f"key: '{quoted}'\n".encode())
    assert findings == []
    assert tree
    assert tree.value == {"key": text}


def test_one_broken_file_does_not_hide_the_others(root: Path) -> None:
    folder = root / "entries" / "pip"
    (folder / "AAA.yml").write_text("id: AAA\ntier: 1: 2\n", encoding="utf-8")
    (folder / "ZZZ.yml").write_text("id: YYY\n", encoding="utf-8")
    loaded = load(root)
    assert list(loaded.entries) == ["SOME_ERROR"]
    assert {finding.path for finding in loaded.findings} == {
        "entries/pip/AAA.yml",
        "entries/pip/ZZZ.yml",
    }
    assert "entries/pip/ZZZ.yml:1: summary: the key is missing\n    hint: add `summary: …`" in [
        str(finding) for finding in loaded.findings
    ]


def test_files_that_do_not_belong_there(root: Path) -> None:
    folder = root / "entries" / "pip"
    (folder / "some_error.yml").write_text(STUB, encoding="utf-8")
    (folder / "OTHER.yaml").write_text(STUB, encoding="utf-8")
    (folder / "LOUD.YML").write_text(STUB, encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    (folder / ".hidden.swp").write_text("x", encoding="utf-8")
    (folder / "more").mkdir()
    (folder / "LINK.yml").symlink_to(folder / "SOME_ERROR.yml")
    loaded = load(root)
    assert list(loaded.entries) == ["SOME_ERROR"]
    assert [str(finding).removeprefix("entries/pip/") for finding in loaded.findings] == [
        "LINK.yml:1: links are not read\n    hint: replace the link by the file itself",
        "LOUD.YML:1: the file's name does not end in .yml\n    hint: rename it to LOUD.yml",
        "OTHER.yaml:1: the file's name does not end in .yml\n    hint: rename it to OTHER.yml",
        "more:1: only files stand here\n    hint: move its files up, and remove it",
        "notes.txt:1: the file is not an entry\n    hint: move it elsewhere, or remove it",
        (
            "some_error.yml:1: the name differs from SOME_ERROR.yml in capital letters only\n"
            "    hint: rename or remove one of the two"
        ),
        (
            "some_error.yml:1: id: the id is SOME_ERROR, the file is some_error.yml\n"
            "    hint: write `id: some_error`, or rename the file to SOME_ERROR.yml"
        ),
    ]


def test_a_missing_folder_is_a_finding(tmp_path: Path) -> None:
    assert problems(tmp_path) == [
        "entries/pip:1: the folder is missing\n    hint: run this in the root of the repository"
    ]


def test_procedures_are_read_too(root: Path) -> None:
    path = root / "entries" / "procedures" / "do-it.yml"
    path.write_text("id: do-it\ntitle: Do it\nsummary: Does it.\nvariants: []\n", encoding="utf-8")
    assert problems(root) == [
        (
            "entries/procedures/do-it.yml:4: variants: it is empty\n"
            "    hint: write the value, or remove the key"
        )
    ]


def test_read_types_a_procedure() -> None:
    data = b"id: a\ntitle: A\nsummary: A.\nvariants: [{id: b, title: B, steps: [{text: C}]}]\n"
    document, findings = read("entries/procedures/a.yml", data, Procedure)
    assert findings == []
    assert document
    assert document.value.variants[0].steps[0].text == "C"


def test_did_you_mean_looks_past_case_and_dashes() -> None:
    assert did_you_mean("Other-Errors", ["OTHER_ERROR", "ANOTHER"]) == "did you mean `OTHER_ERROR`?"
    assert did_you_mean("xyz", ["OTHER_ERROR"]) == ""


def test_every_pattern_of_the_model_is_explained() -> None:
    def patterns(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
            keys = set(node["patternProperties"]) if "patternProperties" in node else set()
            return own | keys | {p for value in node.values() for p in patterns(value)}
        if isinstance(node, list):
            return {p for value in node for p in patterns(value)}
        return set()

    used = patterns(Entry.model_json_schema()) | patterns(Procedure.model_json_schema())
    assert used
    assert used <= set(PATTERNS)
