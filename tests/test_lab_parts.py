"""The parts of the lab: its index, its files, stable outputs, what it keeps and chooses."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from knowledge import TESTS, good
from lab_entries import open_to_everyone

from kb import releases
from kb.lab import bytecode, tree
from kb.lab.choose import Job, cost, few, jobs, kinds, part
from kb.lab.dists import DistFile, build, released
from kb.lab.machine import Machine
from kb.lab.outcome import Outcome
from kb.lab.pips import Python, pythons
from kb.lab.record import compare, stale, write
from kb.lab.server import Index, Served
from kb.lab.transcript import stable
from kb.load import Document, Loaded, load
from kb.proofs import INDEX, PROXY, alike, digest, holds, recipes_of, runs, shown_command
from kb.recipe import Answer, Broken, Dist, FileKind, Lab, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.model import Entry

DEMO = Dist(name="demo", version="1.0", files=(FileKind.WHEEL, FileKind.SDIST))


@contextmanager
def index(
    answers: dict[str, Answer] | None = None, once: dict[str, Answer] | None = None
) -> Iterator[Index]:
    served = Served("demo", build(DEMO), requires_python=">=3.8", yanked="broken")
    with Index([served], answers or {}, once=once) as running:
        yield running


def ask(
    running: Index, path: str, accept: str = "", method: str = "GET"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    try:
        connection.request(method, path, headers={"Accept": accept} if accept else {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_the_index_speaks_json_and_html() -> None:
    with index() as running:
        _, headers, body = ask(running, "/simple/demo/", "application/vnd.pypi.simple.v1+json")
        assert headers["Content-Type"] == "application/vnd.pypi.simple.v1+json"
        file = json.loads(body)["files"][0]
        assert (file["filename"], file["requires-python"], file["yanked"]) == (
            *("demo-1.0-py3-none-any.whl", ">=3.8", "broken"),
        )
        _, headers, page = ask(running, "/simple/Demo/".lower())
        assert headers["Content-Type"].startswith("text/html")
        assert f'href="{file["url"]}#sha256={file["hashes"]["sha256"]}"'.encode() in page
        _, _, data = ask(running, file["url"])
        assert hashlib.sha256(data).hexdigest() == file["hashes"]["sha256"]
        assert ask(running, "/simple/other/")[0] == 404
        assert ask(running, "/simple/demo/", method="HEAD")[2] == b""


@pytest.mark.parametrize("answer", [answer for answer in Answer if answer.isdigit()])
def test_it_answers_with_a_status(answer: Answer) -> None:
    with index({"/simple/": answer}) as running:
        status, headers, _ = ask(running, "/simple/demo/")
        assert status == int(answer)
        assert ("WWW-Authenticate" in headers) == (answer is Answer.UNAUTHORIZED)
        assert ask(running, "/files/demo-1.0.tar.gz")[0] == 200


def test_it_redirects_for_ever() -> None:
    with index({"/simple/": Answer.REDIRECT_LOOP}) as running:
        status, headers, _ = ask(running, "/simple/demo/")
        assert (status, headers["Location"]) == (302, "/simple/demo/")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer.CUT_OFF, http.client.IncompleteRead),
        (Answer.RESET, ConnectionResetError),
        (Answer.CLOSED, http.client.RemoteDisconnected),
    ],
)
def test_it_hangs_up(answer: Answer, error: type[Exception]) -> None:
    with index({"/files/": answer}) as running, pytest.raises(error):
        ask(running, "/files/demo-1.0.tar.gz")


def test_it_says_something_else() -> None:
    with index({"/simple/": Answer.BAD_JSON, "/files/": Answer.OTHER_BYTES}) as running:
        with pytest.raises(json.JSONDecodeError):
            json.loads(ask(running, "/simple/demo/")[2])
        own = build(DEMO)[0]
        assert ask(running, f"/files/{own.name}")[2] != own.data
    with index({"/simple/": Answer.WRONG_TYPE}) as running:
        assert ask(running, "/simple/demo/")[1]["Content-Type"] == "image/png"


def test_it_answers_otherwise_once() -> None:
    with index(once={"/simple/": Answer.SERVER_ERROR}) as running:
        assert [ask(running, "/simple/demo/")[0] for _ in range(3)] == [500, 200, 200]


def ask_in_vain(running: Index) -> None:
    with suppress(OSError, http.client.HTTPException):
        ask(running, "/simple/demo/")


def test_it_is_silent_until_it_ends() -> None:
    with index({"/simple/": Answer.TIMEOUT}) as running:
        thread = threading.Thread(target=ask_in_vain, args=(running,))
        thread.start()
        time.sleep(0.2)
        assert thread.is_alive()
    thread.join(6)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("answers", "status"), [({}, b"403"), ({"proxy": Answer.PROXY_AUTHENTICATION}, b"407")]
)
def test_it_refuses_to_be_a_proxy(answers: dict[str, Answer], status: bytes) -> None:
    address = "127.0.0.1"
    with index(answers) as running, socket.create_connection((address, running.port), 5) as channel:
        channel.sendall(b"CONNECT index.example.org:443 HTTP/1.1\r\n\r\n")
        assert channel.recv(100).split()[1] == status


def test_a_further_index_has_its_own_files() -> None:
    other = Served("demo", [DistFile("demo-1.0.tar.gz", b"other")], index="company")
    with Index([Served("demo", build(DEMO)), other], {}) as running:
        assert ask(running, "/company/files/demo-1.0.tar.gz")[2] == b"other"
        assert ask(running, "/files/demo-1.0.tar.gz")[2] != b"other"
        assert b'href="/company/files/' in ask(running, "/company/demo/")[2]


def test_pages_and_metadata_are_served() -> None:
    wheel = build(Dist(name="demo", version="1.0", core_metadata=True))
    with Index([Served("demo", wheel)], {}) as running:
        running.pages = {"/simple/empty/": "", "/simple/demo/": "{}"}
        assert ask(running, "/simple/empty/")[2] == b""
        assert ask(running, "/simple/demo/")[1]["Content-Type"].endswith("+json")
        _, _, metadata = ask(running, f"/files/{wheel[0].name}.metadata")
        assert metadata.startswith(b"Metadata-Version: 2.1\nName: demo\n")


HASHES = [
    "73a2dba06a5aa8b433cbd2426cf7beb4ca6b3e5f270fe05e251e4fdadeed5fd7",
    "7f9695a98fc380be27cf732bba06ee017d3fcb14d1918c5d460f0b70bc1ee48c",
]


def test_files_are_the_same_bytes_every_time() -> None:
    hashes = [file.sha256 for file in build(DEMO)]
    assert hashes == [file.sha256 for file in build(DEMO)]
    assert hashes == HASHES  # on every Python and with every zlib


def test_pip_installs_what_is_built(tmp_path: Path) -> None:
    dists = (
        Dist(name="weather-core", version="1.4.0", scripts=("weather",)),
        Dist(
            name="weather-map",
            version="1.0",
            files=(FileKind.SDIST,),
            requires=("weather-core>=1",),
            extras={"fast": ("weather-core",)},
        ),
    )
    for dist in dists:
        for file in build(dist):
            (tmp_path / file.name).write_bytes(file.data)
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--no-index", "--quiet"]
    command += ["--disable-pip-version-check", f"--find-links={tmp_path}"]
    target = tmp_path / "target"
    subprocess.run([*command, f"--target={target}", "weather-map[fast]"], check=True, timeout=120)
    assert (target / "weather_map" / "__init__.py").read_text().startswith('__version__ = "1.0"')
    assert {path.name for path in (target / "bin").iterdir()} == {"weather"}
    assert (target / "weather_core-1.4.0.dist-info" / "INSTALLER").read_text() == "pip\n"


@pytest.mark.parametrize("broken", Broken)
def test_a_broken_file_is_broken_in_its_way(broken: Broken) -> None:
    whole, file = build(DEMO)[0], build(DEMO.model_copy(update={"broken": broken}))[0]
    assert (file.name, file.data != whole.data) == (whole.name, True)
    if broken is Broken.NOT_A_ZIP:
        assert not zipfile.is_zipfile(BytesIO(file.data))
        return
    with zipfile.ZipFile(BytesIO(file.data)) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
    gone = {
        Broken.NO_METADATA: {"METADATA"},
        Broken.NO_WHEEL_FILE: {"WHEEL"},
        Broken.NO_RECORD: {"RECORD"},
    }
    assert {"METADATA", "WHEEL", "RECORD"} - names == gone.get(broken, set())


def test_a_real_wheel_has_its_name_back() -> None:
    file = build(Dist(name="demo", version="1.0", tag="py3-none-any"))[0]
    assert released(file.data).name == "demo-1.0-py3-none-any.whl"


def test_sdists_hold_their_contents() -> None:
    dist = Dist(name="demo", version="1.0", files=(FileKind.SDIST,), contents={"setup.py": "x"})
    with tarfile.open(fileobj=BytesIO(build(dist)[0].data)) as archive:
        assert {"demo-1.0/setup.py", "demo-1.0/PKG-INFO"} <= set(archive.getnames())
        assert "demo-1.0/backend.py" not in archive.getnames()


TMP = "/" + "tmp"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("in /t/box-a1/home/project", "in /home/user/project"),
        ("in /t/box-a1/python/lib/python3.12", "in /opt/python/lib/python3.12"),
        ("/t/box-a1/tmp/pip-install-abcd12_3/x", f"{TMP}/pip-install-k3x8w2bd/x"),
        ("/t/box-a1/tmp/pip-req-build-abcd1234", f"{TMP}/pip-req-build-k3x8w2bd"),
        ("/t/box-a1/tmp/tmpabcd1234 x", f"{TMP}/{'tmpk3x8w2bd'} x"),
        (f"{'/w/' + 'a' * 50}/{'tmpabcd1234'}/x", f"{'/w/' + 'a' * 50}/{'tmpk3x8w2bd'}/x"),
        ("http://127.0.0.1:4321/simple", f"https://{INDEX}/simple"),
        ("https://me:****@localhost:4321/simple", f"https://me:****@{INDEX}/simple"),
        ("http://127.0.0.1:43210/simple", "http://127.0.0.1:43210/simple"),
        (
            "HTTPConnectionPool(host='127.0.0.1', port=4321): x",
            f"HTTPSConnectionPool(host='{INDEX}', port=443): x",
        ),
        (
            "HTTPConnection(host='127.0.0.1', port=6543): x",
            f"HTTPSConnection(host='{INDEX}', port=443): x",
        ),
        ("127.0.0.1 didn't respond", f"{INDEX} didn't respond"),
        ("cannot reach 127.0.0.1:5432 now", f"cannot reach {PROXY}:3128 now"),
        ("object at 0x7f0012345678>", "object at 0x7f3a5c1d2e80>"),
        ("(_ssl.c:992)", "(_ssl.c:1006)"),
        ("size=12 sha256=" + "a" * 64, "size=1189 sha256=" + "3f7a9c04e2b8d651" * 4),
        ("/bin/bash: line 1: x: command not found", "bash: x: command not found"),
        ("kept   \r\nas it is", "kept\nas it is"),
        ("10.0.0.1 and 3.12.1 stay", "10.0.0.1 and 3.12.1 stay"),
    ],
)
def test_outputs_become_stable(printed: str, shown: str) -> None:
    hosts = {"127.0.0.1:4321": INDEX, "localhost:4321": INDEX, "127.0.0.1:5432": PROXY}
    hosts["127.0.0.1:6543"] = INDEX
    assert stable(printed, Path("/t/box-a1"), hosts) == shown + "\n"


def test_copies_share_what_they_are_told_to(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "one").write_text("1", encoding="utf-8")
    (tmp_path / "a" / "link").symlink_to("b")
    tree.copy(tmp_path / "a", tmp_path / "all", tree.Share.ALL)
    (tmp_path / "all" / "own").write_text("2", encoding="utf-8")
    tree.copy(tmp_path / "all", tmp_path / "shared", tree.Share.SHARED)
    tree.copy(tmp_path / "all", tmp_path / "none")
    links = {
        name: (tmp_path / name / "b" / "one").stat().st_nlink for name in ("a", "shared", "none")
    }
    assert links == {"a": 3, "shared": 3, "none": 1}
    assert (tmp_path / "shared" / "own").stat().st_nlink == 1
    assert (tmp_path / "none" / "link").readlink().name == "b"


def test_known_sources_are_not_compiled_again_and_keep_their_place(tmp_path: Path) -> None:
    source = "def fall():\n    raise KeyError('known')\n"
    here, there, code = tmp_path / "here", tmp_path / "there", tmp_path / "code"
    for folder in (here, there):
        folder.mkdir()
        (folder / "known.py").write_text(source, encoding="utf-8")
    bytecode.keep(sys.executable, here, code)
    (kept,) = code.iterdir()
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    (there / "sitecustomize.py").write_text(
        "import sys\n" + bytecode.startup(minor, code), encoding="utf-8"
    )

    def fall() -> str:
        command = [sys.executable, "-B", "-c", "import known; known.fall()"]
        env = {"PYTHONPATH": str(there)}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        return done.stderr

    assert "KeyError: 'known'" in fall()
    assert f'File "{there}/known.py", line 2, in fall' in fall()
    kept.write_bytes(kept.read_bytes().replace(b"known", b"KNOWN"))
    assert "KNOWN" in fall(), "it was compiled again"
    (there / "known.py").write_text(source.replace("known", "other"), encoding="utf-8")
    assert "KeyError: 'other'" in fall()


def test_known_sources_in_an_archive_are_not_compiled_again(tmp_path: Path) -> None:
    """As those of the pip that ``python -m venv`` starts."""
    source = "def fall():\n    raise KeyError('known')\n"
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "known.py").write_text(source, encoding="utf-8")
    bytecode.keep(sys.executable, tmp_path / "here", tmp_path / "code")
    (kept,) = (tmp_path / "code").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"known", b"KNOWN"))
    with zipfile.ZipFile(tmp_path / "there.zip", "w") as archive:
        archive.writestr("known.py", source)
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = "import sys\n" + bytecode.startup(minor, tmp_path / "code")
    (tmp_path / "sitecustomize.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import known; known.fall()"],
        env={"PYTHONPATH": os.pathsep.join([str(tmp_path), str(tmp_path / "there.zip")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "KeyError: 'KNOWN'" in done.stderr
    assert f'File "{tmp_path}/there.zip/known.py", line 2, in fall' in done.stderr


def test_every_folder_of_the_path_is_looked_through_for_pythons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, status in (("broken", 1), ("whole", 0)):
        (tmp_path / name).mkdir()
        program = tmp_path / name / "python3.12"
        program.write_text(f"#!/bin/sh\necho 3.12.99\nexit {status}\n", encoding="utf-8")
        program.chmod(0o755)
    open_to_everyone(tmp_path)
    folders = [str(tmp_path / "broken"), str(tmp_path / "whole"), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    found = {python.release: python.path for python in pythons(Machine())}
    assert found["3.12.99"] == str(tmp_path / "whole" / "python3.12")


def test_a_folder_is_removed_whatever_its_permissions(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "c").touch()
    folder.chmod(0o000)
    tree.remove(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def entry(*recipes: Recipe) -> Document[Entry]:
    document = good()
    value = document.value.model_copy(update={"lab": Lab(recipes=recipes)})
    return Document(value, document.path, document.lines)


def outcome(recipe: str, output: str, pip: str = "26.3", **more: str) -> Outcome:
    return Outcome("WHOLE_PAGE", recipe, pip, more.get("python", "3.11.2"), output)


ONE = Recipe(id="one", run="python -m pip install demo", files={"a": "1"}, seconds=9)
TWO = Recipe(id="two", like="one", run="python -m pip check", files={"b": "2"})


def test_a_recipe_takes_over_what_it_has_not() -> None:
    _, two = recipes_of(entry(ONE, TWO).value)
    assert (two.run, two.files, two.seconds) == ("python -m pip check", {"b": "2"}, 9)


def test_a_proof_is_of_the_commands_and_not_of_the_words() -> None:
    first = entry(ONE).value
    again = digest(first, recipes_of(first)[0])
    words = first.model_copy(update={"summary": "Other words.", "meaning": "More."})
    assert digest(words, recipes_of(words)[0]) == again
    changed = entry(ONE.model_copy(update={"run": "python -m pip check"})).value
    assert digest(changed, recipes_of(changed)[0]) != again
    checks = first.model_copy(update={"verification": None})
    assert digest(checks, recipes_of(checks)[0]) != again


def test_what_is_written_holds_until_the_recipe_changes(tmp_path: Path) -> None:
    document = entry(ONE, TWO)
    loaded = Loaded({"WHOLE_PAGE": document}, {}, [])
    done = [outcome("one", "a\n"), outcome("one", "a\n", "25.3"), outcome("two", "b\n")]
    assert len(compare(tmp_path, done)[0]) == 3
    write(tmp_path, loaded, done, "2026-01-31", whole=True)
    assert compare(tmp_path, done) == ([], 0)
    assert stale(tmp_path, loaded) == []
    found = runs(tmp_path, document.value)
    assert [(run.recipe, run.pip, run.ran) for run in found] == [
        ("one", "25.3", "2026-01-31"),
        ("one", "26.3", "2026-01-31"),
        ("two", "26.3", "2026-01-31"),
    ]
    grouped = [(recipe.id, [run.pip for run in of]) for recipe, of in alike(document.value, found)]
    assert grouped == [("one", ["26.3", "25.3"]), ("two", ["26.3"])]
    changed = entry(ONE.model_copy(update={"exit": 2}), TWO)
    assert [holds(changed.value, run) for run in found] == [False, False, True]
    assert stale(tmp_path, Loaded({"WHOLE_PAGE": changed}, {}, []), ["OTHER"]) == []
    (finding, _) = stale(tmp_path, Loaded({"WHOLE_PAGE": changed}, {}, []), ["WHOLE_PAGE"])
    assert "one was proven before it, or a command, was changed" in finding.problem
    write(tmp_path, Loaded({"WHOLE_PAGE": entry(TWO)}, {}, []), [done[2]], "2026-02-01", whole=True)
    names = [path.name for path in sorted((tmp_path / "entries/transcripts/WHOLE_PAGE").iterdir())]
    assert names == ["proofs.json", "two.pip-26.3.txt"]


def test_what_is_not_run_here_stays_as_it_was(tmp_path: Path) -> None:
    loaded = Loaded({"WHOLE_PAGE": entry(ONE)}, {}, [])
    write(tmp_path, loaded, [outcome("one", "a\n")], "2026-01-31", whole=True)
    skipped = outcome("one", "")
    skipped.skipped = "this machine does not allow mounts"
    write(tmp_path, loaded, [skipped], "2026-02-01", whole=True)
    assert [run.ran for run in runs(tmp_path, loaded.entries["WHOLE_PAGE"].value)] == ["2026-01-31"]


def test_outputs_of_another_python_are_not_compared(tmp_path: Path) -> None:
    loaded = Loaded({"WHOLE_PAGE": entry(ONE)}, {}, [])
    write(tmp_path, loaded, [outcome("one", "a\n")], "2026-01-31", whole=True)
    assert compare(tmp_path, [outcome("one", "b\n", python="3.12.1")]) == ([], 1)
    (finding,) = compare(tmp_path, [outcome("one", "b\n")])[0]
    assert "-a\n+b" in finding.problem


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        ("pip install -i @index@ x", f"pip install -i https://{INDEX}/simple x"),
        ("pip install -i @index:other@ x", f"pip install -i https://{INDEX}/other x"),
        ("pip install http://@host@/a", f"pip install https://{INDEX}/a"),
        ("pip install http://u:****@127.0.0.1:@port@/a", f"pip install https://u:****@{INDEX}/a"),
        ("pip --trusted-host localhost x", f"pip --trusted-host {INDEX} x"),
        ("pip --proxy @proxy@ x", f"pip --proxy http://{PROXY}:3128 x"),
    ],
)
def test_commands_are_shown_with_the_names_of_outputs(run: str, shown: str) -> None:
    assert shown_command(Recipe(id="one", run=run)) == shown


def test_the_few_try_every_kind() -> None:
    every = jobs(load(TESTS.parent))
    chosen = few(every)
    assert set().union(*map(kinds, chosen)) == set().union(*map(kinds, every))
    assert len(chosen) < len(every) / 4
    assert sum(map(cost, chosen)) < sum(map(cost, every)) / 4


def test_the_newest_pip_of_a_recipe_tries_the_fixes() -> None:
    every = jobs(load(TESTS.parent))
    by_recipe: dict[tuple[str, int], list[Job]] = {}
    for job in every:
        by_recipe.setdefault((job.document.value.id, job.number), []).append(job)
    for found in by_recipe.values():
        newest = max(found, key=lambda job: releases.key(job.pip))
        assert [job for job in found if job.proves] == [newest]
    assert any(len(found) > 1 for found in by_recipe.values())
    assert all(job.proves for job in jobs(load(TESTS.parent), pips=("25.3",)))


def test_parts_are_alike_in_size_and_together_everything() -> None:
    every = jobs(load(TESTS.parent))
    parts = [part(every, number, 4) for number in range(1, 5)]
    costs = [sum(map(cost, chosen)) for chosen in parts]
    assert max(costs) - min(costs) <= max(map(cost, every))
    shared = [job for chosen in parts for job in chosen]
    assert sorted(map(id, shared)) == sorted(map(id, every))


@pytest.mark.parametrize("headers", [True, False])
def test_a_compiler_needs_the_headers_of_python(tmp_path: Path, *, headers: bool) -> None:
    if headers:
        (tmp_path / "Python.h").touch()
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho {tmp_path}\n", encoding="utf-8")
    python.chmod(0o755)
    compiler = shutil.which("cc", path="/usr/bin:/bin") is not None
    assert Python(str(python), "3.11.2").can_compile() == (headers and compiler)
