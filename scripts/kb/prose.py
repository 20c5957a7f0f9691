"""Prose, commands and file texts as HTML, as plain text and as Markdown.

What prose may hold says :mod:`kb.inline`. A text with a mistake in it renders too: the mistake
shows as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from markupsafe import Markup, escape

from kb.explain.values import stand_in
from kb.inline import Inline, Parsed, Placeholder, Ref, Text, parse, parse_template
from kb.model import PLACEHOLDER_TYPES

Types: TypeAlias = Mapping[str, str] | None
"""An entry's declared placeholders, name to type; a name that is a type needs no declaration."""
Resolve: TypeAlias = Callable[[str, str], tuple[str, str] | None] | None
"""From ``entry`` or ``procedure`` and an id to an address and a text; None where there is none."""
Fill: TypeAlias = Callable[[str], str] | None
"""From a placeholder's name to the text that stands in its place."""

_TAGS = {"code": "code", "bold": "strong"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#&|~])")
_MARKDOWN_START = re.compile(r"^(\d+)?([-+.)=])", re.MULTILINE)


def to_html(text: str, *, types: Types = None, resolve: Resolve = None) -> Markup:
    """Render prose as paragraphs and lists.

    Args:
        text: prose as an entry has it.
        types: the entry's declared placeholders.
        resolve: where links to entries and procedures lead; without it they are plain text.

    Returns:
        HTML in which nothing of the text is markup but the subset.
    """
    rendered = []
    for block in parse(text).blocks:
        items = [_html(item, types, resolve) for item in block.items]
        if block.is_list:
            rows = Markup("").join(Markup("<li>{}</li>\n").format(item) for item in items)
            rendered.append(Markup("<ul>\n{}</ul>").format(rows))
        else:
            rendered.append(Markup("<p>{}</p>").format(items[0]))
    return Markup("\n").join(rendered)


def line_html(text: str, *, types: Types = None, resolve: Resolve = None) -> Markup:
    """Render a title or another single line, without a paragraph around it.

    Args:
        text: the line.
        types: the entry's declared placeholders.
        resolve: where links to entries and procedures lead.

    Returns:
        The HTML of the line.
    """
    parts = [item for block in parse(text).blocks for item in block.items]
    return Markup(" ").join(_html(item, types, resolve) for item in parts)


def template_html(text: str, *, types: Types = None) -> Markup:
    """Render a command or a file's text: placeholders as elements, all else as written.

    Args:
        text: the command or the lines.
        types: the entry's declared placeholders.

    Returns:
        HTML for a ``<pre>`` or ``<code>`` element.
    """
    return _html(parse_template(text).blocks[0].items[0], types, None)


def to_text(text: str, *, types: Types = None, resolve: Resolve = None, fill: Fill = None) -> str:
    """Render prose as plain text.

    Args:
        text: prose as an entry has it.
        types: the entry's declared placeholders.
        resolve: gives links to entries and procedures their text; without it their id is shown.
        fill: gives the text of a placeholder; without it its type's example is shown.

    Returns:
        Paragraphs with a blank line between them, list items with a dash.
    """
    return _plain(parse(text), types, resolve, fill)


def template_text(text: str, *, types: Types = None, fill: Fill = None) -> str:
    """Render a command or a file's text as plain text.

    Args:
        text: the command or the lines.
        types: the entry's declared placeholders.
        fill: gives the text of a placeholder; without it its type's example is shown.

    Returns:
        What a person copies.
    """
    return _plain(parse_template(text), types, None, fill)


def to_markdown(text: str, *, types: Types = None, resolve: Resolve = None) -> str:
    """Render prose as Markdown for a chat or an issue tracker.

    Args:
        text: prose as an entry has it.
        types: the entry's declared placeholders.
        resolve: where links to entries and procedures lead; the addresses should be absolute.

    Returns:
        Markdown that shows the same; characters that Markdown would read are escaped.
    """
    rendered = []
    for block in parse(text).blocks:
        items = [_markdown(item, types, resolve) for item in block.items]
        rendered.append("\n".join(f"- {item}" for item in items) if block.is_list else items[0])
    return "\n\n".join(rendered)


def example(name: str, types: Types = None) -> str:
    """Return what stands in a placeholder's place until a value is known.

    Args:
        name: the placeholder.
        types: the entry's declared placeholders.

    Returns:
        Its type's example or its own name, or the placeholder as written where the type is not
        known.
    """
    kind = (types or {}).get(name, name)
    known = PLACEHOLDER_TYPES.get(kind)
    return stand_in(name, kind, known.example) if known else f"{{{name}}}"


def placeholder_html(name: str, types: Types = None) -> Markup:
    """Return a placeholder as the element that the site's script fills in.

    Args:
        name: the placeholder.
        types: the entry's declared placeholders.

    Returns:
        A span that carries name and type, or the placeholder as written.
    """
    kind = (types or {}).get(name, name)
    if kind not in PLACEHOLDER_TYPES:
        return escape(f"{{{name}}}")
    return Markup(
        '<span class="placeholder" data-placeholder="{}" data-type="{}">{}</span>'
    ).format(name, kind, example(name, types))


def _html(parts: tuple[Inline, ...], types: Types, resolve: Resolve) -> Markup:
    rendered = []
    for part in parts:
        if isinstance(part, Text):
            rendered.append(escape(part.text))
        elif isinstance(part, Placeholder):
            rendered.append(placeholder_html(part.name, types))
        elif isinstance(part, Ref):
            address, label = _resolved(part, resolve)
            link = Markup('<a href="{}">{}</a>') if address else Markup("{1}")
            rendered.append(link.format(address, label))
        elif part.kind == "link":
            inner = _html(part.children, types, resolve)
            rendered.append(Markup('<a href="{}">{}</a>').format(part.address, inner))
        else:
            tag = Markup(_TAGS[part.kind])  # noqa: S704 - one of our own two names
            inner = _html(part.children, types, resolve)
            rendered.append(Markup("<{0}>{1}</{0}>").format(tag, inner))
    return Markup("").join(rendered)


def _resolved(ref: Ref, resolve: Resolve) -> tuple[str, str]:
    return (resolve(ref.kind, ref.id) if resolve else None) or ("", ref.id)


def _plain(parsed: Parsed, types: Types, resolve: Resolve, fill: Fill) -> str:
    def show(parts: tuple[Inline, ...]) -> str:
        return "".join(one(part) for part in parts)

    def one(part: Inline) -> str:
        if isinstance(part, Text):
            return part.text
        if isinstance(part, Placeholder):
            return fill(part.name) if fill else example(part.name, types)
        if isinstance(part, Ref):
            return _resolved(part, resolve)[1]
        return show(part.children) + (f" ({part.address})" if part.address else "")

    return "\n\n".join(
        "\n".join(f"- {show(item)}" for item in block.items)
        if block.is_list
        else show(block.items[0])
        for block in parsed.blocks
    )


def _markdown(parts: tuple[Inline, ...], types: Types, resolve: Resolve) -> str:
    rendered = ""
    for part in parts:
        if isinstance(part, Text):
            rendered += _escaped(part.text, start=not rendered)
        elif isinstance(part, Placeholder):
            rendered += _escaped(example(part.name, types), start=not rendered)
        elif isinstance(part, Ref):
            address, label = _resolved(part, resolve)
            rendered += f"[{_escaped(label)}]({address})" if address else _escaped(label)
        elif part.kind == "code":
            rendered += f"`{''.join(_code(child, types) for child in part.children)}`"
        elif part.kind == "link":
            rendered += f"[{_markdown(part.children, types, resolve)}]({part.address})"
        else:
            rendered += f"**{_markdown(part.children, types, resolve)}**"
    return rendered


def _code(part: Inline, types: Types) -> str:
    return example(part.name, types) if isinstance(part, Placeholder) else getattr(part, "text", "")


def _escaped(text: str, *, start: bool = False) -> str:
    text = _MARKDOWN.sub(r"\\\1", text)
    return _MARKDOWN_START.sub(r"\1\\\2", text) if start else text
