"""A recipe: how the lab provokes an error with a real pip, and proves its fixes and dead ends."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from kb.fields import EntryId, Line, Model, Prose, Release, Slug, Verbatim

_NAME = r"\.{0,2}[^./\\\n][^/\\\n]*"
FILE_PATH_PATTERN = rf"^({_NAME}/)*{_NAME}$"
FilePath = Annotated[str, StringConstraints(pattern=FILE_PATH_PATTERN)]
ADDRESS_PATTERN = r"^(/[^\s]*|proxy)$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS_PATTERN)]
PIN_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*$"
Pin = Annotated[str, StringConstraints(pattern=PIN_PATTERN)]
Commands = Annotated[tuple[Verbatim, ...], Field(min_length=1)]


class NotRun(StrEnum):
    """Why the lab does not run something: an error, a fix or a dead end."""

    WINDOWS = "windows"
    MACOS = "macos"
    OTHER_SYSTEM = "other-system"
    OTHER_CPU = "other-cpu"
    OTHER_SHELL = "other-shell"
    OTHER_PROGRAM = "other-program"
    OLD_PYTHON = "old-python"
    OTHER_PYTHON = "other-python"
    OLD_PIP = "old-pip"
    HARDWARE = "hardware"
    RACE = "race"
    NETWORK = "network"
    SYSTEM_CHANGE = "system-change"
    BY_HAND = "by-hand"


class Setup(StrEnum):
    """Named states of the machine that a recipe can ask for."""

    NO_PIP = "no-pip"
    NO_GIT = "no-git"
    NO_COMPILER = "no-compiler"
    COMPILER = "compiler"
    READ_ONLY = "read-only"
    SYSTEM_PYTHON = "system-python"
    EXTERNALLY_MANAGED = "externally-managed"
    ROOT = "root"
    FOREIGN_CACHE = "foreign-cache"
    SMALL_DISK = "small-disk"
    GIT_REPOSITORY = "git-repository"
    HTTPS_INDEX = "https-index"
    PRIVATE_CA = "private-ca"
    CHAIN_MISSING = "chain-missing"
    OTHER_HOST_CERTIFICATE = "other-host-certificate"
    EXPIRED_CERTIFICATE = "expired-certificate"
    HTTPS_ON_HTTP = "https-on-http"
    REFUSING_PROXY = "refusing-proxy"
    NO_INDEX = "no-index"
    NO_NETWORK = "no-network"


SETUPS: dict[Setup, str] = {
    Setup.NO_PIP: "The environment has no pip.",
    Setup.NO_GIT: "There is no git on PATH, and none but the smallest programs.",
    Setup.NO_COMPILER: "There is no compiler on PATH, and none but the smallest programs.",
    Setup.COMPILER: "The machine has a C compiler and Python's headers; elsewhere it is not run.",
    Setup.READ_ONLY: "The environment's folders cannot be written.",
    Setup.SYSTEM_PYTHON: "`python` is a copy of the system's, in no virtual environment.",
    Setup.EXTERNALLY_MANAGED: "The same, with an EXTERNALLY-MANAGED file without a text.",
    Setup.ROOT: "Commands run as root.",
    Setup.FOREIGN_CACHE: "~/.cache/pip belongs to somebody else.",
    Setup.SMALL_DISK: "~/small is a disk of 4 MB.",
    Setup.GIT_REPOSITORY: "@repository@ is a git repository on disk, with the project demo 1.0.",
    Setup.HTTPS_INDEX: "The index speaks https, with a certificate that it signed itself.",
    Setup.PRIVATE_CA: "The index speaks https; company.pem has the authority that signed it.",
    Setup.CHAIN_MISSING: "The same, signed through an intermediate that the index does not send; "
    "company-chain.pem has both authorities.",
    Setup.OTHER_HOST_CERTIFICATE: "As private-ca, but the certificate is for another host.",
    Setup.EXPIRED_CERTIFICATE: "As private-ca, but the certificate has expired.",
    Setup.HTTPS_ON_HTTP: "pip asks by https, the index speaks plain http.",
    Setup.REFUSING_PROXY: "A proxy stands between; it answers 403, or as server.proxy says.",
    Setup.NO_INDEX: "pip is not told of the lab's index.",
    Setup.NO_NETWORK: "Names of other hosts may be asked for; nobody answers.",
}
"""What each set-up is, for the documentation."""


class Answer(StrEnum):
    """What the lab's server answers in place of a file or a page."""

    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    PROXY_AUTHENTICATION = "407"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    TIMEOUT = "timeout"
    RESET = "reset"
    CLOSED = "closed"
    CUT_OFF = "cut-off"
    WRONG_TYPE = "wrong-type"
    BAD_JSON = "bad-json"
    REDIRECT_LOOP = "redirect-loop"
    OTHER_BYTES = "other-bytes"


class FileKind(StrEnum):
    """A kind of distribution file."""

    WHEEL = "wheel"
    SDIST = "sdist"


