"""What is written can be read back, once and whole, on every database that we support."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from tension.errors import StorageError
from tension.feeds.moving import Move
from tension.records import (
    Article,
    Coding,
    DatedBy,
    Evidence,
    Feed,
    FeedKind,
    IndexPoint,
    Involvement,
    PointStatus,
    Poll,
    PollStatus,
    Validators,
)
from tension.signals.codebook import KEYS
from tension.signals.intensity import expected_intensity
from tension.storage import frames
from tension.storage import schema as s
from tension.storage.database import open_database
from tension.storage.days import add_up
from tension.storage.frames import ArticleFilter
from tension.storage.locks import ProcessLock, waiting_for
from tension.storage.polls import PollResult
from tension.storage.store import Store

NOW = datetime(2022, 2, 24, 12, tzinfo=UTC)
FEED = Feed("https://a.example/rss", "A", "a", "en", "GB", FeedKind.PRESS)
OTHER = replace(FEED, url="https://b.example/rss", name="B", publisher="b", country="FR")


def article(n: int, at: datetime = NOW) -> Article:
    key = f"http://a.example/{n}"
    return Article(key, key, f"Title {n}", f"Summary {n}", "en", "a", at, DatedBy.FEED, NOW)


def coding(signal: str = "expulsion", version: str = "m1", acts: float = 3.0) -> Coding:
    p = tuple(0.9 if key == signal else 0.01 for key in KEYS)
    spans = (Evidence(signal, "Title", 0, 5, 1.5),)
    return Coding(version, Involvement.DIRECT, 0.9, 0.05, (signal,), p, 1.0, acts, 0.5, spans)


def watch(store: Store, *feeds: Feed) -> list[int]:
    store.sync_feeds(feeds, NOW)
    return [state.id for state in store.watched()]


def poll(store: Store, feed_id: int, articles: list[Article], at: datetime = NOW, status: PollStatus = PollStatus.OK):
    result = Poll("", at, status, "", 200, len(articles))
    return store.record_poll(feed_id, result, articles, Validators("e", "l", "h"), at + timedelta(minutes=15))


def point(day: date, value: float | None, at: datetime) -> IndexPoint:
    status = PointStatus.INSUFFICIENT if value is None else PointStatus.FINAL
    return IndexPoint(day, value, value, None, None, value, 0.0, 0.0, value, 5, None, 1, 1.0, status, "0", "m1", at)


def test_the_migrations_make_the_tables_of_the_schema(store):
    ours = {
        "include_name": lambda name, kind, _: kind != "table" or not name.startswith("search")
    }  # the index of words
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), s.metadata) == []


def test_an_article_is_stored_once_however_often_and_wherever_it_is_seen(store):
    first, second = watch(store, FEED, OTHER)
    assert poll(store, first, [article(1), article(2), article(2)]).n_new == 2
    assert poll(store, first, [article(2), article(3)], NOW + timedelta(hours=1)).n_new == 1
    assert poll(store, second, [article(1)], NOW + timedelta(hours=2)).n_new == 0
    with store.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(s.article)).scalar() == 3
        assert connection.execute(select(func.count()).select_from(s.sighting)).scalar() == 4


def test_overlap_counts_what_the_poll_before_carried_too(store):
    (feed_id,) = watch(store, FEED)
    hours = [NOW + timedelta(hours=h) for h in range(4)]
    assert poll(store, feed_id, [article(1), article(2)], hours[0]).n_overlap is None
    assert poll(store, feed_id, [article(2), article(3)], hours[1]).n_overlap == 1
    assert poll(store, feed_id, [article(1), article(9)], hours[2]).n_overlap == 0  # 1 is known, but not from the last


def test_a_poll_is_remembered_with_the_feeds_state(store):
    (feed_id,) = watch(store, FEED)
    poll(store, feed_id, [article(1)])
    poll(store, feed_id, [], NOW + timedelta(hours=1), PollStatus.FAILED)
    poll(store, feed_id, [], NOW + timedelta(hours=2), PollStatus.FAILED)
    row = frames.feeds(store.engine).loc[feed_id]
    assert (row["failures_in_row"], row["last_status"]) == (2, "failed")
    assert row["last_success_at"] == pd.Timestamp(NOW)
    assert row["first_polled_on"] == pd.Timestamp("2022-02-24")
    (state,) = store.watched()
    assert state.validators == Validators("e", "l", "h")
    assert len(frames.polls(store.engine, feed_id)) == 3
    assert frames.polled_days(store.engine)["day"].tolist() == [pd.Timestamp("2022-02-24")]


def test_a_day_on_which_a_feed_only_failed_is_no_coverage(store):
    (feed_id,) = watch(store, FEED)
    poll(store, feed_id, [], NOW, PollStatus.FAILED)
    poll(store, feed_id, [], NOW, PollStatus.EMPTY)
    assert frames.polled_days(store.engine)["answered"].tolist() == [False]


def test_a_feed_that_leaves_the_catalogue_keeps_its_history(store):
    watch(store, FEED, OTHER)
    watch(store, OTHER)
    assert [state.feed.name for state in store.watched()] == ["B"]
    assert len(frames.feeds(store.engine)) == 2
    watch(store, replace(FEED, name="A again"), OTHER)
    assert [state.feed.name for state in store.watched()] == ["A again", "B"]


def test_codings_add_up_by_feed_and_day(store):
    first, second = watch(store, FEED, OTHER)
    yesterday = NOW - timedelta(days=1)
    poll(store, first, [article(1), article(2), article(3, yesterday)])
    waiting = store.uncoded("m1", 10)
    assert len(waiting) == 3
    store.add_codings([(row.id, coding()) for row in waiting], NOW)
    assert store.uncoded("m1", 10) == []
    poll(store, second, [article(1)])  # already coded: counts for the second feed at once
    sums = frames.feed_days(store.engine, "m1").sort_values(["feed_id", "day"]).reset_index(drop=True)
    assert sums["n_articles"].tolist() == sums["n_stories"].tolist() == [1, 2, 1]
    one, copy = intensity(coding()), (1 + np.log(2)) / 2  # the first article has two independent publishers now
    for part, position in (("threats", 0), ("acts", 1), ("easing", 2)):
        assert sums[part].tolist() == pytest.approx([one[position], one[position] * (1 + copy), one[position] * copy])
    escalation = one[0] + one[1]
    assert sums["squares"].tolist() == pytest.approx(
        [escalation**2, escalation**2 * (1 + copy**2), (escalation * copy) ** 2]
    )


def test_a_day_names_its_strongest_stories(store):
    (first,) = watch(store, FEED)
    poll(store, first, [article(n) for n in range(1, 5)])
    waiting = {row.title: row.id for row in store.uncoded("m1", 10)}
    acts = {"Title 1": 3.0, "Title 2": 7.0, "Title 3": 0.0, "Title 4": 5.0}
    rows = [(waiting[title], replace(coding(acts=size), threats=0.0, easing=0.0)) for title, size in acts.items()]
    store.add_codings(rows, NOW)
    assert frames.leading(store.engine).to_dict() == {pd.Timestamp(NOW.date()): "Title 2\nTitle 4"}
    assert frames.leading(store.engine, least=9.0).empty


def test_a_feed_on_trial_changes_no_copies_of_others(store):
    """A founder's copy weighs as alone for 28 days after another feed has come to carry the story."""
    (first,) = watch(store, FEED)
    poll(store, first, [article(1)])
    store.add_codings([(row.id, coding()) for row in store.uncoded("m1", 10)], NOW)
    before = frames.feed_days(store.engine, "m1").iloc[0]
    late = NOW + timedelta(days=7)
    _, second = watch(store, FEED, OTHER)
    poll(store, second, [article(1), article(2, late)], late)
    poll(store, first, [article(1), article(2, late)], late)
    store.add_codings([(row.id, coding()) for row in store.uncoded("m1", 10)], late)
    days = frames.feed_days(store.engine, "m1")
    assert (days["n_effective"] == 1).all()
    assert days.loc[days["feed_id"] == first, "acts"].iloc[0] == pytest.approx(before["acts"])
    after = late + timedelta(days=30)
    for feed_id in (first, second):
        poll(store, feed_id, [article(3, after)], after)
    store.add_codings([(row.id, coding()) for row in store.uncoded("m1", 10)], after)
    copy = frames.feed_days(store.engine, "m1").sort_values("day")["n_effective"].tail(2)
    assert copy.tolist() == pytest.approx([(1 + np.log(2)) / 2] * 2)


