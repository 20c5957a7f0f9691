"""Explain the output of pip, as ``explain.pyz`` does, from the entries of this repository."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.utils.yaml import yaml_load

from kb import offline
from kb.address import Site
from kb.explain import cli
from kb.explain.knowledge import Knowledge
from kb.load import load
from kb.patterns import compile_patterns

ROOT = Path(__file__).resolve().parent.parent


def knowledge() -> Knowledge:
    """Return the patterns and pages, as the entries have them now."""
    loaded = load(ROOT)
    if loaded.findings:
        print(f"{len(loaded.findings)} findings: see `make check`", file=sys.stderr)
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        config = yaml_load(file)
    site = Site(config["site_name"], config["site_url"], config["extra"]["repository"])
    return Knowledge(compile_patterns(loaded), offline.pages(loaded, site))


if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:], knowledge))
