"""The offline tool on other Pythons, other encodings, and all sample logs."""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from explained import BARE, LOG, ROOT, archive, boilers, environment, explain, objects, output
from knowledge import SITE

from kb import offline
from kb.explain.knowledge import Knowledge
from kb.explain.reading import Tail, decode
from kb.explain.report import Answer
from kb.explain.screen import write
from kb.load import load
from kb.patterns import compile_patterns

PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
OLDER = ("2.7", "3.6", "3.7")
CASES = sorted((ROOT / "tests" / "cases").glob("*/*.txt"))


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of the entries that are made for these tests."""
    return archive(boilers(), tmp_path_factory.mktemp("explain") / "explain.pyz")


def interpreter(version: str) -> str:
    """Return a Python of a version, on PATH or installed by pyenv."""
    found = shutil.which(f"python{version}")
    pyenv = Path.home() / ".pyenv" / "versions"
    others = [str(path) for path in pyenv.glob(f"{version}.*/bin/python")]
    for path in [found, *others]:
        if path:
            code = "import sys; print('%d.%d' % sys.version_info[:2])"
            done = subprocess.run([path, "-c", code], capture_output=True, check=False, timeout=60)
            if done.stdout.decode().strip() == version:
                return path
    pytest.skip(f"there is no Python {version} on this machine")


@pytest.mark.parametrize("version", PYTHONS)
def test_every_supported_python_gives_the_same_answers(pyz: Path, version: str) -> None:
    python = (interpreter(version), *BARE)
    for arguments in (("--os", "linux"), ("--json",), ("BOILER_REFUSED", "--os", "all")):
        ours = explain(pyz, *arguments, given=LOG)
        theirs = explain(pyz, *arguments, given=LOG, python=python)
        assert (theirs.returncode, theirs.stdout, theirs.stderr) == (0, ours.stdout, b"")
    command = ("run", "--", sys.executable, "-c", f"print({LOG!r}); raise SystemExit(4)")
    done = explain(pyz, *command, python=python)
    assert done.returncode == 4
    assert b"Read this first: BOILER_REFUSED" in done.stderr


@pytest.mark.parametrize("version", OLDER)
def test_an_older_python_is_told(pyz: Path, version: str) -> None:
    done = explain(pyz, given=LOG, python=(interpreter(version),))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"explain: this needs Python 3.8 or newer\n"


@pytest.mark.skipif("zlib" in sys.builtin_module_names, reason="zlib is built into this Python")
def test_a_python_without_zlib_is_told(pyz: Path, tmp_path: Path) -> None:
    (tmp_path / "zlib.py").write_text("raise ImportError\n", encoding="utf-8")
    with zipfile.ZipFile(pyz) as packed:
        assert packed.getinfo("__main__.py").compress_type == zipfile.ZIP_STORED
        start = packed.read("__main__.py").decode()
    file = tmp_path / "start.py"
    file.write_text(start, encoding="utf-8")
    done = subprocess.run([sys.executable, file], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"zlib" in done.stderr


def packed_modules(pyz: Path) -> dict[str, str]:
    """Return the source of each module of the archive."""
    with zipfile.ZipFile(pyz) as packed:
        names = [name for name in packed.namelist() if name.endswith(".py")]
        return {name: packed.read(name).decode() for name in names}


def vermin(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the Python files of a folder against Python 3.8."""
    command = [
        sys.executable,
        "-c",
        "import vermin; vermin.main()",
        "-t=3.8-",
        "--no-tips",
        "--violations",
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_vermin_finds_nothing_newer_than_python_3_8(pyz: Path, tmp_path: Path) -> None:
    for name, source in packed_modules(pyz).items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    done = vermin(tmp_path)
    assert done.returncode == 0, done.stdout
    (tmp_path / "newer.py").write_text("print('ab'.removeprefix('a'))\n", encoding="utf-8")
    assert "3.9" in vermin(tmp_path).stdout


def test_the_archive_needs_the_standard_library_alone(pyz: Path) -> None:
    imported: dict[str, set[str]] = {}
    for name, source in packed_modules(pyz).items():
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported.setdefault(name, set()).update(name.partition(".")[0] for name in names)
    assert {"json", "kb"} <= set().union(*imported.values())
    assert set().union(*imported.values()) - set(sys.stdlib_module_names) == {"kb"}


# ---- all sample logs ----

WORKER = """
import json, sys
sys.path.insert(0, sys.argv[1])
from kb.explain import knowledge, reading, report, screen
known = knowledge.packed()
for name in sys.stdin.read().split("\\0"):
    with open(name, "rb") as file:
        tail = reading.read(file)
    answer = report.Answer(known, tail.text(), tail.lines_before)
    shown = screen.Screen(color=False, width=80)
    answer.write(shown, "linux", "explain")
    print(json.dumps([answer.objects(), answer.annotations(), shown.text()]))
"""


@pytest.fixture(scope="module")
def documents() -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Return the patterns and pages of this repository, and their archive."""
    loaded = load(ROOT)
    patterns = compile_patterns(loaded)
    return patterns, offline.pages(loaded, SITE), offline.pyz(loaded, SITE, patterns)


@pytest.mark.skipif(not CASES, reason="there are no sample logs")
def test_the_archive_says_the_same_as_the_repository_of_all_cases(
    documents: tuple[dict[str, Any], dict[str, Any], bytes], tmp_path: Path
) -> None:
    patterns, pages, content = documents
    (tmp_path / "explain.pyz").write_bytes(content)
    done = subprocess.run(
        [sys.executable, *BARE, "-c", WORKER, str(tmp_path / "explain.pyz")],
        input="\0".join(map(str, CASES)), capture_output=True, check=True, timeout=300, text=True,
        encoding="utf-8",
    )  # fmt: skip
    theirs = [json.loads(line) for line in done.stdout.splitlines()]
    known = Knowledge(patterns, pages)
    ours = []
    for path in CASES:
        answer = Answer(known, decode(path.read_bytes()))
        ours.append([found["id"] for found in answer.objects()])
    assert [[found["id"] for found in objects] for objects, _, _ in theirs] == ours
    for path, (found, commands, text) in zip(CASES, theirs, strict=True):
        assert [c for c in text if c != "\n" and not c.isprintable()] == [], path
        assert bool(found) != text.startswith("No pip error found here."), path
        assert all(re.match(r"::(error|warning|notice) title=pip%3A [A-Z]", a) for a in commands)
        assert not any("\n" in command for command in commands)


def test_both_commands_print_the_same(
    documents: tuple[dict[str, Any], dict[str, Any], bytes], tmp_path: Path
) -> None:
    pyz = tmp_path / "explain.py"  # named as the command is, since answers name their program
    pyz.write_bytes(documents[2])
    log = tmp_path / "log"
    log.write_text("error: externally-managed-environment\n", encoding="utf-8")
    script = ROOT / "scripts" / "explain.py"
    for arguments in ((str(log),), ("--json", str(log)), ("HASH_MISMATCH",), ("--list",)):
        theirs = subprocess.run(
            [sys.executable, str(script), *arguments],
            capture_output=True, check=True, timeout=60, env=environment(),
        ).stdout.decode()  # fmt: skip
        ours = output(explain(pyz, *arguments))
        assert ours.replace(str(pyz), "X") == theirs.replace(str(script), "X")


def test_every_page_can_be_shown(
    documents: tuple[dict[str, Any], dict[str, Any], bytes],
) -> None:
    from kb.explain.page import Writer  # noqa: PLC0415
    from kb.explain.screen import Screen  # noqa: PLC0415

    known = Knowledge(documents[0], documents[1])
    for group in ("entries", "procedures"):
        for name in known.pages[group]:
            target = known.find(name)
            assert target is not None
            assert (target.group, target.id) == (group, name)
            shown = Screen(color=False, width=80)
            Writer(known, shown, target, "all", {}).manual()
            assert shown.text().startswith(f"NAME\n    {name} - ")


def test_every_answer_of_the_model_has_words() -> None:
    from kb.explain.page import IGNORABLE  # noqa: PLC0415
    from kb.model import Ignorable  # noqa: PLC0415

    assert set(IGNORABLE) == {answer.value for answer in Ignorable}


# ---- encodings ----


@pytest.mark.parametrize(
    "given",
    [
        LOG.encode(),
        LOG.encode("utf-8-sig"),
        LOG.encode("utf-16"),
        b"\xfe\xff" + LOG.encode("utf-16-be"),
        LOG.encode("utf-16-le"),
        LOG.encode("utf-16-be"),
        LOG.encode("utf-32"),
        LOG.replace("\n", "\r\n").encode("utf-16"),
        LOG.replace("\n", "\r\n").encode(),
        LOG.replace("Collecting", "R\u00e9cup\u00e9ration de").encode("latin-1"),
        LOG.replace("Collecting", "\u201cCollecting\u201d").encode("cp1252"),
        b"caf\xe9\n".join([b"", LOG.encode()]),
        b"\0".join([b"", LOG.encode(), b"\0\0"]),
        b"\0".join(bytes([byte]) for byte in LOG.encode()),
        b"\xff" * 7 + b"\n" + LOG.encode(),
    ],
)
def test_any_encoding_is_read(pyz: Path, given: bytes) -> None:
    found = objects(explain(pyz, "--json", given=given))
    assert found[0]["id"] == "BOILER_REFUSED"
    assert found[0]["values"]["requirement"] == "kettle>=1.5"


@pytest.mark.parametrize("given", [b"", b"\0" * 999, bytes(range(256)) * 99, b"\xff\xfe", b"\xff"])
def test_no_bytes_are_an_error(pyz: Path, given: bytes) -> None:
    assert objects(explain(pyz, "--json", given=given)) == []
    assert explain(pyz, given=given).returncode == 0


def test_utf_8_stays_utf_8_beside_another_encoding() -> None:
    assert decode("\u00e9\n".encode() + b"\xe9\n\x93") == "\u00e9\n\u00e9\n\u201c"


@pytest.mark.parametrize(
    ("python", "changes"),
    [(("-X", "utf8=0", *BARE), {"LC_ALL": "C"}), (("-S",), {"PYTHONIOENCODING": "ascii:strict"}),
     (("-S",), {"PYTHONIOENCODING": "cp1252:strict"}),
     (("-S",), {"PYTHONIOENCODING": "cp437:strict"})],
)  # fmt: skip
def test_any_terminal_can_show_it(
    pyz: Path, python: tuple[str, ...], changes: dict[str, str]
) -> None:
    log = LOG.replace("Collecting", "\u6f22\u5b57 \u2026 Collecting").replace(
        "today", "today \u2192 \u6f22"
    )
    for arguments in (
        (),
        ("--annotate", "github"),
        ("--color", "always"),
        ("--list",),
        ("--help",),
    ):
        done = explain(pyz, *arguments, given=log, python=(sys.executable, *python), **changes)
        assert (done.returncode, done.stderr) == (0, b"")
    done = explain(pyz, "\u6f22.log", python=(sys.executable, *python), **changes)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_what_an_encoding_lacks_becomes_ascii() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="")
    write("\u2026 \u2570\u2500> \u00d7 \u201ca\u201d \u6f22\n", stream)
    assert raw.getvalue() == b'... `-> x "a" ?\n'


# ---- bounds ----


def test_of_a_long_input_the_end_is_kept_and_lines_are_counted() -> None:
    lines = [f"line {n}" for n in range(1, 2001)]
    for end in ("\n", "\r\n", "\r"):
        data = end.join(lines).encode()
        for step in (1, 7, 64):
            tail = Tail(most=500)
            for start in range(0, len(data), step):
                tail.add(data[start : start + step])
            kept = re.split("\r\n?|\n", tail.text())
            assert 500 <= len(tail.text()) < 500 + step
            assert kept[-1] == "line 2000"
            assert kept[3] == lines[tail.lines_before + 3]


def test_of_a_long_utf_16_input_whole_characters_are_kept() -> None:
    data = "\u00e9 line\r\n".encode("utf-16") * 500
    tail = Tail(most=501)
    for start in range(0, len(data), 7):
        tail.add(data[start : start + 7])
    assert tail.text().endswith("\u00e9 line\r\n")
    assert set(tail.text()) <= set("\u00e9 line\r\n")


def test_a_long_input_says_that_its_end_was_read(pyz: Path) -> None:
    filler = b"." * 99 + b"\n"
    done = explain(pyz, "--json", given=filler * 200_000 + LOG.encode())
    assert done.stderr == b"explain: the input is long: only its last 16 MB were read\n"
    assert json.loads(done.stdout)[0]["lines"] == [[200_002, 200_002]]
