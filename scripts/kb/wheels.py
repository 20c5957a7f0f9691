"""Get the wheel of a release, through pip, and only if it is the one that was locked.

The lock (``requirements/releases.lock``) is a requirements file with one line a release:
``pip==25.3 --hash=sha256:…``. pip fetches what it names, in hash-checking mode and binary only
(fetching an sdist runs its build), so that the user's index, proxy and certificate settings
hold. The target (platform, Python, ABI) is fixed, so that every machine fetches the same wheel
of projects that have one for each platform. Files are kept in a cache folder under their own
SHA-256, which is checked again each time they are read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "requirements/releases.lock"
CACHE_VARIABLE = "PIP_ERRORS_CACHE"
TIMEOUT = 300.0
PARALLEL = 4
MAX_WHEEL = 256 * 1024 * 1024
UPDATE = "python scripts/verify_quotes.py --update-lock"

_FOLDER = "pip-errors"
_LINE = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.]*)((?:\s+--hash=sha256:[0-9a-f]{64})+)"
)
_TARGET = (
    "--python-version=3.11",
    "--implementation=cp",
    "--abi=cp311",
    "--abi=abi3",
    "--abi=none",
    "--platform=manylinux2014_x86_64",
    "--platform=manylinux_2_17_x86_64",
    "--platform=manylinux_2_28_x86_64",
)
_HEAD = f"""\
# The wheels that quotes and messages are held against; `make verify` fetches no other.
# Add or renew a line: {UPDATE} PROJECT==RELEASE
# Add every release that the entries name and that is missing: {UPDATE}
"""


class UnavailableError(Exception):
    """Something could not be checked. Nothing is known to be wrong.

    Attributes:
        problem: what could not be had, in one sentence.
        hint: what to do about it.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


@dataclass(frozen=True, order=True)
class Pin:
    """One release of one project."""

    project: str
    release: str

    def __str__(self) -> str:
        """Return ``project==release``."""
        return f"{self.project}=={self.release}"


