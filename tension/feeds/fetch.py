"""Fetching feeds: with `connecting`, the only code that opens connections to the outside."""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from tension.errors import AnswerTooSlow, FetchError
from tension.feeds import headers
from tension.feeds.addresses import Network, without_credentials
from tension.feeds.connecting import Names, public_sockets
from tension.feeds.explaining import explained, status_error
from tension.feeds.unpacking import Body, too_large
from tension.records import Answer, Validators
from tension.settings import USER_AGENT, Settings

_OK, _NOT_MODIFIED = frozenset({200, 203}), 304
_PERMANENT, _TEMPORARY = frozenset({301, 308}), frozenset({302, 303, 307})
_PIECE = 64 * 1024
_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost, and whom we may ask. The fields are those of `tension.settings.Settings`."""

    header_seconds: float = 5.0
    answer_seconds: float = 15.0
    max_bytes: int = 10_000_000
    redirects: int = 5
    connections_per_host: int = 2
    connections: int = 100
    allowed_networks: tuple[Network, ...] = ()
    user_agent: str = USER_AGENT

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        return cls(
            header_seconds=settings.header_seconds,
            answer_seconds=settings.answer_seconds,
            max_bytes=settings.max_bytes,
            connections_per_host=settings.connections_per_host,
            allowed_networks=settings.allowed_networks,
            user_agent=settings.user_agent,
        )


class NotAsked(Exception):
    """The time for asking was over before a feed's turn came; nothing was asked of it, nothing is known of it."""


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: URL
    permanent: bool


