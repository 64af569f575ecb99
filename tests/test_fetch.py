"""Fetching from a server that misbehaves: deadlines, sizes, redirects and addresses; and asking politely."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from ipaddress import ip_network

import pytest

from tension.errors import AddressRefused, AnswerTooLarge, AnswerTooSlow, FetchError, HttpStatus
from tension.feeds.fetch import Fetcher, Limits
from tension.records import Answer, Validators

LIMITS = Limits(header_seconds=0.5, answer_seconds=1.5, allowed_networks=(ip_network("127.0.0.1/32"),))


@pytest.fixture(scope="module")
def server(replay_server) -> str:
    return replay_server("feeds/captured").url


def fetch(url: str, validators: Validators | None = None, limits: Limits = LIMITS) -> Answer:
    async def once() -> Answer:
        async with Fetcher(limits) as fetcher:
            return await fetcher.fetch(url, validators)

    return asyncio.run(once())


def test_an_unchanged_feed_is_not_sent_again(server):
    first = fetch(f"{server}/files/bbc.xml")
    assert first.body
    again = fetch(f"{server}/files/bbc.xml", first.validators)
    assert (again.status, again.body) == (304, None)
    assert again.validators == first.validators


@pytest.mark.parametrize("kind", ["slow-headers", "drip"])
def test_a_slow_answer_is_given_up_in_time(server, kind):
    started = time.monotonic()
    with pytest.raises(AnswerTooSlow):
        fetch(f"{server}/faults/{kind}")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("kind", ["huge", "gzip-bomb"])
def test_an_answer_is_read_up_to_the_cap_only(server, kind):
    with pytest.raises(AnswerTooLarge, match="TENSION_MAX_BYTES"):
        fetch(
            f"{server}/faults/{kind}", limits=replace(LIMITS, header_seconds=30, answer_seconds=60, max_bytes=200_000)
        )


def test_loopback_is_refused_unless_allowed(server):
    with pytest.raises(AddressRefused, match="not public"):
        fetch(f"{server}/faults/good", limits=Limits())


def test_a_redirect_to_an_address_that_is_not_allowed_is_refused(server):
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.2"):
        fetch(f"{server}/faults/redirect-private")


@pytest.mark.parametrize(("kind", "says"), [("redirect-loop", "circle"), ("redirect-file", "only http")])
def test_a_redirect_that_leads_nowhere_is_named(server, kind, says):
    with pytest.raises(FetchError, match=says):
        fetch(f"{server}/faults/{kind}")


def test_a_permanent_move_is_told(server):
    answer = fetch(f"{server}/faults/moved")
    assert answer.moved_to == f"{server}/faults/good"
    assert answer.body


def test_a_server_that_asks_to_wait_is_heard(server):
    with pytest.raises(HttpStatus) as caught:
        fetch(f"{server}/faults/rate-limited")
    assert (caught.value.status, caught.value.retry_after) == (429, 120)


@pytest.mark.parametrize("url", ["ftp://example.org/a", "data:text/xml,<rss/>", "http://u:p@127.0.0.1/", "nonsense"])
def test_an_address_that_cannot_be_fetched_is_named_without_its_secrets(url):
    with pytest.raises(FetchError) as caught:
        fetch(url)
    assert "u:p" not in str(caught.value)


def test_a_host_that_does_not_answer_is_named():
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:9"):
        fetch("http://127.0.0.1:9/feed.xml")


def test_no_more_feeds_are_asked_than_are_worked_on(server):
    async def most_at_once() -> list[int]:
        async with Fetcher(replace(LIMITS, connections=1)) as fetcher:
            held = [AsyncExitStack() for _ in range(4)]
            asked = [asyncio.create_task(fetcher.fetch(f"{server}/faults/good", held=each)) for each in held]
            done, waiting = await asyncio.wait(asked, timeout=1)
            before = len(done)
            for each, task in zip(held, asked, strict=True):
                if task in done:
                    await each.aclose()
            await asyncio.wait(waiting, timeout=10)
            return [before, sum(task.done() for task in asked)]

    assert asyncio.run(most_at_once()) == [2, 4]
