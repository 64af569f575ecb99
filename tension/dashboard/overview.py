"""Overview: the level now, how it came to be, and how well it is seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension.charts import index as charts
from tension.charts.change import change_figure
from tension.charts.taking import camera, taken_as
from tension.dashboard import reading, words
from tension.dashboard.taking import sourced
from tension.errors import TensionError
from tension.index.contributions import MEANINGS
from tension.records import PointStatus
from tension.signals.codebook import BY_KEY

Colour = Literal["normal", "inverse", "off"]


@st.fragment(run_every="3s")
def first_poll() -> None:
    """Progress of the very first poll; the page comes alive when it is done."""
    health = reading.health()
    done = health.n_feeds - health.n_waiting
    st.progress(done / max(health.n_feeds, 1), text=f"First poll: {done} of {health.n_feeds} feeds asked …")
    if not health.n_waiting:
        reading.index_table.clear()
        st.rerun()


@st.fragment(run_every="30s")
def newer(drawn: pd.Timestamp | None) -> None:
    """Offers what has been published since the page was drawn; nothing moves under the reader's hands."""
    known = reading.last_vintage()
    if known is None or (drawn is not None and known <= drawn):
        return
    if st.button(f"New values, of {known:%H:%M} UTC: show them", icon=":material/refresh:", type="primary"):
        reading.index_table.clear()
        st.rerun()


def headline(days: pd.DataFrame) -> None:
    valued = days[days["index"].notna()]
    if valued.empty:
        st.info("No day has a value yet. The grey dotted line is the reference series, which gives context until then.")
        return
    latest, week = valued.iloc[-1], words.value_before(valued, days=7)
    row = st.container(horizontal=True)
    tile(
        row,
        f"Index, {latest['date']:%d %b %Y}",
        f"{latest['index']:.0f}",
        None if week is None else f"{latest['index'] - week['index']:+.1f} in a week",
        "Threats + acts; 100 is the mean of the reference series over 2014-03…2021-12.",
        "inverse",
    )
    for name in ["threats", "acts", "easing"]:
        change = None if week is None else f"{latest[name] - week[name]:+.1f} in a week"
        more_is: Colour = "normal" if name == "easing" else "inverse"
        tile(row, name.capitalize(), f"{latest[name]:.0f}", change, words.KINDS[name], more_is)
    feeds = "1 feed" if latest["n_feeds"] == 1 else f"{latest['n_feeds']:.0f} feeds"
    meaning = "Share of the panel's feeds that observed the day."
    tile(row, "Coverage", f"{latest['coverage_share']:.0%}", feeds, meaning, "off")
    polled = reading.feeds().query("not archive")["first_polled_on"].dropna()
    founded_on = None if polled.empty else polled.min()
    st.markdown(words.in_a_sentence(days, reading.reference()["smoothed"], founded_on, leading(latest["date"].date())))
    st.caption(words.standing(latest))


def leading(day: date) -> list[str]:
    """The signals that made up most of a day; none where the day cannot be opened."""
    try:
        return [str(key) for key in reading.explanation(day).signals.index]
    except TensionError:
        return []


def tile(
    row: DeltaGenerator,
    label: str,
    value: str,
    change: str | None,
    meaning: str,
    colour: Colour,
) -> None:
    row.metric(
        label,
        value,
        change or "no value a week ago",
        delta_color=colour if change else "off",
        delta_arrow="auto" if change and colour != "off" else "off",
        help=meaning,
        border=True,
        width="stretch",
    )


def chart(days: pd.DataFrame) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    span = row.segmented_control(
        "Show",
        list(charts.SPANS),
        default=charts.default_span(days),
        required=True,
        key="span",
        bind="query-params",
        label_visibility="collapsed",
    )
    log = row.toggle("log scale", key="log", bind="query-params")
    drawn = charts.index_figure(
        days, reading.reference(), reading.chronology(), reading.news(), reading.leading(), span=span or "all", log=log
    )
    clicked = st.plotly_chart(
        sourced(drawn),
        key="index",
        on_select="rerun",
        selection_mode="points",
        config=taken_as("index", scrollZoom=True),
        alt="The index over time with threats, acts and easing, beside the reference series; the table below has it.",
    )
    st.caption(
        "Blue: the index, daily and smoothed. Grey dots: this project's own index over Wikipedia's current events, "
        "2012–2026, for context. Diamonds: dated events. Shaded: days that too few feeds observed; they have no "
        "value, which is not the same as calm. Below: coverage, the volume of news, and how much of it "
        "tells of armed conflict anywhere (grey) and of Russia and NATO (blue): another war in the news dilutes the "
        "index, which is a share, and the grey line then parts from the blue one. Drag to move, scroll to zoom, click "
        "a day to open it below."
    )
    points = clicked["selection"]["points"]
    day = pd.Timestamp(points[0]["x"]).date() if points else None
    if day and day != st.session_state.get("clicked"):
        st.session_state["clicked"] = st.session_state["day"] = day


