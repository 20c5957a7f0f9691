"""Read the source of a release, out of its locked wheel or a git repository.

Everything is read in memory: nothing is unpacked, installed, imported or run, and the names
inside an archive are keys, never paths of the file system. Files are named by their path in
the project's repository at the tag, as entries name them.

pip's wheel holds the same ``pip/`` as its repository at the tag; up to 9.0.3 that folder stood
at the top of the repository, from 10.0.0b1 on under ``src/``.
"""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.model import PROJECTS
from kb.releases import key
from kb.symbols import SourceFile
from kb.wheels import Pin, UnavailableError, Wheels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_MEMBERS = 20_000
MAX_MEMBER = 8 * 1024 * 1024
MAX_TOTAL = 512 * 1024 * 1024
GIT_TIMEOUT = 60.0
SRC_SINCE = {"pip": "10.0.0b1"}
_TEXTS = (".py", ".pyx", ".pxd", ".pxi", ".pyi", ".toml", ".txt", ".c", ".h", ".rs")
_PYTHON = (".py", ".pyi")


class WrongPathError(ValueError):
    """A path cannot be one of the repository at that tag; the text says what it would be."""


def member_of(pin: Pin, path: str) -> str:
    """Return the name inside the wheel of a path of the repository.

    Raises:
        WrongPathError: the path is absolute or climbs, or its ``src/`` is not the tag's.
    """
    pieces = path.split("/")
    if "\\" in path or any(piece in ("", ".", "..") for piece in pieces):
        message = f"{path!r} is not a plain path below the repository"
        raise WrongPathError(message)
    since = SRC_SINCE.get(pin.project)
    if since is None:
        return path.removeprefix("src/")
    bare = path.removeprefix("src/")
    right = repository_path(pin, bare)
    if path != right:
        message = f"at {pin} the repository has it as {right}"
        raise WrongPathError(message)
    return bare


def repository_path(pin: Pin, member: str) -> str:
    """Return the path in the repository at the tag of a member of the wheel."""
    since = SRC_SINCE.get(pin.project)
    return f"src/{member}" if since and key(pin.release) >= key(since) else member


class Archive:
    """The members of a zip archive held in memory, within bounds.

    Raises:
        UnavailableError: it is not a zip archive, has too many members, or a name twice.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self._unreadable(str(error)) from error
        if len(infos) > MAX_MEMBERS:
            raise self._unreadable(f"it has more than {MAX_MEMBERS} members")
        if sum(info.file_size for info in infos) > MAX_TOTAL:
            raise self._unreadable(f"it unpacks to more than {MAX_TOTAL} bytes")
        self._infos = {info.filename: info for info in infos if not info.is_dir()}
        if len(self._infos) != sum(not info.is_dir() for info in infos):
            raise self._unreadable("it has two members of the same name")

    def _unreadable(self, why: str) -> UnavailableError:
        hint = (
            "delete it from the cache folder and try again; renew its line in the lock if need be"
        )
        return UnavailableError(f"{self._name} is not a readable archive: {why}", hint)

    def names(self) -> list[str]:
        """Return the names of the members, sorted."""
        return sorted(self._infos)

    def read(self, name: str) -> bytes | None:
        """Return a member, or None if there is none of that name.

        Raises:
            UnavailableError: it is too large, or damaged, or packed in an unknown way.
        """
        info = self._infos.get(name)
        if info is None:
            return None
        try:
            with self._zip.open(info) as member:
                data = member.read(MAX_MEMBER + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
        ) as error:
            raise self._unreadable(f"{name}: {error}") from error
        if len(data) > MAX_MEMBER:
            raise self._unreadable(f"{name} is larger than {MAX_MEMBER} bytes")
        return data


def decode(data: bytes) -> str:
    r"""Return the text of a source file, by its coding line if it has one, with ``\n`` ends."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        text = data.decode("latin-1")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class Release:
    """The source of one release; each file is decoded and parsed once.

    Attributes:
        pin: the project and its release.
        archive: its wheel, or its tree at the tag.
        at_tag: the archive's names are those of the repository (it comes out of git).
    """

    pin: Pin
    archive: Archive
    at_tag: bool = False
    _files: dict[str, SourceFile | None] = field(default_factory=dict, init=False)

    def paths(self) -> list[str]:
        """Return the repository paths of its source files."""
        names = (name for name in self.archive.names() if name.endswith(_TEXTS))
        if self.at_tag:
            return list(names)
        return [repository_path(self.pin, name) for name in names if ".dist-info/" not in name]

    def file(self, path: str) -> SourceFile | None:
        """Return the file at a repository path, or None if the release has none there.

        Raises:
            WrongPathError: it cannot be a path of the repository at that tag.
            UnavailableError: the archive is damaged, or the file is too large.
        """
        if path not in self._files:
            member = member_of(self.pin, path)
            data = self.archive.read(path if self.at_tag else member)
            made = None if data is None else SourceFile(decode(data), path.endswith(_PYTHON))
            self._files[path] = made
        return self._files[path]

    def files(self) -> Iterator[tuple[str, SourceFile]]:
        """Give every source file with its repository path, sorted by path.

        Raises:
            UnavailableError: the archive is damaged, or a file is too large.
        """
        for path in self.paths():
            try:
                found = self.file(path)
            except WrongPathError:
                continue
            if found is not None:
                yield path, found