@dataclass(frozen=True)
class Lock:
    """The hashes that are accepted for each release."""

    hashes: dict[Pin, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def parse(text: str) -> Lock:
        """Read the text of a lock.

        Raises:
            UnavailableError: a line is not ``project==release --hash=sha256:…``, or stands twice.
        """
        hashes: dict[Pin, tuple[str, ...]] = {}
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.split(" #")[0].strip()
            if not line or line.startswith("#"):
                continue
            found = _LINE.fullmatch(line)
            pin = Pin(found[1], found[2]) if found else None
            if not found or pin is None or pin in hashes:
                problem = f"{FILE}:{number}: not a line of its own for a release: {line[:80]}"
                raise UnavailableError(problem, "write project==release --hash=sha256:…, each once")
            hashes[pin] = tuple(sorted(re.findall(r"sha256:([0-9a-f]{64})", found[3])))
        return Lock(hashes)

    @staticmethod
    def read(root: Path) -> Lock:
        """Read the lock that is committed in the tree at `root`.

        Raises:
            UnavailableError: there is none, or it cannot be read.
        """
        try:
            return Lock.parse((root / FILE).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise UnavailableError(f"{FILE} cannot be read: {error}", f"run {UPDATE}") from error

    def dump(self) -> str:
        """Return the lock as text, sorted, one release a line."""
        return _HEAD + "".join(
            line(pin, hashes) + "\n" for pin, hashes in sorted(self.hashes.items(), key=_order)
        )

    def put(self, pin: Pin, digest: str) -> Lock:
        """Return a lock that accepts this one hash for the release."""
        return Lock({**self.hashes, pin: (digest,)})


def line(pin: Pin, hashes: tuple[str, ...]) -> str:
    """Return the line of a release, as the lock and pip's requirements files write it."""
    return " ".join([str(pin), *(f"--hash=sha256:{digest}" for digest in hashes)])


def _order(item: tuple[Pin, tuple[str, ...]]) -> tuple[str, list[tuple[int, str]]]:
    pieces = re.findall(r"[0-9]+|[a-z]+", item[0].release)
    return item[0].project, [(int(p), "") if p.isdigit() else (-1, p) for p in pieces]


def cache_folder(chosen: str | None = None) -> Path:
    """Return the folder for fetched wheels.

    Args:
        chosen: the folder a person named, if any. Otherwise the environment's
            ``PIP_ERRORS_CACHE`` counts, then the user's cache folder (``XDG_CACHE_HOME`` or
            ``~/.cache``; ``LOCALAPPDATA`` on Windows; ``~/Library/Caches`` on macOS).

    Raises:
        UnavailableError: there is no home folder.
    """
    named = chosen or os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    try:
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError as error:
        hint = f"name a folder with --cache or {CACHE_VARIABLE}"
        raise UnavailableError(f"there is no cache folder: {error}", hint) from error
    return base / _FOLDER / "wheels"


@dataclass
class Wheels:
    """The wheels of the locked releases: those in the cache, and the rest from the index.

    Attributes:
        lock: what is accepted.
        folder: where wheels are kept.
        offline: fetch nothing.
        timeout: seconds that one call of pip may take.
    """

    lock: Lock
    folder: Path
    offline: bool = False
    timeout: float = TIMEOUT
    _failed: dict[Pin, UnavailableError] = field(default_factory=dict, init=False)

    def at_hand(self) -> list[Pin]:
        """Return the locked releases whose wheel is in the cache."""
        return [
            pin
            for pin, hashes in self.lock.hashes.items()
            if any((self.folder / f"{digest}.whl").is_file() for digest in hashes)
        ]

    def load(self, pin: Pin) -> bytes:
        """Return the wheel of a release: the very bytes whose hash was checked.

        Raises:
            UnavailableError: it is not locked, cannot be fetched, or its hash differs.
        """
        hashes = self.lock.hashes.get(pin)
        if not hashes:
            raise UnavailableError(f"{FILE} has no line for {pin}", f"run {UPDATE} {pin}")
        for digest in hashes:
            path = self.folder / f"{digest}.whl"
            if path.is_file():
                return _checked(pin, path, hashes)
        if self.offline:
            hint = "run it once without --offline"
            raise UnavailableError(f"the wheel of {pin} is not in the cache", hint)
        if pin in self._failed:
            raise self._failed[pin]
        try:
            return self._fetch(pin, hashes)
        except UnavailableError as error:
            self._failed[pin] = error
            raise

    def missing(self, pins: Iterable[Pin]) -> list[Pin]:
        """Return those of some releases that are locked and would have to be fetched."""
        at_hand = set(self.at_hand())
        return [] if self.offline else sorted(set(pins) & set(self.lock.hashes) - at_hand)

    def prefetch(self, pins: Iterable[Pin]) -> None:
        """Fetch what is missing of some releases, a few at a time; `load` says what failed.

        After the first that fails no further one is begun, so that a machine without a network
        does not wait for each of them.
        """
        missing = self.missing(pins)
        with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
            list(pool.map(self._try, missing))

    def _try(self, pin: Pin) -> None:
        if self._failed:
            reason = next(iter(self._failed.values()))
            problem = f"{pin} was not fetched, since another release could not be"
            self._failed.setdefault(pin, UnavailableError(problem, reason.hint))
            return
        with contextlib.suppress(UnavailableError):
            self.load(pin)

    def _fetch(self, pin: Pin, hashes: tuple[str, ...]) -> bytes:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="fetch-") as name:
                found = download(pin, hashes, Path(name), self.timeout)
                data = _checked(pin, found, hashes)
                found.replace(self.folder / f"{hashlib.sha256(data).hexdigest()}.whl")
        except OSError as error:
            hint = f"name a folder that can be written with --cache or {CACHE_VARIABLE}"
            raise UnavailableError(f"the cache folder cannot be used: {error}", hint) from error
        return data


def digest_of(pin: Pin, timeout: float = TIMEOUT) -> str:
    """Return the SHA-256 of the wheel that the index offers now, for a new line of the lock.

    Raises:
        UnavailableError: it cannot be fetched.
    """
    with tempfile.TemporaryDirectory() as name:
        found = download(pin, (), Path(name), timeout)
        return hashlib.sha256(found.read_bytes()).hexdigest()


def _checked(pin: Pin, path: Path, hashes: tuple[str, ...]) -> bytes:
    try:
        if path.stat().st_size > MAX_WHEEL:
            hint = f"delete {path} and try again"
            raise UnavailableError(f"the wheel of {pin} is larger than {MAX_WHEEL} bytes", hint)
        data = path.read_bytes()
    except OSError as error:
        raise UnavailableError(
            f"the wheel of {pin} cannot be read: {error}", f"see {path}"
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest not in hashes:
        problem = f"the hash of the wheel of {pin} is sha256:{digest}, which is not in {FILE}"
        raise UnavailableError(problem, f"delete {path} and try again")
    return data


def download(pin: Pin, hashes: tuple[str, ...], folder: Path, timeout: float) -> Path:
    """Have pip fetch one wheel into an empty folder, and return its path.

    Args:
        pin: the release.
        hashes: the accepted hashes; without any, pip takes what the index offers.
        folder: an empty folder.
        timeout: seconds that pip may take.

    Raises:
        UnavailableError: pip cannot be run, or fails, or takes too long.
    """
    wanted = folder / "wanted.txt"
    wanted.write_text(line(pin, hashes) + "\n", encoding="utf-8")
    target = folder / "wheel"
    command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:", *_TARGET]
    command += ["--require-hashes"] if hashes else []
    command += [f"--dest={target}", f"--requirement={wanted}"]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        hint = "check the network, or allow more seconds with --timeout"
        raise UnavailableError(f"pip took more than {timeout:g} s to fetch {pin}", hint) from error
    except OSError as error:
        hint = "check the Python this runs with"
        raise UnavailableError(f"{sys.executable} cannot be run: {error}", hint) from error
    found = list(target.glob("*.whl")) if target.is_dir() else []
    if done.returncode or len(found) != 1:
        raise _reason(pin, done.stderr.decode("utf-8", "replace"))
    return found[0]


def _reason(pin: Pin, output: str) -> UnavailableError:
    if "No module named pip" in output:
        return UnavailableError("this Python has no pip", "run python -m ensurepip")
    errors = [row[7:] for row in output.splitlines() if row.startswith("ERROR: ")]
    said = " / ".join(errors)[-600:] or output.strip()[-600:] or "nothing"
    if "DO NOT MATCH THE HASHES" in output:
        problem = f"the hash of the wheel of {pin} on the index is not the one in {FILE}"
        hint = f"find out why it changed; if the index is right, run {UPDATE} {pin}"
        return UnavailableError(problem, hint)
    hint = "check the network and pip's own settings (python -m pip config list), then try again"
    if "No matching distribution" in output:
        hint = "name a release that has a wheel (of pip: 1.5.1 or newer), or " + hint
    return UnavailableError(f"pip could not fetch {pin}; it said: {said}", hint)
