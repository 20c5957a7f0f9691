"""Logs that several tests of the search paste, and how they paste them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SETTLED = "['found', 'none', 'failed'].includes(document.body.dataset.search)"

ONE = """\
$ pip install foo==1.2
Collecting foo==1.2
ERROR: Could not find a version that satisfies the requirement foo==1.2 (from versions: 1.0, 1.1)
ERROR: No matching distribution found for foo==1.2

[notice] A new release of pip is available: 24.0 -> 25.3
[notice] To update, run: pip install --upgrade pip
"""
SEVERAL = """\
#12 1.203 WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) \
after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] \
certificate verify failed: unable to get local issuer certificate (_ssl.c:1129)'))': /simple/foo/
#12 9.203 Could not fetch URL https://pypi.org/simple/foo/: There was a problem confirming the ssl \
certificate: HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded with url: \
/simple/foo/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] \
certificate verify failed: unable to get local issuer certificate (_ssl.c:1129)'))) - skipping
#12 9.300 ERROR: Could not find a version that satisfies the requirement foo (from versions: none)
#12 9.301 ERROR: No matching distribution found for foo
"""
WRAPPER = """\
error: metadata-generation-failed

x Encountered error while generating package metadata.
> See above for output.

note: This is an issue with the package mentioned above, not pip.
hint: See above for details.
"""
NONE = """\
npm ERR! code ERESOLVE
npm ERR! ERESOLVE unable to resolve dependency tree
npm ERR! Found: react@18.2.0
"""
STATES = {"one": ONE, "several": SEVERAL, "wrapper": WRAPPER, "none": NONE}


def filler(size: int) -> str:
    """Return lines as pip prints them, without an error, of about a size."""
    line = "  Downloading bar-1.0-py3-none-any.whl.metadata (1.2 kB)\n"
    return line * (size // len(line))


def ready(page: Page) -> None:
    """Wait until the paste box takes something."""
    page.wait_for_function("document.documentElement.dataset.search === 'ready'")


def settle(page: Page) -> None:
    """Wait until the answer is there, its fix as well."""
    page.wait_for_function(SETTLED)
    page.wait_for_function("!document.querySelector('.answer[aria-busy]')")


def paste(page: Page, text: str) -> Page:
    """Put a text into the box and wait for the answer."""
    page.fill("#paste", text)
    settle(page)
    return page


def found(page: Page) -> list[str | None]:
    """Return the ids that are shown, in order."""
    return [
        one.get_attribute("data-entry-id")
        for one in page.query_selector_all("#matches [data-entry-id]")
    ]


def hand(page: Page, event: str, kind: str, text: str, name: str = "") -> None:
    """Send a paste or drop event with a text or a file, as the browser does."""
    page.evaluate(
        """([event, kind, text, name]) => {
          const data = new DataTransfer()
          if (kind === "text") data.setData("text/plain", text)
          else data.items.add(new File([Uint8Array.from(text, one => one.charCodeAt(0))], name))
          const target = document.activeElement
          const all = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data }
          const Kind = event === "paste" ? ClipboardEvent : DragEvent
          target.dispatchEvent(new Kind(event, all))
        }""",
        [event, kind, text, name],
    )
