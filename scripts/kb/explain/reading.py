"""What is to be explained: bytes of any encoding and length, as text of a bounded size."""

from __future__ import annotations

import codecs
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

MOST = 16 * 2**20
"""How many bytes are kept: the end of the input, where the error stands."""
TOTAL = 2**30
"""How many bytes are read before reading stops."""
CHUNK = 2**16
SAMPLE = 4096


class Tail:
    """The end of a stream of bytes, and how many lines were before it."""

    def __init__(self, most: int = MOST) -> None:
        """Keep at least so many bytes, if there are so many, and not many more."""
        self.lines_before = 0
        self._most = most
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._start = b""
        self._bytes_before = 0
        self._split = False

    def add(self, data: bytes) -> None:
        """Add the next bytes."""
        if len(self._start) < SAMPLE:
            self._start += data[: SAMPLE - len(self._start)]
        self._chunks.append(data)
        self._size += len(data)
        while len(self._chunks) > 1 and self._size - len(self._chunks[0]) >= self._most:
            first = self._chunks.popleft()
            self._size -= len(first)
            self._bytes_before += len(first)
            self.lines_before += first.count(b"\n") + first.count(b"\r") - first.count(b"\r\n")
            self.lines_before -= self._split and first.startswith(b"\n")
            self._split = first.endswith(b"\r")

    def text(self) -> str:
        """Return the bytes that were kept as text."""
        data = b"".join(self._chunks)
        encoding = _encoding(self._start)
        if encoding != "utf-8" and self._bytes_before % 2:
            data = data[1:]
        return decode(data, encoding)


def read(stream: BinaryIO) -> Tail:
    """Read a file or a pipe up to its end.

    Raises:
        OSError: it cannot be read.
    """
    tail = Tail()
    left = TOTAL
    while left > 0:
        data = stream.read(CHUNK)
        if not data:
            break
        tail.add(data)
        left -= len(data)
    return tail


def decode(data: bytes, encoding: str = "") -> str:
    """Return bytes as text, whatever they are; no byte makes it fail.

    Args:
        data: UTF-8, UTF-16 as PowerShell writes it (with a byte order mark or without), a Windows
            code page, or several of them in one file.
        encoding: "utf-8", "utf-16-le" or "utf-16-be", where it is known.

    Returns:
        The text without NULs and byte order marks.
    """
    encoding = encoding or _encoding(data[:SAMPLE])
    if encoding == "utf-8":
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\n".join(map(_line, data.split(b"\n")))
    else:
        text = data.decode(encoding, "replace")
    return text.replace("\ufeff", "").replace("\0", "")


def _line(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _encoding(start: bytes) -> str:
    """Return the encoding that a byte order mark or the NULs of ASCII in UTF-16 tell."""
    if start.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if start.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if 3 * odd > len(start) // 2 and odd > even:
        return "utf-16-le"
    if 3 * even > len(start) // 2 and even > odd:
        return "utf-16-be"
    return "utf-8"
