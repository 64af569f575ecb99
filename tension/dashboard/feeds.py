"""Feeds: what is watched and how it fares; add, edit, switch off, remove. Writes feeds.yaml, the one truth."""

from __future__ import annotations

import streamlit as st

from tension import server
from tension.dashboard import feed_adding, feed_details, feed_forms, feed_lists, feed_table, reading, words
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.records import Feed


def read_list() -> tuple[Feed, ...]:
    """The list as it stands in the file; where it is broken, the page ends with what is wrong."""
    path = server.settings().feeds
    try:
        return catalogue.read_catalogue(path)
    except CatalogueError as error:
        st.error(f"{path} cannot be used; the feeds stay as they last were until it is mended.")
        st.code(str(error))
        st.stop()


st.title("Feeds")
feed_forms.said()
listed = read_list()
found = feed_table.conditions(listed)
st.markdown(feed_table.summary(found))
st.caption(
    f"{words.sentence(reading.health().sentence)} The list, `{server.settings().feeds}`, may also be edited by hand."
)
with st.expander("Add a feed", icon=":material/add:", expanded=not listed):
    feed_adding.add(listed)
with st.expander("Import or export a list", icon=":material/swap_vert:"):
    feed_lists.exchange(listed)
shown = feed_table.choose(listed, found)
if not shown:
    st.info("No feed fits. Choose another state, or empty the filter.")
    st.stop()
chosen = feed_table.table(shown, found)
if not chosen:
    st.caption("Choose rows to switch them on or off; choose one to see its last polls, edit or remove it.")
    st.stop()
feed_forms.switches(chosen)
if len(chosen) == 1:
    known = reading.feeds()
    ids = known.index[known["url"] == chosen[0].url]
    feed_details.details(chosen[0], found[chosen[0].url], int(ids[0]) if len(ids) else None)
