"""Take out of a pasted text what names a person, a private host or a secret.

The rules are those of ``site-overrides/assets/search/redact.mjs``, step by step; one table of
cases under ``tests/redactions.json`` holds the two together. Line breaks and all other words
stay, so that the search finds the same in the text. It is a help, not a guarantee: whoever gives
a text away reads it first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

SECRET = "REDACTED"  # noqa: S105 - what is put in a secret's place
HOST = "host.example"
USER = "user"
EMAIL = "user@example.org"
ADDRESS = "192.0.2.1"
PUBLIC = (
    "pypi.org", "pythonhosted.org", "pypi.python.org", "python.org", "pypa.io", "readthedocs.io",
    "readthedocs.org", "github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org",
    "codeberg.org", "pytorch.org", "anaconda.com", "anaconda.org", "piwheels.org", "rustup.rs",
    "rust-lang.org", "crates.io", "microsoft.com", "visualstudio.com", "aka.ms", "apple.com",
    "nvidia.com", "pypi.tuna.tsinghua.edu.cn", "tuna.tsinghua.edu.cn", "mirrors.aliyun.com",
    "pypi.douban.com", "pypi.doubanio.com", "pypi.mirrors.ustc.edu.cn",
    "mirrors.cloud.tencent.com", "repo.huaweicloud.com", "debian.org", "ubuntu.com",
    "stackoverflow.com", "example.org", "example.com", "example.net", "example", "localhost",
    "127.0.0.1", "0.0.0.0", "[::1]", "::1", ADDRESS,  # noqa: S104 - a name in a log
)  # fmt: skip
"""Hosts that everybody uses: they and their subdomains tell nothing about anybody."""

_NAMES = (
    "passw(?:or)?d|passphrase|passwd|pwd|token|secret|api[_-]?key|access[_-]?key|private[_-]?key"
    "|credentials?|auth(?![a-z])"
)
_TLDS = (
    "com|net|org|edu|gov|mil|int|info|biz|io|dev|cloud|app|ai|co|tech|eu|de|uk|fr|nl|ch|at|be|es"
    "|it|pt|se|no|fi|dk|cz|hu|ro|gr|ie|ru|ua|tr|il|jp|cn|kr|tw|hk|sg|au|nz|ca|us|br|mx|ar|cl|za"
)
_SHORT_TLDS = "com|net|org|edu|gov|mil|biz|cloud|eu|de|uk|fr|nl|ch|cn|jp|kr|au|ca|ru|br"
_PRIVATE_TLDS = "corp|internal|intern|intranet|intra|local|localdomain|lan|home|priv|private|onion"
_TOKENS = (
    r"pypi-(?=[\w-]{0,40}[A-Z0-9])[\w-]{20,}", r"gh[pousr]_\w{16,}", r"github_pat_\w{16,}",
    r"gl[a-z]{2,8}-[\w-]{16,}", r"(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}", r"xox[a-z]-[\w-]{8,}",
    r"(?:npm|hf|dckr_pat|dop_v1|rubygems|shpat|lin_api)_[\w-]{16,}", r"sk-[\w-]{16,}",
    r"AIza[\w-]{20,}", r"ya29\.[\w.-]{16,}", r"AKCp[\w]{10,}",
    r"eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?",
)  # fmt: skip
_PASSES = 5
_VALUE = r""""[^"\n]{1,200}"|'[^'\n]{1,200}'|[^\s,;&"'<>)\]}]{1,500}"""
_HIDDEN = re.compile(r"REDACTED|\*+|<[^>]*>|\$\{?[\w.]*\}?", re.ASCII)
_DIGITS = re.compile(r"[0-9=+/]|[a-z][A-Z]")
_SIMPLE = re.compile(r"/\+?simple(?=/|\Z)")
_FILE = re.compile(
    r"/[^/?#]+\.(?:whl|tar\.gz|zip|tar\.bz2|json|git|metadata)(?=[?#@:,.)]|\Z)", re.ASCII
)


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


