"""Whether polling goes on: one answer for /healthz, /metrics and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Engine

from tension.records import PollStatus
from tension.storage import frames
from tension.tongue import N_

STALLED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Health:
    """How polling stands.

    ``stalled_for`` is how long the most overdue feed has waited past its time; ``list_fault`` what is wrong with
    feeds.yaml, a fault a line, where the list in force is an older one.
    """

    n_feeds: int
    n_waiting: int
    by_status: dict[str, int]
    last_poll_at: datetime | None
    stalled_for: timedelta
    list_fault: str = ""

    @property
    def well(self) -> bool:
        return self.stalled_for <= STALLED_AFTER

    @property
    def sentence(self) -> str:
        """How polling stands, in English."""
        return "; ".join(message.format(**values) for message, values in self.said)

    @property
    def said(self) -> list[tuple[str, dict[str, object]]]:
        """The same as messages that can be translated, each with its values."""
        said = [self._polling]
        if self.list_fault:
            first, *more = self.list_fault.splitlines()
            older = N_("the list of feeds in force is an older one, for it cannot be read: {fault}")
            said.append((older, {"fault": first}))
            if more:
                said.append((N_("further faults: {n}"), {"n": len(more)}))
        return said

    @property
    def _polling(self) -> tuple[str, dict[str, object]]:
        if self.n_feeds == 0:
            return N_("no feed is switched on: add one on the Feeds page or in feeds.yaml"), {}
        if not self.well:
            stalled = N_("polling has stalled: a feed has been due for {n} minutes; is `tension run` still running?")
            return stalled, {"n": int(self.stalled_for.total_seconds() // 60)}
        counts: dict[str, object] = {"n": self.n_feeds - self.n_waiting, "all": self.n_feeds}
        if self.n_waiting:
            return N_("first poll under way: {n} of {all} feeds asked"), counts
        answered = self.n_feeds - self.by_status[PollStatus.FAILED.value]
        return N_("{n} of {all} feeds answered when last asked"), counts | {"n": answered}

    def as_json(self) -> dict[str, object]:
        return {
            "status": "ok" if self.well else "stalled",
            "reason": self.sentence,
            "feeds": self.n_feeds,
            "feeds_waiting": self.n_waiting,
            "feeds_by_last_status": self.by_status,
            "last_poll_at": self.last_poll_at.isoformat() if self.last_poll_at else None,
            "list_fault": self.list_fault,
        }


def read_health(engine: Engine, now: datetime, started_at: datetime) -> Health:
    """How polling stands now.

    Parameters
    ----------
    engine
        The database.
    now
        Aware time.
    started_at
        When this process started; feeds that have waited since before then are overdue only from then on, so
        that a start after a long rest is not taken for a stall.
    """
    feeds = frames.feeds(engine)
    feeds = feeds[feeds["enabled"] & ~feeds["archive"]]
    due = feeds["next_poll_at"].min() if len(feeds) and feeds["next_poll_at"].notna().all() else pd.NaT
    waiting_since = started_at if pd.isna(due) else max(due.to_pydatetime(), started_at)
    overdue = now - waiting_since if len(feeds) else timedelta(0)
    last = feeds["last_poll_at"].max() if len(feeds) else pd.NaT
    counts = feeds["last_status"].value_counts()
    return Health(
        n_feeds=len(feeds),
        n_waiting=int(feeds["last_status"].isna().sum()),
        by_status={status.value: int(counts.get(status.value, 0)) for status in PollStatus},
        last_poll_at=None if pd.isna(last) else last.to_pydatetime(),
        stalled_for=max(timedelta(0), overdue),
        list_fault=frames.list_fault(engine),
    )
