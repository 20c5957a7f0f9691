"""Pages: their order, their links, and that nothing in an entry is ever markup."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from knowledge import MARK, SITE, TESTS, good, hostile, loaded
from pagetext import Page, to_html

from kb import address
from kb.model import (
    Audience,
    Command,
    File,
    Ignorable,
    Kind,
    Part,
    PartKind,
    Phase,
    PipCommand,
    Platform,
    Role,
    Shell,
    Status,
    Step,
    WordedBy,
    Wording,
)
from kb.render import Pages, labels

if TYPE_CHECKING:
    from kb.load import Document
    from kb.model import Entry

TEMPLATES = TESTS.parent / "templates"
SECTIONS = [
    "meaning", "ignore", "triage", "fixes", "dead-ends", "causes", "verify", "examples",
    "background", "prevention", "sources", "nothing-helped", "wordings", "references",
]  # fmt: skip


def pages(*documents: Document[Entry]) -> Pages:
    return Pages(loaded(*documents), SITE, TEMPLATES)


def changed(**fields: object) -> Document[Entry]:
    """Return the whole page with some fields changed."""
    document = good()
    value = document.value.model_copy(update=fields)
    return type(document)(value, document.path, document.lines)


def html(document: Document[Entry]) -> str:
    return to_html(pages(document).entry(document))


def compare(name: str, text: str) -> None:
    """Hold a text against its snapshot; UPDATE_SNAPSHOTS=1 writes it anew."""
    snapshot = TESTS / "snapshots" / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_text(text, encoding="utf-8")
    assert text == snapshot.read_text(encoding="utf-8"), "UPDATE_SNAPSHOTS=1 pytest -k snapshot"


def test_snapshot_of_an_entry() -> None:
    compare("entry.md", pages().entry(good()))


def test_snapshot_of_a_stub() -> None:
    compare("stub.md", pages().entry(good("OTHER_ERROR")))


def test_snapshot_of_the_list_of_all_errors() -> None:
    compare("errors.md", pages().browsing()["errors/"])


def test_sections_stand_in_the_order_of_need() -> None:
    ids = Page.read(html(good())).ids
    assert [name for name in ids if name in SECTIONS] == SECTIONS
    assert ids.index("fix-upgrade") < ids.index("meaning") < ids.index("fix-trust")


def test_each_fix_is_shown_once() -> None:
    page = html(good())
    for fix in good().value.fixes or ():
        assert page.count(f'id="fix-{fix.id}"') == 1
    assert page.count('id="fixes"') == 1


def test_a_single_fix_keeps_the_address_of_all_fixes() -> None:
    only = changed(fixes=(good().value.fixes or ())[:1])
    assert Page.read(html(only)).ids.count("fixes") == 1


def test_ids_are_unique_and_elements_closed() -> None:
    page = Page.read(html(good()))
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert page.unclosed == []


def test_hostile_text_is_shown_and_never_markup() -> None:
    document, marks = hostile()
    page = Page.read(html(document))
    harmless = Page.read(html(good()))
    assert page.names() <= harmless.names()
    assert [tag for tag, _ in page.tags if tag != "p"].count("script") == 0
    assert page.unclosed == []
    assert len(page.ids) == len(set(page.ids))
    assert all("no-id" not in name for name in page.ids)
    assert not [link for link in page.links if not re.match(r"https://|\.\./|\.\.|#", link)]
    assert len(marks) > 50
    missing = set(marks) - set(MARK.findall(page.text))
    assert missing == set(), "these texts of the entry are nowhere on its page"


def test_hostile_text_keeps_its_blanks_and_tabs() -> None:
    document, _ = hostile()
    assert "\n\t\n   \n# no heading" in Page.read(html(document)).text


def test_front_matter_is_one_line_each_and_escaped() -> None:
    document, _ = hostile()
    head = pages(document).entry(document).split("\n---\n")[0].splitlines()
    assert head[0] == "---"
    assert [row.partition(":")[0] for row in head[1:]] == [
        "title",
        "description",
        "modules",
        "search",
    ]
    assert not any("<" in row for row in head)


def test_a_hostile_heading_reaches_the_table_of_contents_as_text() -> None:
    document = changed(
        fixes=tuple(
            fix.model_copy(update={"title": "# *a* `b` {#c} <i>d</i> ![e](f) 1. g_h_"})
            for fix in good().value.fixes or ()
        )
    )
    page = Page.read(html(document))
    assert "# *a* b {#c} <i>d</i> ![e](f) 1. g_h_" in page.text
    assert {"fix-upgrade", "fix-trust"} <= set(page.ids)
    assert not {"i", "em", "img"} & page.names()


def test_a_stub_says_so_and_invites() -> None:
    page = html(good("OTHER_ERROR"))
    assert "This page is a stub." in page
    assert f"{SITE.repository}/edit/main/entries/pip/OTHER_ERROR.yml" in page
    assert "First fix" not in page


def test_a_finished_page_is_no_stub() -> None:
    assert "stub" not in html(changed(related=None))


def test_a_wrapper_sends_the_reader_to_the_cause() -> None:
    page = html(good())
    assert "This is only the wrapper." in page
    assert '<a href="../../pip/OTHER_ERROR/">OTHER_ERROR</a>' in page
    assert "<summary><strong>" not in page


def test_many_errors_that_it_can_follow_from_stand_in_a_list_to_open() -> None:
    page = html(changed(consequence_of=("OTHER_ERROR",) * 4, role=Role.CAUSE))
    assert "<summary><strong>Is there another error in the same output?</strong>" in page


def test_a_page_says_which_of_its_texts_another_program_words() -> None:
    git = WordedBy(program="git", release="2.39.5", licence="GPL-2.0-only")
    theirs = Wording(parts=(Part(text="fatal: remote error"),))
    both = (*good().value.messages, theirs)
    assert "Some of these texts come from git," in html(changed(worded_by=git, messages=both))
    assert "The text comes from git," in html(changed(worded_by=git, messages=(theirs,)))
    assert "comes from" not in html(good())


def test_what_tells_two_errors_with_one_headline_apart_stands_below_it() -> None:
    newest, *older = good().value.messages
    context = Part(kind=PartKind.CONTEXT, text="It is the {package}  of old.")
    parts = (newest.parts[0], context)
    found = newest.model_copy(update={"near": ("the one", "of old"), "parts": parts})
    page = html(changed(messages=(found, *older)))
    below = page[page.index("</h1>") : page.index('<div class="lead"')]
    said = "This one if the output also has It is the package of old."
    assert Page.read(below).text.strip() == said
    found = newest.model_copy(update={"near": ("one", "two", "three", "four")})
    page = html(changed(messages=(found, *older)))
    assert "has <code>one</code> or <code>two</code> or <code>three</code></p>" in page


def test_a_fix_says_when_to_take_it_and_which_causes_it_cures() -> None:
    first, *others = good().value.fixes or ()
    causes = tuple(cause.id for cause in good().value.causes or ())
    assert len(causes) > 1
    first = first.model_copy(update={"when": "It rains.", "causes": causes})
    page = Page.read(html(changed(fixes=(first, *others)))).text
    assert "Take this when: It rains." in page
    titles = [cause.title for cause in good().value.causes or ()]
    assert f"For the commonest cause: {titles[0]}. Also for: {'; '.join(titles[1:])}." in page


def test_a_file_is_written_before_the_commands_that_need_it() -> None:
    file = File(name="some.txt", text="a line")
    step = Step(text="Do it.", commands=(Command(text="a-command"),), files=(file,))
    first, *others = good().value.fixes or ()
    first = first.model_copy(update={"steps": (step,)})
    page = html(changed(fixes=(first, *others)))
    assert page.index("a line") < page.index("a-command")
    assert page.rindex("a line") < page.rindex("a-command")


def test_all_examples_but_the_first_are_folded_and_none_is_in_the_contents() -> None:
    example = (good().value.examples or ())[0]
    second = example.model_copy(update={"id": "second", "caption": "Another"})
    markdown = pages().entry(changed(examples=(example, second)))
    assert f'<h3 id="example-{example.id}">' in markdown
    assert '<summary>Another</summary><div id="example-second">' in markdown
    contents = re.findall(r"{#([\w-]+)", markdown)
    assert "examples" in contents
    assert not [name for name in contents if name.startswith(("example-", "source-"))]


def test_links_to_what_does_not_exist_are_plain_text() -> None:
    unknown = changed(related=("NO_SUCH_ERROR",), meaning="See [NO_SUCH_ERROR].")
    page = html(unknown)
    assert "NO_SUCH_ERROR" in page
    assert "pip/NO_SUCH_ERROR" not in page


@pytest.mark.parametrize(
    ("lines", "ending"), [("10-11", "#L10-L11"), ("7", "#L7"), (None, "exceptions.py")]
)
def test_a_source_links_its_lines_at_the_tag(lines: str | None, ending: str) -> None:
    place = (good().value.sources or ())[0].model_copy(update={"lines": lines})
    url = address.source(place)
    assert url.startswith("https://github.com/pypa/pip/blob/25.3/src/pip/_internal/")
    assert url.endswith(ending)


def test_commands_are_sorted_by_system() -> None:
    page = html(good())
    assert 'data-covers="linux macos windows"' in page
    assert '<div class="command" data-os="linux macos">' in page
    assert '<div class="command" data-os="windows">' in page
    assert page.count('<div class="os-tabs needs-js"') == 1


def test_commands_for_every_system_have_no_tabs() -> None:
    page = to_html(pages().procedure(loaded().procedures["do-it"]))
    assert "os-tabs" not in page
    assert 'data-placeholder="requirement" data-type="requirement"' in page


def test_a_distributions_package_manager_says_for_which_it_is() -> None:
    texts = ("sudo apt install python3-dev", "dnf install python3-devel", "cat /etc/os-release")
    commands = tuple(Command(text=text, os=(Platform.LINUX,), shell=Shell.SH) for text in texts)
    fix = (good().value.fixes or ())[0].model_copy(update={"steps": (Step(commands=commands),)})
    labels_shown = re.findall(r'<p class="code__label">([^<]*)</p>', html(changed(fixes=(fix,))))
    assert labels_shown[:3] == ["Debian, Ubuntu", "Fedora, Red Hat", "Linux"]


def test_options_are_not_broken_in_two() -> None:
    assert '<span class="word">--upgrade</span>' in html(good())


def test_the_answer_is_markdown_without_markup() -> None:
    document, _ = hostile()
    page = html(document)
    answer = Page.read(page[page.index('<pre id="answer"') :])
    assert answer.text.startswith("**HOSTILE\\_ENTRY**") or "HOSTILE_ENTRY" in answer.text[:40]
    assert f"{SITE.url}pip/HOSTILE_ENTRY/" in answer.text


def test_every_value_of_a_vocabulary_has_words() -> None:
    for vocabulary, words in (
        (Kind, labels.KINDS), (Phase, labels.PHASES), (Platform, labels.PLATFORMS),
        (PipCommand, labels.COMMANDS), (PartKind, labels.PARTS), (Shell, labels.SHELLS),
        (Ignorable, labels.IGNORABLE), (Audience, labels.AUDIENCES),
    ):  # fmt: skip
        assert set(words) == set(vocabulary), vocabulary


def test_lists_have_every_entry_and_mark_the_stubs() -> None:
    browsing = pages().browsing()
    for uri in ("errors/", "platform/linux/"):
        rows = Page.read(to_html(browsing[uri]))
        assert "OTHER_ERROR" in rows.text
        assert "WHOLE_PAGE" in rows.text
        assert rows.text.count("stub") >= 1
    assert "OTHER_ERROR" not in Page.read(to_html(browsing["phase/resolve/"])).text
    assert "kind/deprecation/" not in browsing


def test_a_page_named_index_does_not_take_the_place_of_its_folder() -> None:
    document = changed(phase=Phase.INDEX, status=Status.STUB)
    browsing = pages(document).browsing()
    assert {"phase/", "phase/index/"} <= set(browsing)


def test_a_redirect_leads_on_with_and_without_script() -> None:
    page = Page.read(pages().redirect("OLD_NAME", "OTHER_ERROR"))
    assert ("link", {"rel": "canonical", "href": f"{SITE.url}pip/OTHER_ERROR/"}) in page.tags
    refresh = {"http-equiv": "refresh", "content": "0; url=../../pip/OTHER_ERROR/"}
    assert ("meta", refresh) in page.tags
    assert page.links.count("../../pip/OTHER_ERROR/") == 1
