"""Map: which members and partners the tension is about, over some days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from tension import tongue
from tension.charts.map import DARK, LIGHT, SMALL, map_figure
from tension.charts.shapes import read_shapes
from tension.dashboard import reading, taking
from tension.dashboard.map_words import COLUMNS, accounted, as_read, drawn_of, in_a_sentence, table_of
from tension.geography import NOWHERE, Parts
from tension.tongue import N_, _, number

NOTHING = pd.DataFrame(columns=COLUMNS).rename_axis("code").astype({"points": float})
ARTICLES = Path(__file__).parent / "articles.py"
FEEDS = Path(__file__).parent / "feeds.py"
SPANS = {N_("last day"): 1, N_("week"): 7, N_("month"): 30, N_("dates"): None}  # days
# As high as it is wide, and the line of its source above; where it is narrow, small countries have no letters.
STYLE = f"""<style>
.st-key-map{{aspect-ratio:182/100;box-sizing:content-box;padding-bottom:18px;min-height:0}}
.st-key-map>div,.st-key-map .stPlotlyChart{{height:calc(100% + 18px)}}
.st-key-map .stPlotlyChart{{height:100%}}
@media(max-width:1000px){{.st-key-map .textpoint text[style*="font-size: {SMALL}px"]{{display:none}}}}
</style>"""
MEANING = N_(
    "A story's points go in equal shares to the countries that it names beside Russia and Belarus. Being named is not "
    "being threatened: a country's own words and sanctions count as well, and feeds name their own country most. Both "
    "views are equal-area, the globe at a smaller scale. Borders: Natural Earth, public domain; Crimea as Ukraine's."
)


def columns() -> dict[str, Any]:
    """Of the table of countries; on a phone the first five are in sight."""
    column, of_text = st.column_config.NumberColumn, st.column_config.TextColumn
    against = _("Index points against as many days before; empty where none of them has a value.")
    told = _("Stories of Russia and NATO or its partners that name the country.")
    return {
        "country": of_text(_("country"), pinned=True, width=112),
        "points": column(_("points"), format="%.1f", width=58, help=_("Index points, mean of the days.")),
        # Says: heading of a narrow column: a country's part of the index, in per cent
        "share": column(_("share"), format="%.1f %%", width=62, help=_("Of the index of these days.")),
        # Says: heading of a narrow column: how many points more or less than before
        "change": column(_("change"), format="%+.1f", width=64, help=against),
        "n_stories": column(_("stories"), width=58, help=told),
        "signal": of_text(_("leading signal"), width=136),
        # Says: heading of a column: whether a country is a member of NATO or a partner
        "standing": of_text(_("standing"), width=76, help=_("As of 2024.")),
    }


def story_columns() -> dict[str, Any]:
    return {
        "points": st.column_config.NumberColumn(_("points"), format="%.2f", width=66),
        "title": st.column_config.TextColumn(_("story"), width=640),
        "published_on": st.column_config.DateColumn(_("day"), format="YYYY-MM-DD", width=92),
        "publisher": st.column_config.TextColumn(_("told by"), width=140),
        "url": st.column_config.LinkColumn(_("link"), display_text=_("open"), width=70),
    }


def choose_span(days: pd.DatetimeIndex) -> tuple[date, date]:
    """First and last day, as the reader sets them; they stand in the URL."""
    first, last = days[0].date(), days[-1].date()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    name = row.segmented_control(
        _("Days"),
        list(SPANS),
        default="month",
        required=True,
        format_func=lambda span: _(span),
        key="over",
        bind="query-params",
        width="content",
    )
    length = SPANS[name or "month"]
    if length:
        return last - timedelta(days=length - 1), last
    month_ago = max(first, last - timedelta(days=29))
    start = row.date_input(_("From"), month_ago, first, last, key="map-from", bind="query-params", width=160)
    end = row.date_input(_("To"), last, first, last, key="map-to", bind="query-params", width=160)
    return min(start, end), max(start, end)


def choose_in_table(codes: list[str]) -> None:
    cells = st.session_state["countries"]["selection"]["cells"]
    if cells:
        st.session_state["place"] = codes[cells[0][0]]


def choose_on_map() -> None:
    points = st.session_state["outlines"]["selection"]["points"]
    if points:
        st.session_state["place"] = points[0]["legendgroup"]


def chosen(table: pd.DataFrame) -> str | None:
    """Code of the country that is open; the URL has its name as it is read."""
    codes = dict(zip(table["country"], table.index, strict=True))
    return st.session_state.get("place") or codes.get(st.query_params.get("place", ""))


def draw_map(table: pd.DataFrame, read: pd.DataFrame, *days: date) -> None:
    dark, marked = st.context.theme.type == "dark", chosen(read)
    palette = DARK if dark else LIGHT
    named = read[read.index != NOWHERE].head(5)
    top = [f"{name} {number(points, 1)}" for name, points in zip(named["country"], named["points"], strict=True)]
    alt = _("Map of Europe and of the north from above the pole, countries coloured by their index points.")
    if top:
        alt += " " + _("Most points: {countries}. The table has all of them.").format(countries=tongue.listed(top))
    st.html(STYLE)
    taking.draw(
        taking.ready(lambda: map_figure(drawn_of(table), read_shapes(), palette, marked), "map", days, dark, marked),
        "map",
        alt,
        key="outlines",
        place=st.container(key="map"),
        height="stretch",
        on_select=choose_on_map,
        selection_mode="points",
    )


def list_countries(table: pd.DataFrame, read: pd.DataFrame, first: date, last: date) -> None:
    shown = columns()
    st.dataframe(
        read.assign(share=read["share"] * 100),
        key="countries",
        hide_index=True,
        column_config=shown,
        column_order=[name for name in shown if read[name].notna().any()],
        on_select=partial(choose_in_table, list(read.index)),
        selection_mode="single-cell",
        height=395 if len(read) > 10 else "content",
    )
    if read["change"].isna().all():
        length = last - first + timedelta(days=1)
        before = _("No change is shown, for no day from {first} to {last} has a value to compare with.")
        st.caption(before.format(first=tongue.day(first - length), last=tongue.day(first - timedelta(days=1))))
    csv = table.rename_axis("code").round({"points": 4, "share": 6, "change": 4}).to_csv()
    name = f"tension-countries-{first}-{last}.csv"
    st.download_button(_("These countries as CSV"), csv, name, "text/csv", icon=":material/download:")


def open_country(parts: Parts, read: pd.DataFrame, first: date, last: date) -> None:
    """The stories that a country's part is made of."""
    st.subheader(_("Stories behind a country"))
    told = [str(code) for code in read.index if (parts.stories["country"] == code).any()]
    if st.session_state.get("place") not in [None, *told]:
        st.session_state["place"] = None
    if not told:
        st.caption(_("None of these days' stories is about Russia and NATO or its partners."))
        return
    names = read["country"].astype(str).to_dict()
    code = st.selectbox(
        _("Country"),
        told,
        index=None,
        format_func=lambda code: names[code],
        key="place",
        bind="query-params",
        placeholder=_("{country}; choose another here, in the table or on the map").format(country=names[told[0]]),
        width=460,
    )
    code = code or told[0]
    its = parts.stories[parts.stories["country"] == code].set_index("article_id")
    shown = its.join(reading.headlines_of(tuple(map(int, its.index))))
    st.caption(explained(its, read.loc[[code]].iloc[0]))
    st.dataframe(shown, hide_index=True, column_config=story_columns(), column_order=list(story_columns()))
    filters = {"since": str(first), "until": str(last), "first": _("strongest")}
    label = _("All stories of these days")
    if code != NOWHERE:
        filters |= {"named": names[code]}
        label = _("All stories of these days that name this country: {country}").format(country=names[code])
    st.page_link(ARTICLES, label=label, icon=":material/article:", query_params=filters)


