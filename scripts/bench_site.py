"""Measure the site: build time, bytes a page, and what a first visit to an entry transfers.

For 100, 400 and 1,600 synthetic entries (copies of the finished ones under other ids), side by
side with plain MkDocs and Material on the same Markdown. Times are processor seconds, which do not
depend on what else the machine is doing. Bytes are uncompressed, as a plain web
server sends them.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from kb.address import Site
from kb.load import load
from kb.outputs import site_files

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 400, 1600)
PLAIN = """\
site_name: plain
site_url: https://plain.example.org/
docs_dir: docs
theme:
  name: material
  font: false
nav:
  - index.md
not_in_nav: '*'
validation:
  nav:
    omitted_files: ignore
  links:
    not_found: ignore
    anchors: ignore
    absolute_links: ignore
    unrecognized_links: ignore
markdown_extensions:
  - attr_list
  - toc:
      permalink: true
plugins:
  - search
"""


def synthetic(target: Path, count: int) -> list[str]:
    """Make a repository with so many entries, and return their ids.

    Args:
        target: an empty folder.
        count: how many entries.
    """
    for name in ("templates", "site-overrides", "scripts", "requirements"):
        (target / name).symlink_to(ROOT / name)
    for name in ("mkdocs.yml", "NOTICE"):
        shutil.copy2(ROOT / name, target / name)
    procedures = target / "entries" / "procedures"
    procedures.mkdir(parents=True)
    for path in (ROOT / "entries" / "procedures").glob("*.yml"):
        (procedures / path.name).write_text(_unlinked(path.read_text("utf-8")), "utf-8")
    for schema in (ROOT / "entries").glob("*.json"):
        shutil.copy2(schema, target / "entries")
    folder = target / "entries" / "pip"
    folder.mkdir()
    models = [
        path
        for path in sorted((ROOT / "entries" / "pip").glob("*.yml"))
        if "\nstatus: finished\n" in path.read_text(encoding="utf-8")
    ]
    ids = []
    for number in range(count):
        model = models[number % len(models)]
        name = f"SYNTHETIC_{number:04}"
        ids.append(name)
        text = _alone(model.read_text(encoding="utf-8"), model.stem, name, number)
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return ids


def _alone(text: str, old: str, new: str, number: int) -> str:
    """Return an entry under another id, without links to other entries, and worded differently."""
    text = re.sub(rf"^id: {old}$", f"id: {new}", text, flags=re.MULTILINE)
    for key in ("related", "consequence_of", "aliases"):
        text = re.sub(rf"^{key}:(?: .*)?\n(?:(?:  - | +).*\n)*", "", text, flags=re.MULTILINE)
    text = _unlinked(text)
    messages = re.search(r"^messages:\n(?: .*\n|\n)*", text, flags=re.MULTILINE)
    if not messages:
        return text
    worded = re.sub(r"( text: ['\"]?)", rf"\g<1>N{number} ", messages[0])
    return text[: messages.start()] + worded + text[messages.end() :]


def _unlinked(text: str) -> str:
    """Return a file without links to entries."""
    return re.sub(r"\[([A-Z][A-Z0-9_]+)\](?!\()", r"\1", text)


def timed(command: list[str], folder: Path) -> float:
    """Run a command in a folder and return the processor seconds it took.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    started = sum(os.times()[2:4])
    environ = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, env=environ
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()
    return sum(os.times()[2:4]) - started


def plain_build(repository: Path, target: Path) -> float:
    """Build the same Markdown with plain MkDocs and Material; return its processor seconds."""
    loaded = load(repository)
    site = Site("plain", "https://plain.example.org/", "https://git.example.org/plain")
    for uri, text in site_files(loaded, site).items():
        if uri.endswith(".md"):
            path = target / "docs" / uri
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (target / "mkdocs.yml").write_text(PLAIN, encoding="utf-8")
    return timed([sys.executable, "-m", "mkdocs", "build", "-q"], target)


def first_visit(built: Path, entry: str) -> tuple[int, int]:
    """Open an entry in a fresh Chromium; return the requests made and the bytes of their bodies."""
    handler = partial(_Quiet, directory=str(built))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    names = (os.environ.get("CHROMIUM"), "chromium", "google-chrome")
    chromium = next((path for name in names if name and (path := shutil.which(name))), None)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page()
            sizes: list[int] = []
            page.on("response", lambda response: sizes.append(len(response.body())))
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/pip/{entry}/")
            page.wait_for_load_state("networkidle")
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    return len(sizes), sum(sizes)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


def measure(count: int) -> list[str]:
    """Build and visit a site of so many entries; return the row of the table."""
    with tempfile.TemporaryDirectory() as name:
        repository, plain = Path(name, "ours"), Path(name, "plain")
        repository.mkdir()
        plain.mkdir()
        ids = synthetic(repository, count)
        ours = timed([sys.executable, "-m", "mkdocs", "build", "-q"], repository)
        theirs = plain_build(repository, plain)
        built = repository / "site"
        sizes = [(built / "pip" / one / "index.html").stat().st_size for one in ids]
        requests, transfer = first_visit(built, ids[0])
    return [
        f"{count:,}",
        f"{ours:.1f} s",
        f"{theirs:.1f} s",
        f"{ours / theirs:.2f}",
        f"{sum(sizes) / len(sizes) / 1024:.0f} KiB",
        f"{transfer / 1024:.1f} KiB in {requests} requests",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    sizes = parser.parse_args(argv).sizes
    head = ["entries", "build", "plain", "ratio", "a page", "first visit to an entry"]
    print(" | ".join(head))
    for count in sizes:
        print(" | ".join(measure(count)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
