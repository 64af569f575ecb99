"""How much of the past charts show at first: one choice for all pages."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension.charts.index import SPANS, default_span
from tension.dashboard import reading
from tension.tongue import _

_KEPT = "span_kept"  # a widget's own state ends with its page


def choose(place: DeltaGenerator) -> str:
    """Let the reader choose a key of `SPANS`; begins with that of the page before, or what the data allow."""
    default = st.session_state.get(_KEPT) or default_span(reading.index_table())
    span = place.segmented_control(
        _("Show"),
        list(SPANS),
        default=default,
        required=True,
        key="span",
        bind="query-params",
        format_func=_,
        label_visibility="collapsed",
    )
    st.session_state[_KEPT] = span = span or default
    return span
