"""One real cycle on a new database, and what it cost this process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tension.pipeline import Pipeline
from tension.records import Poll
from tension.settings import Settings
from tension.storage.store import Store
from tests.feedlists import write_feeds


@dataclass(frozen=True)
class Cycle:
    """``polls`` by the last part of the feed's address; ``grown_mb`` the peak of resident memory above its start.

    ``n_workers`` lived during the cycle, ``orphans`` after it.
    """

    polls: dict[str, Poll]
    keys: frozenset[str]
    seconds: float
    grown_mb: float
    n_workers: int
    orphans: frozenset[int]
    database: Path


def run_cycle(home: Path, urls: Iterable[str], **settings: object) -> Cycle:
    """Poll these feeds once, as `tension run` does."""
    given = Settings(home=home, feeds=home / "feeds.yaml", allowed_networks="127.0.0.1/32", **settings)
    write_feeds(given.feeds, urls)
    store, workers = Store.open(given.url), set[int]()
    with Pipeline(given, store) as pipeline:
        pipeline.sync_catalogue()
        before, started = _reset_peak(), time.monotonic()
        polls = pipeline.run_cycle(on_poll=lambda poll: workers.update(parsing_children()))
        seconds, grown = time.monotonic() - started, _memory_mb("VmHWM") - before
    with store.engine.connect() as connection:
        keys = frozenset(connection.exec_driver_sql("SELECT key FROM article").scalars())
    store.engine.dispose()
    by_name = {poll.url.rpartition("/")[2].removesuffix(".xml"): poll for poll in polls}
    return Cycle(by_name, keys, seconds, grown, len(workers), parsing_children(), home / "tension.sqlite")


def parsing_children() -> frozenset[int]:
    """The processes started by this one that parse feeds and are not dead yet."""
    return frozenset(int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _is_parsing_child(folder))


def _is_parsing_child(folder: Path) -> bool:
    try:
        state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        return int(parent) == os.getpid() and state != "Z" and b"tension.feeds.worker" in _command(folder)
    except (FileNotFoundError, ProcessLookupError):
        return False


def _command(folder: Path) -> bytes:
    return (folder / "cmdline").read_bytes()


def _reset_peak() -> float:
    Path("/proc/self/clear_refs").write_text("5")
    return _memory_mb("VmRSS")


def _memory_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024
