"""Measure the search: pastes of four sizes, 400 and 10,000 patterns, beside a plain scan.

The plain scan looks for one fragment of each pattern with the language's own substring search:
the floor. The same pastes go through Python, Node and Chromium, as far as they are installed. Times
are the best of a few runs: of the processor in Python and Node, on the clock in Chromium.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.load import load
from kb.match import Matcher
from kb.patterns import UNIT, compile_patterns, cut, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

ROOT = Path(__file__).resolve().parent.parent
MATCHER = ROOT / "site-overrides" / "assets" / "matcher.mjs"
CHROMIUM = "/usr/bin/chromium"
SIZES = (1_000, 100_000, 1_000_000, 10_000_000)
MANY = 10_000
ROUNDS = 5

MEASURE = """
const { Matcher } = await import(address)
const clock = globalThis.process
  ? () => process.cpuUsage().user / 1000
  : () => performance.now()
const best = (work, rounds) => {
  let least = Infinity
  for (let k = 0; k < rounds; k++) {
    const start = clock()
    work()
    least = Math.min(least, clock() - start)
  }
  return least
}
const rows = documents.map(({ patterns, fragments }) => {
  const matcher = new Matcher(patterns)
  return {
    index: best(() => new Matcher(patterns), 3),
    texts: texts.map((text) => {
      const rounds = text.length > 2e6 ? 2 : 5
      const low = text.toLowerCase()
      return [
        best(() => matcher.match(text), rounds),
        best(() => fragments.filter((one) => low.includes(one)), rounds > 2 ? 3 : 1),
      ]
    }),
  }
})
"""
IN_NODE = f"""
import {{ readFileSync }} from "node:fs"
const {{ address, documents, texts }} = JSON.parse(readFileSync(0, "utf8"))
{MEASURE}
process.stdout.write(JSON.stringify(rows))
"""
IN_CHROMIUM = f"""async () => {{
const {{ address, documents, texts }} = await (await fetch("/given.json")).json()
{MEASURE}
return rows
}}"""

Rows = list[dict[str, Any]]


def paste(size: int, rng: random.Random) -> str:
    """Return a log of about so many characters: a build, with an error at its end."""
    lines: list[str] = []
    length = 0
    while length < size - 200:
        number = rng.randrange(10_000)
        line = rng.choice(
            (
                f"Requirement already satisfied: wheel{number} in ./lib (1.{number % 50})",
                f"  Using cached wheel{number}-1.0-py3-none-any.whl (3{number % 9} kB)",
                f"gcc -O2 -Wall -fPIC -I/usr/include/python3.12 -c src/m{number}.c -o m{number}.o",
                f"copying src/pkg/module_{number}.py -> build/lib.linux-x86_64-cpython-312/pkg",
            )
        )
        lines.append(line)
        length += len(line) + 1
    lines.append("ERROR: No matching distribution found for wheelhouse==1.4.2")
    return "\n".join(lines) + "\n"


def synthetic(patterns: dict[str, Any], count: int, rng: random.Random) -> dict[str, Any]:
    """Return so many entries, whose texts are made of the words of the real ones, reordered."""
    entries = list(patterns["entries"])
    words = [
        word
        for entry in entries
        for wording in entry["wordings"]
        for _, items in wording["parts"]
        for item in items
        if isinstance(item, str)
        for word in item.split()
    ]
    texts: list[list[str]] = []
    while len(entries) + len(texts) < count:
        texts.append(cut(" ".join(rng.choices(words, k=rng.randrange(6, 24)))))
    shares = Counter(squeeze(piece) for pieces in texts for piece in pieces)
    for pieces in texts:
        weights = [UNIT * len(one) // shares[one] for one in map(squeeze, pieces)]
        wording = {"parts": [["message", pieces]], "weights": weights}
        name = f"SYNTHETIC_{len(entries)}"
        entries.append({"id": name, "kind": "error", "tier": 3, "wordings": [wording]})
    return {**patterns, "entries": entries[:count]}


def fragments(patterns: dict[str, Any]) -> list[str]:
    """Return the longest piece of each entry's first wording, in lower case."""
    found = []
    for entry in patterns["entries"]:
        items = [item for _, items in entry["wordings"][0]["parts"] for item in items]
        found.append(max((i for i in items if isinstance(i, str)), key=len).lower())
    return found


