"""The built site, page by page, without a browser."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pagetext import Page

from kb.render.browse import HOME

ORIGIN = "https://pip-errors.example.org/"


@cache
def pages(site: Path) -> dict[str, Page]:
    """Return every page of a built site by its path."""
    found = sorted(site.rglob("*.html"))
    return {
        path.relative_to(site).as_posix(): Page.read(path.read_text(encoding="utf-8"))
        for path in found
    }


def articles(site: Path) -> dict[str, Page]:
    """Return the pages but those that only lead to another."""
    return {
        path: page
        for path, page in pages(site).items()
        if not any(attrs.get("http-equiv") == "refresh" for _, attrs in page.tags)
    }


def broken(site: Path) -> list[str]:
    """Return the links of a site that lead nowhere, and the anchors that are missing."""
    wrong = []
    known = pages(site)
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    for path, page in known.items():
        for link in set(page.links):
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            base = "" if address.path.startswith("/") else posixpath.dirname(path)
            target = posixpath.normpath(posixpath.join(base, unquote(address.path).lstrip("/")))
            name = path if not address.path else target
            name = name if name in files else posixpath.normpath(f"{name}/index.html")
            if name not in files:
                wrong.append(f"{path}: {link}: there is no such file")
            elif address.fragment and name in known and address.fragment not in known[name].ids:
                wrong.append(f"{path}: {link}: there is no such anchor")
    return wrong


@pytest.fixture(scope="module", params=["site", "small_site"])
def built(request: pytest.FixtureRequest) -> Path:
    folder = request.getfixturevalue(request.param)
    assert isinstance(folder, Path)
    return folder


def test_links_and_anchors_lead_somewhere(built: Path) -> None:
    assert broken(built) == []


def test_broken_links_are_seen(tmp_path: Path) -> None:
    html = '<a href="b/">b</a><a href="#c">c</a><a href="./">d</a><h1 id="d">d</h1>'
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    assert sorted(line.split(": ")[1] for line in broken(tmp_path)) == ["#c", "b/"]


def test_ids_are_unique(built: Path) -> None:
    for path, page in pages(built).items():
        twice = {name for name in page.ids if page.ids.count(name) > 1}
        assert not twice, path


def test_elements_are_closed(built: Path) -> None:
    for path, page in pages(built).items():
        assert page.unclosed == [], path


def test_every_page_has_one_heading_a_title_and_a_description(built: Path) -> None:
    for path, page in articles(built).items():
        names = [tag for tag, _ in page.tags]
        assert names.count("h1") == 1, path
        assert names.count("title") == 1, path
        described = [
            attrs["content"] for tag, attrs in page.tags if attrs.get("name") == "description"
        ]
        assert described, path
        assert described[0], path


def test_nothing_is_loaded_from_another_site(built: Path) -> None:
    for path, page in pages(built).items():
        loaded = [
            attrs.get("src") or attrs.get("href")
            for tag, attrs in page.tags
            if tag in ("script", "img", "iframe", "source")
            or (tag == "link" and attrs.get("rel") in ("stylesheet", "icon", "preload"))
        ]
        assert not [url for url in loaded if url and urlsplit(url).netloc], path
    for sheet in (built / "assets").glob("*.css"):
        assert "http" not in sheet.read_text(encoding="utf-8").replace(
            "http://www.w3.org/2000/svg", ""
        )


def test_hostile_text_is_no_markup_anywhere(small_site: Path) -> None:
    for path, page in pages(small_site).items():
        assert not [attrs for tag, attrs in page.tags if tag == "img"], path
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")], path
        assert not [link for link in page.links if link.lower().startswith("javascript")], path
        inline = [tag for tag, attrs in page.tags if tag == "script" and "src" not in attrs]
        assert len(inline) <= 5, path


def test_the_footer_says_who_does_not_stand_behind_it(built: Path) -> None:
    for path, page in articles(built).items():
        assert "Not affiliated with the Python Packaging Authority (PyPA)" in page.text, path


def test_the_home_page_names_the_errors_that_were_chosen_for_it(site: Path) -> None:
    home = pages(site)["index.html"]
    found = (re.fullmatch(r"\./pip/([A-Z0-9_]+)/", link) for link in home.links)
    assert [link[1] for link in found if link] == list(HOME)


def test_each_entry_leads_to_its_own_file_and_form(built: Path) -> None:
    entries = {path: page for path, page in articles(built).items() if path.startswith("pip/")}
    assert entries
    for path, page in entries.items():
        name = path.split("/")[1]
        edit = f"https://github.com/example/pip-errors/edit/main/entries/pip/{name}.yml"
        assert page.links.count(edit) >= 2, path
        assert any(link.endswith(f"/issues/new?title={name}%3A%20") for link in page.links), path


def test_the_source_files_are_not_published_and_the_schema_is(built: Path) -> None:
    assert not list(built.rglob("*.yml"))
    schema = json.loads((built / "entry.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["id"]


def test_the_search_index_of_a_first_visit_is_empty(built: Path) -> None:
    empty = json.loads((built / "search" / "search_index.json").read_text(encoding="utf-8"))
    full = json.loads((built / "search" / "index.json").read_text(encoding="utf-8"))
    assert empty["docs"] == []
    assert empty["config"] == full["config"]
    assert any(doc["location"].startswith("pip/") for doc in full["docs"])


def test_a_page_weighs_the_same_in_a_small_and_in_a_large_site(
    site: Path, small_site: Path
) -> None:
    """All but the article of a page is the same, whatever else the site holds."""

    def frame(folder: Path, name: str) -> str:
        text = (folder / "pip" / name / "index.html").read_text(encoding="utf-8")
        return re.sub(r"<article.*</article>|<title>.*?</title>", "", text, flags=re.DOTALL)

    name = next(path.name for path in sorted((site / "pip").iterdir()))
    small = frame(small_site, "OTHER_ERROR")
    large = frame(site, name)
    assert abs(len(large) - len(small)) < 2500
    assert len(gzip.compress(large.encode())) < 9000


def test_the_sitemap_has_the_entries_and_no_redirect(small_site: Path) -> None:
    sitemap = (small_site / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>{ORIGIN}pip/WHOLE_PAGE/</loc>" in sitemap
    assert "OLD_NAME" not in sitemap
