"""The entry, typed: what one YAML file under ``entries/`` may say, and the closed vocabularies.

Every vocabulary of the project lives here and nowhere else; the JSON Schema, the checks, the
templates and the documentation derive from it. The descriptions of the fields are what an
editor shows while a contributor types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from kb.fields import (
    EntryId,
    Line,
    LineRange,
    Model,
    PlaceholderName,
    Prose,
    Release,
    Slug,
    Summary,
    Url,
    Verbatim,
)
from kb.recipe import Lab


class Status(StrEnum):
    """How far a page is written."""

    STUB = "stub"
    FINISHED = "finished"


class Kind(StrEnum):
    """How pip, or the program that words it, presents the text."""

    ERROR = "error"
    WARNING = "warning"
    DEPRECATION = "deprecation"


class Phase(StrEnum):
    """What pip was doing."""

    CLI = "cli"
    CONFIG = "config"
    ENVIRONMENT = "environment"
    NETWORK = "network"
    INDEX = "index"
    CACHE = "cache"
    RESOLVE = "resolve"
    DOWNLOAD = "download"
    VERIFY = "verify"
    METADATA = "metadata"
    BUILD = "build"
    INSTALL = "install"
    UNINSTALL = "uninstall"
    VCS = "vcs"
    LOCK = "lock"


class Role(StrEnum):
    """What the text tells in a log that holds several: read a cause before its wrappers."""

    CAUSE = "cause"
    WRAPPER = "wrapper"
    NOTICE = "notice"


class Platform(StrEnum):
    """Operating system."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"


class PipCommand(StrEnum):
    """The commands of pip 26.3 and 25.3."""

    INSTALL = "install"
    LOCK = "lock"
    DOWNLOAD = "download"
    UNINSTALL = "uninstall"
    FREEZE = "freeze"
    INSPECT = "inspect"
    LIST = "list"
    SHOW = "show"
    CHECK = "check"
    CONFIG = "config"
    SEARCH = "search"
    CACHE = "cache"
    INDEX = "index"
    WHEEL = "wheel"
    HASH = "hash"
    COMPLETION = "completion"
    DEBUG = "debug"
    HELP = "help"


class PartKind(StrEnum):
    """The parts pip builds an error from (``DiagnosticPipError`` in pip's exceptions.py)."""

    MESSAGE = "message"
    CONTEXT = "context"
    NOTE = "note"
    HINT = "hint"


class Shell(StrEnum):
    """The shell a command is written for; ``any`` where sh, PowerShell and cmd all take it."""

    ANY = "any"
    SH = "sh"
    POWERSHELL = "powershell"
    CMD = "cmd"


class Ignorable(StrEnum):
    """Can a warning or deprecation be ignored?"""

    YES = "yes"
    NO = "no"
    FOR_NOW = "for-now"
    DEPENDS = "depends"


class Audience(StrEnum):
    """Whom to ask when nothing helped."""

    PACKAGE = "package"
    INDEX = "index"
    DISTRIBUTOR = "distributor"
    NETWORK = "network"
    PIP = "pip"


@dataclass(frozen=True)
class PlaceholderType:
    """How the value that stands in a placeholder's place is treated.

    Attributes:
        example: what the page shows in a command until a real value is known. What could name
            something real, such as a project on PyPI, stands in angle brackets, so that a
            command that is run as it stands fails; the brackets need double quotes around them.
        description: shown by editors and in the contributor's guide.
        fillable: whether a value out of a log may be put into a command. The match rules in
            :mod:`kb.patterns` say which characters such a value may have.
        secret: whether a value can name a person, a private host or a credential, so that it is
            redacted before anything is shared.
    """

    example: str
    description: str
    fillable: bool = False
    secret: bool = False


