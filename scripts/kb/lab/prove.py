"""Try one fix or one dead end after the error has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import match
from kb.lab.bench import OutsideError
from kb.lab.process import TIMED_OUT
from kb.proofs import commands_of, linux_commands
from kb.prose import template_text

if TYPE_CHECKING:
    from kb.lab.bench import Bench
    from kb.lab.process import Ran
    from kb.lab.runner import Runner
    from kb.recipe import Proof


class Prover:
    """Tries the fixes and dead ends of one run."""

    def __init__(self, run: Runner, bench: Bench) -> None:
        """Take the run whose outcome is written, and its bench."""
        self.run, self.bench = run, bench
        self.recipe, self.entry = run.recipe, run.entry

    def prove(self, kind: str, name: str, proof: Proof) -> None:
        """Try a fix or a dead end, and write into the outcome whether it did what it should.

        Args:
            kind: ``fixes`` or ``dead_ends``.
            name: its id.
            proof: how it is tried.
        """
        results = getattr(self.run.outcome, kind)
        results[name] = False
        field = f"{kind}.{name}"
        items = {item.id: item for item in getattr(self.entry, kind) or ()}
        if name not in items:
            known = ", ".join(items) or "none"
            self.run.wrong(field, f"the entry has no `{name}` under {kind}", f"known: {known}")
            return
        values = {
            key: self.bench.filled(value)
            for key, value in {**self.run.values, **(proof.values or {})}.items()
        }
        try:
            written = commands_of(items[name])
            if proof.only:
                written = [written[number - 1] for number in proof.only]
            commands = list(proof.run or [_fill(text, values) for text in written])
            checks = self._checks(kind, proof, values)
        except KeyError as error:
            hint = "give it under values, or write run: or verify:"
            self.run.wrong(field, f"no value is known for {error}", hint)
            return
        except IndexError:
            count = len(commands_of(items[name]))
            hint = "count the page's commands for Linux from 1"
            self.run.wrong(f"{field}.only", f"the page shows {count} commands for Linux", hint)
            return
        self.bench.write(dict(proof.files or {}))
        try:
            done = self._cures if kind == "fixes" and not proof.shows else self._fails
            results[name] = done(field, commands, proof, checks)
        except OutsideError as error:
            self.run.outside(self.bench, field, error)

    def _checks(self, kind: str, proof: Proof, values: dict[str, str]) -> list[str]:
        """Return the commands of the entry's verification for Linux, filled in.

        Raises:
            KeyError: no value is known for a placeholder.
        """
        if kind == "dead_ends" or proof.shows:
            return []
        if proof.verify:
            return list(proof.verify)
        return [_fill(text, values) for text in linux_commands(self.entry.verification or ())]

    def _cures(self, field: str, commands: list[str], proof: Proof, checks: list[str]) -> bool:
        """Run a fix; the error must be gone and the entry's own verification must pass.

        A command that the fix ends with, or that the verification runs, is not run twice.
        """
        ran = None
        for command in commands:
            ran = self.bench.run(command)
            if ran.status:
                hint = "mend the fix; `only:` picks commands of the page, `run:` replaces them, "
                hint += "and `not_run:` says why it is not tried"
                return self._ended(field, ran, hint)
        if ran and not self._is_gone(field, ran):
            return False
        then = self.bench.filled(proof.then or self.recipe.run)
        once = {self.bench.filled(command) for command in (*commands[-1:], *checks)}
        if then not in once and not self._is_gone(field, self.bench.run(then)):
            return False
        for command in checks:
            ran = self.bench.run(command)
            if ran.status or self._is_there(ran, self.entry.id):
                hint = "mend the verification or the fix"
                return self._ended(field, ran, hint, "after the fix, the verification ")
        return True

    def _is_gone(self, field: str, last: Ran) -> bool:
        hint = "a fix must make the error go away; if it is another command than the one that"
        hint += " failed, `then:` says what must succeed after it"
        if self._is_there(last, self.entry.id):
            problem = f"after the fix, `{last.command}` shows the error again"
            return self._wrong(field, problem, hint, last)
        return not last.status or self._ended(field, last, hint, "after the fix, ")

    def _fails(self, field: str, commands: list[str], proof: Proof, _: list[str]) -> bool:
        """Run a dead end; the error, or what it leads to, must come from it or after it."""
        wanted = proof.shows or self.entry.id
        ran = [self.bench.run(command) for command in commands]
        if proof.then or not any(self._is_there(one, wanted) for one in ran):
            ran.append(self.bench.run(proof.then or self.recipe.run))
        if any(self._is_there(one, wanted) for one in ran):
            return True
        problem = f"{wanted} does not come" if proof.shows else "the error does not come again"
        hint = "a dead end must leave the error; if it helps, it is a fix"
        hint = "mend it, or `shows`" if proof.shows else hint
        return self._wrong(field, problem, hint, ran[-1])

    def _is_there(self, ran: Ran, entry_id: str) -> bool:
        found = match.match(self.run.lab.patterns, self.bench.stable(ran.output))
        return any(one["id"] == entry_id for one in found)

    def _ended(self, field: str, ran: Ran, hint: str, when: str = "") -> bool:
        how = f"ends with status {ran.status}"
        if ran.status == TIMED_OUT:
            how, hint = f"did not end in {self.recipe.seconds} s", "raise `seconds`, or mend it"
        return self._wrong(field, f"{when}`{ran.command}` {how}", hint, ran)

    def _wrong(self, field: str, problem: str, hint: str, ran: Ran) -> bool:
        return self.run.wrong(field, problem, hint, self.bench.stable(ran.output))


def _fill(text: str, values: dict[str, str]) -> str:
    """Return a command with its placeholders filled in.

    Raises:
        KeyError: no value is known for one.
    """
    return template_text(text, fill=lambda name: values[name])
