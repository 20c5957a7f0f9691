"""Recipes must be runnable, and name what the entry and the index have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.proofs import commands_of, recipes_of
from kb.recipe import Answer, Setup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.findings import Finding
    from kb.load import Document
    from kb.model import Entry
    from kb.recipe import Proof, Recipe

_HOST = re.compile(r"\b(?:https?|git\+https?|ssh|git\+ssh)://(?:[^\s/@]*@)?([^/\s'\":@]+)")
_LOCAL = ("127.0.0.1", "localhost")
_TOKEN = re.compile(r"(?<![\w.])@([a-z0-9]+)(?::([^@\s]+))?@")
_TOKENS = {
    "index": "may",
    "sha256": "must",
    **dict.fromkeys(("port", "host", "closed", "proxy", "repository"), "no"),
}
"""What can stand between two @, and whether a name follows it."""
_INDEXES = frozenset(
    {
        Setup.HTTPS_INDEX,
        Setup.PRIVATE_CA,
        Setup.CHAIN_MISSING,
        Setup.OTHER_HOST_CERTIFICATE,
        Setup.EXPIRED_CERTIFICATE,
        Setup.HTTPS_ON_HTTP,
        Setup.REFUSING_PROXY,
        Setup.NO_INDEX,
    }
)
"""Set-ups that say how pip reaches the index: one at a time."""


def lab_says_something(document: Document[Entry]) -> Iterator[Finding]:
    """An entry's lab has recipes, or says why it has none, to a machine and to a reader."""
    lab = document.value.lab
    if not lab:
        return
    if lab.recipes and lab.not_run:
        yield document.finding(
            "lab.not_run", "the error is reproduced and is not", "keep recipes or not_run"
        )
    elif not lab.recipes and not lab.not_run:
        yield document.finding("lab", "there is neither a recipe nor a reason", "write one")
    elif lab.not_run and not lab.text:
        yield document.finding(
            "lab.not_run", "a reader is not told why", "add text: with one sentence"
        )


def recipes_prove_what_there_is(document: Document[Entry]) -> Iterator[Finding]:
    """A recipe's proofs name fixes and dead ends of the entry."""
    entry = document.value
    for field, recipe in _recipes(entry):
        fixes = [fix.id for fix in entry.fixes or ()]
        dead_ends = [dead_end.id for dead_end in entry.dead_ends or ()]
        for kind, known, proofs in (
            ("fixes", fixes, recipe.fixes),
            ("dead_ends", dead_ends, recipe.dead_ends),
        ):
            for name in proofs or {}:
                if name not in known:
                    yield document.finding(
                        f"{field}.{kind}.{name}",
                        f"the entry has no `{name}` under {kind}",
                        f"known: {', '.join(known) or 'none'}",
                    )


def finished_pages_are_proven(document: Document[Entry]) -> Iterator[Finding]:
    """Each fix and dead end of a page with recipes is tried by one, or says why it is not."""
    entry = document.value
    recipes = [recipe for _, recipe in _recipes(entry)]
    if not recipes:
        return
    fixes = [fix.id for fix in entry.fixes or ()]
    dead_ends = [dead_end.id for dead_end in entry.dead_ends or ()]
    for kind, names, proofs in (
        ("fixes", fixes, [recipe.fixes for recipe in recipes]),
        ("dead_ends", dead_ends, [recipe.dead_ends for recipe in recipes]),
    ):
        tried = {name for proof in proofs for name in proof or {}}
        for number, name in enumerate(names):
            if name not in tried:
                yield document.finding(
                    f"{kind}.{number}",
                    f"no recipe tries `{name}`",
                    f"add it under {kind}: of a recipe, if need be with not_run and a reason",
                )


def proofs_are_tried_or_not(document: Document[Entry]) -> Iterator[Finding]:
    """A proof is tried in one way, or is not tried; and one that is tried comes to a result."""
    for field, recipe in _recipes(document.value):
        for where, proof in proofs(recipe):
            here = f"{field}.{where}"
            others = [name for name in proof.model_fields_set if name != "not_run"]
            if proof.not_run and others:
                problem = f"it is not run, and yet has {' and '.join(sorted(others))}"
                yield document.finding(f"{here}.not_run", problem, "keep not_run alone")
            if proof.run and proof.only:
                problem = "`only` is for the page's own commands"
                yield document.finding(f"{here}.only", problem, "remove it, or `run`")
            fix = next((f for f in document.value.fixes or () if where == f"fixes.{f.id}"), None)
            if fix and not (proof.not_run or proof.run or proof.files or commands_of(fix)):
                problem = "the page shows no command for Linux that could be run"
                yield document.finding(here, problem, "write run: or not_run with a reason")


