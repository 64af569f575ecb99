"""What if: the index under the reader's own intensities, feeds and smoothing, beside the published one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from tension import tongue
from tension.charts.comparison import lines_figure, recent
from tension.charts.index import SPANS
from tension.dashboard import reading, spans
from tension.dashboard.folds import folded
from tension.dashboard.taking import draw
from tension.dashboard.words import sentence
from tension.index.measure import HALF_LIFE_DAYS
from tension.signals.codebook import BY_KEY, SIGNALS, Kind, Signal
from tension.tongue import N_, _, n_, number
from tension.whatif import Assumptions

GROUPS = {Kind.ACT: N_("Acts"), Kind.THREAT: N_("Threats"), Kind.EASING: N_("Easing")}
PER_ROW = 4
SET_HERE = N_("set by this project")  # where a signal's intensity comes from, if not from a code of WEIS
PUBLISHED, OWN = "published", "own"
READY_MADE = {
    N_("All signals alike"): {one.key: 5.0 for one in SIGNALS},
    N_("Acts only"): {one.key: 0.0 for one in SIGNALS if one.kind is Kind.THREAT},
    N_("Without armed attack"): {"armed_attack": 0.0},
}
HELD = "held"
FEEDS = Path(__file__).parent / "feeds.py"
BACKGROUND = "#0e1117" if st.context.theme.type == "dark" else "#fff"
# The chart stays in sight while what it shows is changed below, if that leaves enough room to do so.
STYLE = f"""<style>@media (min-height:700px){{
[data-testid="stLayoutWrapper"]:has(>.st-key-{HELD}){{position:sticky;top:3.5rem;z-index:5;background:{BACKGROUND};
padding-bottom:.5rem}}
.stMain{{scroll-padding-top:26rem}}
}}</style>"""


def size_of(signal: Signal) -> float:
    """The codebook's."""
    return abs(signal.intensity)


def slider_key(signal: Signal) -> str:
    return f"i-{signal.key}"


def at_first_sight(signal: Signal) -> float:
    """The size that the slider is going to show, which its label depends on."""
    key = slider_key(signal)
    if key in st.session_state:
        return float(st.session_state[key])
    try:
        return float(st.query_params[key])
    except (KeyError, ValueError):
        return size_of(signal)


def intensity(signal: Signal) -> float:
    label, size = _(signal.label), number(size_of(signal), 1)
    if at_first_sight(signal) != size_of(signal):
        label = _("**{signal}** · in the codebook {size}").format(signal=label, size=size)
    origin = _("{meaning} In the codebook: {size} ({origin}).")
    help_ = origin.format(meaning=sentence(_(signal.meaning)), size=size, origin=_(signal.origin))
    key = slider_key(signal)
    return st.slider(label, 0.0, 10.0, size_of(signal), 0.1, "%.1f", key=key, bind="query-params", help=help_)


def intensities(kind: Kind) -> dict[str, float]:
    """What the reader changed of a kind of signals, by signal."""
    signals = [one for one in SIGNALS if one.kind is kind]
    sizes = {}
    for first in range(0, len(signals), PER_ROW):
        for signal, column in zip(signals[first : first + PER_ROW], st.columns(PER_ROW), strict=False):
            with column:
                sizes[signal.key] = round(intensity(signal), 1)
    return {key: size for key, size in sizes.items() if size != size_of(BY_KEY[key])}


def left_out(feeds: pd.DataFrame) -> frozenset[int]:
    twice = feeds["name"].duplicated(keep=False)
    shown = feeds["name"].where(~twice, feeds["name"] + " (" + feeds["url"] + ")")
    names = dict(zip(shown, feeds.index, strict=True))
    chosen = st.multiselect(
        _("Feeds that do not count"),
        sorted(names, key=str.casefold),
        key="without",
        bind="query-params",
        placeholder=_("none: all feeds count"),
    )
    return frozenset(int(names[name]) for name in chosen)


def changes(chosen: Assumptions) -> list[str]:
    """What is otherwise than published."""
    said = [
        _("{signal} {before} → {after}").format(
            signal=_(BY_KEY[key].label), before=number(size_of(BY_KEY[key]), 1), after=number(size, 1)
        )
        for key, size in chosen.intensities.items()
    ]
    if n := len(chosen.left_out):
        said.append(n_("{n} feed left out", "{n} feeds left out", n).format(n=n))
    if chosen.half_life_days != HALF_LIFE_DAYS:
        days = _("half-life {before} → {after} days")
        said.append(days.format(before=HALF_LIFE_DAYS, after=number(chosen.half_life_days)))
    return said


