"""Say what changed in the entries since a revision: each one before and after, as Markdown.

In a GitHub workflow the text is put on the job's page (GITHUB_STEP_SUMMARY), else printed. Exit
status: 0 it was written, 2 usage, or git cannot say.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from pathlib import Path

from mkdocs.utils.yaml import yaml_load

from kb import changed
from kb.address import Site
from kb.load import ENTRIES, load
from kb.summary import summary

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--base", required=True, metavar="REV", help="the revision: main")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        config = yaml_load(file)
    site = Site(config["site_name"], config["site_url"], config["extra"]["repository"])
    try:
        ids = changed.ids(options.root, options.base, ENTRIES)
        with tempfile.TemporaryDirectory() as folder:
            changed.before(options.root, options.base, Path(folder))
            old = load(Path(folder))
    except changed.GitError as error:
        print(error, file=sys.stderr)
        return 2
    text = summary(ids, old, load(options.root), site)
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page:
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
