"""What a template asks of the page it lays out: links that fit the page, and text as HTML."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kb import address, prose
from kb.model import PLACEHOLDER_TYPES, Platform, Shell, split_template
from kb.render import labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from enum import StrEnum

    from kb.address import Site
    from kb.load import Loaded
    from kb.model import Command

_TAG_OR_REFERENCE = re.compile(r"(<[^>]*>|&(?:#\w+|\w+);)")
_OPTION = re.compile(r"(?<![\w-])(-{1,2}[A-Za-z][\w-]{0,24})(?![\w-])")
_CODE = re.compile(r"(?<=<code>).*?(?=</code>)", re.DOTALL)
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_BLANK_OR_HEADING = re.compile(r"^( +$|#)", re.MULTILINE)
_UNPRINTABLE = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ANY_SYSTEM = frozenset(Platform)


@dataclass(frozen=True)
class Link:
    """An address, relative to the page, and the text that leads there."""

    url: str
    title: str
    summary: str = ""


@dataclass(frozen=True)
class Block:
    """A command as it is shown: its systems, one label for people, and its text."""

    os: str
    label: str
    text: str
    needs_pip: str | None


@dataclass(frozen=True)
class Tab:
    """A button that shows the commands of one system."""

    value: str
    label: str


@dataclass(frozen=True)
class Group:
    """The commands of one step.

    Attributes:
        blocks: one for each command.
        tabs: the systems to choose from; empty where all see the same.
        covers: the systems that at least one of the commands is for.
    """

    blocks: tuple[Block, ...]
    tabs: tuple[Tab, ...]
    covers: str


def unbroken(text: Markup) -> Markup:
    """Return a command's HTML in which no option is broken after one of its dashes."""
    pieces = _TAG_OR_REFERENCE.split(str(text))
    pieces[::2] = [_OPTION.sub(r'<span class="word">\1</span>', piece) for piece in pieces[::2]]
    return Markup("".join(pieces))  # noqa: S704 - only our own element was added


def verbatim(text: Markup) -> Markup:
    """Return text for a ``<pre>`` so that Markdown leaves it alone.

    Python-Markdown expands tabs and empties blank lines before it looks for HTML. No line begins
    as a heading does, so that a page's headings can be told without reading its HTML.
    """
    kept = text.replace("\t", Markup("&#9;")).replace("\r", Markup("&#13;"))
    return Markup(  # noqa: S704 - only references took the place of characters
        _BLANK_OR_HEADING.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), kept)
    )


