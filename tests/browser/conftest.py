"""A real Chromium, and the built sites served on this machine."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, with the site's own page for what is missing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, *_: object) -> None:  # type: ignore[override]
        """Answer with the site's page."""
        text = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Chromium: the one in CHROMIUM, or the one that is installed."""
    names = (os.environ.get("CHROMIUM"), "chromium", "google-chrome", "chromium-browser")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("Chromium is missing: sudo apt install chromium (or set CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder while the block runs; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def address(small_site: Path) -> Iterator[str]:
    """Return the address of the small site."""
    with served(small_site) as found:
        yield found


@pytest.fixture(scope="session")
def whole_address(site: Path) -> Iterator[str]:
    """Return the address of the site of this repository."""
    with served(site) as found:
        yield found


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


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Return a function that starts a visit; what it takes are the browser's settings."""
    contexts = []

    def start(width: int = 1280, height: int = 800, **settings: object) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            **settings,  # type: ignore[arg-type]
        )
        contexts.append(context)
        return Visit(context, address)

    yield start
    for context in contexts:
        context.close()
