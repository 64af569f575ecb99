"""When a signal was first and last coded, and which article spoke for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tension.records import Involvement
from tension.signals.codebook import KEYS
from tension.storage.signal_days import first_and_last, headlines
from tension.storage.store import Store
from tests.test_store import FEED, NOW, article, coding, poll, watch

TODAY = NOW.date()


@pytest.fixture
def coded(store) -> Store:
    """Five articles: three of expulsions on three days, the first of them of others; two of red lines today."""
    (feed_id,) = watch(store, FEED)
    at = [NOW - timedelta(days=9), NOW - timedelta(days=4), NOW, NOW, NOW]
    poll(store, feed_id, [article(n, moment) for n, moment in enumerate(at)])
    elsewhere = replace(coding(), involvement=Involvement.NONE, p_direct=0.1, p_partner=0.1)
    sure = replace(coding("red_line"), p_direct=0.99)
    given = [elsewhere, coding(), coding(), coding("red_line"), sure]
    rows = {row.title: row.id for row in store.uncoded("m1", 10)}
    store.add_codings([(rows[f"Title {n}"], one) for n, one in enumerate(given)], NOW)
    return store


def test_first_and_last_days_are_of_involved_articles(coded):
    found = first_and_last(coded.engine)
    assert found.index.tolist() == list(KEYS)
    assert [day.date() for day in found.loc["expulsion"]] == [TODAY - timedelta(days=4), TODAY]
    assert [day.date() for day in found.loc["red_line"]] == [TODAY, TODAY]
    assert found.loc["sanctions"].isna().all()


def test_before_the_first_article_there_are_no_days(store):
    assert first_and_last(store.engine).isna().all(axis=None)
    assert headlines(store.engine, {"expulsion": TODAY}).empty


def test_the_headline_is_of_the_article_that_is_most_surely_of_it(coded):
    days = {"red_line": TODAY, "expulsion": TODAY - timedelta(days=4), "sanctions": TODAY}
    found = headlines(coded.engine, days)
    assert found["title"].to_dict() == {"red_line": "Title 4", "expulsion": "Title 1"}
    assert found.loc["red_line", "url"] == "http://a.example/4"
    assert headlines(coded.engine, {"expulsion": date(2022, 2, 15)}).empty  # of others alone


def test_what_an_older_model_coded_does_not_count(coded):
    for row in coded.uncoded("m2", 10):
        coded.add_codings([(row.id, coding("sanctions", "m2"))], NOW)
    found = first_and_last(coded.engine)
    assert found.loc["expulsion"].isna().all()
    assert found.loc["sanctions"].notna().all()
