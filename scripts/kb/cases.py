"""The sample logs: pasted outputs, each with the pages that answer it.

A folder of them holds ``<ID>/*.txt``, logs whose right answer is the folder's name;
``no-match/*.txt``, for which no page is right; and ``INDEX.tsv`` with a row for each: file, right
answers (best first), year, what it shows, and ``miss`` where the search is known to fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

FOLDER = "tests/cases"
INDEX = "INDEX.tsv"
NO_MATCH = "no-match"
TODO = "TODO: what it shows"
_HEAD = "file\tids (best first)\tyear\twhat it shows\tknown"


@dataclass(frozen=True)
class Case:
    """A sample log.

    Attributes:
        name: folder and file, with a forward slash.
        text: the log.
        right: ids of the right answers, best first; empty where none is right.
        known_miss: whether the index says that the search fails on it.
    """

    name: str
    text: str
    right: tuple[str, ...]
    known_miss: bool


@dataclass(frozen=True)
class _Row:
    """A row of the index."""

    line: int
    name: str
    ids: tuple[str, ...]
    shows: str
    known: str


def read(folder: Path) -> list[Case]:
    """Read the sample logs of a folder.

    Args:
        folder: it holds a folder for each id, and perhaps an index.

    Returns:
        The cases by name. One that the index does not name has its folder as right answer.
    """
    index = {row.name: row for row in _rows(folder)}
    cases = []
    for file in sorted(folder.glob("*/*.txt")):
        name = file.relative_to(folder).as_posix()
        row = index.get(name)
        listed = row.ids if row and row.ids else (file.parent.name,)
        right = () if file.parent.name == NO_MATCH else listed
        known = row is not None and row.known == "miss"
        cases.append(Case(name, file.read_bytes().decode("utf-8", "replace"), right, known))
    return cases


def add(folder: Path, entry_id: str, text: str, year: int) -> str:
    """Write a log as a sample, with a row that says what is left to write.

    Args:
        folder: the folder of the samples.
        entry_id: the right answer.
        text: the log, redacted.
        year: when it was printed.

    Returns:
        The sample's name.
    """
    (folder / entry_id).mkdir(parents=True, exist_ok=True)
    number = next(n for n in range(1, 1000) if not (folder / entry_id / f"{n:03}.txt").exists())
    name = f"{entry_id}/{number:03}.txt"
    text = text if text.endswith("\n") else f"{text}\n"
    (folder / name).write_text(text, encoding="utf-8", newline="\n")
    index = folder / INDEX
    rows = index.read_text(encoding="utf-8").splitlines() if index.is_file() else [_HEAD]
    later = (n for n, row in enumerate(rows) if n and row > name)
    rows.insert(next(later, len(rows)), f"{name}\t{entry_id}\t{year}\t{TODO}\t")
    index.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    return name


def findings(folder: Path, known: Collection[str]) -> Iterator[Finding]:
    """Hold the index against the files and the entries.

    Args:
        folder: the folder of the samples; nothing is said where there is none.
        known: the ids of the entries.
    """
    path = f"{FOLDER}/{INDEX}"
    rows = list(_rows(folder))
    for row in rows:
        if not (folder / row.name).is_file():
            hint = "move the file there, or remove the row"
            yield Finding(path, row.line, "", f"there is no file {row.name}", hint)
        for entry_id in row.ids:
            if entry_id not in known:
                hint = f"write the entry's id in this row, and rename {FOLDER}/{entry_id}"
                yield Finding(path, row.line, "", f"there is no entry {entry_id}", hint)
        if not row.shows or row.shows == TODO:
            hint = "write in a few words what is particular about this log"
            yield Finding(path, row.line, "", "nothing says what the log shows", hint)
    named = {row.name for row in rows}
    for file in sorted(folder.glob("*/*.txt")):
        name = file.relative_to(folder).as_posix()
        if name not in named:
            hint = f"add a row: {name}, right ids, year, what it shows, parted by tabs"
            yield Finding(f"{FOLDER}/{name}", 1, "", "the index does not name this log", hint)


def _rows(folder: Path) -> Iterator[_Row]:
    index = folder / INDEX
    lines = index.read_text(encoding="utf-8").splitlines() if index.is_file() else []
    for number, line in enumerate(lines[1:], 2):
        name, ids, _, shows, known = (line.split("\t") + [""] * 4)[:5]
        yield _Row(number, name, tuple(filter(None, ids.split(","))), shows, known)
