"""Prose, messages and placeholders: what is written must render as it was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kb.inline import Placeholder, Span, Text
from kb.model import PLACEHOLDER_TYPES, Entry, split_template
from kb.rules.inside import nearest
from kb.rules.texts import Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.findings import Finding
    from kb.load import Document
    from kb.rules.texts import Readable, TextAt

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>|<!--")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_HOLE = re.compile(r"\{[a-z][a-z0-9_]*\}")
IN_QUOTES = frozenset(
    name for name, kind in PLACEHOLDER_TYPES.items() if "<" in kind.example or name == "url"
)
"""Types whose values or examples can hold blanks, < or &: a command needs double quotes."""


def nothing_is_left_to_do(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """No TODO of the scaffold is left."""
    for text in texts:
        if text.value.startswith("TODO"):
            task = text.value.removeprefix("TODO").strip(": ") or text.field.rpartition(".")[2]
            yield document.finding(text.field, "a TODO is left", f"write {task}")


def prose_renders(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """Code, bold text, links and braces are closed and well formed."""
    for text in texts:
        if text.use is not Use.VERBATIM:
            for problem, hint in text.parsed.problems:
                yield document.finding(text.field, problem, hint)


def html_is_code(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """HTML is not rendered; a tag that is meant to be read stands in backticks."""
    for text in texts:
        for part in text.parsed.walk(code=False) if text.use is Use.PROSE else ():
            if isinstance(part, Text):
                for tag in _TAG.finditer(part.text):
                    problem = f"HTML is shown as it is written: {tag[0]}"
                    hint = "put it in `backticks`, or remove it"
                    yield document.finding(text.field, problem, hint)


def link_hosts_are_public(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """A link leads to a named host on the public web, without user or port."""
    addresses = [
        (text.field, part.address)
        for text in texts
        if text.use is Use.PROSE
        for part in text.parsed.walk()
        if isinstance(part, Span) and part.address
    ]
    references = document.value.references or ()
    addresses += [(f"references.{n}.url", item.url) for n, item in enumerate(references)]
    if isinstance(document.value, Entry) and document.value.worded_by:
        addresses += [("worded_by.url", url)] if (url := document.value.worded_by.url) else []
    for field, address in addresses:
        host = urlsplit(address).netloc
        if not _HOST.fullmatch(host):
            problem = f"`{host}` is not the name of a public host"
            hint = "write https:// and the host's name in small letters"
            yield document.finding(field, problem, hint)


def messages_have_words(document: Document[Entry]) -> Iterator[Finding]:
    """A message can be found by words of its own, or by what stands near it."""
    for number, wording in enumerate(document.value.messages):
        try:
            literals, _ = split_template(wording.parts[0].text)
        except ValueError:
            continue
        if not wording.near and not any(_WORD.search(literal) for literal in literals):
            problem = "the text has no word of its own to be found by"
            hint = "write the fixed words that are printed, or add `near`"
            yield document.finding(f"messages.{number}.parts.0.text", problem, hint)


def placeholders_stand_apart(document: Document[Entry]) -> Iterator[Finding]:
    """Two placeholders with nothing between them cannot be told apart in an output."""
    for number, wording in enumerate(document.value.messages):
        for index, part in enumerate(wording.parts):
            try:
                literals, names = split_template(part.text)
            except ValueError:
                continue
            for name, following, between in zip(names, names[1:], literals[1:], strict=False):
                if not between:
                    problem = f"nothing stands between {{{name}}} and {{{following}}}"
                    hint = f"write {{{name}}} for both"
                    yield document.finding(f"messages.{number}.parts.{index}.text", problem, hint)


def near_is_literal(document: Document[Entry]) -> Iterator[Finding]:
    """What must stand near by, or must not, is searched for as it is written."""
    for number, wording in enumerate(document.value.messages):
        texts = [(f"near.{index}", text) for index, text in enumerate(wording.near or ())]
        texts += [(f"unless.{index}", text) for index, text in enumerate(wording.unless or ())]
        for field, text in texts:
            if found := _HOLE.search(text):
                problem = f"{found[0]} is no placeholder here, it is searched for as written"
                hint = "write words that stand near by every time"
                yield document.finding(f"messages.{number}.{field}", problem, hint)


def placeholders_are_known(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """A placeholder's name is a type, or is declared; what is declared is used.

    A placeholder that no wording captures is allowed in prose and commands: it shows its type's
    example. A procedure can use types only.
    """
    declared = _declared(document)
    used = set()
    for text in texts:
        if text.use is Use.VERBATIM:
            continue
        for part in text.parsed.walk():
            if isinstance(part, Placeholder):
                used.add(part.name)
                if part.name not in declared and part.name not in PLACEHOLDER_TYPES:
                    problem = f"the placeholder {{{part.name}}} is not known"
                    hint = _known_placeholder(document, part.name, declared)
                    yield document.finding(text.field, problem, hint)
    for name, kind in declared.items():
        field = f"placeholders.{name}"
        if kind not in PLACEHOLDER_TYPES:
            otherwise = f"the types are: {', '.join(PLACEHOLDER_TYPES)}"
            hint = nearest(kind, PLACEHOLDER_TYPES, otherwise)
            yield document.finding(field, f"there is no type `{kind}`", hint)
        if name in PLACEHOLDER_TYPES:
            problem = f"{{{name}}} is a type and needs no declaration"
            yield document.finding(field, problem, "remove the line, or choose another name")
        elif name not in used:
            yield document.finding(field, f"{{{name}}} is not used", "remove the line")


def _known_placeholder(document: Readable, name: str, declared: dict[str, str]) -> str:
    """Return a hint for a placeholder that is not known: what was meant, and how to declare it."""
    meant = nearest(name, {*declared, *PLACEHOLDER_TYPES}, "")
    if not isinstance(document.value, Entry):
        return meant or "a procedure can use types only, or write {{ and }} for braces"
    declare = f"declare it, as in `placeholders: {{{name}: text}}`"
    return f"{meant} Or {declare}" if meant else f"{declare}, or write {{{{ and }}}} for braces"


def _declared(document: Readable) -> dict[str, str]:
    return document.value.placeholders or {} if isinstance(document.value, Entry) else {}


def command_placeholders_are_safe(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """What is filled into a command is of a type that is checked, and quoted where it must be.

    Double quotes, because sh, PowerShell and cmd all take them.
    """
    declared = _declared(document)
    for text in texts:
        if text.use not in (Use.COMMAND, Use.FILE):
            continue
        before = ""
        for part in text.parsed.walk():
            if isinstance(part, Text):
                before = (before + part.text).rpartition("\n")[2]
                continue
            name = part.name if isinstance(part, Placeholder) else ""
            kind = declared.get(name, name)
            known = PLACEHOLDER_TYPES.get(kind)
            if known and not known.fillable:
                problem = f"a {kind} out of a log is not put into a command"
                hint = "write a fixed example in place of the placeholder"
                yield document.finding(text.field, problem, hint)
            elif kind in IN_QUOTES and text.use is Use.COMMAND and before.count('"') % 2 == 0:
                problem = f"{{{name}}} stands outside double quotes"
                yield document.finding(text.field, problem, f'write "{{{name}}}"')
            before += "x"