def best(work: Callable[[], object], rounds: int) -> float:
    """Return the shortest of some runs, in milliseconds of the processor."""
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least * 1000


def in_python(documents: list[dict[str, Any]], texts: list[str]) -> Rows:
    """Measure the Python reader."""
    rows = []
    for given in documents:
        patterns, looked_for = given["patterns"], given["fragments"]
        matcher = Matcher(patterns)
        times = []
        for text in texts:
            low = text.lower()
            rounds = 2 if len(text) > SIZES[2] * 2 else ROUNDS
            match = best(partial(matcher.match, text), rounds)
            times.append([match, best(partial(_scan, looked_for, low), 2)])
        rows.append({"index": best(partial(Matcher, patterns), 3), "texts": times})
    return rows


def _scan(looked_for: list[str], text: str) -> list[str]:
    return [one for one in looked_for if one in text]


def in_node(documents: list[dict[str, Any]], texts: list[str]) -> Rows | None:
    """Measure the ES module in Node, if it is installed."""
    node = shutil.which("node")
    if node is None:
        return None
    given = {"address": MATCHER.as_uri(), "documents": documents, "texts": texts}
    done = subprocess.run(
        [node, "--input-type=module", "--eval", IN_NODE],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=900,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def in_chromium(documents: list[dict[str, Any]], texts: list[str]) -> Rows | None:
    """Measure the ES module in Chromium, if it and playwright are installed."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - may be missing
    except ImportError:
        return None
    if not Path(CHROMIUM).exists():
        return None
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        shutil.copy(MATCHER, folder / "matcher.mjs")
        (folder / "index.html").write_text("<!doctype html><title>bench</title>", encoding="utf-8")
        given = {"address": "/matcher.mjs", "documents": documents, "texts": texts}
        (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        with served(folder) as address:
            page = browser.new_page()
            page.set_default_timeout(900_000)
            page.goto(address)
            rows: Rows = page.evaluate(IN_CHROMIUM)
        browser.close()
    return rows


class _Quiet(SimpleHTTPRequestHandler):
    def guess_type(self, path: str | PathLike[str]) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else super().guess_type(path)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def table(name: str, rows: Rows, counts: list[int], sizes: list[int]) -> list[str]:
    """Return what was measured in one language, a line for each size."""
    head = f"{name:10}" + "".join(f"{f'{n} patterns':>17}{'plain scan':>15}" for n in counts)
    lines = [head]
    for at, size in enumerate(sizes):
        label = f"{size // 1000} KB" if size < SIZES[2] else f"{size // SIZES[2]} MB"
        cells = "".join(
            f"{row['texts'][at][0]:14.1f} ms{row['texts'][at][1]:12.1f} ms" for row in rows
        )
        lines.append(f"{label:10}{cells}")
    lines.append(f"{'index':10}" + "".join(f"{row['index']:14.1f} ms{'':15}" for row in rows))
    return lines


def main() -> int:
    """Run the command; the exit status is always 0, as it only measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest paste, in characters")
    parser.add_argument("--only", choices=("python", "node", "chromium"), help="measure one only")
    arguments = parser.parse_args()
    rng = random.Random(1)  # noqa: S311
    patterns = compile_patterns(load(ROOT))
    raw = json.dumps(patterns, ensure_ascii=False, separators=(",", ":")).encode()
    few = len(patterns["entries"])
    print(f"patterns.json: {few} entries, {len(gzip.compress(raw, 9))} bytes compressed")
    documents = [
        {"patterns": one, "fragments": fragments(one)}
        for one in (patterns, synthetic(patterns, MANY, rng))
    ]
    sizes = [size for size in SIZES if size <= arguments.most]
    texts = [paste(size, rng) for size in sizes]
    measures: dict[str, Callable[[list[dict[str, Any]], list[str]], Rows | None]] = {
        "python": in_python,
        "node": in_node,
        "chromium": in_chromium,
    }
    for name, measure in measures.items():
        if arguments.only in (None, name):
            rows = measure(documents, texts)
            lines = (
                [f"{name}: not installed"]
                if rows is None
                else table(name, rows, [few, MANY], sizes)
            )
            print("\n".join(["", *lines]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
