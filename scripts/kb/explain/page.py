"""A page in the terminal, like a man page, and the steps that pages and answers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.explain.knowledge import Target
from kb.explain.values import Filler

if TYPE_CHECKING:
    from kb.explain.knowledge import Knowledge
    from kb.explain.screen import Screen

INDENT = 4
NAMED = 4
"""How many of the errors that one can follow from are named."""
SYSTEMS = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
SHELLS = {"sh": "sh", "powershell": "PowerShell", "cmd": "cmd"}
IGNORABLE = {"yes": "Yes.", "no": "No.", "for-now": "For now.", "depends": "It depends."}
ASK = {
    "package": "the people who make the package",
    "index": "the people who run the package index",
    "distributor": "the distributor of your Python or system",
    "network": "the people who run your network",
    "pip": "the pip project",
}


class Writer:
    """Writes one page, or parts of it, with the values out of a log."""

    def __init__(
        self,
        knowledge: Knowledge,
        screen: Screen,
        target: Target,
        system: str,
        values: dict[str, str],
    ) -> None:
        """Write a page.

        Args:
            knowledge: all pages.
            screen: takes the lines.
            target: the page.
            system: whose commands are shown: a key of `SYSTEMS`, or "all".
            values: values of placeholders.
        """
        self.page: dict[str, Any] = knowledge.pages[target.group][target.id]
        self.fill = Filler(values, self.page.get("types", {}), knowledge.pages["types"])
        self._knowledge = knowledge
        self._screen = screen
        self._target = target
        self._system = system

    def manual(self) -> None:
        """Write the whole page."""
        screen, page = self._screen, self.page
        self._section("Name")
        screen.prose(self.fill.prose(page["summary"]), INDENT, f"{self._target.id} - ")
        if self._target.group == "entries":
            self._entry()
        else:
            self._procedure()
        self._section("See also")
        screen.line(self._knowledge.url(self._target), "address", INDENT)

    def _entry(self) -> None:
        screen, page = self._screen, self.page
        names = ", ".join([*page.get("slugs", ()), *page.get("aliases", ())])
        if names:
            self._section("Also known as")
            screen.prose(names, INDENT)
        self._section("Messages")
        for text in self._knowledge.headlines(self._target.id):
            screen.prose(text, INDENT, style="quote")
        if "worded_by" in page:
            part = "Some are worded" if page.get("partly") else "Worded"
            screen.prose(f"{part} by {page['worded_by']}, not by pip.", INDENT)
        if "after" in page or "role" in page:
            screen.blank()
            self.place()
        self._text("What it means", page.get("meaning"))
        if "ignore" in page:
            until = page["ignore"].get("until")
            answer = IGNORABLE[page["ignore"]["answer"]] + (f" Until pip {until}." if until else "")
            self._text("Can it be ignored?", f"{answer} {page['ignore']['text']}")
        self._section("Fixes")
        self.fixes()
        for field, title in (("dead_ends", "What does not work"), ("causes", "Why it happens")):
            self._titled(title, page.get(field, ()))
        if "verification" in page:
            self._section("How to verify")
            self.steps(page["verification"], INDENT)
        if "triage" in page:
            self._section("Which cause is it?")
            self.steps(page["triage"], INDENT, "What it tells")
        if "background" in page:
            self._text(page["background"]["title"], page["background"]["text"])
        self._text("Prevention", "\n".join(f"- {line}" for line in page.get("prevention", ())))
        self._nothing_helped()
        self._text("Related errors", ", ".join(page.get("related", ())))

    def _nothing_helped(self) -> None:
        if "nothing_helped" in self.page:
            last = self.page["nothing_helped"]
            self._section("When nothing helped")
            self.steps(last["collect"], INDENT)
            people = ", ".join(ASK[audience] for audience in last["ask"])
            self._screen.prose(f"Then ask {people}.", INDENT)
            self._screen.prose(self.fill.prose(last["text"]), INDENT)

    def _procedure(self) -> None:
        screen, page = self._screen, self.page
        self._text("Before", page.get("intro"))
        for variant in page["variants"]:
            systems = variant.get("platforms")
            if not systems or self._system == "all" or self._system in systems:
                self._section(self.fill.prose(variant["title"]))
                self.steps(variant["steps"], INDENT)
        if "risks" in page:
            self._text("Risks", page["risks"])
        screen.blank()

    def place(self) -> None:
        """Say what a wrapper, or what merely follows, follows from."""
        after = self.page.get("after", ())
        causes = ", ".join(after[:NAMED])
        if len(after) > NAMED:
            causes += f" or {len(after) - NAMED} others"
        if self.page.get("role") == "wrapper":
            text = "This is a wrapper. pip prints it around another error, the cause."
            self._screen.prose(text + (f" For example: {causes}." if causes else ""), INDENT)
        elif causes:
            text = f"It can follow from {causes}. If your output has that too, read that first."
            self._screen.prose(text, INDENT)

    def fixes(self) -> None:
        """Write all fixes, the one for the commonest cause first."""
        fixes = self.page.get("fixes", ())
        if not fixes:
            self._screen.prose("This page is a stub: it has no fixes yet.", INDENT)
        for number, fix in enumerate(fixes, 1):
            self._screen.blank()
            lead = "First fix: " if number == 1 and len(fixes) > 1 else "Fix: "
            self._screen.prose(self.fill.prose(fix["title"]), INDENT, lead, "title")
            self._labelled("When", fix.get("when"), INDENT)
            self.steps(fix["steps"], INDENT)
            for field, label in (("changes", "Changes"), ("risks", "Risks"), ("undo", "Undo")):
                self._labelled(label, fix.get(field), INDENT)

    def dead_ends(self) -> None:
        """Name what does not work, without the reasons."""
        if self.page.get("dead_ends"):
            self._screen.blank()
            self._screen.line("What does not work:", "title", INDENT)
            for item in self.page["dead_ends"]:
                self._screen.prose(self.fill.prose(f"- {item['title']}"), INDENT)

    def steps(self, steps: list[dict[str, Any]], indent: int, says: str = "You should see") -> None:
        """Write steps, with the commands of one system only.

        Args:
            steps: the steps.
            indent: columns before each line.
            says: what stands before the result of a step.
        """
        for number, step in enumerate(steps, 1):
            lead = f"{number}. " if len(steps) > 1 else ""
            inner = indent + len(lead)
            if "text" in step:
                self._screen.prose(self.fill.prose(step["text"]), indent, lead)
                lead = ""
            if "procedure" in step:
                found = self._knowledge.pages["procedures"].get(step["procedure"], {})
                title = self.fill.prose(found.get("title", step["procedure"]))
                text = f"{title}: give the name {step['procedure']} here, or see"
                self._screen.prose(text, indent if lead else inner, lead)
                lead = ""
                url = self._knowledge.url(Target("procedures", step["procedure"]))
                self._screen.line(url, "address", inner)
            if lead and not step.get("text"):
                self._screen.line(lead.rstrip(), indent=indent)
            for file in step.get("files", ()):
                self._screen.line(f"{file['name']}:", indent=inner)
                self._screen.block(self.fill.file(file["text"]), "command", inner + INDENT)
            self._commands(step.get("commands", ()), inner)
            self._labelled(says, step.get("expect"), inner)

    def _commands(self, commands: list[dict[str, Any]], indent: int) -> None:
        hidden: list[str] = []
        for command in commands:
            systems = command.get("os", [])
            if not self._shown(command):
                hidden += [system for system in systems if system not in hidden]
                continue
            words = [", ".join(SYSTEMS[name] for name in systems)] if self._system == "all" else []
            words += [SHELLS[command["shell"]]] if command.get("shell", "sh") != "sh" else []
            if "needs_pip" in command:
                words.append(f"pip {command['needs_pip']} or newer")
            if any(words):
                self._screen.line(f"({', '.join(filter(None, words))})", indent=indent + INDENT)
            text = self.fill.command(command["text"])
            self._screen.block(text, "command", indent + INDENT)
        if hidden and not any(map(self._shown, commands)):
            names = ", ".join(SYSTEMS[system] for system in hidden)
            text = f"(a command for {names}: add --os {hidden[0]})"
            self._screen.line(text, indent=indent + INDENT)

    def _shown(self, command: dict[str, Any]) -> bool:
        return self._system in ("all", *command.get("os", (self._system,)))

    def _titled(self, title: str, items: list[dict[str, Any]]) -> None:
        if items:
            self._section(title)
        for item in items:
            self._screen.blank()
            self._screen.prose(self.fill.prose(item["title"]), INDENT, style="title")
            self._screen.prose(self.fill.prose(item["text"]), 2 * INDENT)
            for command in item.get("commands", ()):
                if self._shown(command):
                    self._screen.line("Do not use:", indent=2 * INDENT)
                    self._screen.block(self.fill.command(command["text"]), indent=3 * INDENT)

    def _labelled(self, label: str, text: str | None, indent: int) -> None:
        if text:
            self._screen.prose(self.fill.prose(text), indent, f"{label}: ")

    def _text(self, title: str, text: str | None) -> None:
        if text:
            self._section(self.fill.prose(title))
            self._screen.prose(self.fill.prose(text), INDENT)

    def _section(self, title: str) -> None:
        self._screen.blank()
        self._screen.line(title.upper(), "title")