class Writer:
    """Writes the links and the text of one page."""

    def __init__(
        self, loaded: Loaded, site: Site, uri: str, types: Mapping[str, str] | None = None
    ) -> None:
        """Write for the page at an address.

        Args:
            loaded: the entries and procedures that can be linked.
            site: name and addresses of the site.
            uri: the page's address, relative to the site; empty for the home page.
            types: types of the placeholders whose name is not itself a type.
        """
        self.site = site
        self._loaded = loaded
        self._root = "../" * uri.count("/") or "./"
        self._types = types

    def url(self, target: str) -> str:
        """Return an address of the site as this page links it."""
        return self._root + target

    def subject(self, facet: str, value: StrEnum) -> str:
        """Return the link to all errors of one phase, kind, platform or command."""
        return self.url(address.subject(facet, value))

    def label(self, facet: str, value: StrEnum) -> str:
        """Return the words for a value of a vocabulary."""
        return labels.word(facet, value)

    def prose(self, text: str) -> Markup:
        """Return prose as paragraphs and lists."""
        return _codes(prose.to_html(text, types=self._types, resolve=self._resolve))

    def inline(self, text: str) -> Markup:
        """Return a line of prose, without a paragraph around it."""
        return _codes(prose.line_html(text, types=self._types, resolve=self._resolve))

    def plain(self, text: str) -> str:
        """Return prose as plain text."""
        return prose.to_text(text, types=self._types, resolve=self._resolve)

    def fill(self, text: str) -> Markup:
        """Return a command or a file's text, with examples where values will stand."""
        return unbroken(verbatim(prose.template_html(text.rstrip("\n"), types=self._types)))

    def markdown(self, text: str) -> str:
        """Return prose as Markdown with absolute links."""
        return prose.to_markdown(text, types=self._types, resolve=self._absolute)

    def template(self, text: str) -> Markup:
        """Return a printed text, with the names of its placeholders marked."""
        try:
            literals, names = split_template(text)
        except ValueError:
            return Markup.escape(text)
        parts = [Markup.escape(literals[0])]
        for name, literal in zip(names, literals[1:], strict=True):
            declared = (self._types or {}).get(name, name)
            known = declared if declared in PLACEHOLDER_TYPES else "text"
            marked = Markup(
                '<var class="placeholder" data-placeholder="{}" data-type="{}">{}</var>'
            )
            parts += [marked.format(name, known, name.replace("_", " ")), Markup.escape(literal)]
        return Markup("").join(parts)

    def breakable(self, entry_id: str) -> Markup:
        """Return an id that may be broken behind each of its underscores."""
        return Markup("_<wbr>").join(entry_id.split("_"))

    def heading(self, text: str) -> Markup:
        """Return a line of prose for a Markdown heading: no character of it is Markdown."""
        rendered = prose.line_html(text, types=self._types)
        pieces = _TAG_OR_REFERENCE.split(str(rendered))
        pieces[::2] = [
            _PUNCTUATION.sub(lambda m: f"&#{ord(m[0])};", piece) for piece in pieces[::2]
        ]
        return Markup(" ".join("".join(pieces).split()))  # noqa: S704 - escaped by line_html

    def links(self, ids: Iterable[str]) -> Markup:
        """Return links to entries, parted by commas."""
        return Markup(", ").join(self.inline(f"[{entry_id}]") for entry_id in ids)

    def procedure(self, procedure_id: str) -> Link:
        """Return the link to a procedure; an unknown one leads to the list of all."""
        document = self._loaded.procedures.get(procedure_id)
        if document is None:
            return Link(self.url("procedures/"), procedure_id)
        found = document.value
        return Link(self.url(address.procedure(found.id)), found.title, found.summary)

    def group(self, commands: Sequence[Command]) -> Group:
        """Arrange the commands of one step by system."""
        systems = [os for os in Platform if any(os in command.os for command in commands)]
        differ = len({frozenset(command.os) for command in commands}) > 1
        tabs = [Tab(os.value, labels.word("platform", os)) for os in systems]
        blocks = (
            Block(" ".join(command.os), _label(command), command.text, command.needs_pip)
            for command in commands
        )
        return Group(tuple(blocks), tuple(tabs) if differ else (), " ".join(systems))

    @staticmethod
    def front_matter(**meta: Any) -> Markup:  # noqa: ANN401 - whatever YAML can hold
        """Return a page's front matter.

        Material puts titles and descriptions into its templates as they are, so they are
        escaped here.
        """
        rows = "\n".join(f"{key}: {_yaml(value)}" for key, value in meta.items())
        return Markup(f"---\n{rows}\n---\n")  # noqa: S704 - strings are escaped

    def _absolute(self, kind: str, name: str) -> tuple[str, str] | None:
        found = self._resolve(kind, name)
        return (self.site.url + found[0].lstrip("./"), found[1]) if found else None

    def _resolve(self, kind: str, name: str) -> tuple[str, str] | None:
        if kind == "entry":
            return (self.url(address.entry(name)), name) if name in self._loaded.entries else None
        document = self._loaded.procedures.get(name)
        if document is None:
            return None
        return self.url(address.procedure(name)), document.value.title


def _codes(text: Markup) -> Markup:
    return Markup(_CODE.sub(lambda found: unbroken(Markup(found[0])), text))  # noqa: S704


def _yaml(value: Any) -> str:  # noqa: ANN401 - whatever YAML can hold
    """Return a value as JSON that YAML reads as well; strings escaped for HTML."""
    if isinstance(value, str):
        value = html.escape(value)
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _label(command: Command) -> str:
    """Return for which systems and which shell a command is; empty where it is for all.

    A command that calls the package manager of a distribution is for that.
    """
    words = command.text.removeprefix("sudo ").split()
    if words[0] in labels.PACKAGE_MANAGERS:
        return labels.PACKAGE_MANAGERS[words[0]]
    systems = (
        ""
        if frozenset(command.os) == _ANY_SYSTEM
        else ", ".join(labels.word("platform", os) for os in Platform if os in command.os)
    )
    shell = labels.SHELLS[command.shell]
    if not shell or (command.shell is Shell.SH and systems and "Windows" not in systems):
        return systems
    return f"{systems} ({shell})" if systems else shell
