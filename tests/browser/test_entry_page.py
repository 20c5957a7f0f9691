"""What an entry's page does: systems, copying, values in the address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kb.model import PLACEHOLDER_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from visits import Visit

pytestmark = pytest.mark.browser

ENTRY = "pip/WHOLE_PAGE/"
HOSTILE = [
    "x; rm -rf /", "x && y", "$(reboot)", "`reboot`", '"; reboot; "', "x\nreboot", "a|b", "%PATH%",
    "<img src=x onerror=alert(1)>", "$HOME", "x'y", "--index-url=https://a", "x\u202ey", "é", "",
    "a" * 201, "https://user:secret@index.example.org/", "\\\\server\\share", "C:\\x\\", "!!",
]  # fmt: skip
GOOD = {
    "package": ["foo", "Foo.Bar-baz_1", "a"],
    "version": ["1.0", "1.0.post1+local.1", "v2"],
    "requirement": ["foo", "foo==1.0", "foo[bar,baz]>=1,<2", "foo >= 1.0, != 1.5.*", "foo~=1.4"],
    "specifier": [">=1.0", "==1.*", ">=1,<2"],
    "extra": ["dev"],
    "module": ["os.path", "_x"],
    "python_version": ["3", "3.13", "3.13.1"],
    "number": ["1", "65535"],
    "option": ["--no-cache-dir", "-r"],
    "hash": ["a" * 64, "sha256:" + "0" * 64],
    "path": ["/home/user/x y/z.whl", "C:\\Users\\x\\pip.exe", "~/.cache", "C:\\Files (x86)\\a"],
    "filename": ["requirements.txt", "foo-1.0-py3-none-any.whl"],
    "url": ["https://index.example.org/simple/", "http://127.0.0.1:3141/root/pypi"],
    "host": ["index.example.org", "localhost:8080"],
}  # fmt: skip


def value_of(page: Page, expression: str) -> object:
    """Evaluate an expression with the functions of values.mjs at hand."""
    return page.evaluate(
        f"""async () => {{
          const {{ types, validValue, fitsCommand, parseFragment, formatFragment }} =
            await import("/assets/values.mjs")
          return {expression}
        }}"""
    )


def test_every_fillable_type_has_a_rule_and_no_other(visit: Callable[..., Visit]) -> None:
    page = visit().open("about/")
    fillable = sorted(name for name, kind in PLACEHOLDER_TYPES.items() if kind.fillable)
    assert value_of(page, "types.toSorted()") == fillable


@pytest.mark.parametrize("kind", GOOD)
def test_values_that_fit_their_type_are_taken_and_hostile_ones_are_not(
    visit: Callable[..., Visit], kind: str
) -> None:
    page = visit().open("about/")
    for value in GOOD[kind]:
        assert value_of(page, f"validValue({json.dumps(kind)}, {json.dumps(value)})"), value
    for value in HOSTILE:
        assert not value_of(page, f"validValue({json.dumps(kind)}, {json.dumps(value)})"), value


def test_types_that_are_not_fillable_take_nothing(visit: Callable[..., Visit]) -> None:
    page = visit().open("about/")
    for kind in ("text", "command", "requirements", "no-such-type", "constructor"):
        assert not value_of(page, f"validValue('{kind}', 'foo')"), kind


def test_what_needs_quotes_is_only_put_between_quotes(visit: Callable[..., Visit]) -> None:
    page = visit().open("about/")
    assert value_of(page, """fitsCommand('pip install "', 'foo>=1')""")
    assert not value_of(page, """fitsCommand('pip install ', 'foo>=1')""")
    assert not value_of(page, """fitsCommand('echo "a" ', 'foo>=1')""")
    assert not value_of(page, """fitsCommand('echo "\\npip install ', 'foo>=1')""")
    assert value_of(page, """fitsCommand('pip install ', 'foo==1.0')""")


@pytest.mark.parametrize(
    ("fragment", "anchor", "values"),
    [
        ("", "", {}),
        ("#fix-a", "fix-a", {}),
        ("#fix-a?package=foo", "fix-a", {"package": "foo"}),
        ("#?package=foo&version=1", "", {"package": "foo", "version": "1"}),
        ("#a?requirement=foo%3E%3D1+b", "a", {"requirement": "foo>=1 b"}),
        ("#%zz?x=%zz", "%zz", {"x": "%zz"}),
    ],
)
def test_fragments_are_taken_apart(
    visit: Callable[..., Visit], fragment: str, anchor: str, values: dict[str, str]
) -> None:
    page = visit().open("about/")
    assert value_of(page, f"parseFragment({json.dumps(fragment)})") == {
        "anchor": anchor,
        "values": values,
    }
    again = value_of(page, f"parseFragment(formatFragment(parseFragment({json.dumps(fragment)})))")
    assert again == {"anchor": anchor, "values": values}


def test_a_plain_permalink_scrolls(visit: Callable[..., Visit]) -> None:
    page = visit(height=400).open(f"{ENTRY}#fix-trust")
    assert page.locator("#fix-trust").evaluate("e => e.getBoundingClientRect().top") < 120


def test_a_permalink_with_values_scrolls_and_fills(visit: Callable[..., Visit]) -> None:
    page = visit(height=400).open(f"{ENTRY}#fix-trust?package=foo&wanted=foo%3E%3D2&host=h.example")
    heading = page.locator("#fix-trust")
    page.wait_for_function("scrollY > 200")
    assert 0 <= heading.evaluate("e => e.getBoundingClientRect().top") < 120
    assert page.evaluate("document.activeElement.id") == "fix-trust"
    commands = page.locator(".code--command code").all_text_contents()
    assert 'python -m pip install --upgrade "foo>=2" "foo"' in commands
    assert "Filled in from the link" in page.locator("#filled").inner_text()
    assert page.locator("h1").inner_text().startswith("Found foo old version, wanted")


def test_values_stay_when_the_anchor_changes(visit: Callable[..., Visit]) -> None:
    page = visit().open(f"{ENTRY}#?package=foo")
    page.locator('.choose a[href="#fix-trust"]').click()
    assert page.url.endswith("#fix-trust?package=foo")
    page.go_back()
    assert page.url.endswith("#?package=foo")
    page.get_by_role("button", name="Show the placeholders").click()
    assert page.url.endswith(ENTRY)
    assert page.locator(".filled-in").count() == 0
    assert page.locator("#filled").is_hidden()


def test_a_value_that_does_not_fit_stays_a_placeholder(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open(f"{ENTRY}#?package=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&host=a%3Bb&text=x")
    assert page.locator(".filled-in").count() == 0
    assert page.locator("#filled").is_hidden()
    assert page.locator("img[src=x]").count() == 0
    assert visitor.complaints == []


def test_a_value_that_needs_quotes_is_not_put_beside_them(visit: Callable[..., Visit]) -> None:
    page = visit().open(f"{ENTRY}#?requirement=foo%3E%3D1")
    commands = page.locator(".code--command code").all_text_contents()
    assert '.venv/bin/python -m pip install "foo>=1" && echo done' in commands


def test_copying_gives_the_command_as_it_is_shown(visit: Callable[..., Visit]) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open(f"{ENTRY}#?package=foo")
    page.locator(".first-fix-body .command .copy:visible").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == 'python -m pip install --upgrade "<WANTED>" "foo"'
    assert page.locator(".first-fix-body .command .copy:visible").first.inner_text() == "Copied"
    assert page.locator("p.status").inner_text() == "Copied to the clipboard."


def test_the_answer_is_copied_as_markdown(visit: Callable[..., Visit]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"]).open(f"{ENTRY}#?package=foo")
    page.get_by_role("button", name="Copy the answer as Markdown").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("**WHOLE_PAGE**: `Found foo ")
    assert '   python -m pip install --upgrade "<WANTED>" "foo"\n' in copied
    assert "https://pip-errors.example.org/pip/WHOLE_PAGE/" in copied


@pytest.mark.parametrize(
    ("platform", "os"), [("Win32", "windows"), ("MacIntel", "macos"), ("Linux x86_64", "linux")]
)
def test_the_commands_of_the_visitors_system_are_shown(
    visit: Callable[..., Visit], platform: str, os: str
) -> None:
    visitor = visit()
    visitor.context.add_init_script(
        f"Object.defineProperty(navigator, 'platform', {{ get: () => '{platform}' }});"
        "Object.defineProperty(navigator, 'userAgentData', { get: () => undefined })"
    )
    page = visitor.open(ENTRY)
    hidden = page.locator(f".commands[data-covers~={os}] > .command:not([data-os~={os}]):visible")
    assert hidden.count() == 0
    assert page.locator(f".command[data-os~={os}]:visible").count() > 0
    pressed = page.locator('.os-tabs button[aria-pressed="true"]')
    assert {button.get_attribute("data-os") for button in pressed.all()} == {os}


def test_a_chosen_system_is_remembered_and_shown_everywhere(visit: Callable[..., Visit]) -> None:
    page = visit().open(ENTRY)
    page.get_by_role("button", name="Windows").first.click()
    page.reload()
    assert page.locator("html").get_attribute("data-os") == "windows"
    assert page.locator(".command[data-os=windows]:visible").count() > 0
    assert page.locator('.command[data-os="linux macos"]:visible').count() == 0


@pytest.mark.parametrize("fragment", ["#example-elsewhere", "#example-elsewhere?package=foo"])
def test_a_folded_example_opens_when_a_link_leads_to_it(
    visit: Callable[..., Visit], fragment: str
) -> None:
    page = visit(height=400).open(ENTRY)
    folded = page.locator("#example-elsewhere")
    assert folded.is_hidden()
    page.evaluate(f"location.hash = {fragment!r}")
    folded.wait_for()
    page.wait_for_function("scrollY > 200")
    assert 0 <= folded.evaluate("e => e.getBoundingClientRect().top") < 300
