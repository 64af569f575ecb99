"""The level now: in a number, a word and a sentence, with the figures that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension import tongue
from tension.dashboard import words
from tension.index.levels import LEVELS, STANDS_OUT, Level
from tension.index.now import Now, members
from tension.records import PointStatus
from tension.tongue import N_, _, n_, number, percent

STYLE = """<style>
.level{margin-top:.2rem!important;display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .9rem;margin:0}
.level strong{font-size:3.4rem;line-height:1;font-weight:700}
.level em{font-style:normal;font-size:1.7rem;font-weight:600}
.level span{flex:1 1 20rem;font-size:1.02rem;line-height:1.45}
.scale{display:flex;gap:2px;margin:1.6rem 0 .3rem;max-width:44rem;position:relative;font-size:clamp(.68rem,2vw,.82rem)}
.scale i{font-style:normal;border-top:.5rem solid;padding-top:.15rem;flex:1 1 0;min-width:0;opacity:.75;
text-align:center}
.scale .here{opacity:1;font-weight:700}.scale b{position:absolute;top:-1rem;transform:translateX(-50%);line-height:1}
</style>"""
# from light to dark, as read by the colour-blind too
_SHADES = ("#c6dbef", "#9ecae1", "#fdae6b", "#e6550d", "#7f2704")
KINDS = {
    "threats": (N_("Threats"), N_("Deployments, nuclear signals, red lines, enlargement, accusations.")),
    "acts": (N_("Acts"), N_("Missions closed, expulsions, sanctions, incidents, attacks and the like.")),
    "easing": (
        N_("Easing"),
        N_("Dialogue, agreements, steps back; not part of the index, and subtracted in its net."),
    ),
}
_STANDING = {
    PointStatus.FINAL: N_("This value is final."),
    PointStatus.PROVISIONAL: N_(
        "Provisional: the day still runs, or the feeds have been watched for less than 28 days."
    ),
}
Colour = Literal["normal", "inverse", "off"]


def show(now: Now, leading: Sequence[str], live: bool) -> None:
    """Draw the level now and the figures of the last day with a value.

    Parameters
    ----------
    now
        Where the index stands.
    leading
        Signals of that day, the largest first.
    live
        Whether the day was observed by feeds, and not read from an archive.
    """
    latest, level = now.latest, now.level
    word = f"<em>{escape(_(level.word))}</em>" if level else ""
    said = escape(in_a_sentence(now, leading, live))
    st.html(
        f'{STYLE}<p class="level"><strong>{number(latest["smoothed"])}</strong>{word}<span>{said}</span></p>'
        f"{scale(level) if level else ''}"
    )
    row = st.container(horizontal=True)
    label = _("Last day, {day}").format(day=tongue.day(latest["date"]))
    meaning = _("Threats and acts; 100 is the mean of the reference series from March 2014 to December 2021.")
    _tile(row, label, now, "index", meaning, "inverse")
    for name, (kind, says) in KINDS.items():
        _tile(row, _(kind), now, name, _(says), "normal" if name == "easing" else "inverse")
    row.metric(
        _("Coverage"),
        percent(latest["coverage_share"]),
        _heard(latest, live),
        delta_color="off",
        delta_arrow="off",
        help=_("Share of the feeds that observed the day."),
        border=True,
        width="stretch",
    )


def in_a_sentence(now: Now, leading: Sequence[str], live: bool = True) -> str:
    """How the smoothed value moved, what leads it, and how well the last day is known."""
    latest, change = now.latest, now.moved("smoothed")
    moved = [] if change is None else [_moved(change)]
    led = [_("led by {signals}").format(signals=words.labels(leading[:2]))] if leading else []
    parts = [", ".join([*moved, *led])] if moved or led else []
    if pd.notna(latest["band_low"]):
        band = _("the last day alone {value}, 90 % band {low}–{high}")
        low, high = number(latest["band_low"]), number(latest["band_high"])
        parts.append(band.format(value=number(latest["index"]), low=low, high=high))
    parts.append(_heard(latest, live))
    if now.stands_out >= STANDS_OUT:
        stands_out = _("this day stands out: {spreads} robust spreads above the median of the 28 days before")
        parts.append(stands_out.format(spreads=number(now.stands_out, 1)))
    return words.sentence("; ".join(parts))


def scale(level: Level) -> str:
    """The levels side by side and where the value stands among them, as HTML."""
    ends = [*list(LEVELS.values())[1:], 100.0]
    parts, at = [], 0.0
    for position, ((word, start), end, shade) in enumerate(zip(LEVELS.items(), ends, _SHADES, strict=True)):
        here = word == level.word
        at = position + (level.percentile - start) / (end - start) if here else at
        parts.append(f'<i style="border-color:{shade}"{" class=here" if here else ""}>{escape(_(word))}</i>')
    marker = f'<b style="left:{at / len(LEVELS):.1%}">▼</b>'
    return f'<div class="scale" aria-hidden="true">{marker}{"".join(parts)}</div>'


def rule(level: Level) -> str:
    """By which rule a level has its word, and where the value stands."""
    lowest, *higher = LEVELS
    begins = ", ".join(
        _("{word} from the {percentile}th").format(word=_(word), percentile=f"{LEVELS[word]:.0f}") for word in higher
    )
    history = _("this panel's own days")
    if not level.own_history:
        history = _("the reference series, until this panel has a year")
    said = _("Higher than on {share} of the days. Levels are percentiles of {history}: {lowest} below, {others}.")
    return said.format(share=percent(level.percentile / 100), history=history, lowest=_(lowest), others=begins)


def standing(latest: pd.Series[Any]) -> str:
    """How far the latest value can be trusted."""
    said = _(_STANDING[PointStatus(latest["status"])])
    if pd.isna(latest["vintage_at"]):
        return said
    known = _("Known since {moment}.").format(moment=tongue.moment(latest["vintage_at"]))
    return f"{said} {known}"


def _tile(row: DeltaGenerator, label: str, now: Now, column: str, meaning: str, colour: Colour) -> None:
    change = now.moved(column)
    still = change is None or round(change) == 0
    row.metric(
        label,
        number(now.latest[column]),
        None if change is None else _("{change} in a week").format(change=number(change, signed=True)),
        delta_color="off" if still else colour,
        delta_arrow="off" if still else "auto",
        help=meaning,
        border=True,
        width="stretch",
    )


def _moved(change: float) -> str:
    if abs(change) < 0.5:
        return _("as a week ago")
    said = _("up {points} in a week") if change > 0 else _("down {points} in a week")
    return said.format(points=number(abs(change)))


def _heard(latest: pd.Series[Any], live: bool) -> str:
    of = members(latest)
    if not live:
        return n_("from {n} archive", "from {n} archives", of).format(n=number(of))
    return n_("{n} of {members} feed", "{n} of {members} feeds", of).format(
        n=number(int(latest["n_feeds"])), members=number(of)
    )