def intensity(coded: Coding) -> np.ndarray:
    return expected_intensity(np.array([coded.p_direct]), np.array([coded.p_partner]), np.array([coded.probabilities]))[
        0
    ]


def test_articles_on_one_event_are_one_story_and_the_order_does_not_matter(store):
    first, second = watch(store, FEED, OTHER)
    poll(store, first, [article(1), article(2)])
    poll(store, second, [article(3)])
    one, two, three = sorted(row.id for row in store.uncoded("m1", 10))
    store.add_codings([(two, coding()), (three, coding())], NOW, {three: two})
    store.add_codings([(one, coding())], NOW, {two: one})
    headlines, story_of = store.headlines_near([NOW.date()])
    assert {headline.signals for headline in headlines} == {frozenset({"expulsion"})}
    assert story_of == {one: one, two: one, three: one}
    sums = frames.feed_days(store.engine, "m1").set_index("feed_id")
    assert sums["n_articles"].to_dict() == {first: 2, second: 1}
    assert sums["n_stories"].to_dict() == {first: 1, second: 1}  # a feed's two articles on it are one story
    copy = (1 + np.log(2)) / 2
    assert sums["n_effective"].tolist() == pytest.approx([copy] * 2)
    assert sums["acts"].tolist() == pytest.approx([intensity(coding())[1] * copy] * 2)


