"""Each kind of page in a real browser: quiet, private, within its width, open to everybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from visits import Visit

pytestmark = pytest.mark.browser

KINDS = {
    "home": "",
    "finished": "pip/WHOLE_PAGE/",
    "hostile": "pip/HOSTILE_ENTRY/",
    "stub": "pip/OTHER_ERROR/",
    "all errors": "errors/",
    "phase": "phase/resolve/",
    "facet": "command/",
    "procedure": "procedures/do-it/",
    "procedures": "procedures/",
    "about": "about/",
    "coverage": "coverage/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_a_page_is_quiet_private_and_open(
    visit: Callable[..., Visit], path: str, width: int, scheme: str
) -> None:
    visitor = visit(width, color_scheme=scheme)
    page = visitor.open(path)
    shown = page.evaluate("document.body.dataset.mdColorScheme")
    assert shown == ("slate" if scheme == "dark" else "default")
    assert visitor.complaints == []
    assert [url for url in visitor.asked if not url.startswith((visitor.address, "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.axe() == []


def test_every_finished_page_fits_a_narrow_screen(
    visit: Callable[..., Visit], whole_address: str, site: Path
) -> None:
    listed = json.loads((site / "api" / "entries.json").read_text(encoding="utf-8"))["entries"]
    visitor = visit(360)
    for entry in listed:
        if entry["status"] == "finished":
            visitor.page.goto(f"{whole_address}pip/{entry['id']}/")
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, entry["id"]
    assert visitor.complaints == []


def test_a_missing_page_offers_the_nearest(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open("pip/hole-page/")
    page.get_by_role("link", name="WHOLE_PAGE").click()
    page.wait_for_url("**/pip/WHOLE_PAGE/")


def test_a_missing_page_far_from_all_offers_none(visit: Callable[..., Visit]) -> None:
    page = visit().open("qqqqqqqqqqqqqqqq/")
    assert page.locator("#nearest").is_hidden()
    assert page.get_by_role("link", name="All errors, A to Z").is_visible()


def test_a_former_id_leads_on_and_keeps_its_fragment(visit: Callable[..., Visit]) -> None:
    page = visit().open("pip/OLD_NAME/#wordings")
    page.wait_for_url("**/pip/OTHER_ERROR/#wordings")


def test_a_former_id_leads_on_without_script(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).open("pip/OLD_NAME/")
    page.wait_for_url("**/pip/OTHER_ERROR/")


def test_without_script_everything_can_be_read(visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).open("pip/WHOLE_PAGE/")
    assert page.locator(".command").count() == page.locator(".command:visible").count() > 3
    assert page.locator(".needs-js:visible").count() == 0
    assert page.locator(".code__label", has_text="Windows").first.is_visible()


def test_on_paper_all_systems_are_printed_and_no_buttons(visit: Callable[..., Visit]) -> None:
    page = visit().open("pip/WHOLE_PAGE/")
    page.emulate_media(media="print")
    assert page.locator(".command").count() == page.locator(".command:visible").count()
    assert page.locator("button.copy:visible, .os-tabs:visible").count() == 0


def test_the_filter_keeps_what_has_all_words(visit: Callable[..., Visit]) -> None:
    page = visit().open("errors/")
    page.get_by_label("Filter by name or text").fill("other cannot DO")
    assert page.locator(".rows li:visible").count() == 1
    assert page.locator(".rows li:visible a").inner_text() == "OTHER_ERROR"
    assert page.locator("#filter-count").inner_text() == "1 of 3"
    assert page.locator(".letter:visible").count() == 1
    page.get_by_label("Filter by name or text").fill("")
    assert page.locator(".rows li:visible").count() == 3


def test_the_first_fix_is_reached_with_the_keyboard_alone(visit: Callable[..., Visit]) -> None:
    page = visit().open("pip/WHOLE_PAGE/")
    page.keyboard.press("Tab")
    assert "md-skip" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
    assert any("copy" in names for names in seen)
