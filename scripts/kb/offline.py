"""The offline tool as one file, and the pages it shows.

``explain.pyz`` is a zip archive that Python runs: :mod:`kb.explain`, :mod:`kb.match` and two JSON
documents, the patterns and the pages. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.explain.knowledge import DATA
from kb.inline import Placeholder, Ref, Text, parse
from kb.model import PLACEHOLDER_TYPES, Platform, Role, Shell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.address import Site
    from kb.inline import Inline
    from kb.load import Loaded
    from kb.model import Command, Entry, Procedure, Step

LIBRARY = Path(__file__).resolve().parent
RUNTIME = ("__init__.py", "match.py", "explain/*.py")
"""The modules that are packed."""
START = "explain/standalone.py"
SHEBANG = b"#!/usr/bin/env python3\n"
DATE = (1980, 1, 1, 0, 0, 0)
VERSION = 1


def pyz(loaded: Loaded, site: Site, patterns: dict[str, Any]) -> bytes:
    """Return ``explain.pyz``.

    Args:
        loaded: the entries and procedures.
        site: name and addresses of the site.
        patterns: the patterns document.

    Returns:
        The archive.
    """
    files = {
        f"kb/{path.relative_to(LIBRARY).as_posix()}": path.read_bytes()
        for pattern in RUNTIME
        for path in LIBRARY.glob(pattern)
    }
    files["__main__.py"] = files.pop(f"kb/{START}")
    for name, document in zip(DATA, (patterns, pages(loaded, site)), strict=True):
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        files[f"kb/explain/{name}"] = text.encode()
    archive = io.BytesIO()
    archive.write(SHEBANG)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            if name != "__main__.py":  # it says that zlib is missing: it must not need it
                info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content, compresslevel=9)
    return archive.getvalue()


def pages(loaded: Loaded, site: Site) -> dict[str, Any]:
    """Return the pages as the offline tool reads them.

    All prose in it is plain text but for `code` and {placeholders}; braces are doubled, as in
    commands and files.

    Args:
        loaded: the entries and procedures.
        site: name and addresses of the site.

    Returns:
        ``version``; ``url`` of the site; ``types``, the example of each type of placeholder;
        ``entries`` and ``procedures`` by their ids. Fields have the names they have in an entry;
        what is empty is left out.
    """
    plain = _Plain(loaded)
    return {
        "version": VERSION,
        "url": site.url,
        "types": {name: kind.example for name, kind in PLACEHOLDER_TYPES.items()},
        "entries": {name: plain.entry(doc.value) for name, doc in loaded.entries.items()},
        "procedures": {name: plain.procedure(doc.value) for name, doc in loaded.procedures.items()},
    }


class _Plain:
    """Entries and procedures as plain data."""

    def __init__(self, loaded: Loaded) -> None:
        self._procedures = loaded.procedures

    def entry(self, entry: Entry) -> dict[str, Any]:
        """Return what is shown of an entry."""
        return _filled(
            status=entry.status.value,
            kind=entry.kind.value,
            role=entry.role.value if entry.role is not Role.CAUSE else None,
            after=entry.consequence_of,
            slugs=entry.slugs,
            aliases=entry.aliases,
            types=entry.placeholders,
            worded_by=entry.worded_by and entry.worded_by.program,
            partly=entry.is_partly_of_pip,
            summary=self.prose(entry.summary),
            meaning=self.prose(entry.meaning),
            ignore=entry.ignore
            and _filled(
                answer=entry.ignore.answer.value,
                until=entry.ignore.until,
                text=self.prose(entry.ignore.text),
            ),
            causes=[self._titled(cause) for cause in entry.causes or ()],
            fixes=[
                _filled(
                    id=fix.id,
                    title=self.prose(fix.title),
                    when=self.prose(fix.when),
                    steps=self._steps(fix.steps),
                    changes=self.prose(fix.changes),
                    risks=self.prose(fix.risks),
                    undo=self.prose(fix.undo),
                )
                for fix in entry.fixes or ()
            ],
            dead_ends=[self._titled(item) for item in entry.dead_ends or ()],
            verification=self._steps(entry.verification or ()),
            triage=self._steps(entry.triage or ()),
            background=entry.background
            and _filled(
                title=self.prose(entry.background.title), text=self.prose(entry.background.text)
            ),
            prevention=[" ".join(self.prose(line).split()) for line in entry.prevention or ()],
            nothing_helped=entry.nothing_helped
            and _filled(
                collect=self._steps(entry.nothing_helped.collect),
                ask=[audience.value for audience in entry.nothing_helped.ask],
                text=self.prose(entry.nothing_helped.text),
            ),
            related=entry.related,
        )

    def procedure(self, procedure: Procedure) -> dict[str, Any]:
        """Return what is shown of a procedure."""
        return _filled(
            title=self.prose(procedure.title),
            summary=self.prose(procedure.summary),
            intro=self.prose(procedure.intro),
            variants=[
                _filled(
                    title=self.prose(variant.title),
                    platforms=[os.value for os in variant.platforms or ()],
                    steps=self._steps(variant.steps),
                )
                for variant in procedure.variants
            ],
            risks=self.prose(procedure.risks),
        )

    def prose(self, text: str | None) -> str:
        """Return prose as plain text with `code` and {placeholders}."""
        return "\n\n".join(
            "\n".join(f"- {self._inline(item)}" for item in block.items)
            if block.is_list
            else self._inline(block.items[0])
            for block in parse(text or "").blocks
        )

    def _inline(self, parts: Iterable[Inline]) -> str:
        return "".join(map(self._one, parts))

    def _one(self, part: Inline) -> str:
        if isinstance(part, Text):
            return _braces(part.text)
        if isinstance(part, Placeholder):
            return f"{{{part.name}}}"
        if isinstance(part, Ref):
            found = self._procedures.get(part.id) if part.kind == "procedure" else None
            return f'"{_braces(found.value.title)}" ({part.id})' if found else part.id
        return _SPANS[part.kind].format(self._inline(part.children), _braces(part.address))

    def _titled(self, item: Any) -> dict[str, Any]:  # noqa: ANN401 - a cause or a dead end
        commands = getattr(item, "commands", None) or ()
        return _filled(
            id=item.id,
            title=self.prose(item.title),
            text=self.prose(item.text),
            commands=[_command(command) for command in commands],
        )

    def _steps(self, steps: Iterable[Step]) -> list[dict[str, Any]]:
        return [
            _filled(
                text=self.prose(step.text),
                commands=[_command(command) for command in step.commands or ()],
                files=[{"name": file.name, "text": file.text} for file in step.files or ()],
                procedure=step.procedure,
                expect=self.prose(step.expect),
            )
            for step in steps
        ]


_SPANS = {"code": "`{0}`", "bold": "{0}", "link": "{0} ({1})"}


def _command(command: Command) -> dict[str, Any]:
    return _filled(
        text=command.text,
        os=[os.value for os in command.os] if set(command.os) != set(Platform) else None,
        shell=command.shell.value if command.shell is not Shell.ANY else None,
        needs_pip=command.needs_pip,
    )


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _filled(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON can hold
    """Return the fields that are not empty; tuples become lists, as in JSON."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
        if value
    }
