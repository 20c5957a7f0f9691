"""Measure the home page: from a paste to its answer in Chromium, and what was downloaded for it.

Beside it Material's own search, for the words of the same error, on the same page. Both as fast
as this machine is, and with a processor slowed down to a quarter, as DevTools does it. The site has
to be built; bytes are those of the bodies as gzip sends them.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from bench_match import SIZES, paste, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

SITE = Path(__file__).resolve().parent.parent / "site"
SLOWER = (1, 4)
QUERY = "No matching distribution found"
ANSWERED = """async (text) => {
  const start = performance.now()
  const answer = new Promise((resolve) => {
    const seen = () => document.querySelector("#matches [data-entry-id]") && resolve()
    new MutationObserver(seen).observe(document.body, { childList: true, subtree: true })
  })
  const data = new DataTransfer()
  data.setData("text/plain", text)
  const event = { clipboardData: data, bubbles: true, cancelable: true }
  const area = document.querySelector("textarea#paste")
  if (area.dispatchEvent(new ClipboardEvent("paste", event))) {
    area.value = text
    area.dispatchEvent(new Event("input", { bubbles: true }))
  }
  await answer
  return performance.now() - start
}"""
SEARCHED = """async (text) => {
  const start = performance.now()
  const found = new Promise((resolve) => {
    const seen = () => document.querySelector(".md-search-result__link") && resolve()
    new MutationObserver(seen).observe(document.body, { childList: true, subtree: true })
  })
  const field = document.querySelector("input[name=query]")
  field.focus()
  field.value = text
  field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  field.dispatchEvent(new Event("input", { bubbles: true }))
  await found
  return performance.now() - start
}"""


def measure(browser: Browser, address: str, code: str, text: str, slower: int) -> tuple[float, int]:
    """Do one thing on a fresh home page.

    Args:
        browser: Chromium.
        address: the home page.
        code: what is done with the text; it returns the milliseconds until the answer.
        text: the text.
        slower: how many times slower the processor is made.

    Returns:
        The milliseconds, and the bytes of all that was fetched since the page was asked for.
    """
    context = browser.new_context()
    page: Page = context.new_page()
    page.set_default_timeout(120_000)
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - it is kept on it
    page.goto(address)
    page.wait_for_load_state("networkidle")
    rate = {"rate": slower}
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", rate)
    took: float = page.evaluate(code, text)
    page.wait_for_load_state("networkidle")
    fetched = sum(len(gzip.compress(response.body(), 6)) for response in responses)
    context.close()
    return took, fetched


def main() -> int:
    """Print the table and return 0; without a built site it ends with 2."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=SITE, help="the built site")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many is shown")
    options = parser.parse_args()
    if not (options.site / "index.html").is_file():
        parser.error(f"there is no site in {options.site}: run make site")
    names = (os.environ.get("CHROMIUM"), "chromium", "google-chrome")
    chromium = next((path for name in names if name and (path := shutil.which(name))), None)
    rng = random.Random(1)  # noqa: S311
    things = [(f"{size // 1000:,} KB pasted", ANSWERED, paste(size, rng)) for size in SIZES[:3]]
    things.append(("Material's search", SEARCHED, QUERY))
    print(f"{'':20}{'as it is':>12}{'4 times slower':>18}{'fetched in all':>18}")
    with sync_playwright() as playwright, served(options.site) as address:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for name, code, text in things:
            rows = [
                min(measure(browser, address, code, text, slower) for _ in range(options.rounds))
                for slower in SLOWER
            ]
            times = [f"{took:.0f} ms" for took, _ in rows]
            print(f"{name:20}{times[0]:>12}{times[1]:>18}{rows[0][1] / 1024:>14.0f} KiB")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
