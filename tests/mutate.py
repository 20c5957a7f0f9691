"""Print any wording of any entry with sample values, and damage it as pastes are damaged.

Every kind of damage that people's pastes show has a function here; all take a text and a source
of random numbers, so that a seed gives the same damage again.
"""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Mutation = Callable[[str, random.Random], str]

SAMPLES: dict[str, tuple[str, ...]] = {
    "package": ("wheelhouse", "python-barrel", "zope.window", "PyOrchard"),
    "version": ("1.4.2", "0.9rc1", "2023.11.3", "10.0"),
    "requirement": ("wheelhouse==1.4.2", "python-barrel[extra]>=2,<3", "PyOrchard~=0.9"),
    "specifier": (">=3.9", "<4,>=3.8"),
    "extra": ("socks", "dev"),
    "module": ("wheelhouse", "barrel.staves"),
    "python_version": ("3.13.1", "3.8"),
    "number": ("1", "2", "128"),
    "option": ("--no-deps", "--only-binary"),
    "hash": ("3a9f" * 16, "0b7c" * 16),
    "path": ("/home/user/venv/lib/python3.12/site-packages", "C:\\Users\\user\\venv\\Lib"),
    "filename": ("wheelhouse-1.4.2-py3-none-any.whl", "barrel-0.9.tar.gz"),
    "url": ("https://index.example.org/simple/wheelhouse/", "https://files.example.org/a/b.whl"),
    "host": ("index.example.org", "pypi.example.org"),
    "command": ("python3 -c 'import setuptools'", "/usr/bin/python3 -m pip"),
    "requirements": ("wheelhouse, PyOrchard", "wheelhouse==1.4.2 and PyOrchard"),
    "text": ("something unforeseen", "the reason of this case"),
}
CONTEXT = """\
Collecting wheelhouse
  Using cached wheelhouse-1.4.2.tar.gz (31 kB)
"""
LABEL = {"message": "", "context": "", "note": "note: ", "hint": "hint: ", "slug": ""}


def printed(wording: dict[str, Any], rng: random.Random) -> str:
    """Return a compiled wording as it is printed, with sample values and what stands near it."""
    lines = []
    for kind, items in wording["parts"]:
        text = "".join(
            item if isinstance(item, str) else rng.choice(SAMPLES[item[1]]) for item in items
        )
        if kind == "message" and lines:
            lines[-1] += " " + text
        else:
            lines.append(LABEL[kind] + text)
    if "foreign" not in wording:
        lines[0] = "ERROR: " + lines[0]
    near = [wording["near"][0]] if "near" in wording else []
    return CONTEXT + "\n".join([*near, *lines]) + "\n"


def _each(text: str, change: Callable[[int, str], str]) -> str:
    return "\n".join(change(number, line) for number, line in enumerate(text.split("\n")))


def _words(text: str, change: Callable[[str], str]) -> str:
    return _each(text, lambda _, line: " ".join(change(word) for word in line.split(" ")))


def untouched(text: str, _rng: random.Random) -> str:
    """Nothing happened to it."""
    return text


def docker(text: str, rng: random.Random) -> str:
    """The lines stand behind the step and the time, as BuildKit prints them."""
    start = rng.randrange(5, 90)
    return _each(text, lambda n, line: f"#11 {start + n / 100:.3f} {line}")


def some_docker(text: str, rng: random.Random) -> str:
    """The time stands before some of the lines."""
    return _each(text, lambda n, line: line if rng.random() < 0.4 else f"{30 + n / 100:.2f} {line}")


def compose(text: str, _rng: random.Random) -> str:
    """The name of a container stands before each line."""
    return _each(text, lambda _, line: f"web-1         | {line}")


def timestamps(text: str, _rng: random.Random) -> str:
    """The lines come from a CI log with times."""
    return _each(text, lambda n, line: f"2024-05-{n % 28 + 1:02}T10:11:12.1234567Z {line}")


def logger(text: str, _rng: random.Random) -> str:
    """The lines come from a program's own log."""
    return _each(text, lambda _, line: f"2024-05-02 10:11:12,345 - INFO - {line}")


def journal(text: str, _rng: random.Random) -> str:
    """The lines come from journald."""
    return _each(text, lambda _, line: f"May 02 10:11:12 host01 deploy[4711]: {line}")


def unknown_prefix(text: str, _rng: random.Random) -> str:
    """Each line has a prefix that nobody has seen before."""
    return _each(text, lambda _, line: f"<job/77> build~web >>> {line}")


def quoted(text: str, _rng: random.Random) -> str:
    """The lines are quoted as in a mail."""
    return _each(text, lambda _, line: f"> > {line}")


def wrapped(text: str, rng: random.Random) -> str:
    """A narrow console broke the lines, inside words too."""
    width = rng.choice((60, 72, 80, 120))

    def wrap(_: int, line: str) -> str:
        parts = [line[at : at + width] for at in range(0, len(line), width)]
        return "\n".join(parts)

    return _each(text, wrap)


def wrapped_padded(text: str, _rng: random.Random) -> str:
    """A narrow console broke the lines, and the gaps became blanks."""
    return _each(
        text,
        lambda _, line: "           ".join(line[at : at + 70] for at in range(0, len(line), 70)),
    )


