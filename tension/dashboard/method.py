"""Method: how the index is measured, by which model, and what was revised."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension import tongue
from tension.dashboard import audit, reading
from tension.dashboard.signal_words import KIND_LABELS
from tension.dashboard.words import literal
from tension.errors import TensionError
from tension.index.measure import METHOD_VERSION
from tension.index.now import members
from tension.resources import resource
from tension.signals.codebook import SIGNALS
from tension.tongue import ENGLISH, N_, _, n_, number

OWN_INTENSITY = N_("set by this project")  # as the codebook says it; the other origins are numbers of codes
READABLE = 720  # pixels: longer lines are hard to follow


def figures(days: pd.DataFrame) -> dict[str, str]:
    """What is at work now, by what it is called."""
    published = days[days["vintage_at"].notna()]
    found = {_("Method version"): METHOD_VERSION}
    if published.empty:
        return found | {_("Model version"): _("not at work yet"), _("Last published"): _("never")}
    valued = published[published["index"].notna()]
    return found | {
        _("Model version"): str(published["model_version"].iloc[-1]),
        _("Feeds in the panel"): number(members(published.iloc[-1])),
        _("Days with a value"): number(len(valued)),
        _("First and last of them"): span(valued),
        _("Last published"): tongue.moment(published["vintage_at"].max()),
    }


def span(valued: pd.DataFrame) -> str:
    if valued.empty:
        return _("none yet")
    return f"{tongue.day(valued['date'].iloc[0])} – {tongue.day(valued['date'].iloc[-1])}"


def at_work(days: pd.DataFrame) -> None:
    """The figures in a row."""
    with st.container(horizontal=True, border=True, gap="medium"):
        for called, value in figures(days).items():
            st.markdown(f":small[{called}]  \n**{value}**", width="content")


def document(path: str) -> None:
    """A text of the project's, under its own headings, with a way to each."""
    if tongue.language() != ENGLISH:
        st.caption(_("This text is in English."))
    opening, *sections = resource(path).read_text(encoding="utf-8").split("\n", 1)[1].split("\n## ")
    titled = [section.split("\n", 1) for section in sections]
    if titled:
        st.markdown(" · ".join(f"[{title}](#section-{i})" for i, (title, _text) in enumerate(titled)))
    for i, (title, text) in enumerate(titled):
        st.subheader(title, anchor=f"section-{i}")
        st.markdown(text)
    st.markdown(opening)  # where the code lies: no way to begin


def in_short() -> DeltaGenerator:
    """What the index is and what it is not, in plain words; gives the place of an example."""
    st.markdown(
        _(
            "A model reads the headline and summary of every article in the feeds. It judges how likely the article "
            "tells of threats or hostile acts between Russia and NATO or its partners, and how grave they are. "
            "Articles about one event count as one story. The index is the share of the news that such stories take "
            "up, weighted by how grave they are and averaged over the feeds: 100 is the mean of 2014–2021."
        )
    )
    example = st.empty()
    st.markdown(
        _(
            "**What it is not:** a forecast, or a probability of war. It measures what is reported. Where feeds "
            "misreport or the model misreads, it is wrong; the tab “The classifier” says how often that happens."
        )
    )
    return example


def largest(days: pd.DataFrame) -> str:
    """The story that adds most to the last value, in a sentence; "" where there is none."""
    valued = days.loc[days["index"].notna(), "date"]
    if valued.empty:
        return ""
    try:
        told = reading.explanation(valued.iloc[-1].date())
    except TensionError:  # it lost its value since
        return ""
    if told.stories.empty:
        return ""
    story = told.stories.iloc[0]
    said = _(
        "**For example,** on {day} the index was {value}. The story that added most, {points} points, was told by "
        "{publishers}: “{title}”"
    )
    n = len(story["publishers"])
    publishers = n_("{n} publisher", "{n} publishers", n).format(n=number(n))
    points = number(story["value"], 1)
    title = literal(story["title"])
    return said.format(
        day=tongue.day(told.day), value=number(told.value), points=points, publishers=publishers, title=title
    )


def codebook() -> None:
    st.caption(
        _(
            "What the classifier looks for. Intensity says how grave a signal is, from 0 to 10, after the codes of "
            "WEIS (World Event/Interaction Survey) on Goldstein's scale; easing lies below 0."
        )
    )
    rows = [
        {
            "signal": _(signal.label),
            "kind": _(KIND_LABELS[signal.kind]),
            "intensity": signal.intensity,
            "meaning": _(signal.meaning),
            "origin": _(signal.origin),
            "key": signal.key,
        }
        for signal in SIGNALS
    ]
    columns = {
        "signal": st.column_config.TextColumn(_("signal")),
        "kind": st.column_config.TextColumn(_("kind"), width="small"),
        "intensity": st.column_config.NumberColumn(_("intensity"), format="%.1f", width="small"),
        "meaning": st.column_config.TextColumn(_("meaning"), width="large"),
        "origin": st.column_config.TextColumn(_("intensity after")),
        "key": st.column_config.TextColumn(_("name in files")),
    }
    st.dataframe(rows, hide_index=True, height="content", column_config=columns, alt=_("Signals"))


def audited(days: pd.DataFrame) -> None:
    coded = days.loc[days["n_articles"] > 0, "date"]
    if coded.empty:
        st.info(_("No article has been coded yet. The first come some minutes after the first feeds are asked."))
    else:
        audit.show(coded.iloc[-1].date())


def revisions() -> None:
    table = reading.revisions()
    st.caption(
        _(
            "Every value that was published and later changed, newest first. Flagged: the day was over, and the value "
            "moved by more than five points and a tenth of itself."
        )
    )
    if table.empty:
        st.info(_("Nothing has been revised yet."))
        return
    n, n_flagged = len(table), int(table["flagged"].sum())
    changes = n_("{n} change", "{n} changes", n).format(n=number(n))
    flagged = n_("{n} flagged", "{n} flagged", n_flagged).format(n=number(n_flagged))
    st.markdown(f"{changes}, {flagged}")
    if n_flagged and st.toggle(_("Only what is flagged"), key="flagged", bind="query-params"):
        table = table[table["flagged"]]
    points = {"before": _("before"), "after": _("after"), "change": _("change")}
    columns = {
        "day": st.column_config.DateColumn(_("day"), format="YYYY-MM-DD"),
        "vintage_at": st.column_config.DatetimeColumn(_("published"), format="YYYY-MM-DD HH:mm", timezone="UTC"),
        **{name: st.column_config.NumberColumn(label, format="%.1f") for name, label in points.items()},
        "reason": st.column_config.TextColumn(_("why"), width="medium"),
        "flagged": st.column_config.CheckboxColumn(_("flagged")),
    }
    shown = table.assign(reason=table["reason"].map(_))
    st.dataframe(shown, hide_index=True, placeholder="–", column_config=columns, alt=_("Revisions"))


st.title(_("Method"))
days = reading.index_table()
at_work(days)
parts = [_("How it is measured"), _("Signals"), _("The classifier"), _("Audit sample"), _("Revisions")]
measured, signals, model, sample, revised = st.tabs(parts, key="part", on_change="rerun", bind="query-params")
with measured, st.container(width=READABLE):
    example = in_short()
    document("docs/method.md")
with signals:
    codebook()
with model, st.container(width=READABLE):
    document("data/MODEL_CARD.md")
with sample:
    if sample.open:  # what it shows is read for who looks at it
        audited(days)
with revised:
    if revised.open:
        revisions()
if measured.open:  # at last, as a day may take long to open
    with example, st.spinner(_("Looking for an example …")):
        said = largest(days)
    example.markdown(said)