def recomputed(store):
    """The sums as stored, and as they are when every day is added up anew."""
    stored = frames.feed_days(store.engine, "m1").sort_values(["feed_id", "day"]).reset_index(drop=True)
    with store.engine.begin() as connection:
        add_up(connection, set(stored["day"].dt.date), "m1")
    return stored, frames.feed_days(store.engine, "m1").sort_values(["feed_id", "day"]).reset_index(drop=True)


def test_stories_that_come_together_are_added_up_anew_on_all_their_days(store):
    (feed_id,) = watch(store, FEED)
    yesterday = NOW - timedelta(days=1)
    poll(store, feed_id, [article(1, yesterday), article(2, yesterday)])
    one, two = sorted(row.id for row in store.uncoded("m1", 10))
    store.add_codings([(one, coding()), (two, coding())], NOW)
    poll(store, feed_id, [article(3)])
    (three,) = (row.id for row in store.uncoded("m1", 10))
    store.add_codings([(three, coding())], NOW, {two: one, three: one})
    pd.testing.assert_frame_equal(*recomputed(store))
    assert frames.counts(store.engine)["n_stories"].tolist() == [1, 1]


def test_an_uncoded_article_beside_a_known_one_waits_to_be_grouped(store):
    first, second = watch(store, FEED, OTHER)
    poll(store, first, [article(1)])
    store.add_codings([(row.id, coding()) for row in store.uncoded("m1", 10)], NOW)
    poll(store, second, [article(1), article(2)])
    (waiting,) = store.uncoded("m1", 10)
    assert waiting.story_id is None
    pd.testing.assert_frame_equal(*recomputed(store))


def test_an_archive_is_no_witness_beside_live_feeds(store):
    (live,) = watch(store, FEED)
    poll(store, live, [article(1)])
    archive = store.archive_feed(replace(OTHER, url="archive:old"), NOW)
    store.add_articles(archive, [article(1)], NOW)
    store.add_codings([(row.id, coding()) for row in store.uncoded("m1", 10)], NOW)
    assert frames.feed_days(store.engine, "m1")["n_effective"].tolist() == [1, 1]


def test_a_new_model_codes_again_and_both_are_kept(store):
    (feed_id,) = watch(store, FEED)
    poll(store, feed_id, [article(1)])
    given = {"m1": coding("red_line", "m1"), "m0": coding("expulsion", "m0")}
    for version, coded in given.items():
        (row,) = store.uncoded(version, 10)
        store.add_codings([(row.id, coded)], NOW)
    for version, coded in given.items():
        (sums,) = frames.feed_days(store.engine, version)[["threats", "acts", "easing"]].to_numpy()
        assert sums == pytest.approx(intensity(coded))
    listed = frames.articles(store.engine, ArticleFilter(), limit=10)
    assert listed["model_version"].tolist() == ["m0"]


def test_articles_are_found_by_each_filter(store):
    first, second = watch(store, FEED, OTHER)
    poll(store, first, [article(1), article(2)])
    poll(store, second, [article(3, NOW - timedelta(days=3))])
    kinds = {"Title 1": "expulsion", "Title 2": "red_line", "Title 3": "red_line"}
    rows = store.uncoded("m1", 10)
    store.add_codings([(row.id, coding(kinds[row.title])) for row in rows], NOW)

    def titles(**chosen):
        wanted = ArticleFilter(**chosen)
        found = sorted(frames.articles(store.engine, wanted, limit=10)["title"])
        assert frames.count_articles(store.engine, wanted) == len(found)
        return found

    assert titles() == ["Title 1", "Title 2", "Title 3"]
    assert titles(signals=["red_line"]) == ["Title 2", "Title 3"]
    assert titles(since=date(2022, 2, 22)) == ["Title 1", "Title 2"]
    assert titles(until=date(2022, 2, 22)) == ["Title 3"]
    assert titles(countries=["FR"]) == ["Title 3"]
    assert titles(feed_ids=[first], signals=["red_line"]) == ["Title 2"]
    assert titles(words="title 1") == ["Title 1"]
    assert titles(words="%") == []
    assert titles(languages=["fr"]) == []
    one = frames.articles(store.engine, ArticleFilter(signals=["expulsion"]), limit=10).iloc[0]
    assert one["signals"] == ["expulsion"]
    assert one["feeds"] == ["A"]
    assert one["evidence"][0]["text"] == "Title"


