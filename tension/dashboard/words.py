"""What several pages say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from tension import tongue
from tension.health import Health
from tension.pipeline import utc_now
from tension.signals.codebook import BY_KEY
from tension.tongue import _

_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!|<>~$:-])")


def literal(text: str) -> str:
    """Words from outside as they stand, whatever they would mean as Markdown: no picture, no colour, no heading."""
    return _MARKS.sub(r"\\\1", text)


def day_column(label: str) -> Any:
    """Of days in a table, written so that they sort and can be copied."""
    return st.column_config.DateColumn(label, format="YYYY-MM-DD")


def labels(signals: Sequence[str]) -> str:
    """Signals by their labels, as in speech."""
    return tongue.listed(_(BY_KEY[key].label).lower() for key in signals)


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
