"""One story: who told it when, what it says and what it made up of the index."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from tension import tongue
from tension.dashboard import article_cards as cards
from tension.dashboard import found
from tension.dashboard.article_style import STYLE
from tension.dashboard.names import language
from tension.storage.stories import MOST_ARTICLES, Story
from tension.tongue import _, number, percent

LEAST_POINTS = 0.05


def address_kept() -> cards.Kept:
    """What the address of the list says, for a story's address to hold, so that the way back leads to the same list."""
    asked = st.query_params
    return tuple((key, value) for key in asked if key != "story" for value in asked.get_all(key))


def how_to_read() -> str:
    """What stands below the cards."""
    return _(
        "▲ raises the tension, ▼ eases it. Marked words spoke for a signal; hover to see which. Codings are a model's, "
        "not a person's."
    )


def show(asked: str) -> None:
    """The page of the story with this id."""
    # not `st.page_link`, which would leave the story in the address of its own page
    back = escape(f"articles?{urlencode(address_kept())}")
    label = escape(_("All stories"))
    st.html(f'<a href="{back}" target="_self"><span aria-hidden="true">← </span>{label}</a>')
    told = found.story(int(asked)) if asked.isdecimal() and len(asked) < 16 else None
    if told is None:
        st.title(_("No such story"))
        st.info(_("The link names no story that is stored here. Stories are numbered by each instance for itself."))
        return
    lead = told.articles.iloc[told.lead]
    about = [cards.told_by(told), *_languages(told), cards.spanning(*told.span)]
    named = f'<h1 class="named"{cards.spoken(lead)}>{escape(lead["title"])}</h1>'
    st.html(f"{STYLE}{named}<p>{escape(' · '.join(about))}</p><p>{cards.chips_of(told)}</p>")
    share = st.empty()
    first = told.span[0]
    tellings = "".join(cards.telling(article, first) for _row, article in told.articles.iterrows())
    title = escape(_("Who told it when"))
    st.html(f'<h2 class="found">{title}</h2>{cards.strip(told)}<ol class="tellings">{tellings}</ol>')
    if told.n_articles > MOST_ARTICLES:
        cut = _("The first {some} of {n} articles.")
        st.caption(cut.format(some=number(MOST_ARTICLES), n=number(told.n_articles)))
    st.caption(how_to_read())
    share.markdown(_points(told))


def _languages(told: Story) -> list[str]:
    languages = [language(code) for code in dict.fromkeys(told.articles["language"])]
    return [", ".join(languages)] if len(languages) > 1 else []


def _points(told: Story) -> str:
    said = _("**{points} points** of the index on {day} ({share} of it)")
    days = [
        said.format(points=number(value, 1), day=tongue.day(day), share=percent(share))
        for day, value, share in found.points(told)
        if value >= LEAST_POINTS
    ]
    return "; ".join(days) + "." if days else _("It makes up nothing of a published value of the index.")
