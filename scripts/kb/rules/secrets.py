"""Nothing that names a person, a private host or a credential stands in an entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.rules.texts import Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.findings import Finding
    from kb.rules.texts import Readable, TextAt

_TOKEN = re.compile(
    r"pypi-[\w-]{32,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|npm_\w{30,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|xox[abpr]-[\w-]{10,}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_CREDENTIALS = re.compile(r"://[^\s/:@\"']*:([^\s/@\"']+)@")
_STAND_IN = re.compile(
    r"\*+|\$\S+|\{.*\}|%.*%|<.*>|(your|my)?[_-]?(password|passwd|secret|token)", re.IGNORECASE
)
_HOME = re.compile(r"(?:(?<![\w.])/(?:home|Users)/|\b[A-Za-z]:\\+Users\\+)([\w.-]+)")
_NOBODY = {
    *("user", "runner", "runneradmin", "linuxbrew", "jovyan", "vsts", "public", "default"),
    *("containeradministrator", "shared", "username", "name", "me", "you"),
}
"""User names of examples, images and CI services: they name no person."""
_MAIL = re.compile(r"\b([\w.+-]+)@((?:[\w-]+\.)+[A-Za-z]{2,})\b")
_HOST = re.compile(r"(?:https?://(?:[^\s/@]*@)?|\bhost=')([A-Za-z0-9.-]+)")
_PRIVATE = re.compile(
    r"10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2}"
    r"|.*\.(local|internal|corp|lan|intranet|home|private)|(?!localhost$)[a-z0-9-]+",
)
_ADDRESS = re.compile(r"(?<![\d.])(10(\.\d{1,3}){3}|192\.168(\.\d{1,3}){2})(?![\d.])")
_OF_A_RUN = re.compile(r"@(?:index(?::[a-z0-9-]+)?|host|port|closed|proxy|repository)@")
"""What the lab puts its own address in place of."""
_EXAMPLE = re.compile(r"(.*\.)?example(\.(org|com|net))?|.*\.(example|invalid|test)")


def nobody_is_named(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """No token, password, user name, e-mail address or private host stands in any text.

    Messages and quotes are left out: they are public code, and held against the release.
    """
    for text in texts:
        if text.use is Use.MESSAGE or text.field.endswith(".quote"):
            continue
        for problem, hint in dict.fromkeys(_named(_OF_A_RUN.sub("example.org", text.value))):
            yield document.finding(text.field, problem, hint)


def _named(value: str) -> Iterator[tuple[str, str]]:
    """Return problem and hint for each thing that must not be shown."""
    for found in _TOKEN.finditer(value):
        yield f"a token or key: {found[0][:8]}…", "revoke it, and write TOKEN"
    has_at = "@" in value  # quicker than to let each pattern look for it
    for found in _CREDENTIALS.finditer(value) if has_at else ():
        if not _STAND_IN.fullmatch(found[1]):
            yield "an address with a password in it", "write **** for the password, as pip does"
    for found in _HOME.finditer(value):
        if found[1].casefold() not in _NOBODY:
            yield f"the home folder of `{found[1]}`", "write `user` for the name"
    for found in _MAIL.finditer(value) if has_at else ():
        if found[1] != "git" and not _EXAMPLE.fullmatch(found[2]) and found[2] != "python.org":
            yield f"the e-mail address {found[0]}", "write user@example.org, or remove it"
    hosts = [found[1] for found in _HOST.finditer(value)]
    hosts += [found[1] for found in _ADDRESS.finditer(value)]
    for host in hosts:
        if _PRIVATE.fullmatch(host) and not _EXAMPLE.fullmatch(host):
            yield f"the private host `{host}`", "write index.example.org or proxy.example.org"