_QUERY = _any(
    rf"([?&;#][^=\s&#]{{0,60}}(?:{_NAMES}|sig|signature|key|code|session)[^=\s&#]{{0,60}}=)"
    r"([^\s&#]+)"
)


def redact(text: str) -> str:
    """Return a text with private things replaced. Redacting twice changes nothing."""
    for _ in range(_PASSES):
        before = text
        for pattern, by in _RULES:
            text = pattern.sub(by, text)
        if text == before:
            break
    return text


def is_public(host: str) -> bool:
    """Say whether a host tells nothing about anybody."""
    name = host.lower().removesuffix(".")
    return any(name == one or name.endswith(f".{one}") for one in PUBLIC)


def _key(found: re.Match[str]) -> str:
    return found[1] + re.sub(r"[^\n]+", SECRET, found[2]) + found[3]


def _scheme(found: re.Match[str]) -> str:
    return found[1] + found[2] + (SECRET if _DIGITS.search(found[3]) else found[3])


def _address(found: re.Match[str]) -> str:
    scheme, login, host, port, rest = (found[number] or "" for number in range(1, 6))
    user = f"{SECRET}@" if login and login != "git@" else login
    path = _QUERY.sub(rf"\g<1>{SECRET}", rest)
    known = not host or scheme.lower().startswith("file:") or is_public(host)
    if known or host[0] in "{$<%":
        return scheme + user + host + port + path
    return scheme + user + HOST + port + _private_path(path)


def _private_path(path: str) -> str:
    """Return the path on a private host without teams and projects."""
    found = _SIMPLE.search(path)
    if found and found.start() > 0:
        return f"/PATH{path[found.start() :]}"
    found = _FILE.search(path)
    return f"/PATH{path[found.start() :]}" if found and found.start() > 0 else path


def _remote(found: re.Match[str]) -> str:
    user = found[1] if found[1] == "git" else USER
    return f"{user}@{found[2] if is_public(found[2]) else HOST}:"


def _pair(found: re.Match[str]) -> str:
    name, value = found[1], found[2]
    bare = re.sub(r"^[\"']|[\"']\Z", "", value)
    if _HIDDEN.fullmatch(bare) or bare.startswith(("http:", "https:")):
        return found[0]
    return name + value.replace(bare, SECRET, 1)


def _prompt(found: re.Match[str]) -> str:
    known = found[0] == EMAIL or found[0].startswith("git@")
    return found[0] if known else f"{USER}@host"


def _share(found: re.Match[str]) -> str:
    return found[0] if found[2].lower() == "host" else f"{found[1]}host"


def _named_host(found: re.Match[str]) -> str:
    return found[0] if is_public(found[2]) else found[1] + HOST


def _host(found: re.Match[str]) -> str:
    return found[0] if is_public(found[0]) else HOST


