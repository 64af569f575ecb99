"""How each feed of the list fares, read from what polling left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from tension.feeds.condition import FEWEST_GAPS, Condition, State, daily, losses, states, usual_gap
from tension.records import Feed
from tension.storage import frames, traces

RECENT_DAYS = 14  # over which articles a day, delays and losses are told
RELEVANT_DAYS = 28  # over which the share of involved articles is told


def read_conditions(engine: Engine, listed: Iterable[Feed], now: datetime) -> dict[str, Condition]:
    """How each feed of the list fares, by its URL.

    Parameters
    ----------
    engine
        The database.
    listed
        The feeds of feeds.yaml; one that the database does not know yet waits for its first poll.
    now
        Aware time, in the zone that days are counted in.
    """
    known: dict[str, Any] = {str(row.url): row for row in frames.feeds(engine).itertuples() if not row.archive}
    found = _Traces.read(engine, [row.Index for row in known.values()], now)
    return {
        feed.url: found.condition(feed, known[feed.url]) if feed.url in known else _unknown(feed) for feed in listed
    }


def _unknown(feed: Feed) -> Condition:
    return Condition((State.WAITING if feed.enabled else State.OFF,))


@dataclass(frozen=True, slots=True)
class _Traces:
    """The traces of all feeds, by feed."""

    days: list[date]
    by_day: dict[int, dict[date, int]]
    answered: dict[int, set[date]]
    answers: dict[int, dict[datetime, bool]]
    coded: dict[int, list[traces.Coded]]
    delays: dict[int, list[float]]
    moments: dict[int, list[datetime]]

    @classmethod
    def read(cls, engine: Engine, ids: list[int], now: datetime) -> _Traces:
        today = now.date()
        days = [today - timedelta(days=n) for n in reversed(range(RECENT_DAYS))]
        return cls(
            days=days,
            by_day=traces.articles_by_day(engine, ids, days[0]),
            answered=traces.answered_days(engine, ids, days[0]),
            answers=traces.answers_of_losing(engine, now - timedelta(days=RECENT_DAYS)),
            coded=traces.coded(engine, today - timedelta(days=RELEVANT_DAYS - 1), today),
            delays=traces.delays(engine, days[0], today),
            moments=traces.news_moments(engine, FEWEST_GAPS + 1),
        )

    def condition(self, feed: Feed, row: Any) -> Condition:
        feed_id = int(row.Index)
        moments, coded = self.moments.get(feed_id, []), self.coded.get(feed_id, [])
        interval = timedelta(minutes=feed.interval_minutes) if feed.interval_minutes else None
        lost = losses(self.answers.get(feed_id, {}), interval)
        last_poll_at, last_success_at = _moment(row.last_poll_at), _moment(row.last_success_at)
        n_coded, failures = sum(one.n for one in coded), int(row.failures_in_row)
        return Condition(
            states=states(feed.enabled, last_poll_at, last_success_at, failures, moments, len(lost)),
            last_reason=str(row.last_reason),
            failures_in_row=failures,
            last_success_at=last_success_at,
            next_poll_at=_moment(row.next_poll_at) if feed.enabled else None,
            last_new_at=max(moments, default=None),
            usual_gap=usual_gap(moments),
            daily=daily(self.days, self.by_day.get(feed_id, {}), self.answered.get(feed_id, set())),
            n_coded=n_coded,
            relevant_share=sum(one.n_involved for one in coded) / n_coded if n_coded else None,
            median_delay=_median(self.delays.get(feed_id, [])),
            languages=tuple(one.language for one in coded),
            n_losses=len(lost),
            last_loss_at=max(lost, default=None),
        )


def _moment(value: Any) -> datetime | None:
    return None if pd.isna(value) else value.to_pydatetime()


def _median(seconds: list[float]) -> timedelta | None:
    return timedelta(seconds=median(seconds)) if seconds else None
