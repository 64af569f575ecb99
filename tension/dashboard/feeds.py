"""Feeds: what is watched and how it fares; add, edit, switch off, remove. Writes feeds.yaml, the one truth."""

from __future__ import annotations

import streamlit as st

from tension import server
from tension.dashboard import feed_adding, feed_details, feed_filters, feed_forms, feed_lists, feed_table, reading, words
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.records import Feed
from tension.tongue import _


def read_list() -> tuple[Feed, ...]:
    """The list as it stands in the file; where it is broken, the page ends with what is wrong."""
    path = server.settings().feeds
    try:
        return catalogue.read_catalogue(path)
    except CatalogueError as error:
        st.error(_("{file} cannot be used; the feeds stay as they last were until it is mended.").format(file=path))
        st.code(str(error))
        st.stop()


def polling() -> None:
    """Whether polling goes on, loud where it does not; and where the list lies."""
    health = reading.health()
    by_hand = _("The list, `{file}`, may also be edited by hand.").format(file=server.settings().feeds)
    say = st.caption if health.well and not health.list_fault else st.warning
    say(f"{words.polling(health)} {by_hand}")


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
    st.info(_("No feed yet: add one by the address of its site, or take over the list of another reader."))
with st.expander(_("Add a feed"), icon=":material/add:", expanded=not listed):
    feed_adding.add(listed)
with st.expander(_("Import or export a list"), icon=":material/swap_vert:"):
    feed_lists.exchange(listed)
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
