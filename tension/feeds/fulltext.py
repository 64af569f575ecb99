"""Reading the pages of articles: as robots.txt allows, one at a time a host, within a bounded time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tension.errors import FetchError, HttpStatus, RobotsForbid
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.parse import ParserPool
from tension.feeds.robots import Manners, NoRobots, NotNow, Visit, host_of
from tension.records import Answer
from tension.settings import Settings

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_TOO_BUSY = frozenset({429, 503})


class PageStatus(StrEnum):
    """How reading a page ended. None of them is tried again."""

    READ = "read"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PageText:
    """What came of a page: its text where it was read, else the reason."""

    status: PageStatus
    reason: str = ""
    text: str = ""


class PageReader:
    """Reads pages; long-lived, for it remembers what sites allow.

    Parameters
    ----------
    settings, parsers
        Limits and User-Agent as for feeds; pages are taken apart in the same worker processes.
    """

    def __init__(self, settings: Settings, parsers: ParserPool) -> None:
        self._limits = Limits.from_settings(settings)
        self._parsers = parsers
        self._manners = Manners(settings.user_agent, settings.fulltext_host_seconds)

    async def read(self, urls: Mapping[int, str], seconds: float) -> dict[int, PageText]:
        """Read pages for a while.

        Parameters
        ----------
        urls
            Addresses by article.
        seconds
            How long. Pages are begun in its first third and answer within another; one that is not taken apart at
            its end has failed.

        Returns
        -------
        dict
            By article; those that are missing may be asked for again: their turn did not come, or their host rests.
        """
        started, third = time.monotonic(), seconds / 3
        hasty = replace(
            self._limits,
            header_seconds=min(self._limits.header_seconds, third),
            answer_seconds=min(self._limits.answer_seconds, third),
        )
        fetched: dict[int, PageText] = {}
        async with Fetcher(hasty) as robots:
            visit = Visit(self._manners, robots, self._parsers, started + third)
            async with Fetcher(hasty, _ACCEPT) as pages:
                ways = {number: _Way(url, visit, pages) for number, url in urls.items()}
                tasks = [asyncio.create_task(self._one(number, way, fetched)) for number, way in ways.items()]
                await _until(tasks, started + seconds)
        return fetched

    async def _one(self, number: int, way: _Way, fetched: dict[int, PageText]) -> None:
        try:
            answer = await way.go()
            fetched[number] = PageText(PageStatus.FAILED, "the page could not be taken apart in time")
            text = await self._parsers.article(answer.body or b"", answer.url)
            fetched[number] = PageText(PageStatus.READ, text=text)
        except NotNow as error:
            if way.hosts and isinstance(error, NoRobots):  # or the first host would be asked in vain again and again
                fetched[number] = PageText(PageStatus.FAILED, str(error))
        except RobotsForbid as error:
            fetched[number] = PageText(PageStatus.REFUSED, str(error))
        except FetchError as error:
            if isinstance(error, HttpStatus) and error.status in _TOO_BUSY:
                self._manners.rest(way.here, error.retry_after)
            else:
                fetched[number] = PageText(PageStatus.FAILED, str(error))


class _Way:
    """The way to one page over its redirects; a host has one turn for it, however often it is met."""

    def __init__(self, url: str, visit: Visit, pages: Fetcher) -> None:
        self.here = url
        self.hosts: set[str] = set()
        self._visit, self._pages = visit, pages

    async def go(self) -> Answer:
        return await self._pages.fetch(self.here, admit=self._admit)

    async def _admit(self, url: str) -> None:
        host = host_of(url)
        await (self._visit.admit_again(url) if host in self.hosts else self._visit.admit(url))
        self.here = url
        self.hosts.add(host)


async def _until(tasks: Collection[asyncio.Task[None]], end: float) -> None:
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=max(0.0, end - time.monotonic()))
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()  # a bug crashes loudly
