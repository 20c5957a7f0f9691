"""Byte code of the pips and wheels that recipes install again and again, compiled once a run.

Most of the time that ``python -m venv``, an upgrade of pip or a build takes is spent on compiling
the same sources: pip compiles what it installs, and Python what it imports. A Python of the lab
asks a folder of compiled sources first. What is printed does not change: Python gives code that it
loads the path of the file it stands for (``importlib``'s ``_fix_co_filename``), as it does with
every ``.pyc`` file.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_KEEP = """\
import _imp, compileall, importlib.util, os, sys
source, target = sys.argv[1:]
compileall.compile_dir(source, quiet=2)
for folder, _, names in os.walk(source):
    for name in names:
        path = os.path.join(folder, name)
        code = importlib.util.cache_from_source(path)
        if name.endswith(".py") and os.path.exists(code):
            with open(path, "rb") as text, open(code, "rb") as compiled:
                key, data = _imp.source_hash(0, text.read()).hex(), compiled.read()[16:]
            kept = os.path.join(target, key)
            with open(kept + name, "wb") as out:
                out.write(data)
            os.replace(kept + name, kept)
"""
"""Compiles a folder, and keeps the code by the hash of its source. In a .pyc file, 16 bytes stand
before the code (PEP 552)."""

_STARTUP = """

def _compiled(folder):
    import _imp
    import marshal
    import zipimport

    def kept(source, path):
        with open(folder + "/" + _imp.source_hash(0, source).hex(), "rb") as file:
            code = marshal.loads(file.read())
        _imp._fix_co_filename(code, str(path))
        return code

    loader = sys.modules["_frozen_importlib_external"].SourceLoader
    compile_file, compile_zipped = loader.source_to_code, zipimport._compile_source

    def source_to_code(self, data, path, *, _optimize=-1):
        if isinstance(data, bytes) and _optimize == -1 and not sys.flags.optimize:
            try:
                return kept(data, path)
            except OSError:
                pass
        return compile_file(self, data, path, _optimize=_optimize)

    def _compile_source(path, source):
        try:
            return kept(source, path)
        except OSError:
            return compile_zipped(path, source)

    loader.source_to_code = source_to_code
    zipimport._compile_source = _compile_source


if sys.implementation.cache_tag == {tag!r}:
    _compiled({folder!r})
"""


def keep(python: str, source: Path, target: Path) -> None:
    """Compile what is in a folder, and keep it for the Pythons of the lab.

    Args:
        python: path of the interpreter that compiles it, and will ask for it.
        source: the folder; ``__pycache__`` is written in it.
        target: the folder of compiled sources.
    """
    target.mkdir(exist_ok=True)
    target.chmod(0o755)
    subprocess.run(
        [python, "-c", _KEEP, source, target],
        check=False,  # old pips vendor modules that only Python 2 reads
        capture_output=True,
        timeout=300,
    )


def startup(minor: str, folder: Path) -> str:
    """Return what a Python runs at its start to ask for compiled sources first.

    Args:
        minor: the version of the interpreter that compiled them: 3.11.
        folder: where they are.
    """
    tag = "cpython-" + minor.replace(".", "")
    return _STARTUP.format(tag=tag, folder=str(folder))
