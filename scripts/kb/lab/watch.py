"""See when a Python program turns to another host than this one.

Where the network is closed, no connection leaves the machine; this says which one was tried. Where
it cannot be closed, this is what refuses it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RESERVED = re.compile(r"(?:^|\.)(?:invalid|test|example|example\.(?:org|com|net))$")
"""Hosts that can never exist (RFC 2606)."""

_SITECUSTOMIZE = """\
import sys


def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host or ""
    if not isinstance(host, str) or host in ("", "localhost", "::", "::1", "0.0.0.0"):
        return
    if host.startswith(("127.", "::ffff:127.")):
        return
    with open({log!r}, "a") as log:
        log.write(host + "\\n")
    if not {closed!r}:
        raise OSError(101, "Network is unreachable")


if hasattr(sys, "addaudithook"):
    sys.addaudithook(_watch)
"""


class Watch:
    """Watches what runs in one box, by a module that each of its Pythons imports at start."""

    def __init__(self, folder: Path, *, closed: bool, startup: str = "") -> None:
        """Write the module.

        Args:
            folder: an empty folder, for the box's ``PYTHONPATH``.
            closed: the network is closed anyway.
            startup: what else each Python runs at its start.
        """
        self.folder = folder
        self.log = folder / "hosts.txt"
        self.log.touch()
        module = _SITECUSTOMIZE.format(log=str(self.log), closed=closed)
        (folder / "sitecustomize.py").write_text(module + startup, encoding="utf-8")

    def hosts(self, *, reserved: bool) -> list[str]:
        """Return the other hosts that were turned to since the last call.

        Args:
            reserved: names that can never exist are allowed.
        """
        found = sorted(set(self.log.read_text(encoding="utf-8").split()))
        if found:
            self.log.write_text("", encoding="utf-8")
        return [host for host in found if not (reserved and RESERVED.search(host))]
