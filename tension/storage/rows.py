"""Records to rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tension.feeds.moving import Move
from tension.feeds.politeness import Pace
from tension.records import Article, Coding, Feed, FeedKind, Validators
from tension.signals.codebook import KEYS

_CHUNK = 500  # below the smallest limit on bound values that SQLite ships with
_ARTICLE = tuple(column.name for column in fields(Article))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FeedState:
    """A watched feed with what its next poll needs to know."""

    id: int
    feed: Feed
    validators: Validators
    next_poll_at: datetime | None
    failures_in_row: int
    move: Move = field(default_factory=Move)
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Uncoded:
    """An article that waits for a model; ``story_id`` where an earlier model's coding gave it one."""

    id: int
    title: str
    summary: str
    language: str
    published_at: datetime
    story_id: int | None


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day that an aware time falls on."""
    return moment.astimezone(zone).date()


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
    pace = Pace(row.ttl_minutes, row.fresh_seconds)
    return FeedState(row.id, stored_feed(row), validators, row.next_poll_at, row.failures_in_row, move, pace)


def article_row(article: Article, zone: ZoneInfo) -> dict[str, Any]:
    row = {name: getattr(article, name) for name in _ARTICLE}
    return row | {"published_on": day_of(article.published_at, zone), "dated_by": article.dated_by.value}


def coding_row(article_id: int, coding: Coding, now: datetime) -> dict[str, Any]:
    row = asdict(coding)
    del row["signals"]
    words = {"involvement": coding.involvement.value, "read_text": coding.read_text.value}
    return row | {"article_id": article_id, "coded_at": now, **words}


def signal_rows(article_id: int, coding: Coding, published_on: date) -> list[dict[str, Any]]:
    same = {"article_id": article_id, "model_version": coding.model_version, "published_on": published_on}
    return [same | {"signal": key, "probability": coding.probabilities[KEYS.index(key)]} for key in coding.signals]
