"""A bench: one box with its index, certificates and files, in which a recipe's commands run."""

from __future__ import annotations

import re
import socket
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from kb.lab.box import Box
from kb.lab.dists import build, released
from kb.lab.machine import NotAllowedError
from kb.lab.process import TIMED_OUT, Processes
from kb.lab.server import Index, Served
from kb.lab.transcript import stable
from kb.proofs import FILES, INDEX, PROXY
from kb.recipe import Setup
from kb.wheels import Pin

if TYPE_CHECKING:
    from kb.lab.certificates import Certificates
    from kb.lab.machine import Machine
    from kb.lab.pips import Pips, Python
    from kb.lab.process import Ran
    from kb.recipe import Recipe

_TOKEN = re.compile(r"@(index(?::[a-z0-9-]+)?|port|host|closed|proxy|repository|sha256:[^@\s]+)@")
_TLS = (
    Setup.HTTPS_INDEX,
    Setup.PRIVATE_CA,
    Setup.CHAIN_MISSING,
    Setup.OTHER_HOST_CERTIFICATE,
    Setup.EXPIRED_CERTIFICATE,
)
_COMMIT = """\
mkdir -p ~/repositories/demo/demo && cd ~/repositories/demo && git init -q -b main
echo '__version__ = "1.0"' > demo/__init__.py
cat > setup.py <<'END'
from setuptools import setup

setup(name="demo", version="1.0", packages=["demo"])
END
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.org GIT_AUTHOR_DATE=2024-01-01T00:00:00Z
export GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.org
export GIT_COMMITTER_DATE=2024-01-01T00:00:00Z
git add . && git commit -q -m "Release 1.0" && git tag v1.0
"""


class OutsideError(Exception):
    """A command turned to another host than this machine.

    Attributes:
        hosts: which.
        ran: the command.
    """

    def __init__(self, hosts: list[str], ran: Ran) -> None:
        super().__init__(", ".join(hosts))
        self.hosts, self.ran = hosts, ran


@dataclass(frozen=True)
class Laboratory:
    """What all recipes of a run share."""

    machine: Machine
    pips: Pips
    pythons: list[Python]
    patterns: dict[str, Any]
    certificates: Certificates
    processes: Processes = field(default_factory=Processes)

    def python(self, wanted: str | None) -> Python | None:
        """Return the interpreter that a recipe wants, or the best one; None if it is not here."""
        for python in self.pythons:
            if wanted in (None, python.minor, python.release):
                return python
        return None


