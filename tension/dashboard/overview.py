"""Overview: the level now, how it came to be, and how well it is seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from tension.charts import index as charts
from tension.dashboard import headline, opened, reading, spans, words
from tension.dashboard.folds import folded
from tension.dashboard.taking import draw, ready
from tension.errors import TensionError
from tension.health import Health
from tension.tongue import _, n_, number

FEEDS = Path(__file__).parent / "feeds.py"
STALE_AFTER = 2  # days


@st.fragment(run_every="3s")
def first_poll() -> None:
    """Progress of the very first poll; the page comes alive when it is done."""
    health = reading.health()
    done = health.n_feeds - health.n_waiting
    said = _("First poll: {done} of {n} feeds asked …").format(done=number(done), n=number(health.n_feeds))
    st.progress(done / max(health.n_feeds, 1), text=said)
    if not health.n_waiting:
        reading.begin(anew=True)
        st.rerun()


@st.fragment(run_every="30s")
def newer(drawn: pd.Timestamp | None) -> None:
    """Offers what has been published since the page was drawn; nothing moves under the reader's hands."""
    known = reading.last_vintage()
    if known is None or (drawn is not None and known <= drawn):
        return
    label = _("New values, of {time} UTC: show them").format(time=f"{known:%H:%M}")
    if st.button(label, icon=":material/refresh:", type="primary"):
        reading.begin(anew=True)
        st.rerun()


def level(health: Health) -> None:
    """The level now and whether it is still that of today."""
    now = reading.now()
    if now is None:
        st.info(
            _(
                "No day has a value yet. The grey dotted line is the index over Wikipedia's current events, which "
                "gives context until then."
            )
        )
        if not health.n_feeds:
            st.page_link(FEEDS, label=_("Add the first feed"), icon=":material/rss_feed:")
        return
    day, began = now.latest["date"], reading.founded_on()
    stale(day.date(), health)
    headline.show(now, leading(day.date()), live=began is not None and day >= began)
    st.caption(headline.standing(now.latest))


def leading(day: date) -> list[str]:
    """The signals that made up most of a day; none where the day cannot be opened."""
    try:
        return [str(key) for key in reading.explanation(day).signals.index]
    except TensionError:
        return []


def stale(latest: date, health: Health) -> None:
    """Says so where the last value is not of these days, and why."""
    n = (reading.today() - latest).days
    if n < STALE_AFTER:
        return
    said = n_("The last value is {n} day old.", "The last value is {n} days old.", n).format(n=number(n))
    if not health.n_feeds:
        why = _("No feed is watched: what is shown comes from archives. Switch feeds on on the Feeds page.")
    elif not health.well:
        why = _("Polling has stalled: see whether the server still runs.")
    else:
        why = _("Since then too few feeds observed a day: the Feeds page shows which of them fail.")
    st.warning(f"{said} {why}", icon=":material/history:")


def drawn(span: str, log: bool) -> Figure:
    others = reading.reference(), reading.chronology(), reading.news(), reading.leading()
    return charts.index_figure(reading.index_table(), *others, span=span, log=log)


@st.fragment
def chart() -> None:
    """The index over time; a day that is clicked opens below. Its choices draw nothing else anew."""
    row = st.container(horizontal=True, vertical_alignment="center")
    span = spans.choose(row, "overview")
    log = row.toggle(_("log scale"), key="log", bind="query-params")
    figure = ready(lambda: drawn(span, log), "index", span, log)
    alt = _("The index over time with threats, acts and easing, beside the reference series; the table below has it.")
    clicked = draw(figure, "index", alt, moved=True, on_select="rerun", selection_mode="points")
    st.caption(
        _("Drag to move, scroll to zoom, click a day to open it below. Shaded: no value, as too few feeds saw it.")
    )
    folded(_("How to read this chart"), "reading", how_to_read)
    folded(_("These days as a table"), "days-table", lambda: table(reading.index_table(), charts.SPANS[span]))
    points = clicked["selection"]["points"]
    day = pd.Timestamp(points[0]["x"]).date() if points else None
    if day and day != st.session_state.get("clicked"):
        st.session_state["clicked"] = st.session_state["day"] = day
        st.rerun()


def how_to_read() -> None:
    """What is drawn in the chart, and by which rule a level has its word."""
    st.markdown(
        _(
            "- **Blue:** the index, daily (thin) and smoothed (thick), with its 90 % band: how far chance in which "
            "stories were told could move it.\n"
            "- **Dashed:** threats and acts, which sum to the index. **Dotted green:** easing, which is no part of "
            "it.\n"
            "- **Grey dots:** this project's own index over Wikipedia's current events, 2012–2026, for context. "
            "**Diamonds and rings** above: dated events; pointing at one names it.\n"
            "- **Shaded:** days that too few feeds observed. They have no value, which is not the same as calm.\n"
            "- **Below:** coverage, the volume of news, and how much of it tells of armed conflict anywhere (grey) "
            "and of Russia and NATO (blue). The index is a share of the news: another war in it dilutes the index, "
            "and the grey line then parts from the blue one."
        )
    )
    if (now := reading.now()) and now.level:
        st.markdown(headline.rule(now.level))


def table(days: pd.DataFrame, length: int | None) -> None:
    """The days that the chart shows, the newest first."""
    points = {
        "index": _("index"),
        "band_low": _("band, low"),
        "band_high": _("band, high"),
        "threats": _("threats"),
        "acts": _("acts"),
        "easing": _("easing"),
        "smoothed": _("smoothed"),
    }
    columns = {
        "date": st.column_config.DateColumn(_("day"), format="YYYY-MM-DD", pinned=True),
        **{name: st.column_config.NumberColumn(label, format="%.1f") for name, label in points.items()},
        "n_articles": st.column_config.NumberColumn(_("articles")),
        "n_stories": st.column_config.NumberColumn(_("stories")),
        "coverage_share": st.column_config.NumberColumn(_("coverage"), format="percent"),
        "standing": st.column_config.TextColumn(_("status")),
    }
    shown = days if length is None else days.tail(length)
    shown = shown.assign(standing=[_(opened.STATUS[status]) for status in shown["status"]]).iloc[::-1]
    st.dataframe(shown[list(columns)], hide_index=True, column_config=columns)


def sources(health: Health) -> None:
    """How polling goes on, and which feeds failed."""
    say = st.error if not health.well else st.warning if health.list_fault else st.caption
    last = _("Last poll: {when}.").format(when=words.ago(health.last_poll_at))
    say(f"{words.polling(health)} {last}")
    failed = reading.failing()
    if failed.empty:
        return
    n = len(failed)
    title = n_("{n} feed failed when last asked", "{n} feeds failed when last asked", n).format(n=number(n))
    folded(title, "failed", lambda: failures(failed), icon=":material/error:")


def failures(failed: pd.DataFrame) -> None:
    columns = {
        "name": st.column_config.TextColumn(_("feed")),
        "last_reason": st.column_config.TextColumn(_("why"), width="large"),
        "failures_in_row": st.column_config.NumberColumn(_("failures in a row")),
        "last_success_at": st.column_config.DatetimeColumn(_("last success"), format="distance"),
        "next_poll_at": st.column_config.DatetimeColumn(_("next poll"), format="distance"),
    }
    st.dataframe(failed[list(columns)], hide_index=True, column_config=columns)


st.title(_("Tension between Russia and NATO"))
health = reading.health()
if health.n_waiting and reading.now() is None:
    first_poll()
newer(reading.published_at())
level(health)
chart()
opened.why()
sources(health)
