"""How a feed fares, and what is wrong with it. Pure: the clock is a parameter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from tension.tongue import N_

SILENT_GAPS = 5  # how many of its usual gaps a feed may bring nothing new before that is worth a word
FEWEST_GAPS = 5  # how many gaps it takes to know what is usual
LATE = 2  # a poll that came later than so many usual waits missed articles by our own fault, not the feed's


class State(StrEnum):
    """What there is to say of a feed, the gravest first; several may hold at once."""

    # Says: a feed's state: switched off
    OFF = N_("off")
    # Says: a feed's state: it was not asked yet
    WAITING = N_("waiting")
    # Says: a feed's state: it failed when last asked
    FAILING = N_("failing")
    # Says: a feed's state: it answers, but never carried anything
    EMPTY = N_("empty")
    # Says: a feed's state: it answers, but has brought nothing new for longer than usual
    SILENT = N_("silent")
    # Says: a feed's state: articles were probably missed between two polls
    LOSING = N_("losing")
    # Says: a feed's state: nothing is wrong with it
    WELL = N_("well")


MEANINGS = {
    State.OFF: N_("switched off, not polled"),
    State.WAITING: N_("not asked yet"),
    State.FAILING: N_("failed when last asked"),
    State.EMPTY: N_("answers, but never carried anything"),
    State.SILENT: N_("answers, but nothing new for {gaps}× its usual gap"),  # `SILENT_GAPS`
    State.LOSING: N_("a poll shared no item with the poll before: articles were probably missed in between"),
    State.WELL: N_("answers, and carries what it usually does"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """How a feed fares.

    ``last_new_at`` and ``usual_gap`` are of articles that it had not carried before; ``daily`` counts its articles by
    day of publication, oldest first, None where nothing is known; ``relevant_share`` (0–1) is that of its articles
    coded as involved, ``n_coded`` how many were; ``median_delay`` runs from publication to first seen;
    ``languages`` are those found, the most frequent first; ``n_losses`` counts polls in due time that shared no item
    with the poll before. None where there is nothing to tell it from.
    """

    states: tuple[State, ...]
    last_reason: str = ""
    failures_in_row: int = 0
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None
    last_new_at: datetime | None = None
    usual_gap: timedelta | None = None
    daily: tuple[int | None, ...] = ()
    n_coded: int = 0
    relevant_share: float | None = None
    median_delay: timedelta | None = None
    languages: tuple[str, ...] = ()
    n_losses: int = 0
    last_loss_at: datetime | None = None

    @property
    def per_day(self) -> float | None:
        """Articles a day, over the days of which anything is known."""
        known = [n for n in self.daily if n is not None]
        return sum(known) / len(known) if known else None

    def as_json(self) -> dict[str, object]:
        """The fields in types that JSON has: times in ISO 8601, spans in seconds."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def states(
    enabled: bool,
    last_poll_at: datetime | None,
    last_success_at: datetime | None,
    failures_in_row: int,
    moments: Collection[datetime],
    n_losses: int,
) -> tuple[State, ...]:
    """Which states hold: one of `OFF`, `WAITING` and `WELL`, or all that is wrong.

    Parameters
    ----------
    last_success_at
        When it last answered: up to then its silence is measured, for what came since we cannot know.
    moments
        When it brought something that it had not carried before.
    n_losses
        Polls in due time that shared no item with the poll before.
    """
    if not enabled:
        return (State.OFF,)
    if last_poll_at is None:
        return (State.WAITING,)
    failing = failures_in_row > 0
    wrong = {
        State.FAILING: failing,
        State.EMPTY: not failing and not moments,
        State.SILENT: not failing and last_success_at is not None and is_silent(last_success_at, moments),
        State.LOSING: n_losses > 0,
    }
    return tuple(state for state, holds in wrong.items() if holds) or (State.WELL,)


def usual_gap(moments: Collection[datetime]) -> timedelta | None:
    """The median gap between the moments at which something new came; None where they are too few to tell."""
    found = gaps(moments)
    return timedelta(seconds=median(gap.total_seconds() for gap in found)) if len(found) >= FEWEST_GAPS else None


def is_silent(heard_at: datetime, moments: Collection[datetime]) -> bool:
    """Whether up to then nothing new came for `SILENT_GAPS` usual gaps, and for longer than the feed paused before.

    The latter lets nights and weekends pass. Never where a feed brought nothing or too little to know what is usual.
    """
    gap = usual_gap(moments)
    return gap is not None and heard_at - max(moments) > max(SILENT_GAPS * gap, *gaps(moments))


def gaps(moments: Collection[datetime]) -> list[timedelta]:
    """From each moment to the next."""
    return [later - earlier for earlier, later in pairwise(sorted(set(moments)))]


def losses(answers: Mapping[datetime, bool], interval: timedelta | None) -> list[datetime]:
    """When a poll in due time shared no item with the poll before.

    The first poll after a downtime of our own is no loss of the feed's.

    Parameters
    ----------
    answers
        When the feed answered, and whether that poll shared no item with the poll before.
    interval
        The feed's own interval, where its entry has one: once it is lengthened, polls are further apart than usual.
    """
    usual = usual_gap(answers)
    if usual is None:
        return []
    most = LATE * max(usual, interval or usual)
    return [later for earlier, later in pairwise(sorted(answers)) if answers[later] and later - earlier <= most]


def daily(days: Sequence[date], n_articles: Mapping[date, int], answered: Collection[date]) -> tuple[int | None, ...]:
    """Articles by day: 0 only where the feed answered that day, None where it was not asked or failed."""
    return tuple(n_articles.get(day, 0 if day in answered else None) for day in days)
