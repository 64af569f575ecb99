"""Whether a site lets us read a page now: its robots.txt, kept for a day, and one page a host every few seconds."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tension.errors import AddressRefused, FetchError, HttpStatus, NotAFeed, RobotsForbid
from tension.feeds.fetch import Fetcher
from tension.feeds.parse import ParserPool

_KEPT_SECONDS = 24 * 3600.0
_ASK_AGAIN_SECONDS = 3600.0
_REST_SECONDS = 900.0
_NOT_YET = frozenset({429})  # "too many requests" says nothing of what may be read


class NotNow(FetchError):
    """The page may be read later: its host rests, or it is not its turn yet."""


class NoRobots(NotNow):
    """Nothing of a host may be read for a while: its robots.txt cannot be."""


@dataclass(slots=True)
class Robots:
    """A host's robots.txt, b"" where it has none, and until when it is kept."""

    body: bytes | None  # None: it could not be read, so nothing may be
    until: float


@dataclass
class Manners:
    """What is known of sites, from one batch of pages to the next.

    Parameters
    ----------
    agent
        The User-Agent; its first word, without a version, is the name that robots.txt may address.
    seconds
        Between two pages of a host; a longer ``Crawl-delay`` counts instead.
    """

    agent: str
    seconds: float
    robots: dict[str, Robots] = field(default_factory=dict)
    free_at: dict[str, float] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return self.agent.split("/")[0].split()[0] if self.agent.strip() else "*"

    def rest(self, url: str, seconds: float | None) -> None:
        """Leave a host alone for as long as it asks, a quarter of an hour at least."""
        self.free_at[host_of(url)] = time.monotonic() + max(seconds or 0.0, _REST_SECONDS)


class Visit:
    """One batch of pages, of which none is begun after ``last_start`` (monotonic seconds).

    Parameters
    ----------
    manners
        What is known already, and is added to.
    fetcher
        For robots.txt.
    parsers
        Take robots.txt apart.
    """

    def __init__(self, manners: Manners, fetcher: Fetcher, parsers: ParserPool, last_start: float) -> None:
        self._manners, self._fetcher, self._parsers = manners, fetcher, parsers
        self._last_start = last_start
        self._turns: dict[str, asyncio.Lock] = {}

    async def admit(self, url: str) -> None:
        """Wait for the next turn of the address's host.

        Raises
        ------
        RobotsForbid
            When its robots.txt says no.
        AddressRefused
            When the host is not public.
        NotNow
            When no turn comes in this batch; `NoRobots` when robots.txt cannot be read for now.
        """
        host = host_of(url)
        async with self._turns.setdefault(host, asyncio.Lock()):
            free_at = self._manners.free_at.get(host, 0.0)
            self._check_time(free_at)
            gap = await self._gap(url)
            self._check_time(free_at)
            await asyncio.sleep(max(0.0, free_at - time.monotonic()))
            self._manners.free_at[host] = time.monotonic() + gap

    async def admit_again(self, url: str) -> None:
        """As `admit`, for a redirect to a host that has had its turn for this page."""
        await self._gap(url)

    def _check_time(self, free_at: float) -> None:
        if max(free_at, time.monotonic()) > self._last_start:
            raise NotNow("not its turn yet")

    async def _gap(self, url: str) -> float:
        origin = f"{urlsplit(url).scheme}://{host_of(url)}"
        body = await self._robots(origin)
        if not body:
            return self._manners.seconds
        try:
            rule = await self._parsers.robots(body, self._manners.token, url)
        except NotAFeed as error:
            self._manners.robots[origin] = Robots(None, time.monotonic() + _KEPT_SECONDS)
            raise NoRobots("its robots.txt cannot be understood") from error
        if not rule.allowed:
            raise RobotsForbid(f"the robots.txt of {urlsplit(url).hostname} keeps this page from us")
        return max(self._manners.seconds, rule.delay)

    async def _robots(self, origin: str) -> bytes:
        """The file of a host, b"" where it has none."""
        known = self._manners.robots.get(origin)
        if known is None or known.until <= time.monotonic():
            body = await self._ask(f"{origin}/robots.txt")
            kept = _ASK_AGAIN_SECONDS if body is None else _KEPT_SECONDS
            self._manners.robots[origin] = known = Robots(body, time.monotonic() + kept)
        if known.body is None:
            raise NoRobots(f"{origin}/robots.txt cannot be read for now")
        return known.body

    async def _ask(self, url: str) -> bytes | None:
        try:
            return (await self._fetcher.fetch(url)).body or b""
        except HttpStatus as error:
            return b"" if error.status < 500 and error.status not in _NOT_YET else None
        except AddressRefused:
            raise
        except FetchError:
            return None


def host_of(url: str) -> str:
    """Whose turn an address waits for: its host with the port."""
    return urlsplit(url).netloc.lower()
