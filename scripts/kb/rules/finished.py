"""What a page must have; a finished one more than a stub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.findings import Finding
from kb.model import Kind, Role, Status
from kb.rules.texts import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.load import Document
    from kb.model import Entry
    from kb.rules.texts import Readable, TextAt

SECTIONS = {
    "meaning": "say what it means",
    "causes": "say why it happens, the commonest cause first",
    "fixes": "say what to do, the fix for the commonest cause first",
    "verification": "say how to see that it is mended",
    "nothing_helped": "say what to collect and whom to ask",
}
"""What a finished page cannot do without."""


def somebody_words_it(document: Document[Entry]) -> Iterator[Finding]:
    """The place that prints the text is named: a source, or the other program."""
    entry = document.value
    if not entry.sources and not entry.worded_by:
        problem = "nothing says where the text comes from"
        yield document.finding("", problem, "add `sources`, or `worded_by` where it is not pip")


def finished_pages_are_whole(document: Document[Entry]) -> Iterator[Finding]:
    """A finished page has all that a person needs, and shows the code that prints the error."""
    entry = document.value
    if entry.status is not Status.FINISHED:
        return
    missing = {
        section: (f"a finished page has `{section}`", f"{hint}, or write `status: stub`")
        for section, hint in SECTIONS.items()
        if getattr(entry, section) is None
    }
    if not entry.examples and not entry.lab:
        hint = "add an example that was really printed, or say under `lab` why there is none"
        missing["examples"] = ("a finished page has an example", hint)
    if not entry.worded_by and not any(source.quote for source in entry.sources or ()):
        hint = "add the few lines that print the text as `quote` of a source"
        missing["sources"] = ("a finished page quotes the code", hint)
    if entry.role is Role.WRAPPER and not entry.triage:
        hint = "say under `triage` how to find the cause in the log"
        missing["triage"] = ("a wrapper hides the cause", hint)
    if entry.kind is not Kind.ERROR and not entry.ignore:
        hint = "say under `ignore` whether it can be ignored, and until when"
        missing["ignore"] = (f"a {entry.kind} can be ignored or not", hint)
    for field, (problem, hint) in missing.items():
        yield Finding(document.path, document.line("status"), field, problem, hint)


def own_texts_have_a_beginning(document: Document[Entry]) -> Iterator[Finding]:
    """A finished page says since which pip a text of pip's own is printed."""
    entry = document.value
    own = {
        source.id
        for source in entry.sources or ()
        if source.project == "pip" and "/_vendor/" not in source.path
    }
    for number, wording in enumerate(entry.messages):
        is_own = any(part.source in own for part in wording.parts)
        if entry.status is Status.FINISHED and is_own and not (wording.since or wording.until):
            problem = "nothing says which pip was the first to print it"
            hint = "add `since`, which `make verify` holds against the releases"
            yield document.finding(f"messages.{number}", problem, hint)


def changes_are_told(document: Document[Entry]) -> Iterator[Finding]:
    """A finished fix with commands or files says what it changes."""
    if document.value.status is not Status.FINISHED:
        return
    for number, fix in enumerate(document.value.fixes or ()):
        if any(step.commands or step.files for step in fix.steps) and not fix.changes:
            problem = f"the fix `{fix.id}` does not say what it changes"
            hint = "add `changes`: what is different on the machine afterwards, or that nothing is"
            yield document.finding(f"fixes.{number}", problem, hint)


def steps_say_something(document: Readable, _: list[TextAt]) -> Iterator[Finding]:
    """A step is an order, a command, a file or a procedure."""
    for field, step in steps(document):
        if not (step.text or step.commands or step.files or step.procedure):
            hint = "add `text`, `commands`, `files` or `procedure`"
            yield document.finding(field, "the step says nothing to do", hint)


def examples_were_printed(document: Document[Entry]) -> Iterator[Finding]:
    """An example says which pip printed it, or where it was seen."""
    for number, example in enumerate(document.value.examples or ()):
        if (example.printed_by is None) == (example.seen is None):
            problem = "an example was printed by a pip of ours, or seen somewhere"
            hint = "give one of `printed_by` and `seen`"
            yield document.finding(f"examples.{number}", problem, hint)
