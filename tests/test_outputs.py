"""Everything the site is made of: which files, and what programs read in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from knowledge import SITE, hostile, loaded

from kb.outputs import ROOT, site_files
from kb.render import Pages

if TYPE_CHECKING:
    from kb.load import Document
    from kb.model import Entry
    from kb.proofs import Printed

FILES = site_files(loaded(), SITE)


def text(uri: str) -> str:
    content = FILES[uri]
    assert isinstance(content, str)
    return content


def test_every_entry_has_a_page_its_json_and_its_former_ids() -> None:
    expected = {
        "index.md", "errors/index.md", "about/index.md", "procedures/index.md",
        "pip/WHOLE_PAGE/index.md", "pip/OTHER_ERROR/index.md", "pip/OLD_NAME/index.html",
        "procedures/do-it/index.md", "phase/index.md", "phase/install/index.md",
        "api/entries.json", "api/pip/WHOLE_PAGE.json", "api/pip/OTHER_ERROR.json",
        "llms.txt", "NOTICE.txt", "patterns.json",
        "answers/WHOLE_PAGE.json", "answers/OTHER_ERROR.json",
    }  # fmt: skip
    assert expected <= set(FILES)


def test_pages_are_markdown_with_front_matter() -> None:
    pages = [uri for uri in FILES if uri.endswith(".md")]
    assert pages
    assert all(text(uri).startswith("---\ntitle: ") for uri in pages)
    assert all(uri.endswith("index.md") for uri in pages)


def test_the_list_of_entries_says_how_to_find_and_link_each() -> None:
    document = json.loads(text("api/entries.json"))
    listed = {entry["id"]: entry for entry in document["entries"]}
    assert document["url"] == SITE.url
    assert listed["OTHER_ERROR"]["aliases"] == ["OLD_NAME"]
    assert listed["OTHER_ERROR"]["status"] == "stub"
    whole = listed["WHOLE_PAGE"]
    assert whole["url"] == "https://pip-errors.example.org/pip/WHOLE_PAGE/"
    assert whole["summary"] == "Upgrade <PACKAGE>, or take another one."
    assert whole["messages"][0].startswith("Found {package} {old_version}, wanted")


def test_an_entry_is_complete_and_has_its_addresses() -> None:
    document = json.loads(text("api/pip/WHOLE_PAGE.json"))
    assert document["fixes"][0]["url"].endswith("/pip/WHOLE_PAGE/#fix-upgrade")
    assert document["sources"][0]["url"].endswith("exceptions.py#L10-L11")
    assert document["messages"][1]["until"] == "10.0"
    assert "worded_by" not in document


def test_the_list_for_language_models_keeps_stubs_apart() -> None:
    finished, stubs = text("llms.txt").split("## Optional")
    assert "[WHOLE_PAGE](https://pip-errors.example.org/api/pip/WHOLE_PAGE.json)" in finished
    assert "OTHER_ERROR" in stubs
    assert "OTHER_ERROR" not in finished


def test_hostile_text_survives_in_json() -> None:
    document, marks = hostile()
    files = site_files(loaded(document), SITE)
    content = files["api/pip/HOSTILE_ENTRY.json"]
    assert json.loads(content)["id"] == "HOSTILE_ENTRY"
    assert all(mark in str(content) for mark in marks)


def test_a_page_that_cannot_be_laid_out_is_skipped_or_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay_out = Pages.entry

    def fails(pages: Pages, document: Document[Entry], printed: tuple[Printed, ...]) -> str:
        if document.value.id == "WHOLE_PAGE":
            message = "no such filter"
            raise LookupError(message)
        return lay_out(pages, document, printed)

    monkeypatch.setattr(Pages, "entry", fails)
    skipped: list[str] = []
    with pytest.raises(LookupError):
        site_files(loaded(), SITE)
    files = site_files(loaded(), SITE, lambda path, why: skipped.append(f"{path}: {why}"))
    assert skipped == ["entries/pip/WHOLE_PAGE.yml: no such filter"]
    assert "pip/WHOLE_PAGE/index.md" not in files
    assert "pip/OTHER_ERROR/index.md" in files


def test_an_answer_has_the_first_fix_and_leads_to_the_page_for_the_rest() -> None:
    answer = json.loads(text("answers/WHOLE_PAGE.json"))["html"]
    assert 'href="./pip/WHOLE_PAGE/#fix-trust"' in answer
    assert 'data-placeholder="package" data-type="package"' in answer
    assert "Evidence" not in answer
    assert 'href="#' not in answer
    assert "fix" not in json.loads(text("answers/OTHER_ERROR.json"))["html"].replace("fixes", "")


def test_an_answer_has_no_markup_out_of_an_entry() -> None:
    document, marks = hostile()
    answer = Pages(loaded(document), SITE, ROOT / "templates").answer(document)
    assert any(mark in answer for mark in marks)
    assert "<script" not in answer
    assert "<img" not in answer


def test_the_patterns_are_those_of_all_entries() -> None:
    patterns = json.loads(text("patterns.json"))
    assert [entry["id"] for entry in patterns["entries"]] == ["OTHER_ERROR", "WHOLE_PAGE"]
