"""Compare: the index beside another measure."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tension.charts.comparison import comparison_figure, lines_figure
from tension.charts.index import SPANS, default_span
from tension.charts.taking import taken_as
from tension.dashboard import reading
from tension.dashboard.taking import sourced
from tension.errors import ArchiveError, FetchError
from tension.index.comparison import as_published, compare, is_monthly, lagged
from tension.index.groups import GROUPINGS

st.title("Compare")

st.subheader("By source")
grouping = st.segmented_control(
    "Feeds by", list(GROUPINGS), default=next(iter(GROUPINGS)), required=True, key="by", bind="query-params"
)
lines = reading.by_group(grouping or next(iter(GROUPINGS)))
if lines.dropna(how="all").empty:
    st.info("No live feed has been measured yet.")
else:
    st.plotly_chart(
        sourced(lines_figure(lines, SPANS[default_span(reading.index_table())])),
        key="sources",
        config=taken_as("sources"),
        alt="The smoothed index by groups of feeds; the table below has the last values.",
    )
    recent = lines.dropna(how="all").tail(14).iloc[::-1]
    st.dataframe(recent.round(1), column_config={"day": st.column_config.DateColumn("day", format="YYYY-MM-DD")})
    st.caption(
        "Each group is measured as a panel of its own and brought to the same level at its start. The founding feeds "
        "are the fixed panel: where they part from all feeds, the panel's changes matter. The Russian state's media "
        "count in the index like others and are shown apart here, so that credibility never alters severity. Feeds in "
        "Russian or from Russia that are not the state's stand by themselves; NATO's side are the rest of its members'."
    )

st.subheader("With another measure")


def own_series() -> pd.Series[float]:
    """The reference series or the published index, as chosen."""
    days = reading.index_table().set_index("date")["index"].astype(float)
    choices = {"the reference series (Wikipedia)": reading.reference()["index"], "this panel": days}
    label = st.segmented_control("Index", list(choices), default=next(iter(choices)), required=True, key="own")
    return choices[label or "this panel"].dropna()


try:
    other = reading.comparison()
except (ArchiveError, FetchError) as error:
    st.error(f"The other measure cannot be had. {error}")
    st.stop()
if other is None:
    st.info(
        "No other measure is set. Save one as CSV or Excel, such as the monthly export of the Geopolitical Risk index "
        "that its authors publish (Caldara & Iacoviello 2022), and name the file, or its address, in "
        "TENSION_COMPARISON_FILE."
    )
    st.stop()

row = st.container(horizontal=True, vertical_alignment="bottom")
with row:
    names = [str(name) for name in other.columns]
    preferred = names.index("GPRC_RUS") if "GPRC_RUS" in names else 0
    name = st.selectbox("Measure", names, index=preferred, key="measure", bind="query-params", width=260)
    known = st.toggle("dated to when it was known", value=True, key="known", bind="query-params")
    index = own_series()
series = other[name].dropna()
st.plotly_chart(
    comparison_figure(index, as_published(series) if known else series, name),
    key="comparison",
    config=taken_as("comparison"),
    alt=f"The index beside {name}, both on logarithmic axes.",
)
if known:
    st.caption(
        "A month's value is known only when the month is over: it is drawn at the first day of the next."
        if is_monthly(series)
        else "A day's value is known only with the week's file: it is drawn at the Monday after, as its week's mean."
    )
table = compare(index, series.to_frame())
st.dataframe(table.round(2), hide_index=True)
lags = lagged(index, series)
if len(lags):
    st.bar_chart(lags.rename("Spearman"), x_label="other measure taken so many steps later", height=220)
st.caption(
    "The table and the bars compare values of the same days or months, whenever they were known. "
    "Correlations of two series that both follow the same wars say little about cause, and a lag with the highest "
    "correlation is no proof that one leads the other."
)
