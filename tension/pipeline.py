"""One polling cycle, wired: fetch → parse → store → code → measure. Owns the clock.

Each stage stands on what the one before has committed, so a cycle that is cut short loses nothing: articles wait for
their coding, and days for being measured, until the next cycle takes them up.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Event
from types import TracebackType
from typing import Any, TypeVar

import pandas as pd

from tension.errors import CatalogueError, StorageError
from tension.feeds.articles import to_article
from tension.feeds.ask import Asked, ask, unusable
from tension.feeds.catalogue import read_catalogue, replace_feed
from tension.feeds.fetch import Fetcher, Limits, NotAsked
from tension.feeds.moving import after_poll
from tension.feeds.parse import ParserPool
from tension.feeds.politeness import REST, Pace, next_poll_at
from tension.fulltext import FullText
from tension.index.measure import COUNTS, METHOD_VERSION, VALUES, measure
from tension.index.reference import read_pooled, read_reference
from tension.measured import observations
from tension.records import Article, Coding, Feed, IndexPoint, PointStatus, Poll, PollStatus
from tension.settings import Settings
from tension.signals.classifier import Model, load_model
from tension.signals.conflict import conflict_reader
from tension.signals.features import join
from tension.signals.language import identify_all
from tension.storage import frames
from tension.storage.batches import Batches
from tension.storage.locks import ProcessLock, waiting_for
from tension.storage.polls import PollResult
from tension.storage.rows import FeedState, Uncoded, day_of
from tension.storage.store import Store
from tension.stories import REACH, Headline, group

_CODING_BATCH = 1000
_PUBLISHED_POINTS = 0.01
_CYCLE_WAIT_SECONDS = 120
_STOP_CHECK_SECONDS = 0.1
_STORED_AT_ONCE = 50
_SWITCH_SECONDS = 0.0005  # a tenth of Python's own: who hands a document on must not wait long for who stores
_UNCHANGED = 304
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_GONE, _RESTS = 410, f"it rests for {REST.days} days"

_log = logging.getLogger(__name__)
T = TypeVar("T")


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass
class Pipeline:
    """The stages on one database, with one clock. Used as a context, it ends its parsing processes with it.

    Parameters
    ----------
    settings, store
        What to work with.
    now
        The clock: gives aware UTC times.
    stopping
        Set by another thread to end work at the next safe point.
    load
        Gives the classifier, on first use.
    """

    settings: Settings
    store: Store
    now: Callable[[], datetime] = utc_now
    stopping: Event = field(default_factory=Event)
    load: Callable[[], Model] = load_model

    def __post_init__(self) -> None:
        self.parsers = ParserPool(workers=self.settings.parse_workers, seconds=self.settings.parse_seconds)
        self.fulltext = FullText(self.settings, self.store, self.parsers)

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the parsing processes."""
        self.parsers.close()

    @cached_property
    def model(self) -> Model:
        """The classifier, loaded on first use."""
        return self.load()

    def sync_catalogue(self) -> None:
        """Take feeds.yaml over into the database.

        Raises
        ------
        CatalogueError
            When it cannot be used; the feeds stay as they were, and `tension.health` says so.
        """
        path = self.settings.feeds
        try:
            self.store.sync_feeds(read_catalogue(path), self.now())
        except CatalogueError as error:
            self.store.refuse_list(str(error).replace(str(path), path.name), self.now())
            raise

    def due(self) -> list[FeedState]:
        """The enabled feeds whose next poll has come, the most overdue first."""
        now = self.now()
        by_time = sorted((state.next_poll_at or _LONG_AGO, state.id, state) for state in self.store.watched())
        return [state for at, _, state in by_time if at <= now]

    async def poll(
        self,
        states: Sequence[FeedState],
        on_poll: Callable[[Poll], None] = lambda poll: None,
        seconds: float = math.inf,
    ) -> list[Poll]:
        """Poll these feeds side by side, storing each result as it comes; what comes together, together.

        Parameters
        ----------
        states, on_poll
            The feeds, and what is told of each poll as it ends.
        seconds
            When to begin with no more feeds: those whose turn has not come stay as they are, and so stay due.

        Returns
        -------
        list of Poll
            In the order of ``states``; a feed that failed is a result like any other. Empty when told to stop.
        """
        batches = Batches(self._record, _STORED_AT_ONCE)
        async with Fetcher(Limits.from_settings(self.settings), seconds=seconds) as fetcher:
            sys.setswitchinterval(_SWITCH_SECONDS)

            async def one(state: FeedState) -> Poll | None:
                async with AsyncExitStack() as held:
                    try:
                        asked = await ask(state.feed.url, state.validators, fetcher, self.parsers, held)
                    except NotAsked:
                        return None
                    poll = await batches.put((state, asked))
                on_poll(poll)
                return poll

            polls = await self._unless_stopped(asyncio.gather(*(one(state) for state in states)))
            return [poll for poll in polls if poll]

    async def _unless_stopped(self, work: asyncio.Future[list[T]]) -> list[T]:
        while not work.done():
            if self.stopping.is_set():
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work
                return []
            await asyncio.wait([work], timeout=_STOP_CHECK_SECONDS)
        return work.result()

    def _record(self, batch: Sequence[tuple[FeedState, Asked]]) -> list[Poll]:
        """Store what polls came to, together or, where the database refuses that, one by one.

        One that is refused alone is a poll that failed, so that no feed harms another; raises StorageError where
        the database refuses that too.
        """
        try:
            return self._store(batch)
        except StorageError as error:
            if len(batch) > 1:
                return [poll for one in batch for poll in self._record([one])]
            ((state, asked),) = batch
            return self._store([(state, unusable(asked, f"what it brought cannot be stored: {error}"))])

    def _store(self, batch: Sequence[tuple[FeedState, Asked]]) -> list[Poll]:
        """In one transaction: a process that dies loses whole polls, never parts of them."""
        now = self.now()
        brought = self._articles(batch, now)
        read = [self._result(*one, articles, now) for one, articles in zip(batch, brought, strict=True)]
        stored = self.store.record_polls([result for result, _ in read])
        if any(moved for _, moved in read):
            with suppress(CatalogueError):  # the list is read again soon, and then says what is wrong with it
                self.sync_catalogue()
        return [
            replace(result.poll, n_new=to.n_new, n_overlap=to.n_overlap)
            for (result, _), to in zip(read, stored, strict=True)
        ]

    def _articles(self, batch: Sequence[tuple[FeedState, Asked]], now: datetime) -> list[list[Article]]:
        """What each poll brought. Into the language of an article only its first poll looks: it is stored once."""
        brought = [
            [to_article(item, state.feed, state.feed.language, now) for item in asked.parsed.items]
            if asked.parsed
            else []
            for state, asked in batch
        ]
        known = self.store.known_keys(article.key for articles in brought for article in articles)
        fresh = [article for articles in brought for article in articles if article.key not in known]
        words = [join(article.title, article.summary) for article in fresh]
        told = iter(identify_all(words, [article.language for article in fresh], self.model.languages))
        return [[a if a.key in known else replace(a, language=next(told)) for a in articles] for articles in brought]

    def _result(
        self, state: FeedState, asked: Asked, articles: Sequence[Article], now: datetime
    ) -> tuple[PollResult, bool]:
        """What is stored of a poll, and whether the feed has a new address by it."""
        feed = state.feed
        move = after_poll(state.move, asked.status, asked.answer.moved_to if asked.answer else None)
        moved, said = self._moved(feed, move.to) if move.to and move.confirmed else (False, "")
        poll = Poll(
            url=feed.url,
            polled_at=now,
            status=asked.status,
            reason="; ".join(filter(None, [asked.reason, said, _RESTS if asked.http_status == _GONE else ""])),
            http_status=asked.http_status,
            n_items=len(articles),
            seconds=asked.seconds,
        )
        validators, pace = asked.answer.validators if asked.answer else None, _pace(state.pace, asked)
        return PollResult(state.id, poll, articles, validators, self._next_poll(state, asked, pace), move, pace), moved

    def _moved(self, feed: Feed, to: str) -> tuple[bool, str]:
        """Write a feed's new address into feeds.yaml; whether it stands there now, and a sentence on it.

        The stored feed takes the address over as it does after an edit by hand: when the list is read.
        """
        try:
            if self.store.knows(to):
                raise CatalogueError(f"another feed is, or was, watched at {to}")
            replace_feed(self.settings.feeds, feed.url, replace(feed, url=to), based_on=feed)
        except CatalogueError as error:
            return False, f"has moved for good, but the address cannot be changed: {str(error).splitlines()[0]}"
        _log.info("%s has moved for good to %s", feed.url, to)
        return True, f"has moved for good to {to}, where it is asked from now on"

    def _next_poll(self, state: FeedState, asked: Asked, pace: Pace) -> datetime:
        minutes = state.feed.interval_minutes or self.settings.interval_minutes
        failed = asked.status is PollStatus.FAILED
        return next_poll_at(
            self.now(),
            timedelta(minutes=minutes),
            failures_in_row=state.failures_in_row + 1 if failed else 0,
            fresh_seconds=None if failed else pace.fresh_seconds,
            ttl_minutes=None if failed else pace.ttl_minutes,
            retry_after=asked.retry_after,
            gone=asked.http_status == _GONE,
            random=random.random(),
        )

    def code_pending(self, on_batch: Callable[[int], None] = lambda n: None, seconds: float = math.inf) -> int:
        """Code stored articles that this model has not coded yet, the newest first; what is done stays done.

        Parameters
        ----------
        on_batch
            Told how many more are coded.
        seconds
            When to leave the rest for the next call: a new model has all that is stored to code again, and polling
            should not wait for it.

        Returns
        -------
        int
            How many.
        """
        total, end = 0, time.monotonic() + seconds
        while not self.stopping.is_set() and (batch := self.store.uncoded(self.model.version, _CODING_BATCH)):
            texts = [join(article.title, article.summary) for article in batch]
            codings = self.model.code(texts, [article.language for article in batch])
            coded, tells = list(zip(batch, codings, strict=True)), conflict_reader().tells
            of_conflict = {a.id for a, text in zip(batch, texts, strict=True) if tells(text, a.language)}
            rows = [(article.id, coding) for article, coding in coded]
            self.store.add_codings(rows, self.now(), self._stories(coded), of_conflict)
            total += len(batch)
            on_batch(len(batch))
            if time.monotonic() >= end:
                break
        return total

    def _stories(self, coded: Sequence[tuple[Uncoded, Coding]]) -> dict[int, int]:
        """Which stories come together by these articles; what has a story already keeps it."""
        fresh = [headline(article, coding) for article, coding in coded if article.story_id is None]
        zone = self.store.zone  # asks the database
        on = {day_of(one.published_at, zone) for one in fresh}
        near = {day + timedelta(days=n) for day in on for n in range(-REACH.days, REACH.days + 1)}
        known, story_of = self.store.headlines_near(near)
        return group([*known, *fresh], story_of)

    @property
    def all_coded(self) -> bool:
        """Whether this model has coded every stored article, and every text that is here of one."""
        return not self.store.uncoded(self.model.version, 1) and not self.fulltext.waits(self.model.version)

    def read_pages(self, seconds: float) -> int:
        """Read pages of involved articles for so long, and code them by their texts; nothing where it is switched off.

        Returns
        -------
        int
            How many articles were coded by their text.
        """
        if not self.settings.fulltext or self.stopping.is_set():
            return 0

        async def read() -> None:
            await self._unless_stopped(
                asyncio.ensure_future(self.fulltext.read(self.model.version, self.now(), seconds))
            )

        with waiting_for(ProcessLock(self.store.engine, "cycle"), _CYCLE_WAIT_SECONDS):
            asyncio.run(read())
            return self.fulltext.code(self.model, self.now())

    def publish(self) -> int:
        """Measure the index and publish the days whose value is new.

        Nothing is published while a new model has not coded all that is stored: a day measured half by one model and
        half by another would be neither's. What an earlier model gave stays, codings, sums and index points.

        Returns
        -------
        int
            How many days.
        """
        if not self.all_coded:
            return 0
        now = self.now()
        days = measure(
            observations(self.store.engine, self.model.version),
            read_reference()["index"],
            read_pooled(),
            day_of(now, self.store.zone),
            self.settings.coverage_floor,
        )
        days["method_version"], days["model_version"] = METHOD_VERSION, self.model.version
        changed = _changed(days, frames.index_points(self.store.engine))
        self.store.add_points([_point(row, now) for row in changed.reset_index().to_dict("records")])
        return len(changed)

    def run_cycle(
        self,
        every_feed: bool = True,
        publish: bool = True,
        on_poll: Callable[[Poll], None] = lambda poll: None,
        coding_seconds: float = math.inf,
        poll_seconds: float = math.inf,
    ) -> list[Poll]:
        """One cycle over the enabled feeds, or over those that are due; one at a time on a database.

        Parameters
        ----------
        every_feed
            Ask all feeds, or only those that are due.
        publish
            Whether to measure and publish the index at the end.
        on_poll
            Told of each poll as it ends.
        coding_seconds
            As ``seconds`` of `code_pending`.
        poll_seconds
            As ``seconds`` of `poll`.

        Raises
        ------
        StorageError
            When another process's cycle does not end.
        """
        with waiting_for(ProcessLock(self.store.engine, "cycle"), _CYCLE_WAIT_SECONDS):
            states = self.store.watched() if every_feed else self.due()
            polls = asyncio.run(self.poll(states, on_poll, poll_seconds)) if states else []
            self.code_pending(seconds=coding_seconds)
            if publish and not self.stopping.is_set():
                self.publish()
        return polls