def why(days: pd.DataFrame) -> None:
    """The stories behind a day, and what made it differ from the day and the week before."""
    valued = [day.date() for day in days.loc[days["index"].notna(), "date"]]
    if not valued:
        return
    st.subheader("Why this value")
    if st.session_state.get("day") not in set(valued):
        st.session_state["day"] = valued[-1]
    first, last = valued[0], valued[-1]
    day = st.date_input("Day", min_value=first, max_value=last, key="day", bind="query-params", width=220)
    if day not in set(valued):
        st.info(f"{day} has no value: too few feeds observed it. Choose another day.")
        return
    try:
        told = reading.explanation(day)
    except TensionError as error:
        st.warning(str(error))
        return
    st.caption(
        f"{day:%d %b %Y}: {told.value:.1f} index points. Each story's points, largest first; with what is no story, "
        "below, they sum to the value."
    )
    stories, signals, pairs, feeds = st.tabs(["Stories", "Signals", "Countries", "Feeds"])
    with stories:
        st.dataframe(
            told.stories.head(50), hide_index=True, column_config=words.STORY_COLUMNS, column_order=words.STORY_ORDER
        )
        further = float(told.stories["value"].iloc[50:].sum())
        rest = [f"{further:.1f} from further stories"] if further >= 0.05 else []
        rest += [f"{value:+.1f} {MEANINGS[str(key)]}" for key, value in told.other.items()]
        st.caption("; ".join(rest) + "." if rest else "")
    with signals:
        parts(told.signals.rename(lambda key: BY_KEY[key].label))
    with pairs:
        parts(told.pairs)
        st.caption("By the countries that stories name beside Russia and Belarus; ? where they name none.")
    with feeds:
        parts(told.feeds)
    changes(days.set_index("date")["index"].dropna(), day)


def parts(points: pd.Series[float], most: int = 15) -> None:
    """Index points by name, the largest first."""
    shown = points[points > 0].head(most)
    st.bar_chart(shown.rename("index points"), horizontal=True, sort=False, height=60 + 26 * len(shown))


def changes(index: pd.Series[float], day: date) -> None:
    """What made the index, by day, differ from that of the day and the week before."""
    valued, at = pd.DatetimeIndex(index.index), pd.Timestamp(day)
    spans = {"since the day before": (1, 2), "since a week before": (7, 10)}
    earlier = {
        label: near[-1]
        for label, (days, most) in spans.items()
        if len(near := valued[(valued <= at - timedelta(days=days)) & (valued >= at - timedelta(days=most))])
    }
    if not earlier:
        return
    first = next(iter(earlier))
    label = st.segmented_control("Changed", list(earlier), default=first, required=True, key="since")
    before = earlier[label or first].date()
    try:
        found = reading.causes(before, day)
    except TensionError as error:
        st.warning(str(error))
        return
    old, new = found.before, found.after
    st.plotly_chart(
        change_figure(found.causes, old, new),
        key="change",
        config=camera("change"),
        alt=f"What made the index change from {old:.1f} on {before} to {new:.1f} on {day}, by signal.",
    )
    st.caption(
        f"From {before:%d %b %Y}, as it stood when that day was over, to {day:%d %b %Y}: what has been revised since, "
        "by its reason; the rest split by Shapley value into signals, into how far few stories were drawn toward the "
        "feeds' means, how much other news there was, and which feeds were heard."
    )


def sources() -> None:
    health = reading.health()
    say = st.error if not health.well else st.warning if health.list_fault else st.caption
    say(f"{words.sentence(health.sentence)} Last poll: {words.ago(health.last_poll_at)}.")
    feeds = reading.feeds()
    failed = feeds[feeds["enabled"] & feeds["last_status"].eq("failed")]
    if len(failed):
        with st.expander(
            f"{len(failed)} feed{'s' if len(failed) > 1 else ''} failed when last asked", icon=":material/error:"
        ):
            table = failed[["name", "last_reason", "failures_in_row", "last_success_at", "next_poll_at"]]
            st.dataframe(table, hide_index=True, column_config=words.FEED_COLUMNS)


st.title("Tension between Russia and NATO")
days = reading.index_table()
health = reading.health()
if health.n_waiting and days["index"].notna().sum() == 0:
    first_poll()
newer(days["vintage_at"].max() if days["vintage_at"].notna().any() else None)
headline(days)
chart(days)
why(days)
sources()
with st.expander("The last thirty days as a table"):
    shown = days[days["status"] != PointStatus.INSUFFICIENT.value].tail(30).iloc[::-1]
    columns = ["date", "index", "band_low", "band_high", "threats", "acts", "easing", "smoothed"]
    columns += ["n_articles", "n_stories", "coverage_share", "status"]
    st.dataframe(shown[columns], hide_index=True, column_config=words.INDEX_COLUMNS)
