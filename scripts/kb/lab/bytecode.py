"""What the pips and wheels of recipes have compiled again and again, compiled once a run.

Most of the time that ``python -m venv``, an upgrade of pip or a build takes is spent on compiling
the same sources: pip compiles what it installs, and Python what it imports. Each start of pip also
compiles some two hundred regular expressions, which takes a tenth of its time. A Python of the lab
asks a folder of compiled code first. What is printed does not change: Python gives code that it
loads the path of the file it stands for (``importlib``'s ``_fix_co_filename``), as it does with
every ``.pyc`` file; a regular expression whose compiling warns is not kept.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
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

_KEEP_PATTERNS = """\
import _imp, marshal, os, runpy, sys, types, warnings
from re import _compiler
target, *sys.argv = sys.argv[1:]
compile, sre = _compiler.compile, _compiler._sre

def kept(pattern, flags=0):
    def made(text, flags, code, groups, names, indexes):
        nonlocal row
        row = flags, [int(item) for item in code], groups, dict(names), tuple(indexes)
        return sre.compile(text, *row)

    row = None
    _compiler._sre = types.SimpleNamespace(**{**vars(sre), "compile": made})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = compile(pattern, flags)
        if isinstance(pattern, str):
            key = _imp.source_hash(1, repr((pattern, int(flags))).encode()).hex()
            path = os.path.join(target, key)
            with open(path + str(os.getpid()), "wb") as out:
                marshal.dump(row, out)
            os.replace(out.name, path)
        return found
    except Warning:
        return compile(pattern, flags)
    finally:
        _compiler._sre = sre

_compiler.compile = kept
runpy.run_module(sys.argv[0], run_name="__main__")
"""
"""Runs a program, and keeps the regular expressions that it compiles by the hash of their text."""

_STARTUP = """

def _compiled(folder):
    import _imp
    import _sre
    import marshal
    import re
    import zipimport

    def load(number, text):
        with open(folder + "/" + _imp.source_hash(number, text).hex(), "rb") as file:
            return marshal.loads(file.read())

    def kept(source, path):
        code = load(0, source)
        _imp._fix_co_filename(code, str(path))
        return code

    class Patterns(dict):
        def __missing__(self, key):
            kind, pattern, flags = key
            if kind is str:
                try:
                    row = load(1, repr((pattern, flags)).encode())
                except OSError:
                    pass
                else:
                    return _sre.compile(pattern, *row)
            raise KeyError(key)

    name = "_cache2" if hasattr(re, "_cache2") else "_cache"  # the first that Python asks
    setattr(re, name, Patterns())
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


def keep_patterns(python: str, source: Path, target: Path, arguments: Sequence[str]) -> None:
    """Run a program once, and keep its regular expressions for the Pythons of the lab.

    Args:
        python: path of the interpreter that compiles them, and will ask for them.
        source: the folder in which the program's module is.
        target: the folder of compiled code.
        arguments: the module, and what its command line says.
    """
    target.mkdir(exist_ok=True)
    script = f"import sys; sys.path.insert(0, {str(source)!r})\n{_KEEP_PATTERNS}"
    subprocess.run(
        [python, "-I", "-c", script, target, *arguments],
        env={"TMPDIR": str(target)},
        check=False,  # the program may end with an error: its start is what counts
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