class Broken(StrEnum):
    """In which way a distribution file is broken."""

    NOT_A_ZIP = "not-a-zip"
    NO_METADATA = "no-metadata"
    NO_WHEEL_FILE = "no-wheel-file"
    NO_RECORD = "no-record"
    OTHER_NAME = "other-name"
    OTHER_VERSION = "other-version"
    BAD_METADATA = "bad-metadata"
    BAD_WHEEL_VERSION = "bad-wheel-version"


class Dist(Model):
    """A release that the lab's index serves. The lab builds its files."""

    name: Line
    """Name of the project: demo."""
    version: Line
    """Its version: 1.0."""
    files: Annotated[tuple[FileKind, ...], Field(min_length=1)] = (FileKind.WHEEL,)
    """wheel, sdist or both. A wheel when left out."""
    tag: Line = "py3-none-any"
    """The wheel's tag: which Python and which system it is for."""
    requires: Annotated[tuple[Line, ...], Field(min_length=1)] | None = None
    """What it depends on: other>=2."""
    extras: dict[str, tuple[Line, ...]] | None = None
    """What each of its extras depends on."""
    requires_python: Line | None = None
    """The Python versions it is for: >=3.13."""
    yanked: Line | None = None
    """Why it was yanked."""
    scripts: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """Names of the commands that it installs."""
    broken: Broken | None = None
    """In which way the file is broken."""
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]+$")] | None = None
    """The SHA-256 that the index announces, where it is not the file's own."""
    contents: dict[FilePath, str] | None = None
    """Further files in it, by path: setup.py, pyproject.toml, demo/__init__.py."""
    core_metadata: bool = False
    """Whether the index has its metadata beside the wheel, as PyPI does."""
    on: Slug = "simple"
    """The index that has it. Another name makes another index: @index:other@."""
    folder: FilePath | None = None
    """A folder of the project that its files are put into, in place of an index: wheels."""


class Proof(Model):
    """How a fix, or a dead end, is tried after the error was provoked."""

    run: Commands | None = None
    """What to run, as it stands. Left out: the page's commands for Linux, filled in."""
    only: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] | None = None
    """Which of those commands of the page to run, counted from 1, where not all fit."""
    values: dict[str, Line] | None = None
    """Values for placeholders of those commands that the error's output does not hold."""
    files: dict[FilePath, str] | None = None
    """Files to write first. The files that the page's steps show are not written."""
    then: Verbatim | None = None
    """What to run last, to see whether the error is gone. Left out: the recipe's own command."""
    shows: EntryId | None = None
    """The entry whose error comes in place of this one: what a dead end leads to."""
    verify: Commands | None = None
    """What to run in place of the page's verification, where that does not fit this machine."""
    not_run: NotRun | None = None
    """Why it is not tried here."""


class Recipe(Model):
    """How the error is provoked, and how its fixes and dead ends are tried."""

    id: Slug
    """Name of this recipe within the entry; its output is shown as an example."""
    caption: Line | None = None
    """What this example shows."""
    like: Slug | None = None
    """Id of a recipe above, whose machine, index, files and first commands this one takes over."""
    pips: Annotated[tuple[Release, ...], Field(min_length=1)] = ("25.3", "26.3")
    """The releases of pip that print it, 25.3 and 26.3 if left out. The newest tries the proofs."""
    python: Release | None = None
    """The Python it needs, where not any will do: 3.12."""
    setup: Annotated[tuple[Setup, ...], Field(min_length=1)] | None = None
    """Named states of the machine."""
    index: Annotated[tuple[Dist, ...], Field(min_length=1)] | None = None
    """What the index serves."""
    releases: Annotated[tuple[Pin, ...], Field(min_length=1)] | None = None
    """Real wheels that the index serves too, as locked in requirements/releases.lock."""
    server: dict[Address, Answer] | None = None
    """What the server answers instead, by the start of the address: /simple/demo/; or `proxy`."""
    once: dict[Address, Answer] | None = None
    """The same, for the first request only."""
    pages: dict[Address, str] | None = None
    """What it sends for an address, letter by letter; JSON if it begins with a brace, else HTML."""
    files: dict[FilePath, str] | None = None
    """Files in the project's folder."""
    env: dict[str, Line] | None = None
    """Environment variables."""
    before: Commands | None = None
    """Commands that come first and succeed, such as installing an older version."""
    run: Verbatim
    """The command that provokes the error. `python` is the one of the virtual environment."""
    exit: Annotated[int, Field(ge=0, le=255)] = 1
    """The exit status that it ends with."""
    finds: EntryId | None = None
    """The entry that stands in front of this one in the output, where this one follows from it."""
    seconds: Annotated[int, Field(ge=1, le=120)] = 60
    """How long a command may take."""
    fixes: dict[Slug, Proof] | None = None
    """How each fix is tried, by its id."""
    dead_ends: dict[Slug, Proof] | None = None
    """How each dead end is tried, by its id: the error must come again."""


class Lab(Model):
    """How the error is reproduced, or why it is not."""

    recipes: Annotated[tuple[Recipe, ...], Field(min_length=1)] | None = None
    """The ways to provoke it."""
    not_run: NotRun | None = None
    """Why no recipe reproduces it."""
    text: Prose | None = None
    """The same for a reader, in one sentence."""
