"""Run a recipe: provoke the error, try each fix and each dead end, and say what came of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from kb import match
from kb.lab.box import Box, NotAllowedError
from kb.lab.dists import build
from kb.lab.server import Index
from kb.lab.transcript import stable
from kb.model import Platform
from kb.prose import template_text
from kb.recipe import Proof, Setup
from kb.wheels import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.findings import Finding
    from kb.lab.box import Ran
    from kb.lab.machine import Machine
    from kb.lab.pips import Pips, Python
    from kb.load import Document
    from kb.model import Command, Entry, Step
    from kb.recipe import Recipe

_TOKEN = re.compile(r"@(index|port|host|sha256:[^@\s]+)@")
_TAIL = 2000
_SELF_SIGNED = (
    *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
    *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
)
_OUTSIDE = re.compile(
    r"https?://(?!127\.0\.0\.1|localhost|index\.example\.org|proxy\.example\.org)"
)


@dataclass
class Outcome:
    """What came of one recipe with one pip.

    Attributes:
        entry: id of the entry.
        recipe: id of the recipe.
        pip: release of pip.
        python: release of Python.
        output: what pip printed, made stable; empty if it was not run.
        fixes: each fix that was tried, and whether the error was gone.
        dead_ends: each dead end that was tried, and whether the error came again.
        skipped: why the recipe was not run on this machine; empty if it was.
        findings: what did not go as the recipe says.
    """

    entry: str
    recipe: str
    pip: str
    python: str
    output: str = ""
    fixes: dict[str, bool] = field(default_factory=dict)
    dead_ends: dict[str, bool] = field(default_factory=dict)
    skipped: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Laboratory:
    """What all recipes of a run share."""

    machine: Machine
    pips: Pips
    pythons: list[Python]
    patterns: dict[str, Any]

    def python(self, wanted: str | None) -> Python | None:
        """Return the interpreter that a recipe wants, or the best one; None if it is not here."""
        for python in self.pythons:
            if wanted in (None, python.minor, python.release):
                return python
        return None


class _Bench:
    """One box with its index, ready for the recipe's command."""

    def __init__(self, lab: Laboratory, recipe: Recipe, python: Python, pip: str) -> None:
        self.lab, self.recipe, self.python, self.pip = lab, recipe, python, pip
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        setup = self.recipe.setup or ()
        with ExitStack() as stack:
            self.box = stack.enter_context(
                Box(self.lab.machine, self.lab.pips, self.python, self.pip, setup)
            )
            files = [(dist, build(dist)) for dist in self.recipe.index or ()]
            self.sha256 = {file.name: file.sha256 for _, built in files for file in built}
            certificate = self._certificate() if Setup.HTTPS_INDEX in setup else None
            self.index = stack.enter_context(
                Index(files, dict(self.recipe.server or {}), certificate)
            )
            self.write(self.recipe.files or {})
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def _certificate(self) -> Path:
        """Make a certificate that nobody has signed but itself."""
        path = self.box.root / "certificate.pem"
        openssl = shutil.which("openssl")
        if not openssl:
            reason = "openssl is not installed"
            raise NotAllowedError(reason)
        subprocess.run(
            [openssl, *_SELF_SIGNED, "-keyout", path, "-out", path],
            check=True,
            capture_output=True,
            timeout=60,
        )
        path.chmod(0o644)
        return path

    @property
    def origin(self) -> str:
        """The address of the index, without a path."""
        setup = self.recipe.setup or ()
        tls = {Setup.HTTPS_INDEX, Setup.HTTPS_ON_HTTP} & set(setup)
        return f"{'https' if tls else 'http'}://127.0.0.1:{self.index.port}"

    def filled(self, text: str) -> str:
        """Put the run's own address and hashes in place of @index@, @sha256:FILE@ and so on."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("sha256:"):
                return self.sha256[name.removeprefix("sha256:")]
            return {
                "index": f"{self.origin}/simple",
                "port": str(self.index.port),
                "host": f"127.0.0.1:{self.index.port}",
            }[name]

        return _TOKEN.sub(value, text)

    def write(self, files: dict[str, str]) -> None:
        """Write files into the project's folder, as the user whom commands run as."""
        if not files:
            return
        for name, text in files.items():
            path = self.box.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.filled(text), encoding="utf-8")
        self.box.own(self.box.project)

    def run(self, command: str) -> Ran:
        """Run a command against this index."""
        setup = self.recipe.setup or ()
        env = {} if Setup.NO_INDEX in setup else {"PIP_INDEX_URL": f"{self.origin}/simple"}
        if Setup.REFUSING_PROXY in setup:
            proxy = f"http://127.0.0.1:{self.index.port}"
            env |= {"https_proxy": proxy, "PIP_INDEX_URL": "https://index.example.org/simple"}
        env |= {name: self.filled(value) for name, value in (self.recipe.env or {}).items()}
        return self.box.run(self.filled(command), env, self.recipe.seconds)

    def stable(self, output: str) -> str:
        """Return an output as it would stand on a person's machine."""
        return stable(output, self.box.root, self.index.port)


