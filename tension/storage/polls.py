"""Storing what polls came to, many at a time: a statement costs the same for one poll as for fifty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tension.feeds.moving import Move
from tension.feeds.politeness import Pace
from tension.records import Article, Poll, PollStatus, Validators
from tension.storage import schema as s
from tension.storage.days import add_up, coded_among
from tension.storage.grouping import tell_stories
from tension.storage.listing import list_articles
from tension.storage.rows import article_row, chunks, day_of

_KEPT = ("etag", "last_modified", "body_hash", "ttl_minutes", "fresh_seconds")


@dataclass(frozen=True, slots=True)
class PollResult:
    """One poll of a feed with all that it brought.

    ``validators`` None keeps those of the last full answer, and its ``pace``; ``move`` is what the feed says of its
    address.
    """

    feed_id: int
    poll: Poll
    articles: Sequence[Article]
    validators: Validators | None
    next_poll_at: datetime
    move: Move = field(default_factory=Move)
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a poll's articles came to."""

    n_new: int
    n_overlap: int | None


def record(connection: Connection, results: Sequence[PollResult], zone: ZoneInfo) -> list[Stored]:
    """Store polls of different feeds, as if one after the other; days are counted in ``zone``."""
    ids, n_new = add_articles(connection, [result.articles for result in results], zone)
    before = _last_full(connection, [r.feed_id for r, carried in zip(results, ids, strict=True) if carried])
    _update_feeds(connection, results, n_new)  # first: from its first poll on a feed may be a witness of stories
    seen = see(connection, [(r.feed_id, carried, r.poll.polled_at) for r, carried in zip(results, ids, strict=True)])
    stored = []
    for result, carried, n in zip(results, ids, n_new, strict=True):
        last, feed_id = before.get(result.feed_id), result.feed_id
        overlap = sum(seen.get((article_id, feed_id)) == last for article_id in carried)
        stored.append(Stored(n, overlap if last and carried else None))
    connection.execute(s.poll.insert(), [_poll_row(r, to) for r, to in zip(results, stored, strict=True)])
    _count(connection, results, zone)
    return stored


def add_articles(
    connection: Connection, lists: Sequence[Sequence[Article]], zone: ZoneInfo
) -> tuple[list[list[int]], list[int]]:
    """Store articles, each once; for every list the ids of its articles, and how many it was the first to bring."""
    lists_by_key = [{article.key: article for article in articles} for articles in lists]
    ids = ids_of(connection, dict.fromkeys(key for by_key in lists_by_key for key in by_key))
    fresh: dict[str, Article] = {}
    n_new = []
    for by_key in lists_by_key:
        new = {key: article for key, article in by_key.items() if key not in ids and key not in fresh}
        fresh |= new
        n_new.append(len(new))
    if fresh:
        statement = insert(connection, s.article).on_conflict_do_nothing(index_elements=["key"])
        connection.execute(statement, [article_row(article, zone) for article in fresh.values()])
        ids |= ids_of(connection, fresh)
    return [[ids[key] for key in by_key] for by_key in lists_by_key], n_new


def see(
    connection: Connection, carried: Sequence[tuple[int, Sequence[int], datetime]]
) -> dict[tuple[int, int], datetime]:
    """Note that feeds carried articles: feed, articles, when. Days with codings among them are added up anew.

    Returns
    -------
    dict
        When each pair of article and feed was last seen before.
    """
    rows: list[dict[str, Any]] = [
        {"article_id": article_id, "feed_id": feed_id, "first_seen_at": at, "last_seen_at": at}
        for feed_id, article_ids, at in carried
        for article_id in article_ids
    ]
    if not rows:
        return {}
    seen = _last_seen(connection, carried)
    statement = insert(connection, s.sighting)
    last_only = {"last_seen_at": statement.excluded.last_seen_at}
    connection.execute(statement.on_conflict_do_update(index_elements=["article_id", "feed_id"], set_=last_only), rows)
    newly = [row["article_id"] for row in rows if (row["article_id"], row["feed_id"]) not in seen]
    _add_up_coded(connection, list(dict.fromkeys(newly)))
    return seen


