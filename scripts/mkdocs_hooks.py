"""The adapter between :mod:`kb.outputs` and MkDocs.

`mkdocs build` stops at the first finding. `mkdocs serve` says what is wrong, leaves that page
out, and has it back when the file is mended.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

SCRIPTS = Path(__file__).resolve().parent
log = logging.getLogger("mkdocs.hooks.entries")
state: dict[str, Any] = {"serving": False, "files": {}}


def on_startup(*, command: str, dirty: bool) -> None:  # noqa: ARG001 - MkDocs names them
    """Remember whether an error may stop the program."""
    state["serving"] = command == "serve"


class HtmlBlocks(Extension, Preprocessor):  # type: ignore[misc]
    """Lets Markdown see the headings of a page, and not the HTML between them.

    Markdown changes nothing in that HTML, and reading it would be a third of the build. So each
    block is put where Markdown itself puts aside what is HTML, and it puts them back.
    """

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown names it
        """Run behind the step that normalizes line ends, before all that look for markup."""
        self.md = md
        md.preprocessors.register(self, "html_blocks", 28)

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines of a page with a stand-in for each block of HTML."""
        kept: list[str] = []
        for heading, group in groupby(lines, key=lambda line: line.startswith(("## ", "### "))):
            block = "\n".join(group).strip("\n")
            html = not heading and block.startswith("<")
            kept += ["", *(self.md.htmlStash.store(block) if html else block).split("\n")]
        return kept


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Derive the edit links from the repository's address."""
    config.markdown_extensions.append(HtmlBlocks())
    config.edit_uri = f"{config.extra['repository']}/edit/main/{Path(config.docs_dir).name}/"
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the generated files in the place of the entries."""
    for file in [file for file in files if file.src_uri.endswith(".yml")]:
        files.remove(file)
    others = {file.src_uri for file in files}
    for uri, text in generated(config, others).items():
        file = File.generated(config, uri, content=text)
        entry = f"{uri.removesuffix('/index.md')}.yml"
        if (Path(config.docs_dir) / entry).is_file():
            file.edit_uri = entry
        files.append(file)
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Keep the theme from reading each page for its index; on_post_build writes it."""
    page.meta["search"] = {"exclude": True}
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Write the search index beside the empty one that the theme fetches on each page.

    The worker in site-overrides/assets/javascripts/workers/lazy-search.js loads it.
    """
    empty = Path(config.site_dir, "search", "search_index.json")
    index = json.loads(empty.read_text(encoding="utf-8"))
    index["docs"] = importlib.import_module("kb.searchindex").documents(state["files"])
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    empty.with_name("index.json").write_text(text, encoding="utf-8")


def generated(config: MkDocsConfig, others: set[str]) -> dict[str, str | bytes]:
    """Return the generated files; while serving, whatever is wrong is only logged.

    Args:
        config: of MkDocs.
        others: paths of the files that are published beside them.
    """
    if str(SCRIPTS) not in sys.path:
        sys.path.insert(0, str(SCRIPTS))
    if not state["serving"]:
        state["files"] = build(config, others, [])
        return dict(state["files"])
    for name in [name for name in sys.modules if name.partition(".")[0] == "kb"]:
        del sys.modules[name]  # so that an edited module is read again
    problems: list[str] = []
    try:
        state["files"] = build(config, others, problems)
    except Exception:
        log.exception("The pages could not be laid out; the last ones are served.")
    for problem in problems:
        log.warning(problem)
    return dict(state["files"])


def build(config: MkDocsConfig, others: set[str], problems: list[str]) -> dict[str, str | bytes]:
    """Return the generated files.

    Args:
        config: of MkDocs.
        others: paths of the files that are published beside them.
        problems: takes, while serving, what is wrong.

    Raises:
        PluginError: something is wrong, and the site is not being served.
    """
    names = ("outputs", "load", "rules", "address", "links")
    outputs, load, rules, address, links = (importlib.import_module(f"kb.{name}") for name in names)
    loaded = load.load(Path(config.docs_dir).parent)
    problems += map(str, loaded.findings + rules.check(loaded))
    stop(problems)

    def skip(path: str, error: Exception) -> None:
        problems.append(f"{path}:1: the page cannot be laid out: {error}")

    site = address.Site(config.site_name, config.site_url, config.extra["repository"])
    files: dict[str, str | bytes] = outputs.site_files(
        loaded, site, skip if state["serving"] else None
    )
    problems += links.broken(files, others)
    stop(problems)
    return files


def stop(problems: list[str]) -> None:
    """Stop a build that has problems.

    Raises:
        PluginError: something is wrong, and the site is not being served.
    """
    if problems and not state["serving"]:
        raise PluginError("\n".join([f"{len(problems)} findings:", *problems]))