class Fetcher:
    """Fetches feeds; an asynchronous context manager for one event loop.

    Connections to addresses that are not public are refused as they are opened, so the rule holds for every
    redirect and for whatever a name resolves to. No cookies, no proxy from the environment, no credentials.

    Parameters
    ----------
    limits
        Deadlines, sizes and allowed networks. A host is host:port; whoever waits for its turn there has not started.
    accept
        What we say that we understand.
    seconds
        After how long no fetch begins any more.
    """

    def __init__(self, limits: Limits | None = None, accept: str = _ACCEPT, seconds: float = math.inf) -> None:
        self._limits = limits or Limits()
        self._accept = accept
        self._until = time.monotonic() + seconds
        self._hosts: dict[tuple[str, int], asyncio.Semaphore] = {}
        self._all = asyncio.Semaphore(self._limits.connections)
        self._places = asyncio.Semaphore(2 * self._limits.connections)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,
            resolver=Names(),
            socket_factory=public_sockets(self._limits.allowed_networks),
            ttl_dns_cache=300,
            keepalive_timeout=5,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            headers={"User-Agent": self._limits.user_agent, "Accept": self._accept, "Accept-Encoding": "gzip, deflate"},
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(
        self,
        url: str,
        validators: Validators | None = None,
        admit: Callable[[str], Awaitable[None]] | None = None,
        held: AsyncExitStack | None = None,
    ) -> Answer:
        """Fetch one feed, asking only for what changed where validators are given.

        Parameters
        ----------
        url
            An ``http`` or ``https`` address without user name and password.
        validators
            Those of its last full answer.
        admit
            Awaited before each address on the way, the redirects among them; what it raises ends the fetch. The
            time that it takes does not count.
        held
            Takes one of 200 places before the feed is asked, and keeps it until it is closed, so that feeds are asked
            no faster than their answers are worked on. None takes no place.

        Returns
        -------
        Answer
            ``url`` is the address that answered in the end. ``body`` is unpacked, and None when not modified.
            ``moved_to`` is set when each redirect on the way was permanent.

        Raises
        ------
        FetchError
            `AddressRefused`, `AnswerTooLarge`, `AnswerTooSlow`, `HttpStatus`, or itself for what has no class of its
            own: no such name, refused, TLS, a circle of redirects, a bad scheme, a body that breaks off.
        NotAsked
            When its turn came too late.
        """
        here, seen, permanent = _checked(url), set[URL](), True
        seconds_left = self._limits.answer_seconds
        while here not in seen and len(seen) <= self._limits.redirects:
            seen.add(here)
            if admit is not None:
                await admit(str(here))
            async with self._turn(here), self._all:
                if held is not None and len(seen) == 1:
                    await held.enter_async_context(self._places)
                if len(seen) == 1 and time.monotonic() >= self._until:
                    raise NotAsked(str(here))
                started = asyncio.get_running_loop().time()
                step = await self._step(here, validators or Validators(), seconds_left)
                seconds_left -= asyncio.get_running_loop().time() - started
            if isinstance(step, Answer):
                return _moved(step) if permanent and len(seen) > 1 else step
            here, permanent = step.to, permanent and step.permanent
        if here in seen:
            raise FetchError(f"the redirects go in a circle at {_shown(here)}")
        raise FetchError(f"more than {self._limits.redirects} redirects, the last one to {_shown(here)}")

    def _turn(self, url: URL) -> asyncio.Semaphore:
        host = (url.raw_host or "", url.port or 0)
        return self._hosts.setdefault(host, asyncio.Semaphore(self._limits.connections_per_host))

    async def _step(self, url: URL, before: Validators, seconds: float) -> Answer | _Redirect:
        reached = "connection"
        header_seconds = min(self._limits.header_seconds, max(seconds, 0.0))
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                async with asyncio.timeout(header_seconds):
                    response = await self._ask(url, before)
                reached = "headers"
                async with response:
                    return await self._understood(response, before)
        except TimeoutError as error:
            if reached == "headers":
                raise AnswerTooSlow(f"no complete answer within {self._limits.answer_seconds:g} s") from error
            raise AnswerTooSlow(f"no headers from {url.raw_host} within {header_seconds:.3g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise explained(error, url) from error

    async def _ask(self, url: URL, before: Validators) -> aiohttp.ClientResponse:
        if self._session is None:
            raise RuntimeError("a Fetcher fetches only inside `async with`")
        conditions = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
        given = {name: value for name, value in conditions.items() if value}
        return await self._session.get(url, headers=given, allow_redirects=False)

    async def _understood(self, response: aiohttp.ClientResponse, before: Validators) -> Answer | _Redirect:
        if response.status in _PERMANENT | _TEMPORARY:
            return _Redirect(_target(response), response.status in _PERMANENT)
        if response.status == _NOT_MODIFIED and (before.etag or before.last_modified):
            return _answer(response, None, before)
        if response.status not in _OK:
            raise status_error(response)
        return _answer(response, await self._body(response), before)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        if (response.content_length or 0) > self._limits.max_bytes:
            raise too_large(self._limits.max_bytes)
        body = Body(response.headers.get("Content-Encoding", ""), self._limits.max_bytes)
        async for piece in response.content.iter_chunked(_PIECE):
            body.add(piece)
        return body.whole()


def _checked(url: str) -> URL:
    try:
        parsed = URL(url).with_fragment(None)
    except ValueError as error:
        raise FetchError(f"{without_credentials(url)[:200]} is not a web address") from error
    if parsed.scheme not in ("http", "https"):
        raise FetchError(f"{parsed.scheme or 'no scheme'}: in an address; only http and https are fetched")
    if parsed.user or parsed.password:
        raise FetchError(f"{_shown(parsed)} was given with a user name or password; such addresses are not fetched")
    if not parsed.raw_host:
        raise FetchError("an address without a host")
    return parsed


def _target(response: aiohttp.ClientResponse) -> URL:
    location = response.headers.get("Location", "")
    if not location:
        raise FetchError(f"the server answered {response.status}, a redirect, and does not say to where")
    try:
        return _checked(str(response.url.join(URL(location))))
    except ValueError as error:
        raise FetchError("a redirect to what is no web address") from error
    except FetchError as error:
        raise FetchError(f"a redirect leads astray: {error}") from error


def _answer(response: aiohttp.ClientResponse, body: bytes | None, before: Validators) -> Answer:
    body_hash = None if body is None else hashlib.sha256(body).hexdigest()
    return Answer(
        url=str(response.url),
        status=response.status,
        body=body,
        content_type=response.headers.get("Content-Type"),
        validators=headers.validators(response.headers, body_hash, before),
        fresh_seconds=headers.fresh_seconds(response.headers, datetime.now(UTC)),
    )


def _moved(answer: Answer) -> Answer:
    return replace(answer, moved_to=answer.url)


def _shown(url: URL) -> str:
    return without_credentials(str(url))[:200]
