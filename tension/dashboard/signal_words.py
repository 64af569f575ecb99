"""What the Signals page says, and the columns of its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from tension import tongue
from tension.charts.signals import NEW, RECORD, UNUSUAL
from tension.dashboard import words
from tension.index import by_signal
from tension.index.contributions import MEANINGS, SHRINKAGE
from tension.signals.codebook import BY_KEY, KEYS, Kind
from tension.tongue import N_, _, n_, number

WHOLE = "whole index"
KIND_LABELS = {Kind.ACT: N_("act"), Kind.THREAT: N_("threat"), Kind.EASING: N_("easing")}
GROUP_LABELS = {Kind.ACT: N_("Acts"), Kind.THREAT: N_("Threats"), Kind.EASING: N_("Easing, no part of the index")}


def label_of(key: str) -> str:
    return _(BY_KEY[key].label) if key in BY_KEY else _("Whole index")


def in_a_sentence(now: pd.DataFrame, valued: pd.DatetimeIndex) -> str:
    """What weighs most, what is unusual for itself, and what has just set a record."""
    last, past = valued[-1], len(valued) - 1
    escalating = now[[BY_KEY[str(key)].kind is not Kind.EASING for key in now.index]]
    largest = escalating["now"].nlargest(3)
    heaviest = tongue.listed(f"{label_of(str(key)).lower()} ({number(points)})" for key, points in largest.items())
    most = _("On {day} most points, smoothed, come from {signals}.")
    said = [most.format(day=tongue.day(last), signals=heaviest)]
    unusual = now[now["percentile"] >= by_signal.UNUSUAL].sort_values("percentile", ascending=False).index.tolist()
    new = now.index[now["record_is_new"]].tolist()
    share = tongue.percent(by_signal.UNUSUAL / 100)
    if unusual:
        higher = n_(
            "Higher than on {share} of the {n} day before: **{signals}**.",
            "Higher than on {share} of the {n} days before: **{signals}**.",
            past,
        )
        said.append(higher.format(share=share, n=number(past), signals=words.labels(unusual)))
    elif now["percentile"].notna().any():
        none = n_(
            "No signal is higher than on {share} of the {n} day before.",
            "No signal is higher than on {share} of the {n} days before.",
            past,
        )
        said.append(none.format(share=share, n=number(past)))
    if new:
        said.append(_("A record fell in the last seven days: **{signals}**.").format(signals=words.labels(new)))
    return " ".join(said)


def about_now(compared: bool) -> str:
    """What the bars are, and their marks."""
    said = [_("Index points of each signal on the latest day, smoothed over days as the index is.")]
    if compared:
        marks = _(
            "The grey mark is what is usual: the median of the signal's own past. In full colour and with {unusual}: "
            "higher than on {share} of that past. With {new}: its highest day fell within the last seven."
        )
        share = tongue.percent(by_signal.UNUSUAL / 100)
        said.append(marks.format(unusual=UNUSUAL, share=share, new=NEW))
    else:
        said.append(_("What is usual for each is marked once there are four weeks to compare with."))
    said.append(_("A name leads to the articles behind it; what each signal means stands on the Method page."))
    return " ".join(said)


def about_lines(weeks: bool, common: bool) -> str:
    """What the small charts are, and their marks."""
    said = [
        _("Index points of each signal, smoothed as the index is and drawn as means of weeks.")
        if weeks
        else _("Index points of each signal, smoothed as the index is, with weekdays evened out."),
        _("All have one scale but the whole index.") if common else _("Each has its own scale."),
        _("The figure above a line is the latest."),
        _("Above the dotted line a signal is unusual for itself; {record} is the day of its record.").format(
            record=RECORD
        ),
        _("Acts, threats and what is {rest} sum to the index exactly; easing is no part of it.").format(
            rest=_(MEANINGS[SHRINKAGE])
        ),
        _("Lines break where too few feeds observed a day."),
    ]
    return " ".join(said)


def about_records(points: pd.DataFrame) -> str:
    valued = points.dropna()
    n = len(valued)
    over = n_("Over {n} day with a value, {first} to {last}.", "Over {n} days with a value, {first} to {last}.", n)
    rest = _(
        "A record is the highest value of a single day; the article named is the one most surely about the signal and "
        "about Russia and NATO. With {new}: it fell in the last seven days. Few feeds make high records: one story is "
        "then a large share of a day."
    )
    first, last = (tongue.day(valued.index[at]) for at in (0, -1))
    return f"{over.format(n=number(n), first=first, last=last)} {rest.format(new=NEW)}"


def about_days(chosen: str, missing: int, framed: bool) -> str:
    """What the calendar is."""
    meaning = _(BY_KEY[chosen].meaning) if chosen in BY_KEY else _("Threats and acts together")
    said = [
        words.sentence(meaning),
        _("Index points of single days, not smoothed; the highest hundredth shares one colour."),
    ]
    if framed:
        said.append(_("Framed: the day of the record."))
    if missing:
        crossed = _(
            "Crossed out: days that too few feeds observed ({n}); they have no value, which is not the same as calm."
        )
        said.append(crossed.format(n=number(missing)))
    return " ".join(said)


def points_columns() -> dict[str, Any]:
    """Of a table of days by signal."""
    labels = {key: label_of(key) for key in [*KEYS, WHOLE]} | {SHRINKAGE: _(MEANINGS[SHRINKAGE])}
    columns = {key: st.column_config.NumberColumn(label, format="%.1f") for key, label in labels.items()}
    return {"day": words.day_column(_("day")), **columns}


def now_columns() -> dict[str, Any]:
    """Of the table of what is now and what is usual."""
    lower = _("Share of the days before, on which the smoothed value was lower; empty until there are four weeks.")
    percentile = st.column_config.ProgressColumn(
        _("percentile of its past"), width=140, help=lower, min_value=0, max_value=100, format="%.0f %%"
    )
    return {
        "signal": st.column_config.TextColumn(_("signal"), pinned=True),
        "kind": st.column_config.TextColumn(_("kind"), width="small"),
        "now": _points(_("now"), help=_("Index points, smoothed.")),
        "percentile": percentile,
        "usual": _points(_("usual"), help=_("The median of its past.")),
        "unusual_from": _points(_("unusual from")),
    }


def record_columns() -> dict[str, Any]:
    """Of the table of records and first sightings."""
    return {
        "signal": st.column_config.TextColumn(_("signal"), pinned=True),
        "record": _points(_("record"), help=_("Highest value of a day.")),
        "record_on": words.day_column(_("record day")),
        "title": st.column_config.TextColumn(_("headline of the record day"), width=460),
        "url": st.column_config.LinkColumn(_("read"), display_text=_("open"), width="small"),
        "first_on": words.day_column(_("first coded")),
        "articles": st.column_config.LinkColumn(_("articles"), display_text=_("list"), width="small"),
    }


def _points(label: str, help: str | None = None) -> Any:
    return st.column_config.NumberColumn(label, format="%.1f", width="small", help=help)
