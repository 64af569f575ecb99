"""How fast the pages are, each figure beside its target.

    python benchmarks/pages.py [--quick] [--folder FOLDER] [PART ...]

The parts, all of them where none is named:

navigation
    From a press on "Overview" in the navigation of another page until the chart of ten years of daily index is drawn,
    in a warm Chromium; likewise from a press on another span until the chart's axis is drawn anew. Medians.
reruns
    Finished reruns a second of one process, of Overview and of Signals, asked for over Streamlit's own websocket by 20
    sessions at once, each as fast as it is answered. The reference is the same server without its ``gc.freeze``.
articles
    Every page's rerun, from asking to its last message, with 1,000,000 stored articles against 10,000; both have the
    same days of index, as though the small one had thrown its older articles away. The first visit stands beside the
    warm median: there the server reads what it then keeps.
hosts
    Requests that any page makes of another host than the server's.

``--quick`` takes small sizes, whose figures say only that all of it works. Made-up databases of earlier runs are taken
up where FOLDER has them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import scale
from aiohttp import ClientSession, ClientWebSocketResponse
from articles_at_scale import strengthen
from playwright.sync_api import Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tension.storage.listing import list_all
from tests.browser.chromium import find
from tests.browser.conftest import ARGUMENTS
from tests.feedlists import write_feeds
from tests.serving import Served

SESSIONS = 20
SAME_DAYS = ("feed", "poll_day", "feed_day", "article_day", "index_point")
WITHOUT_FREEZE = "import gc\ngc.freeze = lambda: None\n"
IDLE = "() => document.querySelector('[data-test-script-state=\"notRunning\"]')"
NO_CHART = "() => !document.querySelector('.js-plotly-plot')"
DRAWN = "document.querySelector('.js-plotly-plot .main-svg .scatterlayer path.js-line')"
TICKS = """[...document.querySelector('.js-plotly-plot').querySelectorAll('[class^="x"][class$="tick"]')]
  .map(tick => tick.textContent).join()"""
PRESSED = """async ([button, shown, before]) => {
  const look = new Function(`return (${shown})`), started = performance.now()
  button.click()
  for (let found; !(found = look()) || found === before; await new Promise(requestAnimationFrame))
    if (performance.now() - started > 60000) throw new Error("not drawn within a minute")
  return (performance.now() - started) / 1000
}"""


class Size(NamedTuple):
    """How much is made up, and how often it is timed."""

    days: int  # of daily index
    articles: int
    rounds: int
    seconds: float


FULL, QUICK = Size(3650, 1_000_000, 10, 20), Size(400, 20_000, 3, 4)
PER_DAY_OF_YEARS = 40  # articles, one a feed: else ten years would be millions
PER_DAY = scale.PER_DAY


def navigation(folder: Path, size: Size) -> None:
    """Seconds from a press to the drawn chart."""
    with serving(years(folder, size)) as url, reading(url) as page:
        page.goto("/")
        went = [between_pages(page) for _ in range(size.rounds + 1)][1:]
        told(f"navigation to the drawn chart, {size.days:,} days", statistics.median(went), 1.0, "s")
        between_spans(page, "month")
        spans = [span for _ in range(size.rounds) for span in ("quarter", "month")]
        redrawn = [between_spans(page, span) for span in spans][:: 1 if size is QUICK else 2]
        told("control to the redrawn chart, quarter", statistics.median(redrawn), 0.25, "s")
        print(f"  all rounds, s: {listed(went)}; {listed(redrawn)}")


def between_pages(page: Page) -> float:
    page.get_by_role("link", name="Download").first.click()
    page.wait_for_function(NO_CHART)
    settle(page)
    link = page.get_by_role("link", name="Overview").first.element_handle()
    seconds: float = page.evaluate(PRESSED, [link, DRAWN, None])
    settle(page)
    return seconds


def between_spans(page: Page, span: str) -> float:
    button = page.get_by_role("radio", name=span, exact=True).element_handle()
    seconds: float = page.evaluate(PRESSED, [button, TICKS, page.evaluate(TICKS)])
    settle(page)
    return seconds


def settle(page: Page) -> None:
    """Wait until the server is done with the page, and the browser with what it sent."""
    page.wait_for_function(IDLE)
    page.wait_for_timeout(500)


def reruns(folder: Path, size: Size) -> None:
    """Reruns a second, with what is loaded out of the collector's reach and without."""
    home = years(folder, size)
    rates = {}
    for frozen in (True, False):
        with serving(home, frozen=frozen) as url:
            for name in ("", "signals"):
                rates[frozen, name] = asyncio.run(rate(url, name, size.seconds))
    told(f"Overview, {SESSIONS} sessions: reruns", rates[True, ""], 40, "/ s", least=True)
    print(f"  Signals {rates[True, 'signals']:.1f} / s")
    for name in ("", "signals"):
        ours, theirs = rates[True, name], rates[False, name]
        print(f"  without gc.freeze, {name or 'overview':9} {theirs:6.1f} / s   ratio {ours / theirs:.2f}")


