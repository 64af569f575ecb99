"""Chain-linking: a feed that enters or leaves the panel does not move the index."""

from __future__ import annotations

import numpy as np

from tension.index.panel import Flags, Floats, Panel, feed_weights

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
    return _weighted(panel.weights if chosen is None else panel.weights * chosen[None, :], panel.values)


def links(panel: Panel, trial: Panel) -> Floats:
    """What each day's mean is multiplied with so that the panel's changes leave no step, shape (days,).

    On the day on which the members change, old and new ones are compared over the last 28 days, of the 56 days before,
    on which both were heard, those that were on trial then included, every feed at the ratio that it has on the day of
    the change; the quotient of their means joins the link. Days without members in between do not matter.

    Parameters
    ----------
    panel
        With its members only.
    trial
        The same with every feed that was observed, members or on trial.
    """
    factor = np.ones(len(panel.days))
    raw = trial.values[:, :, :2].sum(axis=2) * trial.ratio
    last = None
    for day, member in enumerate(panel.member):
        if last is not None and member.any() and (member != last).any():
            before = slice(max(0, day - 2 * OVERLAP_DAYS), day)
            old, new = (_mean(trial, before, raw[before] / trial.ratio[day], chosen) for chosen in (last, member))
            both = np.flatnonzero(np.isfinite(old) & np.isfinite(new))[-OVERLAP_DAYS:]
            if len(both) and new[both].sum() > 0 and old[both].sum() > 0:
                factor[day:] *= old[both].sum() / new[both].sum()
        last = member if member.any() else last
    return factor


def _mean(trial: Panel, days: slice, values: Floats, chosen: Flags) -> Floats:
    weights = feed_weights(trial.feeds, (trial.stories[days] > 0) & chosen[None, :])
    return _weighted(weights, values[:, :, None])[:, 0]


def _weighted(weights: Floats, values: Floats) -> Floats:
    """Means over feeds of values, days × feeds × k; days × k, NaN on a day without any weight."""
    total = weights.sum(axis=1)[:, None]
    mean = np.einsum("df,dfk->dk", weights, values) / np.where(total > 0, total, 1)
    return np.asarray(np.where(total > 0, mean, np.nan))
