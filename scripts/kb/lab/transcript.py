"""Make what pip printed the same on every machine: paths, ports and random names, nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TMP = "/tmp"  # noqa: S108 - what is shown, not where anything is written
INDEX = "index.example.org"

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"/(pip-(?:standalone-pip|[a-z]+(?:-[a-z]+)*))-[a-z0-9_]{8}\b", r"/\1-k3x8w2bd"),
        (r"(_)[0-9a-f]{32}\b", r"\g<1>0f3c9a7be51d4c28a6e4b1d09c7f2358"),
        (r"(wheels/)[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{58}", r"\g<1>4b/9c/1e/7d2a…"),
        (r"0x[0-9a-f]{8,16}", "0x7f3a5c1d2e80"),
        (r"\bpython3\.\d+\b", "python3.11"),
        (r"\(python 3\.\d+\)", "(python 3.11)"),
        (r"(\.tmp|~)?/ephem-wheel-cache-[a-z0-9_]{8}", r"\1/ephem-wheel-cache-k3x8w2bd"),
    )
)


def stable(text: str, root: Path, port: int) -> str:
    """Return an output with the paths and ports of one run replaced by natural ones.

    Args:
        text: what was printed.
        root: the box's folder.
        port: the index's port.

    Returns:
        The text as it would stand on a person's machine, with Unix line ends and without blanks
        at the ends of lines.
    """
    for folder, natural in (("home", "/home/user"), ("python", "/opt/python"), ("tmp", _TMP)):
        text = text.replace(f"{root}/{folder}", natural)
    for scheme in ("http", "https"):
        text = text.replace(f"{scheme}://127.0.0.1:{port}", f"https://{INDEX}")
    text = text.replace(f"host='127.0.0.1', port={port}", f"host='{INDEX}', port=443")
    text = text.replace(f"127.0.0.1:{port}", f"{INDEX}:443")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n") + "\n"