def articles(folder: Path, size: Size) -> None:
    """Every page with many stored articles against few."""
    homes = {n: published(folder / f"articles-{n}", n, PER_DAY) for n in (scale.SMALL, size.articles)}
    with sqlite3.connect(homes[scale.SMALL] / "tension.sqlite") as small:
        small.execute("ATTACH ? AS other", [str(homes[size.articles] / "tension.sqlite")])
        for table in SAME_DAYS:
            small.execute(f"DELETE FROM {table}")
            small.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    small.close()
    with serving(homes[scale.SMALL]) as small_url, serving(homes[size.articles]) as large_url:
        few, many = asyncio.run(every_page([small_url, large_url], size.rounds))
    print(f"page, ms (first visit): {size.articles:,} articles against {scale.SMALL:,}")
    for name in few:
        (cold, *warm), (cold_many, *warm_many) = few[name], many[name]
        a, b = statistics.median(warm), statistics.median(warm_many)
        against = f"{1000 * b:5.0f} ({1000 * cold_many:.0f}) against {1000 * a:.0f} ({1000 * cold:.0f})"
        told(f"  {name or 'overview':10} {against}", b / a, 1.5)


def hosts(folder: Path, size: Size) -> None:
    """Requests of other hosts."""
    asked: list[str] = []
    with serving(years(folder, size)) as url:
        names = list(asyncio.run(every_page([url], 0))[0])
        with reading(url) as page:
            page.on("request", lambda request: asked.append(request.url))
            page.on("websocket", lambda socket: asked.append(socket.url))
            for name in names:
                page.goto(f"/{name}")
                settle(page)
    own = url.partition("//")[2]
    other = [one for one in asked if not one.startswith(("data:", "blob:")) and one.split("/")[2] != own]
    told(f"requests of other hosts, among {len(asked)} of {len(names)} pages", len(other), 0)
    print(*(f"  {one}" for one in sorted(set(other))), sep="\n", end="\n" if other else "")


@dataclass
class Session:
    """A reader's websocket; as a browser does, it names the messages that it still has."""

    socket: ClientWebSocketResponse
    kept: set[str] = field(default_factory=set)
    pages: list[str] = field(default_factory=list)

    async def rerun(self, page: str) -> float:
        """Run a page, and give the seconds until its last message."""
        asked, started, fresh = BackMsg(), time.perf_counter(), set()
        asked.rerun_script.page_name, asked.rerun_script.context_info.locale = page, "en"
        asked.rerun_script.cached_message_hashes.extend(self.kept)
        await self.socket.send_bytes(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self.socket.receive_bytes())
            kind = message.WhichOneof("type")
            if kind == "ref_hash" or message.metadata.cacheable:
                fresh.add(message.ref_hash or message.hash)
            if kind == "navigation":
                self.pages = [one.url_pathname for one in message.navigation.app_pages]
            if kind == "page_not_found" or message.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(f"{page or 'overview'}: {message}")
            if kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.kept = fresh
                return time.perf_counter() - started

    async def count(self, page: str, until: float) -> int:
        """How many reruns are begun until then, once all of them are finished."""
        n = 0
        while time.perf_counter() < until:
            await self.rerun(page)
            n += 1
        return n