PLACEHOLDER_TYPES: dict[str, PlaceholderType] = {
    "package": PlaceholderType(
        "<PACKAGE>", "project or distribution name (PEP 508)", fillable=True
    ),
    "version": PlaceholderType("<VERSION>", "version of a project (PEP 440)", fillable=True),
    "requirement": PlaceholderType(
        "<PACKAGE>",
        "requirement specifier: name, extras, version specifier",
        fillable=True,
    ),
    "specifier": PlaceholderType(">=<VERSION>", "version specifier without a name", fillable=True),
    "extra": PlaceholderType("<EXTRA>", "name of an extra", fillable=True),
    "module": PlaceholderType("<MODULE>", "import name, with dots", fillable=True),
    "python_version": PlaceholderType("3.13", "version of Python", fillable=True),
    "number": PlaceholderType("1", "digits only: an exit status, a port, a count", fillable=True),
    "option": PlaceholderType("--option", "command line option, with its dashes", fillable=True),
    "hash": PlaceholderType("<HASH>", "hexadecimal digest", fillable=True),
    "path": PlaceholderType("<PATH>", "path of a file or folder", fillable=True, secret=True),
    "filename": PlaceholderType("<FILE>", "name of a file, without folders", fillable=True),
    "url": PlaceholderType(
        "https://index.example.org/simple", "address", fillable=True, secret=True
    ),
    "host": PlaceholderType("index.example.org", "name of a server", fillable=True, secret=True),
    "command": PlaceholderType("<COMMAND>", "a program and its arguments", secret=True),
    "requirements": PlaceholderType("<PACKAGES>", "several requirements in a row"),
    "text": PlaceholderType("…", "anything else; shown, never put into a command", secret=True),
}


@dataclass(frozen=True)
class Project:
    """A project whose releases are quoted.

    Attributes:
        name: its name on PyPI.
        repository: address of its repository.
        tag: its tag for a release, with ``{release}`` for the number.
        licence: SPDX expression of its licence.
    """

    name: str
    repository: str
    tag: str
    licence: str


PROJECTS: dict[str, Project] = {
    project.name: project
    for project in (
        Project("pip", "https://github.com/pypa/pip", "{release}", "MIT"),
        Project("setuptools", "https://github.com/pypa/setuptools", "v{release}", "MIT"),
        Project("setuptools-rust", "https://github.com/PyO3/setuptools-rust", "v{release}", "MIT"),
        Project("maturin", "https://github.com/PyO3/maturin", "v{release}", "MIT OR Apache-2.0"),
        Project("meson", "https://github.com/mesonbuild/meson", "{release}", "Apache-2.0"),
        Project("cython", "https://github.com/cython/cython", "{release}", "Apache-2.0"),
        Project("numpy", "https://github.com/numpy/numpy", "v{release}", "BSD-3-Clause"),
        Project("wheel", "https://github.com/pypa/wheel", "{release}", "MIT"),
    )
}


class Part(Model):
    """One part of a text, as pip (or the program that words it) puts it together."""

    kind: PartKind = PartKind.MESSAGE
    """message, context, note or hint, as pip names them."""
    text: Prose
    """The text, with {placeholders} for what changes. Line breaks and runs of blanks count as
    one blank. Write {{ and }} for braces that are printed."""
    source: Slug | None = None
    """Id of the source (below, under sources) whose symbol holds this text."""


class Wording(Model):
    """One way in which the error is printed, in the releases from `since` to `until`."""

    since: Release | None = None
    """First release of pip that prints it. Leave out where another program words it."""
    until: Release | None = None
    """Last release of pip that printed it. Leave out while the newest release prints it."""
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    """The parts in the order in which they are printed; the first is the headline."""
    near: Annotated[tuple[Line, ...], Field(min_length=1)] | None = None
    """Where the parts alone are too common: texts of which one must stand near by."""
    unless: Annotated[tuple[Line, ...], Field(min_length=1)] | None = None
    """Texts that show, where one of them stands near by, that all went well."""


