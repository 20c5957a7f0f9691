"""The hook: a build stops at a finding, a server goes on and recovers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import markdown
import pytest
from knowledge import SITE, good, hostile, loaded
from sites import ROOT, good_entries, mkdocs

from kb.render import Pages
from mkdocs_hooks import HtmlBlocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60.0


class Server:
    """`mkdocs serve` on a free port of this machine."""

    def __init__(self, settings: Path) -> None:
        """Start it."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "mkdocs", "serve", "--config-file", str(settings)]
        self._log = settings.with_name("serve.log")
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--dev-addr", f"127.0.0.1:{self.port}"],
                cwd=ROOT, stdout=log, stderr=log, env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )  # fmt: skip

    @property
    def log(self) -> str:
        """Return what the server said so far."""
        return self._log.read_text(encoding="utf-8")

    def text(self, path: str) -> str:
        """Return a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def status(self, path: str) -> int:
        """Return the status of a page, 0 while nothing answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/{path}", timeout=30
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return int(error.code)
        except OSError:
            return 0

    def wait_for(self, path: str, text: str) -> None:
        """Wait until a page has a text."""
        until = time.monotonic() + PATIENCE
        while text not in self.text(path):
            assert time.monotonic() < until, self.log
            time.sleep(0.1)

    def wait(self, path: str, status: int, said: str = "") -> None:
        """Wait until a page has a status, and the log a text."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if said in self.log and self.status(path) == status:
                return
            time.sleep(0.1)
        pytest.fail(f"{path} never had status {status} with {said!r} said:\n{self.log}")


@contextmanager
def serving(settings: Path) -> Iterator[Server]:
    """Serve while the block runs."""
    server = Server(settings)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(PATIENCE)


def test_a_build_stops_at_findings_and_names_them_all(tmp_path: Path) -> None:
    settings = good_entries(tmp_path)
    broken = tmp_path / "entries" / "pip"
    (broken / "NOT_YAML.yml").write_text("id: [", encoding="utf-8")
    text = (broken / "OTHER_ERROR.yml").read_text(encoding="utf-8")
    changed = text.replace("phase: install", "phase: instal\nrelated: [NO_SUCH_PAGE]")
    (broken / "OTHER_ERROR.yml").write_text(changed, encoding="utf-8")
    done = mkdocs("build", "--config-file", str(settings))
    assert done.returncode == 1
    assert "entries/pip/NOT_YAML.yml:" in done.stderr
    assert "entries/pip/OTHER_ERROR.yml:4: phase:" in done.stderr
    assert not (tmp_path / "site" / "pip").exists()


def test_good_entries_build_without_a_warning(tmp_path: Path) -> None:
    done = mkdocs("build", "--strict", "--config-file", str(good_entries(tmp_path)))
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "pip" / "WHOLE_PAGE" / "index.html").read_text(encoding="utf-8")
    assert (
        'href="https://github.com/example/pip-errors/edit/main/entries/pip/WHOLE_PAGE.yml"' in page
    )


def test_a_server_survives_a_broken_entry_and_recovers(tmp_path: Path) -> None:
    settings = good_entries(tmp_path)
    entry = tmp_path / "entries" / "pip" / "OTHER_ERROR.yml"
    good = entry.read_text(encoding="utf-8")
    entry.write_text("kind: [", encoding="utf-8")
    with serving(settings) as server:
        server.wait("pip/WHOLE_PAGE/", 200, said="entries/pip/OTHER_ERROR.yml:1")
        assert server.status("pip/OTHER_ERROR/") == 404
        entry.write_text(good, encoding="utf-8")
        server.wait("pip/OTHER_ERROR/", 200)
        entry.write_text(good.replace("kind: error", "kind: eror"), encoding="utf-8")
        server.wait("pip/OTHER_ERROR/", 404, said="OTHER_ERROR.yml:3: kind:")
        assert server.status("pip/WHOLE_PAGE/") == 200
        entry.write_text(good, encoding="utf-8")
        server.wait("pip/OTHER_ERROR/", 200)


def test_a_server_survives_a_broken_template(tmp_path: Path) -> None:
    good_entries(tmp_path)
    for name in ("templates", "scripts", "site-overrides", "entries"):
        target = tmp_path / "copy" / name
        shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__", "*.yml"))
    for name in ("mkdocs.yml", "NOTICE"):
        shutil.copy(ROOT / name, tmp_path / "copy" / name)
    shutil.copytree(tmp_path / "entries", tmp_path / "copy" / "entries", dirs_exist_ok=True)
    settings = tmp_path / "copy" / "mkdocs.yml"
    template = tmp_path / "copy" / "templates" / "about.md"
    module = tmp_path / "copy" / "scripts" / "kb" / "api.py"
    good = template.read_text(encoding="utf-8")
    with serving(settings) as server:
        server.wait("about/", 200)
        template.write_text(good + "{% if %}", encoding="utf-8")
        server.wait("about/", 200, said="The pages could not be laid out")
        template.write_text(good.replace("About {{", "All about {{"), encoding="utf-8")
        server.wait_for("about/", "All about")
        template.write_text(good + '\n<a href="../nowhere/">x</a>\n', encoding="utf-8")
        server.wait("about/", 200, said="about/: ../nowhere/: there is no such page")
        code = module.read_text(encoding="utf-8")
        module.write_text(code.replace("# {site.name}", "# New {site.name}"), encoding="utf-8")
        server.wait_for("llms.txt", "# New ")


def test_markdown_leaves_the_html_as_it_is_whether_it_is_put_aside_or_not() -> None:
    document, _ = hostile()
    laid_out = Pages(loaded(document), SITE, ROOT / "templates")
    pages = [laid_out.entry(document), laid_out.entry(good()), *laid_out.browsing().values()]
    extensions = ["attr_list", "toc", "tables"]
    for page in pages:
        body = page.split("\n---\n", 1)[1]
        aside = markdown.Markdown(extensions=[*extensions, HtmlBlocks()])
        plain = markdown.Markdown(extensions=extensions)
        assert aside.convert(body).split() == plain.convert(body).split()
        assert aside.toc_tokens == plain.toc_tokens
        assert aside.htmlStash.html_counter > 0
