"""YAML files under ``entries/`` to typed entries, or findings.

A file that is broken in any way is left out and everything that is wrong with it is reported;
the other files load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from kb.findings import Finding
from kb.model import Entry, Procedure
from kb.shape import shape_findings
from kb.yamltree import parse

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = "entries/pip"
PROCEDURES = "entries/procedures"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Document(Generic[M]):
    """A file that was read.

    Attributes:
        value: the entry or procedure.
        path: the file, relative to the repository, with forward slashes.
        lines: line of each field by its dotted path.
    """

    value: M
    path: str
    lines: dict[str, int] = field(repr=False)

    def line(self, field: str) -> int:
        """Return the line of a field such as ``fixes.0.causes``, or of the nearest parent."""
        while field and field not in self.lines:
            field = field.rpartition(".")[0]
        return self.lines.get(field, 1)

    def finding(self, field: str, problem: str, hint: str = "") -> Finding:
        """Return a finding about a field of this file."""
        return Finding(self.path, self.line(field), field, problem, hint)


@dataclass(frozen=True)
class Loaded:
    """Everything under ``entries/``.

    Attributes:
        entries: entries by id, in the order of their ids.
        procedures: procedures by id, likewise.
        findings: what is wrong with the files that are left out.
    """

    entries: dict[str, Document[Entry]]
    procedures: dict[str, Document[Procedure]]
    findings: list[Finding]


def load(root: Path) -> Loaded:
    """Read ``entries/pip/*.yml`` and ``entries/procedures/*.yml``.

    Args:
        root: the root of the repository.

    Returns:
        What could be read, and findings about the rest.
    """
    entries, findings = _folder(root, ENTRIES, Entry)
    procedures: dict[str, Document[Procedure]] = {}
    more: list[Finding] = []
    if (root / PROCEDURES).is_dir():
        procedures, more = _folder(root, PROCEDURES, Procedure)
    return Loaded(entries, procedures, findings + more)


def read(path: str, data: bytes, model: type[M]) -> tuple[Document[M] | None, list[Finding]]:
    """Read one file's content.

    Args:
        path: the file's name in findings; its stem must be the id.
        data: what the file holds.
        model: :class:`Entry` or :class:`Procedure`.

    Returns:
        The document, or None where something is wrong, and everything that is wrong.
    """
    tree, findings = parse(path, data)
    if tree is None:
        return None, findings
    document = None
    try:
        value = model.model_validate(tree.value)
    except ValidationError as error:
        findings = shape_findings(path, tree.lines, model, error)
    else:
        document = Document(value, path, tree.lines)
    stem = path.rpartition("/")[2].removesuffix(".yml")
    name = tree.value.get("id")
    if isinstance(name, str) and name != stem:
        problem = f"the id is {name}, the file is {stem}.yml"
        hint = f"write `id: {stem}`, or rename the file to {name}.yml"
        findings.append(Finding(path, tree.lines["id"], "id", problem, hint))
    return (None, findings) if findings else (document, [])


def _folder(root: Path, name: str, model: type[M]) -> tuple[dict[str, Document[M]], list[Finding]]:
    """Read each file of one folder; files that do not belong there are findings."""
    folder = root / name
    documents: dict[str, Document[M]] = {}
    findings: list[Finding] = []
    seen: dict[str, str] = {}
    if not folder.is_dir():
        problem = "the folder is missing"
        return {}, [Finding(name, 1, "", problem, "run this in the root of the repository")]
    for file in sorted(folder.iterdir(), key=lambda file: (file.stem, file.suffix)):
        path = f"{name}/{file.name}"
        if file.name.startswith("."):
            continue
        if file.suffix != ".yml" or file.is_symlink() or not file.is_file():
            findings.append(Finding(path, 1, "", *_stray(file)))
            continue
        first = seen.setdefault(file.name.casefold(), file.name)
        if first != file.name:
            problem = f"the name differs from {first} in capital letters only"
            findings.append(Finding(path, 1, "", problem, "rename or remove one of the two"))
        try:
            data = file.read_bytes()
        except OSError as error:
            problem = f"the file cannot be read: {error.strerror}"
            findings.append(Finding(path, 1, "", problem, "make it readable"))
            continue
        document, more = read(path, data, model)
        findings += more
        if document is not None:
            documents[file.stem] = document
    return documents, findings


def _stray(file: Path) -> tuple[str, str]:
    """Return problem and hint for something that is no entry file."""
    if file.is_symlink():
        return "links are not read", "replace the link by the file itself"
    if not file.is_file():
        return "only files stand here", "move its files up, and remove it"
    if file.suffix.lower() in (".yml", ".yaml"):
        return "the file's name does not end in .yml", f"rename it to {file.stem}.yml"
    return "the file is not an entry", "move it elsewhere, or remove it"
