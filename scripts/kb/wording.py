"""Does a message stand in the texts of a symbol? Its literal words must, in order.

A message is a template: ``Cannot uninstall {package}``. It stands in a text if its literals do,
one after the other and word for word, with nothing but holes (and punctuation) where it has
placeholders; a placeholder may also stand for an address, an option or a number that the code
spells out. If no single text holds it, several texts of the symbol in the order of the code
may: the end of one, whole ones, and the beginning of the last, as ``message += …`` builds it.
"""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import TYPE_CHECKING

from kb.astfold import HOLE, Folded, squeeze
from kb.model import split_template

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"\w")
_OPEN = f"{HOLE} "
_TOKEN = re.compile(r"(?<![^ ])(?:(?=--)|(?=\S*[0-9/=@_]))[^\s\0]+(?<![.,:;)])")
_AFTER_HOLE = re.compile(rf"{HOLE}[^\w]*$")
_LONG_WORD = re.compile(r"[A-Za-z0-9]{4,}")
_HOLES = re.compile(rf"{HOLE}(?:[^\w{HOLE}]*{HOLE})*")
_MOST_STEPS = 200_000


def template(text: str) -> str:
    """Return a message's template as a text with holes, blanks folded.

    A hole at its beginning or end stays: it tells short messages (``Got {got}``) apart from
    common words.

    Raises:
        ValueError: a brace stands alone, or a placeholder has no name.
    """
    literals, _ = split_template(text)
    return squeeze(HOLE.join(literals))


def find(message: str, groups: Sequence[Sequence[Folded]]) -> list[Folded]:
    """Return the texts that a message is made of, or nothing if it does not stand there.

    Args:
        message: a text with holes, as :func:`template` makes it.
        groups: the texts of a symbol with their readings, as ``astfold.texts_of`` gives them.
    """
    body = message.lstrip(_OPEN)
    after_hole = message.startswith(HOLE)
    if not body:
        return []
    walker = _Walker(body)
    words = _LONG_WORD.findall(body)
    for group in groups:
        for folded in group:
            text = folded.text
            if all(word in text for word in words) and any(
                walker.ends(text, start, 0)[1] for start in _starts(text, after_hole=after_hole)
            ):
                return [folded]
    return _assembled(walker, groups, after_hole=after_hole)


def says(message: str, text: str) -> bool:
    """Say whether all the words of a text stand in a message, in order.

    Args:
        message: a text with holes, as :func:`template` makes it.
        text: a text of pip's code with holes. An address, an option or a number in it may be
            a hole in the message.
    """
    return any(_reading(one).search(message) for one in (text, _TOKEN.sub(HOLE, text)))


@cache
def _reading(text: str) -> re.Pattern[str]:
    """Return what finds the literals of a text, one after the other, as whole words."""
    pieces = [squeeze(piece) for piece in text.split(HOLE)]
    found = [re.escape(piece) for piece in pieces if _WORD.search(piece)]
    if not found:
        return re.compile("(?!)")
    start = r"(?<!\w)" if _WORD.match(pieces[0]) else ""
    end = r"(?!\w)" if _WORD.match(pieces[-1][-1:]) else ""
    return re.compile(start + ".*?".join(found) + end)


def _starts(text: str, *, after_hole: bool) -> list[int]:
    """Return where a message may begin in a text: not inside a word, and behind a hole if asked."""
    return [
        at
        for at, char in enumerate(text)
        if char != " "
        and not (at and _WORD.match(text[at - 1]) and _WORD.match(char))
        and (not after_hole or at == 0 or _AFTER_HOLE.search(text[:at]))
    ]


def _assembled(
    walker: _Walker, groups: Sequence[Sequence[Folded]], *, after_hole: bool
) -> list[Folded]:
    """Put the message together from several texts, in order."""
    reached: dict[int, list[Folded]] = {}
    for group in groups:
        fresh: dict[int, list[Folded]] = {}
        for folded in group:
            for place, used in [*reached.items()]:
                whole, done = walker.ends(folded.text, 0, place)
                if done:
                    return [*used, folded]
                for end in whole - {place}:
                    fresh.setdefault(end, [*used, folded])
            for start in _starts(folded.text, after_hole=after_hole):
                for end in walker.ends(folded.text, start, 0)[0] - {0}:
                    fresh.setdefault(end, [folded])
        for end, used in fresh.items():
            reached.setdefault(end, used)
    return []


class _Walker:
    """Walk along a text and the message at once."""

    def __init__(self, message: str) -> None:
        self._message = message

    def ends(self, text: str, start: int, place: int) -> tuple[set[int], bool]:
        """Read a text from `start` against the message from `place`.

        Returns:
            The places that the message has reached where the text ends, and whether the
            message came to its end (at the end of a word of the text).
        """
        message = self._message
        reached: set[int] = set()
        seen: set[tuple[int, int]] = set()
        stack = [(start, place)]
        while stack and len(seen) < _MOST_STEPS:
            state = stack.pop()
            if state in seen:
                continue
            seen.add(state)
            at, to = state
            if to == len(message):
                if (
                    at == len(text)
                    or not at
                    or not (_WORD.match(text[at]) and _WORD.match(text[at - 1]))
                ):
                    return reached, True
                continue
            if at == len(text):
                if not message[to:].strip(_OPEN):
                    return reached, True
                reached.add(to)
                if not _WORD.match(message[to]):
                    stack.append((at, to + 1))
                continue
            stack.extend(_steps(text, at, message, to))
        return reached, False


def _steps(text: str, at: int, message: str, to: int) -> list[tuple[int, int]]:
    """Return the next states: one step along the text, the message, or both."""
    here, wanted = text[at], message[to]
    steps = []
    if here == wanted:
        steps.append((at + 1, to + 1))
    if here == HOLE:
        steps.append((at + 1, to))
    if wanted == HOLE and HOLE in text[max(0, at - 1) : at + 1]:
        found = _HOLES.match(text, at if here == HOLE else at - 1)
        steps += [(at, to + 1), *([(found.end(), to + 1)] if found else [])]
    if wanted == HOLE and (token := _TOKEN.match(text, at)):
        steps.append((token.end(), to + 1))
    if wanted == " " and (at == 0 or HOLE in (message[to - 1], message[to + 1 : to + 2])):
        steps.append((at, to + 1))
    if here == " " and HOLE in (text[at - 1], text[at + 1 : at + 2]):
        steps.append((at + 1, to))
    return steps


def nearest(message: str, texts: Sequence[Folded]) -> tuple[float, Folded | None]:
    """Return the text that comes nearest to a message, and how near: 0 to 1."""
    words = message.replace(HOLE, " ").split()
    best: tuple[float, Folded | None] = (0.0, None)
    for folded in texts:
        other = folded.text.replace(HOLE, " ").split()
        matcher = difflib.SequenceMatcher(None, words, other, autojunk=False)
        if matcher.real_quick_ratio() > best[0]:
            ratio = matcher.ratio()
            if ratio > best[0]:
                best = (ratio, folded)
    return best
