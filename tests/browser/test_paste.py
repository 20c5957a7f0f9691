"""The paste box on the home page: what goes in, what comes out, and what never leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from logs import (
    NONE,
    ONE,
    SEVERAL,
    STATES,
    WRAPPER,
    filler,
    found,
    hand,
    paste,
    ready,
    settle,
)  # fmt: skip
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Visit

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)> <script>alert(2)</script> ' \" ` $(reboot) \u202e"
    "ERROR: No matching distribution found for {}\n"
)
INJECTIONS = [
    "$(rm -rf ~)", "`reboot`", '"; curl x | sh; "', "foo'; reboot #", "foo\u202egnp.exe",
    "foo&&reboot", "<b>foo</b>", "foo|sh", "%PATH%", "foo\\nreboot",
]  # fmt: skip


# ---- what comes out ----


def test_the_cause_comes_first_and_the_rest_is_named(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    assert found(page) == ["NO_MATCHING_DISTRIBUTION", "NEW_PIP_RELEASE"]
    first, second = page.locator("#matches > li").all()
    assert "Read this first" in first.inner_text()
    assert "Line 3" in first.inner_text()
    assert "Notice: matters less" in second.inner_text()
    assert "Read NO_MATCHING_DISTRIBUTION first, line 3" in page.locator("#found").inner_text()
    assert page.locator("#found").get_attribute("role") == "status"


def test_the_fix_has_the_values_of_the_log(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    commands = page.locator("#matches .code--command code").all_inner_texts()
    assert 'python -m pip index versions "foo"' in commands
    assert "foo==1.2" in page.locator("#matches .match__headline").first.inner_text()


def test_the_page_is_opened_with_the_values(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    page.get_by_role("link", name="Open the page").click()
    page.wait_for_url("**/pip/NO_MATCHING_DISTRIBUTION/#?*requirement=foo%3D%3D1.2*")
    expect(page.locator("h1 .filled-in")).to_have_text("foo==1.2")
    assert "foo" in page.locator("#filled").inner_text()


def test_a_link_to_another_fix_carries_them_too(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    link = page.locator(".answer__others a").first
    assert link.get_attribute("href", timeout=1000).startswith(
        "./pip/NO_MATCHING_DISTRIBUTION/#fix-"
    )
    assert "?requirement=foo%3D%3D1.2" in str(link.get_attribute("href"))


def test_what_follows_from_a_cause_is_said(home: Callable[..., Visit]) -> None:
    page = paste(home().page, SEVERAL)
    assert found(page)[0] == "SSL_CERTIFICATE_VERIFY_FAILED"
    item = page.locator('[data-entry-id="NO_MATCHING_DISTRIBUTION"]')
    assert "Follows from SSL_CERTIFICATE_VERIFY_FAILED" in item.inner_text()
    assert item.locator(".answer").count() == 0
    item.locator("summary").click()
    expect(item.get_by_role("link", name="Open the page")).to_be_visible()


def test_a_wrapper_alone_says_what_to_run(home: Callable[..., Visit]) -> None:
    page = paste(home().page, WRAPPER)
    assert found(page)[0] == "METADATA_GENERATION_FAILED"
    first = page.locator("#matches > li").first.inner_text()
    assert "Only the wrapper: the cause is not in what you pasted" in first
    assert "python -m pip install --log pip-log.txt" in first


def test_no_pip_error_is_no_answer(home: Callable[..., Visit]) -> None:
    page = paste(home().page, NONE)
    assert found(page) == []
    assert page.get_by_role("heading", name="No pip error found here").is_visible()
    assert page.get_by_role("button", name="Propose this error").is_visible()
    assert page.locator("#none").get_by_role("link", name="all errors").is_visible()
    assert "No pip error found here" in str(page.locator("#found").text_content())


def test_near_misses_are_named_guesses(home: Callable[..., Visit]) -> None:
    page = paste(home().page, "my log says: could not find a version that it satisfies")
    assert found(page) == []
    assert page.get_by_role("heading", name="Guesses, not answers").is_visible()
    assert page.locator("#guesses li a").count() > 0


def test_the_lines_that_show_it_are_marked(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    marked = page.locator("#rows mark").all_inner_texts()
    assert "ERROR: No matching distribution found for foo==1.2" in marked
    assert "Collecting foo==1.2" not in marked
    page.get_by_role("button", name="Line 3").click()
    assert page.locator("#rows .arrived").get_attribute("data-line") == "3"
    assert page.evaluate("document.activeElement.id") == "rows"


def test_of_a_long_log_only_what_matters_is_shown(home: Callable[..., Visit]) -> None:
    text = filler(30_000) + ONE + filler(10_000)
    page = paste(home().page, text)
    number = text.splitlines().index("ERROR: No matching distribution found for foo==1.2") + 1
    assert page.locator(f'#rows [data-line="{number}"] mark').is_visible()
    assert page.locator("#rows > *").count() < 30
    assert "lines left out" in page.locator("#rows").inner_text()


def test_terminal_codes_and_directions_are_not_shown(home: Callable[..., Visit]) -> None:
    page = paste(
        home().page, "\x1b[31mERROR: No matching distribution found for foo\x1b[0m \u202ex\n"
    )
    shown = page.locator("#rows").inner_text()
    assert "ERROR: No matching distribution found for foo \ufffdx" in shown
    assert "\x1b" not in page.locator("#results").inner_text()


def test_the_answer_is_copied_as_markdown(home: Callable[..., Visit]) -> None:
    page = home(permissions=["clipboard-read", "clipboard-write"]).page
    paste(page, "ERROR: No matching distribution found for foo==1.2 in /home/alice/x\n")
    page.get_by_role("button", name="Copy the answer").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("**NO_MATCHING_DISTRIBUTION**: `No matching distribution found for")
    assert "Line 1 of the log:\n\n```\nERROR: No matching distribution found for foo" in copied
    assert 'python -m pip index versions "foo"' in copied
    assert "https://pip-errors.example.org/pip/NO_MATCHING_DISTRIBUTION/" in copied
    assert "alice" not in copied


def test_a_command_is_copied_with_the_values(home: Callable[..., Visit]) -> None:
    page = home(permissions=["clipboard-read", "clipboard-write"]).page
    paste(page, ONE)
    page.locator("#matches .copy").first.click()
    expect(page.locator("#matches .copy").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == 'python -m pip index versions "foo"'


# ---- what goes in ----


def test_results_come_while_typing(home: Callable[..., Visit]) -> None:
    page = home().page
    page.locator("#paste").press_sequentially("No matching distribution found for foo")
    expect(page.locator("#matches > li").first).to_have_attribute(
        "data-entry-id", "NO_MATCHING_DISTRIBUTION"
    )
    page.locator("#paste").fill("")
    expect(page.locator("#results")).to_be_hidden()
    assert page.locator("#found").inner_text() == ""


def test_escape_and_the_button_clear_it_and_it_can_be_undone(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    page.locator("#paste").press("Escape")
    expect(page.locator("#results")).to_be_hidden()
    assert page.locator("#paste").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "paste"
    page.keyboard.press("Control+z")
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"
    page.locator("#clear").click()
    expect(page.locator("#results")).to_be_hidden()


def test_the_paste_button_takes_the_clipboard(home: Callable[..., Visit]) -> None:
    page = home(permissions=["clipboard-read", "clipboard-write"]).page
    page.evaluate("text => navigator.clipboard.writeText(text)", ONE)
    page.get_by_role("button", name="Paste", exact=True).click()
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"
    assert page.locator("#paste").input_value() == ONE


def test_a_clipboard_that_is_refused_is_said(home: Callable[..., Visit]) -> None:
    page = home().page
    page.evaluate("() => { navigator.clipboard.readText = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Paste", exact=True).click()
    expect(page.locator("#found")).to_contain_text("did not allow reading the clipboard")
    assert page.evaluate("document.activeElement.id") == "paste"


def test_without_a_clipboard_there_is_no_button(
    visit: Callable[..., Visit], whole_address: str
) -> None:
    visitor = visit()
    visitor.context.add_init_script("delete Clipboard.prototype.readText")
    visitor.page.goto(whole_address)
    ready(visitor.page)
    assert visitor.page.locator("#paste-button").is_hidden()


def test_a_paste_anywhere_on_the_page_goes_into_the_box(home: Callable[..., Visit]) -> None:
    page = home().page
    hand(page, "paste", "text", ONE)
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"
    assert page.locator("#paste").input_value() == ONE


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_a_dropped_file_is_read_whatever_its_encoding(
    home: Callable[..., Visit], encoding: str
) -> None:
    page = home().page
    data = ("Größe: 1\r\n" + ONE).encode(encoding)
    hand(page, "drop", "file", data.decode("latin-1"), "pip.log")
    settle(page)
    assert found(page) == ["NO_MATCHING_DISTRIBUTION", "NEW_PIP_RELEASE"]
    assert "pip.log" in page.locator("#paste-file").inner_text()
    assert "Größe: 1" in page.locator("#rows").inner_text()


def test_a_file_is_chosen_with_the_keyboard(home: Callable[..., Visit]) -> None:
    page = home().page
    page.evaluate(
        """() => document.getElementById("file").addEventListener("click", event => {
          event.preventDefault()
          document.title = "a dialog would open"
        })"""
    )
    page.locator("#choose").focus()
    page.keyboard.press("Enter")
    assert page.title() == "a dialog would open"
    file = {"name": "pip.log", "mimeType": "text/plain", "buffer": ONE.encode()}
    page.locator("#file").set_input_files([file])  # type: ignore[list-item]
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"
    page.locator("#paste").press("Escape")
    assert page.locator("#paste-file").is_hidden()


def test_a_file_that_is_no_text_is_said(home: Callable[..., Visit]) -> None:
    page = home().page
    data = bytes(range(1, 256)) * 40
    hand(page, "drop", "file", data.decode("latin-1"), "<img src=x onerror=alert(1)>\u202e.png")
    settle(page)
    assert "hardly looks like text" in str(page.locator("#found").text_content())
    assert page.locator("#paste-file b").inner_text() == "<img src=x onerror=alert(1)>\ufffd.png"


def test_a_dropped_text_is_searched(home: Callable[..., Visit]) -> None:
    page = home().page
    hand(page, "drop", "text", ONE)
    settle(page)
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"


@pytest.mark.parametrize("how", ["fill", "paste", "drop"])
def test_a_long_log_stays_out_of_the_text_area(home: Callable[..., Visit], how: str) -> None:
    page = home().page
    text = filler(1_000_000) + ONE
    if how == "fill":
        page.fill("#paste", text)
    else:
        hand(page, how, "text", text)
    settle(page)
    assert found(page) == ["NO_MATCHING_DISTRIBUTION", "NEW_PIP_RELEASE"]
    assert page.locator("#paste").input_value() == ""
    assert "1.0 MB" in page.locator("#paste-file").inner_text()


def test_the_page_answers_while_a_long_log_is_searched(home: Callable[..., Visit]) -> None:
    page = home().page
    hand(page, "drop", "text", filler(10_000_000) + ONE)
    assert page.evaluate("document.body.dataset.search") == "working"
    page.locator("#paste").fill(NONE)
    page.wait_for_function("document.body.dataset.search === 'none'")
    assert found(page) == []


# ---- what never leaves, and never runs ----


@pytest.mark.parametrize("name", STATES)
def test_no_request_carries_a_word_of_it(home: Callable[..., Visit], name: str) -> None:
    visitor = home()
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    marker = "zqxmarker"
    paste(visitor.page, STATES[name].replace("foo", marker) + f"see {marker}\n")
    visitor.page.wait_for_load_state("networkidle")
    assert [url for url in visitor.asked if not url.startswith(visitor.address)] == []
    assert [request for request in sent if marker in request] == []
    assert visitor.complaints == []


def test_the_page_cannot_reach_another_site(home: Callable[..., Visit]) -> None:
    page = home().page
    assert page.evaluate("fetch('http://127.0.0.1:9/').catch(error => error.name)") == "TypeError"
    script = """() => new Promise(done => {
      document.addEventListener("securitypolicyviolation", event => done(event.violatedDirective))
      navigator.sendBeacon("http://127.0.0.1:9/", "x")
    })"""
    assert page.evaluate(script) == "connect-src"


def test_nothing_is_kept(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    kept = page.evaluate(
        """async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie,
          await caches.keys(), await indexedDB.databases()])"""
    )
    assert "foo" not in kept
    assert "matching" not in kept
    page.reload()
    ready(page)
    assert page.locator("#paste").input_value() == ""


def test_markup_in_a_log_is_text(home: Callable[..., Visit]) -> None:
    visitor = home()
    page = paste(visitor.page, HOSTILE.format("<img src=x onerror=alert(3)>"))
    assert found(page) == ["NO_MATCHING_DISTRIBUTION"]
    assert page.locator("#search img, #search script").count() == 0
    assert "<script>alert(2)</script>" in page.locator("#rows").inner_text()
    assert visitor.complaints == []


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_value_never_becomes_a_command(home: Callable[..., Visit], value: str) -> None:
    page = paste(home().page, f"ERROR: No matching distribution found for {value}\n")
    for code in page.locator("#matches .code--command code, #matches .answer__markdown").all():
        shown = str(code.text_content())
        for piece in ("rm -rf", "reboot", "curl", "| sh", "|sh", "%PATH%", "<b>", "\u202e", "$("):
            assert piece not in shown
    for link in page.locator("#matches a").all():
        assert "reboot" not in str(link.get_attribute("href"))


def test_all_of_the_page_is_reached_with_the_keyboard(home: Callable[..., Visit]) -> None:
    page = paste(home().page, ONE)
    page.locator("#paste").focus()
    order = []
    for _ in range(30):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.innerText"))
    wanted = ["choose", "clear", "Line 3", "Open the page", "share", "rows"]
    places = [order.index(name) for name in wanted]
    assert places == sorted(places)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", STATES)
def test_every_state_is_open_to_everybody(
    home: Callable[..., Visit], name: str, width: int, scheme: str
) -> None:
    visitor = home(width=width, color_scheme=scheme)
    page = paste(visitor.page, STATES[name])
    for summary in page.locator("#matches summary").all():
        summary.click()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.axe() == []
    assert visitor.complaints == []


# ---- when it does not work ----


def test_patterns_come_when_the_box_is_used(home: Callable[..., Visit]) -> None:
    visitor = home()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.asked_for("patterns.json") == []
    with visitor.page.expect_request("**/patterns.json"):
        visitor.page.locator("#paste").focus()
    paste(visitor.page, ONE)
    assert len(visitor.asked_for("patterns.json")) == 1


@pytest.mark.parametrize("missing", ["**/patterns.json", "**/matcher.mjs"])
def test_a_search_that_cannot_start_says_so_and_tries_again(
    home: Callable[..., Visit], missing: str
) -> None:
    visitor = home()
    visitor.context.route(missing, lambda route: route.abort())
    page = paste(visitor.page, ONE)
    assert page.evaluate("document.body.dataset.search") == "failed"
    assert "The search does not work" in page.locator("#found").inner_text()
    assert page.locator("#failed").get_by_role("link").is_visible()
    visitor.context.unroute(missing)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_function("document.body.dataset.search === 'found'")
    assert found(page)[0] == "NO_MATCHING_DISTRIBUTION"


def test_a_fix_that_cannot_be_fetched_leaves_the_rest(home: Callable[..., Visit]) -> None:
    visitor = home()
    visitor.context.route("**/answers/*", lambda route: route.abort())
    page = paste(visitor.page, ONE)
    assert "The fix could not be loaded" in page.locator("#matches").inner_text()
    assert page.get_by_role("link", name="Open the page").is_visible()


def test_without_script_the_page_leads_to_browsing(
    visit: Callable[..., Visit], whole_address: str
) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.page.goto(whole_address)
    assert visitor.page.locator("#paste").is_hidden()
    assert visitor.page.locator("noscript p").is_visible()
    assert visitor.page.locator("noscript a").get_attribute("href") == "./errors/"


def test_opened_as_a_file_the_page_says_that_it_must_be_served(
    visit: Callable[..., Visit], site: object
) -> None:
    page = visit().page
    page.goto(f"file://{site}/index.html")
    assert page.get_by_text("Serve the folder instead").is_visible()
    assert page.locator("#paste").is_hidden()


def test_the_lines_of_a_log_are_those_of_the_matcher(home: Callable[..., Visit]) -> None:
    """Line ends of Windows, old Macs and progress bars count alike."""
    page = paste(home().page, "a\r\nb\rc\n\r\nERROR: No matching distribution found for foo\r\n")
    assert "Line 5" in page.locator("#matches").inner_text()


def test_a_value_is_derived_only_where_it_is_missing(home: Callable[..., Visit]) -> None:
    page = home().page
    script = """async text => {
      const { find } = await import("/assets/search/find.mjs")
      const matcher = await import("/assets/matcher.mjs")
      const patterns = await (await fetch("/patterns.json")).json()
      return find(matcher, patterns, text).matches[0].values
    }"""
    values = page.evaluate(script, "ERROR: No matching distribution found for foo[bar]==1.2")
    assert values["package"] == "foo"
    assert values["version"] == "1.2"
    assert json.dumps(values).count("foo") == 2
