"""How much of the past charts show at first: one choice for all pages."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension.charts.index import SPANS, default_span
from tension.dashboard import reading
from tension.tongue import _

_KEY, _KEPT = "span", "span_kept"


def choose(place: DeltaGenerator, page: str) -> str:
    """Let the reader choose a key of `SPANS`; begins with that of the page before, or what the data allow."""
    default = default_span(reading.index_table())
    last_page, kept = st.session_state.get(_KEPT, (page, default))
    if page != last_page and _KEY not in st.query_params:  # a widget's own state ends with its page
        st.session_state[_KEY] = kept
    span = place.segmented_control(
        _("Show"),
        list(SPANS),
        default=default,
        required=True,
        key=_KEY,
        bind="query-params",
        format_func=_,
        label_visibility="collapsed",
    )
    st.session_state[_KEPT] = page, span or default
    return span or default
