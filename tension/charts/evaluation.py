"""How well the classifier codes: its reliability, and what it takes for what."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

_LINE, _DIAGONAL = "#0072B2", "#8a8f98"


def reliability_figure(bins: pd.DataFrame) -> go.Figure:
    """How often a signal was there, by the probability given; on the diagonal, probabilities mean what they say.

    Parameters
    ----------
    bins
        As `tension.signals.evaluation.reliability` gives: ``p, share, n``.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": _DIAGONAL, "dash": "dot"}, name="perfect", hoverinfo="skip"
    )
    spread = 1.96 * np.sqrt(bins["share"] * (1 - bins["share"]) / bins["n"])
    figure.add_scatter(
        x=bins["p"],
        y=bins["share"],
        mode="lines+markers",
        line={"color": _LINE},
        error_y={"type": "data", "array": spread, "thickness": 1},
        customdata=bins["n"],
        hovertemplate="given %{x:.2f}, there in %{y:.2f} of %{customdata}<extra></extra>",
        name="this model, 95 % of chance",
    )
    figure.update_layout(title="Reliability of the signals' probabilities", height=480)
    figure.update_xaxes(title_text="probability given", range=[0, 1])
    figure.update_yaxes(title_text="share of texts in which the signal was there", range=[0, 1.05])
    return figure


def confusion_figure(table: pd.DataFrame, title: str) -> go.Figure:
    """Counts of texts, what was right down the side and what was coded along the top; shaded by a row's shares.

    Parameters
    ----------
    table
        As `tension.signals.evaluation.Evaluation` gives in ``confusion`` and ``involvement``.
    title
        Its heading.
    """
    share = table.div(table.sum(axis=1).clip(lower=1), axis=0)
    figure = go.Figure(
        go.Heatmap(
            x=list(table.columns),
            y=list(table.index),
            z=share.to_numpy(),
            text=table.to_numpy(),
            texttemplate="%{text}",
            hovertemplate="%{y}, coded %{x}: %{text}<extra></extra>",
            colorscale="Blues",
            zmin=0,
            zmax=1,
            colorbar={"title": "share of row"},
        )
    )
    figure.update_layout(title=title, height=240 + 28 * len(table))
    figure.update_xaxes(title_text="coded", side="bottom")
    figure.update_yaxes(title_text="right", autorange="reversed")
    return figure
