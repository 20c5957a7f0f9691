"""What changed in the entries since a revision, as git has it."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "entries"
_TIMEOUT = 60


class GitError(Exception):
    """git cannot say; the text says why and what to do."""


def fork(root: Path, revision: str) -> str:
    """Return the commit at which the present state parted from a revision.

    Args:
        root: the root of the repository.
        revision: a commit, branch or tag.

    Raises:
        GitError: there is no such revision, or no git.
    """
    try:
        commit = _git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    except GitError as error:
        message = f"there is no revision {revision!r} here: write a branch or commit, such as main"
        raise GitError(message) from error
    return _git(root, "merge-base", commit.strip(), "HEAD").strip()


def ids(root: Path, revision: str, folder: str) -> list[str]:
    """Return the ids of the files of a folder that differ from a revision, new ones too.

    Args:
        root: the root of the repository.
        revision: the revision.
        folder: the folder: entries/pip.

    Raises:
        GitError: git cannot say.
    """
    commit = fork(root, revision)
    names = _git(root, "diff", "--name-only", "-z", "--no-renames", commit, "--", folder)
    names += _git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", folder)
    paths = (PurePosixPath(name) for name in names.split("\0") if name)
    return sorted({path.stem for path in paths if path.suffix == ".yml"})


def before(root: Path, revision: str, target: Path) -> None:
    """Write the entries as they were at a revision into a folder.

    Args:
        root: the root of the repository.
        revision: the revision.
        target: an empty folder.

    Raises:
        GitError: git cannot say.
    """
    commit = fork(root, revision)
    if not _git(root, "ls-tree", "--name-only", commit, FOLDER):
        (target / FOLDER / "pip").mkdir(parents=True)
        return
    data = _run(root, "archive", "--format=zip", commit, FOLDER)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(target)


def _git(root: Path, *arguments: str) -> str:
    return _run(root, *arguments).decode("utf-8", "replace")


def _run(root: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"git cannot be run: {error}"
        raise GitError(message) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-300:]
        message = f"git {arguments[0]} failed: {said}"
        raise GitError(message)
    return done.stdout
