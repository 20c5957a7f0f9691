"""Values for placeholders: which are safe to fill in, and templates filled with them.

The rules are those of ``values.mjs``, which fills in the commands of the website; a test compares
the two. A value may come out of a stranger's log and ends up in a command that is copied into a
shell, so what does not fit its type is not used. None of them can hold a quote, a backtick, $, ;,
|, &, a line break or a character that is not ASCII.
"""

from __future__ import annotations

import re

MOST = 200
"""Longest value, in characters."""

TYPES = {
    "package": r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?",
    "version": r"v?[0-9][a-z0-9._+-]*",
    "requirement": (
        r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?(\[[a-z0-9._, -]+\])?"
        r"( ?(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*"
        r"( ?, ?(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*)*)?"
    ),
    "specifier": (
        r"(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*"
        r"( ?, ?(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*)*"
    ),
    "extra": r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?",
    "module": r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*",
    "python_version": r"[0-9]{1,2}(\.[0-9]{1,3}){0,2}",
    "number": r"[0-9]{1,10}",
    "option": r"--?[a-z][a-z0-9-]*",
    "hash": r"(sha(1|224|256|384|512):|md5:)?[0-9a-f]{32,128}",
    "path": r"(?!-)(?!.*\\\\)([a-z]:(?=[/\\]))?[a-z0-9._~+@/\\ ()-]*[a-z0-9._~+@/)]",
    "filename": r"(?!-)[a-z0-9._+ -]*[a-z0-9_]",
    "url": r"(git\+)?https?:\/\/[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9._~+/=-]*)?",
    "host": r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?",
}
"""What a value may look like, by type; a type that is missing here is never filled in."""

BARE = r"[a-z0-9._+:/=-]+"
"""What a shell takes literally without quotes around it."""

CASED = frozenset({"python_version", "number", "option", "hash"})
"""Types whose letters, if they have any, are lower-case."""

_RULES = {
    name: re.compile(rule, re.ASCII if name in CASED else re.ASCII | re.IGNORECASE)
    for name, rule in TYPES.items()
}
_BARE = re.compile(BARE, re.ASCII | re.IGNORECASE)
_REQUIREMENT = re.compile(
    r"([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?:\[[^\]]*\])?(?: ?==?=? ?([0-9][a-z0-9.+-]*))?",
    re.ASCII | re.IGNORECASE,
)
_FIELD = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|`")


def valid(kind: str, value: str) -> bool:
    """Return whether a value may stand in the place of a placeholder of a type."""
    return kind in _RULES and len(value) <= MOST and _RULES[kind].fullmatch(value) is not None


def fits_command(before: str, value: str) -> bool:
    """Return whether a valid value may stand behind a text of a command.

    Within double quotes it always may, elsewhere only if a shell takes it literally.
    """
    line = before[before.rfind("\n") + 1 :]
    return line.count('"') % 2 == 1 or _BARE.fullmatch(value) is not None


def _told_by(requirement: str) -> dict[str, str]:
    """Return the package that a requirement names, and its version if it names one.

    ``find.mjs`` does the same on the website.
    """
    found = _REQUIREMENT.match(requirement)
    if not found:
        return {}
    package, version = found.groups()
    return {"package": package, "version": version} if version else {"package": package}


def stand_in(name: str, kind: str, example: str) -> str:
    """Return what stands in a placeholder's place until its value is known.

    Args:
        name: the placeholder.
        kind: its type.
        example: what stands for any of that type.

    Returns:
        The example. If that is a word such as ``<PACKAGE>``, a placeholder with a name of its own
        has its own word, so that two of one type can be told apart.
    """
    if name == kind or not example.startswith("<"):
        return example
    return f"<{name.upper().replace('_', '-')}>"


class Filler:
    """Fills the templates of one page with the values out of one log."""

    def __init__(
        self, values: dict[str, str], declared: dict[str, str], examples: dict[str, str]
    ) -> None:
        """Take the values of one log.

        Args:
            values: values by placeholder, from anywhere.
            declared: types of the page's placeholders whose name is not itself a type.
            examples: what stands for a placeholder of a type while its value is not known.
        """
        self._declared = declared
        self._examples = examples
        if self.kind("requirement") == "requirement":
            values = {**_told_by(values.get("requirement", "")), **values}
        self.values = {
            name: value for name, value in values.items() if valid(self.kind(name), value)
        }

    def kind(self, name: str) -> str:
        """Return the type of a placeholder."""
        return self._declared.get(name, name)

    def prose(self, text: str) -> str:
        """Return prose with its values; `code` in it is treated as a command."""
        return self._fill(text, "prose")

    def command(self, text: str) -> str:
        """Return a command with the values that are safe where they stand."""
        return self._fill(text, "command")

    def file(self, text: str) -> str:
        """Return the lines of a file with their values."""
        return self._fill(text, "file")

    def _fill(self, text: str, what: str) -> str:
        done: list[str] = []
        code = 0 if what == "command" else None
        start = 0
        for found in _FIELD.finditer(text):
            done.append(text[start : found.start()])
            start = found.end()
            name = found[1]
            if name is None:
                done.append(found[0] if found[0] == "`" else found[0][0])
                if found[0] == "`" and what == "prose":
                    code = len(done) if code is None else None
                continue
            value = self.values.get(name)
            if value is None or not (code is None or fits_command("".join(done[code:]), value)):
                kind = self.kind(name)
                value = stand_in(name, kind, self._examples.get(kind, f"{{{name}}}"))
            done.append(value)
        return "".join([*done, text[start:]])
