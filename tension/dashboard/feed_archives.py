"""Loaded archives: files of older articles that stand beside the feeds, and are not polled."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard import reading
from tension.storage import frames
from tension.tongue import _, n_, number


@st.cache_data(ttl="10min", show_spinner=False)
def _archives() -> pd.DataFrame:
    """An archive a line: ``name, language, first, last, n_articles``; as far as its articles are coded."""
    feeds = reading.feeds()
    feeds = feeds[feeds["archive"]]
    if feeds.empty:
        return pd.DataFrame()
    days = frames.articles_per_feed_day(server.store().engine, reading.OLDEST).groupby("feed_id")
    spans = days.agg(first=("day", "min"), last=("day", "max"), n_articles=("n_articles", "sum"))
    return feeds[["name", "language"]].join(spans)


def archives() -> None:
    """List them, folded away; nothing where none was loaded."""
    table = _archives()
    if table.empty:
        return
    n = len(table)
    with st.expander(
        n_("{n} loaded archive", "{n} loaded archives", n).format(n=number(n)), icon=":material/inventory_2:"
    ):
        st.caption(_("Files of older articles, read once. They are part of the index, but are not polled."))
        st.dataframe(
            table[["name", "first", "last", "n_articles", "language"]],
            hide_index=True,
            column_config={
                "name": st.column_config.TextColumn(_("name")),
                "first": st.column_config.DateColumn(_("first day"), format="YYYY-MM-DD"),
                "last": st.column_config.DateColumn(_("last day"), format="YYYY-MM-DD"),
                "n_articles": st.column_config.NumberColumn(_("articles"), format="localized"),
                "language": st.column_config.TextColumn(_("language")),
            },
            placeholder="–",
            alt=_("The loaded archives"),
        )
