"""What the page of stories and articles reads, kept for a few seconds so that many readers cost one query."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard import reading
from tension.errors import TensionError
from tension.storage import articles, stories
from tension.storage.articles import ArticleFilter
from tension.storage.stories import Story

MOST = 10_000  # counting ends here, and so do the pages
_FRESH = "10s"


@st.cache_data(ttl=_FRESH, show_spinner=False, max_entries=100)
def page_of_articles(chosen: ArticleFilter, limit: int, offset: int, strongest_first: bool) -> pd.DataFrame:
    engine = server.store().engine
    return articles.articles(engine, chosen, limit=limit, offset=offset, strongest_first=strongest_first)


@st.cache_data(ttl=_FRESH, show_spinner=False, max_entries=100)
def page_of_stories(chosen: ArticleFilter, limit: int, offset: int, strongest_first: bool) -> list[Story]:
    engine = server.store().engine
    return stories.stories(engine, chosen, limit=limit, offset=offset, strongest_first=strongest_first, most=MOST)


@st.cache_data(ttl=_FRESH, show_spinner=False, max_entries=100)
def count(chosen: ArticleFilter) -> int:
    """How many articles fit; `MOST` + 1 where they are more than that."""
    return articles.count_articles(server.store().engine, chosen, MOST + 1)


@st.cache_data(ttl=_FRESH, show_spinner=False, max_entries=50)
def story(article_id: int) -> Story | None:
    return stories.story_of(server.store().engine, article_id)


def points(told: Story) -> list[tuple[pd.Timestamp, float, float]]:
    """What the story made up of the index: day, index points, share of the day's value; days with a value only."""
    found = []
    for day in sorted(set(told.articles["published_on"])):
        try:
            table = reading.explanation(day).stories
        except TensionError:  # the day has no value
            continue
        own = table[table["story_id"] == told.id]
        if len(own):
            found.append((pd.Timestamp(day), float(own["value"].iloc[0]), float(own["share"].iloc[0])))
    return found
