"""Release archives: locked, fetched by pip, read in memory, and never trusted."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import made_wheels
import pytest

from kb import pipsource, wheels
from kb.pipsource import Archive, Releases, WrongPathError, member_of, repository_path
from kb.symbols import MODULE, SourceFile, Span, locate_quote
from kb.wheels import Lock, Pin, UnavailableError, Wheels, cache_folder

ROOT = Path(__file__).resolve().parent.parent
PIN = Pin("pip", "25.3")
PATH = "src/pip/_internal/exceptions.py"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip knows of: no index, no settings of this machine."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def locked(digest: str) -> Lock:
    return Lock().put(PIN, digest)


def test_a_wheel_is_fetched_once_and_then_read_from_the_cache(index: Path, tmp_path: Path) -> None:
    digest = made_wheels.offer(index, "25.3", made_wheels.FILES)
    store = Wheels(locked(digest), tmp_path / "cache")
    assert store.missing([PIN]) == [PIN]
    store.prefetch([PIN])
    assert store.at_hand() == [PIN]
    (index / "pip-25.3-py3-none-any.whl").unlink()
    release = Releases(Wheels(locked(digest), tmp_path / "cache", offline=True)).get("pip", "25.3")
    source = release.file(PATH)
    assert source is not None
    assert source.text == made_wheels.EXCEPTIONS
    assert release.paths() == [PATH, "src/pip/_internal/other.py"]


def test_a_wheel_on_the_index_with_another_hash_is_refused(index: Path, tmp_path: Path) -> None:
    made_wheels.offer(index, "25.3", made_wheels.FILES)
    with pytest.raises(UnavailableError, match=r"hash of the wheel of pip==25.3") as caught:
        Wheels(locked("0" * 64), tmp_path / "cache").load(PIN)
    assert "--update-lock pip==25.3" in caught.value.hint
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cached_wheel_that_was_changed_is_refused(index: Path, tmp_path: Path) -> None:
    digest = made_wheels.offer(index, "25.3", made_wheels.FILES)
    store = Wheels(locked(digest), tmp_path / "cache")
    data = store.load(PIN)
    (tmp_path / "cache" / f"{digest}.whl").write_bytes(data[:-1] + b"x")
    with pytest.raises(UnavailableError, match=r"not in requirements/releases.lock") as caught:
        store.load(PIN)
    assert "delete" in caught.value.hint


def test_without_an_index_it_says_what_pip_said(index: Path, tmp_path: Path) -> None:
    store = Wheels(locked("0" * 64), tmp_path / "cache")
    store.prefetch([PIN])
    with pytest.raises(UnavailableError, match=r"No matching distribution found for pip==25.3"):
        store.load(PIN)
    assert list(index.iterdir()) == []


def test_after_one_failure_no_other_release_is_begun(index: Path, tmp_path: Path) -> None:
    pins = [Pin("pip", f"25.{number}") for number in range(9)]
    digests = [made_wheels.offer(index, pin.release, made_wheels.FILES) for pin in pins[5:]]
    lock = Lock(dict.fromkeys(pins[:5], ("0" * 64,)))
    for pin, digest in zip(pins[5:], digests, strict=True):
        lock = lock.put(pin, digest)
    store = Wheels(lock, tmp_path / "cache")
    store.prefetch(pins)
    with pytest.raises(UnavailableError, match="another release could not be"):
        store.load(pins[-1])


def test_offline_nothing_is_fetched(index: Path, tmp_path: Path) -> None:
    digest = made_wheels.offer(index, "25.3", made_wheels.FILES)
    with pytest.raises(UnavailableError, match=r"not in the cache") as caught:
        Wheels(locked(digest), tmp_path / "cache", offline=True).load(PIN)
    assert caught.value.hint == "run it once without --offline"


def test_a_release_without_a_line_in_the_lock_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"has no line for pip==25.3") as caught:
        Wheels(Lock(), tmp_path).load(PIN)
    assert caught.value.hint == "run python scripts/verify_quotes.py --update-lock pip==25.3"


@pytest.mark.usefixtures("index")
def test_pip_has_only_so_much_time(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="took more than"):
        Wheels(locked("0" * 64), tmp_path / "cache", timeout=0.01).load(PIN)


def test_a_cache_that_cannot_be_written_is_said(index: Path, tmp_path: Path) -> None:
    digest = made_wheels.offer(index, "25.3", made_wheels.FILES)
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="cache folder cannot be used") as caught:
        Wheels(locked(digest), tmp_path / "file" / "cache").load(PIN)
    assert "--cache" in caught.value.hint


def test_the_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(wheels.CACHE_VARIABLE, str(tmp_path / "named"))
    assert cache_folder() == tmp_path / "named"
    assert cache_folder(str(tmp_path / "given")) == tmp_path / "given"
    monkeypatch.delenv(wheels.CACHE_VARIABLE)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "pip-errors" / "wheels"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_folder() == tmp_path / "local" / "pip-errors" / "wheels"


LINE = f"pip==25.3 --hash=sha256:{'a' * 64}"


@pytest.mark.parametrize(
    "text",
    [
        "pip==25.3",
        "pip>=25.3 --hash=sha256:" + "a" * 64,
        "pip==25.3 --hash=md5:" + "a" * 32,
        "--index-url https://index.example.org/simple",
        "pip==25.3 --hash=sha256:" + "a" * 63,
        f"{LINE}\n{LINE}",
    ],
)
def test_a_lock_says_nothing_else(text: str) -> None:
    with pytest.raises(UnavailableError, match=r"requirements/releases.lock:[12]: "):
        Lock.parse(text)


def test_a_lock_is_written_sorted_and_read_back() -> None:
    lock = Lock()
    for release in ("9.0.3", "25.3", "10.0.1"):
        lock = lock.put(Pin("pip", release), "a" * 64)
    text = lock.dump()
    assert [line.split()[0] for line in text.splitlines() if line[0] != "#"] == [
        "pip==9.0.3",
        "pip==10.0.1",
        "pip==25.3",
    ]
    assert Lock.parse(text) == lock


def test_not_an_archive() -> None:
    with pytest.raises(UnavailableError, match="the wheel of x is not a readable archive"):
        Archive("the wheel of x", b"<html>Please sign in</html>")


def test_a_cut_off_archive() -> None:
    with pytest.raises(UnavailableError, match="not a readable archive"):
        Archive("it", made_wheels.wheel("25.3", made_wheels.FILES)[:-40])


def test_a_damaged_member() -> None:
    data = made_wheels.archive({"pip/a.py": "x = 1\n" * 50}, zipfile.ZIP_STORED)
    with pytest.raises(UnavailableError, match=r"pip/a.py: Bad CRC"):
        Archive("it", data.replace(b"x = 1\nx", b"x = 2\nx", 1)).read("pip/a.py")


def test_a_member_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = made_wheels.archive({"pip/a.py": b"\0" * (pipsource.MAX_MEMBER + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(UnavailableError, match=r"pip/a.py is larger than"):
        Archive("it", bomb).read("pip/a.py")
    monkeypatch.setattr(pipsource, "MAX_TOTAL", 1000)
    with pytest.raises(UnavailableError, match="unpacks to more than 1000 bytes"):
        Archive("it", bomb)


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipsource, "MAX_MEMBERS", 5)
    with pytest.raises(UnavailableError, match="more than 5 members"):
        Archive("it", made_wheels.archive({f"{number}.py": "" for number in range(6)}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as out:
        out.writestr("pip/a.py", "one = 1")
        out.writestr("pip/a.py", "two = 2")
    with pytest.raises(UnavailableError, match="two members of the same name"):
        Archive("it", (tmp_path / "two.zip").read_bytes())


def test_names_in_an_archive_are_never_paths(tmp_path: Path) -> None:
    hostile = {"/etc/a.py": "a = 1", "../../b.py": "b = 1", "pip/../c.py": "c = 1"}
    secret = tmp_path / "secret.py"
    secret.write_text("d = 1")
    releases = made_wheels.cached(tmp_path / "c", {"25.3": {**hostile, **made_wheels.FILES}})
    release = releases.get("pip", "25.3")
    assert [path for path, _ in release.files()] == [PATH, "src/pip/_internal/other.py"]
    for path in ("/etc/a.py", "../../b.py", "src/pip/../c.py", str(secret), "src//a.py", "a\\b"):
        with pytest.raises(WrongPathError):
            release.file(path)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["c", "secret.py"]


@pytest.mark.parametrize(
    ("pin", "path", "member"),
    [
        (Pin("pip", "25.3"), "src/pip/_internal/a.py", "pip/_internal/a.py"),
        (Pin("pip", "10.0.0"), "src/pip/_internal/a.py", "pip/_internal/a.py"),
        (Pin("pip", "18.1"), "src/pip/_internal/a.py", "pip/_internal/a.py"),
        (Pin("pip", "9.0.3"), "pip/a.py", "pip/a.py"),
        (Pin("wheel", "0.45.1"), "src/wheel/a.py", "wheel/a.py"),
        (Pin("setuptools", "80.9.0"), "setuptools/a.py", "setuptools/a.py"),
    ],
)
def test_the_path_of_a_tag_leads_to_the_member(pin: Pin, path: str, member: str) -> None:
    assert member_of(pin, path) == member
    if pin.project == "pip":
        assert repository_path(pin, member) == path


@pytest.mark.parametrize(
    ("release", "path", "right"),
    [("9.0.3", "src/pip/a.py", "pip/a.py"), ("10.0.0", "pip/a.py", "src/pip/a.py")],
)
def test_a_path_of_another_tag_is_refused(release: str, path: str, right: str) -> None:
    with pytest.raises(WrongPathError, match=f"the repository has it as {right}"):
        member_of(Pin("pip", release), path)


def test_coding_lines_and_line_ends() -> None:
    assert pipsource.decode("# coding: latin-1\nx = 'ä'\r\n".encode("latin-1")) == (
        "# coding: latin-1\nx = 'ä'\n"
    )
    assert pipsource.decode(b"x = '\xe4'") == "x = 'ä'"
    assert pipsource.decode(b"\xef\xbb\xbfx = 1\ry = 2") == "x = 1\ny = 2"


def test_a_git_repository_at_its_tag(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=n@example.org"]
    path = tmp_path / PATH
    path.parent.mkdir(parents=True)
    path.write_text("tagged = 1\n")
    for command in (
        ["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "25.3"],
    ):  # fmt: skip
        subprocess.run([*git, *command], check=True)
    path.write_text("changed = 1\n")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    releases = Releases(Wheels(Lock(), tmp_path / "cache"), tmp_path)
    source = releases.get("pip", "25.3").file(PATH)
    assert source is not None
    assert source.text == "tagged = 1\n"
    with pytest.raises(UnavailableError, match=r"has no tag 25.2 of pip") as caught:
        releases.get("pip", "25.2")
    assert "git fetch --tags" in caught.value.hint
    with pytest.raises(UnavailableError, match="is not a release"):
        releases.get("pip", "--output=x")
    with pytest.raises(UnavailableError, match="has no line for setuptools"):
        releases.get("setuptools", "80.9.0")


CODE = '''\
import os

@decorated(
    "x",
)
class Outer:
    def method(self):
        def inner():
            return 1
        return inner

    if os.name == "nt":
        def twice(self):
            return "a"
    else:
        def twice(self):
            return "b"

top = """
  not
    indented
