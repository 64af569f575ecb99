"""How a feed fares: missing is never taken for calm, and what is unusual is told from what the feed usually does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tension.conditions import read_conditions
from tension.feeds.condition import Condition, State, daily, is_silent, states, usual_gap
from tension.records import Article, Coding, DatedBy, Feed, FeedKind, Involvement, Poll, PollStatus, Validators
from tension.signals.codebook import KEYS

NOW = datetime(2022, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed("https://a.example/rss", "A", "a", "en", "GB", FeedKind.PRESS)
OTHER = replace(FEED, url="https://b.example/rss", name="B", publisher="b")


def every(gap: timedelta, n: int, last: datetime) -> list[datetime]:
    return [last - gap * i for i in range(n)]


def test_the_usual_gap_is_the_median_and_needs_five_gaps():
    assert usual_gap(every(HOUR, 6, NOW)) == HOUR
    assert usual_gap([*every(HOUR, 6, NOW), NOW - 9 * DAY]) == HOUR
    assert usual_gap(every(HOUR, 5, NOW)) is None
    assert usual_gap([NOW] * 9) is None
    assert usual_gap([]) is None


@pytest.mark.parametrize(("quiet", "silent"), [(HOUR, False), (5 * HOUR, False), (5.1 * HOUR, True), (9 * DAY, True)])
def test_silence_is_five_times_the_usual_gap(quiet, silent):
    assert is_silent(NOW, every(HOUR, 8, NOW - quiet)) is silent


def test_a_pause_that_the_feed_made_before_is_not_silence():
    nights = [NOW - n * DAY - h * HOUR for n in range(1, 4) for h in range(12)]  # twelve hours a day, then sleep
    assert usual_gap(nights) == HOUR
    assert not is_silent(NOW - 12 * HOUR, nights)
    assert is_silent(NOW, nights)


def test_too_little_is_known_to_call_it_silence():
    assert not is_silent(NOW, every(HOUR, 5, NOW - 300 * DAY))
    assert not is_silent(NOW, [])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [State.WELL]),
        ({"enabled": False, "failures_in_row": 3}, [State.OFF]),
        ({"last_poll_at": None, "moments": []}, [State.WAITING]),
        ({"failures_in_row": 1}, [State.FAILING]),
        ({"failures_in_row": 1, "moments": []}, [State.FAILING]),
        ({"moments": []}, [State.EMPTY]),
        ({"moments": every(HOUR, 9, NOW - DAY)}, [State.SILENT]),
        ({"moments": every(HOUR, 9, NOW - DAY), "n_losses": 2}, [State.SILENT, State.LOSING]),
        ({"failures_in_row": 2, "n_losses": 1}, [State.FAILING, State.LOSING]),
    ],
)
def test_what_is_wrong_is_said(changed, expected):
    usual = {"enabled": True, "last_poll_at": NOW, "failures_in_row": 0, "moments": every(HOUR, 9, NOW), "n_losses": 0}
    assert list(states(NOW, **(usual | changed))) == expected


def test_a_day_without_an_answer_is_no_day_without_articles():
    days = [date(2022, 2, n) for n in range(1, 5)]
    assert daily(days, {days[1]: 3}, {days[1], days[2]}) == (None, 3, 0, None)


# from the database


def article(n: int, at: datetime, seen_at: datetime, dated_by: DatedBy = DatedBy.FEED, language: str = "en") -> Article:
    key = f"https://a.example/{n}"
    return Article(key, key, f"Title {n}", "", language, "a", at, dated_by, seen_at)


def coding(involved: bool) -> Coding:
    involvement = Involvement.DIRECT if involved else Involvement.NONE
    return Coding("m1", involvement, 0.9, 0.05, (), (0.01,) * len(KEYS), 0.0, 0.0, 0.0)


def polled(store, feed_id: int, at: datetime, articles=(), status=PollStatus.OK, reason="") -> None:
    poll = Poll("", at, status, reason, 200, len(articles))
    store.record_poll(feed_id, poll, articles, Validators(), at + timedelta(minutes=15))


def code(store, involved: set[str]) -> None:
    waiting = store.uncoded("m1", 1000)
    store.add_codings([(one.id, coding(one.title in involved)) for one in waiting], NOW)


def test_the_condition_of_a_feed_that_is_polled_live(store):
    store.sync_feeds([FEED], NOW - 2 * DAY)
    (state,) = store.watched()
    first = NOW - 20 * HOUR
    polled(store, state.id, first, [article(0, first - 5 * DAY, first), article(1, first - DAY, first)])
    for n in range(2, 10):  # one an hour, found twenty minutes after it was published
        at = first + (n - 1) * HOUR
        new = article(n, at - timedelta(minutes=20), at, language="de" if n % 4 == 0 else "en")
        polled(store, state.id, at, [article(1, first - DAY, first), new])
    polled(store, state.id, first + 9 * HOUR, [article(10, first, first, DatedBy.FIRST_SEEN)])
    code(store, {"Title 1", "Title 2"})
    condition = read_conditions(store.engine, [FEED], NOW)[FEED.url]
    assert condition.states == (State.SILENT, State.LOSING)
    assert (condition.last_new_at, condition.usual_gap) == (first + 9 * HOUR, HOUR)
    assert (condition.n_losses, condition.last_loss_at) == (1, first + 9 * HOUR)
    assert (condition.n_coded, condition.relevant_share) == (11, pytest.approx(2 / 11))
    assert condition.median_delay is not None
    assert condition.median_delay.total_seconds() == pytest.approx(20 * 60, abs=1)
    assert condition.languages == ("en", "de")
    assert condition.daily[:7] == (None,) * 7  # not asked yet, and nothing known
    assert sum(n or 0 for n in condition.daily) == 11
    assert len(condition.daily) == 14
    assert condition.next_poll_at == first + 9 * HOUR + timedelta(minutes=15)


def test_what_is_not_known_is_none_and_not_zero(store):
    store.sync_feeds([FEED, OTHER], NOW)
    states_of = {state.feed.url: state.id for state in store.watched()}
    polled(store, states_of[OTHER.url], NOW, status=PollStatus.FAILED, reason="HTTP 500")
    found = read_conditions(store.engine, [FEED, OTHER, replace(FEED, url="https://new.example/")], NOW)
    assert found[FEED.url].states == found["https://new.example/"].states == (State.WAITING,)
    assert found["https://new.example/"] == Condition((State.WAITING,))
    failing = found[OTHER.url]
    assert (failing.states, failing.last_reason) == ((State.FAILING,), "HTTP 500")
    assert set(failing.daily) == {None}
    unknown = (failing.relevant_share, failing.median_delay, failing.usual_gap, failing.last_new_at)
    assert (*unknown, failing.last_success_at) == (None,) * 5


def test_an_article_that_another_feed_brought_first_is_news_for_this_one_too(store):
    store.sync_feeds([FEED, OTHER], NOW)
    first, second = (state.id for state in store.watched())
    polled(store, first, NOW - HOUR, [article(1, NOW - 2 * HOUR, NOW - HOUR)])
    polled(store, second, NOW, [article(1, NOW - 2 * HOUR, NOW)])
    found = read_conditions(store.engine, [FEED, OTHER], NOW)[OTHER.url]
    assert (found.states, found.last_new_at) == ((State.WELL,), NOW)


def test_a_feed_that_is_switched_off_has_no_next_poll(store):
    store.sync_feeds([FEED], NOW)
    polled(store, store.watched()[0].id, NOW)
    off = replace(FEED, enabled=False)
    store.sync_feeds([off], NOW)
    condition = read_conditions(store.engine, [off], NOW)[FEED.url]
    assert (condition.states, condition.next_poll_at) == ((State.OFF,), None)
