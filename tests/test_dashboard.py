"""What the pages draw, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from streamlit.testing.v1 import AppTest

from tension import server
from tension.dashboard import reading
from tension.feeds.catalogue import read_catalogue
from tension.feeds.entries import as_entry, faults
from tension.health import Health
from tension.records import Feed, FeedKind, PollStatus
from tension.resources import resource
from tests.feedlists import write_feeds

PAGES = Path(server.PAGE).parent
FEED = Feed("https://a.example/rss", "A", "a", "en", "GB", FeedKind.PRESS)
POLLED_AT = datetime(2022, 3, 1, 12, tzinfo=UTC)
WELL = Health(1, 0, {status.value: int(status is PollStatus.OK) for status in PollStatus}, POLLED_AT, timedelta(0))


@pytest.fixture(autouse=True)
def empty(tmp_path, monkeypatch) -> Iterator[None]:
    """An installation without articles."""
    monkeypatch.setenv("TENSION_HOME", str(tmp_path))
    monkeypatch.setenv("TENSION_FEEDS", str(write_feeds(tmp_path / "feeds.yaml", [FEED.url])))
    for cached in (server.settings, server.store):
        cached.cache_clear()
    yield
    server.store().engine.dispose()
    for cached in (server.settings, server.store):
        cached.cache_clear()


def drawn(page: str, **query: str) -> AppTest:
    test = AppTest.from_file(str(PAGES / page), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


def test_days_long_ago_stay_in_the_address_of_the_articles():
    page = drawn("articles.py", since="2009-05-01", until="2012-01-31")
    assert page.date_input(key="since").value == date(2009, 5, 1)
    assert page.date_input(key="until").value == date(2012, 1, 31)


def form(feed):
    import streamlit as st

    from tension.dashboard import feed_forms

    st.session_state["typed"] = feed_forms.fields(feed, "one")


@pytest.mark.parametrize("weight", [1e-9, 0.001, 0.25, 1.0, 40.0])
def test_every_weight_that_feeds_yaml_takes_can_be_edited(weight):
    feed = replace(FEED, weight=weight)
    assert not list(faults(as_entry(feed)))
    page = AppTest.from_function(form, args=(feed,), default_timeout=60).run()
    assert not page.exception
    assert page.session_state["typed"] == feed


@pytest.mark.parametrize(
    ("health", "kind"),
    [
        (WELL, "caption"),
        (replace(WELL, list_fault="feeds[1]: weight: 0 is not a number above 0"), "warning"),
        (replace(WELL, list_fault="feeds[1]: no url", stalled_for=timedelta(hours=1)), "error"),
    ],
)
def test_the_overview_warns_while_an_older_list_is_in_force(monkeypatch, health, kind):
    monkeypatch.setattr(reading, "health", lambda: health)
    page = drawn("overview.py")
    said = {name: [one.value for one in getattr(page, name)] for name in ("caption", "warning", "error")}
    about_polling = {name for name, texts in said.items() if any("Last poll:" in text for text in texts)}
    assert about_polling == {kind}


def test_an_empty_list_begins_with_the_recommended_one_at_one_press(tmp_path, monkeypatch):
    (tmp_path / "feeds.yaml").write_text("feeds: []\n")
    monkeypatch.setattr(server, "scheduler", Mock())
    page = drawn("feeds.py")
    assert [one.value for one in page.info] == [
        "No feed yet: add one by the address of its site, or begin with the recommended list."
    ]
    assert "state" not in page.session_state  # nothing to filter
    next(one for one in page.button if "recommended" in one.label).click().run()
    assert not page.exception
    assert read_catalogue(tmp_path / "feeds.yaml") == read_catalogue(resource("feeds.yaml"))
