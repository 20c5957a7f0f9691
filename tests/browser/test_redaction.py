"""What is taken out of a log before it is shared, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LETTERS = "abcdefABCDEF0123456789"
SECRETS = [
    ("Looking in indexes: https://bob:hunter2@pypi.org/simple", "hunter2", "bob"),
    ("Cloning https://x-access-token:s3cr3tword@github.com/o/r.git to /tmp/x", "s3cr3tword"),
    (f"git+https://{LETTERS}@github.com/o/r", LETTERS),
    (f"password: pypi-AgEIcHlwaS5vcmc{LETTERS}", "AgEIcHlwaS5vcmc"),
    (f"found pypi-AgEIcHlwaS5vcmc{LETTERS} in it", "AgEIcHlwaS5vcmc"),
    (f"ghp_{LETTERS} gho_{LETTERS} ghs_{LETTERS}", LETTERS),
    (f"github_pat_11ABC_{LETTERS}", LETTERS),
    (f"glpat-{LETTERS}", LETTERS),
    ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN", "dozjgNryP4J3", "eyJzdWIi"),
    ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
    ("'Authorization': 'Basic Ym9iOmh1bnRlcjI='", "Ym9iOmh1bnRlcjI"),
    ("curl -H 'Bearer 0123456789abcdef'", "0123456789abcdef"),
    ("Cookie: session=abcdef; id=7", "abcdef"),
    ("X-JFrog-Art-Api-Key: AKCp8abcdefghij", "AKCp8abcdefghij"),
    ("PASSWORD=hunter2 TWINE_PASSWORD='hunt er2' my_token = hunter2", "hunter2", "er2"),
    ("api_key: hunter2", "hunter2"),
    ('{"token": "hunter2", "client_secret":"hunter3"}', "hunter2", "hunter3"),
    ("twine upload --password hunter2 -u x", "hunter2"),
    ("https://pypi.org/x?token=hunter2&a=1&X-Amz-Signature=hunter3", "hunter2", "hunter3"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabcd\n-----END RSA", "MIIEpAIBAAKCAQEA"),
    ("File /home/alice/app/x.py", "alice"),
    ("File '/Users/alice/app/x.py'", "alice"),
    ("file:///home/alice/x.whl", "alice"),
    ("/mnt/c/Users/alice/x", "alice"),
    ("C:\\Users\\alice\\AppData\\Local", "alice"),
    ("c:\\users\\Alice Doe\\AppData", "Alice", "Doe"),
    ("'C:\\\\Users\\\\alice\\\\AppData'", "alice"),
    ("C:/Users/alice/AppData", "alice"),
    ("PS C:\\Users\\alice> pip install x", "alice"),
    ("alice@laptop:~/work$ pip install x", "alice", "laptop"),
    ("Author: Alice <alice.doe+x@mail.company.de>", "alice.doe", "company"),
    ("https://artifactory.company.corp/api/pypi/team-x/simple", "company", "team-x"),
    ("https://nexus:8081/repository/pypi/simple/foo/", "nexus", "repository"),
    ("https://pypi.company.com/simple/", "company"),
    ("HTTPSConnectionPool(host='pypi.company.io', port=443)", "company"),
    ("git@git.company.com:team-x/app.git", "company"),
    ("ssh://git@git.company.com:2222/team-x/app.git", "company", "team-x"),
    ("--trusted-host mirror.company.se", "company"),
    ("connect to build7.internal failed", "build7"),
    ("no route to db.prod.local", "prod"),
    ("failed: mirror.company.co.uk refused", "company"),
    ("http://10.1.2.3:3141/root/pypi", "10.1.2.3"),
    ("connect to 192.168.7.9 port 80", "192.168.7.9"),
    ("172.20.0.5 and [fd00:aa::1]", "172.20", "fd00"),
    ("\\\\fileserver\\share\\x.whl", "fileserver"),
]  # fmt: skip

KEPT = [
    "Could not find a version that satisfies the requirement foo==1.2.3.4 (from versions: none)",
    "ERROR: No matching distribution found for foo==10.0.0.1",
    "https://files.pythonhosted.org/packages/aa/foo-1.0-py3-none-any.whl.metadata (1.2 kB)",
    "Looking in indexes: https://pypi.org/simple, https://download.pytorch.org/whl/cu121",
    "HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded with url: /simple/pip/",
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: (_ssl.c:1129)",
    "ModuleNotFoundError: No module named 'setuptools.command.test'",
    'File "/usr/lib/python3.11/site-packages/pip/_internal/cli/base_command.py", line 180',
    "Cloning https://github.com/psf/requests.git (to revision v2) to /tmp/pip-req-build-x",
    "git@github.com:psf/requests.git",
    "ERROR: Invalid requirement: 'foo @ https://github.com/a/b/archive/main.zip'",
    "Expected sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "error: subprocess-exited-with-error\n\n  python setup.py egg_info did not run successfully.",
    "Author: unknown; the authors: x. Keyring is skipped. Tokenizer tokens==1.0",
    "http://localhost:8080/simple and http://127.0.0.1:3141/",
    "https://index.example.org/simple",
    "ERROR: pip's dependency resolver does not currently take into account all the packages",
]  # fmt: skip


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address + "about/")
    yield page
    context.close()


@pytest.fixture(scope="module")
def redact(page: Page) -> Callable[[str], str]:
    def call(text: str) -> str:
        return str(
            page.evaluate(
                "async text => (await import('/assets/search/redact.mjs')).redact(text)", text
            )
        )

    return call


@pytest.mark.parametrize("case", SECRETS, ids=lambda case: case[0][:30])
def test_what_is_private_is_taken_out(redact: Callable[[str], str], case: tuple[str, ...]) -> None:
    text, *private = case
    result = redact(text)
    assert not [word for word in private if word.lower() in result.lower()], result
    assert result.count("\n") == text.count("\n")
    assert redact(result) == result


@pytest.mark.parametrize("text", KEPT)
def test_what_tells_of_the_error_stays(redact: Callable[[str], str], text: str) -> None:
    assert redact(text) == text


def test_a_path_on_a_private_host_keeps_what_tells_of_the_error(
    redact: Callable[[str], str],
) -> None:
    page = redact("https://a:b@nexus.corp/repo/team/simple/foo/")
    assert page == "https://REDACTED@host.example/PATH/simple/foo/"
    file = redact("https://x.corp/secret/foo-1.0.tar.gz#sha256=ab")
    assert file == "https://host.example/PATH/foo-1.0.tar.gz#sha256=ab"


def test_long_runs_are_not_scanned_again_and_again(page: Page) -> None:
    """A careless pattern would take longer than the browser is waited for."""
    runs = ["a", "a.", "@", "a@", "-", "/", "\\", "token", "=", "1.", "://", "a:b@", "\n", "10."]
    sizes = page.evaluate(
        """async runs => {
          const { redact } = await import("/assets/search/redact.mjs")
          return runs.map(run => redact(run.repeat(20000)).length)
        }""",
        runs,
    )
    assert min(sizes) > 1000


def test_any_text_can_be_redacted_and_twice_is_once(page: Page) -> None:
    pieces = [
        "token", "=", ":", " ", "\n", "@", "a", "b.corp", "/home/", "\\", "C:\\Users\\", "https://",
        "user", "REDACTED", "host.example", "192.0.2.1", "10.0.0.7", "'", '"', "Bearer ", "--",
        "password", "x y", "\u202e", "git@", "-----BEGIN PRIVATE KEY-----", "pypi.org", ".com",
        "simple/", "é",
    ]  # fmt: skip
    wrong = page.evaluate(
        """async pieces => {
          const { redact } = await import("/assets/search/redact.mjs")
          let seed = 7
          const random = n => (seed = (seed * 1103515245 + 12345) % 2147483648) % n
          for (let round = 0; round < 4000; round += 1) {
            let text = ""
            for (let i = random(14); i >= 0; i -= 1) text += pieces[random(pieces.length)]
            const once = redact(text)
            if (redact(once) !== once) return [text, once, redact(once)]
            if (once.split("\\n").length !== text.split("\\n").length) return [text, once]
          }
          return []
        }""",
        pieces,
    )
    assert wrong == []
