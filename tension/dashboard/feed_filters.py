"""Which feeds are shown and in which order, as the reader chooses it; all of it stands in the URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from tension.dashboard.feed_forms import KINDS
from tension.dashboard.feed_table import ICONS, meanings
from tension.feeds.condition import Condition
from tension.records import Feed, FeedKind
from tension.tongue import N_, _

_GRAVEST_FIRST = tuple(ICONS)
# Says: every feed, whatever its state
_ALL = N_("all")
_FILTERS = [_ALL, *(state.value for state in _GRAVEST_FIRST)]

_Row = tuple[Feed, Condition]
_ORDERS: dict[str, Callable[[_Row], object]] = {
    # Says: the order of a list of feeds, as are the five after it
    N_("trouble first"): lambda row: (_GRAVEST_FIRST.index(row[1].states[0]), row[0].name.casefold()),
    N_("name"): lambda row: row[0].name.casefold(),
    N_("newest article"): lambda row: -row[1].last_new_at.timestamp() if row[1].last_new_at else 0.0,
    N_("most relevant"): lambda row: -(row[1].relevant_share or 0.0),
    # Says: feeds whose articles reach us longest after they were published
    N_("latest to us"): lambda row: -row[1].median_delay.total_seconds() if row[1].median_delay else 0.0,
    N_("most articles"): lambda row: -(row[1].per_day or 0.0),
}


def choose(listed: Sequence[Feed], found: Mapping[str, Condition]) -> list[Feed]:
    """The feeds to show, as the reader filters and sorts them."""
    _take_old_links()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = st.segmented_control(
            _("State"),
            _FILTERS,
            default=_ALL,
            required=True,
            key="state",
            bind="query-params",
            width="content",
            wrap=True,
            help=meanings(),
            format_func=_,
        )
        text = st.text_input(
            _("Name, publisher or address"), key="find", bind="query-params", type="search", live=True, width=210
        )
        spoken = sorted({language for feed in listed for language in _languages(feed, found)})
        languages = st.multiselect(
            _("Language"), spoken, key="spoken", bind="query-params", placeholder=_("any"), width=160
        )
        kinds = st.multiselect(
            _("Kind"),
            list(FeedKind),
            key="kind",
            bind="query-params",
            placeholder=_("any"),
            width=160,
            format_func=lambda kind: _(KINDS[kind]),
        )
        order = st.selectbox(_("Sorted by"), list(_ORDERS), key="sort", bind="query-params", width=160, format_func=_)
    rows = [(feed, found[feed.url]) for feed in listed]
    shown = [
        (feed, condition)
        for feed, condition in rows
        if (state in (None, _ALL) or state in condition.states)
        and _has(feed, text)
        and (not languages or set(languages) & _languages(feed, found))
        and (not kinds or feed.kind in kinds)
    ]
    return [row[0] for row in sorted(shown, key=_ORDERS[order])]  # type: ignore[arg-type]


def clear() -> None:
    """Let every feed through again; a callback."""
    st.session_state.update({"state": _ALL, "find": "", "spoken": [], "kind": []})


def _take_old_links() -> None:
    """Kinds were called by their values once."""
    if FeedKind.STATE_CONTROLLED.value in (kinds := st.query_params.get_all("kind")):
        del st.query_params["kind"]
        st.session_state["kind"] = [kind for kind in FeedKind if kind.value in kinds]


def _languages(feed: Feed, found: Mapping[str, Condition]) -> set[str]:
    return {feed.language, *found[feed.url].languages}


def _has(feed: Feed, text: str) -> bool:
    return text.strip().casefold() in f"{feed.name}\n{feed.publisher}\n{feed.url}".casefold()
