"""Chain-linking: a feed that enters or leaves the panel does not move the index."""

from __future__ import annotations

import numpy as np

from tension.index.panel import Flags, Floats, Panel

OVERLAP_DAYS = 28


def mean_value(panel: Panel, chosen: Flags | None = None) -> Floats:
    """The weighted mean over feeds, days × 3; NaN on a day without any.

    Parameters
    ----------
    panel
        From `tension.index.panel.make_panel`.
    chosen
        Feeds to take, shape (feeds,); all that the day was observed by, by default.
    """
    weights = panel.weights if chosen is None else panel.weights * chosen[None, :]
    total = weights.sum(axis=1)
    mean = np.einsum("df,dfp->dp", weights, panel.values) / np.where(total > 0, total, 1)[:, None]
    return np.asarray(np.where(total[:, None] > 0, mean, np.nan))


def links(panel: Panel, trial: Panel) -> Floats:
    """What each day's mean is multiplied with so that the panel's changes leave no step, shape (days,).

    On the day on which the members change, old and new ones are compared over the last 28 days on which both were
    observed, those that were on trial then included, and the ratio of their means joins the link.

    Parameters
    ----------
    panel
        With its members only.
    trial
        The same with every feed that was observed, members or on trial.
    """
    factor = np.ones(len(panel.days))
    changes = np.flatnonzero((panel.member[1:] != panel.member[:-1]).any(axis=1)) + 1
    for day in changes:
        before = slice(max(0, day - 2 * OVERLAP_DAYS), day)
        old = _escalation(trial, before, panel.member[day - 1])
        new = _escalation(trial, before, panel.member[day])
        both = np.flatnonzero(np.isfinite(old) & np.isfinite(new))[-OVERLAP_DAYS:]
        if len(both) and new[both].sum() > 0 and old[both].sum() > 0:
            factor[day:] *= old[both].sum() / new[both].sum()
    return factor


def _escalation(panel: Panel, days: slice, chosen: Flags) -> Floats:
    weights = panel.weights[days] * chosen[None, :]
    total = weights.sum(axis=1)
    sums = (weights * panel.values[days, :, :2].sum(axis=2)).sum(axis=1)
    return np.asarray(np.where(total > 0, sums / np.where(total > 0, total, 1), np.nan))
