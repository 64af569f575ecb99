"""How a chart is taken along: as a picture that names its source."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

PICTURES = ("svg", "png")
_WIDTH, _HEIGHT = 1200, 660  # of a picture, pixels: the same from a phone and from a desk
_ROOM, _LEAST = 18, 8  # pixels


def taken_as(figure: go.Figure, name: str, picture: str = PICTURES[0], **more: Any) -> dict[str, Any]:
    """Plotly's configuration of a chart whose camera button gives ``tension-<name>.<picture>``."""
    image = {
        "format": picture,
        "filename": f"tension-{name.lower().replace(' ', '-')}",
        "width": _WIDTH,
        "height": figure.layout.height or _HEIGHT,
        "scale": 2,
    }
    return {"displaylogo": False, "toImageButtonOptions": image} | more


def camera(figure: go.Figure, name: str, picture: str = PICTURES[0]) -> dict[str, Any]:
    """The same for a chart that is not moved or zoomed: the camera button alone."""
    return taken_as(figure, name, picture, modeBarButtons=[["toImage"]])


def with_source(figure: go.Figure, source: str) -> go.Figure:
    """The figure, which has no title, with a line above that says where it is from, on the page and in its image.

    Above, because a legend below takes what room there is.
    """
    plain = f'<span style="font-weight:400">{source}</span>'  # Streamlit's theme makes titles bold
    line = {"text": plain, "font": {"size": 11}, "x": 0, "xref": "container", "xanchor": "left"}
    above = {"y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 4, "l": 8}}
    top = figure.layout.margin.t
    return figure.update_layout(title=line | above, margin_t=(_LEAST if top is None else top) + _ROOM)
