"""Polling beside the `reader` library, and the memory that polling many feeds takes.

    pip install --constraint constraints.txt --editable '.[benchmarks]'
    python benchmarks/feeds_against_reader.py [ROUNDS]

Both poll the same 500 generated feeds (see `generated_feeds`) from loopback, each in a process of its own, by turns,
and keep what they found in a SQLite file of their own: first everything (cold), then again with nothing changed (304).
Counted is what one call does that polls all feeds and has everything stored at its end: `Pipeline.poll` and
``reader.update_feeds(workers=…)``, with the number of workers at which reader is fastest. Opening the database, taking
over the list of feeds, loading the classifier and the model that tells languages apart come before; starting the
processes that parse counts. Then the same with coding, which reader has nothing to hold against. At last 5,000 feeds
are polled twice in one process, and coded for as long as a tick of the scheduler allows. Prints medians with the range
over ROUNDS (5).
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generated_feeds import N_ITEMS, NEWEST, feed_language, served

from tension.feeds.parse import ParserPool
from tension.pipeline import Pipeline
from tension.records import Feed, FeedKind
from tension.scheduler import CODING_SECONDS
from tension.settings import Settings
from tension.signals.language import identify
from tension.storage.store import Store

N_FEEDS, MANY, ROUNDS = 500, 5000, 5
CONNECTIONS, READER_WORKERS = 32, 2
LIMITS = {"cold": 5, "unchanged": 4}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    if find_spec("reader") is None:
        sys.exit("reader is not installed: pip install --constraint constraints.txt --editable '.[benchmarks]'")
    with served(N_FEEDS) as urls:
        rows: dict[str, list[Any]] = {}
        for _ in range(rounds):
            for name in ("reader", "tension", "tension with coding"):
                rows.setdefault(name, []).append(apart(name, urls))
    print(f"{N_FEEDS} feeds × {N_ITEMS} items, {rounds} rounds, feeds/s: median (range)")
    for name, measured in rows.items():
        print(f"{name:20}", *(f"{step} {spread([row[step] for row in measured])}  " for step in LIMITS))
        for step in LIMITS:
            here, there = (statistics.median(row[f"{step} processor"][i] for row in measured) for i in (0, 1))
            print(f"    {step}: processor time a feed {here:.1f} ms, and {there:.1f} ms to parse it aside")
    for step, limit in LIMITS.items():
        ours, theirs = (statistics.median(row[step] for row in rows[name]) for name in ("tension", "reader"))
        print(f"{step}: {ours / theirs:.1f} × reader (to reach: {limit})")
    with served(MANY) as urls:
        measured = apart("tension with coding", urls)
    print(f"{MANY} feeds, classifier loaded, polled twice and coded: {measured['memory']}")


def apart(name: str, urls: list[str]) -> Any:
    """What a process of its own measures."""
    command = [sys.executable, __file__, "--measure", name]
    done = subprocess.run(command, input=json.dumps(urls), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def measure(name: str, urls: list[str]) -> dict[str, Any]:
    """Feeds a second of a cold and of an unchanged poll, and the memory held at most."""
    with tempfile.TemporaryDirectory() as folder:
        if name == "reader":
            return measure_reader(Path(folder), urls)
        return measure_tension(Path(folder), urls, coding=name.endswith("coding"))


def measure_reader(folder: Path, urls: list[str]) -> dict[str, Any]:
    from reader import make_reader

    reader = make_reader(str(folder / "reader.sqlite"))
    for url in urls:
        reader.add_feed(url)

    def poll() -> None:
        reader.update_feeds(scheduled=False, workers=READER_WORKERS)

    speeds = timed(poll, urls)
    n_articles = reader.get_entry_counts().total
    assert n_articles == len(urls) * N_ITEMS, n_articles
    return speeds | {"memory": memory({})}


def measure_tension(folder: Path, urls: list[str], *, coding: bool) -> dict[str, Any]:
    settings = Settings(
        home=folder,
        feeds=folder / "feeds.yaml",
        allowed_networks="127.0.0.0/8",  # type: ignore[arg-type]
        connections_per_host=CONNECTIONS,
    )
    store = Store.open(settings.url)
    store.sync_feeds([as_feed(number, url) for number, url in enumerate(urls)], NEWEST)
    with Pipeline(settings, store) as pipeline:
        identify("which language is this", "", pipeline.model.languages)  # loads both models

        def poll() -> None:
            polls = asyncio.run(pipeline.poll(store.watched()))
            assert all(poll.reason == "" for poll in polls), {poll.reason for poll in polls}
            if coding:
                pipeline.code_pending(seconds=CODING_SECONDS)

        speeds = timed(poll, urls, pipeline.parsers)
        with store.engine.connect() as connection:
            n_articles = connection.exec_driver_sql("SELECT count(*) FROM sighting").scalar_one()
        assert n_articles == len(urls) * N_ITEMS, n_articles
        return speeds | {"memory": memory({f"parser {i + 1}": pid for i, pid in enumerate(pipeline.parsers.pids)})}


def as_feed(number: int, url: str) -> Feed:
    return Feed(url, f"Paper {number}", f"paper{number}", feed_language(number), "FR", FeedKind.PRESS)


def timed(poll: Callable[[], None], urls: list[str], parsers: ParserPool | None = None) -> dict[str, Any]:
    """Feeds a second of each step, and milliseconds of processor time a feed: of this process, of all that parse."""
    found: dict[str, Any] = {}
    for step in LIMITS:
        started, here, there = time.perf_counter(), time.process_time(), spent(parsers)
        poll()
        found[step] = len(urls) / (time.perf_counter() - started)
        times = time.process_time() - here, spent(parsers) - there
        found[f"{step} processor"] = [taken / len(urls) * 1000 for taken in times]
    return found


def spent(parsers: ParserPool | None) -> float:
    """Seconds of processor time of the processes that parse."""
    pids = parsers.pids if parsers else frozenset()
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")


def memory(others: dict[str, int]) -> str:
    """Resident memory of this process and of others, now and at most, as text."""
    return "; ".join(f"{name} {resident(pid)}" for name, pid in {"main process": "self", **others}.items())


def resident(pid: str | int) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmRSS", "VmHWM"))}
    return f"{found['VmRSS']:.0f} MB (at most {found['VmHWM']:.0f})"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(sys.argv[2], json.load(sys.stdin))))
    else:
        main()
