"""Commands must be safe to paste, and run in the shells they are given for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.model import Command, Entry, Platform, Shell
from kb.rules.texts import Use, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.findings import Finding
    from kb.rules.texts import Readable, TextAt

_PIP = r"(?:\S*/)?pip3?(?:\.\d+)?"
_DOWNLOAD_RUN = (
    r"\b(curl|wget)\b[^\n]*\|\s*(sudo\s+)?((ba|z|da|k)?sh|python[\d.]*)\b"
    r"|\biex\b|\bInvoke-Expression\b"
)
_DELETE_ALL = (
    r"\brm\s+(-\S+\s+)*-\w*r\w*\s+(-\S+\s+)*"
    r"(/|~|\$HOME|/(usr|etc|bin|lib|opt|var|home|Library|System)(/(lib|bin|local))?)/?\*?(\s|$)"
)
_NO_TLS = (
    r"sslVerify[\s=]+\"?false|GIT_SSL_NO_VERIFY|PYTHONHTTPSVERIFY|verify\s*=\s*False"
    r"|ssl_verify\s+(no|false)|CERT_NONE|_create_unverified|\bcurl\b[^\n]*\s(-k|--insecure)\b"
    r"|--no-check-certificate"
)
REFUSED: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), problem, hint)
    for pattern, problem, hint in (
        (
            rf"\bsudo\s+(-\S+\s+)*((\S*/)?(python[\d.]*|py)\s+(-\S+\s+)*-m\s+)?{_PIP}\s",
            "sudo with pip changes the system's own Python",
            "use a virtual environment, without sudo",
        ),
        (
            _DOWNLOAD_RUN,
            "a download is run unseen",
            "save it to a file, let the person read it, then run the file",
        ),
        (
            _DELETE_ALL,
            "the command deletes a system or home folder",
            "name the one folder that must go",
        ),
        (
            r"\bchmod\s+(-\S+\s+)*(0?777|(a|ugo)\+rwx)\b",
            "the command lets everyone write",
            "give the right to the owner only: chmod u+rwX",
        ),
        (
            r"--no-verify\b",
            "--no-verify skips checks, and pip never had it",
            "remove the option",
        ),
        (
            _NO_TLS,
            "the command switches the check of certificates off",
            "trust the missing certificate instead: procedure trust-company-certificate",
        ),
    )
)
"""What no page tells a person to run; dead ends may show it."""

RISKY = re.compile(
    r"--break-system-packages|break-system-packages\s*=|PIP_BREAK_SYSTEM_PACKAGES"
    r"|--trusted-host|trusted-host\s*=|PIP_TRUSTED_HOST|--extra-index-url|PIP_EXTRA_INDEX_URL",
    re.IGNORECASE,
)
"""What a fix or procedure may tell a person to run if it says what is given up."""

_BARE_PIP = re.compile(
    r"(?<!-m )(?<!uv )(?<![\w./\\%-])pip3?(?:\.\d+)?\s+(install|uninstall|download|wheel|lock)\b"
)
_IN_QUOTES = re.compile(r'"[^"\n]*"')
_SH_ONLY = re.compile(
    r"&&|\|\||'|`|\\$|\$[\w({]|<<|^\s*(export|source|\.)\s|^\s*[A-Z_]+=\S|~/|/bin/"
    r"|\|\s*(grep|head|tail|sed|awk|cat|wc)\b",
    re.MULTILINE,
)
_WINDOWS_ONLY = re.compile(r"\\Scripts\\|%\w+%|\$env:|^\s*(set|py)\s", re.MULTILINE)


def _told(document: Readable, texts: list[TextAt]) -> Iterator[tuple[TextAt, str | None]]:
    """Return the commands and files that a person is told to use, each with the risks named."""
    for text in texts:
        if text.use not in (Use.COMMAND, Use.FILE) or text.section == "dead_ends":
            continue
        risks = None
        if not isinstance(document.value, Entry):
            risks = document.value.risks
        elif text.section == "fixes":
            risks = (document.value.fixes or ())[int(text.field.split(".")[1])].risks
        yield text, risks


def commands_are_safe(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """No command harms the machine; one that gives something up stands in a fix with risks."""
    for text, risks in _told(document, texts):
        for pattern, problem, hint in REFUSED:
            if pattern.search(text.value):
                elsewhere = "what people should not do goes under `dead_ends`"
                yield document.finding(text.field, problem, f"{hint}; {elsewhere}")
        found = RISKY.search(text.value)
        if found and not risks:
            problem = f"{found[0].strip(' =')} gives up safety, and nothing says so"
            hint = "say in the fix, under `risks`, what is given up, or use another way"
            yield document.finding(text.field, problem, hint)


def pip_is_run_by_python(document: Readable, texts: list[TextAt]) -> Iterator[Finding]:
    """Run pip as python -m pip, so that it is the pip of the Python that is meant."""
    for text, _ in _told(document, texts):
        if found := _BARE_PIP.search(text.value):
            problem = f"`{found[0]}` can be the pip of another Python"
            hint = f"write `python -m pip {found[1]}`"
            yield document.finding(text.field, problem, hint)


def commands_fit_their_shell(document: Readable, _: list[TextAt]) -> Iterator[Finding]:
    """A command for every shell uses nothing that only some have; a shell is named with its os."""
    commands = [
        (f"{field}.commands.{number}", command)
        for field, step in steps(document)
        for number, command in enumerate(step.commands or ())
    ]
    for field, command in commands:
        windows, others = Platform.WINDOWS in command.os, set(command.os) - {Platform.WINDOWS}
        if command.shell is Shell.SH and windows and others:
            hint = "write `os: [linux, macos]`, and add the command for Windows"
            yield document.finding(field, "sh is not the shell of Windows", hint)
        elif command.shell in (Shell.POWERSHELL, Shell.CMD) and others:
            hint = "write `os: [windows]`"
            yield document.finding(field, f"{command.shell} is a shell of Windows", hint)
        elif command.shell is Shell.ANY and others and windows:
            yield from _portable(document, field, command)


def _portable(document: Readable, field: str, command: Command) -> Iterator[Finding]:
    bare = _IN_QUOTES.sub('""', command.text)
    if found := _SH_ONLY.search(bare):
        problem = f"not every shell takes `{found[0].strip()}`"
        hint = "write `os: [linux, macos]` and `shell: sh`, and add the command for Windows"
        yield document.finding(f"{field}.text", problem, hint)
    elif found := _WINDOWS_ONLY.search(bare):
        problem = f"only Windows takes `{found[0].strip()}`"
        hint = "write `os: [windows]`, and add the command for the others"
        yield document.finding(f"{field}.text", problem, hint)
