"""Virtual environments with a real pip in them, made quickly: unpacked once, copied each time."""

from __future__ import annotations

import io
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kb.wheels import Pin, Wheels

if TYPE_CHECKING:
    from kb.lab.machine import Machine

_NAMES = ("/usr/bin/python3", "python3", *(f"python3.{minor}" for minor in range(11, 15)))
_SCRIPT = """\
#!{python}
import sys

from pip._internal.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
"""


@dataclass(frozen=True)
class Python:
    """An interpreter that the lab can run as the user it drops to."""

    path: str
    release: str

    @property
    def minor(self) -> str:
        """Its version without the last number: 3.11."""
        return ".".join(self.release.split(".")[:2])


def pythons(machine: Machine) -> list[Python]:
    """Return the interpreters of this machine that the lab's user can run, best first."""
    found: dict[str, Python] = {}
    for name in (*_NAMES, sys.executable):
        path = shutil.which(name)
        if not path:
            continue
        code = "import platform, ensurepip, venv; print(platform.python_version())"
        try:
            done = subprocess.run(
                [path, "-c", code],
                capture_output=True,
                text=True,
                check=False,
                timeout=30,
                cwd="/",
                **machine.identity,
            )
        except PermissionError:
            continue
        if not done.returncode:
            found.setdefault(done.stdout.strip(), Python(path, done.stdout.strip()))
    return list(found.values())


@dataclass
class Pips:
    """Unpacked pips, one folder a release, shared by all recipes of a run.

    Attributes:
        wheels: the locked wheels.
        folder: where they are unpacked.
    """

    wheels: Wheels
    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def unpacked(self, release: str) -> Path:
        """Return a folder that holds ``pip/`` and ``pip-<release>.dist-info/``.

        Raises:
            UnavailableError: the wheel is not locked or cannot be fetched.
        """
        target = self.folder / f"pip-{release}"
        with self._lock:
            if not target.is_dir():
                data = self.wheels.load(Pin("pip", release))
                with tempfile.TemporaryDirectory(dir=self.folder) as name:
                    with zipfile.ZipFile(io.BytesIO(data)) as archive:
                        archive.extractall(Path(name) / "pip")
                    info = next((Path(name) / "pip").glob("pip-*.dist-info"))
                    (info / "INSTALLER").write_text("pip\n", encoding="utf-8")
                    (Path(name) / "pip").rename(target)
        return target

    def into(self, environment: Path, python: Python, release: str) -> None:
        """Make a virtual environment with one release of pip.

        Args:
            environment: the folder to make.
            python: the interpreter it is for.
            release: release of pip; ``""`` for none.

        Raises:
            UnavailableError: the wheel is not locked or cannot be fetched.
            subprocess.SubprocessError: the environment cannot be made.
        """
        subprocess.run(
            [python.path, "-m", "venv", "--without-pip", environment],
            check=True,
            capture_output=True,
            timeout=60,
        )
        if not release:
            return
        site = environment / "lib" / f"python{python.minor}" / "site-packages"
        shutil.copytree(self.unpacked(release), site, dirs_exist_ok=True)
        for name in ("pip", "pip3"):
            script = environment / "bin" / name
            script.write_text(
                _SCRIPT.format(python=environment / "bin" / "python"), encoding="utf-8"
            )
            script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
