"""How far a day's value may be off: a bootstrap over sources, with the chance in their stories and in their coding."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import pandas as pd

from tension.index.panel import Flags, Floats, Panel

N_DRAWS = 400
COVERAGE = 0.90
_TAILS = [50 * (1 - COVERAGE), 50 * (1 + COVERAGE)]


def bands(panel: Panel, valued: Flags, sources_only: bool = False) -> Floats:
    """The 90 % band of the panel's escalation.

    Families of publishers are drawn with replacement from those that had stories that day, as many as there are; each
    draw's mean is moved by chance as far as the stories and their coding let it. A panel of one family has the second
    kind of uncertainty alone. The draws are the same in every run: the same observations give the same band.

    Parameters
    ----------
    panel
        From `tension.index.panel.make_panel`.
    valued
        Which days have a value.
    sources_only
        Leave stories and coding out.

    Returns
    -------
    ndarray
        Days × 2: 5th and 95th percentile, in the unit of ``panel.values``; NaN where there is no value.
    """
    escalation = panel.values[:, :, :2].sum(axis=2)
    family = pd.factorize(panel.feeds["publisher"])[0].astype(np.int64)
    found = np.full((len(panel.days), 2), np.nan)
    for day in np.flatnonzero(valued):
        speaking = np.flatnonzero(panel.weights[day])
        said = [panel.weights[day, speaking], escalation[day, speaking], panel.spread[day, speaking]]
        found[day] = _band(np.array(said).tobytes(), family[speaking].tobytes(), sources_only)
    return found


@lru_cache(maxsize=10_000)
def _band(said: bytes, family: bytes, sources_only: bool) -> Floats:
    """The band of one day, remembered: a publication measures all days, and few of them are new."""
    weight, value, spread = np.frombuffer(said).reshape(3, -1)
    own, members = np.unique(np.frombuffer(family, dtype=np.int64), return_inverse=True)
    drawn = _draws(len(own))[members] * weight[:, None]
    total = drawn.sum(axis=0)
    n = max(len(own), 2)
    middle = weight @ value / weight.sum()
    means = middle + (value @ drawn / total - middle) * np.sqrt(n / (n - 1))  # few families spread too little
    if not sources_only:
        means = means + np.sqrt(spread @ drawn**2) / total * _chance()
    return np.asarray(np.percentile(means, _TAILS).clip(min=0))


@cache
def _draws(n: int) -> Floats:
    """How often each of n families is drawn, n × draws."""
    return np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), N_DRAWS).T.astype(float)


@cache
def _chance() -> Floats:
    return np.random.default_rng(0).standard_normal(N_DRAWS)
