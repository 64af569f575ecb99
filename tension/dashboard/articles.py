"""Stories: what moved the index, searched and filtered, with the words that spoke for each signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from tension.dashboard import article_cards as cards
from tension.dashboard import article_filters, found, reading, story
from tension.dashboard.article_filters import Choice
from tension.dashboard.words import literal
from tension.storage.search import parse
from tension.tongue import _, n_, number

PAGE_SIZE = 15
_TURNED = "page_turned"
_TO_THE_FIRST = """<script>{{
const found = document.querySelector("h2.found")  // page {page}
found.tabIndex = -1
found.focus({{preventScroll: true}})
found.scrollIntoView()
}}</script>"""

FEEDS = Path(__file__).parent / "feeds.py"


def said(n: int) -> str:
    """How many there are, as far as they are counted."""
    return f"{number(found.MOST)}+" if n > found.MOST else number(n)


def heading(choice: Choice, n: int) -> str:
    """What stands above the cards."""
    if choice.as_stories:
        return n_("Stories told in {n} article", "Stories told in {n} articles", n).format(n=said(n))
    return n_("{n} article", "{n} articles", n).format(n=said(n))


def read(choice: Choice, page: int) -> tuple[Sequence[str], bool]:
    """The cards of a page, and whether there are more."""
    start, some, kept = (page - 1) * PAGE_SIZE, PAGE_SIZE + 1, story.address_kept()
    if choice.as_stories:
        told = found.page_of_stories(choice.filter, some, start, choice.strongest_first)
        shown = [cards.story_card(one, kept) for one in told]
    else:
        table = found.page_of_articles(choice.filter, some, start, choice.strongest_first)
        shown = [cards.article_card(article, kept) for _row, article in table.iterrows()]
    return shown[:PAGE_SIZE], len(shown) > PAGE_SIZE and start + PAGE_SIZE < found.MOST


def page_number(choice: Choice) -> int:
    """The page that the URL names; the first again when something else is looked for."""
    if st.session_state.setdefault("looked_for", choice) != choice:
        st.session_state["looked_for"] = choice
        st.query_params.pop("page", None)
    asked = st.query_params.get("page", "1")
    return min(max(int(asked), 1), found.MOST // PAGE_SIZE) if asked.isdecimal() and len(asked) < 9 else 1


def turn_to(page: int) -> None:
    st.query_params["page"] = str(page)
    st.session_state[_TURNED] = True


def position(choice: Choice, page: int, n: int) -> str:
    """Where in the list a page stands; how many pages of stories there are is known only at their end."""
    if choice.as_stories or n > found.MOST:
        return _("Page {page}").format(page=number(page))
    return _("Page {page} of {pages}").format(page=number(page), pages=number(-(-n // PAGE_SIZE)))


def turning(page: int, more: bool, where: str) -> None:
    """Buttons to the pages before and after; who has turned is led to the first card, by eye and by keyboard."""
    if page == 1 and not more:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        before, after = ":material/arrow_back:", ":material/arrow_forward:"
        st.button(_("Previous page"), icon=before, on_click=turn_to, args=(page - 1,), disabled=page == 1)
        st.markdown(where, width="content")
        st.button(_("Next page"), icon=after, on_click=turn_to, args=(page + 1,), disabled=not more)
    if not more and (page + 1) * PAGE_SIZE > found.MOST:
        st.caption(_("Pages end here. Narrow the dates to see what comes after."))
    if st.session_state.pop(_TURNED, False):
        st.html(_TO_THE_FIRST.format(page=page), unsafe_allow_javascript=True)


def nothing(choice: Choice) -> None:
    """Why nothing is shown, and what may be done about it."""
    wanted = choice.filter
    if wanted.words and not parse(wanted.words):
        unread = _("Search finds words, and “{words}” holds no letter or digit.").format(words=wanted.words)
        st.info(literal(unread), icon=":material/search_off:")
    elif not choice.narrowed and not len(reading.news()):
        st.info(
            _("No article is coded yet. They appear here as soon as a feed was asked."),
            icon=":material/hourglass_empty:",
        )
        st.page_link(FEEDS, label=_("See how the feeds fare"), icon=":material/rss_feed:")
        return
    elif choice.as_stories:
        st.info(_("No story fits all of this."), icon=":material/search_off:")
    else:
        st.info(_("No article fits all of this."), icon=":material/search_off:")
    wider = found.count(replace(wanted, involvement=())) if wanted.involvement else 0
    with st.container(horizontal=True):
        if wider:
            offer = n_(
                "Show {n} that is not about Russia and NATO", "Show {n} that are not about Russia and NATO", wider
            )
            st.button(offer.format(n=said(wider)), on_click=article_filters.show_everything)
        if choice.narrowed:
            st.button(_("Clear all filters"), icon=":material/filter_list_off:", on_click=article_filters.clear)


def listing() -> None:
    st.title(_("Stories"))
    choice = article_filters.choose()
    n = found.count(choice.filter)
    page = page_number(choice)
    shown, more = read(choice, page) if n else ((), False)
    if n and not shown:  # the address names a page behind the last one
        page = 1
        st.query_params.pop("page", None)
        shown, more = read(choice, page)
    if not n:
        nothing(choice)
        return
    if choice.narrowed:
        article_filters.show_set(choice)
    where = position(choice, page, n)
    st.html(cards.page(heading(choice, n), where if page > 1 else "", shown))
    turning(page, more, where)
    st.caption(story.how_to_read())


if asked := st.query_params.get("story"):
    story.show(asked)
else:
    listing()
