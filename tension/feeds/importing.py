"""Taking over another reader's list of feeds: what each outline of an OPML file comes to, before anything is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tension.errors import CatalogueError
from tension.feeds.addresses import same_feed
from tension.feeds.ask import ask
from tension.feeds.catalogue import read_catalogue
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.languages import short_language
from tension.feeds.opml import read_opml, unusable_outlines
from tension.feeds.parse import ParserPool
from tension.feeds.suggest import UNKNOWN_LANGUAGE
from tension.records import Feed, ParsedFeed, PollStatus, Validators
from tension.settings import Settings

_AT_ONCE = 50


class Verdict(StrEnum):
    """What an outline comes to."""

    NEW = "new"
    KNOWN = "known"
    FAILING = "failing"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline of the file. ``feed`` is the entry that it becomes, None where unusable; ``reason`` says why."""

    verdict: Verdict
    feed: Feed | None
    reason: str = ""

    @property
    def to_add(self) -> bool:
        return self.verdict in (Verdict.NEW, Verdict.FAILING)


def plan(body: bytes, listed: Iterable[Feed]) -> tuple[Outline, ...]:
    """What the outlines of an OPML file come to, without asking any. Pure.

    Raises
    ------
    CatalogueError
        When the file is not OPML.
    """
    known = {same_feed(feed.url) for feed in listed}
    usable = [Outline(Verdict.KNOWN if same_feed(feed.url) in known else Verdict.NEW, feed) for feed in read_opml(body)]
    return (*usable, *(Outline(Verdict.UNUSABLE, None, why) for why in unusable_outlines(body)))


def declared_language(parsed: ParsedFeed) -> str | None:
    """The language that a feed names, ISO 639."""
    return short_language(parsed.language) if parsed.language else None


def check(
    outlines: Sequence[Outline],
    settings: Settings,
    language_of: Callable[[ParsedFeed], str | None] = declared_language,
    on_answer: Callable[[int], None] = lambda n: None,
) -> tuple[Outline, ...]:
    """Ask the new feeds side by side, storing nothing.

    Parameters
    ----------
    outlines
        As `plan` gives.
    settings
        Limits of the answers, and which networks may be asked.
    language_of
        Tells a feed's language where the file does not.
    on_answer
        Told how many have answered or failed.

    Returns
    -------
    tuple of Outline
        In the same order. Those that fail have the reason, and an entry that is switched off; the others have their
        language, and the new address where a permanent redirect led to it.
    """

    async def every() -> tuple[Outline, ...]:
        turn, done = asyncio.Semaphore(_AT_ONCE), 0
        with ParserPool(workers=settings.parse_workers, seconds=settings.parse_seconds) as parsers:
            async with Fetcher(Limits.from_settings(settings)) as fetcher:

                async def one(outline: Outline) -> Outline:
                    nonlocal done
                    if outline.verdict is not Verdict.NEW:
                        return outline
                    async with turn:
                        checked = await _checked(outline, fetcher, parsers, language_of)
                    done += 1
                    on_answer(done)
                    return checked

                return tuple(await asyncio.gather(*map(one, outlines)))

    checked = asyncio.run(every())
    has_moved = {outline.feed.url for outline in checked if outline.feed} - {o.feed.url for o in outlines if o.feed}
    return _once(checked, _listed(settings)) if has_moved else checked


def _listed(settings: Settings) -> tuple[Feed, ...]:
    try:
        return read_catalogue(settings.feeds)
    except CatalogueError:  # saving will say what is wrong with it
        return ()


def _once(checked: Iterable[Outline], listed: Iterable[Feed]) -> tuple[Outline, ...]:
    """The outlines, known where their new address is listed already or that of an outline before."""
    seen = {same_feed(feed.url) for feed in listed}
    found = []
    for outline in checked:
        if outline.feed and outline.to_add and same_feed(outline.feed.url) in seen:
            outline = replace(outline, verdict=Verdict.KNOWN, reason="listed already, or named above")
        elif outline.feed:
            seen.add(same_feed(outline.feed.url))
        found.append(outline)
    return tuple(found)


async def _checked(
    outline: Outline, fetcher: Fetcher, parsers: ParserPool, language_of: Callable[[ParsedFeed], str | None]
) -> Outline:
    feed = outline.feed
    assert feed is not None
    asked = await ask(feed.url, Validators(), fetcher, parsers)
    if asked.status is PollStatus.FAILED:
        return Outline(Verdict.FAILING, replace(feed, enabled=False), asked.reason)
    if asked.answer and asked.answer.moved_to:
        feed = replace(feed, url=asked.answer.moved_to)
    if feed.language == UNKNOWN_LANGUAGE and asked.parsed and (language := language_of(asked.parsed)):
        feed = replace(feed, language=language)
    return replace(outline, feed=feed, reason=asked.reason)
