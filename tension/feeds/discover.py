"""From the address of a site, or of a feed, to the feeds there. Asks through the fetcher, with all its limits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tension.errors import FetchError, HttpStatus
from tension.feeds.addresses import same_feed, web_address, without_credentials
from tension.feeds.ask import Asked, ask
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.linked import Linked, linked_feeds, looks_like_html, usual_addresses
from tension.feeds.parse import ParserPool
from tension.records import Answer, ParsedFeed, Validators
from tension.settings import Settings

# an address that holds nothing; after any other status a site wants to be left alone, and is not asked elsewhere
_NOT_HERE = frozenset({404, 405, 410})


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that answered: its address, its title (else the page's word for it), and what it carries."""

    url: str
    title: str
    parsed: ParsedFeed


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at an address: feeds that answer; where there is none, why not.

    ``is_feed``: the address is that of the one feed. ``is_page``: a page answered there.
    """

    url: str
    feeds: tuple[FoundFeed, ...] = ()
    reason: str = ""
    is_feed: bool = False
    is_page: bool = False


def discover(address: str, settings: Settings) -> Discovery:
    """Find the feeds at an address, storing nothing.

    Parameters
    ----------
    address
        Of a feed or of a page; ``https://`` may be left out.
    settings
        Limits of the answers, and which networks may be asked.

    Returns
    -------
    Discovery
        The feed itself, or those that the page declares or links to, or else those at the usual places on its host.
        Never raises for what a site does.
    """

    async def within() -> Discovery:
        with ParserPool(workers=settings.parse_workers, seconds=settings.parse_seconds) as parsers:
            async with Fetcher(Limits.from_settings(settings)) as fetcher:
                return await _Search(fetcher, parsers).at(with_scheme(address))

    return asyncio.run(within())


def with_scheme(address: str) -> str:
    """The address as it was probably meant: ``https://`` where no scheme is given, and none of ``feed:``."""
    address = web_address(address.strip())
    has_one = "://" in address or urlsplit(address.partition("/")[0]).scheme in ("mailto", "data", "file", "feed")
    return address if has_one else f"https://{address}"


@dataclass(frozen=True, slots=True)
class _Search:
    fetcher: Fetcher
    parsers: ParserPool

    async def at(self, url: str) -> Discovery:
        try:
            answer = await self.fetcher.fetch(url)
        except HttpStatus as error:
            if error.status in _NOT_HERE:
                return await self._at_usual_addresses(url, str(error))
            return Discovery(without_credentials(url), reason=str(error))
        except FetchError as error:
            return Discovery(without_credentials(url), reason=str(error))
        try:
            parsed = await self.parsers.parse(answer.body or b"", answer.url, answer.content_type)
        except FetchError as error:
            if looks_like_html(answer.body or b"", answer.content_type):
                return await self._on_page(answer, url, str(error))
            return Discovery(url, reason=str(error))
        return Discovery(url, (FoundFeed(answer.moved_to or url, parsed.title, parsed),), is_feed=True)

    async def _on_page(self, answer: Answer, url: str, reason: str) -> Discovery:
        linked = linked_feeds(answer.body or b"", answer.url, answer.content_type)
        found, failed = await self._answering(linked)
        if found:
            return Discovery(url, found, is_page=True)
        if failed:
            reason = f"{reason}; it names {len(linked)}, none of which answers ({failed[0].reason})"
        if any((one.http_status or 0) >= 400 and one.http_status not in _NOT_HERE for one in failed):
            return Discovery(url, reason=reason, is_page=True)
        return await self._at_usual_addresses(answer.url, reason, is_page=True)

    async def _at_usual_addresses(self, url: str, reason: str, is_page: bool = False) -> Discovery:
        usual = [Linked(one) for one in usual_addresses(url) if same_feed(one) != same_feed(url)]
        found, _ = await self._answering(usual)
        if not found:
            host = urlsplit(without_credentials(url)).hostname
            reason = f"{reason}; nor does a feed answer at the usual addresses of {host}"
        return Discovery(url, found, "" if found else reason, is_page=is_page)

    async def _answering(self, linked: Iterable[Linked]) -> tuple[tuple[FoundFeed, ...], list[Asked]]:
        """Those that answer, each address once; and what asking the others came to."""
        linked = list(linked)
        asked = await asyncio.gather(*(ask(one.url, Validators(), self.fetcher, self.parsers) for one in linked))
        found: dict[str, FoundFeed] = {}
        for one, answer in zip(linked, asked, strict=True):
            if answer.parsed and answer.answer:
                feed = FoundFeed(one.url, answer.parsed.title or one.title, answer.parsed)
                found.setdefault(same_feed(answer.answer.url), feed)
        return tuple(found.values()), [answer for answer in asked if not answer.parsed]
