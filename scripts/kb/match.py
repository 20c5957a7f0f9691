"""Find the errors in a pasted log. One file, the standard library alone, Python 3.8 and newer.

``matcher.mjs`` does the same in the browser; both read the patterns document that
``kb.patterns`` writes, and give the same answer to the last field.

How it works. The paste is cleaned line by line (terminal codes, HTML, log prefixes) and squeezed
to its letters and digits, a byte each, so that wraps, lost symbols, quotes and indentation make
no difference. Every fourth position of the squeezed text is looked up, eight characters at a time,
in a table of the pieces that the patterns consist of: one pass, whatever the number of patterns.
Pieces of a wording that follow each other closely enough make a chain; what the chain covers, and
how rare that is among all entries, decides whether it is an answer, a guess or nothing. Then
causes go before wrappers, wrappers before notices. All arithmetic is on integers.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple, Union

SAMPLE = 8
STRIDE = 4
PIECE = SAMPLE + STRIDE - 1
"""Shortest piece that always holds a sample."""

COMMON = 4
"""Entries that share a piece which is still looked for everywhere."""
NOISE = 60
"""Letters and digits of a prefix or a mangled word between two pieces of one literal."""
COMMAND_GAP = 400
"""The same between two parts of a headline."""
PART_GAP = 4000
"""The same between two parts of a text."""
NEAR = 8000
"""The same between a common text and the text that must stand near it."""
ACCEPT = 60
"""Confidence, in percent, from which a match is an answer."""
GUESS = 30
"""Confidence from which a near miss is offered."""
SHOWN = 50
"""How many places of one wording are weighed and shown."""
TRIED = 5
"""How many of them are tried for the text that must stand near by."""
GUESSES = 5
"""How many near misses are offered."""
TELLING = 24
"""Letters and digits of its own with which a text worded by others needs no pip near by."""
SURE = 75
"""Confidence below which an answer goes behind the others of its level."""
SHORT = 6
"""Letters and digits of its own below which a text tells next to nothing."""
ALONE = 12
"""Letters and digits below which a text must not stand in the middle of a sentence."""
NOTICE = 4
BUILD = 1
"""Mark of a text by others that is printed when Python packages are built or imported only."""
FAR = 300
"""Letters and digits among which the words of a retyped piece are looked for."""
OPEN = 3
"""Chains of one wording that can still grow at a time."""
PLAIN = 24
"""Letters and digits from which a text of pip needs no pip near by."""
OWN = 12
"""The same where the text names pip itself."""
LABELLED = 14
"""The same where pip's label stands before it."""
RETOLD = 6000
"""Letters and digits of a paste up to which retyped texts are looked for, by their words."""
ALIKE = 80
"""Percent of the letters of a stretch of a text that a retyped one must have."""
FEW = 20
MANY = 40
"""Letters it must have if it is the whole text, or a part of it."""
ALL = 100
ALL_BUT = 90
"""Percent of the letters of a text shorter than that: a word of it can be all it tells."""
RARE = 20
"""Entries that a rare word stands in at most."""
LONG = 4
"""Letters of a word up to which a slip makes it another word."""
STEP = 12
"""Words that may stand between two words of a retyped text."""
PAIRS = 200
LABELS = ("ERROR:", "WARNING:", "DEPRECATION:")
LEAD = 100
"""Characters before a text in which its label is looked for."""
WRAPS = 6
"""Lines over which what stands between two pieces of a headline may be wrapped."""
WIDE = 300
"""Letters and digits of a line from which on it is more than one, with its breaks lost."""
WRONG = 40
"""What a value that cannot be one of its type takes from the confidence."""
CERTAIN = 40
"""Letters and digits of its own from which such a value says nothing."""
LOOSE = 24
"""Length from which a piece may run into a neighbouring word, as in two lines glued together."""
BLOCK = 4096
LINES = 40
CUT = 4000
"""Lines, and characters of a line, that are looked at for one placeholder."""

OUTSIDE = 0xA0
"""The first of the bytes that stand for letters outside ASCII."""

Document = Dict[str, Any]
Match = Dict[str, Any]

_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = bytes.maketrans(_CAPITALS, _CAPITALS.lower())
_DROPPED = bytes(set(range(OUTSIDE)) - set(b"0123456789\n" + _CAPITALS + _CAPITALS.lower()))

_ALNUM = re.compile(r"[0-9A-Za-z]")
_LETTER = re.compile("[0-9A-Za-z\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""What is left of a squeezed text: ASCII, and Cyrillic, Japanese, Chinese and Korean letters."""
_OTHER = re.compile("[\x80-\xff\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

BLANKS = " \t\n\x0b\x0c\x1f\xa0\u3000"
QUOTES = "'\"`\u2018\u2019\u201c\u201d"
ESCAPES = ("\\n", "\\r", "\\t")
MARKS = (":", "'", '"', "(", "[")
"""What keeps a literal apart from the placeholder behind it."""
LEADS = " \t>|*\xa0\xd7\u2502\u2570\u2500"
HIDDEN = frozenset(
    map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), 0xFEFF])
) | frozenset(map(chr, range(0x2066, 0x206A)))
"""Characters that control a terminal or the direction of the text."""
_SPACES = {ord(blank): " " for blank in BLANKS}
BREAK = "\x1f"
"""Stands where the paste says ``\\n`` in letters."""
_NAME = re.compile(rb"pip[23]?$")
_ANSI = re.compile(
    "\x1b(?:\\[[0-9;:?<=>]*[ -/]*[@-~]|\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)"
    "|[()][0-9A-Za-z]|[@-Z\\]_a-z=>])"
)
_ANSI_LETTERS = re.compile(r"\\(?:x1[bB]|u001[bB]|033|e)\[[0-9;]*[A-Za-z]")
_ANSI_BARE = re.compile(r"(?:\^\[)?\[[0-9]{1,3}(?:;[0-9]{1,3}){0,4}m")
_ESCAPED = re.compile(
    r"(?:\\r)?\\n(?:(?![0-9a-z_])|(?=(?:error|hint|note|warning|pip)(?![0-9A-Za-z_])))"
)
_TAG = re.compile(
    r"</?(?:a|b|br|code|div|em|font|i|li|p|pre|small|span|strong|sup|table|tbody|td|tr|tt|ul)"
    r"(?: [^<>\n]*)?/?>"
)
_ENTITY = re.compile(
    r"&(?:amp;)*(?:#(?:[0-9]{2,4}|[xX][0-9A-Fa-f]{2,4})|amp|apos|gt|lt|nbsp|quot);"
)
_NAMED = {"amp": "&", "apos": "'", "gt": ">", "lt": "<", "nbsp": " ", "quot": '"'}
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_STAMP = (
    r"\[?(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ])?" + _TIME + r"(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?\]?"
    r"(?: *(?:[-|:]|INFO:?|WARN|DEBUG:?|stdout|stderr|\[[A-Za-z]{4,7}\]:?)(?![^ \n]))*"
    r"(?: [FP](?= ))?"
)
_PREFIX = re.compile(
    r"(?m)^(?:[ \t>|]*(?:"
    r"#[0-9]{1,4} |"
    r"[0-9]{1,6}\.[0-9]{1,6} |" + _STAMP + r"(?: |(?![^\n]))|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +[0-9]{1,2} " + _TIME + " "
    r"[0-9A-Za-z_.-]+ [0-9A-Za-z_./@-]+(?:\[[0-9]+\])?: |"
    r"[0-9A-Za-z][0-9A-Za-z_./-]* *\| |"
    r"##\[[a-z]+\]|==> [0-9A-Za-z_.-]+:(?: |(?![^\n]))|"
    r"(?:remote|:?stdout|:?stderr): |"
    r"\[(?:pip|stdout|stderr|build|app|pod/[0-9A-Za-z_./-]+|[0-9]{1,6}(?:/[0-9]{1,6})?)\] "
    r")){1,4}"
)


