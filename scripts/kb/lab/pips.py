"""Environments with a real pip in them, made quickly: built once a run, then shared by links."""

from __future__ import annotations

import io
import os
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

from kb.lab import bytecode, tree
from kb.wheels import Pin, Wheels

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.lab.machine import Machine
    from kb.lab.tree import Share

PREFERRED = "3.11"
"""The Python that transcripts are made with, where a recipe names no other."""

_NAMES = ("/usr/bin/python3", "python3", *(f"python3.{minor}" for minor in range(11, 15)))
_SCRIPT = """\
#!{python}
import sys

from pip._internal.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
"""
_MARK = "@environment@"
_OUTSIDE = "/usr/lib/python3/dist-packages"
"""Debian's packages, which a copy of its Python would see."""


@dataclass(frozen=True)
class Python:
    """An interpreter that the lab can run as the user it drops to."""

    path: str
    release: str

    @property
    def minor(self) -> str:
        """Its version without the last number: 3.11."""
        return ".".join(self.release.split(".")[:2])

    @property
    def library(self) -> Path:
        """The folder of its standard library."""
        return self._folder("stdlib")

    def can_compile(self) -> bool:
        """Return whether a C compiler and this interpreter's headers are on the machine."""
        compiler = shutil.which("cc", path="/usr/bin:/bin")
        return bool(compiler) and (self._folder("include") / "Python.h").is_file()

    def _folder(self, name: str) -> Path:
        code = f"import sysconfig; print(sysconfig.get_path({name!r}))"
        done = subprocess.run(
            [self.path, "-c", code], capture_output=True, text=True, check=True, timeout=30
        )
        return Path(done.stdout.strip())


def pythons(machine: Machine) -> list[Python]:
    """Return the interpreters of this machine that the lab's user can run, best first."""
    found: dict[str, Python] = {}
    for path in (path for name in (*_NAMES, sys.executable) for path in _everywhere(name)):
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
    return sorted(found.values(), key=lambda python: python.minor != PREFERRED)


def _everywhere(name: str) -> list[str]:
    """Return every program of a name, since the first on PATH may not be for the lab's user."""
    found = (shutil.which(name, path=folder) for folder in os.get_exec_path())
    return list(dict.fromkeys(path for path in found if path))


