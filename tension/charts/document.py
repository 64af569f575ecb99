"""Figures in one HTML file that needs nothing from the network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

_DOCUMENT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
body {{ font-family: system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }}
pre {{ white-space: pre-wrap }}
</style>
</head><body><h1>{title}</h1>
{body}
</body></html>
"""


def document(title: str, figures: Sequence[go.Figure], text: str = "") -> str:
    """One HTML document, plotly.js included.

    Parameters
    ----------
    title
        Its heading.
    figures
        One below the other.
    text
        Shown as written, above them.
    """
    parts = [f"<pre>{escape(text)}</pre>"] if text else []
    parts += [
        figure.to_html(full_html=False, include_plotlyjs=position == 0) for position, figure in enumerate(figures)
    ]
    return _DOCUMENT.format(title=escape(title), body="\n".join(parts))
