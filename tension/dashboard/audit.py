"""A day's audit sample: some of its articles as the model coded them, the same for every reader."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from tension.dashboard import found
from tension.records import Involvement
from tension.signals.codebook import BY_KEY
from tension.storage.articles import INVOLVED, ArticleFilter

EACH = 10
_READ = 500
_COLUMNS = {
    "title": st.column_config.TextColumn("headline", width="large"),
    "url": st.column_config.LinkColumn("link", display_text="open", width="small"),
    "p": st.column_config.NumberColumn("probability", format="percent", help="Of the involvement that was coded."),
    "signals": st.column_config.ListColumn("signals"),
}


def sample(day: date) -> pd.DataFrame:
    """Ten of the day's articles coded as involved, and ten that were not, drawn by chance; the day is the seed."""
    parts = []
    for involvement in (INVOLVED, (Involvement.NONE.value,)):
        chosen = ArticleFilter(since=day, until=day, involvement=involvement)
        some = found.page_of_articles(chosen, _READ, 0, False)
        parts.append(some.sample(min(EACH, len(some)), random_state=day.toordinal()))
    table = pd.concat(parts)
    direct, partner = table["p_direct"], table["p_partner"]
    by_kind = {Involvement.DIRECT.value: direct, Involvement.PARTNER.value: partner}
    table["p"] = 1 - direct - partner
    for kind, probability in by_kind.items():
        table["p"] = table["p"].mask(table["involvement"] == kind, probability)
    table["signals"] = table["signals"].map(lambda keys: [BY_KEY[key].label for key in keys])
    return table[["title", "url", "publisher", "language", "involvement", "p", "signals"]]


def show(day: date) -> None:
    """The sample as a table, to be held against a reader's own judgement."""
    st.caption(
        f"Of {day:%d %b %Y}: up to ten articles that were coded as of Russia and NATO or its partners, and up to ten "
        "that were not, drawn by chance and the same for every reader. Read them and judge: is the model right?"
    )
    table = sample(day)
    if table.empty:
        st.info("No coded article of that day is stored.")
    else:
        st.dataframe(table, hide_index=True, height="content", column_config=_COLUMNS)
