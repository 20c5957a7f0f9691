"""The theme's search: it costs a first visit nothing, and works when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from visits import Visit

pytestmark = pytest.mark.browser


def test_a_first_visit_fetches_neither_index_nor_worker(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    visitor.open("pip/WHOLE_PAGE/")
    assert visitor.asked_for("search/index.json") == []
    assert len(visitor.asked_for("workers/")) <= 1
    assert visitor.asked_for("sitemap") == []
    assert visitor.asked_for("api/") == []


def test_words_are_found_when_they_are_searched(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open("pip/WHOLE_PAGE/")
    page.keyboard.press("/")
    page.keyboard.type("another way")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert "OTHER_ERROR" in result.inner_text()
    assert len(visitor.asked_for("search/index.json")) == 1
    assert visitor.complaints == []
    result.click()
    page.wait_for_url("**/pip/OTHER_ERROR/**")


def test_the_last_word_is_answered_when_the_index_comes_late(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    visitor.context.route(
        "**/search/index.json",
        lambda route: (visitor.page.wait_for_timeout(800), route.continue_()),
    )
    page = visitor.open("about/")
    page.locator("input[name=query]").press_sequentially("another zzzz", delay=20)
    page.locator("input[name=query]").fill("found")
    page.keyboard.press("End")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert "WHOLE_PAGE" in page.locator(".md-search-result").inner_text()


def test_a_missing_index_is_tried_again(visit: Callable[..., Visit]) -> None:
    visitor = visit()
    page = visitor.open("about/")
    visitor.context.route("**/search/index.json", lambda route: route.abort())
    query = page.locator("input[name=query]")
    query.press_sequentially("anothe")
    page.locator(".md-search-result__meta", has_text="No matching documents").wait_for()
    visitor.context.unroute("**/search/index.json")
    query.press_sequentially("r")
    page.locator(".md-search-result__link").first.wait_for()
