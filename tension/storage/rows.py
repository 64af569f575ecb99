"""Records to rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import func

from tension.feeds.moving import Move
from tension.records import Article, Coding, Feed, FeedKind, Poll, PollStatus, Validators
from tension.signals.codebook import KEYS
from tension.storage import schema as s

_CHUNK = 500  # below the smallest limit on bound values that SQLite ships with
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FeedState:
    """A watched feed with what its next poll needs to know."""

    id: int
    feed: Feed
    validators: Validators
    next_poll_at: datetime | None
    failures_in_row: int
    move: Move = Move()


@dataclass(frozen=True, slots=True)
class Uncoded:
    """An article that waits for a model; ``story_id`` where an earlier model's coding gave it one."""

    id: int
    title: str
    summary: str
    language: str
    published_at: datetime
    story_id: int | None


def chunks(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Cut values into pieces that fit into one statement."""
    rest = iter(values)
    while chunk := tuple(islice(rest, _CHUNK)):
        yield chunk


def feed_row(feed: Feed) -> dict[str, Any]:
    return asdict(feed) | {"kind": feed.kind.value}


def stored_feed(row: Any) -> Feed:
    return Feed(
        url=row.url,
        name=row.name,
        publisher=row.publisher,
        language=row.language,
        country=row.country,
        kind=FeedKind(row.kind),
        enabled=row.enabled,
        interval_minutes=row.interval_minutes,
        weight=row.weight,
    )


def feed_state(row: Any) -> FeedState:
    validators, move = Validators(row.etag, row.last_modified, row.body_hash), Move(row.moved_to, row.n_moved)
    return FeedState(row.id, stored_feed(row), validators, row.next_poll_at, row.failures_in_row, move)


def feed_changes(
    poll: Poll, n_new: int, validators: Validators | None, next_poll_at: datetime, move: Move
) -> dict[str, Any]:
    failed = poll.status is PollStatus.FAILED
    changes: dict[str, Any] = {
        "next_poll_at": next_poll_at,
        "last_poll_at": poll.polled_at,
        "first_polled_at": func.coalesce(s.feed.c.first_polled_at, poll.polled_at),
        "last_status": poll.status.value,
        "last_reason": poll.reason,
        "moved_to": move.to,
        "n_moved": move.n,
        "failures_in_row": s.feed.c.failures_in_row + 1 if failed else 0,
    }
    if not failed:
        changes["last_success_at"] = poll.polled_at
    if poll.status is PollStatus.OK:
        changes["last_full_at"] = poll.polled_at
    if n_new:
        changes["last_new_at"] = poll.polled_at
    if validators is not None:
        changes |= asdict(validators)
    return changes


def article_row(article: Article) -> dict[str, Any]:
    row = asdict(article)
    return row | {"published_on": article.published_on, "dated_by": article.dated_by.value}


def coding_row(article_id: int, coding: Coding, now: datetime) -> dict[str, Any]:
    row = asdict(coding)
    del row["signals"]
    return row | {"article_id": article_id, "coded_at": now, "involvement": coding.involvement.value}


def signal_rows(article_id: int, coding: Coding, published_on: date) -> list[dict[str, Any]]:
    same = {"article_id": article_id, "model_version": coding.model_version, "published_on": published_on}
    return [same | {"signal": key, "probability": coding.probabilities[KEYS.index(key)]} for key in coding.signals]
