"""Slow feeds hold up nobody for longer than their own deadline; documents that kill their worker cost no other one."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from tension.feeds.ask import Asked, ask
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.parse import ParserPool
from tension.records import Validators
from tests.faults.conftest import LIMITS, misbehaving
from tests.test_parse import gone

SLACK = 5.0  # seconds that a busy machine may take beside


def timed(pool: ParserPool, urls: list[str], limits: Limits) -> list[tuple[Asked, float]]:
    """Ask side by side; each with the seconds after which it was there."""
    started = time.monotonic()

    async def one(fetcher: Fetcher, url: str) -> tuple[Asked, float]:
        asked = await ask(url, Validators(), fetcher, pool)
        return asked, time.monotonic() - started

    async def every() -> list[tuple[Asked, float]]:
        async with Fetcher(limits) as fetcher:
            return await asyncio.gather(*(one(fetcher, url) for url in urls))

    return asyncio.run(every())


@pytest.mark.parametrize(
    ("fault", "seconds"), [("silent", LIMITS.header_seconds), ("drip-headers", LIMITS.header_seconds),
                           ("drip", LIMITS.answer_seconds)]
)  # fmt: skip
def test_a_slow_feed_holds_up_others_of_its_host_no_longer_than_its_deadline(server, parsers, fault, seconds):
    urls = [server.fault(fault), *(server.good(f"after{n}") for n in range(5))]
    (slow, took), *others = timed(parsers, urls, replace(LIMITS, connections_per_host=1))
    assert slow.reason.startswith("no ")
    assert seconds <= took < seconds + SLACK
    for good, after in others:
        assert len(good.parsed.items) == 5
        assert after < seconds + SLACK


def test_a_slow_feed_holds_up_no_other_host(server, parsers):
    with misbehaving("127.0.0.1") as other:
        urls = [*[server.fault("silent")] * 5, other.good("a")]
        *_, (_, last), (good, after) = timed(parsers, urls, replace(LIMITS, connections_per_host=1))
    assert len(good.parsed.items) == 5
    assert after < last / 2


def test_redirects_share_one_deadline(server, parsers):
    ((slow, took),) = timed(parsers, [f"{server.url}/to?{server.fault('drip')}"], LIMITS)
    assert slow.reason == "no complete answer within 2 s"
    assert took < LIMITS.answer_seconds + SLACK


def one_by_one(pool: ParserPool, urls: list[str]) -> list[tuple[Asked, frozenset[int]]]:
    """Ask one after the other; each with the workers that live then."""
    unhurried = replace(LIMITS, header_seconds=5, answer_seconds=10)
    return [(timed(pool, [url], unhurried)[0][0], pool.pids) for url in urls]


def test_a_document_that_needs_too_much_memory_costs_no_other_one(server):
    with ParserPool(workers=1, seconds=20, memory_bytes=64_000_000) as pool:
        urls = [server.good("before"), server.fault("many-items"), server.good("after")]
        (before, _), (large, _), (after, workers) = one_by_one(pool, urls)
    assert "more memory" in large.reason or "died" in large.reason
    assert [len(good.parsed.items) for good in (before, after)] == [5, 5]
    assert len(workers) == 1


def test_a_worker_killed_over_a_slow_document_is_replaced(server):
    with ParserPool(workers=1, seconds=1) as pool:
        urls = [server.good("before"), server.fault("authors"), server.good("after")]
        (_, first), (slow, none), (good, second) = one_by_one(pool, urls)
    assert slow.reason == "took longer than 1 s to parse; the document was given up"
    assert len(good.parsed.items) == 5
    assert [len(first), len(none), len(second)] == [1, 0, 1]
    assert first != second
    assert gone(first | second)