class Source(Model):
    """A place in a tagged release that prints the text. `make verify` holds it to the release."""

    id: Slug
    """Name of this source within the entry."""
    project: str = "pip"
    """The project on PyPI whose release this is."""
    release: Release
    """The release, as on PyPI: 25.3."""
    path: Line
    """Path in the project's repository at the tag: src/pip/_internal/exceptions.py."""
    symbol: Line
    """Qualified name of the class or function it stands in; <module> for the top level."""
    lines: LineRange | None = None
    """Lines of the quote at the tag, such as 431-436. `make verify` says which."""
    caption: Prose | None = None
    """When this code runs, in one sentence."""
    quote: Verbatim | None = None
    """The lines, character for character (common indentation aside). Small: what prints it."""


class Site(Model):
    """A place in pip that prints the error as well, apart from the quoted sources."""

    releases: Annotated[tuple[Release, ...], Field(min_length=1)]
    """The releases in which it stands there."""
    path: Line
    """Path in pip's repository at the tag."""
    symbol: Line
    """Qualified name of the class or function; <module> for the top level."""
    text: Line | None = None
    """Words of the text there, where the symbol prints more than one."""


class WordedBy(Model):
    """The program that words the text, where it is not pip."""

    program: Line
    """Its name: setuptools, CPython, OpenSSL, git, bash …"""
    release: Line
    """The release in which it was seen."""
    licence: Line
    """SPDX expression of its licence."""
    url: Url | None = None
    """The text in its source or documentation, at a tag."""


class Command(Model):
    """A command to copy. Placeholders in braces are filled in from the log."""

    text: Verbatim
    """The command, one or more lines."""
    os: Annotated[tuple[Platform, ...], Field(min_length=1)] = tuple(Platform)
    """Where it is for. Leave out for all three."""
    shell: Shell = Shell.ANY
    """The shell it is written for; leave out where every shell takes it."""
    needs_pip: Release | None = None
    """The oldest pip that has all its options. Leave out where 20.3 is enough."""


class File(Model):
    """Lines to write into a file."""

    name: Line
    """Name of the file: requirements.txt, pip.conf, Dockerfile."""
    text: Verbatim
    """The lines."""


class Step(Model):
    """One action."""

    text: Prose | None = None
    """What to do, as an order."""
    commands: Annotated[tuple[Command, ...], Field(min_length=1)] | None = None
    """The same action as commands, one for each system that differs."""
    files: Annotated[tuple[File, ...], Field(min_length=1)] | None = None
    """Lines to write into files."""
    procedure: Slug | None = None
    """Id of a procedure under entries/procedures that this step carries out."""
    expect: Prose | None = None
    """What is seen when it worked."""


Steps = Annotated[tuple[Step, ...], Field(min_length=1)]
Slugs = Annotated[tuple[Slug, ...], Field(min_length=1)]
Ids = Annotated[tuple[EntryId, ...], Field(min_length=1)]
Lines = Annotated[tuple[Prose, ...], Field(min_length=1)]


class Cause(Model):
    """Why it happens. The commonest cause stands first."""

    id: Slug
    """Name of this cause within the entry."""
    title: Line
    """The cause in a few words."""
    text: Prose
    """How it comes about, and how to tell that it is this one."""
    evidence: Slugs | None = None
    """Ids of the sources, references, examples and recipes of this entry that bear it out."""


class Fix(Model):
    """A way out. The first one is for the commonest cause."""

    id: Slug
    """Name of this fix within the entry; its address is #fix-<id>, forever."""
    title: Line
    """What it does, as an order."""
    causes: Slugs
    """Ids of the causes that it cures."""
    when: Prose | None = None
    """When to take this one rather than the one above."""
    steps: Steps
    """One action a step."""
    changes: Prose | None = None
    """What it changes on the person's machine."""
    risks: Prose | None = None
    """What can go wrong, or what is given up."""
    undo: Prose | None = None
    """How to go back."""
    evidence: Slugs | None = None
    """Ids of the sources, references, examples and recipes that bear it out."""


