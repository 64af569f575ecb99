"""A chart that is taken along says where it is from."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from tension.charts.taking import camera, taken_as, with_source
from tension.dashboard.taking import source_line


def test_the_source_stands_above_and_has_room():
    figure = go.Figure(layout={"margin": {"t": 8, "b": 8}})
    title = with_source(figure, "Source: here").layout.title
    assert "Source: here" in title.text
    assert (title.yref, title.y, title.yanchor) == ("container", 1, "top")
    assert figure.layout.margin.b == 8
    assert figure.layout.margin.t > 8


def test_the_image_is_a_named_vector():
    config = taken_as("index", scrollZoom=True)
    assert config["toImageButtonOptions"] == {"format": "svg", "filename": "tension-index", "scale": 2}
    assert config["scrollZoom"]
    assert camera("More acts")["toImageButtonOptions"]["filename"] == "tension-more-acts"


def test_the_line_names_method_and_vintage():
    at = pd.to_datetime(["2026-03-01T06:30Z", "2026-03-01T06:15Z", None], utc=True)
    days = pd.DataFrame({"method_version": ["1.1", "1.2", ""], "vintage_at": at})
    assert source_line(days) == "Source: tension, method 1.2, as of 2026-03-01 06:30 UTC"
    assert source_line(days.tail(1)) == "Source: tension"
