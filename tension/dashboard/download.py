"""Download: every table as a file, what its columns mean, how to cite it, and the address for a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension import server
from tension.dashboard import reading
from tension.exports.choice import TAKES, BadChoice, Choice, Format, Frequency, parse_moment
from tension.exports.citing import Taken
from tension.exports.contributions import NoValue
from tension.exports.formats import Column, Table
from tension.exports.programs import in_pandas
from tension.exports.tables import make
from tension.index.measure import METHOD_VERSION
from tension.pipeline import utc_now
from tension.signals.codebook import BY_KEY, SIGNALS

TABLES = {
    "index": "The index with its band, threats, acts and easing, and how well each day was seen.",
    "signals": "Index points by signal and day: what the index is made of, over time.",
    "contributions": "All that one day's value is made of, row by row: article, feed and signal. The rows sum to it.",
    "stories": "The stories of Russia and NATO in these days, who told them, and what they add to the index.",
    "codings": "Every stored article with what the classifier read in it, newest first.",
}
FORMATS: dict[str, Format] = {"CSV": "csv", "Parquet": "parquet", "JSON": "json"}
FREQUENCIES: dict[str, Frequency] = {"day": "D", "week": "W", "month": "M", "hour": "H"}
EMPTY = {
    "index": ("the first article's", "the last article's"),
    "signals": ("the first with a value", "the last with a value"),
    "stories": ("30 days before the last", "the last with a value"),
    "codings": ("the first article's", "today"),
}
ROWS = 10


@st.cache_resource(ttl="60s", max_entries=10, show_spinner="Measuring …")
def table_of(name: str, chosen: Choice) -> Table:
    """In memory but for the codings, which are only begun."""
    return make(name, server.store().engine, chosen, server.settings().coverage_floor, utc_now())


@st.cache_data(ttl="60s", max_entries=50, show_spinner="Counting …")
def shown(name: str, chosen: Choice) -> tuple[int, pd.DataFrame]:
    """How many rows there are, and the first."""
    table = table_of(name, chosen)
    return table.n_rows(), table.head(ROWS)


def choose(table: str) -> Choice:
    """What of the table, as the reader sets it; all of it stands in the URL."""
    row, takes = st.container(horizontal=True, vertical_alignment="bottom"), TAKES[table]
    start, end = days(row, table) if "start" in takes else (None, None)
    frequency = how_often(row) if "frequency" in takes else "D"
    as_of = known_on(row) if "as_of" in takes and frequency != "H" else None
    day = day_in(row, "Day (empty: the last with a value)", "day") if "day" in takes else None
    return Choice(start, end, frequency, as_of, day, chosen_signals(row) if "signal" in takes else ())


def day_in(row: DeltaGenerator, label: str, key: str, meaning: str | None = None) -> date | None:
    last = reading.today()
    return row.date_input(
        label, None, min_value=reading.OLDEST, max_value=last, key=key, bind="query-params", width=260, help=meaning
    )


def days(row: DeltaGenerator, table: str) -> tuple[date | None, date | None]:
    first, last = EMPTY[table]
    return day_in(row, f"First day (empty: {first})", "start"), day_in(row, f"Last day (empty: {last})", "end")


def how_often(row: DeltaGenerator) -> Frequency:
    options = list(FREQUENCIES)
    chosen = row.segmented_control(
        "A row for each", options, default=options[0], required=True, key="frequency", bind="query-params"
    )
    return FREQUENCIES[chosen or options[0]]


def known_on(row: DeltaGenerator) -> datetime | None:
    meaning = "The index as it was known when that day was over. Every value that was ever published is kept."
    day = day_in(row, "As known on (empty: now)", "as_of", meaning)
    return parse_moment(str(day)) if day else None


def chosen_signals(row: DeltaGenerator) -> tuple[str, ...]:
    keys = [signal.key for signal in SIGNALS]
    chosen = row.multiselect(
        "Signals (empty: all)", keys, format_func=label, key="signal", bind="query-params", width=420
    )
    return tuple(chosen)


def label(key: str) -> str:
    return BY_KEY[key].label


def root() -> str:
    """The address of this server, as the reader has it."""
    return "/".join(str(st.context.url or "").split("/")[:3])


def column_config(columns: Mapping[str, Column]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, column in columns.items():
        if column.kind == "number":
            made[name] = st.column_config.NumberColumn(format="%.2f", help=column.meaning)
        elif column.kind == "day":
            made[name] = st.column_config.DateColumn(format="YYYY-MM-DD", help=column.meaning)
        elif column.kind in ("hour", "time"):
            made[name] = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help=column.meaning)
        elif name == "url":
            made[name] = st.column_config.LinkColumn(display_text="open", width="small", help=column.meaning)
        else:
            made[name] = st.column_config.Column(help=column.meaning)
    return made


def describe(columns: Mapping[str, Column]) -> None:
    rows = {f"`{name}`": (column.meaning, column.unit) for name, column in columns.items()}
    st.table(pd.DataFrame.from_dict(rows, orient="index", columns=["meaning", "unit"]).rename_axis("column"))


def cite(table: str, address: str, chosen: Choice) -> None:
    points = reading.index_table(as_of=chosen.as_of)
    points = points[points["vintage_at"].notna()]
    method, model = points[["method_version", "model_version"]].iloc[-1] if len(points) else (METHOD_VERSION, "none")
    known = points["vintage_at"].max() if len(points) else None
    taken = Taken(table, address, utc_now().date(), known, str(method), str(model))
    st.markdown(
        "Figures may be used with this citation. The software is under the Apache License 2.0. Headlines belong to "
        "their publishers; codings are a model's, with its probabilities, and no person's."
    )
    st.code(taken.in_words(), language=None, wrap_lines=True)
    st.code(taken.in_bibtex(), language="latex", wrap_lines=True)


st.title("Download")
titles = [name.capitalize() for name in TABLES]
title = st.segmented_control("Table", titles, default="Index", required=True, key="table", bind="query-params")
name = (title or "Index").lower()
st.caption(TABLES[name])
try:
    chosen = choose(name)
    n, first = shown(name, chosen)
except BadChoice as error:
    st.error(str(error))
    st.stop()
except NoValue:
    st.info("That day has no value: no article of it is stored, or too few feeds observed it. Choose another day.")
    st.stop()
table = table_of(name, chosen)

row = st.container(horizontal=True, vertical_alignment="bottom")
kind = FORMATS[
    row.segmented_control("Format", list(FORMATS), default="CSV", required=True, key="format", bind="query-params")
    or "CSV"
]
address = root() + chosen.address(name, kind)
row.link_button(f"Download {n:,} rows", address, icon=":material/download:")

st.subheader("For a program")
st.caption("The same file, always up to date; the address stays.")
st.code(in_pandas(name, address, kind, table.columns), language="python", wrap_lines=True)

st.subheader("Preview")
st.caption(f"The first {min(n, ROWS)} of {n:,} rows; {len(table.columns)} columns." if n else "No row fits.")
st.dataframe(first, hide_index=True, placeholder="", column_config=column_config(table.columns))

st.subheader("What the columns mean")
describe(table.columns)

st.subheader("Licence and citation")
cite(name, address, chosen)
