"""Copies of folders that share what nobody changes: unpacked pips and Pythons are hard links.

A box has more than a thousand files and is put back for each proof, so this takes file names as
text: with `pathlib` it took three times as long.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Share(Enum):
    """Which files of a copy are hard links. Nobody may change such a file in place."""

    NONE = "none"
    SHARED = "those that are links already"
    ALL = "all"


def copy(source: Path | str, target: Path | str, share: Share = Share.NONE) -> None:
    """Copy a folder with its modes, times and owners; symbolic links stay links.

    Args:
        source: the folder.
        target: where to; what is there already is kept.
        share: which files become hard links.
    """
    with contextlib.suppress(FileExistsError):
        os.mkdir(target)
    with os.scandir(source) as items:
        for item in items:
            here = f"{target}/{item.name}"
            if item.is_symlink():
                os.symlink(os.readlink(item.path), here)
                _own_alike(item.stat(follow_symlinks=False), here)
            elif item.is_dir():
                copy(item.path, here, share)
            elif item.is_file() and not (_is_shared(item, share) and _linked(item.path, here)):
                shutil.copyfile(item.path, here)
                _alike(item.stat(), here)
    _alike(os.stat(source), target)


def _is_shared(item: os.DirEntry[str], share: Share) -> bool:
    return share is Share.ALL or (share is Share.SHARED and item.stat().st_nlink > 1)


def _linked(source: str, target: str) -> bool:
    """Link a file, where both folders lie on one file system."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _alike(found: os.stat_result, target: Path | str) -> None:
    """Give a file or folder the owner, mode and times of another one."""
    _own_alike(found, target)
    os.chmod(target, found.st_mode & 0o7777)
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _own_alike(found: os.stat_result, target: Path | str) -> None:
    if os.geteuid() == 0:
        os.lchown(target, found.st_uid, found.st_gid)


def own(folder: Path | str, user: int, group: int) -> None:
    """Give a folder and what is in it to a user; shared files stay everybody's."""
    os.lchown(folder, user, group)
    with os.scandir(folder) as items:
        for item in items:
            if item.is_dir(follow_symlinks=False):
                own(item.path, user, group)
            elif item.stat(follow_symlinks=False).st_nlink == 1:
                os.lchown(item.path, user, group)


def empty(folder: Path | str) -> None:
    """Remove what is in a folder, whatever its permissions; file systems on it stay mounted."""
    os.chmod(folder, 0o700)
    with os.scandir(folder) as items:
        for item in items:
            if not item.is_dir(follow_symlinks=False):
                os.unlink(item.path)
                continue
            empty(item.path)
            try:
                os.rmdir(item.path)
            except OSError as error:
                if error.errno != errno.EBUSY:
                    raise


def remove(folder: Path) -> None:
    """Remove a folder, and what can be removed of it where something is still at work there."""
    with contextlib.suppress(OSError):
        empty(folder)
    shutil.rmtree(folder, ignore_errors=True)
