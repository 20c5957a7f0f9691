"""Make small wheels, and a small repository around them, so that tests need no network."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from kb.pipsource import Releases
from kb.wheels import Lock, Pin, Wheels

if TYPE_CHECKING:
    from pathlib import Path

EXCEPTIONS = '''\
"""Exceptions."""

CONTEXT = "top level words"


class PipError(Exception):
    """The words of a docstring are printed by nobody."""


class HashMismatch(PipError):
    order = 4
    head = (
        "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS "
        "FILE. Examine the package contents carefully."
    )

    def body(self, name: str) -> str:
        if self.order:
            return f"Expected {name!r}, but got something else"
        return "nothing at all"


class Outdated(PipError):
    def __str__(self) -> str:
        return "This pip is too old for it"
'''
OTHER = """\
def helper(count):
    message = "Cannot uninstall %s"
    if count:
        message += " because it is held"
    return message
"""
FILES = {"pip/_internal/exceptions.py": EXCEPTIONS, "pip/_internal/other.py": OTHER}


def archive(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as out:
        for name, text in files.items():
            out.writestr(name, text)
    return made.getvalue()


def wheel(release: str, files: dict[str, str], project: str = "pip") -> bytes:
    """Return a wheel that pip downloads."""
    info = f"{project}-{release}.dist-info"
    return archive(
        {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: {release}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
    )


def offer(index: Path, release: str, files: dict[str, str], project: str = "pip") -> str:
    """Put a wheel into a folder that pip finds links in, and return its SHA-256."""
    index.mkdir(parents=True, exist_ok=True)
    data = wheel(release, files, project)
    (index / f"{project}-{release}-py3-none-any.whl").write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def cached(cache: Path, made: dict[str, dict[str, str]]) -> Releases:
    """Return releases of pip whose wheels lie in a cache, with a lock that names them."""
    cache.mkdir(parents=True, exist_ok=True)
    lock = Lock()
    for release, files in made.items():
        data = wheel(release, files)
        digest = hashlib.sha256(data).hexdigest()
        (cache / f"{digest}.whl").write_bytes(data)
        lock = lock.put(Pin("pip", release), digest)
    return Releases(Wheels(lock, cache, offline=True))
