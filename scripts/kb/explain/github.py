"""Annotations for GitHub Actions, as workflow commands.

The escapes are those of ``@actions/core``: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
"""

from __future__ import annotations

LEVELS = {"error": "error", "warning": "warning", "deprecation": "warning"}
"""Level of an annotation by the kind of an entry."""


def annotation(level: str, title: str, message: str) -> str:
    """Return one workflow command.

    Args:
        level: ``error``, ``warning`` or ``notice``.
        title: its title.
        message: its text, of one line or more.
    """
    name = _data(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