def test_the_index_is_known_as_it_was(store):
    later = NOW + timedelta(days=1)
    store.add_points([point(date(2022, 2, 23), 100.0, NOW), point(date(2022, 2, 24), None, NOW)])
    store.add_points([point(date(2022, 2, 23), 120.0, later)])
    assert frames.index_points(store.engine)["index"].iloc[0] == 120
    assert frames.index_points(store.engine, NOW)["index"].iloc[0] == 100
    assert frames.index_points(store.engine, NOW - timedelta(seconds=1)).empty
    assert pd.isna(frames.index_points(store.engine)["index"].iloc[1])


def test_a_lock_is_held_by_one_at_a_time(store):
    first, second = ProcessLock(store.engine, "owner"), ProcessLock(store.engine, "owner")
    assert first.acquire()
    assert not second.acquire()
    with pytest.raises(StorageError, match="owner lock"), waiting_for(second, 0.2):
        pass
    first.release()
    assert second.acquire()
    second.release()


def test_a_naive_time_is_refused(store):
    with pytest.raises(Exception, match="no time zone"):
        store.sync_feeds([FEED], datetime(2022, 1, 1))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://x/y", "not supported"),
        ("nonsense", "cannot be used"),
        ("postgresql://127.0.0.1:1/x", "cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(url, says):
    with pytest.raises(StorageError, match=says):
        open_database(url)


def a_batch(ids: list[int], at: datetime, first: int) -> list[PollResult]:
    """Polls of three feeds, of which two carry the same articles, and of two that brought none."""
    carried = [range(first, first + 3), range(first + 1, first + 5), range(first + 2, first + 2), (), ()]
    statuses = [PollStatus.OK, PollStatus.OK, PollStatus.EMPTY, PollStatus.NOT_MODIFIED, PollStatus.FAILED]
    validators = [Validators("e", "l", f"h{first}"), Validators(None, None, "h"), None, None, None]
    again, move = at + timedelta(minutes=15), Move("https://new.example/", first)
    return [
        PollResult(feed_id, Poll("", at, status, status.value, 200, len(n)), list(map(article, n)), given, again, move)
        for feed_id, n, status, given in zip(ids, carried, statuses, validators, strict=True)
    ]


FIVE = [replace(FEED, url=f"https://{n}.example/rss", publisher=str(n)) for n in range(5)]


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = (s.feed, s.poll, s.poll_day, s.article, s.sighting, s.story, s.feed_day)
    with store.engine.connect() as connection:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in tables}


def test_polls_stored_together_come_to_what_they_come_to_one_by_one(store, tmp_path):
    alone = Store.open(f"sqlite:///{tmp_path / 'alone.sqlite'}")
    for one in (store, alone):
        ids = watch(one, *FIVE)
        for hour, first in enumerate((1, 2, 2, 6)):
            results = a_batch(ids, NOW + timedelta(hours=hour), first)
            for batch in [results] if one is store else [[result] for result in results]:
                one.record_polls(batch)
            fresh = sorted(item.id for item in one.uncoded("m1", 100))
            one.add_codings([(article_id, coding()) for article_id in fresh], NOW)
    assert everything(store) == everything(alone)
    alone.engine.dispose()


def test_of_polls_stored_together_all_are_stored_or_none(store):
    ids = watch(store, *FIVE)
    results = a_batch(ids, NOW, 1)
    naive = replace(article(99), published_at=datetime(2022, 2, 24))
    before = everything(store)
    with pytest.raises(StatementError):
        store.record_polls([*results[:4], replace(results[4], articles=[naive])])
    assert everything(store) == before
    assert [stored.n_new for stored in store.record_polls(results)] == [3, 2, 0, 0, 0]


def test_which_articles_are_stored_is_known_by_their_keys(store):
    (feed_id,) = watch(store, FEED)
    poll(store, feed_id, [article(1), article(2)])
    assert store.known_keys([article(2).key, article(3).key]) == {article(2).key}
    assert store.known_keys([]) == set()
