"""What the typed model refuses, said in our words and at its line."""

from __future__ import annotations

import difflib
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from kb.fields import ID_PATTERN, KEBAB_PATTERN, LINES_PATTERN, RELEASE_PATTERN
from kb.findings import Finding
from kb.recipe import ADDRESS_PATTERN, FILE_PATH_PATTERN, PIN_PATTERN

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

LONGEST = 60
_EMPTY = ("it is empty", "write the value, or remove the key")
_LIKE = "write it like this: "
PATTERNS: dict[str, tuple[str, str]] = {
    ID_PATTERN: ("capital letters, digits and single underscores", f"{_LIKE}HASH_MISMATCH"),
    KEBAB_PATTERN: ("small letters, digits and single dashes", f"{_LIKE}missing-hash"),
    RELEASE_PATTERN: ("the number of a release", f"{_LIKE}25.3"),
    LINES_PATTERN: ("a line number or two with a dash", f"{_LIKE}431-436"),
    FILE_PATH_PATTERN: ("a path inside the folder", f"{_LIKE}demo/__init__.py"),
    ADDRESS_PATTERN: ("a path on the server, or `proxy`", f"{_LIKE}/simple/demo/"),
    PIN_PATTERN: ("a project and a release", f"{_LIKE}setuptools==80.9.0"),
    r"^[^\n]+$": ("one line of text", "write it in one line"),
    r"^[a-z][a-z0-9_]*$": ("small letters, digits and underscores", f"{_LIKE}old_version"),
    r"^[0-9a-f]+$": ("hexadecimal digits", f"{_LIKE}9f86d081"),
    r"^https://[^\s]+$": ("an https address", f"{_LIKE}https://pip.pypa.io/"),
}
"""What each pattern of the model means, and a hint."""


def did_you_mean(word: str, words: list[str]) -> str:
    """Return a hint that names the word that was probably meant.

    Args:
        word: what is written.
        words: what could have been meant.

    Returns:
        The hint; empty where no word is close.
    """
    lower = {known.casefold().replace("-", "_"): known for known in reversed(words)}
    close = difflib.get_close_matches(word.casefold().replace("-", "_"), lower, n=1, cutoff=0.6)
    return f"did you mean `{lower[close[0]]}`?" if close else ""


def _shown(value: object) -> str:
    """Return a value for a finding: one line, not too long."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def shape_findings(
    path: str, lines: dict[str, int], model: type[BaseModel], error: ValidationError
) -> list[Finding]:
    """Turn the complaints of a model into findings.

    Args:
        path: the file's name in findings.
        lines: line of each value by its dotted path.
        model: the model that refused it.
        error: its complaints.

    Returns:
        One finding for each complaint.
    """
    findings = []
    for details in error.errors(include_url=False):
        if details["type"] == "too_short" and details["input"]:
            continue  # its items are broken, and reported
        steps = [step for step in details["loc"] if step != "[key]"]
        name = ".".join(str(step) for step in steps)
        place = name
        while place and place not in lines:
            place = place.rpartition(".")[0]
        problem, hint = _words(details, _type_at(model, steps[:-1]), _type_at(model, steps))
        findings.append(Finding(path, lines.get(place, 1), name, problem, hint))
    return findings


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations have no common type
    """Return a type without Annotated and without None."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            (annotation,) = (kind for kind in get_args(annotation) if kind is not NoneType)
        else:
            return annotation


def _type_at(model: type[BaseModel], steps: list[int | str]) -> Any:  # noqa: ANN401 - as above
    """Return the type of the value at a place, or None where the model has no such place."""
    kind: Any = model
    for step in steps:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            known = kind.model_fields.get(str(step))
            kind = _bare(known.annotation) if known else None
        elif get_origin(kind) is tuple:
            kind = _bare(get_args(kind)[0])
        elif get_origin(kind) is dict:
            kind = _bare(get_args(kind)[1])
        else:
            return None
    return kind


def _keys(kind: Any) -> list[str]:  # noqa: ANN401 - as above
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _words(details: ErrorDetails, parent: Any, kind: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return problem and hint for one complaint."""
    value, context = details["input"], details.get("ctx", {})
    problem, hint = details["msg"], ""
    match details["type"]:
        case "missing":
            problem, hint = "the key is missing", f"add `{details['loc'][-1]}: …`"
        case "extra_forbidden":
            problem = "there is no such key here"
            keys = _keys(parent)
            every = f"the keys here are: {', '.join(keys)}"
            hint = did_you_mean(str(details["loc"][-1]), keys) or every
        case "enum":
            problem = f"`{_shown(value)}` is not a word for this"
            words = [str(word) for word in kind]
            every = f"the words are: {', '.join(words)}"
            hint = f"{did_you_mean(str(value), words)} {every}".strip()
        case "string_pattern_mismatch":
            problem, hint = _wrong_form(value, context["pattern"])
        case "string_too_short" | "too_short":
            problem, hint = _EMPTY
        case "string_too_long":
            length, most = len(value.strip()), context["max_length"]
            problem = f"the text has {length} characters, more than {most}"
            hint = f"take {length - most} away"
        case "greater_than_equal":
            problem, hint = f"{value} is too small", f"write {context['ge']} or more"
        case "less_than_equal":
            problem, hint = f"{value} is too large", f"write {context['le']} or less"
        case "string_type" | "int_type" | "int_parsing" | "tuple_type" | "dict_type" | "model_type":
            problem, hint = _wrong_type(details["type"], value, kind)
    return problem, hint


def _wrong_form(value: str, pattern: str) -> tuple[str, str]:
    """Return problem and hint for a text that does not match a pattern."""
    if not value.strip():
        return _EMPTY
    meaning, hint = PATTERNS.get(pattern, (f"of the form {pattern}", ""))
    return f"`{_shown(value)}` is not {meaning}", hint


def _wrong_type(complaint: str, value: object, kind: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return problem and hint where a text, list or mapping stands in place of another."""
    is_now = "a list" if isinstance(value, list) else "a text"
    if isinstance(value, dict):
        is_now = "keys with values"
    if complaint.startswith("int"):
        return f"`{_shown(value)}` is not a whole number", "write a number, such as 1"
    if complaint == "string_type":
        hint = "write one text"
        if isinstance(value, dict):
            hint = "put the text in single quotes: a colon and a blank make a key of it"
        return f"it is {is_now}, and must be a text", hint
    if complaint == "tuple_type":
        hint = "begin each item with a dash and a blank: `- …`"
        return f"it is {is_now}, and must be a list", hint
    hint = "write `key: value` lines below it"
    if keys := _keys(kind):
        hint += "; the keys here are: " + ", ".join(keys)
    return f"it is {is_now}, and must be keys with values", hint
