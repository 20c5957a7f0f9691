"""The addresses of the site and of the places it links to.

Addresses are kept for ever: what is decided here may be added to, not changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from kb.model import PROJECTS

if TYPE_CHECKING:
    from enum import StrEnum

    from kb.model import Project, Source

BRANCH = "main"
COVERAGE = "coverage/"


@dataclass(frozen=True)
class Site:
    """What mkdocs.yml says once about the site.

    Attributes:
        name: its name.
        url: its address, with a slash at the end.
        repository: address of the repository, without a slash at the end.
    """

    name: str
    url: str
    repository: str

    def edit(self, path: str) -> str:
        """Return where a file of the repository is edited in the browser."""
        return f"{self.repository}/edit/{BRANCH}/{quote(path)}"

    def report(self, title: str) -> str:
        """Return the form for a new issue, with its title filled in."""
        return f"{self.repository}/issues/new?{urlencode({'title': title}, quote_via=quote)}"


def entry(entry_id: str) -> str:
    """Return an error's page, relative to the site."""
    return f"pip/{entry_id}/"


def procedure(procedure_id: str) -> str:
    """Return a procedure's page, relative to the site."""
    return f"procedures/{procedure_id}/"


def subject(facet: str, value: StrEnum | str) -> str:
    """Return the page of all errors of one phase, kind, platform or command.

    Args:
        facet: ``phase``, ``kind``, ``platform`` or ``command``.
        value: one value of that vocabulary.
    """
    return f"{facet}/{value}/"


def file(project: Project, release: str, path: str, lines: str | None = None) -> str:
    """Return a file of a project at the tag of a release.

    Args:
        project: the project.
        release: the release.
        path: the path in the project's repository.
        lines: the lines to show, such as ``431-436``.
    """
    tag = quote(project.tag.format(release=release))
    found = f"{project.repository}/blob/{tag}/{quote(path)}"
    return found + "#" + "-".join(f"L{line}" for line in lines.split("-")) if lines else found


def source(place: Source) -> str:
    """Return a source's lines in its repository, at the tag of its release.

    A project that the model does not know gets the list of its files on PyPI.
    """
    project = PROJECTS.get(place.project)
    if project is None:
        return f"https://pypi.org/project/{quote(place.project)}/{quote(place.release)}/#files"
    return file(project, place.release, place.path, place.lines)
