"""What asking a feed gives, apart from what storing it comes to."""

from __future__ import annotations

import asyncio

from tension.feeds.ask import Asked, ask
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.parse import ParserPool
from tension.records import PollStatus, Validators
from tests.feedlists import loopback_settings
from tests.test_moving import RSS
from tests.websites import Page, website


def test_what_was_asked_keeps_no_document(tmp_path):
    with website() as site, ParserPool(workers=1) as parsers:
        site.pages["/a"] = Page(RSS)

        async def every() -> list[Asked]:
            async with Fetcher(Limits.from_settings(loopback_settings(tmp_path))) as fetcher:
                first = await ask(f"{site.url}/a", Validators(), fetcher, parsers)
                assert first.answer
                return [first, await ask(f"{site.url}/a", first.answer.validators, fetcher, parsers)]

        asked = asyncio.run(every())
    assert [one.status for one in asked] == [PollStatus.OK, PollStatus.NOT_MODIFIED]
    assert [one.answer.body for one in asked if one.answer] == [None, None]
