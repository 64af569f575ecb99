"""Changing feeds.yaml from the page: the fields of an entry, saving it, switching, editing and removing feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from tension import server
from tension.dashboard import reading
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.records import Feed, FeedKind
from tension.storage.frames import ArticleFilter

KINDS = [kind.value for kind in FeedKind]
LEAST_WEIGHT = 1e-6  # feeds.yaml takes any number above 0


_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!|<>~$:-])")


def literal(text: str) -> str:
    """Words from outside as they stand, whatever they would mean as Markdown: no picture, no colour, no heading."""
    return _MARKS.sub(r"\\\1", text)


def save(change: Callable[..., Any], *arguments: Any) -> bool:
    """Make one change to feeds.yaml and have it polled; say what is wrong with it otherwise."""
    try:
        change(server.settings().feeds, *arguments)
    except (CatalogueError, OSError) as error:
        st.error(f"Nothing was saved. {literal(str(error))}")
        return False
    server.scheduler().wake()
    return True


def say(sentence: str) -> None:
    """Draw the page anew, and say this on it."""
    st.session_state["said"] = sentence
    st.rerun()


def said() -> None:
    """What `say` left to be said."""
    if sentence := st.session_state.pop("said", None):
        st.toast(literal(sentence), icon=":material/check:")


def fields(feed: Feed, key: str) -> Feed:
    """The inputs of one feed's entry."""
    left, right = st.columns(2)
    return Feed(
        url=left.text_input("Address (RSS or Atom)", feed.url, key=f"{key}-url").strip(),
        name=right.text_input("Name", feed.name, key=f"{key}-name").strip(),
        publisher=left.text_input("Publisher (family)", feed.publisher, key=f"{key}-publisher").strip(),
        kind=FeedKind(right.selectbox("Kind", KINDS, KINDS.index(feed.kind.value), key=f"{key}-kind")),
        language=left.text_input("Language (ISO 639-1)", feed.language, key=f"{key}-language", max_chars=3).strip(),
        country=right.text_input("Country (ISO 3166-1)", feed.country, key=f"{key}-country", max_chars=2)
        .strip()
        .upper(),
        interval_minutes=left.number_input(
            "Minutes between polls", 1, value=feed.interval_minutes, placeholder="default", key=f"{key}-interval"
        ),
        weight=right.number_input(
            "Weight in the index",
            min(LEAST_WEIGHT, feed.weight),
            value=feed.weight,
            step=0.1,
            format="%g",
            key=f"{key}-weight",
        ),
        enabled=left.toggle("Switched on", feed.enabled, key=f"{key}-enabled"),
    )


def switches(chosen: Sequence[Feed]) -> None:
    """Switch the chosen feeds on or off, all in one write."""
    urls = [feed.url for feed in chosen]
    n_on = sum(feed.enabled for feed in chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(urls)} chosen**" if len(urls) > 1 else f"**{literal(chosen[0].name)}**", width="content")
        off = st.button("Switch off", icon=":material/pause:", disabled=n_on == 0, help="Their articles stay.")
        on = st.button("Switch on", icon=":material/play_arrow:", disabled=n_on == len(urls))
    for pressed, enabled, word in ((off, False, "off"), (on, True, "on")):
        if pressed and save(catalogue.switch_feeds, urls, enabled):
            say(f"{chosen[0].name if len(urls) == 1 else f'{len(urls)} feeds'} switched {word}.")


def edit(feed: Feed) -> None:
    """Edit an entry: based on what it was when the form was first drawn, so that nobody's change is overwritten."""
    n = st.session_state.setdefault(f"edited-{feed.url}", 0)
    key = f"edit-{n}-{feed.url}"
    based_on = st.session_state.setdefault(f"base-{key}", feed)
    with st.form(key):
        changed = fields(based_on, key)
        pressed = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if pressed and save(catalogue.replace_feed, feed.url, changed, based_on):
        st.session_state[f"edited-{feed.url}"] = n + 1
        say(f"{changed.name} is saved.")
    if feed != based_on:
        st.warning("Somebody else has changed this entry since the form was opened. Saving keeps both changes.")
        if st.button("Show it as it is now"):
            st.session_state[f"edited-{feed.url}"] = n + 1
            st.rerun()


@st.dialog("Remove this feed?", icon=":material/delete:")
def remove(feed: Feed, feed_id: int | None) -> None:
    """Ask once more, saying what stays."""
    n = 0 if feed_id is None else reading.count_articles(ArticleFilter(feed_ids=(feed_id,)))
    st.markdown(
        f"**{literal(feed.name)}** leaves `{server.settings().feeds.name}` and is polled no more. Its {n:,} articles, "
        "its days in the index and every published value stay as they are. To rest it for a while, switch it off."
    )
    with st.container(horizontal=True):
        if st.button("Remove it", type="primary") and save(catalogue.remove_feed, feed.url, feed):
            say(f"{feed.name} is removed; its articles stay.")
        if st.button("Keep it"):
            st.rerun()
