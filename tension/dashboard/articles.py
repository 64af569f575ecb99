"""Stories and articles: what moved the index, searched and filtered, with the words that spoke for each signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from tension.dashboard import article_cards as cards
from tension.dashboard import article_filters, found, reading, story
from tension.dashboard.article_filters import Choice
from tension.storage.search import parse

PAGE_SIZE = 25


def heading(choice: Choice, n: int) -> str:
    """What stands above the cards."""
    count = f"{found.MOST:,}+ articles" if n > found.MOST else "1 article" if n == 1 else f"{n:,} articles"
    order = "the strongest first" if choice.strongest_first else "the newest first"
    return f"Stories of {count}, {order}" if choice.as_stories else f"{count}, {order}"


def read(choice: Choice, page: int) -> tuple[Sequence[str], bool]:
    """The cards of a page, and whether there are more."""
    start, some = (page - 1) * PAGE_SIZE, PAGE_SIZE + 1
    if choice.as_stories:
        shown = [cards.story_card(s) for s in found.page_of_stories(choice.filter, some, start, choice.strongest_first)]
    else:
        table = found.page_of_articles(choice.filter, some, start, choice.strongest_first)
        shown = [cards.article_card(article) for _, article in table.iterrows()]
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


def turning(page: int, more: bool) -> None:
    """Buttons to the pages before and after."""
    if page == 1 and not more:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        before, after = ":material/arrow_back:", ":material/arrow_forward:"
        st.button("Previous page", icon=before, on_click=turn_to, args=(page - 1,), disabled=page == 1)
        st.markdown(f"Page {page}", width="content")
        st.button("Next page", icon=after, on_click=turn_to, args=(page + 1,), disabled=not more)
    if not more and (page + 1) * PAGE_SIZE > found.MOST:
        st.caption("Pages end here. Narrow the dates to see what comes after.")


def nothing(choice: Choice) -> None:
    """Why nothing is shown, and what may be done about it."""
    wanted = choice.filter
    if wanted.words and not parse(wanted.words):
        st.info(f"Search finds words, and `{wanted.words}` holds no letter or digit.", icon=":material/search_off:")
    elif not choice.narrowed and not len(reading.news()):
        st.info(
            "No article is coded yet. Articles appear here as soon as a feed was asked: see how they fare on the Feeds "
            "page.",
            icon=":material/hourglass_empty:",
        )
        return
    else:
        st.info("No article fits all of this.", icon=":material/search_off:")
    wider = found.count(replace(wanted, involvement=())) if wanted.involvement else 0
    with st.container(horizontal=True):
        if wider:
            said = f"{found.MOST:,}+" if wider > found.MOST else f"{wider:,}"
            st.button(f"Show {said} that are not about Russia and NATO", on_click=article_filters.show_everything)
        if choice.narrowed:
            st.button("Clear all filters", on_click=article_filters.clear)


def listing() -> None:
    st.title("Stories & articles")
    choice = article_filters.choose()
    n = found.count(choice.filter)
    page = page_number(choice)
    shown, more = read(choice, page) if n else ((), False)
    if not n:
        nothing(choice)
        return
    st.html(cards.page(heading(choice, n), shown))
    turning(page, more)
    st.caption("Marked words spoke for a signal; hover to see which. Codings are a model's, not a person's.")


if asked := st.query_params.get("story"):
    story.show(asked)
else:
    listing()