async def session(http: ClientSession, url: str) -> Session:
    return Session(await http.ws_connect(f"{url}/_stcore/stream", max_msg_size=0))


async def rate(url: str, page: str, seconds: float) -> float:
    async with ClientSession() as http:
        readers = [await session(http, url) for _ in range(SESSIONS)]
        await asyncio.gather(*(reader.rerun(page) for reader in readers))
        started = time.perf_counter()
        counts = await asyncio.gather(*(reader.count(page, started + seconds) for reader in readers))
        return sum(counts) / (time.perf_counter() - started)


async def every_page(urls: Sequence[str], rounds: int) -> list[dict[str, list[float]]]:
    """Seconds of each page, by server: of its first visit, then of the others; the servers take turns."""
    async with ClientSession() as http:
        readers = [await session(http, url) for url in urls]
        for reader in readers:
            await reader.rerun("method")
        times: list[dict[str, list[float]]] = [{name: [] for name in readers[0].pages} for _ in urls]
        for name in readers[0].pages:
            for _ in range(rounds + 1):
                for reader, found in zip(readers, times, strict=True):
                    found[name].append(await reader.rerun(name))
        return times


def years(folder: Path, size: Size) -> Path:
    """A state folder with years of daily index."""
    return published(folder / f"days-{size.days}", size.days * PER_DAY_OF_YEARS, PER_DAY_OF_YEARS)


def published(home: Path, n: int, per_day: int) -> Path:
    """A state folder of n coded articles with the index measured from them."""
    if not (home / "measured").exists():
        with patch.object(scale, "PER_DAY", per_day):
            pipeline = scale.filled(home, n)
        with pipeline.store.engine.begin() as connection:
            strengthen(connection)
            list_all(connection)
        print(f"  made up: {n:,} articles, {pipeline.publish():,} days of index", flush=True)
        pipeline.store.engine.dispose()
        (home / "measured").touch()
    return home


@contextmanager
def serving(home: Path, frozen: bool = True) -> Iterator[str]:
    """The address of a server of a state folder, which polls nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_feeds(folder / "feeds.yaml", [f"https://{i}.example/rss" for i in range(scale.N_FEEDS)])
        (folder / "sitecustomize.py").write_text("" if frozen else WITHOUT_FREEZE)
        with patch.dict(os.environ, PYTHONPATH=f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"):
            server = Served(folder, HOME=str(home), SCHEDULER="false")
        try:
            with patch("tests.serving.START_SECONDS", 300):  # a busy machine starts slowly
                server.wait_until_it_answers()
            yield server.url
        finally:
            server.stop()


@contextmanager
def reading(url: str) -> Iterator[Page]:
    """A page in a Chromium that reads there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        yield browser.new_page(viewport={"width": 1440, "height": 900}, base_url=url, locale="en-GB")
        browser.close()


def told(name: str, value: float, target: float, unit: str = "", least: bool = False) -> None:
    met = value >= target if least else value <= target
    sign, missed = "≥" if least else "≤", "" if met else "   missed"
    print(f"{name:62} {value:7.2f} {unit:3}   target {sign} {target:g}{missed}", flush=True)


def listed(times: list[float]) -> str:
    return " ".join(f"{seconds:.2f}" for seconds in sorted(times))


def main() -> None:
    parts = {part.__name__: part for part in (navigation, reruns, articles, hosts)}
    parser = argparse.ArgumentParser(description="How fast the pages are.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--folder", help="where made-up databases are kept")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(chosen.folder or temporary).absolute()
        for name in chosen.parts or parts:
            parts[name](folder, QUICK if chosen.quick else FULL)


if __name__ == "__main__":
    main()
