"""A day opened: the stories behind its value, and what made it differ from the day and the week before."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension import tongue
from tension.charts.change import called, change_figure
from tension.dashboard import reading
from tension.dashboard.folds import folded
from tension.dashboard.taking import draw, ready
from tension.errors import TensionError
from tension.explain import Explanation
from tension.index.contributions import MEANINGS
from tension.index.now import day_before
from tension.records import PointStatus
from tension.signals.codebook import BY_KEY
from tension.tongue import N_, _, number

STATUS = {
    PointStatus.FINAL.value: N_("final"),
    PointStatus.PROVISIONAL.value: N_("provisional"),
    PointStatus.INSUFFICIENT.value: N_("too few feeds"),
}
NO_DAY = date(1, 1, 1)
MOST_STORIES, MOST_PARTS = 50, 15
TELLS = 0.05  # of a day's value: where no story has that much, the day opens on its signals
SPANS = {N_("since the day before"): (1, 2), N_("since a week before"): (7, 10)}  # days: about, at most


def why() -> None:
    """Open the day that the reader chose, or the last one with a value."""
    index = reading.values()
    if index.empty:
        return
    first, last = index.index[0].date(), index.index[-1].date()
    st.subheader(_("Why this value"))
    if pd.Timestamp(st.session_state.get("day") or NO_DAY) not in index.index:
        st.session_state["day"] = last
    day = st.date_input(_("Day"), min_value=first, max_value=last, key="day", bind="query-params", width=220)
    if pd.Timestamp(day) not in index.index:
        st.info(_("{day} has no value: too few feeds observed it. Choose another day.").format(day=tongue.day(day)))
        return
    try:
        told = reading.explanation(day)
    except TensionError as error:
        st.warning(str(error))
        return
    said = _(
        "{day}: {value} index points. Each story's points, largest first; with what is no story, below, they sum to "
        "the value."
    )
    st.caption(said.format(day=tongue.day(day), value=number(told.value, 1)))
    titles = [_("Stories"), _("Signals"), _("Countries"), _("Feeds")]
    tells = told.stories["share"].max() >= TELLS if len(told.stories) else False
    opened = titles[0] if tells else titles[1]
    by_story, by_signal, by_country, by_feed = st.tabs(titles, default=opened, key="opened", on_change="rerun")
    if by_signal.open:
        parts(by_signal, told.signals.rename(lambda key: _(BY_KEY[key].label)), _("signal"))
    elif by_country.open:
        parts(by_country, told.pairs, _("countries"))
        by_country.caption(_("By the countries that stories name beside Russia and Belarus; ? where they name none."))
    elif by_feed.open:
        parts(by_feed, told.feeds, _("feed"))
    else:
        with by_story:
            stories(told)
    changes(index, day)


def stories(told: Explanation) -> None:
    """The stories of a day, and what of its value is no story."""
    columns = {
        "value": st.column_config.NumberColumn(_("points"), format="%.1f", width=70),
        "title": st.column_config.TextColumn(_("story"), width=560),
        "url": st.column_config.LinkColumn(_("link"), display_text=_("open"), width=64),
        "signals": st.column_config.ListColumn(_("signals"), width=240),
        "share": st.column_config.NumberColumn(_("of the day"), format="percent", width=84),
        "publishers": st.column_config.ListColumn(_("told by"), width=160),
        "n_articles": st.column_config.NumberColumn(_("articles"), width="small"),
    }
    shown = told.stories.head(MOST_STORIES)
    shown = shown.assign(signals=shown["signals"].map(lambda keys: [_(BY_KEY[key].label) for key in keys]))
    st.dataframe(shown, hide_index=True, column_config=columns, column_order=list(columns))
    further = float(told.stories["value"].iloc[MOST_STORIES:].sum())
    rest = [_("{points} from further stories").format(points=number(further, 1))] if further >= 0.05 else []
    rest += [f"{number(value, 1, signed=True)} {_(MEANINGS[str(key)])}" for key, value in told.other.items()]
    st.caption("; ".join(rest) + "." if rest else "")


def parts(place: DeltaGenerator, points: pd.Series[float], what: str) -> None:
    """Index points by name, the largest first, as bars in a table."""
    shown = points[points > 0].head(MOST_PARTS).rename("points").rename_axis("what").reset_index()
    columns = {
        "what": st.column_config.TextColumn(what, width="medium"),
        "points": st.column_config.ProgressColumn(
            _("points"), format="%.1f", min_value=0.0, max_value=max(float(shown["points"].max()), 0.1), color="blue"
        ),
    }
    place.dataframe(shown, hide_index=True, column_config=columns, height="content")


def changes(index: pd.Series[float], day: date) -> None:
    """What made the index, by day, differ from that of the day and the week before."""
    days, at = pd.DatetimeIndex(index.index), pd.Timestamp(day)
    near = {label: day_before(days, at, *span) for label, span in SPANS.items()}
    earlier = {label: before.date() for label, before in near.items() if before is not None}
    if not earlier:
        return
    st.subheader(_("What changed"))
    first = next(iter(earlier))
    label = st.segmented_control(
        _("Changed"),
        list(earlier),
        default=first,
        required=True,
        key="since",
        format_func=_,
        label_visibility="collapsed",
    )
    before = earlier[label or first]
    try:
        found = reading.causes(before, day)
    except TensionError as error:
        st.warning(str(error))
        return
    said = {"before": tongue.day(before), "after": tongue.day(day)}
    old, new = found.before, found.after
    alt = _("What made the index change from {old} on {before} to {new} on {after}, by signal.")
    alt = alt.format(old=number(old, 1), new=number(new, 1), **said)
    by = found.by_cause
    st.markdown(moved(by, new - old))
    figure = ready(lambda: change_figure(found.causes, old, new, *said.values()), "change", before, day)
    draw(figure, "change", alt)
    st.caption(
        _(
            "From {before}, as it stood when that day was over, to {after}: what has been revised since, by its "
            "reason; the rest split by Shapley value into signals, into how far few stories were drawn toward the "
            "feeds' means, how much other news there was, and which feeds were heard."
        ).format(**said)
    )
    columns = {
        "cause": st.column_config.TextColumn(_("cause")),
        "value": st.column_config.NumberColumn(_("points"), format="%+.2f"),
    }
    table = by.rename(called).reset_index()
    draw_table = partial(st.dataframe, table, hide_index=True, column_config=columns)
    folded(_("The change as a table"), "change-table", draw_table)


def moved(by: pd.Series[float], change: float) -> str:
    """A change and the two causes that weigh most in it, in a sentence."""
    first = tongue.listed(
        f"{called(str(cause))} {number(value, 1, signed=True)}" for cause, value in by.head(2).items()
    )
    said = _("**{change} points**, above all: {causes}.")
    return said.format(change=number(change, 1, signed=True), causes=first)
