"""Charts as the pages draw them: in the reader's language, with their source, to be taken along as a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tension import tongue
from tension.charts.taking import PICTURES, camera, taken_as, with_source
from tension.dashboard import reading
from tension.tongue import _

PICTURE = "picture"  # the reader's choice of a kind of picture, kept in the session and in the URL


class Ready(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure with its source, put once into the form in which it is sent, for all who look at it.

    It is not changed any more: what is kept in a cache can be drawn for many readers at little cost.
    """

    def __init__(self, figure: go.Figure) -> None:
        sourced = with_source(figure, source_line(reading.index_table()))
        super().__init__(layout={"height": sourced.layout.height})
        self._sent: dict[str, Any] = json.loads(sourced.to_json())

    def to_dict(self) -> dict[str, Any]:
        return self._sent


def ready(build: Callable[[], go.Figure], *what: Hashable) -> Ready:
    """A chart of what is published, made once for all who look at the same.

    Parameters
    ----------
    build
        Makes it.
    *what
        All that it depends on beside the published index and the reader's language: the page, its choices.
    """
    return _ready(reading.published_at(), tongue.language(), what, build)


@st.cache_resource(ttl="10min", max_entries=60, show_spinner=False)
def _ready(published: object, language: str, what: tuple[Hashable, ...], _build: Callable[[], go.Figure]) -> Ready:
    return Ready(_build())


def draw(
    figure: go.Figure,
    name: str,
    alt: str,
    *,
    key: str | None = None,
    moved: bool = False,
    place: DeltaGenerator | None = None,
    **more: Any,
) -> Any:
    """Draw a chart.

    Parameters
    ----------
    figure
        Without a title; or one that is `Ready`.
    name
        What its picture's file is called.
    alt
        What it shows, for who cannot see it.
    key
        The element's; the name if there is none.
    moved
        Whether the reader may move and zoom it.
    place
        Where it goes; the page if there is none.
    **more
        As `streamlit.plotly_chart` takes.

    Returns
    -------
    Any
        What `streamlit.plotly_chart` gives.
    """
    picture = st.session_state.get(PICTURE) or PICTURES[0]
    config = taken_as(figure, name, picture, scrollZoom=True) if moved else camera(figure, name, picture)
    ready = figure if isinstance(figure, Ready) else with_source(figure, source_line(reading.index_table()))
    return (place or st).plotly_chart(ready, key=key or name, config=config | tongue.for_charts(), alt=alt, **more)


def source_line(days: pd.DataFrame) -> str:
    """Whose figures these are: how they were measured, and up to when they were known."""
    published = days[days["vintage_at"].notna()]
    if published.empty:
        return _("Source: tension")
    method, known_at = published["method_version"].iloc[-1], published["vintage_at"].max()
    said = _("Source: tension, method {method}, as of {moment}")
    return said.format(method=method, moment=f"{known_at:%Y-%m-%d %H:%M} UTC")
