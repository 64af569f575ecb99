"""The table of feeds: how each fares, what needs attention first, and which rows the reader chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from tension import server
from tension.conditions import RECENT_DAYS, RELEVANT_DAYS, read_conditions
from tension.dashboard import words
from tension.dashboard.feed_forms import KINDS
from tension.dashboard.words import literal
from tension.feeds.condition import MEANINGS, SILENT_GAPS, Condition, State
from tension.pipeline import utc_now
from tension.records import Feed
from tension.tongue import _, n_, number

ICONS = {  # the gravest first
    State.FAILING: "✗",
    State.SILENT: "◔",
    State.LOSING: "▽",
    State.EMPTY: "∅",
    State.WAITING: "…",
    State.WELL: "✓",
    State.OFF: "○",
}
_COLOURS = ["red", "orange", "violet", "gray", "blue", "green", "gray"]
_ROW, _TALLEST = 35, 600  # pixels
_NAMED = 3  # failing feeds above the table
_TROUBLE = ("last_reason", "failures_in_row", "n_losses")  # columns shown only where they say something


def said_state(state: State) -> str:
    """A state with its sign."""
    return f"{ICONS[state]} {_(state)}"


def meaning(state: State) -> str:
    """What a state means."""
    return _(MEANINGS[state]).format(gaps=SILENT_GAPS)


def meanings() -> str:
    """What each state means, a line each."""
    return "  \n".join(f"**{said_state(state)}**: {meaning(state)}" for state in ICONS)


def _columns() -> dict[str, Any]:
    """The most important first: a phone shows the first three or four."""
    column = st.column_config
    return {
        "name": column.TextColumn(_("feed"), pinned=True, width=170),
        "state": column.MultiselectColumn(
            _("state"),
            options=[said_state(state) for state in ICONS],
            color=_COLOURS,
            help=meanings(),
        ),
        "last_reason": column.TextColumn(_("why"), width=300),
        "last_new_at": column.DatetimeColumn(_("last new article"), format="distance"),
        "daily": column.BarChartColumn(
            _("a day, {n} days").format(n=RECENT_DAYS),
            y_min=0,
            color="gray",
            help=_("Articles by day of publication; days without an answer are left out."),
        ),
        "relevant": column.NumberColumn(
            _("relevant"),
            format="%.0f %%",
            help=_("Share of its articles of {n} days that are about Russia and NATO.").format(n=RELEVANT_DAYS),
        ),
        "languages": column.ListColumn(_("languages"), help=_("Those that its articles were found to be in.")),
        "delay": column.NumberColumn(
            _("delay"),
            format="%d min",
            help=_("Median from publication to first seen here, in minutes, of articles it dated."),
        ),
        "failures_in_row": column.NumberColumn(_("failures"), help=_("In a row, up to the last poll.")),
        "n_losses": column.NumberColumn(
            # Says: a column's label: polls between which articles were probably lost
            _("lost"),
            width="small",
            help=_("Polls of {n} days, in due time, that shared no item with that before.").format(n=RECENT_DAYS),
        ),
        "last_success_at": column.DatetimeColumn(_("last success"), format="distance"),
        "next_poll_at": column.DatetimeColumn(_("next poll"), format="distance"),
        "publisher": column.TextColumn(_("publisher")),
        "kind": column.TextColumn(_("kind")),
        "url": column.LinkColumn(_("address")),
    }


@st.cache_data(ttl="30s", show_spinner=False, max_entries=5, refresh_mode="background")
def conditions(listed: tuple[Feed, ...]) -> dict[str, Condition]:
    """How the listed feeds fare, by URL."""
    return read_conditions(server.store().engine, listed, utc_now().astimezone(server.settings().zone))


def summary(found: Mapping[str, Condition]) -> str:
    """How many feeds are in which state; one with several counts by the gravest."""
    counts = Counter(condition.states[0] for condition in found.values())
    n_feeds = n_("{n} feed", "{n} feeds", len(found)).format(n=number(len(found)))
    parts = [f"{ICONS[state]} {number(counts[state])} {_(state)}" for state in ICONS if counts[state]]
    return " · ".join([f"**{n_feeds}**", *parts])


def attention(listed: Sequence[Feed], found: Mapping[str, Condition]) -> str:
    """The feeds that fail, longest first, and why; "" where none does."""
    failing = [feed for feed in listed if State.FAILING in found[feed.url].states]
    if not failing:
        return ""
    n = len(failing)
    failing.sort(key=lambda feed: -found[feed.url].failures_in_row)
    said = n_("**{n} feed failed when last asked:**", "**{n} feeds failed when last asked:**", n)
    lines = [
        f"- **{literal(feed.name)}**: {literal(words.sentence(found[feed.url].last_reason))}"
        for feed in failing[:_NAMED]
    ]
    if n > _NAMED:
        # Says: n more feeds, after three that were named
        more = n_("and {n} more, first in the table below", "and {n} more, first in the table below", n - _NAMED)
        lines.append(f"- {more.format(n=number(n - _NAMED))}")
    return "\n".join([said.format(n=number(n)), *lines])


def table(shown: Sequence[Feed], found: Mapping[str, Condition]) -> list[Feed]:
    """Draw the feeds; gives those that the reader chose."""
    columns = _columns()
    frame = pd.DataFrame([_row(feed, found[feed.url]) for feed in shown], columns=[*columns])
    rows = crc32("\n".join(feed.url for feed in shown).encode())  # another set of rows has a choice of its own
    event = st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        column_order=[name for name in columns if name not in _TROUBLE or frame[name].notna().any()],
        placeholder="–",
        height=min(_ROW * (len(shown) + 1) + 3, _TALLEST),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"table-{rows}",
        alt=_("The feeds and how each fares."),
    )
    return [shown[row] for row in event["selection"]["rows"] if row < len(shown)]


def _tells(condition: Condition) -> bool:
    """Whether what the last poll said explains the state; "the same bytes as before" does not."""
    return bool(condition.last_reason) and bool({State.FAILING, State.EMPTY} & set(condition.states))


def _row(feed: Feed, condition: Condition) -> dict[str, object]:
    delay = condition.median_delay
    return {
        "name": feed.name,
        "state": [said_state(state) for state in condition.states],
        "last_reason": words.sentence(condition.last_reason) if _tells(condition) else None,
        "last_new_at": condition.last_new_at,
        "daily": [n for n in condition.daily if n is not None],
        "relevant": None if condition.relevant_share is None else round(100 * condition.relevant_share, 1),
        "languages": list(condition.languages),
        "delay": None if delay is None else round(delay.total_seconds() / 60),
        "failures_in_row": condition.failures_in_row or None,
        "n_losses": condition.n_losses or None,
        "last_success_at": condition.last_success_at,
        "next_poll_at": condition.next_poll_at,
        "publisher": feed.publisher,
        "kind": _(KINDS[feed.kind]),
        "url": feed.url,
    }
