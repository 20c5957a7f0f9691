"""Copies of folders that share what nobody changes: unpacked pips and Pythons are hard links."""

from __future__ import annotations

import contextlib
import os
import shutil
from enum import Enum
from pathlib import Path


class Share(Enum):
    """Which files of a copy are hard links. Nobody may change such a file in place."""

    NONE = "none"
    SHARED = "those that are links already"
    ALL = "all"


def copy(source: Path, target: Path, share: Share = Share.NONE) -> None:
    """Copy a folder with its modes, times and owners; symbolic links stay links.

    Args:
        source: the folder.
        target: where to; what is there already is kept.
        share: which files become hard links.
    """
    target.mkdir(exist_ok=True)
    for item in os.scandir(source):
        here = target / item.name
        if item.is_symlink():
            here.symlink_to(Path(item.path).readlink())
        elif item.is_dir():
            copy(Path(item.path), here, share)
            continue
        elif not item.is_file() or (_is_shared(item, share) and _linked(item.path, here)):
            continue
        else:
            shutil.copy2(item.path, here)
        _same_owner(item.path, here)
    shutil.copystat(source, target)
    _same_owner(source, target)


def _is_shared(item: os.DirEntry[str], share: Share) -> bool:
    return share is Share.ALL or (share is Share.SHARED and item.stat().st_nlink > 1)


def _linked(source: str, target: Path) -> bool:
    """Link a file, where both folders lie on one file system."""
    try:
        target.hardlink_to(source)
    except OSError:
        return False
    return True


def _same_owner(source: os.PathLike[str] | str, target: Path) -> None:
    if os.geteuid() == 0:
        found = os.lstat(source)
        os.lchown(target, found.st_uid, found.st_gid)


def own(folder: Path, user: int, group: int) -> None:
    """Give a folder and what is in it to a user; shared files stay everybody's."""
    os.lchown(folder, user, group)
    for item in os.scandir(folder):
        if item.is_dir(follow_symlinks=False):
            own(Path(item.path), user, group)
        elif item.stat(follow_symlinks=False).st_nlink == 1:
            os.lchown(item.path, user, group)


def empty(folder: Path) -> None:
    """Remove what is in a folder, whatever its permissions; file systems on it stay mounted."""
    folder.chmod(0o700)
    for item in os.scandir(folder):
        path = Path(item.path)
        if item.is_dir(follow_symlinks=False):
            empty(path)
            if not path.is_mount():
                path.rmdir()
        else:
            path.unlink()


def remove(folder: Path) -> None:
    """Remove a folder, and what can be removed of it where something is still at work there."""
    with contextlib.suppress(OSError):
        empty(folder)
    shutil.rmtree(folder, ignore_errors=True)
