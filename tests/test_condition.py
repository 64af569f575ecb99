"""How a feed fares: missing is never taken for calm, and what is unusual is told from what the feed usually does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tension.conditions import read_conditions
from tension.feeds.condition import Condition, State, daily, is_silent, losses, states, usual_gap
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
        ({"last_poll_at": None, "last_success_at": None, "moments": []}, [State.WAITING]),
        ({"failures_in_row": 1}, [State.FAILING]),
        ({"failures_in_row": 1, "moments": []}, [State.FAILING]),
        ({"moments": []}, [State.EMPTY]),
        ({"moments": every(HOUR, 9, NOW - DAY)}, [State.SILENT]),
        ({"moments": every(HOUR, 9, NOW - DAY), "n_losses": 2}, [State.SILENT, State.LOSING]),
        ({"failures_in_row": 2, "n_losses": 1}, [State.FAILING, State.LOSING]),
    ],
)
def test_what_is_wrong_is_said(changed, expected):
    usual = {"enabled": True, "last_poll_at": NOW, "last_success_at": NOW, "failures_in_row": 0, "n_losses": 0}
    assert list(states(**(usual | {"moments": every(HOUR, 9, NOW)} | changed))) == expected


def test_a_loss_is_the_feeds_only_where_it_was_asked_in_due_time():
    quarter = timedelta(minutes=15)
    before = dict.fromkeys(every(quarter, 9, NOW), False)
    assert losses(before | {NOW + quarter: True}, None) == [NOW + quarter]
    assert losses(before | {NOW + 2 * DAY: True}, None) == []  # we were down
    assert losses(before | {NOW + HOUR: True}, HOUR) == [NOW + HOUR]  # its interval was lengthened
    assert losses({NOW: False, NOW + quarter: True}, None) == []  # too little to know what is usual


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
    validators = Validators() if status is PollStatus.OK else None
    store.record_poll(feed_id, poll, articles, validators, at + timedelta(minutes=15))


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
    polled(store, state.id, NOW, status=PollStatus.NOT_MODIFIED)
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
    assert condition.next_poll_at == NOW + timedelta(minutes=15)


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


PINNED = article(0, NOW - 90 * DAY, NOW - 90 * DAY)


@pytest.mark.parametrize("standing", [[], [PINNED]])
def test_a_pinned_item_does_not_hide_that_a_feed_fell_silent(store, standing):
    store.sync_feeds([FEED], NOW - 90 * DAY)
    feed_id, last = store.watched()[0].id, NOW - 20 * DAY
    for n, at in enumerate(reversed(every(6 * HOUR, 120, last)), 1):
        polled(store, feed_id, at, [*standing, article(n, at, at)])
    for at in reversed(every(DAY, 20, NOW)):
        polled(store, feed_id, at, status=PollStatus.NOT_MODIFIED)
    condition = read_conditions(store.engine, [FEED], NOW)[FEED.url]
    assert (condition.states, condition.last_new_at) == ((State.SILENT,), last)
    assert condition.usual_gap == 6 * HOUR


def test_a_feed_with_nothing_but_what_long_stood_there_is_not_empty(store):
    store.sync_feeds([FEED], NOW - 300 * DAY)
    for at in (NOW - 300 * DAY, NOW):
        polled(store, store.watched()[0].id, at, [article(0, NOW - 300 * DAY, NOW - 300 * DAY)])
    condition = read_conditions(store.engine, [FEED], NOW)[FEED.url]
    assert (condition.states, condition.last_new_at) == ((State.WELL,), NOW - 300 * DAY)


def test_our_own_downtime_makes_no_feed_silent_or_losing(store):
    store.sync_feeds([FEED], NOW - 9 * DAY)
    feed_id, stopped_at = store.watched()[0].id, NOW - 5 * DAY
    for n, at in enumerate(reversed(every(HOUR, 30, stopped_at)), 1):
        polled(store, feed_id, at, [article(n - 1, at - HOUR, at), article(n, at, at)])
    assert read_conditions(store.engine, [FEED], NOW)[FEED.url].states == (State.WELL,)
    polled(store, feed_id, NOW, [article(99, NOW, NOW)])
    condition = read_conditions(store.engine, [FEED], NOW)[FEED.url]
    assert (condition.states, condition.n_losses) == ((State.WELL,), 0)
    polled(store, feed_id, NOW + HOUR, [article(100, NOW, NOW + HOUR)])
    condition = read_conditions(store.engine, [FEED], NOW + HOUR)[FEED.url]
    assert (condition.states, condition.last_loss_at) == ((State.LOSING,), NOW + HOUR)
