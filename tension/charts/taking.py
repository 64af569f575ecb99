"""How a chart is taken along: as a vector image that names its source."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

_ROOM = 36  # pixels


def taken_as(name: str, **more: Any) -> dict[str, Any]:
    """Plotly's configuration of a chart whose camera button gives ``tension-<name>.svg``."""
    image = {"format": "svg", "filename": f"tension-{name}", "scale": 2}
    return {"displaylogo": False, "toImageButtonOptions": image} | more


def with_source(figure: go.Figure, source: str) -> go.Figure:
    """The figure with a line below that says where it is from, on the page and in its image."""
    plain = f'<span style="font-weight:400">{source}</span>'  # Streamlit's theme makes titles bold
    line = {"text": plain, "font": {"size": 11}, "x": 0, "xref": "paper", "xanchor": "left"}
    below = {"y": 0, "yref": "container", "yanchor": "bottom", "pad": {"b": 4}}
    bottom = figure.layout.margin.b
    return figure.update_layout(title=line | below, margin_b=(80 if bottom is None else bottom) + _ROOM)
