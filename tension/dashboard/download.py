"""Download: the index and the codings as CSV, and the addresses that give the same to a program."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from tension import exports, server
from tension.dashboard import reading, words
from tension.exports import INDEX_COLUMNS, Frequency
from tension.storage.frames import ArticleFilter

FREQUENCIES: dict[str, Frequency] = {"days": "D", "weeks": "W", "months": "M"}


def choose() -> tuple[date | None, date | None, Frequency]:
    columns = st.columns([1, 1, 1.4])
    start = columns[0].date_input("First day (empty: the first article's)", None, key="start", bind="query-params")
    end = columns[1].date_input("Last day (empty: the last article's)", None, key="end", bind="query-params")
    frequency = columns[2].segmented_control(
        "One line for", list(FREQUENCIES), default="days", required=True, key="frequency", bind="query-params"
    )
    return start, end, FREQUENCIES[frequency or "days"]


def address(path: str, **parameters: object) -> str:
    base = st.context.url
    root = "/".join(str(base).split("/")[:3]) if base else ""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{root}{path}" + (f"?{urlencode(given)}" if given else "")


st.title("Download")
start, end, frequency = choose()
if start and end and start > end:
    st.error("The first day is after the last one: choose an earlier first day.")
    st.stop()

given = None if frequency == "D" else frequency
st.subheader("The index")
table = reading.index_table(start, end, frequency)
st.download_button(
    f"Index as CSV ({len(table):,} lines)",
    exports.index_csv(table),
    file_name="tension-index.csv",
    mime="text/csv",
    icon=":material/download:",
    on_click="ignore",
    type="primary",
)
st.caption("The same for a program, always up to date; add `as_of=2026-01-31` for the index as it was known then:")
st.code(f'pandas.read_csv("{address("/api/index.csv", start=start, end=end, frequency=given)}")', language="python")
if len(table):
    st.dataframe(table.tail(10), hide_index=True, column_config=words.INDEX_COLUMNS)

st.subheader("The articles' codings")
chosen = ArticleFilter(since=start, until=end)
n = reading.count_articles(chosen)
st.download_button(
    f"Codings as CSV ({n:,} articles)",
    lambda: "".join(exports.codings_csv(server.store().engine, chosen)),
    file_name="tension-codings.csv",
    mime="text/csv",
    icon=":material/download:",
    on_click="ignore",
)
st.code(f'pandas.read_csv("{address("/api/codings.csv", start=start, end=end)}")', language="python")
st.caption("Titles belong to their publishers. The codings are a model's, with its probabilities.")

with st.expander("What the columns of the index mean"):
    st.dataframe(
        pd.DataFrame({"column": INDEX_COLUMNS.keys(), "meaning": [column.meaning for column in INDEX_COLUMNS.values()]}),
        hide_index=True,
        width="stretch",
    )
