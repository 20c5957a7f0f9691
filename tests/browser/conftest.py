"""A real Chromium, and the built sites served on this machine."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from logs import ready
from playwright.sync_api import Browser, sync_playwright
from visits import Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


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


@pytest.fixture
def home(visit: Callable[..., Visit], whole_address: str) -> Callable[..., Visit]:
    """Return a function that opens the home page of the whole site and waits for its box."""

    def start(path: str = "", **settings: object) -> Visit:
        visitor = visit(**settings)
        visitor.address = whole_address
        visitor.page.goto(whole_address + path)
        ready(visitor.page)
        return visitor

    return start