"""
'''


@pytest.mark.parametrize(
    ("symbol", "quote", "lines"),
    [
        (MODULE, "import os", ["1"]),
        (MODULE, 'top = """\n  not\n    indented', ["19-21"]),
        (MODULE, "    return 1", []),
        ("Outer", '@decorated(\n    "x",\n)', ["3-5"]),
        ("Outer.method", "return inner", ["10"]),
        ("Outer.method.inner", "    return 1", ["9"]),
        ("Outer.method.inner", "def inner():\n    return 1", ["8-9"]),
        ("Outer.method.inner", "def inner():\n        return 1", []),
        ("Outer.method.inner", "def inner():\n  return 1", []),
        ("Outer.method", "return inner()", []),
        ("Outer.method", "return inner\n\n\n", ["10"]),
        ("Outer.twice", "def twice(self):", ["13", "16"]),
        ("Outer.twice", 'return "b"', ["17"]),
        ("Outer.gone", "return 1", []),
        ("Outer", "\n", []),
    ],
)
def test_a_quote_is_found_in_its_symbol_only(symbol: str, quote: str, lines: list[str]) -> None:
    assert [str(span) for span in locate_quote(CODE, symbol, quote)] == lines


def test_the_innermost_symbol_of_lines() -> None:
    source = SourceFile(CODE)
    assert source.symbol_at(Span(9, 9)) == "Outer.method.inner"
    assert source.symbol_at(Span(8, 10)) == "Outer.method"
    assert source.symbol_at(Span(1, 9)) == MODULE


@pytest.mark.parametrize("text", ["print 'x'", "x = '\0'", "except E, e:"])
def test_a_file_of_another_python_has_no_symbols(text: str) -> None:
    source = SourceFile(text)
    assert source.symbols == {}
    assert source.has(MODULE)
    assert "does not parse" in source.problem
    assert [str(span) for span in locate_quote(text, MODULE, text)] == ["1"]


def test_the_hash_of_a_new_line_is_that_of_the_file(index: Path) -> None:
    digest = made_wheels.offer(index, "25.3", made_wheels.FILES)
    assert wheels.digest_of(PIN) == digest
    data = (index / "pip-25.3-py3-none-any.whl").read_bytes()
    assert hashlib.sha256(data).hexdigest() == digest


@pytest.mark.network
def test_the_locked_wheel_of_pip_has_the_source_of_its_tag() -> None:
    lock = Lock.read(ROOT)
    release = Releases(Wheels(lock, cache_folder())).get("pip", "25.3")
    source = release.file(PATH)
    assert source is not None
    assert source.spans("HashMismatch") == [Span(595, 650)]
