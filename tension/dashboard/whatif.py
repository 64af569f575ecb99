"""What if: the index under the reader's own intensities, feeds and smoothing, beside the published one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tension.charts.comparison import lines_figure
from tension.charts.index import SPANS, default_span
from tension.charts.taking import taken_as
from tension.dashboard import reading
from tension.dashboard.taking import sourced
from tension.index.measure import HALF_LIFE_DAYS
from tension.signals.codebook import SIGNALS, Kind, Signal
from tension.whatif import Assumptions

ACTS, THREATS, EASING = ([one for one in SIGNALS if one.kind is kind] for kind in (Kind.ACT, Kind.THREAT, Kind.EASING))
HALF = (len(ACTS) + 1) // 2
COLUMNS = {"Acts": ACTS[:HALF], "More acts": ACTS[HALF:], "Threats": THREATS, "Easing": EASING}
PUBLISHED, OWN = "published", "under your assumptions"


def intensity(signal: Signal) -> float:
    size = abs(signal.intensity)
    help_ = f"{signal.meaning}. The codebook's: {size:g}, after {signal.origin}."
    return st.slider(signal.label, 0.0, 10.0, size, 0.1, "%.1f", key=f"i-{signal.key}", bind="query-params", help=help_)


def intensities() -> dict[str, float]:
    """What the reader changed, by signal."""
    chosen = {}
    for (title, signals), column in zip(COLUMNS.items(), st.columns(len(COLUMNS)), strict=True):
        with column:
            st.markdown(f"**{title}**")
            for signal in signals:
                size = intensity(signal)
                if size != abs(signal.intensity):
                    chosen[signal.key] = size
    return chosen


def left_out(feeds: pd.DataFrame) -> frozenset[int]:
    twice = feeds["name"].duplicated(keep=False)
    shown = feeds["name"].where(~twice, feeds["name"] + " (" + feeds["url"] + ")")
    names = dict(zip(shown, feeds.index, strict=True))
    chosen = st.multiselect(
        "Feeds that do not count", list(names), key="without", bind="query-params", placeholder="none: all feeds count"
    )
    return frozenset(int(names[name]) for name in chosen)


def differs(lines: pd.DataFrame) -> str:
    """How the two lines differ, in a sentence."""
    both = lines.dropna()
    if both.empty:
        return "No day has a value under these assumptions: too few feeds are left."
    last = both.iloc[-1]
    day = f"{both.index[-1]:%d %b %Y}"
    rank = both[PUBLISHED].corr(both[OWN], method="spearman")
    alike = f"; the two courses rank the days alike to {rank:.2f} (Spearman)" if pd.notna(rank) else ""
    return f"On {day} {last[OWN]:.0f} instead of {last[PUBLISHED]:.0f} points, smoothed{alike}."


st.title("What if")
st.caption(
    "Other intensities, fewer feeds, another smoothing: the index as it would be, measured anew at once from every "
    "stored article, beside the published one, which stays as it is. A point is the same in both. The address of "
    "this page holds your choices: share it as a link."
)
basis = reading.basis()
if basis is None:
    st.info("No day has been measured yet.")
    st.stop()
published = reading.index_table()
span = SPANS[default_span(published)]
place = st.container()
sizes, others = st.tabs(["Intensities", "Feeds and smoothing"])
with sizes:
    chosen = intensities()
with others:
    without = left_out(basis.seen.feeds)
    half_life = st.slider(
        "Half-life of the smoothed line, days", 1, 60, HALF_LIFE_DAYS, key="half", bind="query-params"
    )
days = basis.under(Assumptions(chosen, without, half_life))
lines = pd.DataFrame({PUBLISHED: published.set_index("date")["smoothed"].astype(float), OWN: days["smoothed"]})
with place:
    st.plotly_chart(
        sourced(lines_figure(lines, span)),
        key="whatif",
        config=taken_as("what-if"),
        alt="The smoothed index, published and under your assumptions; the CSV below has both.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(differs(lines))
        st.download_button(
            "These days as CSV",
            days.join(lines[PUBLISHED]).round(4).to_csv(),
            "tension-what-if.csv",
            "text/csv",
            icon=":material/download:",
        )