def differs(lines: pd.DataFrame) -> tuple[str, str | None]:
    """How the two lines differ, in a sentence, and what else is to know of it."""
    both = lines.dropna()
    if both.empty:
        return _("No day has a value under these assumptions: too few feeds are left."), None
    day, own, published = tongue.day(both.index[-1]), number(both[OWN].iloc[-1]), number(both[PUBLISHED].iloc[-1])
    said = _("On {day} **{own}** instead of {published} points, smoothed.")
    rank = both[PUBLISHED].corr(both[OWN], method="spearman")
    alike = _("Rank correlation of the two lines over all days: {rank}. At 1 they order the days alike.")
    about = alike.format(rank=number(rank, 2)) if pd.notna(rank) else None
    return said.format(day=day, own=own, published=published), about


def set_sizes(sizes: dict[str, float]) -> None:
    """Move the sliders of these signals; the others go back to the codebook."""
    for signal in SIGNALS:
        st.session_state[slider_key(signal)] = sizes.get(signal.key, size_of(signal))


def back() -> None:
    """Everything as published; the address follows."""
    set_sizes({})
    st.session_state["without"], st.session_state["half"] = [], HALF_LIFE_DAYS


def outcome(lines: pd.DataFrame, span: int | None, changed: bool) -> None:
    """The chart, and what comes of the changes."""
    names = {PUBLISHED: _("published"), OWN: _("under your assumptions")}
    alt = _("The index, smoothed, as published and under your assumptions; the table below has both.")
    draw(lines_figure(lines.rename(columns=names), span, height=270), "what-if", alt, key="whatif")
    if changed:
        said, about = differs(lines)
        st.markdown(said, help=about)
    else:
        st.markdown(_("Nothing is changed: move a slider and see what comes of it."))


def what_is_changed(said: list[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Changed:** {changes}").format(changes="; ".join(said)), width="stretch")
        st.button(_("Reset all"), on_click=back, icon=":material/undo:", help=_("Back to the published index."))
    st.caption(_("The address of this page holds these changes: copy it to share them."))


def day_by_day(lines: pd.DataFrame) -> None:
    columns = {
        "day": st.column_config.DateColumn(_("day"), format="YYYY-MM-DD"),
        PUBLISHED: st.column_config.NumberColumn(_("published"), format="%.1f"),
        OWN: st.column_config.NumberColumn(_("under your assumptions"), format="%.1f"),
    }
    st.dataframe(lines.rename_axis("day").iloc[::-1], column_config=columns)


def ready_made() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Try:"), width="content")
        for label, sizes in READY_MADE.items():
            st.button(_(label), key=f"try-{label}", on_click=set_sizes, args=(sizes,))


st.title(_("What if"))
st.caption(
    _(
        "Change how much each signal counts, which feeds count, or how the line is smoothed, and see what the index "
        "would have been. It is measured anew at once from every stored article; a point is the same in both lines. "
        "The published index does not change."
    )
)
with st.spinner(_("Reading every coding …")):
    basis = reading.basis()
if basis is None:
    st.info(
        _(
            "No day has been measured yet. Once the first feeds are polled, or an archive is loaded, assumptions can "
            "be tried here."
        )
    )
    st.page_link(FEEDS, label=_("To the feeds"), icon=":material/rss_feed:")
    st.stop()
published = reading.index_table()
st.html(STYLE)
span = spans.choose(st.container(), "whatif")
place, below = st.container(key=HELD), st.container()
*kinds, others = st.tabs([*(_(title) for title in GROUPS.values()), _("Feeds and smoothing")])
chosen: dict[str, float] = {}
for kind, tab in zip(GROUPS, kinds, strict=True):
    with tab:
        chosen |= intensities(kind)
with others:
    without = left_out(basis.seen.feeds)
    half_life = st.slider(
        _("Half-life of the smoothed line, days"), 1, 60, HALF_LIFE_DAYS, key="half", bind="query-params"
    )
    st.caption(_("After so many days, what a day adds to the line has halved: the shorter, the faster it follows."))
st.caption(
    _("Intensities are from 0 to 10, after the Goldstein scale of events; at 0, a signal does not count at all.")
)
ready_made()
length = SPANS[span]
assumed = Assumptions(chosen, without, half_life)
days = basis.under(assumed)
lines = pd.DataFrame({PUBLISHED: published.set_index("date")["smoothed"].astype(float), OWN: days["smoothed"]})
said = changes(assumed)
with place:
    outcome(lines, length, changed=bool(said))
if said:
    with below:
        what_is_changed(said)
title = _("Both lines, day by day, as a table")
folded(title, "lines-table", lambda: day_by_day(recent(lines, length)), icon=":material/table:")
st.download_button(
    _("All days as CSV"),
    days.join(lines[PUBLISHED]).round(4).to_csv(),
    "tension-what-if.csv",
    "text/csv",
    icon=":material/download:",
)
