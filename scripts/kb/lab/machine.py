"""What the lab may do on this machine: who it runs as, and whether the network can be closed."""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

_CLONE_NEWNS = 0x00020000
_CLONE_NEWNET = 0x40000000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


@dataclass
class Machine:
    """This machine, as the lab sees it.

    Attributes:
        is_root: the lab was started as root, and so can become somebody else for each command.
        closed: commands reach loopback and nothing else.
        mounts: file systems can be mounted where no one else sees them.
    """

    is_root: bool = field(default_factory=lambda: os.geteuid() == 0)
    closed: bool = False
    mounts: bool = False

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that drop root's rights; empty for anyone else."""
        if not self.is_root:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def isolate(self) -> None:
        """Leave the machine's network and mounts, where that is allowed: root on Linux.

        Everything that is started afterwards sees an own loopback interface and no other, and
        mounts that end with this process. Where it is not allowed, `closed` and `mounts` stay
        false; the recipes that need them say so and are counted as not run.
        """
        if not self.is_root or not hasattr(socket, "AF_NETLINK"):
            return
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWNET) == 0:
            _loopback_up()
            self.closed = True
        if libc.unshare(_CLONE_NEWNS) == 0:
            self.mounts = libc.mount(b"none", b"/", None, _MS_REC_PRIVATE, None) == 0


def _loopback_up() -> None:
    """Switch the loopback interface on, as ``ip link set lo up`` does (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        request = struct.pack("16sh14x", b"lo", _IFF_UP)
        fcntl.ioctl(channel, _SIOCSIFFLAGS, request)


def mount_small_disk(path: str, size: int) -> None:
    """Put an empty file system of a few bytes on a folder, in this process's own mounts.

    Args:
        path: an empty folder.
        size: how much it holds, in bytes.

    Raises:
        OSError: it is not allowed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, f"size={size},mode=0777".encode()):
        raise OSError(ctypes.get_errno(), "mount", path)


def unmount(path: str) -> None:
    """Take a file system off a folder again."""
    ctypes.CDLL(None).umount2(path.encode(), 2)