def flattened(text: str, _rng: random.Random) -> str:
    """All line breaks and indentations are lost."""
    return " ".join(text.split())


def boxed(text: str, _rng: random.Random) -> str:
    """Box drawing stands before the lines, as pip prints it."""
    return _each(text, lambda n, line: ("× ", "│ ", "╰─> ", "    ")[n % 4] + line)  # noqa: RUF001


def mojibake(text: str, _rng: random.Random) -> str:
    """Box drawing, and quotes, in the wrong encoding."""
    marks = ("Ã— ", "â”‚ ", "â•°â”€> ", "    ")  # noqa: RUF001
    return _each(text, lambda n, line: marks[n % 4] + line.replace("'", "â€™"))


def typographic(text: str, _rng: random.Random) -> str:
    """A word processor has changed the quotes."""
    return text.replace("'", "\u2019").replace('"', "\u201d").replace("...", "\u2026")


def web_page(text: str, _rng: random.Random) -> str:
    """The text was copied from the source of a web page."""
    return _each(text, lambda _, line: f'<span style="color:#c01c28">{html.escape(line)}</span>')


def literal_breaks(text: str, _rng: random.Random) -> str:
    """The line breaks are written as two characters, as in JSON."""
    return text.replace("\n", "\\n")


def glued(text: str, _rng: random.Random) -> str:
    """The line breaks are gone and nothing stands in their place."""
    return text.replace("\n", "")


def no_head(text: str, rng: random.Random) -> str:
    """The first words of the message are lost."""
    lines = text.split("\n")
    at = max(range(len(lines)), key=lambda n: len(lines[n]))
    words = lines[at].split(" ")
    keep = max(4, len(words) - rng.randrange(1, 4))
    return "\n".join([*lines[:at], " ".join(words[-keep:]), *lines[at + 1 :]])


def no_tail(text: str, rng: random.Random) -> str:
    """The last words are lost."""
    words = text.rstrip().split(" ")
    return " ".join(words[: max(4, len(words) - rng.randrange(1, 4))])


def colours(text: str, _rng: random.Random) -> str:
    """Colours of the terminal are in the text."""
    return _each(text, lambda _, line: f"\x1b[1;31m{line[:9]}\x1b[0m\x1b[K{line[9:]}\x1b[0m")


def dead_colours(text: str, _rng: random.Random) -> str:
    """Colours of the terminal have lost their first character."""
    return _each(text, lambda _, line: f"[31m{line[:9]}[0m{line[9:]}[39;49m")


def progress(text: str, _rng: random.Random) -> str:
    """Progress bars overwrite each other before the text, with carriage returns."""
    bars = "".join(f"\r     {'━' * n:40} {n / 40:.1f}/1.0 MB eta 0:00:0{n % 10}" for n in range(9))
    return f"{bars}\n{text}"


def windows(text: str, _rng: random.Random) -> str:
    """The lines end as on Windows."""
    return text.replace("\n", "\r\n")


def lower(text: str, _rng: random.Random) -> str:
    """It was retyped in lower case."""
    return text.lower()


def typos(text: str, rng: random.Random) -> str:
    """It was retyped, and one long word in eight has lost a letter."""

    def slip(word: str) -> str:
        if len(word) < 5 or rng.random() > 1 / 8:
            return word
        at = rng.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1 :]

    return _words(text, slip)


def vagrant(text: str, _rng: random.Random) -> str:
    """The name of a machine stands before each line."""
    return _each(text, lambda _, line: f"==> default: {line}")


def seconds(text: str, _rng: random.Random) -> str:
    """The seconds of a build service stand before each line."""
    return _each(text, lambda n, line: f"[{n + 138:5}s] {line}")


def raised(text: str, _rng: random.Random) -> str:
    """A tool gives the lines out as those of its own exception."""
    return _each(text, lambda _, line: f"[pipenv.exceptions.InstallError]: {line}")


def json_text(text: str, _rng: random.Random) -> str:
    """A tool gives the output out as JSON."""
    return json.dumps({"cmd": ["pip", "install"], "rc": 1, "stderr": text}, ensure_ascii=False)


def markdown(text: str, _rng: random.Random) -> str:
    """A web page took underscores and stars for its own markup."""
    return text.replace("_", "").replace("*", "")


def continued(text: str, _rng: random.Random) -> str:
    """A narrow console broke the lines and marked the breaks."""
    return _each(
        text, lambda _, line: "\\\n".join(line[at : at + 79] for at in range(0, len(line), 79))
    )


def talked_about(text: str, _rng: random.Random) -> str:
    """Sentences of the person stand around it."""
    return f"Hi all, I did what the guide says and got this:\n\n{text}\nAny idea? Thanks in advance"


MUTATIONS: tuple[Mutation, ...] = (
    untouched, docker, some_docker, compose, timestamps, logger, journal, unknown_prefix, quoted,
    wrapped, wrapped_padded, flattened, boxed, mojibake, typographic, web_page, literal_breaks,
    glued, no_head, no_tail, colours, dead_colours, progress, windows, lower, typos, vagrant,
    seconds, raised, json_text, markdown, continued, talked_about,
)  # fmt: skip
"""All kinds of damage; a docstring says what each is."""
