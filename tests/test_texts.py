"""Texts of pages in the database: which are wanted, kept once, and coded in the place of summaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
from sqlalchemy import select

from tension.feeds.fulltext import PageStatus, PageText
from tension.records import Involvement, ReadText
from tension.storage import frames, texts
from tension.storage import schema as s
from tension.storage.frames import ArticleFilter
from tests.test_store import FEED, NOW, OTHER, article, coding, poll, recomputed, watch

TODAY = NOW.date()


def filled(store):
    """Two involved articles, one that is not, an old one, and one of an archive only; by title, their ids."""
    (live,) = watch(store, FEED)
    poll(store, live, [article(1), article(2), article(3), article(4, NOW - timedelta(days=9))])
    archive = store.archive_feed(replace(OTHER, url="archive:old"), NOW)
    store.add_articles(archive, [article(5)], NOW)
    rows = store.uncoded("m1", 10)
    apart = replace(coding(), involvement=Involvement.NONE)
    store.add_codings([(row.id, apart if row.title == "Title 3" else coding()) for row in rows], NOW)
    return {row.title: row.id for row in rows}


def wanted(store, limit=10):
    return texts.to_read(store.engine, "m1", TODAY - timedelta(days=2), TODAY, limit)


def test_pages_of_recent_involved_articles_of_live_feeds_are_wanted_once(store):
    ids = filled(store)
    assert wanted(store) == {ids["Title 1"]: "http://a.example/1", ids["Title 2"]: "http://a.example/2"}
    assert len(wanted(store, 1)) == 1
    texts.add_pages(store.engine, {ids["Title 1"]: PageText(PageStatus.FAILED, "HTTP 404")}, NOW)
    assert list(wanted(store)) == [ids["Title 2"]]
    assert texts.to_code(store.engine, "m1", 10) == []


def test_a_coding_by_the_text_takes_the_place_of_that_by_the_summary(store):
    number = filled(store)["Title 1"]
    texts.add_pages(store.engine, {number: PageText(PageStatus.READ, text="The whole text")}, NOW)
    (texted,) = texts.to_code(store.engine, "m1", 10)
    assert (texted.id, texted.text, texted.published_on) == (number, "The whole text", TODAY)
    before = frames.feed_days(store.engine, "m1")
    by_text = replace(coding("red_line"), read_text=ReadText.ARTICLE)
    texts.recode(store.engine, [(texted, by_text)], NOW)
    assert texts.to_code(store.engine, "m1", 10) == []
    assert number not in wanted(store)
    listed = frames.articles(store.engine, ArticleFilter(), limit=9).set_index("id")
    assert listed["read_text"].value_counts().to_dict() == {"summary": 4, "article": 1}
    assert listed.loc[number, "signals"] == ["red_line"]
    assert not frames.feed_days(store.engine, "m1").equals(before)
    pd.testing.assert_frame_equal(*recomputed(store))


def test_another_model_codes_by_the_same_text(store):
    number = filled(store)["Title 1"]
    texts.add_pages(store.engine, {number: PageText(PageStatus.READ, text="The whole text")}, NOW)
    (texted,) = texts.to_code(store.engine, "m1", 10)
    texts.recode(store.engine, [(texted, replace(coding(), read_text=ReadText.ARTICLE))], NOW)
    assert texts.to_code(store.engine, "m2", 10) == []  # by its summary first
    store.add_codings([(row.id, coding(version="m2")) for row in store.uncoded("m2", 10)], NOW)
    assert [one.id for one in texts.to_code(store.engine, "m2", 10)] == [number]
    with store.engine.connect() as connection:
        rows = connection.execute(select(s.coding.c.model_version).where(s.coding.c.read_text == "article"))
        assert rows.scalars().all() == ["m1"]
