"""How the vocabularies of the model are worded on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.model import (
    Audience,
    Ignorable,
    Kind,
    PartKind,
    Phase,
    PipCommand,
    Platform,
    Shell,
)
from kb.recipe import NotRun

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

KINDS = {
    Kind.ERROR: ("Error", "pip stopped, or did not do what you asked."),
    Kind.WARNING: ("Warning", "pip went on, and tells you that something is not right."),
    Kind.DEPRECATION: ("Deprecation", "It works today. A later pip will refuse it."),
}

PHASES = {
    Phase.CLI: ("Command line", "Reading the command, its options and its arguments"),
    Phase.CONFIG: ("Configuration", "Reading configuration files and requirements files"),
    Phase.ENVIRONMENT: ("Environment", "Looking at the Python and the environment it runs in"),
    Phase.NETWORK: ("Network", "Connecting: proxies, certificates, time-outs, sign-in"),
    Phase.INDEX: ("Index", "Asking a package index what it has"),
    Phase.CACHE: ("Cache", "Reading and writing pip's cache"),
    Phase.RESOLVE: ("Resolve", "Choosing versions that fit together"),
    Phase.DOWNLOAD: ("Download", "Downloading and unpacking files"),
    Phase.VERIFY: ("Verify", "Checking that a file is the one that was asked for"),
    Phase.METADATA: ("Metadata", "Reading a package's name, version and dependencies"),
    Phase.BUILD: ("Build", "Building a wheel from source"),
    Phase.INSTALL: ("Install", "Writing files into the environment"),
    Phase.UNINSTALL: ("Uninstall", "Removing files from the environment"),
    Phase.VCS: ("Version control", "Fetching from Git, Mercurial, Subversion or Bazaar"),
    Phase.LOCK: ("Lock", "Writing and reading lock files"),
}

PLATFORMS = {
    Platform.LINUX: ("Linux", "Errors that are met on Linux"),
    Platform.MACOS: ("macOS", "Errors that are met on macOS"),
    Platform.WINDOWS: ("Windows", "Errors that are met on Windows"),
}

COMMANDS = {command: (f"pip {command}", f"Errors of `pip {command}`") for command in PipCommand}

FACETS: Mapping[str, Mapping[Any, tuple[str, str]]] = {
    "phase": PHASES,
    "kind": KINDS,
    "platform": PLATFORMS,
    "command": COMMANDS,
}

FACET_TITLES = {
    "phase": ("By phase", "What pip was doing when it printed the text."),
    "kind": ("By kind", "Errors, warnings and deprecations."),
    "platform": ("By system", "Errors that are met on one system only are in its list alone."),
    "command": ("By pip command", "The commands in which an error is known to occur."),
}

PARTS = {
    PartKind.MESSAGE: "",
    PartKind.CONTEXT: "context",
    PartKind.NOTE: "note",
    PartKind.HINT: "hint",
}

SHELLS = {Shell.ANY: "", Shell.SH: "sh", Shell.POWERSHELL: "PowerShell", Shell.CMD: "cmd"}

PACKAGE_MANAGERS = {
    "apt": "Debian, Ubuntu",
    "apt-get": "Debian, Ubuntu",
    "dnf": "Fedora, Red Hat",
    "apk": "Alpine",
    "pacman": "Arch Linux",
    "zypper": "openSUSE",
}
"""The distributions whose package manager a command calls."""

IGNORABLE = {
    Ignorable.YES: "Yes.",
    Ignorable.NO: "No.",
    Ignorable.FOR_NOW: "For now.",
    Ignorable.DEPENDS: "It depends.",
}

AUDIENCES = {
    Audience.PACKAGE: "the people who make the package",
    Audience.INDEX: "the people who run the package index",
    Audience.DISTRIBUTOR: "the distributor of your Python or system",
    Audience.NETWORK: "the people who run your network",
    Audience.PIP: "the pip project",
}


def word(facet: str, value: StrEnum) -> str:
    """Return the words for one value.

    Args:
        facet: ``phase``, ``kind``, ``platform`` or ``command``.
        value: a value of that vocabulary.
    """
    return FACETS[facet][value][0]


NOT_RUN = {
    NotRun.WINDOWS: "Only on Windows",
    NotRun.MACOS: "Only on macOS",
    NotRun.OTHER_SYSTEM: "Only on another system",
    NotRun.OTHER_CPU: "Only on another processor",
    NotRun.OTHER_SHELL: "Only in another shell",
    NotRun.OTHER_PROGRAM: "Needs another program",
    NotRun.OLD_PYTHON: "Needs a Python that is no longer released",
    NotRun.OTHER_PYTHON: "Needs another Python",
    NotRun.OLD_PIP: "Needs an older pip",
    NotRun.HARDWARE: "Needs certain hardware, such as a full disk or little memory",
    NotRun.RACE: "Two things must happen at the same moment",
    NotRun.NETWORK: "Needs the internet, or a company's network",
    NotRun.SYSTEM_CHANGE: "Would change the system it runs on",
    NotRun.BY_HAND: "Needs a person to do it, or to judge it",
}