_RULES: tuple[Rule, ...] = (
    (
        re.compile(
            r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)([\s\S]{0,20000}?)(-----END|\Z)", re.ASCII
        ),
        _key,
    ),
    (re.compile("|".join(rf"(?<![\w-]){one}" for one in _TOKENS), re.ASCII), SECRET),
    (
        _any(
            r"\b((?:proxy-)?authorization[\"']?\s{0,4}[:=]\s{0,4}[\"']?"
            r"(?:(?:bearer|basic|digest|token|negotiate|apikey)\s{1,4})?)([^\s\"',;]+)"
        ),
        rf"\g<1>{SECRET}",
    ),
    (_any(r"\b(bearer|basic)(\s{1,4})([\w.~+/=-]{12,})"), _scheme),
    (_any(r"\b((?:set-)?cookie[\"']?\s{0,4}:\s{0,4})([^\n]+)"), rf"\g<1>{SECRET}"),
    (
        _any(
            r"\b(x-[a-z0-9-]{0,40}(?:token|key|auth|secret)[\"']?\s{0,4}:\s{0,4}[\"']?)"
            r"([^\s\"']+)"
        ),
        rf"\g<1>{SECRET}",
    ),
    (
        _any(
            r"\b([a-z][a-z0-9+.-]{1,20}://)([^\s/\"'<>@]{0,400}@)?"
            r"([^\s/\"'<>:?#@,)\]\\]{1,255}|\[[0-9a-f:.%]{2,60}\])?(:\d{1,5})?([^\s\"'<>`]*)"
        ),
        _address,
    ),
    (
        _any(
            r"(?<![\w.@/-])([\w.-]{1,40})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6})"
            r":(?=[\w.~-]+/)"
        ),
        _remote,
    ),
    (_any(r"(?<![\w:\\/.])(\\\\(?:\\\\)?)([a-z0-9][\w.-]{1,63})(?=\\)"), _share),
    (
        _any(
            rf"((?<![a-z0-9])[\w.-]{{0,40}}(?:{_NAMES})[\w.-]{{0,40}}[\"']?"
            rf"(?:\s{{0,4}}=(?!=)\s{{0,4}}|:\s{{0,4}}))({_VALUE})"
        ),
        _pair,
    ),
    (
        _any(rf"((?<![\w-])--?[\w-]{{0,30}}(?:{_NAMES})\s{{1,4}})(?!-)({_VALUE})"),
        rf"\g<1>{SECRET}",
    ),
    (
        re.compile(
            r"((?:^|[^\w.])(?:/home|/Users|/export/home|/mnt/[a-z]/Users|/[a-z]/Users)/)"
            r"([^/\s'\":;,)\]]+)",
            re.ASCII | re.MULTILINE,
        ),
        rf"\g<1>{USER}",
    ),
    (
        _any(
            r"([a-z]:(?:\\{1,2}|/)(?:Users|Documents and Settings)(?:\\{1,2}|/))"
            r"([^\\/:*?\"<>|\r\n]{1,60}(?=[\\/])|[^\\/\s'\":*?<>|,;)\]]+)"
        ),
        rf"\g<1>{USER}",
    ),
    (
        _any(
            r"(?<![\w.+/-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}"
            r"\.[a-z]{2,24}(?![\w@:-])"
        ),
        EMAIL,
    ),
    (
        _any(
            r"(?<![\w.@-])[a-z_][\w.-]{0,40}@[\w.-]{1,80}(?=:[~/]|[: ][^\n]{0,80}[$#%] )"
        ),
        _prompt,
    ),
    (
        _any(
            r"((?<![\w-])(?:host(?:name)?\s{0,2}[=:]\s{0,2}|--?(?:trusted-)?host[ =]"
            r"|trusted-host\s{0,4}=\s{0,4}"
            r"|(?:not valid for|doesn't match|does not match|match either of)\s{1,2})[\"']?)"
            r"([a-z0-9*][a-z0-9.*-]{0,250}[a-z0-9])(?![\w.-]*[\w-])"
        ),
        _named_host,
    ),
    (
        _any(
            rf"(?<![\w.@/\\-])(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_PRIVATE_TLDS})(?![\w-]|\.\w)"
        ),
        HOST,
    ),
    (
        _any(
            rf"(?<![\w.@/\\=-])(?:(?:[a-z0-9-]{{1,63}}\.){{2,8}}(?:{_TLDS})"
            rf"|[a-z0-9-]{{1,63}}\.(?:{_SHORT_TLDS}))(?![\w/-]|\.\w)"
        ),
        _host,
    ),
    (
        re.compile(
            r"(?<![\w.=<>~!-])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}"
            r"|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}"
            r"|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d{1,3}){2})(?![\w-]|\.\d)",
            re.ASCII,
        ),
        ADDRESS,
    ),
    (
        _any(r"(?<![\w:.])(?:fe80|fd[0-9a-f]{2}|fc[0-9a-f]{2}):[0-9a-f:]{2,40}(?:%\w{1,16})?(?![\w:])"),
        ADDRESS,
    ),
)  # fmt: skip
"""What is looked for, in this order, and what is put in its place."""
