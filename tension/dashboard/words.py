"""How figures are said on the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from tension import tongue
from tension.health import Health
from tension.index.levels import BASELINE_DAYS, LEVELS, STANDS_OUT, Level, level_of, standing_out
from tension.pipeline import utc_now
from tension.records import PointStatus
from tension.signals.codebook import BY_KEY
from tension.tongue import N_, _, n_, number

# BEGIN compat
KINDS = {
    "threats": "Deployments, nuclear signals, red lines, enlargement, accusations.",
    "acts": "Missions closed, expulsions, sanctions, incidents, attacks and the like.",
    "easing": "Dialogue, agreements, steps back; not part of the index, and subtracted in its net.",
}

FEED_COLUMNS = {
    "name": st.column_config.TextColumn("feed"),
    "last_reason": st.column_config.TextColumn("why", width="large"),
    "failures_in_row": st.column_config.NumberColumn("failures in a row"),
    "last_success_at": st.column_config.DatetimeColumn("last success", format="distance"),
    "next_poll_at": st.column_config.DatetimeColumn("next poll", format="distance"),
}

INDEX_COLUMNS = {
    "date": st.column_config.DateColumn("day", format="YYYY-MM-DD"),
    **{
        name: st.column_config.NumberColumn(format="%.1f")
        for name in ("index", "net", "band_low", "band_high", "threats", "acts", "easing", "smoothed")
    },
    "n_articles": st.column_config.NumberColumn("articles"),
    "coverage_share": st.column_config.NumberColumn("coverage", format="percent"),
    "vintage_at": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC"),
}

REVISION_COLUMNS = {
    "day": st.column_config.DateColumn("day", format="YYYY-MM-DD"),
    "vintage_at": st.column_config.DatetimeColumn("published", format="YYYY-MM-DD HH:mm", timezone="UTC"),
    **{name: st.column_config.NumberColumn(format="%.1f") for name in ("before", "after", "change")},
    "reason": st.column_config.TextColumn("why", width="medium"),
}

STORY_ORDER = ["value", "share", "title", "url", "signals", "publishers", "n_articles"]
STORY_COLUMNS = {
    "value": st.column_config.NumberColumn("points", format="%.1f", width="small"),
    "share": st.column_config.NumberColumn("of the day", format="percent", width="small"),
    "title": st.column_config.TextColumn("story", width="large"),
    "url": st.column_config.LinkColumn("link", display_text="open", width="small"),
    "signals": st.column_config.ListColumn("signals"),
    "publishers": st.column_config.ListColumn("told by"),
    "n_articles": st.column_config.NumberColumn("articles", width="small"),
}
# END compat
_STANDING = {
    PointStatus.FINAL: N_("This value is final."),
    PointStatus.PROVISIONAL: N_(
        "Provisional: the day still runs, or the panel is being founded. A new panel's level is anchored to the "
        "reference series until its first 28 observed days are full."
    ),
}


def day_column(label: str) -> Any:
    return st.column_config.DateColumn(label, format="YYYY-MM-DD")


def index_columns() -> dict[str, Any]:
    """Of a table of the index by day."""
    points = {
        "index": _("index"),
        "net": _("net"),
        "band_low": _("band, low"),
        "band_high": _("band, high"),
        "threats": _("threats"),
        "acts": _("acts"),
        "easing": _("easing"),
        "smoothed": _("smoothed"),
    }
    return {
        "date": day_column(_("day")),
        **{name: st.column_config.NumberColumn(label, format="%.1f") for name, label in points.items()},
        "n_articles": st.column_config.NumberColumn(_("articles")),
        "n_stories": st.column_config.NumberColumn(_("stories")),
        "coverage_share": st.column_config.NumberColumn(_("coverage"), format="percent"),
        "status": st.column_config.TextColumn(_("status")),
        "vintage_at": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC"),
    }


def value_before(valued: pd.DataFrame, days: int) -> pd.Series[float] | None:
    """The line that many days before the last one, or the nearest before that within half as many; None without."""
    target = valued["date"].iloc[-1] - pd.Timedelta(days=days)
    near = valued[(valued["date"] <= target) & (valued["date"] >= target - pd.Timedelta(days=days / 2))]
    return None if near.empty else near.iloc[-1]


def in_a_sentence(
    days: pd.DataFrame, reference: pd.Series[float], founded_on: pd.Timestamp | None, leading: Sequence[str]
) -> str:
    """The level now, in a word and a sentence.

    Parameters
    ----------
    days
        As `tension.exports.index_table` gives, with a value on some day.
    reference
        The reference series, smoothed.
    founded_on
        The day of the panel's first poll, with which its own history begins.
    leading
        Signals of the last day with a value, the largest first.
    """
    valued = days[days["index"].notna()]
    latest, week = valued.iloc[-1], value_before(valued, days=7)
    own = valued[valued["date"] >= founded_on] if founded_on is not None else valued.iloc[:0]
    level = level_of(float(latest["smoothed"]), own["smoothed"].astype(float), reference)
    value = number(latest["smoothed"])
    said = f"**{value}, {_(level.word)}**" if level else f"**{value}**"
    moved = [] if week is None else [_moved(float(latest["smoothed"] - week["smoothed"]))]
    led = [_("led by {signals}").format(signals=labels(leading[:2]))] if leading else []
    smoothed = _("{value} (smoothed over days)").format(value=said)
    parts = [f"{smoothed}{':' if moved or led else ''} {', '.join([*moved, *led])}".rstrip()]
    if pd.notna(latest["band_low"]):
        band = _("90 % band of the day {low}–{high}")
        parts.append(band.format(low=number(latest["band_low"]), high=number(latest["band_high"])))
    parts.append(_heard(latest))
    recent = valued.tail(BASELINE_DAYS + 1)  # all that the last day is judged by
    out = standing_out(recent.set_index("date")["index"].astype(float)).iloc[-1]
    if pd.notna(out) and out >= STANDS_OUT:
        stands_out = _("the day stands out, {spreads} robust spreads above the median of the 28 days before")
        parts.append(stands_out.format(spreads=number(out, 1)))
    return f"{'; '.join(parts)}.{f' :small[{rule(level)}]' if level else ''}"


def rule(level: Level) -> str:
    """By which rule a level has its word."""
    words = list(LEVELS)
    begins = [
        _("{word} from the {percentile}th").format(word=_(word), percentile=f"{LEVELS[word]:.0f}") for word in words[1:]
    ]
    history = _("this panel's own days")
    if not level.own_history:
        history = _("the reference series, until this panel has a year")
    said = _("Levels: percentiles of {history}: {lowest} below, {others}.")
    return said.format(history=history, lowest=_(words[0]), others=", ".join(begins))


def labels(signals: Sequence[str]) -> str:
    """Signals by their labels, as in speech."""
    return tongue.listed(_(BY_KEY[key].label).lower() for key in signals)


def _moved(change: float) -> str:
    if abs(change) < 0.5:
        return _("as a week ago")
    said = _("up {points} in a week") if change > 0 else _("down {points} in a week")
    return said.format(points=number(abs(change)))


def _heard(latest: pd.Series[Any]) -> str:
    n, share = int(latest["n_feeds"]), float(latest["coverage_share"])
    members = max(round(n / share), n) if share else n
    if members <= 1:
        return _("1 feed")
    return n_("{n} of {members} feed", "{n} of {members} feeds", members).format(n=n, members=members)


def standing(latest: pd.Series[Any]) -> str:
    """How far the latest value can be trusted, in a sentence."""
    said = _(_STANDING[PointStatus(latest["status"])])
    if pd.isna(latest["vintage_at"]):
        return said
    return f"{said} {_('Known since {moment}.').format(moment=tongue.moment(latest['vintage_at']))}"


def polling(health: Health) -> str:
    """Whether polling goes on, in a sentence."""
    return sentence("; ".join(_(said).format(**values) for said, values in health.said))


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def ago(moment: datetime | None) -> str:
    """How long ago, in the largest unit that fits."""
    if moment is None:
        return _("never")
    return tongue.ago(utc_now() - moment)


def highlighted(title: str, summary: str, evidence: list[dict[str, Any]]) -> tuple[str, str]:
    """Title and summary as HTML with the evidence marked; offsets count in both joined by one character.

    What was read in the text of the page, and stands elsewhere there, is not marked.
    """
    shown = f"{title}\n{summary}"
    marks = sorted({(e["start"], e["end"], e["signal"]) for e in evidence if shown[e["start"] : e["end"]] == e["text"]})
    return _mark(title, marks, 0), _mark(summary, marks, len(title) + 1)


def _mark(text: str, marks: list[tuple[int, int, str]], offset: int) -> str:
    parts, at = [], 0
    for start, end, signal in marks:
        start, end = max(start - offset, at), min(end - offset, len(text))
        if start >= end:
            continue
        label = escape(_(BY_KEY[signal].label))
        parts += [escape(text[at:start]), f'<mark title="{label}">{escape(text[start:end])}</mark>']
        at = end
    return "".join([*parts, escape(text[at:])])
