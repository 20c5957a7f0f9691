"""Addresses that are gone are found; a server that is merely down says nothing."""

from __future__ import annotations

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from entry_cases import GOOD, TESTS, run

from kb.deadlinks import Reader, addresses, gone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer."""
        self.send_response(int(self.path[1:]))
        self.end_headers()


@pytest.fixture
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, ""),
        (403, ""),
        (404, "the server answers 404"),
        (410, "the server answers 410"),
        (429, ""),
        (503, ""),
    ],
)
def test_only_a_missing_page_is_gone(server: str, status: int, answer: str) -> None:
    assert Reader(timeout=5, pause=0).answer(f"{server}/{status}") == answer


def test_a_server_that_is_down_says_nothing() -> None:
    assert Reader(timeout=5, pause=0).answer("http://127.0.0.1:9/") == ""


def test_a_dead_link_is_found_where_it_stands() -> None:
    found = addresses(GOOD)
    assert found
    assert all(url.startswith("https://") and "#" not in url for url in found)
    dead = next(iter(found))
    findings = gone(found, {url: "the server answers 404" if url == dead else "" for url in found})
    assert [finding.field for finding in findings] == [field for _, field in found[dead]]
    assert findings[0].problem == f"{dead} is gone: the server answers 404"


def test_the_command_counts_what_it_asks(tmp_path: Path) -> None:
    (tmp_path / "entries" / "pip").mkdir(parents=True)
    stub = TESTS / "contributions" / "NEIGHBOUR_ERROR.yml"
    shutil.copy(stub, tmp_path / "entries" / "pip")
    done = run("links", "--root", tmp_path)
    assert (done.returncode, done.stdout) == (0, "0 addresses, 0 findings\n")
