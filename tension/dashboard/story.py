"""One story: who told it when, what it says and what it made up of the index."""

from __future__ import annotations

from html import escape

import streamlit as st

from tension.dashboard import article_cards as cards
from tension.dashboard import found
from tension.storage.stories import MOST_ARTICLES, Story

LEAST_POINTS = 0.05


def show(asked: str) -> None:
    """The page of the story with this id."""
    st.page_link("articles.py", label="All stories", icon=":material/arrow_back:")
    told = found.story(int(asked)) if asked.isdecimal() and len(asked) < 16 else None
    if told is None:
        st.title("No such story")
        st.info("The link names no story that is stored here. Stories are numbered by each instance for itself.")
        return
    lead = told.articles.iloc[told.lead]
    said = f"{cards.told_by(told)}{_span(told)}{_languages(told)}."
    chips = cards.paragraph(cards.chips_of(told))
    st.html(f'{cards.STYLE}<h1 class="named">{escape(lead["title"])}</h1><p>{said}</p>{chips}')
    share = st.empty()
    first = told.span[0]
    tellings = "".join(cards.telling(article, first) for _, article in told.articles.iterrows())
    st.html(f'<h2 class="found">Who told it when</h2>{cards.strip(told)}<ol class="tellings">{tellings}</ol>')
    if told.n_articles > MOST_ARTICLES:
        st.caption(f"The first {MOST_ARTICLES} of {told.n_articles} articles.")
    st.caption("Marked words spoke for a signal; hover to see which. Codings are a model's, not a person's.")
    share.markdown(_points(told))


def _span(told: Story) -> str:
    first, last = told.span
    return f", over {cards.lasted(last - first)} from {first:%d %b %Y %H:%M} UTC" if last > first else ""


def _languages(told: Story) -> str:
    n = told.articles["language"].nunique()
    return f", in {n} languages" if n > 1 else ""


def _points(told: Story) -> str:
    days = [
        f"**{value:.1f} points** of the index on {day:%d %b %Y} ({share:.0%} of it)"
        for day, value, share in found.points(told)
        if value >= LEAST_POINTS
    ]
    return "; ".join(days) + "." if days else "It makes up nothing of a published value of the index."
