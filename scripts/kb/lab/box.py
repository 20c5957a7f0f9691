"""A box: the folder, the environment and the limits in which one recipe runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kb.lab import bytecode, tree
from kb.lab.machine import NotAllowedError, mount_memory, unmount
from kb.lab.process import end_left_over
from kb.lab.tree import Share
from kb.lab.watch import Watch
from kb.recipe import Setup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.lab.machine import Machine
    from kb.lab.pips import Pips, Python
    from kb.lab.process import Processes, Ran

_SMALL_DISK = 4 * 1024 * 1024
_COPIED = frozenset({Setup.SYSTEM_PYTHON, Setup.EXTERNALLY_MANAGED})
_SMALL_PATH = frozenset({Setup.NO_GIT, Setup.NO_COMPILER})
_SMALL = (
    *("sh", "bash", "env", "cat", "ls", "rm", "cp", "mv", "mkdir", "chmod", "touch", "find"),
    *("sed", "grep", "head", "tail", "tr", "uname"),
)
_MARKER = "[externally-managed]\n"


class Box:
    """Folders of its own for one recipe, removed at the end of the ``with`` block."""

    def __init__(
        self,
        machine: Machine,
        pips: Pips,
        processes: Processes,
        *,
        python: Python,
        pip: str,
        setup: tuple[Setup, ...],
    ) -> None:
        """Take what the box is made of.

        Args:
            machine: what is allowed here.
            pips: where its pip comes from, and in whose folder it is made.
            processes: what runs its commands.
            python: its interpreter.
            pip: its release of pip.
            setup: the named states to bring about.
        """
        self.machine, self.pips, self.processes = machine, pips, processes
        self.python, self.pip, self.setup = python, pip, frozenset(setup)
        self.root = Path()

    @property
    def home(self) -> Path:
        """The home folder of whoever runs the commands."""
        return self.root / "home"

    @property
    def project(self) -> Path:
        """The folder in which commands run."""
        return self.home / "project"

    @property
    def environment(self) -> Path:
        """The virtual environment, or the copied system Python."""
        return self.root / "python" if self.setup & _COPIED else self.project / ".venv"

    @property
    def identity(self) -> dict[str, Any]:
        """Whom commands run as."""
        return {} if Setup.ROOT in self.setup else self.machine.identity

    def __enter__(self) -> Self:
        """Make the folders and the environment, and bring about the states.

        Raises:
            NotAllowedError: this machine does not allow one of the states.
            UnavailableError: the wheel of pip cannot be fetched.
        """
        self._allow()
        self.root = Path(tempfile.mkdtemp(prefix="box-", dir=self.pips.folder))
        try:
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs, and remove everything."""
        end_left_over(self.home)
        if Setup.SMALL_DISK in self.setup:
            unmount(self.home / "small")
        tree.remove(self.root)

    def _allow(self) -> None:
        if Setup.SMALL_DISK in self.setup and not self.machine.mounts:
            raise NotAllowedError("this machine does not allow mounts")
        if self.setup & {Setup.ROOT, Setup.FOREIGN_CACHE} and not self.machine.is_root:
            raise NotAllowedError("the lab was not started as root")
        if Setup.COMPILER in self.setup and not self.python.can_compile():
            raise NotAllowedError("there is no C compiler, or Python's headers are missing")
        if Setup.NO_NETWORK in self.setup and not self.machine.closed:
            raise NotAllowedError("this machine does not let the lab close the network")

    def _fill(self) -> None:
        self.root.chmod(0o755)
        for name in ("home/project", "tmp", "bin", "watch"):
            (self.root / name).mkdir(parents=True)
        code = bytecode.startup(self.python.minor, self.pips.code(self.python))
        self.watch = Watch(self.root / "watch", closed=self.machine.closed, startup=code)
        release = "" if Setup.NO_PIP in self.setup else self.pip
        share = Share.NONE if Setup.ROOT in self.setup else Share.ALL
        make = self.pips.system if self.setup & _COPIED else self.pips.environment
        make(self.environment, self.python, release, share)
        if Setup.EXTERNALLY_MANAGED in self.setup:
            library = self.environment / "lib" / f"python{self.python.minor}"
            (library / "EXTERNALLY-MANAGED").write_text(_MARKER, encoding="utf-8")
        if self.setup & _SMALL_PATH:
            for name in _SMALL:
                if found := shutil.which(name, path="/usr/bin:/bin"):
                    (self.root / "bin" / name).symlink_to(found)
        if Setup.SMALL_DISK in self.setup:
            (self.home / "small").mkdir()
            mount_memory(self.home / "small", 0o777, _SMALL_DISK)
        self.own(self.root)
        if Setup.FOREIGN_CACHE in self.setup:
            (self.home / ".cache" / "pip").mkdir(parents=True)
        if Setup.READ_ONLY in self.setup:
            for folder, _folders, _files in os.walk(self.environment):
                Path(folder).chmod(0o555)

    def own(self, folder: Path) -> None:
        """Make the user whom commands run as the owner of a folder and all that is in it."""
        if self.identity:
            tree.own(folder, self.identity["user"], self.identity["group"])

    def write(self, name: str, data: bytes) -> None:
        """Write a file into the project's folder, as the user whom commands run as."""
        path = self.project / name
        missing = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        for made in (path, *missing):
            if self.identity:
                os.lchown(made, self.identity["user"], self.identity["group"])

    def keep(self) -> None:
        """Remember the folders as they are now."""
        (self.root / "kept").mkdir()
        for name in ("home", "tmp", "python"):
            if (self.root / name).is_dir():
                tree.copy(self.root / name, self.root / "kept" / name, Share.SHARED)

    def restore(self) -> None:
        """Put the folders back to what they were when they were kept."""
        end_left_over(self.home)
        for kept in (self.root / "kept").iterdir():
            tree.empty(self.root / kept.name)
            tree.copy(kept, self.root / kept.name, Share.SHARED)

    def environ(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a command: nothing of the caller's is in it."""
        path = [f"{self.environment}/bin"]
        path += [f"{self.root}/bin"] if self.setup & _SMALL_PATH else ["/usr/bin", "/bin"]
        own = {
            "HOME": str(self.home),
            "TMPDIR": str(self.root / "tmp"),
            "PATH": ":".join(path),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.watch.folder),
            "XDG_CONFIG_DIRS": str(self.root / "watch"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_PROGRESS_BAR": "off",
        }
        hidden = {"PIP_CONFIG_FILE": os.devnull} if self.machine.configured else {}
        return own | hidden | dict(extra)

    def run(self, command: str, env: Mapping[str, str], seconds: float) -> Ran:
        """Run a command in the project's folder.

        Args:
            command: for ``bash``.
            env: variables on top of the box's own.
            seconds: how long it may take.

        Returns:
            What it printed (both streams, in order) and its exit status.

        Raises:
            StoppedError: the lab was told to stop.
        """
        return self.processes.run(
            command,
            folder=self.project,
            env=self.environ(env),
            seconds=seconds,
            output=self.root / "output.txt",
            identity=self.identity,
        )
