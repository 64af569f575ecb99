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