@dataclass
class Releases:
    """The releases that a run looks at, each opened once.

    Attributes:
        wheels: where archives come from.
        repository: a git checkout or bare repository of pip to use instead, if any.
    """

    wheels: Wheels
    repository: Path | None = None
    _open: dict[Pin, Release | UnavailableError] = field(default_factory=dict, init=False)

    def get(self, project: str, release: str) -> Release:
        """Return a release.

        Raises:
            UnavailableError: it cannot be had; the reason is the same each time it is asked for.
        """
        pin = Pin(project, release)
        if pin not in self._open:
            try:
                self._open[pin] = self._load(pin)
            except UnavailableError as error:
                self._open[pin] = error
        found = self._open[pin]
        if isinstance(found, UnavailableError):
            raise found
        return found

    def at_hand(self, project: str) -> Iterator[Release]:
        """Give the releases of a project that can be read without fetching, newest first."""
        pins = {pin for pin in [*self._open, *self.wheels.at_hand()] if pin.project == project}
        for pin in sorted(pins, key=lambda pin: key(pin.release), reverse=True):
            try:
                yield self.get(pin.project, pin.release)
            except UnavailableError:
                continue

    def _load(self, pin: Pin) -> Release:
        if self.repository is not None and pin.project == "pip":
            data = _git_archive(self.repository, pin)
            return Release(pin, Archive(f"{pin} in {self.repository}", data), at_tag=True)
        return Release(pin, Archive(f"the wheel of {pin}", self.wheels.load(pin)))


def _git_archive(repository: Path, pin: Pin) -> bytes:
    if not re.fullmatch(r"[0-9][A-Za-z0-9.]*", pin.release):
        raise UnavailableError(f"{pin.release!r} is not a release", "write it as on PyPI")
    tag = PROJECTS[pin.project].tag.format(release=pin.release)
    top = repository_path(pin, "pip").split("/")[0]
    command = ["git", "-c", "core.autocrlf=false", "-C", str(repository), "archive"]
    command += ["--format=zip", "-0", f"refs/tags/{tag}", top]
    try:
        done = subprocess.run(command, capture_output=True, timeout=GIT_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"git cannot be run: {error}", "leave out --source") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-300:]
        hint = "run git fetch --tags there, or leave out --source"
        raise UnavailableError(f"{repository} has no tag {tag} of pip; git said: {said}", hint)
    return done.stdout
