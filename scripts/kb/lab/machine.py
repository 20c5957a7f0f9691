"""What the lab may do on this machine: who it runs as, and whether the network can be closed."""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import socket
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GLOBAL_CONFIG = Path("/etc/pip.conf")

_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_MS_BIND = 0x1000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_MNT_DETACH = 2
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


class NotAllowedError(Exception):
    """This machine does not allow a set-up. The recipe is counted as not run."""


@dataclass
class Machine:
    """This machine, as the lab sees it.

    Attributes:
        is_root: the lab was started as root, and so can become somebody else for each command.
        closed: commands reach loopback and nothing else.
        mounts: file systems can be mounted where no one else sees them.
        configured: pip would read a configuration file of the whole machine.
    """

    is_root: bool = field(default_factory=lambda: os.geteuid() == 0)
    closed: bool = False
    mounts: bool = False
    configured: bool = field(default_factory=GLOBAL_CONFIG.exists)

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that drop root's rights; empty for anyone else."""
        if not self.is_root:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def isolate(self) -> None:
        """Leave the machine's network and mounts, where that is allowed (namespaces(7)).

        Root may do it; another user may where the kernel lets users have namespaces of their
        own. Everything that is started afterwards sees an own loopback interface and no other,
        and mounts that end with this process. Where it is not allowed, `closed` and `mounts`
        stay false; the recipes that need them say so and are counted as not run.

        The process must not have started a thread that still runs.
        """
        if sys.platform != "linux":
            return
        libc = ctypes.CDLL(None, use_errno=True)
        if not self.is_root and not _own_user_namespace(libc):
            return
        if libc.unshare(_CLONE_NEWNET) == 0:
            _loopback_up()
            self.closed = True
        if libc.unshare(_CLONE_NEWNS) == 0:
            self.mounts = libc.mount(b"none", b"/", None, _MS_REC_PRIVATE, None) == 0
        if self.mounts and self.configured:
            self.configured = not mount_file(Path(os.devnull), GLOBAL_CONFIG)


def _own_user_namespace(libc: ctypes.CDLL) -> bool:
    """Become root of a user namespace in which nobody but this user exists."""
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER):
        return False
    own = Path("/proc/self")
    try:
        (own / "setgroups").write_text("deny", encoding="ascii")
        (own / "uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        (own / "gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    except OSError:
        return False
    return True


def _loopback_up() -> None:
    """Switch the loopback interface on, as ``ip link set lo up`` does (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        request = struct.pack("16sh14x", b"lo", _IFF_UP)
        fcntl.ioctl(channel, _SIOCSIFFLAGS, request)


def mount_file(source: Path, target: Path) -> bool:
    """Put a file over another one: only where this process has mounts of its own.

    Args:
        source: what is to be seen.
        target: the file in whose place it is seen.

    Returns:
        Whether that is allowed, and both are there.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = str(source).encode(), str(target).encode()
    status: int = libc.mount(*names, None, _MS_BIND, None)
    return status == 0


def mount_memory(path: Path, mode: int, size: int | None = None) -> None:
    """Put an empty file system in memory on a folder, in this process's own mounts (tmpfs(5)).

    Args:
        path: an empty folder.
        mode: its permissions.
        size: how much it holds, in bytes; half of the memory if it is not said.

    Raises:
        NotAllowedError: it is not allowed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    limit = f",size={size}" if size else ""
    options = f"mode={mode:o}{limit}".encode()
    if libc.mount(b"tmpfs", str(path).encode(), b"tmpfs", 0, options):
        raise NotAllowedError("this machine does not allow mounts")


def unmount(path: Path) -> None:
    """Take a file system off a folder again."""
    ctypes.CDLL(None).umount2(str(path).encode(), _MNT_DETACH)
