"""Charts that say on the page, and in the image that is taken of them, where they are from."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from tension.charts.taking import with_source
from tension.dashboard import reading


def sourced(figure: go.Figure) -> go.Figure:
    """The figure with the method and the vintage of what it shows above it."""
    return with_source(figure, source_line(reading.index_table()))


def source_line(days: pd.DataFrame) -> str:
    """Whose figures these are: how they were measured, and up to when they were known."""
    published = days[days["vintage_at"].notna()]
    if published.empty:
        return "Source: tension"
    method, known_at = published["method_version"].iloc[-1], published["vintage_at"].max()
    return f"Source: tension, method {method}, as known at {known_at:%Y-%m-%d %H:%M} UTC"
