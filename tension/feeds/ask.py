"""Asking one feed: fetch and parse, with every failure as a value."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from tension.errors import FetchError, HttpStatus
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.parse import ParserPool
from tension.feeds.plain import one_line
from tension.records import Answer, ParsedFeed, PollStatus, Validators
from tension.settings import Settings

_REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking a feed came to; ``retry_after`` in seconds.

    ``answer`` only where ``status`` is not failed, and without its body; ``parsed`` only where it is ok or empty.
    """

    status: PollStatus
    reason: str = ""
    answer: Answer | None = None
    parsed: ParsedFeed | None = None
    http_status: int | None = None
    retry_after: float | None = None
    seconds: float = 0.0


async def ask(
    url: str, validators: Validators, fetcher: Fetcher, parsers: ParserPool, held: AsyncExitStack | None = None
) -> Asked:
    """Ask a feed what it has.

    Parameters
    ----------
    url
        The feed's address.
    validators
        Those of its last full answer; empty ones ask for everything.
    fetcher, parsers
        Open ones.
    held
        As of `Fetcher.fetch`.

    Returns
    -------
    Asked
        Never raises for what a feed does: a failure has the status failed and a reason.

    Raises
    ------
    NotAsked
        As `Fetcher.fetch`.
    """
    started = time.monotonic()
    try:
        asked = await _fetch_and_parse(url, validators, fetcher, parsers, held)
    except HttpStatus as error:
        asked = Asked(PollStatus.FAILED, _said(error), http_status=error.status, retry_after=error.retry_after)
    except FetchError as error:
        asked = Asked(PollStatus.FAILED, _said(error))
    return replace(asked, seconds=round(time.monotonic() - started, 3))


def unusable(asked: Asked, reason: str) -> Asked:
    """The same as a failure, for an answer that turned out to be of no use."""
    failed = Asked(PollStatus.FAILED, one_line(reason, _REASON_CHARACTERS))
    return replace(failed, http_status=asked.http_status, seconds=asked.seconds)


def _said(error: FetchError) -> str:
    return one_line(str(error), _REASON_CHARACTERS)  # what a server sent may be quoted in it


async def _fetch_and_parse(
    url: str, validators: Validators, fetcher: Fetcher, parsers: ParserPool, held: AsyncExitStack | None
) -> Asked:
    answer = await fetcher.fetch(url, validators, held=held)
    if answer.body is None:
        return Asked(PollStatus.NOT_MODIFIED, answer=answer, http_status=answer.status)
    if answer.validators.body_hash == validators.body_hash:
        same = "the same bytes as before"
        return Asked(PollStatus.NOT_MODIFIED, same, answer=replace(answer, body=None), http_status=answer.status)
    parsed = await parsers.parse(answer.body, answer.url, answer.content_type)
    answer = replace(answer, body=None)  # many wait to be stored: a document should not wait with its items
    if not parsed.items:
        return Asked(PollStatus.EMPTY, "a feed without items", answer, parsed, answer.status)
    return Asked(PollStatus.OK, "", answer, parsed, answer.status)


def download(url: str, settings: Settings) -> bytes:
    """What an address answers, under the limits of feeds.

    Raises
    ------
    FetchError
        When it cannot be had.
    """

    async def whole() -> bytes:
        async with Fetcher(Limits.from_settings(settings)) as fetcher:
            return (await fetcher.fetch(url)).body or b""

    return asyncio.run(whole())


def look(urls: Sequence[str], settings: Settings) -> list[Asked]:
    """Ask feeds for everything they have, side by side, storing nothing: to look before adding one.

    Returns
    -------
    list of Asked
        In the order of ``urls``.
    """

    async def every() -> list[Asked]:
        with ParserPool(workers=settings.parse_workers, seconds=settings.parse_seconds) as parsers:
            async with Fetcher(Limits.from_settings(settings)) as fetcher:
                return await asyncio.gather(*(ask(url, Validators(), fetcher, parsers) for url in urls))

    return asyncio.run(every())