@dataclass
class Pips:
    """Unpacked pips and ready environments, shared by all recipes of a run.

    Attributes:
        wheels: the locked wheels.
        folder: where they are unpacked.
    """

    wheels: Wheels
    folder: Path
    _locks: dict[str, threading.Lock] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def _once(self, name: str, make: Callable[[Path], None]) -> Path:
        """Return a folder that is made when it is first asked for."""
        target = self.folder / name
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if not target.is_dir():
                unfinished = Path(tempfile.mkdtemp(dir=self.folder))
                unfinished.chmod(0o755)
                make(unfinished)
                unfinished.rename(target)
        return target

    def unpacked(self, release: str) -> Path:
        """Return a folder that holds ``pip/`` and ``pip-<release>.dist-info/``.

        Raises:
            UnavailableError: the wheel is not locked or cannot be fetched.
        """

        def make(target: Path) -> None:
            with zipfile.ZipFile(io.BytesIO(self.wheels.load(Pin("pip", release)))) as archive:
                archive.extractall(target)
            info = next(target.glob("pip-*.dist-info"))
            (info / "INSTALLER").write_text("pip\n", encoding="utf-8")
            with (info / "RECORD").open("a", encoding="utf-8") as record:
                record.write(f"{info.name}/INSTALLER,,\n")

        return self._once(f"pip-{release}", make)

    def _compiled(self, python: Python, release: str) -> Path:
        """Return the unpacked pip with its modules compiled, as an installed one is."""

        def make(target: Path) -> None:
            tree.copy(self.unpacked(release), target)
            bytecode.keep(python.path, target, self.code(python))

        return self._once(f"pip-{release}-python-{python.release}", make)

    def code(self, python: Python) -> Path:
        """Return the folder of the sources that an interpreter need not compile again."""
        return self.folder / f"code-{python.release}"

    def know(self, python: Python, pin: Pin) -> None:
        """Compile a wheel that many recipes install, or build with.

        Raises:
            UnavailableError: the wheel is not locked or cannot be fetched.
        """

        def make(target: Path) -> None:
            with zipfile.ZipFile(io.BytesIO(self.wheels.load(pin))) as archive:
                archive.extractall(target)
            bytecode.keep(python.path, target, self.code(python))

        self._once(f"wheel-{pin.project}-{pin.release}-{python.release}", make)

    def know_bundled(self, python: Python) -> Path:
        """Compile what ``python -m venv`` installs.

        It starts its pip without ``PYTHONPATH``, so that what a box runs at the start of a Python
        does not reach it.

        Returns:
            A module to put in the place of the interpreter's own `sitecustomize`: it asks for
            compiled sources first.

        Raises:
            subprocess.SubprocessError: the environment cannot be made.
        """

        def make(folder: Path) -> None:
            subprocess.run(
                [python.path, "-m", "venv", folder / ".venv"],
                check=True,
                capture_output=True,
                timeout=120,
            )
            bytecode.keep(python.path, folder / ".venv" / "lib", self.code(python))

        self._once(f"bundled-{python.release}", make)
        start = self.folder / "sitecustomize.py"
        text = "import sys\n" + bytecode.startup(python.minor, self.code(python))
        start.write_text(text, encoding="utf-8")
        return start

    def environment(self, target: Path, python: Python, release: str, share: Share) -> None:
        """Make a virtual environment with one release of pip.

        Args:
            target: the folder to make.
            python: the interpreter it is for.
            release: release of pip; ``""`` for none.
            share: whether its files may be links, which nobody can change in place.

        Raises:
            UnavailableError: the wheel is not locked or cannot be fetched.
            subprocess.SubprocessError: the environment cannot be made.
        """

        def make(folder: Path) -> None:
            made = folder / ".venv"
            subprocess.run(
                [python.path, "-m", "venv", "--without-pip", made],
                check=True,
                capture_output=True,
                timeout=60,
            )
            _rename(made, str(made), _MARK)

        tree.copy(self._once(f"venv-{python.release}", make) / ".venv", target)
        _rename(target, _MARK, str(target))
        if release:
            site = target / "lib" / f"python{python.minor}" / "site-packages"
            self._install(site, target / "bin", python, release, share)

    def system(self, target: Path, python: Python, release: str, share: Share) -> None:
        """Copy an interpreter and its library to a prefix of their own, without a venv's marks.

        Args:
            target: the prefix to make.
            python: the interpreter to copy.
            release: release of pip; ``""`` for none.
            share: whether its files may be links, which nobody can change in place.

        Raises:
            UnavailableError: the wheel is not locked or cannot be fetched.
            subprocess.SubprocessError: the copy does not run.
        """
        library = Path("lib") / f"python{python.minor}"

        def make(prefix: Path) -> None:
            real = Path(os.path.realpath(python.path))
            (prefix / "bin").mkdir()
            shutil.copy2(real, prefix / "bin" / "python3")
            (prefix / "bin" / "python").symlink_to("python3")
            skip = shutil.ignore_patterns(
                "test", "site-packages", "dist-packages", "EXTERNALLY-MANAGED"
            )
            source = real.parent.parent / library
            shutil.copytree(source, prefix / library, ignore=skip, symlinks=True)
            module = prefix / library / "site.py"
            text = module.read_text(encoding="utf-8")
            module.write_text(text.replace(_OUTSIDE, "/nonexistent"), encoding="utf-8")

        tree.copy(self._once(f"system-{python.release}", make), target, share)
        if release:
            self._install(_site(target), target / "bin", python, release, share)

    def _install(
        self, site: Path, scripts: Path, python: Python, release: str, share: Share
    ) -> None:
        """Put an unpacked pip into an environment, with its commands."""
        site.mkdir(parents=True, exist_ok=True)
        tree.copy(self._compiled(python, release), site, share)
        for name in ("pip", "pip3"):
            script = scripts / name
            script.write_text(_SCRIPT.format(python=scripts / "python"), encoding="utf-8")
            script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _rename(environment: Path, old: str, new: str) -> None:
    """Put another path for its own into the files of a virtual environment that name it."""
    for path in (environment / "pyvenv.cfg", *(environment / "bin").glob("[aA]ctivate*")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")


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
