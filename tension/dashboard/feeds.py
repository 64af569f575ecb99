"""Feeds: what is watched and how it fares; add, edit, switch off, remove. Writes feeds.yaml, the one truth."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard import reading, words
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.feeds.ask import Asked, look
from tension.feeds.suggest import suggest_feed
from tension.pipeline import utc_now
from tension.records import Feed, FeedKind, PollStatus

STATES = {
    "ok": "✓ ok",
    "not_modified": "✓ not modified",
    "empty": "– empty",
    "failed": "✗ failed",
    None: "… not asked yet",
}
KINDS = [kind.value for kind in FeedKind]
COLUMNS = {
    **words.FEED_COLUMNS,
    "state": st.column_config.TextColumn("last answer"),
    "daily": st.column_config.BarChartColumn("articles a day, two weeks", y_min=0),
    "last_new_at": st.column_config.DatetimeColumn("last new article", format="distance"),
    "url": st.column_config.LinkColumn("address"),
}


def save(change: object, *arguments: object) -> bool:
    """Make one change to feeds.yaml and have it polled; say what is wrong with it otherwise."""
    try:
        change(server.settings().feeds, *arguments)  # type: ignore[operator]
    except (CatalogueError, OSError) as error:
        st.error(f"Nothing was saved. {error}")
        return False
    server.scheduler().wake()
    return True


def table(feeds: pd.DataFrame, listed: dict[str, Feed]) -> str | None:
    """The feeds with their state; returns the address of the one that the reader chose."""
    shown = feeds[feeds["url"].isin(listed) & ~feeds["archive"]].copy()
    since = utc_now().date() - timedelta(days=13)
    per_day = reading.articles_per_feed_day(since)
    days = pd.date_range(since, periods=14)
    counts = per_day.pivot_table(index="feed_id", columns="day", values="n_articles").reindex(columns=days)
    shown["daily"] = counts.reindex(shown.index).fillna(0).to_numpy().tolist()
    shown["state"] = [
        STATES[status if isinstance(status, str) else None] if listed[url].enabled else "off"
        for status, url in zip(shown["last_status"], shown["url"], strict=True)
    ]
    order = ["state", "name", "publisher", "language", "country", "kind", "daily"]
    order += ["last_new_at", "last_success_at", "failures_in_row", "last_reason", "next_poll_at", "url"]
    event = st.dataframe(
        shown[order],
        hide_index=True,
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="single-row",
        key="table",
    )
    rows = event["selection"]["rows"]
    return str(shown["url"].iloc[rows[0]]) if rows else None


def fields(feed: Feed, key: str) -> Feed:
    """The inputs of one feed's entry."""
    left, right = st.columns(2)
    return Feed(
        url=left.text_input("Address (RSS or Atom)", feed.url, key=f"{key}-url").strip(),
        name=right.text_input("Name", feed.name, key=f"{key}-name").strip(),
        publisher=left.text_input("Publisher (family)", feed.publisher, key=f"{key}-publisher").strip(),
        language=right.text_input("Language (ISO 639-1)", feed.language, key=f"{key}-language", max_chars=3).strip(),
        country=left.text_input("Country (ISO 3166-1)", feed.country, key=f"{key}-country", max_chars=2)
        .strip()
        .upper(),
        kind=FeedKind(right.selectbox("Kind", KINDS, KINDS.index(feed.kind.value), key=f"{key}-kind")),
        interval_minutes=left.number_input(
            "Minutes between polls", 1, value=feed.interval_minutes, placeholder="default", key=f"{key}-interval"
        ),
        weight=right.number_input("Weight in the index", 0.01, value=feed.weight, key=f"{key}-weight"),
        enabled=left.toggle("Switched on", feed.enabled, key=f"{key}-enabled"),
    )


def edit(feed: Feed, feed_id: int) -> None:
    st.subheader(feed.name)
    with st.form(f"edit-{feed.url}"):
        changed = fields(feed, f"edit-{feed.url}")
        if st.form_submit_button("Save", type="primary") and save(catalogue.replace_feed, feed.url, changed):
            st.rerun()
    if st.button("Remove this feed", help="Its articles and its history stay.") and save(
        catalogue.remove_feed, feed.url
    ):
        st.rerun()
    polls = reading.polls(feed_id)
    if len(polls):
        st.caption("Last polls")
        columns = ["polled_at", "status", "reason", "http_status", "n_items", "n_new", "n_overlap", "seconds"]
        st.dataframe(polls[columns], hide_index=True)


def add() -> None:
    """Check an address, see what it carries, then save it."""
    with st.form("check", border=False):  # one message with the address and the press: neither is lost
        url = st.text_input("Address (RSS or Atom)", placeholder="https://…/rss.xml").strip()
        pressed = st.form_submit_button("Check")
    if pressed and url:
        with st.spinner("Asking …"):
            st.session_state["checked"] = (url, look([url], server.settings())[0])
    checked = st.session_state.get("checked")
    if not checked or checked[0] != url:
        st.caption("The address is asked once before anything is saved.")
        return
    report(checked[1])
    with st.form("add"):
        feed = fields(suggest_feed(url, checked[1].parsed), f"add-{url}")
        if st.form_submit_button("Add this feed", type="primary") and save(catalogue.add_feed, feed):
            del st.session_state["checked"]
            st.session_state["added"] = feed.name
            st.rerun()


def report(asked: Asked) -> None:
    if asked.status is PollStatus.FAILED:
        st.error(f"It failed: {asked.reason}. You can add it all the same; it is asked again and again.")
    elif asked.parsed is None or not asked.parsed.items:
        st.warning("It answers, but carries no items.")
    else:
        items = asked.parsed.items
        st.success(
            f"“{asked.parsed.title}” carries {len(items)} items, and answered in {asked.seconds:.1f} s. The newest:"
        )
        newest = [{"published": item.published_at, "title": item.title} for item in items[:5]]
        st.dataframe(pd.DataFrame(newest), hide_index=True)


st.title("Feeds")
if name := st.session_state.pop("added", None):
    st.toast(f"{name} is added; its first poll is under way.", icon=":material/check:")
try:
    listed = {feed.url: feed for feed in catalogue.read_catalogue(server.settings().feeds)}
except CatalogueError as error:
    st.error(f"{server.settings().feeds} cannot be used; the feeds stay as they last were until it is mended.")
    st.code(str(error))
    st.stop()
health = reading.health()
st.caption(f"{words.sentence(health.sentence)} The list, `{server.settings().feeds}`, may also be edited by hand.")
with st.expander("Add a feed", icon=":material/add:", expanded=not listed):
    add()
feeds = reading.feeds()
if chosen := table(feeds, listed):
    edit(listed[chosen], int(feeds.index[feeds["url"] == chosen][0]))
else:
    st.caption("Choose a row to edit a feed, switch it off or see its last polls.")
