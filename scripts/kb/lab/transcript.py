"""Make what pip printed the same on every machine: paths, ports and random names, nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.proofs import PROXY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TMP = "/tmp"  # noqa: S108 - what is shown, not where anything is written

_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # names that Python's tempfile and pip's temporary folders end in
        (r"(/pip-(?:standalone-pip|[a-z]+(?:-[a-z]+)*))-[a-z0-9_]{8}\b", r"\1-k3x8w2bd"),
        (r"(/tmp|/[0-9a-f]{50})/tmp[a-z0-9_]{8}\b", r"\1/tmpk3x8w2bd"),
        (r"(/pip-wheel-k3x8w2bd)/\.tmp-[a-z0-9_]{8}\b", r"\1/.tmp-p5m1c9qz"),
        (r"(_)[0-9a-f]{32}\b", r"\g<1>0f3c9a7be51d4c28a6e4b1d09c7f2358"),
        # the folder of a built wheel, which pip names after the index's address
        (
            r"(wheels/)[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{50}",
            r"\g<1>4b/9c/1e/7d2ac06f35e81b94d0a7c3582f6e19b40d7c8a5e23f1096b4d",
        ),
        # size and hash of a built wheel, which holds the time
        (r"size=\d+ sha256=[0-9a-f]{64}", "size=1189 sha256=" + "3f7a9c04e2b8d651" * 4),
        (r"0x[0-9a-f]{8,16}", "0x7f3a5c1d2e80"),
        # a line of CPython's own source
        (r"(_ssl\.c):\d+", r"\1:1006"),
        (r"\b(\d+\.\d+) (kB|MB)/s\b", r"2.1 \2/s"),
        # how bash names itself in a script
        (r"(?m)^/bin/bash: line \d+: ", "bash: "),
    )
)


def stable(text: str, root: Path, hosts: Mapping[str, str]) -> str:
    """Return an output with the paths and ports of one run replaced by natural ones.

    The index speaks plain http, which pip takes from loopback alone. It is shown as the https
    index that it stands for.

    Args:
        text: what was printed.
        root: the box's folder.
        hosts: the names that are shown for the addresses on loopback that the run had:
            ``{"127.0.0.1:40123": "index.example.org"}``.

    Returns:
        The text as it would stand on a person's machine, with Unix line ends and without blanks
        at the ends of lines.
    """
    for folder, natural in (("home", "/home/user"), ("python", "/opt/python"), ("tmp", _TMP)):
        text = text.replace(f"{root}/{folder}", natural)
    for address, name in hosts.items():
        text = _with_host(text, address, name)
    for address, name in hosts.items():  # only now: what stands without its port
        host = address.partition(":")[0]
        text = re.sub(rf"(?<![\w/.:@=-]){host}(?![\w:.-])", name, text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def _with_host(text: str, address: str, name: str) -> str:
    """Put the name of a host in place of an address on loopback."""
    if name == PROXY:
        return text.replace(address, f"{PROXY}:3128")
    text = re.sub(rf"https?://([^\s/@]*@)?{address}\b", rf"https://\g<1>{name}", text)
    host, _, port = address.partition(":")
    old = rf"HTTPS?Connection(Pool)?\(host='{host}', port={port}\b"
    text, found = re.subn(old, rf"HTTPSConnection\1(host='{name}', port=443", text)
    if found or name in text:
        text = text.replace("connection.HTTPConnection object", "connection.HTTPSConnection object")
    text = text.replace(f"host='{host}', port={port}", f"host='{name}', port=443")
    return re.sub(rf"{address}\b", f"{name}:443", text)