def ids_of(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the articles that are stored, by key."""
    found: dict[str, int] = {}
    for chunk in chunks(keys):
        query = select(s.article.c.key, s.article.c.id).where(s.article.c.key.in_(chunk))
        found |= {row.key: row.id for row in connection.execute(query)}
    return found


def days_of(connection: Connection, ids: Iterable[int]) -> dict[int, date]:
    """On which day each article counts."""
    found: dict[int, date] = {}
    for chunk in chunks(ids):
        query = select(s.article.c.id, s.article.c.published_on).where(s.article.c.id.in_(chunk))
        found |= {row.id: row.published_on for row in connection.execute(query)}
    return found


def insert(connection: Connection, table: Table) -> Any:
    """An ``INSERT`` that can say what to do ``on_conflict``."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _last_seen(
    connection: Connection, carried: Sequence[tuple[int, Sequence[int], datetime]]
) -> dict[tuple[int, int], datetime]:
    c = s.sighting.c
    feeds = [feed_id for feed_id, article_ids, _ in carried if article_ids]
    found: dict[tuple[int, int], datetime] = {}
    for chunk in chunks(dict.fromkeys(i for _, article_ids, _ in carried for i in article_ids)):
        query = select(c.article_id, c.feed_id, c.last_seen_at).where(c.article_id.in_(chunk), c.feed_id.in_(feeds))
        found |= {(article_id, feed_id): at for article_id, feed_id, at in connection.execute(query)}
    return found


def _add_up_coded(connection: Connection, ids: Sequence[int]) -> None:
    coded = coded_among(connection, ids)
    if not coded:
        return
    list_articles(connection, coded)
    touched = tell_stories(connection, list(coded), {})
    for version in set(coded.values()):
        days = days_of(connection, [i for i, by in coded.items() if by == version])
        add_up(connection, set(days.values()) | touched, version)


def _last_full(connection: Connection, feed_ids: Sequence[int]) -> dict[int, datetime | None]:
    if not feed_ids:
        return {}
    query = select(s.feed.c.id, s.feed.c.last_full_at).where(s.feed.c.id.in_(feed_ids))
    return {row.id: row.last_full_at for row in connection.execute(query)}


def _poll_row(result: PollResult, stored: Stored) -> dict[str, Any]:
    poll = result.poll
    row = {"status": poll.status.value, "reason": poll.reason, "http_status": poll.http_status}
    counts = {"n_items": poll.n_items, "n_new": stored.n_new, "n_overlap": stored.n_overlap, "seconds": poll.seconds}
    return {"feed_id": result.feed_id, "polled_at": poll.polled_at, **row, **counts}


def _count(connection: Connection, results: Sequence[PollResult], zone: ZoneInfo) -> None:
    rows = [
        {"feed_id": result.feed_id, "day": day_of(result.poll.polled_at, zone)}
        | {status.value: int(status is result.poll.status) for status in PollStatus}
        for result in results
    ]
    statement = insert(connection, s.poll_day)
    raised = {status.value: s.poll_day.c[status.value] + statement.excluded[status.value] for status in PollStatus}
    connection.execute(statement.on_conflict_do_update(index_elements=["feed_id", "day"], set_=raised), rows)


def _update_feeds(connection: Connection, results: Sequence[PollResult], n_new: Sequence[int]) -> None:
    for full in (True, False):
        rows = [
            _changes(result, n)
            for result, n in zip(results, n_new, strict=True)
            if (result.validators is not None) is full
        ]
        if rows:
            connection.execute(_FULL_UPDATE if full else _UPDATE, rows)


def _changes(result: PollResult, n_new: int) -> dict[str, Any]:
    poll, status = result.poll, result.poll.status
    failed = status is PollStatus.FAILED
    changes: dict[str, Any] = {
        "next_poll_at": result.next_poll_at,
        "last_poll_at": poll.polled_at,
        "last_status": status.value,
        "last_reason": poll.reason,
        "moved_to": result.move.to,
        "n_moved": result.move.n,
        "failed": int(failed),
        "last_success_at": None if failed else poll.polled_at,
        "last_full_at": poll.polled_at if status is PollStatus.OK else None,
        "last_new_at": poll.polled_at if n_new else None,
    }
    full = asdict(result.validators) | asdict(result.pace) if result.validators else {}
    return {"of_feed": result.feed_id} | {f"new_{name}": value for name, value in (changes | full).items()}


def _update(*more: str) -> Any:
    """The update of a feed's state; what is bound as NULL leaves the time of an earlier poll."""
    c = s.feed.c
    plain = ("next_poll_at", "last_poll_at", "last_status", "last_reason", "moved_to", "n_moved", *more)
    new = {name: bindparam(f"new_{name}", type_=c[name].type) for name in plain}
    kept = {
        name: func.coalesce(bindparam(f"new_{name}", type_=c[name].type), c[name])
        for name in ("last_success_at", "last_full_at", "last_new_at")
    }
    first = func.coalesce(c.first_polled_at, bindparam("new_last_poll_at", type_=c.last_poll_at.type))
    failures = (c.failures_in_row + 1) * bindparam("new_failed", type_=c.failures_in_row.type)
    values = {**new, **kept, "first_polled_at": first, "failures_in_row": failures}
    return update(s.feed).where(c.id == bindparam("of_feed")).values(**values)


_UPDATE, _FULL_UPDATE = _update(), _update(*_KEPT)
