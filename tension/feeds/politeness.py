"""When a feed is asked again. Pure: the clock and the dice are parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
REST = timedelta(days=30)
JITTER_SHARE = 0.1
TTL_FACTOR = 4
_DOUBLINGS = 20  # beyond any way to a day


@dataclass(frozen=True, slots=True)
class Pace:
    """What a feed's last full answer says of how often to ask it: its own ``ttl``, how long the answer stays fresh."""

    ttl_minutes: int | None = None
    fresh_seconds: float | None = None


def next_poll_at(
    now: datetime,
    interval: timedelta,
    *,
    failures_in_row: int = 0,
    fresh_seconds: float | None = None,
    ttl_minutes: int | None = None,
    retry_after: float | None = None,
    gone: bool = False,
    random: float,
) -> datetime:
    """The moment of a feed's next poll.

    Parameters
    ----------
    now
        The moment of the poll just made.
    interval
        The feed's own interval.
    failures_in_row
        Polls that failed in a row, the last one included; 0 after an answer. Each doubles the wait, up to a day.
    fresh_seconds
        How long the answer stays fresh by HTTP caching; waited for, up to a day.
    ttl_minutes
        The feed's own ``ttl``; waited for, up to a day and four times the interval.
    retry_after
        Seconds that the server told us to wait; waited for, up to a day.
    gone
        The server said 410: the feed rests for 30 days. There is no permanent stop.
    random
        A number from 0 to 1 that spreads the polls: by ±10 % around our own wait, by 0 to 10 % beyond what the
        server asked for.
    """
    own = _backed_off(interval, failures_in_row) * (1 + JITTER_SHARE * (2 * random - 1))
    asked = _asked(interval, fresh_seconds, ttl_minutes, retry_after, gone) * (1 + JITTER_SHARE * random)
    return now + max(own, asked)


def _backed_off(interval: timedelta, failures_in_row: int) -> timedelta:
    doublings = min(max(failures_in_row, 0), _DOUBLINGS)
    return min(interval * (1 << doublings), max(interval, DAY))


def _asked(
    interval: timedelta,
    fresh_seconds: float | None,
    ttl_minutes: int | None,
    retry_after: float | None,
    gone: bool,
) -> timedelta:
    if gone:
        return REST
    ttl = min(_up_to_a_day(60.0 * (ttl_minutes or 0)), TTL_FACTOR * interval)
    return max(ttl, _up_to_a_day(fresh_seconds or 0.0), _up_to_a_day(retry_after or 0.0))


def _up_to_a_day(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0.0), DAY.total_seconds()))
