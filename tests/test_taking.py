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


def test_the_picture_has_a_name_and_a_size_of_its_own():
    figure = go.Figure(layout={"height": 400})
    config = taken_as(figure, "index", "png", scrollZoom=True)
    wanted = {"format": "png", "filename": "tension-index", "width": 1200, "height": 400, "scale": 2}
    assert config["toImageButtonOptions"] == wanted
    assert config["scrollZoom"]
    image = camera(go.Figure(), "More acts")["toImageButtonOptions"]
    assert (image["filename"], image["format"], image["height"]) == ("tension-more-acts", "svg", 660)


def test_the_line_names_method_and_vintage():
    at = pd.to_datetime(["2026-03-01T06:30Z", "2026-03-01T06:15Z", None], utc=True)
    days = pd.DataFrame({"method_version": ["1.1", "1.2", ""], "vintage_at": at})
    assert source_line(days) == "Source: tension, method 1.2, as of 2026-03-01 06:30 UTC"
    assert source_line(days.tail(1)) == "Source: tension"
