"""Days and values in few characters: a chart of ten years is sent at every drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def at(days: pd.DatetimeIndex) -> dict[str, Any]:
    """Where values lie: begin and step, said once, of days that are evenly apart; else each of them.

    Returns
    -------
    dict
        ``x0`` and ``dx`` (milliseconds), or ``x``; as a trace takes them.
    """
    steps = np.diff(days.to_numpy("datetime64[ms]"))
    if len(steps) and (steps == steps[0]).all():
        return {"x0": f"{days[0]:%Y-%m-%d}", "dx": int(steps[0].astype(int))}
    return {"x": days.strftime("%Y-%m-%d").to_numpy()}


def rounded(values: pd.Series[float], digits: int) -> NDArray[np.float32]:
    """Values as precise as they are read."""
    return values.astype(float).round(digits).to_numpy(np.float32)


def lone_days(line: pd.Series[float], size: int, colour: str) -> dict[str, Any]:
    """How a line is drawn that may have single days between gaps, which make no line: as points, and only these."""
    alone = line.notna() & line.shift(1).isna() & line.shift(-1).isna()
    if not alone.any():
        return {"mode": "lines"}
    marker = {"size": np.where(alone, size, 0), "color": colour, "line": {"width": 0}}
    return {"mode": "lines+markers", "marker": marker}
