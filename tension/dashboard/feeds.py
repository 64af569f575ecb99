"""Feeds: what is watched and how it fares; add, edit, switch off, remove. Writes feeds.yaml, the one truth."""

from __future__ import annotations

import streamlit as st

from tension import server
from tension.dashboard import (
    feed_adding,
    feed_archives,
    feed_details,
    feed_filters,
    feed_forms,
    feed_lists,
    feed_table,
    reading,
    words,
)
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.records import Feed
from tension.resources import resource
from tension.tongue import _, n_, number


def read_list() -> tuple[Feed, ...]:
    """The list as it stands in the file; where it is broken, the page ends with what is wrong."""
    path = server.settings().feeds
    try:
        return catalogue.read_catalogue(path)
    except CatalogueError as error:
        st.error(
            _("{file} cannot be used; the feeds stay as they last were until it is mended.").format(file=path.name)
        )
        st.code(str(error))
        st.stop()


def polling() -> None:
    """Whether polling goes on, loud where it does not."""
    health = reading.health()
    if health.n_feeds == 0:
        st.warning(_("Every feed is switched off, so nothing is polled: choose some in the table and switch them on."))
    elif health.well and not health.list_fault:
        st.caption(words.polling(health))
    else:
        st.warning(words.polling(health))


def start() -> None:
    """What to do where no feed is listed: the recommended list at one press."""
    st.info(_("No feed yet: add one by the address of its site, or begin with the recommended list."))
    recommended = catalogue.read_catalogue(resource("feeds.yaml"))
    n = len(recommended)
    add = n_("Add the recommended list ({n} feed)", "Add the recommended list ({n} feeds)", n).format(n=number(n))
    if st.button(add, type="primary", icon=":material/playlist_add:"):
        feed_forms.add_many(recommended)


st.title(_("Feeds"))
feed_forms.said()
listed = read_list()
found = feed_table.conditions(listed)
if listed:
    st.markdown(feed_table.summary(found))
    if failing := feed_table.attention(listed, found):
        st.warning(failing)
    polling()
else:
    start()
with st.expander(_("Add a feed"), icon=":material/add:", expanded=not listed):
    feed_adding.add(listed)
with st.expander(_("Import or export a list"), icon=":material/swap_vert:"):
    feed_lists.exchange(listed)
feed_archives.archives()
if not listed:
    st.stop()
shown = feed_filters.choose(listed, found)
if not shown:
    st.info(_("No feed fits. Choose another state, or empty the filter."))
    st.button(_("Show all feeds"), on_click=feed_filters.clear)
    st.stop()
chosen = feed_table.table(shown, found)
if not chosen:
    st.caption(_("Choose rows to switch them on or off; choose one to see its last polls, edit or remove it."))
    st.stop()
feed_forms.switches(chosen)
if len(chosen) == 1:
    known = reading.feeds()
    ids = known.index[known["url"] == chosen[0].url]
    feed_details.details(chosen[0], found[chosen[0].url], int(ids[0]) if len(ids) else None)
