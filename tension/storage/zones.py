"""The zone that days are counted in: kept in the database, and days counted anew when another one is set."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, bindparam, select, update

from tension.records import PollStatus
from tension.storage import schema as s
from tension.storage.days import add_up
from tension.storage.listing import list_all
from tension.storage.locks import ProcessLock, waiting_for
from tension.storage.rows import day_of

_ROWS = 10_000
_DAYS = 20
_WAIT_SECONDS = 120
_log = logging.getLogger(__name__)


def day_zone(connection: Connection) -> ZoneInfo:
    """The zone that the stored days are counted in."""
    return ZoneInfo(connection.execute(select(s.day_zone.c.name)).scalar_one())


def keep_days_in(engine: Engine, zone: ZoneInfo) -> None:
    """Count all days of a database in a zone, if they are not already.

    Articles, polls and sums are put to their new days in one transaction between two cycles, a minute or so for a
    million articles. The index points that were published stay as they were known; the next publication measures every
    day anew.

    Raises
    ------
    StorageError
        When another process's cycle does not end.
    """
    with engine.connect() as connection:
        if day_zone(connection).key == zone.key:
            return
    with waiting_for(ProcessLock(engine, "cycle"), _WAIT_SECONDS), engine.begin() as connection:
        _log.info("days are counted in %s from now on: every stored day is counted anew", zone.key)
        _date_articles(connection, zone)
        _count_polls(connection, zone)
        _add_up(connection)
        list_all(connection)
        connection.execute(update(s.day_zone).values(name=zone.key))


def _date_articles(connection: Connection, zone: ZoneInfo) -> None:
    a, t = s.article.c, s.coded_signal.c
    move = update(s.article).where(a.id == bindparam("of_article")).values(published_on=bindparam("on"))
    last = -1
    while rows := connection.execute(select(a.id, a.published_at).where(a.id > last).order_by(a.id).limit(_ROWS)).all():
        connection.execute(move, [{"of_article": row.id, "on": day_of(row.published_at, zone)} for row in rows])
        last = rows[-1].id
    on = select(a.published_on).where(a.id == t.article_id).scalar_subquery()
    connection.execute(update(s.coded_signal).values(published_on=on))


def _count_polls(connection: Connection, zone: ZoneInfo) -> None:
    p = s.poll.c
    rows = connection.execute(select(p.feed_id, p.polled_at, p.status).execution_options(yield_per=_ROWS))
    counted = Counter((row.feed_id, day_of(row.polled_at, zone), row.status) for row in rows)
    days = {(feed_id, day) for feed_id, day, _ in counted}
    connection.execute(s.poll_day.delete())
    if days:
        statuses = [status.value for status in PollStatus]
        connection.execute(
            s.poll_day.insert(),
            [
                {"feed_id": feed_id, "day": day, **{status: counted[feed_id, day, status] for status in statuses}}
                for feed_id, day in sorted(days)
            ],
        )


def _add_up(connection: Connection) -> None:
    a = s.article.c
    versions = connection.execute(select(s.feed_day.c.model_version).distinct()).scalars().all()
    connection.execute(s.feed_day.delete())
    connection.execute(s.article_day.delete())
    days = connection.execute(select(a.published_on).distinct().order_by(a.published_on)).scalars().all()
    for version in versions:
        for chunk in _chunks(days):
            add_up(connection, chunk, version)


def _chunks(days: Sequence[date]) -> Iterator[Sequence[date]]:
    for start in range(0, len(days), _DAYS):
        yield days[start : start + _DAYS]
