"""What a server asks for is done: waiting, resting, asking less often; and we say who we are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tension.feeds.fetch import Limits
from tension.pipeline import Pipeline
from tension.records import PollStatus
from tension.settings import Settings
from tension.storage import frames
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds
from tests.test_moving import RSS
from tests.websites import Page, website

IN_TEN_HOURS = datetime.now(UTC) + timedelta(hours=10)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def waits(tmp_path):
    """Polls a page once, and an ordinary feed of the same host; gives the poll and both waits."""

    def poll(page: Page):
        settings = loopback_settings(tmp_path)
        with website() as site:
            site.pages |= {"/feed": page, "/other": Page(RSS)}
            write_feeds(settings.feeds, [f"{site.url}/feed", f"{site.url}/other"])
            store = Store.open(settings.url)
            with Pipeline(settings, store, now=lambda: NOW) as pipeline:
                pipeline.sync_catalogue()
                poll, _ = pipeline.run_cycle(publish=False)
            feeds = frames.feeds(store.engine)
            store.engine.dispose()
        first, other = (at - NOW for at in feeds["next_poll_at"])
        return poll, feeds.iloc[0], first, other

    return poll


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for_by_the_feed_that_was_told(waits, status):
    poll, row, wait, other = waits(Page("", status, {"Retry-After": "7200"}))
    assert poll.status is PollStatus.FAILED
    assert "it asks to wait 7200 s" in row["last_reason"]
    assert timedelta(hours=2) <= wait <= timedelta(hours=2.2)
    assert other < timedelta(minutes=20)


def test_a_feed_that_is_gone_rests_and_says_so(waits):
    poll, row, wait, _ = waits(Page("", 410))
    assert (
        poll.reason
        == row["last_reason"]
        == "HTTP 410: the feed is gone for good, says the server; it rests for 30 days"
    )
    assert timedelta(days=30) <= wait <= timedelta(days=33)


@pytest.mark.parametrize(
    ("page", "least"),
    [
        (Page(RSS, headers={"Cache-Control": "max-age=36000"}), timedelta(hours=10)),
        (Page(RSS, headers={"Expires": format_datetime(IN_TEN_HOURS, usegmt=True)}), timedelta(hours=9)),
        (Page(RSS.replace("<title>T</title>", "<title>T</title><ttl>50</ttl>", 1)), timedelta(minutes=50)),
    ],
    ids=["Cache-Control", "Expires", "ttl"],
)
def test_what_a_feed_says_of_its_freshness_raises_the_interval(waits, page, least):
    poll, _, wait, other = waits(page)
    assert poll.status is PollStatus.OK
    assert least <= wait <= least * 1.25
    assert other < timedelta(minutes=20)


def test_we_introduce_ourselves_alike_everywhere_and_as_the_setting_says():
    agent = Settings().user_agent
    assert agent.startswith("tension/")
    assert "README" in agent
    assert Limits().user_agent == agent
    assert Limits.from_settings(Settings(user_agent="mine/1 (+mail)")).user_agent == "mine/1 (+mail)"


@pytest.fixture
def polled(store, tmp_path):
    """Polls one feed with each of some pages in turn; gives the polls, how long it is left alone after each, and
    what the next poll would ask with."""

    def poll(*pages: Page):
        settings, moments = loopback_settings(tmp_path), [NOW + timedelta(days=n) for n in range(len(pages))]
        polls, waits = [], []
        with website() as site, Pipeline(settings, store, now=lambda: moments[len(waits)]) as pipeline:
            write_feeds(settings.feeds, [f"{site.url}/feed"])
            pipeline.sync_catalogue()
            for page, moment in zip(pages, moments, strict=True):
                site.pages["/feed"] = page
                polls += pipeline.run_cycle(publish=False)
                (state,) = store.watched()
                waits.append(state.next_poll_at - moment)
        return polls, waits, state.validators

    return poll


FRESH = {"ETag": '"1"', "Cache-Control": "max-age=36000"}
SLOW = RSS.replace("<title>T</title>", "<title>T</title><ttl>50</ttl>", 1)
NOTHING = '<rss version="2.0"><channel><title>T</title></channel></rss>'
OK, EMPTY, SAME, FAILED = PollStatus.OK, PollStatus.EMPTY, PollStatus.NOT_MODIFIED, PollStatus.FAILED


@pytest.mark.parametrize(
    ("first", "least"),
    [(Page(RSS, headers=FRESH), timedelta(hours=10)), (Page(SLOW, headers={"ETag": '"1"'}), timedelta(minutes=50))],
    ids=["Cache-Control", "ttl"],
)
def test_a_304_that_says_nothing_leaves_the_pace_of_the_last_full_answer(polled, first, least):
    polls, waits, _ = polled(first, Page(status=304), Page(status=500), Page(status=304))
    assert [poll.status for poll in polls] == [OK, SAME, FAILED, SAME]
    for wait in (waits[0], waits[1], waits[3]):
        assert least <= wait <= least * 1.25
    assert waits[2] < timedelta(minutes=40)  # backed off, no more


def test_a_304_that_names_its_freshness_is_believed_from_then_on(polled):
    said = {"Cache-Control": "max-age=7200"}
    _, waits, _ = polled(Page(RSS, headers=FRESH), Page(status=304, headers=said), Page(status=304))
    for wait in waits[1:]:
        assert timedelta(hours=2) <= wait <= timedelta(hours=2.2)


def test_the_same_bytes_keep_the_ttl_that_they_name(polled):
    polls, waits, _ = polled(Page(SLOW), Page(SLOW), Page(RSS))
    assert [poll.status for poll in polls] == [OK, SAME, OK]
    assert timedelta(minutes=50) <= waits[1] <= timedelta(minutes=60)
    assert waits[2] < timedelta(minutes=20)  # it no longer names one


@pytest.mark.parametrize(
    ("pages", "statuses"),
    [
        ([Page(RSS, headers={"ETag": '"1"'}), Page(RSS, headers={"ETag": '"2"'})], [OK, SAME]),
        ([Page(RSS, headers={"ETag": '"1"'}), Page(status=304, headers={"ETag": '"2"'})], [OK, SAME]),
        ([Page(NOTHING, headers={"ETag": '"2"'})], [EMPTY]),
        ([Page(NOTHING, headers={"ETag": '"2"'}), Page(status=500, headers={"ETag": '"3"'})], [EMPTY, FAILED]),
    ],
    ids=["same bytes, new tag", "304 with a new tag", "an empty feed", "a failure"],
)
def test_each_answer_names_what_the_next_poll_asks_with_and_a_failure_does_not(polled, pages, statuses):
    polls, _, validators = polled(*pages)
    assert [poll.status for poll in polls] == statuses
    assert validators.etag == '"2"'
    assert validators.body_hash