class Bench:
    """One box with its index, ready for the recipe's command."""

    def __init__(self, lab: Laboratory, recipe: Recipe, python: Python, pip: str) -> None:
        """Take what to build.

        Args:
            lab: what all recipes share.
            recipe: what the box, the index and the files are to be.
            python: the interpreter.
            pip: release of pip.
        """
        self.lab, self.recipe, self.python, self.pip = lab, recipe, python, pip
        self.setup = frozenset(recipe.setup or ())
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        """Make the box, start the index, write the files.

        Raises:
            NotAllowedError: this machine does not allow a set-up.
            UnavailableError: a real wheel cannot be fetched.
        """
        recipe, lab = self.recipe, self.lab
        with ExitStack() as stack:
            box = Box(
                lab.machine,
                lab.pips,
                lab.processes,
                python=self.python,
                pip=self.pip,
                setup=recipe.setup or (),
            )
            self.box = stack.enter_context(box)
            tls = next((setup for setup in _TLS if setup in self.setup), None)
            certificate = lab.certificates.get(tls) if tls else None
            for name, data in (certificate.files if certificate else {}).items():
                self.box.write(name, data)
            self.index = stack.enter_context(
                Index(
                    self._releases(),
                    dict(recipe.server or {}),
                    once=dict(recipe.once or {}),
                    certificate=certificate.server if certificate else None,
                )
            )
            self.closed = stack.enter_context(socket.socket())
            self.closed.bind(("127.0.0.1", 0))
            self.index.pages = {
                path: self.filled(text) for path, text in (recipe.pages or {}).items()
            }
            if Setup.GIT_REPOSITORY in self.setup:
                made = self.box.run(_COMMIT, {}, recipe.seconds)
                if made.status:
                    raise NotAllowedError("git is not installed")
            self.write(recipe.files or {})
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the index and remove the box."""
        self.stack.close()

    def _releases(self) -> list[Served]:
        """Build what the index serves, and put into folders what stands there."""
        served: list[Served] = []
        self.sha256: dict[str, str] = {}
        for dist in self.recipe.index or ():
            files = build(dist)
            self.sha256 = {file.name: file.sha256 for file in files} | self.sha256
            if dist.folder:
                for file in files:
                    self.box.write(f"{dist.folder}/{file.name}", file.data)
                continue
            row = Served(dist.name, files, dist.on, dist.requires_python, dist.yanked, dist.hash)
            served.append(row)
        for text in self.recipe.releases or ():
            project, _, release = text.partition("==")
            pin = Pin(project, release)
            served.append(Served(project, [released(self.lab.pips.wheels.load(pin))]))
            self.lab.pips.know(self.python, pin)
        return served

    @property
    def origin(self) -> str:
        """The address of the index, without a path."""
        if self.setup & {*_TLS, Setup.HTTPS_ON_HTTP}:
            return f"https://localhost:{self.index.port}"
        return f"http://127.0.0.1:{self.index.port}"

    def filled(self, text: str) -> str:
        """Put the run's own address and hashes in place of @index@, @sha256:FILE@ and so on."""
        values = {
            "port": str(self.index.port),
            "host": self.origin.rpartition("/")[2],
            "closed": f"http://127.0.0.1:{self.closed.getsockname()[1]}",
            "proxy": f"http://127.0.0.1:{self.index.port}",
            "repository": f"file://{self.box.home}/repositories/demo",
        }

        def value(found: re.Match[str]) -> str:
            name, _, argument = found[1].partition(":")
            if name == "sha256":
                return self.sha256[argument]
            if name == "index":
                return f"{self.origin}/{argument or 'simple'}"
            return values[name]

        return _TOKEN.sub(value, text)

    def write(self, files: dict[str, str]) -> None:
        """Write files into the project's folder, as the user whom commands run as."""
        for name, text in files.items():
            self.box.write(name, self.filled(text).encode())

    def keep(self) -> None:
        """Remember the box and the index as they are now."""
        self._once = dict(self.index.once)
        self.box.keep()

    def restore(self) -> None:
        """Put the box and the index back to what they were when they were kept."""
        self.index.once = dict(self._once)
        self.box.restore()

    def run(self, command: str) -> Ran:
        """Run a command against this index.

        Raises:
            OutsideError: it turned to another host.
            StoppedError: the lab was told to stop.
        """
        env = {} if Setup.NO_INDEX in self.setup else {"PIP_INDEX_URL": f"{self.origin}/simple"}
        if Setup.REFUSING_PROXY in self.setup:
            proxy = f"http://127.0.0.1:{self.index.port}"
            env |= {"https_proxy": proxy, "PIP_INDEX_URL": "https://index.example.org/simple"}
        env |= {name: self.filled(value) for name, value in (self.recipe.env or {}).items()}
        ran = self.box.run(self.filled(command), env, self.recipe.seconds)
        hosts = self.box.watch.hosts(reserved=Setup.NO_NETWORK in self.setup)
        if hosts and ran.status != TIMED_OUT:
            raise OutsideError(hosts, ran)
        return ran

    def stable(self, output: str) -> str:
        """Return an output as it would stand on a person's machine."""
        name = PROXY if Setup.REFUSING_PROXY in self.setup else INDEX
        own, closed = self.index.port, self.closed.getsockname()[1]
        hosts = {
            f"localhost:{own}": name,
            f"127.0.0.1:{own}": FILES if self.setup & {*_TLS} else name,
            f"127.0.0.1:{closed}": INDEX,
        }
        return stable(output, self.box.root, hosts)