def headline(article: Uncoded, coding: Coding) -> Headline:
    """What grouping sees of an article that has just been coded."""
    countries, signals = frozenset(coding.countries), frozenset(coding.signals)
    return Headline(article.id, article.published_at, article.language, article.title, countries, signals)


def _pace(before: Pace, asked: Asked) -> Pace:
    """What is known of a feed's pace once it has answered; what an answer leaves unsaid, the last full one said."""
    if asked.answer is None:
        return before
    fresh = asked.answer.fresh_seconds
    if asked.answer.status == _UNCHANGED and fresh is None:
        fresh = before.fresh_seconds
    return Pace(asked.parsed.ttl_minutes if asked.parsed else before.ttl_minutes, fresh)


def _changed(days: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The days that differ from what is published: a value by a hundredth of a point, or what it stands on.

    A day that nothing is known of any more, since days are counted in another zone, is published as insufficient.
    """
    days = days.reindex(days.index.union(known.index[known["n_articles"] > 0]))
    days[[*COUNTS, "coverage_share"]] = days[[*COUNTS, "coverage_share"]].fillna(0)
    days["status"] = days["status"].fillna(PointStatus.INSUFFICIENT.value)
    days[["method_version", "model_version"]] = days[["method_version", "model_version"]].bfill().ffill()
    words = ["status", "method_version", "model_version"]
    before = known.reindex(days.index)[[*VALUES, *COUNTS, "coverage_share", *words]]
    new, old = days[VALUES].astype(float), before[VALUES].astype(float)
    same = (((new - old).abs() < _PUBLISHED_POINTS) | (new.isna() & old.isna())).all(axis=1)
    counts = [*COUNTS, "coverage_share"]
    same &= days[counts].astype(float).round(6).eq(before[counts].astype(float).round(6)).all(axis=1)
    same &= days[words].astype(str).eq(before[words].astype(str)).all(axis=1)
    return days[~same]


def _point(row: dict[Any, Any], now: datetime) -> IndexPoint:
    values = {name: None if pd.isna(row[name]) else float(row[name]) for name in VALUES}
    return IndexPoint(
        day=row["day"].date(),
        n_articles=int(row["n_articles"]),
        n_stories=int(row["n_stories"]),
        n_feeds=int(row["n_feeds"]),
        coverage_share=float(row["coverage_share"]),
        status=PointStatus(row["status"]),
        method_version=row["method_version"],
        model_version=row["model_version"],
        vintage_at=now,
        **values,
    )
