"""The ways out: a link to a search, the form for a new error, and another page's search field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import yaml
from logs import NONE, ONE, SEVERAL, filler, found, hand, paste, ready, settle
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Visit
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = (
    "Looking in indexes: https://alice:hunter2@pypi.company.corp/simple\n"
    "alice.doe@company.com ran it in /home/alice/app\n"
)


def link(page: Page) -> str:
    """Open the dialog for a link and return the link, once it is there."""
    page.get_by_role("button", name="Share this search").click()
    field = page.get_by_label("Link", exact=True)
    expect(field).to_have_value(re.compile("#"))
    return field.input_value()


# ---- a link ----


@pytest.mark.parametrize(
    "log", [ONE, SEVERAL, filler(40_000) + ONE], ids=["one", "several", "long"]
)
def test_a_link_repeats_the_search_and_no_server_sees_it(
    home: Callable[..., Visit], log: str
) -> None:
    page = paste(home().page, log.replace("foo", "zqxmarker"))
    ids = found(page)
    address = link(page)
    assert len(address) <= 8192
    visitor = home()
    visitor.page.goto(address)
    settle(visitor.page)
    assert found(visitor.page) == ids
    assert "zqxmarker" in visitor.page.locator("#matches").inner_text()
    assert not [url for url in visitor.asked if "zqxmarker" in url.split("#")[0]]
    assert not [url for url in visitor.asked if "log" in urlsplit(url).query]


def test_what_is_shared_is_shown_redacted_and_can_be_edited(home: Callable[..., Visit]) -> None:
    page = paste(home().page, PRIVATE + "ERROR: No matching distribution found for foo\n")
    before = link(page)
    text = page.locator("#share-text")
    for private in ("alice", "hunter2", "company"):
        assert private not in text.input_value()
    assert "were replaced" in page.locator("#share-dialog").inner_text()
    text.fill("ERROR: No matching distribution found for bar\n")
    expect(page.locator("#share-link")).not_to_have_value(before)
    page.goto(page.locator("#share-link").input_value())
    page.reload()
    settle(page)
    assert "bar" in page.locator("#matches .match__headline").first.inner_text()


def test_a_link_that_is_too_long_is_not_given(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    link(page)
    noise = "".join(f"{(n * 7919 * 104729) % 1000003:x} " for n in range(4000))
    page.locator("#share-text").fill(noise)
    expect(page.locator("#share-dialog .send__note")).to_contain_text("Too long")
    assert page.get_by_role("button", name="Copy the link").is_disabled()


def test_the_link_is_copied_and_the_dialog_closes(home: Callable[..., Visit]) -> None:
    page = home(permissions=["clipboard-read", "clipboard-write"]).page
    paste(page, ONE)
    address = link(page)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#share-dialog .send__go")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.keyboard.press("Escape")
    expect(page.locator("#share-dialog")).to_be_hidden()
    assert page.locator("#results").is_visible()


def test_an_edited_log_leaves_the_address(home: Callable[..., Visit]) -> None:
    page = home(f"#?log={quote(ONE)}").page
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"
    paste(page, NONE)
    assert "#" not in page.url


@pytest.mark.parametrize(
    "fragment",
    ["#?log=", "#?logz=", "#?logz=%00", "#?logz=AAAA", "#?log%ZZ", "#?__proto__=x&log", "#paste"],
)
def test_a_broken_link_is_an_empty_box(home: Callable[..., Visit], fragment: str) -> None:
    visitor = home(fragment)
    assert visitor.page.locator("#paste").input_value() == ""
    assert visitor.page.locator("#results").is_hidden()
    assert visitor.complaints == []


def test_markup_in_a_link_is_text(home: Callable[..., Visit]) -> None:
    hostile = "<img src=x onerror=alert(1)>ERROR: No matching distribution found for <script>"
    visitor = home(f"#?log={quote(hostile)}")
    settle(visitor.page)
    assert visitor.page.locator("#search img, #search script").count() == 0
    assert hostile in visitor.page.locator("#rows").inner_text()
    assert visitor.complaints == []


def test_links_are_read_back_whatever_they_hold_and_never_blow_up(
    home: Callable[..., Visit],
) -> None:
    result = home().page.evaluate(
        """async () => {
          const { pack, unpack } = await import("/assets/search/share.mjs")
          const wrong = []
          const texts = ["é\\u202e\\n\\t\\0", "a\\nb".repeat(9), "+ %20&log=x#?", "\\ud83d\\ude00"]
          for (const text of texts)
            if ((await unpack(await pack(text))) !== text) wrong.push(text)
          const bomb = await pack("0".repeat(20000000))
          const plain = CompressionStream
          delete globalThis.CompressionStream
          const unpressed = await pack("a".repeat(500))
          globalThis.CompressionStream = plain
          return [wrong, bomb.length, (await unpack(bomb)).length, unpressed.slice(0, 8)]
        }"""
    )
    wrong, packed, size, plain = result
    assert wrong == []
    assert packed < 100_000
    assert size <= 256 * 1024
    assert plain == "#?log=aa"


# ---- the form ----


def proposed(page: Page) -> dict[str, list[str]]:
    """Return the fields that the link to the form carries."""
    go = page.locator("#propose-dialog .send__go")
    expect(go).to_have_attribute("href", re.compile("^https://github.com/example/pip-errors/"))
    return parse_qs(urlsplit(str(go.get_attribute("href"))).query)


def test_a_new_error_is_proposed_with_redacted_text(home: Callable[..., Visit]) -> None:
    visitor = home()
    page = paste(visitor.page, PRIVATE + NONE + "error: something new in /home/alice/app\n")
    page.get_by_role("button", name="Propose this error").click()
    fields = proposed(page)
    assert "something new" in fields["log"][0]
    assert "alice" not in str(fields)
    assert "company" not in str(fields)
    assert "github.com" in page.locator("#propose-dialog").inner_text()
    page.locator("#propose-text").fill("error: only this\n")
    expect(page.locator("#propose-dialog .send__go")).to_have_attribute(
        "href", re.compile("only%20this|only\\+this")
    )
    assert proposed(page)["title"] == ["New error: error: only this"]
    assert not [url for url in visitor.asked if "github" in url]


def test_a_text_that_is_too_long_for_the_form_is_not_sent(home: Callable[..., Visit]) -> None:
    page = paste(home().page, NONE)
    page.get_by_role("button", name="Propose this error").click()
    page.locator("#propose-text").fill("error " * 1800)
    expect(page.locator("#propose-dialog .send__note")).to_contain_text("Too long")
    assert page.locator("#propose-dialog .send__go").get_attribute("href") is None


def test_the_form_has_the_fields_that_are_filled_in(home: Callable[..., Visit]) -> None:
    page = paste(home().page, NONE)
    page.get_by_role("button", name="Propose this error").click()
    fields = proposed(page)
    form = ROOT / ".github" / "ISSUE_TEMPLATE" / fields.pop("template")[0]
    names = {item.get("id") for item in yaml.safe_load(form.read_text("utf-8"))["body"]}
    assert set(fields) - {"title"} <= names


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("log", "button"), [(ONE, "Share this search"), (NONE, "Propose this error")]
)
def test_the_dialogs_are_open_to_everybody(
    home: Callable[..., Visit], log: str, button: str, scheme: str
) -> None:
    visitor = home(width=360, color_scheme=scheme)
    page = paste(visitor.page, log)
    page.get_by_role("button", name=button).click()
    expect(page.locator("dialog[open]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visitor.axe() == []


# ---- another page's search field ----


def test_a_log_in_the_header_goes_to_the_matcher(home: Callable[..., Visit]) -> None:
    visitor = home()
    page = visitor.page
    page.goto(visitor.address + "pip/HASH_MISMATCH/")
    page.locator("input[name=query]").focus()
    hand(page, "paste", "text", ONE.replace("foo", "zqxmarker"))
    page.wait_for_url(visitor.address)
    settle(page)
    assert found(page) == ["NO_MATCHING_DISTRIBUTION", "NEW_PIP_RELEASE"]
    assert "zqxmarker" in page.locator("#paste").input_value()
    assert page.evaluate("sessionStorage.length") == 0
    assert not [url for url in visitor.asked if "zqxmarker" in url]
    page.reload()
    ready(page)
    assert page.locator("#results").is_hidden()


def test_a_log_in_the_header_of_the_home_page_stays_there(home: Callable[..., Visit]) -> None:
    page = home().page
    page.keyboard.press("/")
    expect(page.locator("input[name=query]")).to_be_focused()
    hand(page, "paste", "text", ONE)
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"
    assert page.locator("#paste").input_value() == ONE
    assert page.locator("input[name=query]").input_value() == ""
    expect(page.locator("#paste")).to_be_focused()
    assert not page.locator("#__search").is_checked()


def test_a_long_log_in_the_header_arrives_with_its_end(home: Callable[..., Visit]) -> None:
    visitor = home()
    page = visitor.page
    page.goto(visitor.address + "about/")
    page.locator("input[name=query]").focus()
    hand(page, "paste", "text", filler(6_000_000) + ONE)
    page.wait_for_url(visitor.address)
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"


@pytest.mark.parametrize(
    ("text", "is_log"),
    [
        ("a\nb", True),
        ("ERROR: No matching distribution found for foo", True),
        ("ModuleNotFoundError: No module named 'foo'", True),
        ("  error: subprocess-exited-with-error", True),
        (
            "pip._vendor.requests.exceptions.SSLError something quite long in one line of a log",
            True,
        ),
        ("no matching distribution", False),
        ("hash mismatch\n", False),
        ("HASH_MISMATCH", False),
        ("warning", False),
        ("", False),
    ],
)
def test_words_and_logs_are_told_apart(
    visit: Callable[..., Visit], text: str, *, is_log: bool
) -> None:
    page = visit().open("about/")
    script = "async text => (await import('/assets/search/looks.mjs')).looksLikeLog(text)"
    assert page.evaluate(script, text) is is_log


def test_words_in_the_header_stay_words(home: Callable[..., Visit]) -> None:
    visitor = home()
    page = visitor.page
    page.goto(visitor.address + "about/")
    page.keyboard.press("/")
    expect(page.locator("input[name=query]")).to_be_focused()
    hand(page, "paste", "text", "hash mismatch")
    page.keyboard.type("hash mismatch")
    page.locator(".md-search-result__link").first.wait_for()
    assert page.url == visitor.address + "about/"
