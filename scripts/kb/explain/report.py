"""The answer to a log: what to read first, the lines that show it, the fixes, and the rest."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

from kb.explain.github import LEVELS, annotation
from kb.explain.knowledge import Target
from kb.explain.page import INDENT, Writer
from kb.explain.screen import Screen, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.explain.knowledge import Knowledge

SHOWN = 6
"""How many lines of the log are shown."""
LONG = 160
"""How many characters of one of them are shown."""
AROUND = 40
"""How many of them may stand before the message, in a line that is too long."""
VERBOSE = ("-v", "-vv", "-vvv", "--verbose")
ROLES = {
    "cause": "another error",
    "wrapper": "only a wrapper around the cause",
    "notice": "a notice, not what went wrong",
}
LEADS = {
    "cause": "Read this first: ",
    "wrapper": "Found only a wrapper: ",
    "notice": "Found only a notice: ",
}


class Answer:
    """What was found in a log."""

    def __init__(
        self, knowledge: Knowledge, text: str, lines_before: int = 0, command: Sequence[str] = ()
    ) -> None:
        """Search a log.

        Args:
            knowledge: patterns and pages.
            text: the log.
            lines_before: how many lines were cut off before it.
            command: the command that printed it, where it is known.
        """
        self._knowledge = knowledge
        self._text = text
        self._before = lines_before
        self._command = command
        self.matches = knowledge.match(text)

    def objects(self) -> list[dict[str, Any]]:
        """Return the matches as ``--json`` prints them, best first."""
        return [
            {
                "id": found["id"],
                "confidence": found["confidence"],
                "role": found["role"],
                "lines": [[n + self._before for n in span] for span in found["lines"]],
                "values": found["values"],
                "url": self._url(found),
            }
            for found in self.matches
        ]

    def write(self, screen: Screen, system: str, program: str) -> None:
        """Write the answer.

        Args:
            screen: takes the lines.
            system: whose commands are shown.
            program: how this program is started, for the commands that name it.
        """
        if not self.matches:
            self._nothing(screen)
            return
        best = self.matches[0]
        writer = self._writer(screen, best, system)
        alone = best["role"] == "wrapper"
        screen.line(LEADS[best["role"]] + best["id"], "error")
        screen.prose(writer.fill.prose(writer.page["summary"]), INDENT)
        screen.blank()
        self._quote(screen, best)
        screen.blank()
        if alone:
            self._get_the_cause(screen, writer, program)
        else:
            writer.place()
        writer.fixes()
        writer.dead_ends()
        screen.blank()
        if len(self.matches) > 1:
            self._others(screen, system)
        screen.line("The whole page:", "title")
        screen.line(self._url(best), "address", INDENT)
        screen.line(f"Without a network: {program} {best['id']}", indent=INDENT)

    def annotations(self) -> list[str]:
        """Return a workflow command for each match that is no mere consequence."""
        first = self.matches[0]["role"] if self.matches else ""
        names = {found["id"] for found in self.matches}
        commands = []
        for place, found in enumerate(self.matches):
            page = self._knowledge.entry(found["id"])
            follows = found["role"] != "cause" or names.intersection(page.get("after", ()))
            if place and first == "cause" and follows:
                continue
            level = "notice" if found["role"] == "notice" else LEVELS[page["kind"]]
            writer = self._writer(Screen(color=False, width=80), found, "all")
            message = [writer.fill.prose(page["summary"]), *self._excerpt(found)[:1]]
            lines = "\n".join(printable(line) for line in [*message, self._url(found)])
            commands.append(annotation(level, f"pip: {found['id']}", lines))
        return commands

    def _writer(self, screen: Screen, found: dict[str, Any], system: str) -> Writer:
        target = Target("entries", found["id"])
        return Writer(self._knowledge, screen, target, system, found["values"])

    def _url(self, found: dict[str, Any]) -> str:
        return self._knowledge.url(Target("entries", found["id"]))

    def _nothing(self, screen: Screen) -> None:
        screen.line("No pip error found here.", "title")
        guesses = self._knowledge.guesses(self._text)
        if guesses:
            screen.line("Guesses, not answers; these come nearest:")
            for found in guesses:
                screen.line(f"{found['id']} ({self._where(found)})", "title", INDENT)
                screen.prose(
                    self._writer(screen, found, "all").fill.prose(
                        self._knowledge.entry(found["id"])["summary"]
                    ),
                    2 * INDENT,
                )
                screen.line(self._url(found), "address", 2 * INDENT)
        screen.line(f"All errors: {self._knowledge.pages['url']}errors/")

    def _others(self, screen: Screen, system: str) -> None:
        best = self.matches[0]["id"]
        screen.line("Also found. These matter less:", "title")
        for found in self.matches[1:]:
            page = self._knowledge.entry(found["id"])
            label = "follows from it" if best in page.get("after", ()) else ROLES[found["role"]]
            screen.line(f"{found['id']} ({self._where(found)}): {label}", indent=INDENT)
            summary = self._writer(screen, found, system).fill.prose(page["summary"])
            screen.prose(summary, 2 * INDENT)
            screen.line(self._url(found), "address", 2 * INDENT)
        screen.blank()

    def _get_the_cause(self, screen: Screen, writer: Writer, program: str) -> None:
        """Say what to run where the cause is not in the log."""
        screen.prose(
            "pip prints this around another error. That error, the cause, is not in this text, or "
            "no page knows it: look at the lines that begin with error: first. To get all of it, "
            "run the same command again with -v, and have its output read:",
            INDENT,
        )
        screen.line(f"{program} run -- {self._again(writer)}", "command", 2 * INDENT)
        causes = ", ".join(writer.page.get("after", ()))
        if causes:
            screen.prose(f"Likely causes: {causes}.", INDENT)

    def _again(self, writer: Writer) -> str:
        """Return the command that shows the cause."""
        if self._command:
            words = list(self._command)
            words += [] if {*VERBOSE}.intersection(words) or "--" in words else ["-v"]
            joined = subprocess.list2cmdline(words) if os.name == "nt" else _quoted(words)
            return printable(joined)
        types = {writer.fill.kind(name): name for name in writer.fill.values}
        name = types.get("requirement") or types.get("package") or "requirement"
        return writer.fill.command(f'python -m pip install -v "{{{name}}}"')

    def _where(self, found: dict[str, Any]) -> str:
        shown = [
            f"{first}-{last}" if last > first else str(first)
            for first, last in ([n + self._before for n in span] for span in found["lines"])
        ]
        plural = len(shown) > 1 or "-" in shown[0]
        return ("lines " if plural else "line ") + ", ".join(shown[:SHOWN])

    def _quote(self, screen: Screen, found: dict[str, Any]) -> None:
        """Write the lines of the log that show a match."""
        screen.line("Shown by " + self._where(found), indent=INDENT)
        for line in self._excerpt(found):
            screen.line(line, "quote", INDENT)

    def _excerpt(self, found: dict[str, Any]) -> list[str]:
        lines = self._text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        numbers = [n for first, last in found["lines"] for n in range(first, last + 1)]
        literals = self._knowledge.literals(found["id"], found["wording"])
        width = len(str(numbers[-1] + self._before))
        shown = [
            f"{n + self._before:>{width}} | {_cut(lines[n - 1], literals)}" for n in numbers[:SHOWN]
        ]
        more = len(numbers) - len(shown)
        return [*shown, f"{'':>{width}} | \u2026 {more} more"] if more else shown


def _cut(line: str, literals: list[str]) -> str:
    """Return what is shown of a line: where it is long, the part with the message."""
    start = 0
    if len(line) > LONG:
        places = (line.find(literal) for literal in literals if literal)
        start = max(0, next((at for at in places if at >= 0), 0) - AROUND)
    shown = printable(line[start : start + LONG]).rstrip()
    return ("\u2026" if start else "") + shown + ("\u2026" if start + LONG < len(line) else "")


def _quoted(words: list[str]) -> str:
    return " ".join(map(shlex.quote, words))
