"""Download: every table as a file, what its columns mean, how to cite it, and the address for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard import reading
from tension.dashboard.download_choice import choose
from tension.exports.choice import BadChoice, Choice, Format
from tension.exports.citing import Taken
from tension.exports.contributions import NoValue
from tension.exports.formats import Column, Table
from tension.exports.index import POINTS
from tension.exports.programs import in_pandas
from tension.exports.tables import make
from tension.index.measure import METHOD_VERSION
from tension.pipeline import utc_now
from tension.tongue import N_, _, n_, number

# Each says what a table is called, and what it holds.
TABLES = {
    "index": (
        N_("Index"),
        N_("The index with its band, threats, acts and easing, and how many feeds each day rests on."),
    ),
    "signals": (N_("Signals"), N_("Index points by signal and day: what the index is made of, over time.")),
    "contributions": (
        N_("Contributions"),
        N_("All that one day's value is made of, row by row: article, feed and signal. The rows sum to it."),
    ),
    "stories": (
        N_("Stories"),
        N_("The stories of Russia and NATO in these days, who told them, and what they add to the index."),
    ),
    "codings": (N_("Codings"), N_("Every stored article with what the classifier read in it, newest first.")),
}
FORMATS: dict[Format, str] = {"csv": "CSV", "parquet": "Parquet", "json": "JSON"}
BY_DAY = ("index", "signals")  # tables that go forward in time, and may have days without a value
ROWS = 10


@st.cache_resource(ttl="60s", max_entries=10, show_spinner=False)
def table_of(name: str, chosen: Choice) -> Table:
    """In memory but for the codings, which are only begun."""
    return make(name, server.store().engine, chosen, server.settings().coverage_floor, utc_now())


@st.cache_data(ttl="60s", max_entries=50, show_spinner=False)
def shown(name: str, chosen: Choice) -> tuple[int, int, pd.DataFrame]:
    """How many rows there are, how many have a value, and some: the newest of those first, or the first of the file."""
    table = table_of(name, chosen)
    n = table.n_rows()
    if name not in BY_DAY:
        return n, n, table.head(ROWS)
    rows = next(table.pages())
    points = [column for column, held in table.columns.items() if held.kind == "number" and held.unit == POINTS]
    valued = rows[rows[points].notna().any(axis=1)]
    return n, len(valued), (valued if len(valued) else rows).tail(ROWS)[::-1]


def root() -> str:
    """The address of this server, as the reader has it."""
    return "/".join(str(st.context.url or "").split("/")[:3])


def column_config(name: str, columns: Mapping[str, Column]) -> dict[str, Any]:
    """The file's own names, each with its meaning."""
    made: dict[str, Any] = {}
    digits = {"index": 0, "signals": 1}.get(name, 2)
    for column_name, column in columns.items():
        meaning = column.said(_)
        if column.kind == "number":
            made[column_name] = st.column_config.NumberColumn(
                format=f"%.{digits if column.unit == POINTS else 2}f", help=meaning
            )
        elif column.kind == "day":
            made[column_name] = st.column_config.DateColumn(format="YYYY-MM-DD", help=meaning)
        elif column.kind in ("hour", "time"):
            made[column_name] = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help=meaning)
        elif column_name == "url":
            made[column_name] = st.column_config.LinkColumn(display_text=_("open"), width="small", help=meaning)
        else:
            made[column_name] = st.column_config.Column(help=meaning)
    return made


def preview(name: str, n: int, n_valued: int, rows: pd.DataFrame, columns: Mapping[str, Column]) -> None:
    said = _("The first {some} of {n} rows; {columns} columns.")
    if name in BY_DAY:
        said = _("{n} rows, {valued} of them with a value; shown are the newest {some}, rounded; {columns} columns.")
    st.caption(said.format(some=len(rows), n=number(n), valued=number(n_valued), columns=len(columns)))
    st.dataframe(rows, hide_index=True, placeholder="", column_config=column_config(name, columns), alt=_("Preview"))


def describe(columns: Mapping[str, Column]) -> None:
    rows = {f"`{name}`": (column.said(_), column.unit and _(column.unit)) for name, column in columns.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[_("meaning"), _("unit")])
    st.table(table.rename_axis(_("column")), border="horizontal", alt=_("What the columns mean"))


def cite(table: str, address: str, chosen: Choice) -> None:
    points = reading.index_table(as_of=chosen.as_of)
    points = points[points["vintage_at"].notna()]
    method, model = points[["method_version", "model_version"]].iloc[-1] if len(points) else (METHOD_VERSION, "none")
    known = points["vintage_at"].max() if len(points) else None
    taken = Taken(table, address, utc_now().date(), known, str(method), str(model))
    st.markdown(
        _(
            "Figures may be used with this citation. The software is under the Apache License 2.0. Headlines belong "
            "to their publishers; codings are a model's, with its probabilities, and no person's."
        )
    )
    st.code(taken.in_words(), language=None, wrap_lines=True)
    st.code(taken.in_bibtex(), language="latex", wrap_lines=True)


def pictures() -> None:
    st.markdown(
        _(
            "The camera button above each chart saves it as a picture that names its source and the moment up to "
            "which it is known; it appears when you point at the chart or touch it. Open the "
            "settings at the top left to choose the kind: SVG stays sharp at any size and can be edited, PNG fits "
            "any program. The table below a chart has a button for its figures as CSV."
        )
    )


st.title(_("Download"))
st.caption(
    _(
        "Five tables: the index, its signals, all that one day's value is made of, the stories, and the coding of "
        "every article."
    )
)
chosen_name = st.segmented_control(
    _("Table"),
    list(TABLES),
    format_func=lambda key: _(TABLES[key][0]),
    default="index",
    required=True,
    key="table",
    bind="query-params",
)
name = chosen_name or "index"
st.caption(_(TABLES[name][1]))
try:
    chosen = choose(name)
    with st.spinner(_("Measuring …")):
        n, n_valued, some = shown(name, chosen)
        table = table_of(name, chosen)
except BadChoice as error:
    st.error(str(error))
    st.stop()
except NoValue:
    st.info(_("That day has no value: no article of it is stored, or too few feeds observed it. Choose another day."))
    st.stop()

row = st.container(horizontal=True, vertical_alignment="bottom")
kind: Format = (
    row.segmented_control(
        _("Format"),
        list(FORMATS),
        format_func=lambda key: FORMATS[key],
        default="csv",
        required=True,
        key="format",
        bind="query-params",
    )
    or "csv"
)
address = root() + chosen.address(name, kind)
label = n_("Download {n} row", "Download {n} rows", n).format(n=number(n))
row.link_button(label, address, icon=":material/download:", type="primary", disabled=not n)

st.subheader(_("Preview"))
if n:
    preview(name, n, n_valued, some, table.columns)
else:
    st.info(
        _(
            "No rows to download. Choose other days or signals. If this is a new installation, the first rows come "
            "a few minutes after the first feeds are asked."
        )
    )
with st.expander(_("What the columns mean"), icon=":material/help:"):
    describe(table.columns)

st.subheader(_("For a program"))
st.caption(_("The same file, always up to date; the address stays."))
st.code(in_pandas(name, address, kind, table.columns), language="python", wrap_lines=True)

st.subheader(_("Licence and citation"))
cite(name, address, chosen)

st.subheader(_("Charts as pictures"))
pictures()
