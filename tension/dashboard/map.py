"""Map: which members and partners the tension is about, over some days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from tension.charts.map import DARK, LIGHT, map_figure
from tension.charts.shapes import read_shapes
from tension.charts.taking import camera
from tension.dashboard import reading
from tension.dashboard.article_filters import countries_named
from tension.dashboard.map_words import drawn_of, in_a_sentence, legend, table_of
from tension.geography import Parts

ARTICLES = Path(__file__).parent / "articles.py"
SPANS = {"last day": 1, "week": 7, "month": 30, "dates": None}  # days
STYLE = """<style>
.st-key-map{aspect-ratio:182/100;min-height:0}
.st-key-map>div,.st-key-map .stPlotlyChart{height:100%}
.classes{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem}
.classes i{display:inline-block;
width:1.1em;height:.8em;margin-right:.35em;border-radius:2px;outline:1px solid #8a8f9866}
</style>"""
MEANING = (
    "Index points by country. A story's points go in equal shares to the countries that it names beside Russia and "
    "Belarus. Being named is not being threatened: a country's own words and sanctions count as well, and feeds name "
    "their own country most. Both views are equal-area, the globe at a smaller scale. Borders: Natural Earth, public "
    "domain; Crimea as Ukraine's."
)
COLUMNS = {
    "country": st.column_config.TextColumn("country", pinned=True, width=116),
    "points": st.column_config.NumberColumn("points", format="%.1f", width=58, help="Index points, mean of the days."),
    "share": st.column_config.NumberColumn("share", format="%.1f %%", width=62, help="Of the index of these days."),
    "change": st.column_config.NumberColumn(
        "change", format="%+.1f", width=62, help="Against as many days before; empty where none of them has a value."
    ),
    "n_stories": st.column_config.NumberColumn(
        "stories", width=56, help="Stories of Russia and NATO or its partners that name the country."
    ),
    "signal": st.column_config.TextColumn("leading signal", width=136),
    "standing": st.column_config.TextColumn("standing", width=76, help="As of 2024."),
}
STORY_COLUMNS = {
    "points": st.column_config.NumberColumn("points", format="%.2f", width=66),
    "published_on": st.column_config.DateColumn("day", format="YYYY-MM-DD", width=92),
    "title": st.column_config.TextColumn("story", width=640),
    "url": st.column_config.LinkColumn("link", display_text="open", width=60),
    "publisher": st.column_config.TextColumn("told by", width=120),
}


def choose_span(days: pd.DatetimeIndex) -> tuple[date, date]:
    """First and last day, as the reader sets them; they stand in the URL."""
    first, last = days[0].date(), days[-1].date()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    name = row.segmented_control(
        "Days", list(SPANS), default="month", required=True, key="over", bind="query-params", width="content"
    )
    length = SPANS[name or "month"]
    if length:
        return last - timedelta(days=length - 1), last
    month_ago = max(first, last - timedelta(days=29))
    start = row.date_input("From", month_ago, first, last, key="map-from", bind="query-params", width=160)
    end = row.date_input("To", last, first, last, key="map-to", bind="query-params", width=160)
    return min(start, end), max(start, end)


def choose_row(codes: list[str]) -> None:
    rows = st.session_state["countries"]["selection"]["rows"]
    st.session_state["place"] = codes[rows[0]] if rows else None


def choose_on_map() -> None:
    points = st.session_state["outlines"]["selection"]["points"]
    if points:
        st.session_state["place"] = points[0]["legendgroup"]


def chosen(table: pd.DataFrame) -> str | None:
    """Code of the country that is open; the URL has its name."""
    codes = dict(zip(table["country"], table.index, strict=True))
    return st.session_state.get("place") or codes.get(st.query_params.get("place", ""))


def draw(table: pd.DataFrame, marked: str | None) -> None:
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    drawn = drawn_of(table)
    most = drawn["points"].max()
    top = ", ".join(f"{row.country} {row.points:.1f}" for row in table.head(5).itertuples())
    with st.container(key="map"):
        st.plotly_chart(
            map_figure(drawn, read_shapes(), palette, marked),
            height="stretch",
            key="outlines",
            on_select=choose_on_map,
            selection_mode="points",
            config=camera("map"),
            alt=f"Map of Europe and of the north from above the pole; most points: {top}. The table has all of them.",
        )
    st.html(STYLE + legend(most, palette))


def list_countries(table: pd.DataFrame, first: date, last: date) -> None:
    st.dataframe(
        table.assign(share=table["share"] * 100),
        key="countries",
        hide_index=True,
        column_config=COLUMNS,
        column_order=[name for name in COLUMNS if table[name].notna().any()],
        on_select=partial(choose_row, list(table.index)),
        selection_mode="single-row",
        height=430 if len(table) > 11 else "content",
    )
    csv = table.rename_axis("code").round({"points": 4, "share": 6, "change": 4}).to_csv()
    name = f"tension-countries-{first}-{last}.csv"
    st.download_button("These countries as CSV", csv, name, "text/csv", icon=":material/download:")


def open_country(parts: Parts, table: pd.DataFrame, first: date, last: date) -> None:
    """The stories that a country's part is made of."""
    st.subheader("Stories behind a country")
    told = [str(code) for code in table.index if (parts.stories["country"] == code).any()]
    if st.session_state.get("place") not in [None, *told]:
        st.session_state["place"] = None
    names = table["country"].astype(str).to_dict()
    code = st.selectbox(
        "Country",
        told,
        index=None,
        format_func=lambda code: names[code],
        key="place",
        bind="query-params",
        placeholder="Choose one here, in the table or on the map",
        width=320,
    )
    if code is None:
        return
    its = parts.stories[parts.stories["country"] == code].set_index("article_id")
    shown = its.join(reading.headlines_of(tuple(map(int, its.index))))
    st.dataframe(shown, hide_index=True, column_config=STORY_COLUMNS, column_order=list(STORY_COLUMNS))
    rest = float(table["points"][code]) - float(its["points"].sum())
    faint = " The rest is from smaller stories and articles too faint to count as being about Russia and NATO."
    st.caption(
        f"The {len(its)} largest of {table['n_stories'][code]:,} stories. Points are a mean over the days, and shared "
        f"equally with the other countries that a story names: together {its['points'].sum():.1f} of the "
        f"{table['points'][code]:.1f}.{faint if rest >= 0.05 else ''}"
    )
    filters = {"since": str(first), "until": str(last), "first": "strongest"}
    label = "All stories of these days"
    if name := countries_named().get(code):  # none where a story names no country
        filters, label = filters | {"named": name}, f"All stories of these days that name {names[code]}"
    st.page_link(ARTICLES, label=label, icon=":material/article:", query_params=filters)


st.title("Map")
days = reading.index_table().set_index("date")["index"].dropna().index
if days.empty:
    st.info(
        "No day has a value yet. Once feeds have been polled, or an archive is loaded with `tension load`, members and "
        "partners are coloured here by their part in the tension."
    )
    st.stop()
first, last = choose_span(pd.DatetimeIndex(days))
length = last - first + timedelta(days=1)
parts, before = reading.country_parts(first, last), reading.country_parts(first - length, first - timedelta(days=1))
if not parts.n_days:
    st.info(f"No day from {first} to {last} has a value: too few feeds observed them. Choose other days.")
    st.stop()
table = table_of(parts, before)
st.markdown(in_a_sentence(parts, table, first, last))
left, right = st.columns([1.1, 1], gap="medium")
with left:
    draw(table, chosen(table))
    st.caption(MEANING)
with right:
    list_countries(table, first, last)
open_country(parts, table, first, last)
