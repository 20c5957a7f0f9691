"""A visit to a page in a real browser."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


class Visit:
    """One page in a fresh browser, with all that it asked for and complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        """Listen before anything is loaded."""
        self.context = context
        self.address = address
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until it is quiet."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def asked_for(self, part: str) -> list[str]:
        """Return what was asked for whose address has a text."""
        return [url for url in self.asked if part in url]

    def axe(self) -> list[str]:
        """Return what axe finds wrong, with the elements."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run()")["violations"]
        return [
            f"{wrong['id']}: {node['html'][:160]} {node['failureSummary']}"
            for wrong in found
            for node in wrong["nodes"]
        ]
