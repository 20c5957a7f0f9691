"""Run a recipe: provoke the error, try each fix and each dead end, and say what came of it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from kb import match
from kb.lab.bench import Bench, OutsideError
from kb.lab.machine import NotAllowedError
from kb.lab.outcome import Outcome
from kb.lab.process import TIMED_OUT, StoppedError
from kb.lab.prove import Prover
from kb.wheels import UnavailableError

if TYPE_CHECKING:
    from kb.lab.bench import Laboratory
    from kb.lab.choose import Job

_TAIL = 2000
"""Characters of an output that a finding ends with."""


class Runner:
    """Runs one recipe with one pip."""

    def __init__(self, lab: Laboratory, job: Job) -> None:
        """Take what to run.

        Args:
            lab: what all recipes share.
            job: the recipe and the pip.
        """
        self.lab, self.job, self.document, self.pip = lab, job, job.document, job.pip
        self.entry, self.recipe = job.document.value, job.recipe
        self.field = f"lab.recipes.{job.number}"
        self.python = lab.python(self.recipe.python)
        release = self.python.release if self.python else self.recipe.python or ""
        self.outcome = Outcome(self.entry.id, self.recipe.id, self.pip, release)

    def run(self) -> Outcome:
        """Provoke the error, then try each fix and each dead end, each on the machine as it was.

        Returns:
            What came of it. Whatever goes wrong is a finding in it; nothing is raised.
        """
        if not self.python:
            self.outcome.skipped = f"Python {self.recipe.python} is not here"
            return self.outcome
        try:
            with Bench(self.lab, self.recipe, self.python, self.pip) as bench:
                if self._before(bench) and self._provoke(bench) and self.job.proves:
                    self._prove(bench)
        except (NotAllowedError, StoppedError) as error:
            self.outcome.skipped = str(error) or "the lab was told to stop"
            self.outcome.output = ""
        except UnavailableError as error:
            self.wrong("", error.problem, error.hint)
        except (OSError, subprocess.SubprocessError, KeyError) as error:
            self.wrong("", f"the lab could not go on: {error!r}", "mend the recipe")
        return self.outcome

    def wrong(self, field: str, problem: str, hint: str, output: str = "") -> bool:
        """Note a finding, with the end of the output; return False.

        Args:
            field: the field under the recipe; empty for the recipe itself.
            problem: what did not go as the recipe says.
            hint: what to do about it.
            output: what was printed.
        """
        said = f"; the output ends with:\n{output[-_TAIL:].rstrip()}" if output.strip() else ""
        where = f"{self.field}.{field}" if field else self.field
        self.outcome.findings.append(
            self.document.finding(where, f"{problem} (pip {self.pip}){said}", hint)
        )
        return False

    def outside(self, bench: Bench, field: str, error: OutsideError) -> bool:
        """Note that a command turned to another host; return False."""
        hint = "name the lab's own index; where no answer is the point, add the set-up no-network"
        problem = f"`{error.ran.command}` turns to {error}, outside this machine"
        return self.wrong(field, problem, hint, bench.stable(error.ran.output))

    def _before(self, bench: Bench) -> bool:
        for number, command in enumerate(self.recipe.before or ()):
            field = f"before.{number}"
            try:
                ran = bench.run(command)
            except OutsideError as error:
                return self.outside(bench, field, error)
            if ran.status:
                problem = f"`{command}` ends with status {ran.status}"
                hint = "commands that come first must succeed"
                return self.wrong(field, problem, hint, bench.stable(ran.output))
        return True

    def _provoke(self, bench: Bench) -> bool:
        """Run the recipe's command and hold the result against what it announces."""
        try:
            ran = bench.run(self.recipe.run)
        except OutsideError as error:
            return self.outside(bench, "run", error)
        output = bench.stable(ran.output)
        if ran.status == TIMED_OUT:
            problem = f"`{self.recipe.run}` did not end in {self.recipe.seconds} s"
            return self.wrong("run", problem, "mend the command, or raise `seconds`", output)
        found = [one["id"] for one in match.match(self.lab.patterns, output)]
        if ran.status != self.recipe.exit:
            problem = f"the command ends with status {ran.status}, not {self.recipe.exit}"
            hint = f"write exit: {ran.status}"
            if self.entry.id not in found:
                problem += ", and its output does not show this error"
                hint = "mend the command; what must happen first stands under before:"
            return self.wrong("exit", problem, hint, output)
        wanted = self.recipe.finds or self.entry.id
        if found[:1] != [wanted] or self.entry.id not in found:
            names = ", ".join(found) or "nothing"
            problem = f"the search finds {names} in the output, and not {wanted} first"
            if wanted in found[:1]:
                problem = f"the search finds {names} in the output, but not {self.entry.id}"
            return self.wrong("run", problem, "mend the recipe, or the entry's messages", output)
        self.outcome.output = output
        raw = match.match(self.lab.patterns, ran.output)
        self.values = {
            name: value
            for one in raw[::-1]
            if one["id"] == self.entry.id
            for name, value in one["values"].items()
        }
        return True

    def _prove(self, bench: Bench) -> None:
        """Try what the recipe tries, each time on the machine as it is after the error."""
        prover = Prover(self, bench)
        proofs = [
            (kind, name, proof)
            for kind, group in (("fixes", self.recipe.fixes), ("dead_ends", self.recipe.dead_ends))
            for name, proof in (group or {}).items()
            if not proof.not_run
        ]
        for number, (kind, name, proof) in enumerate(proofs):
            if number == 0:
                if len(proofs) > 1:
                    bench.keep()
            else:
                bench.restore()
            prover.prove(kind, name, proof)
