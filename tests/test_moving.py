"""A feed that has moved for good goes on at its new address with its history; one that has not stays."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.feeds.catalogue import read_catalogue
from tension.feeds.moving import CONFIRMATIONS, Move, after_poll
from tension.pipeline import Pipeline
from tension.records import Poll, PollStatus
from tension.storage import frames
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds
from tests.test_store import FEED, NOW, OTHER, article, coding, poll, watch
from tests.websites import Page, Site, website

RSS = (
    '<rss version="2.0"><channel><title>T</title><item><title>Russia expels a diplomat</title>'
    "<link>https://a.example/1</link></item></channel></rss>"
)


@pytest.fixture
def site():
    with website() as served:
        served.pages["/new"] = served.pages["/newer"] = Page(RSS, headers={"ETag": '"1"'})
        yield served


@contextmanager
def polling(tmp_path, site: Site, *paths: str):
    settings = loopback_settings(tmp_path)
    write_feeds(settings.feeds, [site.url + path for path in paths])
    settings.feeds.write_text("# ours\n" + settings.feeds.read_text())
    store = Store.open(settings.url)
    with Pipeline(settings, store, now=lambda: datetime.now(UTC)) as pipeline:
        pipeline.sync_catalogue()
        yield pipeline
    store.engine.dispose()


def urls(pipeline):
    return [feed.url for feed in read_catalogue(pipeline.settings.feeds)]


def reasons(pipeline, n):
    return [pipeline.run_cycle(publish=False)[0].reason for _ in range(n)]


@pytest.mark.parametrize("status", [301, 308])
def test_after_three_confirmations_list_and_stored_feed_have_the_new_address(tmp_path, site, status):
    site.redirect("/old", "/new", status)
    with polling(tmp_path, site, "/old", "/newer") as pipeline:
        before = pipeline.store.watched()[0]
        first, second, third = reasons(pipeline, 3)
        assert "moved" not in first + second
        assert f"has moved for good to {site.url}/new, where it is asked from now on" in third
        assert urls(pipeline) == [f"{site.url}/new", f"{site.url}/newer"]
        assert pipeline.settings.feeds.read_text().startswith("# ours\n")
        after = pipeline.store.watched()[0]
        assert (after.id, after.feed.url, after.move) == (before.id, f"{site.url}/new", Move())
        assert after.validators.etag == '"1"'
        feeds = frames.feeds(pipeline.store.engine)
        assert len(feeds) == 2
        assert feeds["enabled"].all()
        assert len(frames.polls(pipeline.store.engine, after.id)) == 3
        reasons(pipeline, 1)
    assert (site.hits["/old"], site.hits["/new"]) == (3, 4)


def test_a_temporary_redirect_and_another_target_begin_anew(tmp_path, site):
    with polling(tmp_path, site, "/old") as pipeline:
        for to, status in (("/new", 301), ("/new", 301), ("/new", 302), ("/new", 301), ("/new", 301), ("/newer", 301)):
            site.redirect("/old", to, status)
            reasons(pipeline, 1)
        assert urls(pipeline) == [f"{site.url}/old"]
        assert pipeline.store.watched()[0].move == Move(f"{site.url}/newer", 1)


def test_a_chain_is_permanent_only_as_a_whole(tmp_path, site):
    site.redirect("/old", "/step", 301)
    site.redirect("/step", "/new", 302)
    with polling(tmp_path, site, "/old") as pipeline:
        reasons(pipeline, 4)
        assert urls(pipeline) == [f"{site.url}/old"]


def test_a_page_that_is_no_feed_is_no_new_address(tmp_path, site):
    site.pages["/login"] = Page("<html><body>Please log in</body></html>")
    site.redirect("/old", "/login")
    with polling(tmp_path, site, "/old") as pipeline:
        reasons(pipeline, 4)
        assert urls(pipeline) == [f"{site.url}/old"]
        assert pipeline.store.watched()[0].move == Move()


def test_an_address_that_is_listed_already_is_not_taken(tmp_path, site):
    site.redirect("/old", "/new")
    with polling(tmp_path, site, "/old", "/new") as pipeline:
        said = reasons(pipeline, 4)
        assert "the address cannot be changed: another feed is, or was, watched at" in said[2]
        assert said[3] == said[2] or said[3].endswith(said[2])
        assert urls(pipeline) == [f"{site.url}/old", f"{site.url}/new"]
        assert len(pipeline.store.watched()) == 2


def test_a_broken_list_is_left_alone_and_the_move_made_when_it_is_mended(tmp_path, site):
    site.redirect("/old", "/new")
    with polling(tmp_path, site, "/old") as pipeline:
        path, good = pipeline.settings.feeds, pipeline.settings.feeds.read_text()
        path.write_text(good + "    colour: blue\n")
        third = reasons(pipeline, 3)[2]
        assert "colour" in third
        assert path.read_text() == good + "    colour: blue\n"
        assert pipeline.store.watched()[0].feed.url == f"{site.url}/old"
        path.write_text(good)
        reasons(pipeline, 1)
        assert urls(pipeline) == [f"{site.url}/new"]


def test_what_somebody_changed_meanwhile_is_kept(tmp_path, site):
    site.redirect("/old", "/new")
    with polling(tmp_path, site, "/old") as pipeline:
        path = pipeline.settings.feeds
        path.write_text(path.read_text().replace("name: old", "name: Renamed by hand"))
        reasons(pipeline, 3)
        assert [(feed.url, feed.name) for feed in read_catalogue(path)] == [(f"{site.url}/new", "Renamed by hand")]
        assert pipeline.store.watched()[0].feed.name == "Renamed by hand"


def test_the_list_changed_and_the_end_came_before_the_database_knew(store):
    """A crash between the two: the next reading of the list finishes the move."""
    (feed_id,) = watch(store, FEED)
    answered = Poll("", NOW, PollStatus.OK, "", 200)
    store.record_poll(feed_id, answered, [], None, NOW, Move("https://new.example/rss", 2))
    watch(store, replace(FEED, url="https://new.example/rss", name="Another name"))
    assert [state.id for state in store.watched()] == [feed_id]
    assert len(frames.feeds(store.engine)) == 1


def test_an_address_edited_by_hand_keeps_the_history_of_its_entry(store):
    first, second = watch(store, FEED, OTHER)
    poll(store, first, [article(1)])
    store.add_codings([(row.id, coding()) for row in store.uncoded("m1", 10)], NOW)
    assert watch(store, replace(FEED, url="https://elsewhere.example/rss"), OTHER) == [first, second]
    state = store.watched()[0]
    assert state.next_poll_at == NOW  # asked at once,
    assert state.validators.etag is None  # and for everything: another server knows nothing of the old one's
    assert frames.feed_days(store.engine, "m1")["feed_id"].tolist() == [first]


@pytest.mark.parametrize(
    "listed",
    [
        [replace(FEED, url="https://x.example/rss", name="Another")],
        [replace(FEED, url="https://x.example/1"), replace(FEED, url="https://x.example/2")],
        [FEED, replace(FEED, url="https://x.example/rss")],
    ],
    ids=["another source", "two with one description", "one more beside it"],
)
def test_another_entry_is_another_feed(store, listed):
    (feed_id,) = watch(store, FEED)
    watch(store, *listed)
    feeds = frames.feeds(store.engine)
    assert len(feeds) == 1 + sum(feed.url != FEED.url for feed in listed)
    assert feeds.loc[feed_id, "url"] == FEED.url


def test_http_and_https_are_one_feed(store):
    (feed_id,) = watch(store, FEED)
    assert watch(store, replace(FEED, url="http://a.example/rss", name="Renamed", weight=2.0)) == [feed_id]


polls = st.tuples(st.sampled_from(PollStatus), st.sampled_from([None, "https://x.example/", "https://y.example/"]))


@given(st.lists(polls, max_size=12))
def test_a_move_is_believed_only_after_three_same_answers_in_a_row(sequence):
    move = Move()
    for status, moved_to in sequence:
        move = after_poll(move, status, moved_to)
    last = sequence[-CONFIRMATIONS:]
    agreed = len({to for _, to in last}) == 1 and last[0][1] is not None if last else False
    answered = all(status in (PollStatus.OK, PollStatus.NOT_MODIFIED) for status, _ in last)
    assert move.confirmed == (len(last) == CONFIRMATIONS and agreed and answered)
