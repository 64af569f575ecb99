"""What of a table is downloaded: its days, its rows and its signals."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension.dashboard import reading
from tension.exports.choice import FREQUENCIES, TAKES, Choice, Frequency, parse_moment
from tension.signals.codebook import BY_KEY, SIGNALS
from tension.tongue import N_, _

PERIODS: dict[Frequency, str] = {"D": N_("day"), "W": N_("week"), "M": N_("month"), "H": N_("hour")}
EMPTY = {
    "index": N_("Left empty: from the day of the first article to that of the last, as known now."),
    "hours": N_("Left empty: the week up to now."),
    "signals": N_("Left empty: from the first to the last day with a value, all signals."),
    "contributions": N_("Left empty: the last day with a value."),
    "stories": N_("Left empty: the 31 days up to the last with a value, all signals."),
    "codings": N_("Left empty: from the day of the first article to today, all signals."),
}


def choose(table: str) -> Choice:
    """What of the table, as the reader sets it; all of it stands in the URL."""
    row, takes = st.container(horizontal=True, vertical_alignment="bottom"), TAKES[table]
    frequency = how_often(row) if "frequency" in takes else "D"
    start = end = day = as_of = None
    if "start" in takes:
        # Says: the first day
        start = day_in(row, _("From"), "start")
        # Says: the last day
        end = day_in(row, _("To"), "end")
    if "as_of" in takes and frequency != "H":
        as_of = known_on(row)
    if "day" in takes:
        day = day_in(row, _("Day"), "day")
    left_empty = EMPTY["hours" if frequency == "H" else table]
    st.caption(_(left_empty))
    return Choice(start, end, frequency, as_of, day, chosen_signals(row) if "signal" in takes else ())


def day_in(row: DeltaGenerator, label: str, key: str, meaning: str | None = None) -> date | None:
    last = reading.today()
    return row.date_input(
        label,
        None,
        min_value=reading.OLDEST,
        max_value=last,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
        width=200,
        help=meaning,
    )


def how_often(row: DeltaGenerator) -> Frequency:
    chosen: Frequency | None = row.segmented_control(
        _("One row per"),
        FREQUENCIES,
        format_func=lambda key: _(PERIODS[key]),
        default=FREQUENCIES[0],
        required=True,
        key="frequency",
        bind="query-params",
    )
    return chosen or FREQUENCIES[0]


def known_on(row: DeltaGenerator) -> datetime | None:
    meaning = _("The index as it was known when that day was over. Every value that was ever published is kept.")
    day = day_in(row, _("As known on"), "as_of", meaning)
    return parse_moment(str(day)) if day else None


def chosen_signals(row: DeltaGenerator) -> tuple[str, ...]:
    keys = [signal.key for signal in SIGNALS]
    chosen = row.multiselect(
        _("Signals"),
        keys,
        format_func=lambda key: _(BY_KEY[key].label),
        placeholder=_("Choose signals"),
        key="signal",
        bind="query-params",
        width=420,
    )
    return tuple(chosen)