class DeadEnd(Model):
    """Something people try that does not work, and why."""

    id: Slug
    """Name of this dead end within the entry."""
    title: Line
    """What people try."""
    text: Prose
    """Why it does not help, or what it breaks."""
    commands: Annotated[tuple[Command, ...], Field(min_length=1)] | None = None
    """The commands, shown as not to be used."""
    evidence: Slugs
    """Ids of the sources, references, examples and recipes that bear it out."""


class Ignore(Model):
    """Can it be ignored, and until when? For warnings and deprecations."""

    answer: Ignorable
    """yes, no, for-now or depends."""
    until: Release | None = None
    """The release of pip in which it becomes an error."""
    text: Prose
    """What happens if it is left as it is."""


class Background(Model):
    """How the thing works that failed."""

    title: Line
    """How … works."""
    text: Prose
    """The explanation. A blank line parts paragraphs."""
    evidence: Slugs | None = None
    """Ids of the sources and references that bear it out."""


class NothingHelped(Model):
    """What to do when no fix helped."""

    collect: Steps
    """What to collect before asking."""
    ask: Annotated[tuple[Audience, ...], Field(min_length=1)]
    """Whom to ask, first one first."""
    text: Prose
    """Who can mend it, and where to reach them."""


class PrintedBy(Model):
    """What ran when the output was recorded."""

    pip: Release
    """Release of pip."""
    python: Release
    """Release of Python."""
    os: Line
    """The system: Linux, Windows 11, macOS 15."""


class Example(Model):
    """Output that was really printed."""

    id: Slug
    """Name of this example within the entry."""
    caption: Line | None = None
    """What this example shows."""
    command: Verbatim
    """The command that printed it."""
    output: Verbatim
    """What was printed; private names, paths and addresses replaced, nothing else."""
    printed_by: PrintedBy | None = None
    """What ran, where we ran it ourselves."""
    seen: Slug | None = None
    """Id of the reference where it was seen, where it cannot be run on Linux."""


class Reference(Model):
    """Something to read: pip's documentation at a tag, a PEP, a thread."""

    id: Slug
    """Name of this reference within the entry."""
    title: Line
    """Its title, and what it is."""
    url: Url
    """Its address."""


class Entry(Model):
    """One error, warning or deprecation notice that people meet when they use pip."""

    id: EntryId
    """Name of the error: the file's name, and its address, forever."""
    status: Status
    """stub or finished."""
    kind: Kind
    """error, warning or deprecation."""
    phase: Phase
    """What pip was doing."""
    tier: Annotated[int, Field(ge=1, le=3)]
    """1 common, 2 regular, 3 rare."""
    role: Role = Role.CAUSE
    """cause (read first), wrapper (a general text around the cause) or notice (beside it)."""
    consequence_of: Ids | None = None
    """Entries that this one can merely follow from: read those first when both are in a log."""
    platforms: Annotated[tuple[Platform, ...], Field(min_length=1)] = tuple(Platform)
    """Systems on which it is met. Leave out for all three."""
    commands: Annotated[tuple[PipCommand, ...], Field(min_length=1)] | None = None
    """Commands of pip in which it occurs."""
    slugs: Slugs | None = None
    """pip's own reference for it, as in `error: externally-managed-environment`."""
    aliases: Ids | None = None
    """Former ids, which lead here."""
    related: Ids | None = None
    """Entries that are easily taken for this one, or met together with it."""

    placeholders: dict[PlaceholderName, str] | None = None
    """Types of the placeholders whose name is not itself a type: {old_version: version}."""
    messages: Annotated[tuple[Wording, ...], Field(min_length=1)]
    """The texts that this page answers; the newest release's commonest first: it is the title."""
    worded_by: WordedBy | None = None
    """The program that words it, where it is not pip."""

    summary: Summary
    """The answer in one sentence."""
    meaning: Prose | None = None
    """What it means. A blank line parts paragraphs."""
    ignore: Ignore | None = None
    """Can it be ignored, and until when? For warnings and deprecations."""
    causes: Annotated[tuple[Cause, ...], Field(min_length=1)] | None = None
    """Why it happens; the commonest cause first."""
    fixes: Annotated[tuple[Fix, ...], Field(min_length=1)] | None = None
    """The ways out; the one for the commonest cause first."""
    dead_ends: Annotated[tuple[DeadEnd, ...], Field(min_length=1)] | None = None
    """What does not work, and why."""
    verification: Steps | None = None
    """How to see that it is mended: commands, each with what to expect."""
    triage: Steps | None = None
    """How to find out which cause it is."""
    background: Background | None = None
    """How the thing works that failed."""
    prevention: Lines | None = None
    """How to keep it from coming back."""
    nothing_helped: NothingHelped | None = None
    """What to collect and whom to ask when no fix helped."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1)] | None = None
    """The code that prints it, quoted from tagged releases."""
    sites: Annotated[tuple[Site, ...], Field(min_length=1)] | None = None
    """Further places in pip that print it."""
    examples: Annotated[tuple[Example, ...], Field(min_length=1)] | None = None
    """Output that was really printed."""
    references: Annotated[tuple[Reference, ...], Field(min_length=1)] | None = None
    """Documentation, PEPs and threads that bear out what the page says."""
    lab: Lab | None = None
    """How the error is reproduced, or why it is not."""

    def is_of_pip(self, wording: Wording) -> bool:
        """Return whether a text has a source in pip's own code, not in what pip vendors."""
        named = {part.source for part in wording.parts}
        return any(
            source.project == "pip" and "/_vendor/" not in source.path
            for source in self.sources or ()
            if source.id in named
        )

    @property
    def is_partly_of_pip(self) -> bool:
        """Whether pip itself words a text of an entry that another program words."""
        return bool(self.worded_by) and any(map(self.is_of_pip, self.messages))


