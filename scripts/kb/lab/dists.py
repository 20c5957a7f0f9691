"""Build the distribution files that the lab's index serves: small, and the same every time.

The formats: the binary distribution format (PEP 427) and the source distribution format
(PEP 625), as the PyPA specifications describe them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.recipe import Broken, FileKind

if TYPE_CHECKING:
    from kb.recipe import Dist

_TIME = (2024, 1, 1, 0, 0, 0)
_MTIME = 1704067200
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Head of a gzip file without a time, from an unknown system (RFC 1952)."""
_MODULE = """\
__version__ = "{version}"


def main():
    print(__version__)
"""
_BACKEND = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@dataclass(frozen=True)
class DistFile:
    """One file of a release.

    Attributes:
        name: its file name.
        data: its bytes.
        metadata: what the index serves beside it; empty if nothing.
    """

    name: str
    data: bytes
    metadata: bytes = b""

    @property
    def sha256(self) -> str:
        """The file's own hash, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


def build(dist: Dist) -> list[DistFile]:
    """Build the files of a release.

    Args:
        dist: the release, as the recipe describes it.

    Returns:
        Its files, in the order in which the recipe names their kinds.
    """
    makers = {FileKind.WHEEL: _wheel, FileKind.SDIST: _sdist}
    return [makers[kind](dist) for kind in dist.files]


def _metadata(dist: Dist) -> bytes:
    """Return the core metadata of a release (version 2.1)."""
    name = "other-project" if dist.broken is Broken.OTHER_NAME else dist.name
    version = "9.9" if dist.broken is Broken.OTHER_VERSION else dist.version
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    if dist.requires_python:
        lines.append(f"Requires-Python: {dist.requires_python}")
    lines += [f"Requires-Dist: {requirement}" for requirement in dist.requires or ()]
    if dist.broken is Broken.BAD_METADATA:
        lines.append("Requires-Dist: demo (>=1.0.*)")
    for extra, requirements in (dist.extras or {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {line}; extra == "{extra}"' for line in requirements]
    return ("\n".join(lines) + "\n").encode()


def _stem(dist: Dist) -> str:
    return f"{dist.name.replace('-', '_')}-{dist.version}"


def _wheel(dist: Dist) -> DistFile:
    """Return a wheel with one module, its commands and its metadata."""
    stem, module = _stem(dist), dist.name.replace("-", "_").lower()
    info = f"{stem}.dist-info"
    metadata = _metadata(dist)
    wheel_version = "9.0" if dist.broken is Broken.BAD_WHEEL_VERSION else "1.0"
    wheel = f"Wheel-Version: {wheel_version}\nGenerator: lab\nRoot-Is-Purelib: true\n"
    files = {
        f"{module}/__init__.py": _MODULE.format(version=dist.version),
        **(dist.contents or {}),
    }
    members = {name: text.encode() for name, text in files.items()}
    if dist.scripts:
        points = "\n".join(f"{script} = {module}:main" for script in dist.scripts)
        members[f"{info}/entry_points.txt"] = f"[console_scripts]\n{points}\n".encode()
    if dist.broken is not Broken.NO_METADATA:
        members[f"{info}/METADATA"] = metadata
    if dist.broken is not Broken.NO_WHEEL_FILE:
        members[f"{info}/WHEEL"] = (wheel + f"Tag: {dist.tag}\n").encode()
    if dist.broken is not Broken.NO_RECORD:
        record = "".join(_record(name, data) for name, data in members.items())
        members[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    data = _zip(members)
    if dist.broken is Broken.NOT_A_ZIP:
        data = b"<html><body>Please sign in to the network.</body></html>\n"
    return DistFile(f"{stem}-{dist.tag}.whl", data, metadata if dist.core_metadata else b"")


def _record(name: str, data: bytes) -> str:
    """Return the RECORD line of a file."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"


def _zip(members: dict[str, bytes]) -> bytes:
    """Return a zip archive with these members, the same bytes with every zlib: not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def _sdist(dist: Dist) -> DistFile:
    """Return a source distribution; it builds without a build dependency unless it says so."""
    stem, module = _stem(dist), dist.name.replace("-", "_").lower()
    metadata = _metadata(dist)
    files = {
        f"{module}/__init__.py": _MODULE.format(version=dist.version),
        "PKG-INFO": metadata.decode(),
        **(dist.contents or {}),
    }
    if not {"setup.py", "pyproject.toml"} & files.keys():
        files["pyproject.toml"] = _BACKEND
        files["backend.py"] = _backend(stem, module, metadata.decode())
    data = _tar({f"{stem}/{name}": text.encode() for name, text in files.items()})
    if dist.broken is Broken.NOT_A_ZIP:
        data = b"<html><body>Please sign in to the network.</body></html>\n"
    return DistFile(f"{stem}.tar.gz", data)


def _backend(stem: str, module: str, metadata: str) -> str:
    """Return a build backend in one file (PEP 517), which needs nothing but Python."""
    return f"""\
import os
import zipfile

INFO = "{stem}.dist-info"
METADATA = {metadata!r}
WHEEL = "Wheel-Version: 1.0\\nGenerator: lab\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "{stem}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        archive.write(os.path.join("{module}", "__init__.py"))
        archive.writestr(INFO + "/METADATA", METADATA)
        archive.writestr(INFO + "/WHEEL", WHEEL)
        archive.writestr(INFO + "/RECORD", "")
    return name
"""


def _tar(members: dict[str, bytes]) -> bytes:
    """Return a gzipped tar archive with these members, the same bytes with every zlib."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(data), _MTIME, 0o644
            archive.addfile(info, io.BytesIO(data))
    data = raw.getvalue()
    stored = zlib.compressobj(0, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = stored.compress(data) + stored.flush()
    return _GZIP + body + struct.pack("<II", zlib.crc32(data), len(data))


def released(data: bytes) -> DistFile:
    """Return a real wheel under the name that it has on PyPI.

    Args:
        data: a wheel of one tag.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        wheel = next(name for name in archive.namelist() if name.endswith(".dist-info/WHEEL"))
        text = archive.read(wheel).decode()
    tags = [line.removeprefix("Tag: ") for line in text.splitlines() if line.startswith("Tag: ")]
    parts = zip(*(tag.split("-") for tag in tags), strict=True)
    tag = "-".join(".".join(dict.fromkeys(part)) for part in parts)
    return DistFile(f"{wheel.partition('.dist-info/')[0]}-{tag}.whl", data)
