"""YAML text to plain values with line marks: only texts, lists and mappings, nothing guessed.

The part of YAML that a contributor needs is kept, and whatever makes two readers see two
things is a finding: every scalar stays the text that is written (``25.10``, ``no`` and
``2020-01-01`` included), a key stands once, and anchors, aliases, tags and merge keys are
refused. The tree is built from the parser's events, because composed nodes no longer show
anchors and aliases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import yaml

from kb.findings import Finding
from kb.yamlwords import QUOTE_IT, explain

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16

Node: TypeAlias = str | list["Node"] | dict[str, "Node"]

_NEVER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f]|\r(?!\n)"
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_COMMENT = re.compile(r"[ \t]+#")


@dataclass(frozen=True)
class Tree:
    """The values of one file and where they stand.

    Attributes:
        value: the top-level mapping; its leaves are texts.
        lines: line of each value by its dotted path, such as ``fixes.0.causes``.
    """

    value: dict[str, Node]
    lines: dict[str, int]


def parse(path: str, data: bytes, *, pure: bool = False) -> tuple[Tree | None, list[Finding]]:
    """Read one YAML file.

    Args:
        path: the file's name in findings.
        data: what the file holds.
        pure: use PyYAML's parser in Python even where the one in C is there.

    Returns:
        The tree, or None where something is wrong, and everything that is wrong.
    """
    text, findings = _decode(path, data)
    if text is None:
        return None, findings
    builder = _Builder(path, text, pure=pure)
    try:
        root = builder.document()
    except _TooDeepError as error:
        problem = f"values are nested more than {MAX_DEPTH} deep"
        findings.append(Finding(path, error.line, "", problem, QUOTE_IT))
        return None, findings
    except yaml.MarkedYAMLError as error:
        findings += builder.findings
        if not findings:
            findings.append(explain(path, builder.rows, error, builder.open_quote))
        return None, findings
    findings += builder.findings
    if findings:
        return None, findings
    if not isinstance(root, dict):
        problem = "the file does not start with keys" if root else "the file is empty"
        return None, [Finding(path, 1, "", problem, "write `id: ` and the other keys, one a line")]
    return Tree(root, builder.lines), []


def _decode(path: str, data: bytes) -> tuple[str | None, list[Finding]]:
    """Return the text with each forbidden character replaced by a blank, and the findings."""
    if len(data) > MAX_BYTES:
        problem = f"the file has {len(data)} bytes, more than {MAX_BYTES}"
        return None, [Finding(path, 1, "", problem, "shorten the quotes and outputs")]
    if data.startswith(_BYTE_ORDER_MARKS):
        problem = "the file starts with a byte order mark"
        return None, [Finding(path, 1, "", problem, "save it as UTF-8 without BOM")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return None, [Finding(path, line, "", problem, "save the file as UTF-8")]
    if "\t" not in text and not _NEVER.search(text):
        return text, []
    findings: list[Finding] = []
    for number, row in enumerate(text.split("\n"), start=1):
        if "\t" in row:
            hint = "use blanks; where a tab is printed, write \\t in a text in double quotes"
            findings.append(Finding(path, number, "", "the line holds a tab", hint))
        findings += [
            Finding(path, number, "", *_forbidden(found[0]))
            for found in _NEVER.finditer(row + "\n")
        ]
    text = _NEVER.sub(" ", text.replace("\t", " "))
    return text, findings


def _forbidden(character: str) -> tuple[str, str]:
    """Return problem and hint for a character that no file may hold."""
    problem = f"the character U+{ord(character):04X} is invisible or controls the output"
    if character == "\u00a0":
        return problem, "write an ordinary blank"
    return problem, "remove it"


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Builder:
    """Builds values from events, noting lines and whatever is refused on the way."""

    def __init__(self, path: str, text: str, *, pure: bool) -> None:
        loader = yaml.SafeLoader if pure else getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.path = path
        self.rows = text.split("\n")
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
        self.findings: list[Finding] = []
        self.lines: dict[str, int] = {}
        self.depth = 0
        self.open_quote: int | None = None

    def document(self) -> Node:
        """Return the only document's value; texts for what was refused."""
        root: Node = ""
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self._refuse(
                        event, "", "a YAML directive", "remove the line that starts with %"
                    )
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, "")
                if documents > 1:
                    self._refuse(event, "", "a second document", "remove the `---` above it")
                    break
                root = value
        return root

    def _refuse(self, event: yaml.Event, field: str, what: str, hint: str) -> None:
        line = _line(event)
        self.findings.append(Finding(self.path, line, field, f"{what} is not allowed here", hint))

    def _value(self, event: yaml.Event, field: str) -> Node:
        if isinstance(event, yaml.AliasEvent):
            hint = f"write the value out; {QUOTE_IT} if the * belongs to it"
            self._refuse(event, field, f"the alias *{event.anchor}", hint)
            return "*"
        if anchor := getattr(event, "anchor", None):
            hint = f"remove it; {QUOTE_IT} if the & belongs to it"
            self._refuse(event, field, f"the anchor &{anchor}", hint)
        if tag := getattr(event, "tag", None):
            hint = f"remove it; {QUOTE_IT} if the ! belongs to it"
            self._refuse(event, field, f"the tag {tag}", hint)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, field)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError(_line(event))
        value = (
            self._list(field)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._mapping(event, field)
        )
        self.depth -= 1
        return value

    def _text(self, event: yaml.ScalarEvent, field: str) -> str:
        value: str = event.value
        spans = event.end_mark and event.end_mark.line + 1 > _line(event)
        self.open_quote = _line(event) if spans and event.style in ("'", '"') else None
        if not event.style:
            end = event.end_mark
            if end and value and _COMMENT.match(self.rows[end.line], end.column):
                problem = "what follows the # is read as a comment"
                hint = f"{QUOTE_IT}, or move the comment to a line of its own"
                self.findings.append(Finding(self.path, end.line + 1, field, problem, hint))
        elif found := _NEVER.search(value):
            line = _line(event)
            self.findings.append(Finding(self.path, line, field, *_forbidden(found[0])))
        return value

    def _list(self, field: str) -> list[Node]:
        items: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            name = f"{field}.{len(items)}" if field else str(len(items))
            line = _line(event)
            self.lines[name] = line
            items.append(self._value(event, name))
            self._not_empty(event, line, name)
        return items

    def _mapping(self, start: yaml.Event, field: str) -> dict[str, Node]:
        items: dict[str, Node] = {}
        flow = bool(getattr(start, "flow_style", False))
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(event, field, "a key that is not a plain word", "write `key: value`")
                self._value(event, field)
                self._value(next(self.events), field)
                continue
            key: str = event.value
            name = f"{field}.{key}" if field else key
            line = _line(event)
            if event.anchor or event.tag:
                self._value(event, name)
            value_event = next(self.events)
            value = self._value(value_event, name)
            if key == "<<":
                self._refuse(event, field, "the merge key <<", "write the keys out")
            elif key in items:
                problem = f"the key stands twice, first in line {self.lines[name]}"
                hint = "keep one of the two"
                self.findings.append(Finding(self.path, line, name, problem, hint))
            else:
                self.lines[name] = line
                items[key] = value
                self._not_empty(value_event, line, name, flow=flow)
        return items

    def _not_empty(self, event: yaml.Event, line: int, name: str, *, flow: bool = False) -> None:
        if not isinstance(event, yaml.ScalarEvent) or event.value or event.style:
            return
        hint = "write the value, or remove the key"
        if flow:
            hint = f"{QUOTE_IT} if it begins with a brace: '{{…}}'"
        self.findings.append(Finding(self.path, line, name, "there is no value", hint))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
