"""Days are counted in one zone, kept in the database; another one counts every stored day anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from tension.errors import SettingsError
from tension.records import Article, DatedBy, Feed, FeedKind, Poll, PollStatus, Validators
from tension.settings import read_settings
from tension.storage import frames
from tension.storage.store import Store
from tension.storage.zones import keep_days_in
from tests.test_store import coding

MOSCOW = ZoneInfo("Europe/Moscow")
LATE = datetime(2022, 2, 23, 22, 30, tzinfo=UTC)  # half past one on the 24th in Moscow
FEED = Feed("https://a.example/rss", "A", "a", "en", "GB", FeedKind.PRESS)


def filled(store: Store) -> Store:
    """An evening's poll with one coded article of that moment, and one of ten hours before."""
    store.sync_feeds([FEED], LATE)
    (state,) = store.watched()
    moments = [LATE, LATE - timedelta(hours=10)]
    articles = [
        Article(f"k{n}", "", f"Title {n}", "", "en", "a", at, DatedBy.FEED, LATE) for n, at in enumerate(moments)
    ]
    store.record_poll(state.id, Poll("", LATE, PollStatus.OK, n_items=2), articles, Validators(), LATE)
    waiting = store.uncoded("m1", 10)
    store.add_codings([(one.id, coding()) for one in waiting], LATE, of_conflict={waiting[0].id})
    return store


def days(frame: pd.DataFrame, column: str = "day") -> list[date]:
    return sorted(frame[column].dt.date)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request):
    return request.getfixturevalue(f"{request.param}_url")


def check_in_moscow(store: Store) -> None:
    assert days(frames.feed_days(store.engine, "m1")) == [date(2022, 2, 23), date(2022, 2, 24)]
    assert days(frames.polled_days(store.engine)) == [date(2022, 2, 24)]
    assert frames.counts(store.engine)["n_articles"].to_dict() == {
        pd.Timestamp("2022-02-23"): 1,
        pd.Timestamp("2022-02-24"): 1,
    }
    assert frames.feeds(store.engine)["first_polled_on"].iloc[0] == pd.Timestamp("2022-02-24")
    on_the_24th = frames.ArticleFilter(since=date(2022, 2, 24), signals=["expulsion"])
    assert frames.articles(store.engine, on_the_24th, limit=5)["title"].tolist() == ["Title 0"]
    assert frames.today(store.engine, LATE) == date(2022, 2, 24)


def test_days_are_counted_in_utc_by_default(url):
    store = filled(Store.open(url))
    assert days(frames.feed_days(store.engine, "m1")) == [date(2022, 2, 23)]
    assert frames.today(store.engine, LATE) == date(2022, 2, 23)
    store.engine.dispose()


def test_days_are_counted_in_the_zone_that_is_set(url):
    store = filled(Store.open(url, MOSCOW))
    check_in_moscow(store)
    store.engine.dispose()


def test_another_zone_counts_every_day_anew_and_back(url):
    store = filled(Store.open(url))
    before = frames.feed_days(store.engine, "m1")
    store.engine.dispose()
    moved = Store.open(url, MOSCOW)
    assert moved.zone == MOSCOW
    check_in_moscow(moved)
    keep_days_in(moved.engine, ZoneInfo("UTC"))
    pd.testing.assert_frame_equal(frames.feed_days(moved.engine, "m1"), before)
    moved.engine.dispose()


def test_a_day_knows_how_much_of_its_news_is_of_conflict(url):
    store = filled(Store.open(url))
    counts = frames.counts(store.engine).iloc[0]
    assert (counts["n_stories"], counts["n_involved"], counts["n_conflict"]) == (2, 2, 1)
    store.engine.dispose()


def test_a_zone_that_is_none_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("TENSION_DAY_ZONE", "Mars/Olympus")
    with pytest.raises(SettingsError, match=r"TENSION_DAY_ZONE.*Mars/Olympus"):
        read_settings()
