"""The parts of an error's page, each with the words and the addresses it is shown with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from kb import address
from kb.model import PROJECTS, Status
from kb.proofs import shown_command
from kb.prose import template_text
from kb.render import labels
from kb.render.writer import Link, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.model import Entry, Example, Part, Source, Wording
    from kb.proofs import Printed
    from kb.recipe import Recipe


@dataclass(frozen=True)
class Row:
    """An entry in a list."""

    id: str
    url: str
    headline: str
    kind: str
    stub: bool


@dataclass(frozen=True)
class ShownSource:
    """A source with the words and the address for it."""

    id: str
    title: str
    where: str
    url: str
    caption: str | None
    quote: Markup | None


@dataclass(frozen=True)
class ShownSite:
    """A further place in pip, with a link for each release."""

    symbol: str
    path: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ShownOutput:
    """What was printed, with its command, and by which releases of pip."""

    text: Markup
    pips: str
    origin: str


@dataclass(frozen=True)
class ShownExample:
    """An output and where it comes from; and how other releases of pip word it."""

    id: str
    title: str
    text: Markup
    origin: str
    seen: Link | None
    others: tuple[ShownOutput, ...] = ()


@dataclass(frozen=True)
class ShownPart:
    """A part of a wording and pip's name for it."""

    label: str
    text: str


FEW = 8
"""Wordings of one part that are shown at once."""


@dataclass(frozen=True)
class ShownWordings:
    """The wordings of the same releases.

    Attributes:
        releases: what prints them; empty where nothing is said of that.
        boxes: the parts of each. Wordings of one part stand in a box together.
        more: wordings of one part beyond the first few.
        near: texts of which one must stand near by.
    """

    releases: str
    boxes: tuple[tuple[ShownPart, ...], ...]
    more: tuple[ShownPart, ...]
    near: tuple[str, ...]


def headline(entry: Entry) -> str:
    """Return the first part of the newest wording, on one line."""
    return " ".join(entry.messages[0].parts[0].text.split())


def headline_text(entry: Entry) -> str:
    """Return the headline as plain text, with … for each placeholder."""
    return template_text(headline(entry), fill=lambda _: "…")


def row(entry: Entry) -> Row:
    """Return an entry as lists show it."""
    url = address.entry(entry.id)
    return Row(entry.id, url, headline_text(entry), entry.kind.value, entry.status is Status.STUB)


def source_title(place: Source) -> str:
    """Return the words for a source: its project, release and symbol."""
    return f"{place.project} {place.release}: {_symbol(place.symbol)}"


def example_title(example: Example) -> str:
    """Return the words for an example: its caption, or the command that printed it."""
    return example.caption or example.command.strip().splitlines()[0]


def source(place: Source) -> ShownSource:
    """Return a source as it is shown."""
    where = f"{place.project} {place.release} · {place.path}"
    if place.lines:
        where += f" · line{'s' if '-' in place.lines else ''} {place.lines}"
    quote = verbatim(Markup.escape(place.quote.rstrip("\n"))) if place.quote else None
    title = source_title(place)
    return ShownSource(place.id, title, where, address.source(place), place.caption, quote)


def sites(entry: Entry) -> tuple[ShownSite, ...]:
    """Return the further places in pip that print an entry's text."""
    pip = PROJECTS["pip"]
    return tuple(
        ShownSite(
            _symbol(site.symbol),
            site.path,
            tuple(
                Link(address.file(pip, release, site.path), f"pip {release}")
                for release in site.releases
            ),
        )
        for site in entry.sites or ()
    )


def example(given: Example, seen: Link | None) -> ShownExample:
    """Return an example as it is shown.

    Args:
        given: the example.
        seen: the reference where it was seen, where it was not run.
    """
    ran = given.printed_by
    origin = f"Printed by pip {ran.pip} on {ran.os}, Python {ran.python}." if ran else ""
    text = verbatim(_typed(given.command) + Markup.escape(given.output.rstrip("\n")))
    return ShownExample(given.id, example_title(given), text, "Seen in" if seen else origin, seen)


def printed(outputs: Iterable[Printed]) -> tuple[ShownExample, ...]:
    """Return what the lab's recipes print as examples, one for each recipe.

    Args:
        outputs: what was printed, grouped; the newest pip first.
    """
    by_recipe: dict[str, list[Printed]] = {}
    for output in outputs:
        by_recipe.setdefault(output.recipe.id, []).append(output)
    examples = []
    for name, found in by_recipe.items():
        first, *others = (_output(one) for one in found)
        title = recipe_title(found[0].recipe)
        examples.append(ShownExample(name, title, first.text, first.origin, None, tuple(others)))
    return tuple(examples)


def recipe_title(recipe: Recipe) -> str:
    """Return the words for a recipe's output: its caption, or its command."""
    return recipe.caption or shown_command(recipe).strip().splitlines()[0]


def releases(names: Iterable[str]) -> str:
    """Return releases of pip in words: pip 24.0, 25.3 and 26.3."""
    *first, last = sorted(set(names), key=lambda name: [int(part) for part in name.split(".")])
    return "pip " + (f"{', '.join(first)} and {last}" if first else last)


def _output(printed: Printed) -> ShownOutput:
    pips = releases(run.pip for run in printed.runs)
    python = ".".join(printed.runs[0].python.split(".")[:2])
    lines = [
        Markup('<span class="shows">{}</span>').format(line) if number in printed.marked else line
        for number, line in enumerate(printed.output.rstrip("\n").split("\n"), 1)
    ]
    text = Markup("\n").join(lines)
    origin = f"Printed by {pips} on Linux, Python {python}."
    return ShownOutput(verbatim(_typed(shown_command(printed.recipe)) + text), pips, origin)


def _typed(command: str) -> Markup:
    """Return the lines of a command, each behind a prompt."""
    prompt = Markup('<span class="prompt">$ </span><span class="typed">{}</span>\n')
    lines = command.strip("\n").splitlines()
    return Markup("").join(prompt.format(line) for line in lines)


def wordings(entry: Entry) -> tuple[ShownWordings, ...]:
    """Return an entry's wordings as they are shown, those of the same releases together."""
    alike: dict[tuple[str, tuple[str, ...]], list[tuple[ShownPart, ...]]] = {}
    for given in entry.messages:
        parts = tuple(_part(part) for part in given.parts)
        alike.setdefault((_releases(given), given.near or ()), []).append(parts)
    dated = any(releases for releases, _ in alike)
    shown = []
    for (releases, near), group in alike.items():
        short = tuple(parts[0] for parts in group if len(parts) == 1)
        together = (short[:FEW],) if short else ()
        long = tuple(parts for parts in group if len(parts) > 1)
        label = releases or ("From another program" if dated and entry.worded_by else "")
        shown.append(ShownWordings(label, together + long, short[FEW:], near))
    return tuple(shown)


def _symbol(name: str) -> str:
    return "module level" if name == "<module>" else name


def _part(part: Part) -> ShownPart:
    return ShownPart(labels.PARTS[part.kind], " ".join(part.text.split()))


def _releases(given: Wording) -> str:
    if given.since == given.until:
        return f"pip {given.since}" if given.since else ""
    if given.since and given.until:
        return f"pip {given.since} to {given.until}"
    return f"Since pip {given.since}" if given.since else f"Until pip {given.until}"
