"""The table of feeds: how each fares, which are shown, and which rows the reader chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

import pandas as pd
import streamlit as st

from tension import server
from tension.conditions import RECENT_DAYS, RELEVANT_DAYS, read_conditions
from tension.dashboard import words
from tension.feeds.condition import MEANINGS, Condition, State
from tension.pipeline import utc_now
from tension.records import Feed, FeedKind

ICONS = {
    State.WELL: "✓",
    State.FAILING: "✗",
    State.SILENT: "◔",
    State.LOSING: "▽",
    State.EMPTY: "∅",
    State.WAITING: "…",
    State.OFF: "○",
}
_COLOURS = ["green", "red", "orange", "violet", "gray", "blue", "gray"]
_GRAVEST_FIRST = (State.FAILING, State.SILENT, State.LOSING, State.EMPTY, State.WAITING, State.WELL, State.OFF)
_FILTERS = ["all", *(state.value for state in (State.WELL, State.FAILING, State.SILENT, State.LOSING, State.OFF))]

_ROW, _TALLEST = 35, 600  # pixels

_Row = tuple[Feed, Condition]
_ORDERS: dict[str, Callable[[_Row], object]] = {
    "trouble first": lambda row: (_GRAVEST_FIRST.index(row[1].states[0]), row[0].name.casefold()),
    "name": lambda row: row[0].name.casefold(),
    "newest article": lambda row: -row[1].last_new_at.timestamp() if row[1].last_new_at else 0.0,
    "most relevant": lambda row: -(row[1].relevant_share or 0.0),
    "latest to us": lambda row: -row[1].median_delay.total_seconds() if row[1].median_delay else 0.0,
    "most articles": lambda row: -(row[1].per_day or 0.0),
}

COLUMNS = {
    "name": st.column_config.TextColumn("feed", pinned=True, width=190),
    "state": st.column_config.MultiselectColumn(
        "state",
        options=[f"{icon} {state}" for state, icon in ICONS.items()],
        color=_COLOURS,
        help="  \n".join(f"**{icon} {state}**: {MEANINGS[state]}" for state, icon in ICONS.items()),
    ),
    "daily": st.column_config.BarChartColumn(
        f"a day, {RECENT_DAYS} days",
        y_min=0,
        color="gray",
        help="Articles by day of publication; days without an answer are left out.",
    ),
    "last_new_at": st.column_config.DatetimeColumn("last new article", format="distance"),
    "last_success_at": st.column_config.DatetimeColumn("last success", format="distance"),
    "failures_in_row": st.column_config.NumberColumn("failures", help="In a row, up to the last poll."),
    "next_poll_at": st.column_config.DatetimeColumn("next poll", format="distance"),
    "relevant": st.column_config.NumberColumn(
        "relevant",
        format="%.0f %%",
        help=f"Share of its articles of {RELEVANT_DAYS} days that are about Russia and NATO.",
    ),
    "delay": st.column_config.NumberColumn(
        "delay", format="%d min", help="Median from publication to first seen here, in minutes, of articles it dated."
    ),
    "languages": st.column_config.ListColumn("languages", help="Those that its articles were found to be in."),
    "n_losses": st.column_config.NumberColumn(
        "lost", width="small", help=f"Polls of {RECENT_DAYS} days, in due time, that shared no item with that before."
    ),
    "last_reason": st.column_config.TextColumn("why", width="large"),
    "publisher": st.column_config.TextColumn("publisher"),
    "kind": st.column_config.TextColumn("kind"),
    "url": st.column_config.LinkColumn("address"),
}


@st.cache_data(ttl="30s", show_spinner=False, max_entries=5, refresh_mode="background")
def conditions(listed: tuple[Feed, ...]) -> dict[str, Condition]:
    """How the listed feeds fare, by URL."""
    return read_conditions(server.store().engine, listed, utc_now().astimezone(server.settings().zone))


def summary(found: Mapping[str, Condition]) -> str:
    """How many feeds are in which state; one with several counts by the gravest."""
    counts = Counter(condition.states[0] for condition in found.values())
    parts = [f"{ICONS[state]} {counts[state]} {state}" for state in ICONS if counts[state]]
    return f"**{len(found)} feeds** · {' · '.join(parts)}" if parts else "No feed is listed yet."


def choose(listed: Sequence[Feed], found: Mapping[str, Condition]) -> list[Feed]:
    """The feeds to show, as the reader filters and sorts them; all of it stands in the URL."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = st.segmented_control(
            "State", _FILTERS, default="all", required=True, key="state", bind="query-params", width="content"
        )
        text = st.text_input(
            "Name, publisher or address", key="find", bind="query-params", type="search", live=True, width=190
        )
        spoken = sorted({language for feed in listed for language in _languages(feed, found)})
        languages = st.multiselect("Language", spoken, key="spoken", bind="query-params", width=160)
        kinds = st.multiselect("Kind", [kind.value for kind in FeedKind], key="kind", bind="query-params", width=160)
        order = st.selectbox("Sorted by", list(_ORDERS), key="sort", bind="query-params", width=160)
    rows = [(feed, found[feed.url]) for feed in listed]
    shown = [
        (feed, condition)
        for feed, condition in rows
        if (state in (None, "all") or state in condition.states)
        and _has(feed, text)
        and (not languages or set(languages) & _languages(feed, found))
        and (not kinds or feed.kind in kinds)
    ]
    return [feed for feed, _ in sorted(shown, key=_ORDERS[order])]  # type: ignore[arg-type]


def _languages(feed: Feed, found: Mapping[str, Condition]) -> set[str]:
    return {feed.language, *found[feed.url].languages}


def _has(feed: Feed, text: str) -> bool:
    return text.strip().casefold() in f"{feed.name}\n{feed.publisher}\n{feed.url}".casefold()


def table(shown: Sequence[Feed], found: Mapping[str, Condition]) -> list[Feed]:
    """Draw the feeds; gives those that the reader chose."""
    frame = pd.DataFrame([_row(feed, found[feed.url]) for feed in shown], columns=[*COLUMNS])
    rows = crc32("\n".join(feed.url for feed in shown).encode())  # another set of rows has a choice of its own
    event = st.dataframe(
        frame,
        hide_index=True,
        column_config=COLUMNS,
        placeholder="–",
        height=min(_ROW * (len(shown) + 1) + 3, _TALLEST),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"table-{rows}",
        alt="The feeds and how each fares.",
    )
    return [shown[row] for row in event["selection"]["rows"] if row < len(shown)]


def _tells(condition: Condition) -> bool:
    """Whether what the last poll said explains the state; "the same bytes as before" does not."""
    return bool(condition.last_reason) and bool({State.FAILING, State.EMPTY} & set(condition.states))


def _row(feed: Feed, condition: Condition) -> dict[str, object]:
    delay = condition.median_delay
    return {
        "state": [f"{ICONS[state]} {state}" for state in condition.states],
        "name": feed.name,
        "daily": [n for n in condition.daily if n is not None],
        "last_new_at": condition.last_new_at,
        "last_success_at": condition.last_success_at,
        "failures_in_row": condition.failures_in_row or None,
        "next_poll_at": condition.next_poll_at,
        "relevant": None if condition.relevant_share is None else round(100 * condition.relevant_share, 1),
        "delay": None if delay is None else round(delay.total_seconds() / 60),
        "languages": list(condition.languages),
        "n_losses": condition.n_losses or None,
        "last_reason": words.sentence(condition.last_reason) if _tells(condition) else None,
        "publisher": feed.publisher,
        "kind": feed.kind.value,
        "url": feed.url,
    }