def explained(stories: pd.DataFrame, country: pd.Series[Any]) -> str:
    """What the stories listed are, of all that a country has."""
    points, whole = float(stories["points"].sum()), float(country["points"])
    said = [
        _("Stories listed: {n} of {all}, the largest first."),
        _(
            "Points are a mean over the days, and shared equally with the other countries that a story names: together "
            "{points} of the country's {whole}."
        ),
    ]
    if whole - points >= 0.05:
        rest = _("The rest is from smaller stories and from articles too faint to count as about Russia and NATO.")
        said.append(rest)
    figures = {"n": number(len(stories)), "all": number(country["n_stories"])}
    return " ".join(said).format(points=number(points, 1), whole=number(whole, 1), **figures)


st.title(_("Map"))
days = reading.index_table().set_index("date")["index"].dropna().index
if days.empty:
    st.info(
        _("No day has a value yet. Once feeds have been polled, countries are coloured by their part in the tension.")
    )
    st.page_link(FEEDS, label=_("Feeds"), icon=":material/rss_feed:")
    draw_map(NOTHING, NOTHING)
    st.stop()
first, last = choose_span(pd.DatetimeIndex(days))
length = last - first + timedelta(days=1)
parts, before = reading.country_parts(first, last), reading.country_parts(first - length, first - timedelta(days=1))
if not parts.n_days:
    none = _("No day from {first} to {last} has a value: too few feeds observed them. Choose other days.")
    st.info(none.format(first=tongue.day(first), last=tongue.day(last)))
    draw_map(NOTHING, NOTHING)
    st.stop()
table = table_of(parts, before)
read = as_read(table)
st.markdown(in_a_sentence(parts, read, first, last))
left, right = st.columns([1.2, 1], gap="medium")
with left:
    draw_map(table, read, first, last)
    st.caption(_(MEANING))
with right:
    if table.empty:
        st.info(_("No story of these days is about Russia and NATO or its partners. Choose more days."))
    else:
        list_countries(table, read, first, last)
    st.caption(accounted(parts, table))
if not table.empty:
    open_country(parts, read, first, last)
