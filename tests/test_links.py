"""Links between generated pages: the build refuses those that lead nowhere."""

from __future__ import annotations

import pytest
from knowledge import SITE, hostile, loaded

from kb.links import broken
from kb.outputs import site_files

PAGES = {
    "index.md": '<a href="./a/#here">a</a>',
    "a/index.md": '## Here {#here .big}\n\n<a href="../">home</a> <a href="../b/c/#x%20y">c</a>',
    "b/c/index.md": '<p id="x%20y"></p> <a href="../../list.json">l</a> <a href="https://a.example">',
    "list.json": "{}",
}


def test_links_that_lead_somewhere_are_left_alone() -> None:
    assert broken(PAGES, ()) == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("../nowhere/", "a/: ../nowhere/: there is no such page"),
        ("../b/c/#nothing", "a/: ../b/c/#nothing: there is no such anchor"),
        ("#nothing", "a/: #nothing: there is no such anchor"),
        ("../other.json", "a/: ../other.json: there is no such page"),
        ("../b/c", "a/: ../b/c: there is no such page"),
    ],
)
def test_links_that_lead_nowhere_are_named(link: str, said: str) -> None:
    pages = PAGES | {"a/index.md": PAGES["a/index.md"] + f'<a class="x" href="{link}">x</a>'}
    assert broken(pages, ()) == [said]


def test_files_beside_the_generated_ones_count() -> None:
    pages = PAGES | {"index.md": PAGES["index.md"] + '<a href="./entry.schema.json">s</a>'}
    assert broken(pages, ()) != []
    assert broken(pages, {"entry.schema.json"}) == []


def test_the_generated_pages_have_no_broken_link() -> None:
    document, _ = hostile()
    assert broken(site_files(loaded(document), SITE), {"entry.schema.json"}) == []