def _entity(found: re.Match[str]) -> str:
    name = found[0][1:-1]
    while name.startswith("amp;"):
        name = name[4:]
    if name[0] != "#":
        return _NAMED[name]
    digits, base = (name[2:], 16) if name[1] in "xX" else (name[1:], 10)
    letter = chr(int(digits, base))
    return letter if " " <= letter <= "~" else " "


def clean(text: str) -> str:
    """Return a paste without what terminals, loggers and web pages put around its text.

    Args:
        text: the paste.

    Returns:
        The text with line feeds alone as line ends; it has as many lines as the paste.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "\\" in text:
        text = _ANSI_LETTERS.sub("", text)
        text = _ESCAPED.sub(BREAK, text)
    if "[" in text:
        text = _ANSI_BARE.sub("", text)
    if "</" in text or "<br" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    return _PREFIX.sub("", text)


def squeeze(text: str) -> bytes:
    """Return the letters, lower-case, and digits of a text, a byte each; line feeds stay.

    Of alphabets other than ASCII, those of `_LETTER` are kept; several letters share a byte.
    """
    if text.isascii():
        return text.encode("ascii").translate(_LOWER, _DROPPED)
    return _OTHER.sub(_one_byte, text).encode("latin-1", "ignore").translate(_LOWER, _DROPPED)


def _one_byte(found: re.Match[str]) -> str:
    letter = found[0]
    if letter <= "\xff":
        return ""
    is_capital = "\u0410" <= letter <= "\u042f"
    return chr(OUTSIDE + (ord(letter) + 32 * is_capital) % 96)


class _Piece(NamedTuple):
    text: bytes
    weight: int
    part: int
    group: int
    item: int
    reach: int
    first: bool
    last: bool
    words: Tuple[bytes, ...]


class _Wording(NamedTuple):
    entry: Dict[str, Any]
    number: int
    parts: List[List[Any]]
    pieces: List[_Piece]
    totals: List[int]
    near: List[bytes]
    unless: List[bytes]
    names: List[bytes]
    foreign: int
    is_own: bool
    wanted: Set[int]
    rest: List[int]


class _Chain(NamedTuple):
    wording: _Wording
    confidence: int
    weight: int
    extent: int
    values: Dict[str, str]
    found: Dict[int, int]
    words: List[Tuple[int, int]]

    def spans(self, *, headline: bool = False) -> List[Tuple[int, int]]:
        """Return where its pieces, or those of its headline, stand in the squeezed paste."""
        pieces = self.wording.pieces
        if self.words:
            return self.words
        return sorted(
            (at, at + len(pieces[k].text))
            for k, at in self.found.items()
            if not (headline and pieces[k].group)
        )


class _Found(NamedTuple):
    entry: Dict[str, Any]
    confidence: int
    best: _Chain
    chains: List[_Chain]


class _Paste:
    """A paste, squeezed, with the way back to its lines."""

    def __init__(self, text: Union[str, bytes]) -> None:
        cleaned = clean(decode(text))
        self.lines = cleaned.split("\n")
        squeezed = squeeze(cleaned).split(b"\n")
        self.starts = [0, *accumulate(map(len, squeezed))]
        self.text = b"".join(squeezed)
        self._sums: Dict[int, List[int]] = {}
        self._columns: Dict[Tuple[int, int], List[int]] = {}

    def line(self, at: int) -> int:
        """Return the number, from 0, of the line of a position in the squeezed text."""
        return bisect_right(self.starts, at, 0, len(self.lines)) - 1

    def place(self, at: int) -> Tuple[int, int]:
        """Return line and column, both from 0, of a position in the squeezed text."""
        number = self.line(at)
        rest = at - self.starts[number]
        line = self.lines[number]
        block = 0
        if len(line) > BLOCK:
            sums = self._sums.get(number)
            if sums is None:
                sizes = (len(squeeze(line[i : i + BLOCK])) for i in range(0, len(line), BLOCK))
                sums = self._sums[number] = [0, *accumulate(sizes)]
            block = bisect_right(sums, rest, 0, len(sums) - 1) - 1
            rest -= sums[block]
        columns = self._columns.get((number, block))
        if columns is None:
            first = block * BLOCK
            columns = [found.start() for found in _LETTER.finditer(line, first, first + BLOCK)]
            self._columns[number, block] = columns
        return number, columns[rest]

    def around(self, begin: int, end: int) -> Tuple[str, str]:
        """Return up to two characters before and after a stretch, on its own lines."""
        line, column = self.place(begin)
        before = self.lines[line][max(0, column - 2) : column]
        line, column = self.place(end - 1)
        return before, self.lines[line][column + 1 : column + 3]

    def between(self, begin: Tuple[int, int], end: Tuple[int, int]) -> str:
        """Return the cleaned text from one place up to another, `LINES` lines at most."""
        if begin[0] == end[0]:
            return self.lines[begin[0]][begin[1] : end[1]]
        middle = self.lines[begin[0] + 1 : end[0]][:LINES]
        lines = [self.lines[begin[0]][begin[1] :], *middle, self.lines[end[0]][: end[1]]]
        return "\n".join(lines)


class Matcher:
    """The patterns, indexed. Building one takes longer than a match: keep it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._unit: int = document["unit"]
        self._context = {
            name: [text.encode() for text in document[name]]
            for name in ("context", "command", "build", "foreign", "rivals")
        }
        self._wordings: List[_Wording] = []
        self._users: Dict[bytes, Dict[int, List[int]]] = {}
        self._shorts: Dict[bytes, Dict[int, List[int]]] = {}
        self._grams: Dict[int, List[Tuple[int, bytes]]] = {}
        """Pieces by a sample of them, with the place of the sample in the piece."""
        self._words: Optional[_Words] = None
        for entry in document["entries"]:
            for number, wording in enumerate(entry["wordings"]):
                self._add(entry, number, wording)
        for piece, start in _windows(self._users):
            for offset in range(start, start + STRIDE):
                gram = int.from_bytes(piece[offset : offset + SAMPLE], sys.byteorder)
                self._grams.setdefault(gram, []).append((offset, piece))

    def _add(self, entry: Dict[str, Any], number: int, wording: Dict[str, Any]) -> None:
        pieces: List[_Piece] = []
        groups = _groups(wording["parts"])
        totals = [0] * (groups[-1] + 1)
        weights = iter(wording["weights"])
        reach = 0
        for part, (_, items) in enumerate(wording["parts"]):
            gap = 0
            if part:
                gap = COMMAND_GAP if groups[part] == groups[part - 1] else PART_GAP
            for place, item in enumerate(items):
                if not isinstance(item, str):
                    gap += self.document["types"][item[1]]["gap"]
                    continue
                weight = next(weights)
                text = squeeze(item)
                if text:
                    reach += gap
                    first = not (place and isinstance(items[place - 1], str))
                    last = not (place + 1 < len(items) and isinstance(items[place + 1], str))
                    words = tuple(word for word in map(squeeze, item.split()) if word)
                    group = groups[part]
                    pieces.append(
                        _Piece(text, weight, part, group, place, reach, first, last, words)
                    )
                    reach += len(text)
                    totals[group] += weight
                    gap = NOISE
        if not pieces:
            return
        near = [squeeze(text) for text in wording.get("near", [])]
        this = len(self._wordings)
        self._wordings.append(
            _Wording(
                entry,
                wording.get("of", number),
                wording["parts"],
                pieces,
                totals,
                near,
                [squeeze(text) for text in wording.get("unless", [])],
                [squeeze(text) for text in wording.get("names", [])],
                wording.get("foreign", 0),
                "own" in wording,
                set(),
                [],
            )
        )
        wanted = [k for k, piece in enumerate(pieces) if len(piece.text) >= PIECE]
        telling = [
            k for k in wanted if pieces[k].weight * COMMON >= len(pieces[k].text) * self._unit
        ]
        told = {pieces[k].group for k in telling}
        wanted = sorted(telling + [k for k in wanted if pieces[k].group not in told])
        users = self._users
        if not wanted:
            wanted = [max(range(len(pieces)), key=lambda k: (len(pieces[k].text), -k))]
            users = self._shorts
        self._wordings[this].wanted.update(wanted)
        self._wordings[this].rest.extend(
            sum(
                piece.weight
                for k, piece in enumerate(pieces)
                if piece.group == group and k not in wanted
            )
            for group in range(len(totals))
        )
        for k in wanted:
            users.setdefault(pieces[k].text, {}).setdefault(this, []).append(k)

    def match(self, text: Union[str, bytes]) -> List[Match]:
        """Return the errors in a paste, best first; see :func:`match`."""
        paste = _Paste(text)
        found = [one for one in self._search(paste) if one.confidence >= ACCEPT]
        causes = any(one.entry.get("role", "cause") == "cause" for one in found)
        return [self._result(paste, one, causes=causes) for one in _rank(paste, found)]

    def guesses(self, text: Union[str, bytes]) -> List[Match]:
        """Return near misses, best first; see :func:`guesses`."""
        paste = _Paste(text)
        found = [one for one in self._search(paste) if one.confidence < ACCEPT]
        found.sort(key=lambda one: (-one.confidence, -one.best.weight, one.entry["id"]))
        return [self._result(paste, one, causes=True) for one in found[:GUESSES]]

    def _search(self, paste: _Paste) -> List[_Found]:
        """Return what is found of every entry, answers and guesses alike."""
        best: Dict[str, _Found] = {}
        for number, occurrences in sorted(self._occurrences(paste.text).items()):
            found = self._weigh(paste, self._wordings[number], occurrences)
            if found is None:
                continue
            old = best.get(found.entry["id"])
            if old is not None:
                found = _join(old, found)
            best[found.entry["id"]] = found
        answers = [one.entry for one in best.values() if one.confidence >= ACCEPT]
        if all(entry.get("role", "cause") != "cause" for entry in answers):
            for found in self._retold(paste, answers=bool(answers)):
                old = best.get(found.entry["id"])
                best[found.entry["id"]] = found if old is None else _join(old, found)
        return list(best.values())

    def _retold(self, paste: _Paste, *, answers: bool) -> Iterator[_Found]:
        """Yield the texts of which so many words stand in a short paste that it was retyped.

        Args:
            paste: the paste.
            answers: whether there is an answer already, a wrapper or a notice. Then nearly all
                of a text must be there.
        """
        if len(paste.text) > RETOLD:
            return
        if self._words is None:
            self._words = _Words(self._wordings, self._unit)
        told: List[Tuple[_Chain, bool, Set[Tuple[int, int]]]] = []
        for number, pairs in sorted(self._words.pairs(_tokens(paste)).items()):
            wording = self._wordings[number]
            size, words = _longest(pairs)
            if not self._words.suffice(number, size, words, answers=answers):
                continue
            if words[0][1] and self._is_led_up_to(paste, words[0][0]):
                continue
            spans = [(at, at + length) for at, _, length in words]
            confidence = min(SURE - 1, ACCEPT + (size - FEW) // 3)
            chain = _Chain(wording, confidence, size * self._unit, size, {}, {}, spans)
            told.append((chain, len(words) == len(self._words.worth[number]), set(spans)))
        for chain, is_whole, words_of_it in told:
            name = chain.wording.entry["id"]
            is_shared = not is_whole and any(
                other.wording.entry["id"] != name and words_of_it <= words_of_other
                for other, _, words_of_other in told
            )
            is_answer = not is_shared and self._credible_retold(paste, chain)
            one = chain if is_answer else chain._replace(confidence=ACCEPT - 1)
            yield _Found(one.wording.entry, one.confidence, one, [one])

    def _occurrences(self, text: bytes) -> Dict[int, List[Tuple[int, List[int]]]]:
        """Return, by wording, where which of its pieces stand, in order."""
        grams = self._grams
        found: List[Tuple[int, bytes]] = []
        for shift in range(0, SAMPLE, STRIDE):
            end = len(text) - (len(text) - shift) % SAMPLE
            if end <= shift:
                continue
            samples = memoryview(text)[shift:end].cast("Q").tolist()
            for i, gram in [pair for pair in enumerate(samples) if pair[1] in grams]:
                for offset, piece in grams[gram]:
                    at = i * SAMPLE + shift - offset
                    if at >= 0 and text.startswith(piece, at):
                        found.append((at, piece))
        for piece in self._shorts:
            at = text.find(piece)
            while at >= 0:
                found.append((at, piece))
                at = text.find(piece, at + len(piece))
        occurrences: Dict[int, List[Tuple[int, List[int]]]] = {}
        for at, piece in sorted(found):
            users = self._users if piece in self._users else self._shorts
            for wording, numbers in users[piece].items():
                occurrences.setdefault(wording, []).append((at, numbers))
        return occurrences

    def _weigh(
        self, paste: _Paste, wording: _Wording, occurrences: List[Tuple[int, List[int]]]
    ) -> Optional[_Found]:
        """Return what a wording's pieces amount to, or None if it is too little."""
        judged = (
            self._judge(paste, wording, one)
            for one in _heaviest(wording, occurrences)
            if self._is_worth_it(wording, one)
        )
        chains = [one for one in judged if one and one.confidence >= GUESS]
        if not chains:
            return None
        chains.sort(key=lambda one: (-one.confidence, -one.weight, -len(one.values)))
        for chain in chains[:TRIED]:
            if self._credible(paste, chain):
                good = [one for one in chains if one.confidence >= ACCEPT]
                return _Found(wording.entry, chain.confidence, chain, good or [chain])
        if chains[0].extent < SHORT:
            return None
        confidence = min(chains[0].confidence, ACCEPT - 1)
        return _Found(wording.entry, confidence, chains[0], chains[:1])

    def _is_worth_it(self, wording: _Wording, rough: Dict[int, int]) -> bool:
        """Return whether a chain can come near to a guess, before more is done about it."""
        told = list(wording.rest)
        missing = set(wording.wanted)
        for k in rough:
            told[wording.pieces[k].group] += wording.pieces[k].weight
            missing.discard(k)
        covered = 0
        for group, total in enumerate(wording.totals):
            if not any(wording.pieces[k].group == group for k in missing):
                return True
            covered = max(
                covered, 48 * told[group] * told[group] // (total * total) if total else 0
            )
        return covered + sum(told) // self._unit * 3 // 2 >= GUESS // 2

    def _judge(self, paste: _Paste, wording: _Wording, rough: Dict[int, int]) -> Optional[_Chain]:
        """Return how much a chain tells, or None if nothing."""
        pieces = wording.pieces
        found = {
            k: at
            for k, at in _fill(wording, rough, paste.text).items()
            if _stands(paste, wording, k, at)
        }
        found = _near_lines(paste, wording, found)
        told = [0] * len(wording.totals)
        size = [0] * len(wording.totals)
        whole = [True] * len(wording.totals)
        for k, piece in enumerate(pieces):
            if k in found:
                told[piece.group] += piece.weight
                size[piece.group] += len(piece.text)
            else:
                whole[piece.group] = False
        for k, gained in _retyped(wording, found, paste.text):
            told[pieces[k].group] += gained
        covered = 0
        for group, total in enumerate(wording.totals):
            if whole[group]:
                share = 60 * min(size[group], SHORT) // SHORT if not wording.near else 60
            else:
                share = 48 * told[group] * told[group] // (total * total) if total else 0
            covered = max(covered, share * 4 // 5 if group else share)
        weight = sum(told)
        extent = max(weight // self._unit, size[0] if whole[0] else 0)
        if not extent:
            return None
        values, wrong = _values(paste, wording, found, self.document["types"])
        confidence = min(99, covered + min(60, extent * 3 // 2))
        if wrong and extent < CERTAIN:
            confidence -= WRONG
        return _Chain(wording, confidence, weight, extent, values, found, [])

    def _credible(self, paste: _Paste, chain: _Chain) -> bool:
        """Return whether what must stand near a text stands there, and what must not does not."""
        wording = chain.wording
        spans = chain.spans()
        around = paste.text[max(0, spans[0][0] - NEAR) : spans[-1][1] + NEAR]
        is_named = not wording.names or _is_named(paste, wording, spans)
        is_hint = wording.foreign and not chain.spans(headline=True)
        if not is_named or is_hint or any(text in around for text in wording.unless):
            return False
        if wording.near:
            others = wording.foreign and self._any("foreign", around)
            is_near = chain.extent >= SHORT and any(text in around for text in wording.near)
            return is_near and not (others and not self._any("context", around))
        if self._any("context", around):
            return True
        if not wording.foreign:
            is_labelled = self._labelled(paste, spans[0][0], chain)
            is_plain = chain.extent >= (OWN if wording.is_own else PLAIN)
            if (is_labelled and chain.extent >= LABELLED) or (
                is_plain and not self._any("rivals", around)
            ):
                return True
        if self._any("foreign", around):
            return self._names_a_file(paste, spans, LABELS) and not self._any("rivals", around)
        is_of_a_build = wording.foreign == BUILD and (
            chain.extent >= TELLING or self._any("build", around)
        )
        return is_of_a_build or self._any("command", around) or self._names_a_file(paste, spans)

    def _names_a_file(
        self, paste: _Paste, spans: List[Tuple[int, int]], labels: Tuple[str, ...] = ("",)
    ) -> bool:
        """Return whether what pip downloads is named in the lines of a text.

        Args:
            paste: the paste.
            spans: where the text stands.
            labels: one of them must stand in the same line.
        """
        first, last = paste.line(spans[0][0]), paste.line(spans[-1][1] - 1)
        lines = [line[:CUT] for line in paste.lines[first : min(last + 1, first + LINES) + 1]]
        return any(
            mark in line and any(label in line for label in labels)
            for line in lines
            for mark in self.document["files"]
        )

    def _credible_retold(self, paste: _Paste, chain: _Chain) -> bool:
        """Return whether pip, and no other tool, was at work where a retyped text stands."""
        spans = chain.spans()
        around = paste.text[max(0, spans[0][0] - NEAR) : spans[-1][1] + NEAR]
        if not self._credible(paste, chain) or self._any("foreign", around):
            return False
        if chain.extent >= CERTAIN or self._labelled(paste, spans[0][0], any_case=True):
            return True
        if self._any("context", around):
            return True
        return not chain.wording.foreign and self._any("command", around)

    def _any(self, kind: str, around: bytes) -> bool:
        return any(text in around for text in self._context[kind])

    def _labelled(
        self, paste: _Paste, at: int, chain: Optional[_Chain] = None, *, any_case: bool = False
    ) -> bool:
        """Return whether pip's own ERROR: or WARNING: stands before a text.

        Args:
            paste: the paste.
            at: where the text begins.
            chain: what was found of it. If it begins with a value, that may stand between.
            any_case: whether the label may be in small letters.
        """
        line, column = paste.place(at)
        before = paste.lines[line][max(0, column - LEAD) : column]
        if chain and 0 in chain.found and chain.wording.pieces[0].item:
            return any(label in before for label in LABELS)
        before = before.rstrip(" \t\"'")
        return (_upper(before) if any_case else before).endswith(LABELS)

    def _is_led_up_to(self, paste: _Paste, at: int) -> bool:
        """Return whether other words than a label stand before a text on its line."""
        line, column = paste.place(at)
        before = paste.lines[line][max(0, column - LEAD) : column]
        return bool(squeeze(before)) and not self._labelled(paste, at, any_case=True)

    def _result(self, paste: _Paste, found: _Found, *, causes: bool) -> Match:
        wording = found.best.wording
        lines = [
            [paste.line(begin) + 1, paste.line(end - 1) + 1]
            for chain in found.chains
            for begin, end in chain.spans()
        ]
        parts = sorted({wording.pieces[k].part for k in found.best.found}) or [0]
        return {
            "id": found.entry["id"],
            "wording": wording.number,
            "role": found.entry.get("role", "cause"),
            "confidence": found.confidence / 100,
            "needs_more": not causes and found.entry.get("role") == "wrapper",
            "lines": _merge(lines),
            "values": found.best.values,
            "parts": [wording.parts[part][0] for part in parts],
        }


def _windows(pieces: Iterable[bytes]) -> Iterator[Tuple[bytes, int]]:
    """Yield each piece with the start of its part whose samples the fewest pieces share."""
    samples = [
        (piece, [piece[k : k + SAMPLE] for k in range(len(piece) - SAMPLE + 1)]) for piece in pieces
    ]
    counts = Counter(sample for _, each in samples for sample in each)
    for piece, each in samples:
        shared = [counts[sample] for sample in each]
        sums = [sum(shared[k : k + STRIDE]) for k in range(len(shared) - STRIDE + 1)]
        yield piece, sums.index(min(sums))


class _Words:
    """The words of the headlines, to find a text that was retyped."""

    def __init__(self, wordings: List[_Wording], unit: int) -> None:
        self.sizes: List[List[int]] = []
        self.worth: List[List[int]] = []
        """How much each word tells: its letters, shared among the entries that have it."""
        self._uses: Dict[bytes, List[Tuple[int, int]]] = {}
        self._alike: Dict[bytes, Dict[bytes, None]] = {}
        owners: Dict[bytes, Dict[str, None]] = {}
        texts = [
            [word for piece in wording.pieces if not piece.group for word in piece.words]
            for wording in wordings
        ]
        for number, words in enumerate(texts):
            self.sizes.append([0, *accumulate(map(len, words))])
            for place, word in enumerate(words):
                self._uses.setdefault(word, []).append((number, place))
                owners.setdefault(word, {})[wordings[number].entry["id"]] = None
        for words in texts:
            self.worth.append([len(word) * unit // len(owners[word]) for word in words])
        for word in self._uses:
            for form in _forms(word):
                self._alike.setdefault(form, {})[word] = None
        self._rare = {
            word for word, ids in owners.items() if len(ids) <= RARE and len(word) >= LONG
        }

    def pairs(self, tokens: List[Tuple[bytes, int]]) -> Dict[int, List[Tuple[int, int, int, int]]]:
        """Return, by wording, which of its words stand where: token, place, position, length.

        Only wordings are returned of which two rare words stand in the paste.
        """
        found: Dict[int, List[Tuple[int, int, int, int]]] = {}
        rare: Dict[int, Dict[bytes, None]] = {}
        for n, (token, at) in enumerate(tokens):
            words: Dict[bytes, None] = {}
            for form in _forms(token):
                words.update(self._alike.get(form, {}))
            for word in words:
                for number, place in self._uses[word]:
                    found.setdefault(number, []).append((n, place, at, len(token)))
                    if word in self._rare:
                        rare.setdefault(number, {})[word] = None
        return {
            number: sorted(pairs)[:PAIRS]
            for number, pairs in found.items()
            if len(rare.get(number, {})) > 1
        }

    def suffice(
        self, number: int, size: int, words: List[Tuple[int, int, int]], *, answers: bool
    ) -> bool:
        """Return whether words tell of a wording.

        Args:
            number: the number of the wording.
            size: their letters.
            words: position, place in the wording and length of each.
            answers: whether nearly all of the text must be there.
        """
        first, last = words[0][1], words[-1][1]
        whole, worth = self.sizes[number], self.worth[number]
        told = sum(worth[place] for _, place, _ in words)
        share = 100 * size // (whole[last + 1] - whole[first])
        if share < (ALL_BUT if answers or whole[-1] < MANY else ALIKE):
            return False
        if 100 * told < ALIKE * sum(worth[first : last + 1]):
            return False
        is_all = share == ALL and len(words) == last + 1 - first
        is_cut = is_all and 2 * told >= sum(worth) and not answers and _runs_on(words)
        enough = ALL_BUT if whole[-1] < MANY else ALIKE
        return size >= (FEW if 100 * size // whole[-1] >= enough or is_cut else MANY)


def _forms(word: bytes) -> Iterator[bytes]:
    """Yield a word, and, if it is long enough, what is left of it without each of its letters."""
    yield word
    if len(word) > LONG:
        for k in range(len(word)):
            yield word[:k] + word[k + 1 :]


def _tokens(paste: _Paste) -> List[Tuple[bytes, int]]:
    """Return the words of a paste, squeezed, with their positions in the squeezed text."""
    tokens = []
    for number, line in enumerate(paste.lines):
        at = paste.starts[number]
        for word in line.translate(_SPACES).split(" "):
            squeezed = squeeze(word)
            if squeezed:
                tokens.append((squeezed, at))
                at += len(squeezed)
    return tokens


def _longest(pairs: List[Tuple[int, int, int, int]]) -> Tuple[int, List[Tuple[int, int, int]]]:
    """Return the most letters that words make in the right order, and the words.

    Returns:
        The number of letters, and for each word its position, its place in the wording and its
        length in the paste.
    """
    best: List[int] = []
    before: List[int] = []
    for n, (token, place, _, length) in enumerate(pairs):
        size, link = length, -1
        for k in range(n):
            near = 0 < token - pairs[k][0] <= STEP and 0 < place - pairs[k][1] <= STEP
            if near and best[k] + length >= size:
                size, link = best[k] + length, k
        best.append(size)
        before.append(link)
    n = max(range(len(best)), key=lambda k: (best[k], -k))
    size, words = best[n], []
    while n >= 0:
        words.append((pairs[n][2], pairs[n][1], pairs[n][3]))
        n = before[n]
    return size, words[::-1]


def _runs_on(words: List[Tuple[int, int, int]]) -> bool:
    """Return whether words stand side by side, but for what stands in a placeholder's place."""
    gaps = [words[k][0] - words[k - 1][0] - words[k - 1][2] for k in range(1, len(words))]
    return all(gap <= NOISE for gap in gaps) and gaps.count(0) * 2 >= len(gaps)


def _groups(parts: List[List[Any]]) -> List[int]:
    """Number the parts that count together: the messages at the front are one headline."""
    groups = [0]
    for part in range(1, len(parts)):
        same = parts[part][0] == "message" and not groups[-1]
        groups.append(groups[-1] if same else groups[-1] + 1)
    return groups


def _chains(
    wording: _Wording, occurrences: List[Tuple[int, List[int]]]
) -> Iterator[Dict[int, int]]:
    """Yield pieces that follow each other closely enough: position by number of the piece."""
    pieces = wording.pieces
    open_chains: List[Dict[int, int]] = []
    for at, numbers in occurrences:
        best: Optional[Tuple[int, int, Dict[int, int]]] = None
        for chain in open_chains:
            last = max(chain)
            end = chain[last] + len(pieces[last].text)
            for number in numbers:
                if number > last and at >= end:
                    reach = pieces[number].reach - pieces[last].reach - len(pieces[last].text)
                    if at - end <= reach and (best is None or len(chain) >= best[0]):
                        best = (len(chain), number, chain)
                        break
        if best is not None:
            best[2][best[1]] = at
            continue
        if len(open_chains) == OPEN:
            yield open_chains.pop(0)
        open_chains.append({numbers[0]: at})
    yield from open_chains


def _heaviest(wording: _Wording, occurrences: List[Tuple[int, List[int]]]) -> List[Dict[int, int]]:
    """Return the `SHOWN` chains that tell most; of equal ones the first and the last, in order."""
    chains = list(_chains(wording, occurrences))
    if len(chains) <= SHOWN:
        return chains
    pieces = wording.pieces
    weights = [sum(pieces[k].weight for k in chain) for chain in chains]
    least = sorted(weights, reverse=True)[SHOWN - 1]
    more = [n for n, weight in enumerate(weights) if weight > least]
    same = [n for n, weight in enumerate(weights) if weight == least]
    room = SHOWN - len(more)
    first = room // 2
    return [chains[n] for n in sorted(more + same[:first] + same[len(same) - room + first :])]


def _fill(wording: _Wording, rough: Dict[int, int], text: bytes) -> Dict[int, int]:
    """Add to a chain the pieces that are too short or common to be looked for everywhere."""
    pieces = wording.pieces
    chain = dict(rough)
    for k in range(min(rough) - 1, -1, -1):
        if k + 1 not in chain or k in wording.wanted:
            break
        end = chain[k + 1]
        begin = max(0, end - (pieces[k + 1].reach - pieces[k].reach))
        at = text.rfind(pieces[k].text, begin, end)
        if at >= 0:
            chain[k] = at
    last = min(rough)
    for k in range(last + 1, len(pieces)):
        if k not in chain and k not in wording.wanted:
            begin = chain[last] + len(pieces[last].text)
            end = chain[last] + pieces[k].reach - pieces[last].reach + len(pieces[k].text)
            end = min([end, *(rough[n] for n in rough if n > k)])
            at = text.find(pieces[k].text, begin, end)
            if at >= 0:
                chain[k] = at
        if k in chain:
            last = k
    return chain


def _near_lines(paste: _Paste, wording: _Wording, chain: Dict[int, int]) -> Dict[int, int]:
    """Return a chain without the pieces of its headline that stand too many lines away."""
    pieces = wording.pieces
    runs: List[List[int]] = []
    last = 0
    for k in sorted(k for k in chain if not pieces[k].group):
        if runs and paste.line(chain[k]) - last <= WRAPS:
            runs[-1].append(k)
        else:
            runs.append([k])
        last = paste.line(chain[k] + len(pieces[k].text) - 1)
    if len(runs) <= 1:
        return chain
    best = max(runs, key=lambda run: sum(pieces[k].weight for k in run))
    return {k: at for k, at in chain.items() if pieces[k].group or k in best}


def _retyped(wording: _Wording, chain: Dict[int, int], text: bytes) -> Iterator[Tuple[int, int]]:
    """Yield what pieces are worth of which some words stand where the piece should stand."""
    pieces = wording.pieces
    known = sorted(chain)
    for k, piece in enumerate(pieces):
        if k in chain or not piece.words[1:]:
            continue
        below = [n for n in known if n < k]
        above = [n for n in known if n > k]
        room = len(piece.text) + NOISE
        if below:
            begin = chain[below[-1]] + len(pieces[below[-1]].text)
            begin_reach = piece.reach - pieces[below[-1]].reach - len(pieces[below[-1]].text)
            end = begin + begin_reach + room
            if above:
                end = min(end, chain[above[0]])
        elif above:
            end = chain[above[0]]
            begin = max(0, end - (pieces[above[0]].reach - piece.reach) - NOISE)
        else:
            continue
        if end - begin > FAR:
            continue
        size = _letters(piece.words, text, begin, end)
        if 2 * size > len(piece.text):
            yield k, piece.weight * size * 3 // (len(piece.text) * 4)


def _letters(words: Tuple[bytes, ...], text: bytes, begin: int, end: int) -> int:
    """Return how many letters of words stand in a stretch of a text, in order."""
    size = 0
    for word in words:
        at = text.find(word, begin, end)
        if at >= 0:
            size += len(word)
            begin = at + len(word)
        elif _is_cut_off(word, text, begin, end):
            return size + len(text) - begin
    return size


def _is_cut_off(word: bytes, text: bytes, begin: int, end: int) -> bool:
    """Return whether a text ends with the start of a word, where the word should stand."""
    size = len(text) - begin
    return end >= len(text) and SHORT // 2 < size <= len(word) and word.startswith(text[begin:])


def _stands(paste: _Paste, wording: _Wording, number: int, at: int) -> bool:
    """Return whether a short piece does not run into a word that the template ends at it."""
    piece = wording.pieces[number]
    if len(piece.text) > LOOSE:
        return True
    items = wording.parts[piece.part][1]
    item = items[piece.item]
    before, after = paste.around(at, at + len(piece.text))
    alone = len(wording.pieces) == 1
    if piece.first and before and not _begins(item, before, is_edge=piece.item == 0):
        return False
    is_plain = not any("A" <= letter <= "Z" for letter in item[1:])
    if piece.first and alone and is_plain and len(piece.text) < ALONE and _talk(before):
        return False
    mark = _tail(item)[:1]
    is_short = sum(len(one.text) for one in wording.pieces) < PLAIN
    if piece.last and is_short and mark in MARKS and _ALNUM.match(after.lstrip(BLANKS)):
        return False
    is_edge = piece.item == len(items) - 1
    following = wording.pieces[number + 1 : number + 2]
    end = at + len(piece.text)
    if not piece.last and following and paste.text.startswith(following[0].text, end):
        return True
    return not after or _ends(item, after, is_edge=is_edge)


def _is_named(paste: _Paste, wording: _Wording, spans: List[Tuple[int, int]]) -> bool:
    """Return whether the name of pip, not a longer one, stands where the text has it."""
    size = sum(len(piece.text) for piece in wording.pieces)
    begin, end = max(0, spans[0][0] - size - NOISE), spans[-1][1] + size
    for name in wording.names:
        at = paste.text.find(name, begin, end)
        while at >= 0:
            before, after = paste.around(at, at + len(name))
            runs_in = name.startswith(b"pip") and _word(before[-1:]) and before not in ESCAPES
            if not (runs_in or (_NAME.search(name) and _word(after))):
                return True
            at = paste.text.find(name, at + 1, end)
    return False


def _begins(item: str, before: str, *, is_edge: bool) -> bool:
    """Return whether a literal may begin behind these characters."""
    if not (is_edge and _word(item[0]) and _word(before[-1])):
        return True
    return before in ESCAPES or ("A" <= item[0] <= "Z" and "0" <= before[-1] <= "9")


def _ends(item: str, after: str, *, is_edge: bool) -> bool:
    """Return whether a literal may end before these characters."""
    if after[0] == item[-1]:
        return True
    if (is_edge or not _word(item[-1])) and _word(after[0]):
        return False
    return not (is_edge and after[0] in ".-" and _word(after[1:]))


def _upper(text: str) -> str:
    """Return a text with its ASCII letters upper-case."""
    return "".join(c.upper() if "a" <= c <= "z" else c for c in text)


def _talk(before: str) -> bool:
    """Return whether a sentence leads up to what follows."""
    lead = before.rstrip(BLANKS)
    return bool(lead) and (lead[-1] == "," or "A" <= lead[-1] <= "Z" or "a" <= lead[-1] <= "z")


def _word(text: str) -> bool:
    """Return whether a text begins with a character of a word."""
    return text[:1] == "_" or _ALNUM.match(text) is not None


def _values(
    paste: _Paste, wording: _Wording, chain: Dict[int, int], types: Dict[str, Any]
) -> Tuple[Dict[str, str], int]:
    """Return the valid values of a wording's placeholders, and how many speak against it."""
    places = {(piece.part, piece.item): chain.get(k) for k, piece in enumerate(wording.pieces)}
    values: Dict[str, str] = {}
    wrong = 0
    for part, (_, items) in enumerate(wording.parts):
        fixed = [-1, *(n for n in range(len(items)) if (part, n) in places), len(items)]
        for k in range(len(fixed) - 1):
            run = items[fixed[k] + 1 : fixed[k + 1]]
            left = (items[fixed[k]], places.get((part, fixed[k]))) if k else ("", None)
            right = (
                (items[fixed[k + 1]], places[part, fixed[k + 1]])
                if items[fixed[k + 1] :]
                else ("", None)
            )
            if not run or (k and left[1] is None):
                continue
            for name, kind, value in _between(paste, left, right, run, types):
                if value:
                    if _fits(types[kind], value):
                        values.setdefault(name, value)
                elif types[kind].get("strict"):
                    wrong += 1
    return dict(sorted(values.items())), wrong


def _between(
    paste: _Paste,
    left: Tuple[str, Optional[int]],
    right: Tuple[str, Optional[int]],
    run: List[Any],
    types: Dict[str, Any],
) -> Iterator[Tuple[str, str, str]]:
    """Yield names, types and values of the placeholders between two literals and their places."""
    text, begin = left
    if begin is not None:
        line, column = paste.place(begin + len(squeeze(text)) - 1)
        if right[1] is not None:
            region = paste.between((line, column + 1), paste.place(right[1]))
            region = _drop_end(region, _head(right[0]))
        else:
            region = paste.lines[line][column + 1 : column + 1 + CUT]
            region = _drop_start(region, _tail(text))
            if not region.strip(BLANKS) and line + 1 < len(paste.lines):
                region = paste.lines[line + 1][:CUT]
        region = _drop_start(region, _tail(text))
        yield from _forwards(region, run, types, is_open=right[1] is None)
    elif right[1] is not None:
        line, column = paste.place(right[1])
        region = paste.lines[line][max(0, column - CUT) : column]
        yield from _backwards(_drop_end(region, _head(right[0])), run, types)


def _forwards(
    region: str, run: List[Any], types: Dict[str, Any], *, is_open: bool
) -> Iterator[Tuple[str, str, str]]:
    """Yield names, types and values of placeholders in a row, read from the start of a region."""
    for n, item in enumerate(run):
        if isinstance(item, str):
            region = _drop_start(region, item.strip(BLANKS))
            continue
        region = region.lstrip(BLANKS)
        after = run[n + 1] if n + 1 < len(run) else None
        text = region
        is_last = not run[n + 2 :]
        if isinstance(after, str):
            mark = after.strip(BLANKS)
            size = region.find(mark) if mark else _blank(region)
            if size >= 0:
                text = region[:size]
                region = region[size:]
            elif is_open:
                is_last = True
            elif not is_last:
                yield from ((one[0], one[1], "") for one in run[n:] if not isinstance(one, str))
                return
        elif after is not None:
            return
        kind = item[1] if text or not is_open else "text"
        yield item[0], kind, _value(types[item[1]], text, is_open=is_open and is_last)
        if is_last:
            return


def _backwards(
    region: str, run: List[Any], types: Dict[str, Any]
) -> Iterator[Tuple[str, str, str]]:
    """Yield names, types and values of placeholders in a row, read from the end of a region."""
    for item in reversed(run):
        if isinstance(item, str):
            region = _drop_end(region, item.strip(BLANKS))
            continue
        region = region.rstrip(BLANKS)
        rule = types[item[1]]
        size = 0
        if rule.get("ranges") or rule.get("also"):
            while size < len(region) and _allowed(rule, region[-1 - size]):
                size += 1
                if size > rule["most"]:
                    return
        else:
            size = len(region)
        text = region[len(region) - size :]
        region = region[: len(region) - size]
        if not region.strip(BLANKS):
            text = text.lstrip(LEADS)
            label = next((label for label in LABELS if text.startswith(label)), "")
            text = text[len(label) :]
        yield item[0], item[1], _value(rule, text, is_open=False)


def _value(rule: Dict[str, Any], text: str, *, is_open: bool) -> str:
    """Return a text as a valid value of a placeholder, or nothing.

    Args:
        rule: the rule of the placeholder's type.
        text: what stands in its place.
        is_open: whether nothing says where it ends, so that it ends where the rule does.
    """
    if not (rule.get("ranges") or rule.get("also")):
        shown = "".join(" " if c in HIDDEN else c for c in text[: 4 * rule["most"]])
        return " ".join(word for word in shown.split(" ") if word)[: rule["most"]].strip(" ")
    spaced = " " in rule.get("also", "")
    text = text.replace("\n", "").replace(BREAK, "").strip(BLANKS)
    if not spaced:
        text = text.split(" (")[0]
        if not is_open:
            text = "".join(c for c in text if c not in BLANKS)
    if is_open:
        size = 0
        while size < len(text) and size <= rule["most"] and _allowed(rule, text[size]):
            size += 1
        text = text[:size]
    text = _trimmed(rule, text.strip(BLANKS))
    if not rule.get("least", 1) <= len(text) <= rule["most"] or rule.get("needs", "") not in text:
        return ""
    first, first_also = rule.get("first", ""), rule.get("first_also", "")
    if (first or first_also) and not _among(first, first_also, text[0]):
        return ""
    return text if all(_allowed(rule, c) for c in text) else ""


def _trimmed(rule: Dict[str, Any], text: str) -> str:
    """Return a value without what its type cannot end with."""
    if "\\" in rule.get("also", ""):
        text = text.replace("\\\\", "\\").rstrip("\\")
    if rule.get("cut"):
        text = text.split(rule["cut"])[0]
    last = rule.get("last_also")
    while last is not None and text and not (_ALNUM.match(text[-1]) or text[-1] in last):
        text = text[:-1]
    return text


def _fits(rule: Dict[str, Any], value: str) -> bool:
    """Return whether a value may be filled in, if its type is one that is."""
    if "value" not in rule:
        return True
    flags = re.ASCII if rule.get("cased") else re.ASCII | re.IGNORECASE
    return re.fullmatch(rule["value"], value, flags) is not None


def _allowed(rule: Dict[str, Any], character: str) -> bool:
    return _among(rule.get("ranges", ""), rule.get("also", ""), character)


def _among(ranges: str, also: str, character: str) -> bool:
    """Return whether a character lies in one of the ranges, given in pairs, or is named."""
    if character in also:
        return True
    return any(ranges[k] <= character <= ranges[k + 1] for k in range(0, len(ranges), 2))


def _blank(text: str) -> int:
    """Return where the first blank of a text stands, of a line break only if need be; or -1."""
    blanks = (at for at, c in enumerate(text) if c in BLANKS and c != "\n")
    return next(blanks, text.find("\n"))


def _tail(text: str) -> str:
    """Return what stands after the last letter or digit of a literal."""
    size = len(text)
    while size and not _LETTER.match(text[size - 1]):
        size -= 1
    return text[size:].strip(BLANKS)


def _head(text: str) -> str:
    """Return what stands before the first letter or digit of a literal."""
    size = 0
    while size < len(text) and not _LETTER.match(text[size]):
        size += 1
    return text[:size].strip(BLANKS)


def _drop_start(text: str, mark: str) -> str:
    """Return a text without the marks that its literal neighbour ends with."""
    for character in mark.replace(" ", ""):
        text = text.lstrip(BLANKS)
        if not text or not _same(text[0], character):
            break
        text = text[1:]
    return text


def _drop_end(text: str, mark: str) -> str:
    """Return a text without the marks that its literal neighbour begins with."""
    for character in reversed(mark.replace(" ", "")):
        text = text.rstrip(BLANKS)
        if not text or not _same(text[-1], character):
            break
        text = text[:-1]
    return text


def _same(one: str, other: str) -> bool:
    return one == other or (one in QUOTES and other in QUOTES)


def _join(one: _Found, other: _Found) -> _Found:
    """Join what two wordings of an entry found."""
    better, worse = (one, other) if _worth(one) >= _worth(other) else (other, one)
    if worse.confidence < ACCEPT:
        return better
    return better._replace(chains=better.chains + worse.chains)


def _worth(found: _Found) -> Tuple[int, int, int]:
    return found.confidence, found.best.weight, len(found.best.values)


def _covers(outer: List[Tuple[int, int]], inner: List[Tuple[int, int]]) -> bool:
    """Return whether every stretch of `inner` lies in one of `outer`; both are in order."""
    k = 0
    for begin, end in inner:
        while k < len(outer) and outer[k][1] < end:
            k += 1
        if k == len(outer) or outer[k][0] > begin:
            return False
    return True


def _stretches(found: _Found, *, whole: bool = False) -> List[Tuple[int, int]]:
    """Return the squeezed text that the headlines of an entry cover, in order; or all its text."""
    merged: List[Tuple[int, int]] = []
    spans = [
        span
        for chain in found.chains
        if chain.wording.parts[0][0] != "slug"
        for span in chain.spans(headline=True)
    ]
    if whole or not spans:
        spans = [span for chain in found.chains for span in chain.spans()]
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _is_noted(one: _Found, found: List[_Found]) -> bool:
    """Return whether an answer is but a note or a hint of another one."""
    if any(chain.spans(headline=True) for chain in one.chains):
        return False
    notes = _stretches(one)
    others = (other for other in found if other is not one and other.confidence >= SURE)
    return any(_covers(_stretches(other, whole=True), notes) for other in others)


def _rank(paste: _Paste, found: List[_Found]) -> List[_Found]:
    """Order answers: causes before wrappers, wrappers before notices; what follows others last.

    Of wrappers, those that others word stand inside those of pip, and go before them.

    An answer follows another if its text is part of the other's, or if its entry names the other
    as something that it can be a consequence of. A cause of which something follows is at least
    as serious as that.
    """
    spans = {one.entry["id"]: _stretches(one) for one in found}
    sizes = {name: sum(end - begin for begin, end in spans[name]) for name in spans}
    wider = {one.entry["id"]: _wider(one, found, spans, sizes) for one in found}
    found = [one for one in found if one.confidence >= SURE or not wider[one.entry["id"]]]
    found = [one for one in found if not _is_noted(one, found)]
    levels = {one.entry["id"]: _level(one.entry) for one in found}
    causes = {one.entry["id"]: _present(one, found) for one in found}
    follows = {name: causes[name] + wider[name] for name in causes}
    depths: Dict[str, int] = {}
    for name in levels:
        _depth(name, follows, depths)
    raised = set()
    for name in sorted(levels, key=lambda name: (-depths[name], name)):
        for cause in causes[name]:
            if levels[name] < levels[cause]:
                levels[cause] = levels[name]
                raised.add(cause)
    for name in levels:
        levels[name] = max(levels[other] for other in [name, *wider[name]] if other in levels)

    def key(one: _Found) -> Tuple[Any, ...]:
        name = one.entry["id"]
        role = one.entry.get("role", "cause")
        first = paste.line(spans[name][0][0])
        within = (spans[name][0][0] - paste.starts[first]) // WIDE
        last = paste.line(spans[name][-1][1] - 1)
        return (
            levels[name],
            depths[name],
            name in raised,
            not any(chain.spans(headline=True) for chain in one.chains),
            role != "cause",
            one.confidence < SURE,
            role == "wrapper" and not one.best.wording.foreign,
            first if role == "wrapper" else -last,
            within if role == "wrapper" else 0,
            -sizes[name],
            name,
        )

    return sorted(found, key=key)


def _wider(
    one: _Found,
    found: List[_Found],
    spans: Dict[str, List[Tuple[int, int]]],
    sizes: Dict[str, int],
) -> List[str]:
    """Return the answers whose text holds all of the text of one, and more.

    One of which the other is known to follow stands before it all the same.
    """
    name = one.entry["id"]
    size = (sizes[name], len(one.best.wording.near))
    names = []
    for other in found:
        outer = other.entry["id"]
        if one.confidence >= SURE and name in other.entry.get("after", ()):
            continue
        more = (sizes[outer], len(other.best.wording.near)) > size
        if more and other.confidence >= SURE and _covers(spans[outer], spans[name]):
            names.append(outer)
    return names


def _present(one: _Found, found: List[_Found]) -> List[str]:
    """Return the answers that one can be a consequence of."""
    after = one.entry.get("after", ())
    return [
        other.entry["id"]
        for other in found
        if other.entry["id"] in after
        and _level(other.entry) < NOTICE
        and (other.confidence >= SURE or one.confidence < SURE)
    ]


def _depth(name: str, follows: Dict[str, List[str]], depths: Dict[str, int]) -> int:
    """Return how many answers one follows, one after the other."""
    if name not in depths:
        depths[name] = 0
        known = [_depth(other, follows, depths) for other in follows[name] if other in follows]
        depths[name] = 1 + max(known) if known else 0
    return depths[name]


def _level(entry: Dict[str, Any]) -> int:
    if entry.get("role") == "notice":
        return NOTICE
    if entry["kind"] == "error":
        return 1 if entry.get("role") == "wrapper" else 0
    return 2 if entry["kind"] == "warning" else 3


def _merge(lines: List[List[int]]) -> List[List[int]]:
    """Join ranges of lines that touch or overlap."""
    merged: List[List[int]] = []
    for first, last in sorted(lines):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return merged


def decode(text: Union[str, bytes]) -> str:
    """Return bytes as text, forgivingly; a lone half of a surrogate pair becomes U+FFFD."""
    if isinstance(text, bytes):
        if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return text.decode("utf-16", "replace")
        return text.decode("utf-8-sig", "replace")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


_last: List[Matcher] = []


def _matcher(document: Document) -> Matcher:
    """Return the index of a document; the last one is kept."""
    if not _last or _last[0].document is not document:
        _last[:] = [Matcher(document)]
    return _last[0]


def match(document: Document, text: Union[str, bytes]) -> List[Match]:
    """Find the errors in a paste.

    Args:
        document: the patterns document, as read from ``patterns.json``.
        text: the paste.

    Returns:
        What is found, the one to read first in front.
    """
    return _matcher(document).match(text)


def guesses(document: Document, text: Union[str, bytes]) -> List[Match]:
    """Return near misses of a paste, best first: worth a look, but no answers."""
    return _matcher(document).guesses(text)