def recipes_stay_on_loopback(document: Document[Entry]) -> Iterator[Finding]:
    """A recipe's commands and files name no server but the lab's own and reserved examples."""
    for field, recipe in _recipes(document.value):
        for where, text in _texts(recipe):
            for host in _HOST.findall(_TOKEN.sub(_LOCAL[0], text)):
                if not (host in _LOCAL or _is_reserved(host)):
                    yield document.finding(
                        f"{field}.{where}",
                        f"`{host}` is outside this machine",
                        "use @index@ or @host@, or a name that ends in .example.org or .invalid",
                    )


def recipe_tokens_are_known(document: Document[Entry]) -> Iterator[Finding]:
    """What stands between two @ in a recipe is a value of the run."""
    for field, recipe in _recipes(document.value):
        for where, text in _texts(recipe):
            for name, argument in _TOKEN.findall(text):
                if _TOKENS.get(name) in ("may", "must" if argument else "no"):
                    continue
                known = (
                    "@index@, @index:other@, @host@, @port@, @proxy@, @repository@, @sha256:FILE@"
                )
                yield document.finding(
                    f"{field}.{where}", f"@{name}@ is no value of a run", f"known: {known}"
                )


def setups_fit_together(document: Document[Entry]) -> Iterator[Finding]:
    """Set-ups of one recipe do not contradict each other or its server."""
    for field, recipe in _recipes(document.value):
        both = sorted(_INDEXES & set(recipe.setup or ()))
        if len(both) > 1:
            yield document.finding(
                f"{field}.setup", f"{' and '.join(both)} exclude each other", "keep one of them"
            )
        if Answer.TIMEOUT in (recipe.server or {}).values() and not _is_impatient(recipe):
            yield document.finding(
                f"{field}.server",
                "pip would wait longer than the lab",
                "give pip --timeout 2 and --retries, or PIP_TIMEOUT under env",
            )


def _is_impatient(recipe: Recipe) -> bool:
    return "--timeout" in recipe.run or "PIP_TIMEOUT" in (recipe.env or {})


def _is_reserved(host: str) -> bool:
    """Return whether a host can never exist (RFC 2606)."""
    name = host.rsplit(":", 1)[0]
    return name.endswith((".invalid", ".test", ".example", "example.org", "example.com"))


def recipes_take_over_from_above(document: Document[Entry]) -> Iterator[Finding]:
    """A recipe that is like another one stands below it."""
    above: list[str] = []
    for field, recipe in _recipes(document.value):
        if recipe.like and recipe.like not in above:
            problem = f"no recipe above has the id `{recipe.like}`"
            yield document.finding(f"{field}.like", problem, f"known: {', '.join(above) or 'none'}")
        above.append(recipe.id)


def _recipes(entry: Entry) -> Iterator[tuple[str, Recipe]]:
    for number, recipe in enumerate(recipes_of(entry)):
        yield f"lab.recipes.{number}", recipe


def _texts(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Yield each text of a recipe that is run or written, with its field."""
    yield "run", recipe.run
    for number, command in enumerate(recipe.before or ()):
        yield f"before.{number}", command
    for field in ("files", "env", "pages"):
        for name, text in (getattr(recipe, field) or {}).items():
            yield f"{field}.{name}", text
    for where, proof in proofs(recipe):
        for text in (*(proof.run or ()), *(proof.verify or ()), *(proof.files or {}).values()):
            yield where, text
        if proof.then:
            yield f"{where}.then", proof.then


def proofs(recipe: Recipe) -> Iterator[tuple[str, Proof]]:
    """Yield each proof of a recipe, with its field."""
    for kind in ("fixes", "dead_ends"):
        for name, proof in (getattr(recipe, kind) or {}).items():
            yield f"{kind}.{name}", proof
