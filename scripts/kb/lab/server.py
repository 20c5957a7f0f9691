"""The lab's package index: a Simple API (HTML and JSON) on loopback, and what can go wrong with it.

The API: the simple repository API of the PyPA specifications (PEP 503, 658, 691, 700).
"""

from __future__ import annotations

import html
import json
import re
import ssl
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import unquote, urlsplit

from kb.recipe import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from kb.lab.dists import DistFile

_JSON = "application/vnd.pypi.simple.v1+json"
_HTML = "text/html; charset=utf-8"
_BINARY = "application/octet-stream"
_ASKS = {
    Answer.UNAUTHORIZED: {"WWW_Authenticate": 'Basic realm="packages"'},
    Answer.PROXY_AUTHENTICATION: {"Proxy_Authenticate": 'Basic realm="proxy"'},
}
_PATIENCE = 40
"""Seconds that the answer `timeout` stays silent; pip's own limit in a recipe is shorter."""


def normalise(name: str) -> str:
    """Return a project's name in the form of addresses (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Served:
    """A release with its files, and the index that lists them."""

    project: str
    files: list[DistFile]
    index: str = "simple"
    requires_python: str | None = None
    yanked: str | None = None
    sha256: str | None = None


class _Server(ThreadingHTTPServer):
    """A server that says nothing when a client hangs up."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Print nothing: broken connections are what recipes ask for."""


class Index:
    """Package indexes on 127.0.0.1, on a free port, for as long as the ``with`` block lasts.

    Attributes:
        pages: what to send for a path, letter by letter.
    """

    def __init__(
        self,
        releases: list[Served],
        answers: dict[str, Answer],
        *,
        once: dict[str, Answer] | None = None,
        certificate: Path | None = None,
    ) -> None:
        """Take what to serve.

        Args:
            releases: each release with its files.
            answers: what to answer instead, by the start of the address's path, or ``proxy``.
            once: the same, for the first request only.
            certificate: a PEM file with key and certificate, to serve https.
        """
        self.releases = releases
        self.files = {
            _file_path(served, file): file for served in releases for file in served.files
        }
        self.answers, self.once = answers, dict(once or {})
        self.pages: dict[str, str] = {}
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"index": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.port: int = self._server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and free the port."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> Answer | None:
        """Return what to answer instead of the page or file at a path."""
        for answers in (self.once, self.answers):
            starts = [start for start in answers if path.startswith(start)]
            if starts:
                start = max(starts, key=len)
                return answers.pop(start) if answers is self.once else answers[start]
        return None

    def page(self, index: str, project: str) -> list[dict[str, object]]:
        """Return the files of a project as the JSON form of the API lists them."""
        found: list[dict[str, object]] = []
        for served in self.releases:
            if served.index != index or normalise(served.project) != project:
                continue
            for file in served.files:
                row: dict[str, object] = {
                    "filename": file.name,
                    "url": _file_path(served, file),
                    "hashes": {"sha256": served.sha256 or file.sha256},
                }
                if file.metadata:
                    row["core-metadata"] = True
                if served.requires_python:
                    row["requires-python"] = served.requires_python
                if served.yanked:
                    row["yanked"] = served.yanked
                found.append(row)
        return found


def _file_path(served: Served, file: DistFile) -> str:
    """Return the path of a file; each further index has a folder of its own."""
    folder = "" if served.index == "simple" else f"/{served.index}"
    return f"{folder}/files/{file.name}"


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    index: ClassVar[Index]
    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_CONNECT(self) -> None:
        """Refuse to be a proxy."""
        self._instead(self.index.answer("proxy") or Answer.FORBIDDEN, "proxy")

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def do_POST(self) -> None:
        """Answer as to GET: an index takes nothing."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def do_GET(self) -> None:
        """Answer with a page or a file, or with what the recipe wants instead."""
        path = unquote(urlsplit(self.path).path)
        if answer := self.index.answer(path):
            self._instead(answer, path)
        else:
            self._send(*self._content(path))

    def _content(self, path: str) -> tuple[int, str, bytes]:
        """Return the status, the content type and the body for a path."""
        page = self.index.pages.get(path)
        if page is not None:
            return 200, _JSON if page.startswith("{") else _HTML, page.encode()
        if file := self.index.files.get(path):
            return 200, _BINARY, file.data
        file = self.index.files.get(path.removesuffix(".metadata"))
        if file and file.metadata:
            return 200, _BINARY, file.metadata
        index, _, project = path.strip("/").partition("/")
        files = self.index.page(index, project)
        if not files:
            return 404, _HTML, b"Not Found"
        if _JSON in self.headers.get("Accept", ""):
            document = {"meta": {"api-version": "1.0"}, "name": project, "files": files}
            return 200, _JSON, json.dumps(document).encode()
        return 200, _HTML, "\n".join(["<!DOCTYPE html>", *map(_anchor, files)]).encode()

    def _send(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == HTTPStatus.OK and "/files/" in self.path:
            self.send_header("Cache-Control", "max-age=365000000, immutable, public")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _instead(self, answer: Answer, path: str) -> None:
        """Give the answer that the recipe asks for."""
        if answer.value.isdigit():
            self._send(int(answer.value), _HTML, b"", **_ASKS.get(answer, {}))
        elif answer is Answer.TIMEOUT:
            self.index.closing.wait(_PATIENCE)
            self.close_connection = True
        elif answer in (Answer.RESET, Answer.CLOSED):
            self._hang_up(reset=answer is Answer.RESET)
        elif answer is Answer.CUT_OFF:
            status, kind, body = self._content(path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif answer is Answer.REDIRECT_LOOP:
            self._send(302, _HTML, b"", Location=path)
        elif answer is Answer.WRONG_TYPE:
            self._send(200, "image/png", b"\x89PNG")
        elif answer is Answer.BAD_JSON:
            self._send(200, _JSON, b'{"files": [')
        elif answer is Answer.OTHER_BYTES:
            self._send(200, _BINARY, b"PK\x03\x04 not the file that was asked for")

    def _hang_up(self, *, reset: bool) -> None:
        """End the connection without an answer, with a reset or in good order."""
        if reset:
            linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
            self.connection.setsockopt(1, 13, linger)  # SOL_SOCKET, SO_LINGER on Linux
        self.connection.close()
        self.close_connection = True


def _anchor(file: dict[str, object]) -> str:
    """Return a file's line on a page of the HTML form of the API."""
    hashes = file["hashes"]
    digest = hashes["sha256"] if isinstance(hashes, dict) else ""
    attributes = "".join(
        f' data-{name}="{html.escape(str(file[name]).replace("True", "true"))}"'
        for name in ("requires-python", "yanked", "core-metadata")
        if name in file
    )
    return f'<a href="{file["url"]}#sha256={digest}"{attributes}>{file["filename"]}</a><br>'
