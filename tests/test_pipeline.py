"""The whole way of an article on feeds as they were served: polled, stored once, coded, measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pandas as pd
import pytest

from tension.archive.load import load
from tension.exports import index_table
from tension.feeds.addresses import canonical_url
from tension.feeds.parse import parse
from tension.index.groups import by_side
from tension.measured import by_group
from tension.pipeline import Pipeline
from tension.records import PollStatus
from tension.resources import resource
from tension.signals.classifier import MODEL, Model, load_model
from tension.signals.modelfile import read_model
from tension.storage import frames
from tension.storage.frames import ArticleFilter
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds

LE_MONDE = ("une", "europe", "international")


@dataclass
class Clock:
    """The pipeline's clock, at evening of a day that tests move."""

    now: datetime = field(default=datetime(2022, 1, 1, 20, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def set(self, day: str, hour: int = 20) -> None:
        self.now = datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


@contextmanager
def pipeline_on(home: Path, urls: list[str], clock: Clock, language: str = "fr", publisher: str | None = None):
    settings = loopback_settings(home)
    write_feeds(settings.feeds, urls, language, publisher)
    store = Store.open(settings.url)
    with Pipeline(settings, store, now=clock) as pipeline:
        pipeline.sync_catalogue()
        yield pipeline
    store.engine.dispose()


def keys_in(captures: Path, days: list[str]) -> set[str]:
    """The identities of all articles in the captures that the replay server gave on these days."""
    found = set()
    for name in LE_MONDE:
        files = sorted(captures.glob(f"*_{name}.xml"))
        for day in days:
            shown = [file for file in files if file.name[:10] <= day][-1:]
            found |= {canonical_url(item.link) for file in shown for item in parse(file.read_bytes()).items}
    return found


@pytest.fixture(scope="module")
def replayed(shared, replay_server, tmp_path_factory) -> Iterator[tuple[Pipeline, list[str]]]:
    """Thirty days captured around the invasion and across the half-year, polled one by one."""
    server = replay_server("feeds/lemonde_2022h1")
    with urlopen(f"{server.url}/dates") as answer:
        dates = json.load(answer)
    war = [day for day in dates if "2022-02-20" <= day <= "2022-03-10"]
    rest = [day for day in dates if day not in war]
    spread = [rest[i * len(rest) // (30 - len(war))] for i in range(30 - len(war))]
    days = sorted({*war, *spread})
    clock = Clock()
    urls = [f"{server.url}/feeds/{name}.xml" for name in LE_MONDE]
    with pipeline_on(tmp_path_factory.mktemp("replay"), urls, clock, publisher="lemonde") as pipeline:
        for day in days:
            server.set_clock(day)
            clock.set(day)
            pipeline.run_cycle()
        yield pipeline, days


def test_thirty_days_are_replayed_each_article_stored_once(shared, replayed):
    pipeline, days = replayed
    assert len(days) == 30
    with pipeline.store.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT key FROM article").scalars().all()
    assert len(stored) == len(set(stored)) > 1000
    assert set(stored) == keys_in(shared / "feeds" / "lemonde_2022h1", days)


def test_the_week_of_the_invasion_is_the_peak(replayed):
    pipeline, _ = replayed
    table = index_table(pipeline.store.engine, pd.Timestamp("2022-01-01").date(), pd.Timestamp("2022-06-30").date())
    days = table.set_index("date")["index"]
    whole = days.resample("7D", origin="2022-02-24")
    weeks = whole.mean()[whole.count() >= 4]  # a week that was hardly looked at is no peak
    assert len(weeks) >= 3
    assert weeks.idxmax() == pd.Timestamp("2022-02-24")
    assert weeks.max() > 3 * days[:"2022-01-16"].mean()


def test_polling_the_same_day_again_stores_nothing(replayed, replay_server):
    pipeline, days = replayed
    server = replay_server("feeds/lemonde_2022h1")
    server.set_clock(days[-1])
    before, articles = server.stats()["not_modified"], frames.count_articles(pipeline.store.engine, ArticleFilter())
    polls = pipeline.run_cycle()
    assert [poll.status for poll in polls] == [PollStatus.NOT_MODIFIED] * 3
    assert server.stats()["not_modified"] == before + 3
    assert frames.count_articles(pipeline.store.engine, ArticleFilter()) == articles


def test_a_vintage_is_what_was_known_then(replayed):
    pipeline, days = replayed
    known = days[len(days) // 2]
    as_of = datetime.fromisoformat(known).replace(hour=21, tzinfo=UTC)
    then = index_table(pipeline.store.engine, as_of=as_of)
    assert then["date"].max() <= pd.Timestamp(known)
    assert then["vintage_at"].max() <= pd.Timestamp(as_of)
    assert index_table(pipeline.store.engine)["date"].max() == pd.Timestamp(days[-1])


def test_groups_of_sources_are_measured_apart(replayed):
    pipeline, _ = replayed
    lines = by_group(pipeline.store.engine, pipeline.settings.coverage_floor, by_side)
    assert list(lines.columns) == ["all feeds", "founding feeds", "NATO's side"]  # all are from France
    published = index_table(pipeline.store.engine).set_index("date")["smoothed"].dropna()
    pd.testing.assert_series_equal(lines["all feeds"].reindex(published.index), published, check_names=False)
    pd.testing.assert_series_equal(lines["founding feeds"], lines["all feeds"], check_names=False)


STORIES = [
    ("2022-05-19", "34 diplomates", {"expulsion"}),
    ("2022-02-15", "Lviv", {"mission_closure"}),
    ("2022-01-11", "octobre", {"expulsion", "covert_action"}),
]


@pytest.mark.parametrize(("day", "words", "signals"), STORIES, ids=[day for day, _, _ in STORIES])
def test_a_captured_story_is_polled_and_coded(replay_server, tmp_path, day, words, signals):
    server = replay_server("feeds/lemonde_2022h1")
    server.set_clock(day)
    clock = Clock()
    clock.set(day)
    with pipeline_on(tmp_path, [f"{server.url}/feeds/europe.xml"], clock) as pipeline:
        pipeline.run_cycle()
        found = frames.articles(pipeline.store.engine, ArticleFilter(words=words), limit=20)
    coded = [set(keys) for keys in found["signals"]]
    assert any(signals <= keys for keys in coded), list(zip(found["title"], coded, strict=True))
    (story,) = [i for i, keys in enumerate(coded) if signals <= keys][:1]
    assert found["involvement"].iloc[story] == "direct"
    source = f"{found['title'].iloc[story]}\n{found['summary'].iloc[story]}"
    for span in found["evidence"].iloc[story]:
        assert source[span["start"] : span["end"]] == span["text"]


def test_undated_items_count_when_they_are_first_seen(replay_server, tmp_path):
    server = replay_server("feeds/lemonde_2022h1")
    clock = Clock(datetime.now(UTC))
    with pipeline_on(tmp_path, [f"{server.url}/faults/no-dates"], clock, "en") as pipeline:
        pipeline.run_cycle()
        found = frames.articles(pipeline.store.engine, ArticleFilter(), limit=20)
        table = index_table(pipeline.store.engine)
    assert found["dated_by"].tolist() == ["first_seen"] * 5
    assert table["date"].tolist() == [pd.Timestamp(clock().date())]
    assert table["n_articles"].tolist() == [5]


def test_items_of_the_future_are_stored_and_held_back(replay_server, tmp_path):
    server = replay_server("feeds/lemonde_2022h1")
    clock = Clock(datetime.now(UTC))
    with pipeline_on(tmp_path, [f"{server.url}/faults/future-dates"], clock, "en") as pipeline:
        pipeline.run_cycle()
        engine = pipeline.store.engine
        assert frames.count_articles(engine, ArticleFilter()) == 5
        assert frames.count_articles(engine, ArticleFilter(until=clock().date())) == 0
        assert index_table(engine).empty


def test_old_items_count_on_their_own_day(shared, replay_server, tmp_path):
    server = replay_server("feeds/captured")
    clock = Clock(datetime(2026, 11, 24, 12, tzinfo=UTC))
    with pipeline_on(tmp_path, [f"{server.url}/files/bbc.xml"], clock, "en") as pipeline:
        pipeline.run_cycle()
        table = index_table(pipeline.store.engine).set_index("date")
    counted = table["n_articles"]
    assert counted.sum() == len(parse((shared / "feeds" / "captured" / "bbc.xml").read_bytes()).items)
    assert counted[counted > 0].index.max() < pd.Timestamp("2026-11-01")


def test_a_cycle_goes_on_past_feeds_that_fail_and_says_why(replay_server, tmp_path):
    server = replay_server("feeds/lemonde_2022h1")
    faults = ["status-500", "status-410", "rate-limited", "redirect-loop", "redirect-file", "empty", "html", "binary",
              "truncated", "xml-bomb", "huge", "wrong-length"]  # fmt: skip
    urls = [f"{server.url}/faults/{kind}" for kind in [*faults, "good"]]
    clock = Clock(datetime.now(UTC))
    with pipeline_on(tmp_path, urls, clock, "en") as pipeline:
        polls = {poll.url.rpartition("/")[2]: poll for poll in pipeline.run_cycle()}
        feeds = frames.feeds(pipeline.store.engine).set_index("url")
    assert polls["good"].status is PollStatus.OK
    assert polls["good"].n_new == 20
    for kind in faults:
        assert polls[kind].status is PollStatus.FAILED, kind
        assert len(polls[kind].reason) > 10, kind
    assert len({polls[kind].reason for kind in faults}) == len(faults)
    waits = feeds["next_poll_at"] - clock()
    assert waits[f"{server.url}/faults/status-410"] > timedelta(days=20)
    assert waits[f"{server.url}/faults/rate-limited"] >= timedelta(seconds=120)
    assert feeds["failures_in_row"][f"{server.url}/faults/good"] == 0


def test_a_day_on_which_every_feed_failed_has_no_value(replay_server, tmp_path):
    server = replay_server("feeds/lemonde_2022h1")
    clock = Clock(datetime.now(UTC))
    with pipeline_on(tmp_path, [f"{server.url}/faults/good"], clock, "en") as pipeline:
        pipeline.run_cycle()
        write_feeds(pipeline.settings.feeds, [f"{server.url}/faults/status-500"], "en")
        pipeline.sync_catalogue()
        clock.now += timedelta(days=3)
        pipeline.run_cycle()
        table = index_table(pipeline.store.engine, end=clock().date()).set_index("date")
    assert pd.isna(table["index"].iloc[-1])
    assert table["status"].iloc[-1] == "insufficient"


def test_a_pipeline_told_to_stop_leaves_articles_for_the_next_cycle(replay_server, tmp_path):
    server = replay_server("feeds/lemonde_2022h1")
    clock = Clock(datetime.now(UTC))
    with pipeline_on(tmp_path, [f"{server.url}/faults/good"], clock, "en") as pipeline:
        asyncio.run(pipeline.poll(pipeline.store.watched()))
        pipeline.stopping.set()
        assert pipeline.code_pending() == 0
        assert frames.count_articles(pipeline.store.engine, ArticleFilter()) == 0
        pipeline.stopping.clear()
        assert pipeline.code_pending() == 20
        assert frames.count_articles(pipeline.store.engine, ArticleFilter()) == 20


def test_a_new_model_codes_again_what_is_stored_and_both_series_are_kept(tmp_path):
    settings, clock = loopback_settings(tmp_path), Clock(datetime(2022, 3, 1, 20, tzinfo=UTC))
    write_feeds(settings.feeds, [])
    rows = [
        f"2022-02-{1 + i % 28:02d},Russia expels {i} diplomats of a NATO state,https://a.example/{i}"
        for i in range(2100)
    ]
    (tmp_path / "old.csv").write_text("\n".join(["published_at,title,url", *rows]))
    store, shipped = Store.open(settings.url), load_model()
    with Pipeline(settings, store, now=clock) as before:
        load(before, tmp_path / "old.csv", source="old", language="en")
    assert {*frames.index_points(store.engine)["model_version"]} == {shipped.version}

    stored = read_model(resource(MODEL))
    newer = Model(stored.classifier, "newer", stored.languages)
    clock.now += timedelta(hours=1)
    with Pipeline(settings, store, now=clock, load=lambda: newer) as after:
        assert after.code_pending(seconds=0) == 1000  # cut off after one batch
        assert after.publish() == 0
        assert {*frames.index_points(store.engine)["model_version"]} == {shipped.version}
        assert after.code_pending() == 1100  # the next call goes on
        assert after.publish() == 28
    assert {*frames.index_points(store.engine)["model_version"]} == {"newer"}
    then = frames.index_points(store.engine, clock.now - timedelta(minutes=1))
    assert {*then["model_version"]} == {shipped.version}
    for version in (shipped.version, "newer"):
        assert frames.feed_days(store.engine, version)["n_articles"].sum() == 2100
    store.engine.dispose()