class Variant(Model):
    """One way to carry out a procedure: for one system, one shell, one tool."""

    id: Slug
    """Name of this variant within the procedure."""
    title: Line
    """Where it is for: Debian and Ubuntu; Windows (PowerShell); Dockerfile."""
    platforms: Annotated[tuple[Platform, ...], Field(min_length=1)] | None = None
    """The systems it is for, where it is for some only."""
    steps: Steps
    """One action a step."""


class Procedure(Model):
    """Steps that many pages need, written once."""

    id: Slug
    """Name of the procedure: the file's name, and its address, forever."""
    title: Line
    """What is done, as an order."""
    summary: Summary
    """What it gives, in one sentence."""
    intro: Prose | None = None
    """What to know before."""
    variants: Annotated[tuple[Variant, ...], Field(min_length=1)]
    """One for each place where the steps differ."""
    risks: Prose | None = None
    """What can go wrong, or what is given up."""
    references: Annotated[tuple[Reference, ...], Field(min_length=1)] | None = None
    """What bears it out."""


_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def split_template(text: str) -> tuple[list[str], list[str]]:
    """Split a template into its literal texts and the names of its placeholders.

    Args:
        text: a template such as ``Cannot uninstall {package} {version}``; ``{{`` and ``}}``
            stand for braces.

    Returns:
        The literals, one more than there are placeholders, and the placeholders' names in order.

    Raises:
        ValueError: a brace stands alone, or a placeholder has no name.
    """
    literals, names, start = [""], [], 0
    for found in _PLACEHOLDER.finditer(text):
        literals[-1] += text[start : found.start()]
        start = found.end()
        if found[0] in ("{{", "}}"):
            literals[-1] += found[0][0]
        elif found[1]:
            names.append(found[1])
            literals.append("")
        else:
            message = f"stray {found[0]!r} at character {found.start() + 1}"
            raise ValueError(message)
    literals[-1] += text[start:]
    return literals, names


def placeholder_type(entry: Entry, name: str) -> PlaceholderType | None:
    """Return the type of an entry's placeholder, or None if the name is not known."""
    declared = (entry.placeholders or {}).get(name, name)
    return PLACEHOLDER_TYPES.get(declared)
