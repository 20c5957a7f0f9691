"""A box: the folder, the environment and the limits in which one recipe runs."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kb.lab.machine import mount_small_disk, unmount
from kb.recipe import Setup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.lab.machine import Machine
    from kb.lab.pips import Pips, Python

MAX_OUTPUT = 1_000_000
_SMALL_DISK = 4 * 1024 * 1024
_NO_GIT = ("sh", "bash", "env", "cat", "ls", "rm", "mkdir", "sed", "grep", "head", "uname")


class NotAllowedError(Exception):
    """This machine does not allow a set-up. The recipe is counted as not run."""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    command: str
    status: int
    output: str


class Box:
    """Folders of its own for one run, removed at the end of the ``with`` block."""

    def __init__(
        self, machine: Machine, pips: Pips, python: Python, pip: str, setup: tuple[Setup, ...]
    ) -> None:
        """Take what the box is made of.

        Args:
            machine: what is allowed here.
            pips: where its pip comes from.
            python: its interpreter.
            pip: its release of pip.
            setup: the named states to bring about.
        """
        self.machine, self.pips, self.python, self.pip, self.setup = (
            machine,
            pips,
            python,
            pip,
            setup,
        )
        self.root = Path()

    @property
    def project(self) -> Path:
        """The folder in which commands run."""
        return self.root / "home" / "project"

    @property
    def environment(self) -> Path:
        """The virtual environment, or the copied system Python."""
        copied = {Setup.SYSTEM_PYTHON, Setup.EXTERNALLY_MANAGED} & set(self.setup)
        return self.root / "python" if copied else self.project / ".venv"

    def __enter__(self) -> Self:
        """Make the folders and the environment, and bring about the states.

        Raises:
            NotAllowedError: this machine does not allow one of the states.
            UnavailableError: the wheel of pip cannot be fetched.
        """
        if Setup.SMALL_DISK in self.setup and not self.machine.mounts:
            raise NotAllowedError("this machine does not allow mounts")
        if Setup.ROOT in self.setup and not self.machine.is_root:
            raise NotAllowedError("the lab was not started as root")
        self.root = Path(tempfile.mkdtemp(prefix="pip-errors-lab-"))
        try:
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Remove everything, whatever a recipe did to the permissions."""
        if Setup.SMALL_DISK in self.setup and self.machine.mounts:
            unmount(str(self.root / "home" / "small"))
        for folder, _folders, _files in os.walk(self.root):
            with contextlib.suppress(OSError):
                Path(folder).chmod(0o700)
        shutil.rmtree(self.root, ignore_errors=True)

    def _fill(self) -> None:
        self.root.chmod(0o755)
        for name in ("home/project", "tmp", "bin"):
            (self.root / name).mkdir(parents=True)
        release = "" if Setup.NO_PIP in self.setup else self.pip
        if {Setup.SYSTEM_PYTHON, Setup.EXTERNALLY_MANAGED} & set(self.setup):
            self._system_python(release)
        else:
            self.pips.into(self.environment, self.python, release)
        if Setup.NO_GIT in self.setup:
            for name in _NO_GIT:
                if found := shutil.which(name, path="/usr/bin:/bin"):
                    (self.root / "bin" / name).symlink_to(found)
        if Setup.SMALL_DISK in self.setup:
            (self.root / "home" / "small").mkdir()
            mount_small_disk(str(self.root / "home" / "small"), _SMALL_DISK)
        self.own(self.root)
        if Setup.READ_ONLY in self.setup:
            for folder, _folders, _files in os.walk(self.environment):
                Path(folder).chmod(0o555)

    def own(self, folder: Path) -> None:
        """Make the user whom commands run as the owner of a folder and all that is in it."""
        identity = self.identity
        if not identity:
            return
        for where, folders, files in os.walk(folder):
            for name in (".", *folders, *files):
                os.lchown(Path(where) / name, identity["user"], identity["group"])

    def _system_python(self, release: str) -> None:
        """Copy the interpreter and its library to a prefix of their own, without a venv's marks."""
        prefix = self.environment
        library = Path("lib") / f"python{self.python.minor}"
        real = Path(os.path.realpath(self.python.path))
        base = real.parent.parent
        (prefix / "bin").mkdir(parents=True)
        shutil.copy2(real, prefix / "bin" / "python3")
        (prefix / "bin" / "python").symlink_to("python3")
        skip = shutil.ignore_patterns(
            "test", "site-packages", "dist-packages", "__pycache__", "EXTERNALLY-MANAGED"
        )
        shutil.copytree(base / library, prefix / library, ignore=skip, symlinks=True)
        if release:
            shutil.copytree(self.pips.unpacked(release), _site(prefix), dirs_exist_ok=True)
        if Setup.EXTERNALLY_MANAGED in self.setup:
            (prefix / library / "EXTERNALLY-MANAGED").write_text(
                "[externally-managed]\n", encoding="utf-8"
            )

    @property
    def identity(self) -> dict[str, Any]:
        """Whom commands run as."""
        return {} if Setup.ROOT in self.setup else self.machine.identity

    def environ(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a command: nothing of the caller's is in it."""
        path = [f"{self.environment}/bin"]
        path += [f"{self.root}/bin"] if Setup.NO_GIT in self.setup else ["/usr/bin", "/bin"]
        return {
            "HOME": f"{self.root}/home",
            "TMPDIR": str(self.root / "tmp"),
            "PATH": ":".join(path),
            "LANG": "C.UTF-8",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_PROGRESS_BAR": "off",
            **extra,
        }

    def run(self, command: str, env: Mapping[str, str], seconds: int) -> Ran:
        """Run a command in the project's folder, and end it and its children when time is up.

        Args:
            command: for ``bash``.
            env: variables on top of the box's own.
            seconds: how long it may take.

        Returns:
            What it printed (both streams, in order) and its exit status; 124 when it was ended.
        """
        with subprocess.Popen(
            ["/bin/bash", "-c", command],
            cwd=self.project,
            env=self.environ(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **self.identity,
        ) as process:
            try:
                output, _ = process.communicate(timeout=seconds)
                status = process.returncode
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                output, _ = process.communicate()
                status = 124
        return Ran(command, status, output[:MAX_OUTPUT].decode("utf-8", "replace"))


def _site(prefix: Path) -> Path:
    """Return the folder of a copied Python in which it looks for packages."""
    code = "import site; print(*site.getsitepackages(), sep='\\n')"
    done = subprocess.run(
        [prefix / "bin" / "python3", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env={},
    )
    return next(Path(line) for line in done.stdout.split() if Path(line).is_relative_to(prefix))
