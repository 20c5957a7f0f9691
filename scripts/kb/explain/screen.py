"""Text for a terminal: wrapped, coloured if wanted, and never with control characters of a log."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

COLORS = {"error": "1;31", "title": "1", "command": "36", "quote": "33", "address": "4"}
_ESCAPE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[ -/]*[0-~]"
)
_ASCII = str.maketrans(
    {
        "\u2026": "...", "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'",
        "\u201c": '"', "\u201d": '"', "\u2192": "->", "\u00d7": "x", "\u2502": "|",
        "\u2570": "`", "\u2500": "-", "\u00b7": "-",
    }
)  # fmt: skip
_WIDTHS = (40, 100)


def printable(text: str) -> str:
    """Return a text of a log on one line, without anything that a terminal or a runner obeys.

    Escape sequences go, and so do control characters, marks that change the direction of
    writing, and lone surrogates. GitHub's runner obeys ``##[`` anywhere in a line, so a blank
    parts it.
    """
    text = _ESCAPE.sub("", text)
    kept = (c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return "".join(kept).replace("##[", "## [")


class Screen:
    """Lines of text that are gathered and then written."""

    def __init__(self, *, color: bool, width: int) -> None:
        """Gather lines.

        Args:
            color: whether to colour them.
            width: columns of the terminal.
        """
        self._color = color
        self._width = min(max(width, _WIDTHS[0]), _WIDTHS[1])
        self._lines: list[str] = []

    def styled(self, text: str, style: str) -> str:
        """Return a text in a colour, if colours are wanted."""
        return f"\x1b[{COLORS[style]}m{text}\x1b[0m" if self._color and text else text

    def blank(self) -> None:
        """Add an empty line, but never two in a row."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Add one line as it is."""
        self._lines.append(" " * indent + (self.styled(text, style) if style else text))

    def block(self, text: str, style: str = "", indent: int = 0) -> None:
        """Add a command or a file's text, its line breaks kept."""
        for line in text.rstrip("\n").split("\n"):
            self.line(line, style, indent)

    def prose(self, text: str, indent: int = 0, lead: str = "", style: str = "") -> None:
        """Add paragraphs and lists, wrapped.

        Args:
            text: paragraphs with a blank line between them; list items start with a dash.
            indent: columns left free.
            lead: a number or a label in front of the first line.
            style: of all lines.
        """
        hang = indent + (len(lead) if lead[:1].isdigit() else 0)
        first = " " * indent + lead
        for place, paragraph in enumerate(text.split("\n\n")):
            if place:
                self.blank()
            for item in paragraph.split("\n"):
                listed = item.startswith("- ")
                wrapped = textwrap.wrap(
                    item,
                    self._width,
                    initial_indent=first,
                    subsequent_indent=" " * (hang + (2 if listed else 0)),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                self._lines += [self.styled(line, style) if style else line for line in wrapped]
                first = " " * hang

    def text(self) -> str:
        """Return what was gathered."""
        return "\n".join([*self._lines, ""]) if self._lines else ""


def wants_color(choice: str, stream: TextIO) -> bool:
    """Return whether to colour what is written to a stream.

    Args:
        choice: ``always``, ``never`` or ``auto``: a terminal that is not dumb, unless NO_COLOR is
            set (https://no-color.org).
        stream: where it is written.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return sys.platform != "win32" or "WT_SESSION" in os.environ or "TERM" in os.environ


def write(text: str, stream: TextIO) -> None:
    """Write a text in whatever encoding a stream has; what it lacks becomes ASCII."""
    encoding = stream.encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    stream.write(text)
    stream.flush()