class Runner:
    """Runs one recipe with one pip."""

    def __init__(self, lab: Laboratory, document: Document[Entry], number: int, pip: str) -> None:
        """Take what to run.

        Args:
            lab: what all recipes share.
            document: the entry.
            number: which of its recipes, counted from 0.
            pip: release of pip.
        """
        entry = document.value
        if not entry.lab or not entry.lab.recipes:
            message = f"{entry.id} has no recipe"
            raise ValueError(message)
        self.lab, self.document, self.entry, self.pip = lab, document, entry, pip
        self.recipe = entry.lab.recipes[number]
        self.field = f"lab.recipes.{number}"
        self.values: dict[str, str] = {}
        python = lab.python(self.recipe.python)
        self.outcome = Outcome(
            entry.id, self.recipe.id, pip, python.release if python else self.recipe.python or ""
        )
        self.python = python

    def run(self) -> Outcome:
        """Provoke the error, then try each fix and each dead end, each on a fresh machine."""
        if not self.python:
            self.outcome.skipped = f"Python {self.recipe.python} is not here"
            return self.outcome
        try:
            if self._provoke():
                for name, proof in (self.recipe.fixes or {}).items():
                    self._prove("fixes", name, proof)
                for name, proof in (self.recipe.dead_ends or {}).items():
                    self._prove("dead_ends", name, proof)
        except NotAllowedError as error:
            self.outcome.skipped = str(error)
        except (OSError, subprocess.SubprocessError, UnavailableError) as error:
            self._wrong("", f"the lab could not go on: {error}", "mend the recipe")
        return self.outcome

    def _bench(self) -> _Bench:
        assert self.python  # noqa: S101 - run() has seen to it
        return _Bench(self.lab, self.recipe, self.python, self.pip)

    def _wrong(self, field: str, problem: str, hint: str, output: str = "") -> bool:
        """Note a finding, with the end of the output; return False."""
        said = f"; the output ends with:\n{output[-_TAIL:].rstrip()}" if output else ""
        where = f"{self.field}.{field}" if field else self.field
        self.outcome.findings.append(
            self.document.finding(where, f"{problem} (pip {self.pip}){said}", hint)
        )
        return False

    def _before(self, bench: _Bench) -> bool:
        for command in self.recipe.before or ():
            ran = bench.run(command)
            if ran.status:
                return self._wrong(
                    "before",
                    f"`{command}` ends with status {ran.status}",
                    "commands that come first must succeed",
                    bench.stable(ran.output),
                )
        return True

    def _provoke(self) -> bool:
        """Run the recipe's command and hold the result against what it announces."""
        with self._bench() as bench:
            if not self._before(bench):
                return False
            ran = bench.run(self.recipe.run)
            output = bench.stable(ran.output)
        if ran.status == 124:  # noqa: PLR2004 - as timeout(1) has it
            return self._wrong(
                "run", f"did not end in {self.recipe.seconds} s", "raise `seconds`", output
            )
        if ran.status != self.recipe.exit:
            return self._wrong(
                "exit",
                f"the command ends with status {ran.status}, not {self.recipe.exit}",
                f"write exit: {ran.status} if the error is the right one",
                output,
            )
        found = match.match(self.lab.patterns, output)
        first = found[0]["id"] if found else "nothing"
        if first != self.entry.id:
            return self._wrong(
                "run",
                f"the search finds {first} first in the output, not {self.entry.id}",
                "mend the recipe, or the messages of the entry",
                output,
            )
        self.outcome.output = output
        self.values = dict(found[0]["values"])
        return True

    def _prove(self, kind: str, name: str, proof: Proof) -> None:
        """Try a fix or a dead end after the error has come."""
        if proof.not_run:
            return
        results = getattr(self.outcome, kind)
        field = f"{kind}.{name}"
        shown = {item.id: item for item in getattr(self.entry, kind) or ()}
        results[name] = False
        if name not in shown:
            known = ", ".join(shown)
            self._wrong(field, f"the entry has no {name!r} among its {kind}", f"known: {known}")
            return
        try:
            commands = list(proof.run or self._commands(shown[name], proof))
        except KeyError as error:
            hint = f"give it under values, or write run: for this {kind[:-1]}"
            self._wrong(field, f"no value is known for {error}", hint)
            return
        with self._bench() as bench:
            if not self._before(bench):
                return
            bench.run(self.recipe.run)
            bench.write(dict(proof.files or {}))
            results[name] = (
                self._cures(bench, field, commands, proof)
                if kind == "fixes"
                else self._fails(bench, field, commands, proof)
            )

    def _cures(self, bench: _Bench, field: str, commands: list[str], proof: Proof) -> bool:
        """Run a fix; the error must be gone and the entry's own verification must pass."""
        for command in commands:
            ran = bench.run(command)
            if ran.status:
                return self._wrong(
                    field,
                    f"`{command}` ends with status {ran.status}",
                    "mend the fix, or write not_run with a reason",
                    bench.stable(ran.output),
                )
        last = bench.run(proof.then or self.recipe.run)
        if last.status or self._is_there(bench, last):
            return self._wrong(
                field,
                f"after the fix, `{last.command}` ends with status {last.status}",
                "a fix must make the error go away",
                bench.stable(last.output),
            )
        for command in self._checks(proof):
            ran = bench.run(command)
            if ran.status:
                return self._wrong(
                    field,
                    f"the verification `{command}` ends with status {ran.status} after the fix",
                    "mend the verification or the fix",
                    bench.stable(ran.output),
                )
        return True

    def _checks(self, proof: Proof) -> list[str]:
        """Return the commands of the entry's verification for Linux that can be filled in."""
        if proof.verify:
            return list(proof.verify)
        values = self.values | dict(proof.values or {})
        checks: list[str] = []
        for step in self.entry.verification or ():
            for command in _linux(step):
                with suppress(KeyError):
                    checks.append(_fill(command.text, values))
        return checks

    def _fails(self, bench: _Bench, field: str, commands: list[str], proof: Proof) -> bool:
        """Run a dead end; the error must come again, from it or after it."""
        ran = [bench.run(command) for command in commands]
        if proof.then or not any(self._is_there(bench, one) for one in ran):
            ran.append(bench.run(proof.then or self.recipe.run))
        if any(self._is_there(bench, one) for one in ran):
            return True
        return self._wrong(
            field,
            "the error does not come again",
            "a dead end must leave the error; if it helps, it is a fix",
            bench.stable(ran[-1].output),
        )

    def _is_there(self, bench: _Bench, ran: Ran) -> bool:
        found = match.match(self.lab.patterns, bench.stable(ran.output))
        return any(one["id"] == self.entry.id for one in found)

    def _commands(self, item: Any, proof: Proof) -> Iterator[str]:  # noqa: ANN401 - Fix or DeadEnd
        """Yield the commands for Linux that the page shows, with the values filled in."""
        values = self.values | dict(proof.values or {})
        steps = getattr(item, "steps", None)
        shown = [command for step in steps for command in _linux(step)] if steps else item.commands
        for command in shown or ():
            if Platform.LINUX in command.os:
                yield _fill(command.text, values)


def _linux(step: Step) -> list[Command]:
    return [command for command in step.commands or () if Platform.LINUX in command.os]


def _fill(text: str, values: dict[str, str]) -> str:
    """Return a command with its placeholders filled in.

    Raises:
        KeyError: no value is known for one.
    """
    return template_text(text, fill=lambda name: values[name])
