"""When a feed is asked again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tension.feeds.politeness import next_poll_at

NOW = datetime(2022, 2, 24, 3, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)


def wait(interval=QUARTER, random=0.5, **wishes):
    return next_poll_at(NOW, interval, random=random, **wishes) - NOW


def test_a_feed_is_asked_after_its_interval_give_or_take_a_tenth():
    assert wait(random=0.5) == QUARTER
    assert wait(random=0.0) == QUARTER * 0.9
    assert wait(random=1.0) == QUARTER * 1.1


def test_failures_double_the_wait_up_to_a_day():
    assert [wait(failures_in_row=n) / QUARTER for n in (1, 2, 3)] == [2, 4, 8]
    assert wait(failures_in_row=7) == DAY
    assert wait(failures_in_row=10_000) == DAY


def test_a_feeds_own_interval_beyond_a_day_is_not_shortened_by_failures():
    assert wait(timedelta(days=3), failures_in_row=5) == timedelta(days=3)


def test_freshness_is_waited_for_up_to_a_day():
    assert wait(fresh_seconds=3600) == timedelta(hours=1) * 1.05
    assert wait(fresh_seconds=3600, random=0) == timedelta(hours=1)
    assert wait(fresh_seconds=60) == QUARTER
    assert wait(fresh_seconds=1e12, random=0) == DAY


def test_ttl_is_waited_for_up_to_four_times_the_interval():
    assert wait(ttl_minutes=30, random=0) == timedelta(minutes=30)
    assert wait(ttl_minutes=300, random=0) == timedelta(hours=1)
    assert wait(ttl_minutes=1) == QUARTER
    assert wait(timedelta(hours=12), ttl_minutes=60 * 48, random=0) == DAY


def test_retry_after_is_kept_up_to_a_day():
    assert wait(retry_after=7200.0, failures_in_row=1, random=0) == timedelta(hours=2)
    assert wait(retry_after=120.0, failures_in_row=1) == 2 * QUARTER
    assert wait(retry_after=1e9, random=0) == DAY


def test_a_feed_that_is_gone_rests_for_a_month_and_is_asked_again():
    assert wait(gone=True, random=0) == timedelta(days=30)
    assert wait(gone=True, random=1) == timedelta(days=33)


intervals = st.integers(1, 30 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
randoms = st.floats(0, 1)
wishes = st.fixed_dictionaries(
    {
        "failures_in_row": st.integers(0, 100_000),
        "fresh_seconds": st.none() | st.floats(-1e9, 1e12),
        "ttl_minutes": st.none() | st.integers(1, 10**7),
        "retry_after": st.none() | st.floats(0, 1e12),
    }
)


@given(intervals, randoms, wishes)
def test_the_wait_is_never_shorter_than_the_interval_nor_longer_than_a_day_or_the_interval(interval, random, wished):
    waited = wait(interval, random, **wished)
    assert waited >= interval * 0.899
    assert waited <= max(interval, DAY) * 1.101


@given(intervals, randoms, wishes, st.integers(1, 50))
def test_more_failures_never_shorten_the_wait(interval, random, wished, more):
    worse = wished | {"failures_in_row": wished["failures_in_row"] + more}
    assert wait(interval, random, **worse) >= wait(interval, random, **wished)


@given(intervals, randoms, wishes, st.floats(0, 1e6))
def test_a_longer_retry_after_never_shortens_the_wait(interval, random, wished, more):
    worse = wished | {"retry_after": (wished["retry_after"] or 0) + more}
    assert wait(interval, random, **worse) >= wait(interval, random, **wished)


@given(intervals, wishes, randoms, randoms)
def test_the_wait_rises_with_the_dice(interval, wished, one, other):
    low, high = sorted((one, other))
    assert wait(interval, low, **wished) <= wait(interval, high, **wished)
