"""A cycle's update, and a full recomputation, on a database of a million articles against one of ten thousand.

    python benchmarks/scale.py [N]

Fills two databases with made-up coded articles of 40 feeds (1,500 articles a day), then times what follows a poll that
brought 40 new articles: coding, grouping, adding up, measuring, publishing. Prints the ratio of the two; and for the
large one the time and memory of adding up every day anew and measuring all of them. N is the large one's size.
"""

from __future__ import annotations

import resource as usage
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from tension.pipeline import Pipeline
from tension.records import Article, DatedBy, Feed, FeedKind, Poll, PollStatus, Validators
from tension.settings import Settings
from tension.signals.codebook import KEYS
from tension.storage import schema as s
from tension.storage.days import add_up
from tension.storage.store import Store

N_FEEDS, PER_DAY, SMALL = 40, 1500, 10_000
LAST = date(2026, 11, 20)
LETTERS = np.random.default_rng(1).integers(97, 123, (3000, 9)).astype(np.uint8)
WORDS = [bytes(row[: 4 + i % 6]).decode() for i, row in enumerate(LETTERS)]


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        times = {}
        for n in (SMALL, large):
            pipeline = filled(Path(folder) / str(n), n)
            pipeline.publish()
            times[n] = statistics.median(update(pipeline, round) for round in range(5))
            print(f"{n:>9,} articles: a cycle's update {times[n]:.2f} s")
        print(f"ratio {times[large] / times[SMALL]:.2f}")
        started = time.perf_counter()
        days = sorted({LAST - timedelta(days=i // PER_DAY) for i in range(0, large, PER_DAY)})
        for start in range(0, len(days), 20):
            with pipeline.store.engine.begin() as connection:
                add_up(connection, days[start : start + 20], pipeline.model.version)
        pipeline.publish()
        memory = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"full recomputation {time.perf_counter() - started:.1f} s, resident memory at most {memory:.2f} GB")


def filled(home: Path, n: int) -> Pipeline:
    """A pipeline on a database of n coded articles."""
    settings = Settings(home=home, feeds=home / "feeds.yaml")
    store = Store.open(settings.url)
    feeds = [
        Feed(f"https://{i}.example/rss", f"Feed {i}", f"family {i}", "en", "GB", FeedKind.PRESS) for i in range(N_FEEDS)
    ]
    clock = [datetime.combine(LAST, datetime.min.time(), UTC) + timedelta(hours=20)]
    pipeline = Pipeline(settings, store, now=lambda: clock[0])
    pipeline.__dict__["clock"] = clock
    store.sync_feeds(feeds, clock[0])
    ids = [state.id for state in store.watched()]
    random = np.random.default_rng(0)
    first = LAST - timedelta(days=n // PER_DAY)
    for start in range(0, n, 20_000):
        fill(store, pipeline.model.version, range(start, min(start + 20_000, n)), ids, random)
    with store.engine.begin() as connection:
        days = [first + timedelta(days=i) for i in range((LAST - first).days + 1)]
        counts = {"ok": 9, "not_modified": 9, "empty": 0, "failed": 0}
        connection.execute(s.poll_day.insert(), [{"feed_id": f, "day": day, **counts} for f in ids for day in days])
        start_at = datetime.combine(first, datetime.min.time(), UTC)
        connection.execute(s.feed.update().values(first_polled_at=start_at, last_poll_at=clock[0]))
        for at in range(0, len(days), 20):
            add_up(connection, days[at : at + 20], pipeline.model.version)
    return pipeline


def fill(store: Store, version: str, numbers: range, feeds: list[int], random: np.random.Generator) -> None:
    articles, sightings, codings, signals = [], [], [], []
    for i in numbers:
        day = LAST - timedelta(days=i // PER_DAY)
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=i % 1200)
        tense = random.random() < 0.08
        p = random.dirichlet([0.2] * len(KEYS)).round(3).tolist() if tense else [0.001] * len(KEYS)
        title = " ".join(random.choice(WORDS, 6)) + f" {i}"
        article = {"id": i + 1, "key": f"k{i}", "url": f"https://a.example/{i}", "title": title, "summary": ""}
        dated = {"published_at": at, "published_on": day, "dated_by": "feed", "first_seen_at": at}
        articles.append(article | dated | {"language": "en", "publisher": "a", "coded_by": version, "story_id": i + 1})
        feed = feeds[i % len(feeds)]
        sightings.append({"article_id": i + 1, "feed_id": feed, "first_seen_at": at, "last_seen_at": at})
        codings.append({"article_id": i + 1, "model_version": version, "coded_at": at, "involvement": "direct",
                        "p_direct": 0.9 * tense, "p_partner": 0.05, "threats": 0.0, "acts": 0.0, "easing": 0.0,
                        "variance": 1.0, "low_confidence": False, "countries": ["RU", "US"], "probabilities": p,
                        "evidence": []})  # fmt: skip
        if tense:
            signals.append({"article_id": i + 1, "model_version": version, "signal": KEYS[int(np.argmax(p))],
                            "published_on": day, "probability": max(p)})  # fmt: skip
    with store.engine.begin() as connection:
        for table, rows in (
            (s.article, articles),
            (s.sighting, sightings),
            (s.coding, codings),
            (s.coded_signal, signals),
        ):
            connection.execute(table.insert(), rows)


def update(pipeline: Pipeline, round: int) -> float:
    """Seconds from a poll's new articles to the published index."""
    clock = pipeline.__dict__["clock"]
    clock[0] += timedelta(minutes=15)
    started = time.perf_counter()
    for position, state in enumerate(pipeline.store.watched()):
        key = f"https://{position}.example/{round}"
        title = f"NATO and Russia hold talks in Geneva, round {round} as told by {position}"
        new = Article(key, key, title, "", "en", state.feed.publisher, clock[0], DatedBy.FEED, clock[0])
        poll = Poll(state.feed.url, clock[0], PollStatus.OK, n_items=1)
        pipeline.store.record_poll(state.id, poll, [new], Validators(), clock[0])
    pipeline.code_pending()
    pipeline.publish()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
