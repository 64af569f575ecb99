"""A panel of feeds day by day: who belongs to it, what each feed's day is worth, and how much each has to say.

Arrays are days × feeds, or days × feeds × 3 for threats, acts and easing. Whatever is estimated for a day is estimated
from the days before it, so that no later day rewrites an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PARTS = ["threats", "acts", "easing"]
PRIOR_STORIES = 20.0  # a day weighs against the feed's mean as if the mean had been seen in twenty stories
MEMORY_DAYS = 60.0  # half-life with which a feed's mean forgets
POOLED_STORIES = 50.0  # a feed's mean weighs against the pooled one as if that had been seen in fifty
RATIO_DAYS = 14.0  # a feed's ratio to the panel weighs against 1 as if 1 had been seen on fourteen days
TRIAL_DAYS = 28  # observed days before a feed that joins later counts
FAMILY_CAP = 2.0  # a family of feeds weighs at most as much as two feeds

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Observations:
    """What is known of the feeds, day by day.

    Parameters
    ----------
    feed_days
        Columns ``feed_id, day, n_stories, threats, acts, easing, squares, variance``; ``day`` datetime64; threats, acts
        and easing are sums of expected intensities over stories (0–10 a story), ``squares`` of the squares of their
        escalation, ``variance`` of the classifier's variances of it.
    feeds
        Index ``feed_id``; columns ``publisher, weight, archive, enabled, first_polled_on, last_polled_on`` (the two
        days NaT where never polled).
    polled
        Columns ``feed_id, day``: the days on which a feed answered, with news or with "not modified".
    counts
        Index ``day``, columns ``n_articles, n_stories``: all that is stored and was published then.
    """

    feed_days: pd.DataFrame
    feeds: pd.DataFrame
    polled: pd.DataFrame
    counts: pd.DataFrame

    def only(self, feed_ids: pd.Index) -> Observations:
        """The same for some of the feeds."""
        days = self.feed_days[self.feed_days["feed_id"].isin(feed_ids)]
        polled = self.polled[self.polled["feed_id"].isin(feed_ids)]
        return Observations(days, self.feeds.loc[feed_ids], polled, self.counts)


@dataclass(frozen=True)
class Panel:
    """What measuring a panel stands on.

    Attributes
    ----------
    days, feeds
        What rows and columns stand for; ``feeds`` as in `Observations`.
    member, observed
        Whether a feed belongs to the panel on a day; whether it does and was seen.
    values
        Days × feeds × 3: a feed's share of a day, shrunk and brought to the panel's level; intensity a story.
    weights
        Days × feeds: what a feed has to say, before the sum is made 1; zero where it has no stories.
    spread
        Days × feeds: variance of a feed's escalation (``values`` of threats and acts together), from its stories being
        a sample of the news and from the classifier's errors.
    stories
        Days × feeds: how many stories a feed had.
    mean
        Days × feeds × 3: a feed's mean intensity a story, as known from the days before.
    ratio
        Days × feeds: a feed's level to the panel's, as known from the days before.
    kappa
        In how many stories the mean counts as seen.
    """

    days: pd.DatetimeIndex
    feeds: pd.DataFrame
    member: Flags
    observed: Flags
    values: Floats
    weights: Floats
    spread: Floats
    stories: Floats
    mean: Floats
    ratio: Floats
    kappa: float

    @cached_property
    def scale(self) -> Floats:
        """Days × feeds: what a story's intensity is multiplied with to give its part of the feed's value."""
        stories = self.stories + self.kappa
        return np.asarray(1 / (self.ratio * np.where(stories > 0, stories, 1)))

    @cached_property
    def prior(self) -> Floats:
        """Days × feeds × 3: the part of a feed's value that shrinkage makes up."""
        return self.kappa * self.mean * self.scale[:, :, None]

    @property
    def coverage(self) -> Floats:
        """Share of its members that a day was seen by."""
        return np.asarray(self.observed.sum(axis=1) / np.maximum(self.member.sum(axis=1), 1))


def make_panel(
    seen: Observations, pooled: Mapping[str, float], end: pd.Timestamp, shrink: bool = True
) -> tuple[Panel, Panel]:
    """Bring observations into a panel.

    Parameters
    ----------
    seen
        What is known of its feeds.
    pooled
        ``threats, acts, easing``: mean intensity a story over many feeds and years, for a feed without a past.
    end
        The last day that counts.
    shrink
        Whether small days are drawn toward the feed's mean, and feeds toward the panel's level.

    Returns
    -------
    tuple of Panel
        The panel; and the same with feeds that are still on trial heard too, to link with.
    """
    days = pd.DatetimeIndex(np.union1d(seen.feed_days["day"].unique(), seen.polled["day"].unique()), name="day")
    days = days[days <= end]
    n = _grid(seen, "n_stories", days)
    sums = np.stack([_grid(seen, part, days) for part in PARTS], axis=2)
    answered = _answered(seen, days) | (n > 0)
    member = membership(seen.feeds, days, answered)
    kappa = PRIOR_STORIES if shrink else 0.0
    escalation = sums[:, :, :2].sum(axis=2)
    sampling = np.maximum(_grid(seen, "squares", days) - escalation**2 / np.maximum(n, 1), 0)
    panel = Panel(
        days=days,
        feeds=seen.feeds,
        member=member,
        observed=member & answered,
        values=sums,
        weights=feed_weights(seen.feeds, member & (n > 0)),
        spread=sampling + _grid(seen, "variance", days),
        stories=n,
        mean=_mean_so_far(sums, n, np.array([pooled[part] for part in PARTS]), days),
        ratio=ratio_to_panel(escalation, n, pooled["threats"] + pooled["acts"], shrink),
        kappa=kappa,
    )
    panel = replace(panel, values=sums * panel.scale[:, :, None] + panel.prior, spread=panel.spread * panel.scale**2)
    return panel, replace(panel, weights=feed_weights(seen.feeds, n > 0))


def membership(feeds: pd.DataFrame, days: pd.DatetimeIndex, answered: Flags) -> Flags:
    """Which feeds make up the panel on which day, days × feeds.

    The feeds of the panel's first two days found it and count at once, also for the days before the very first poll,
    which they still carried. A feed that joins later is on trial until it has been observed on 28 days. One that is
    switched off belongs to it until its last poll. An archive belongs to the days that it holds.
    """
    archive = feeds["archive"].to_numpy(bool)
    start, stop = feeds["first_polled_on"], feeds["last_polled_on"]
    founding = ((start <= start.min() + pd.Timedelta(days=1)) | archive).to_numpy()
    grid = np.asarray(days, dtype="datetime64[ns]")[:, None]
    joined = grid >= start.to_numpy("datetime64[ns]")[None, :]
    seen_before: NDArray[np.int64] = np.cumsum(answered & joined, axis=0) - (answered & joined)
    last = stop.where(~feeds["enabled"] & ~feeds["archive"], pd.Timestamp.max).to_numpy("datetime64[ns]")
    inside = founding[None, :] | (joined & (seen_before >= TRIAL_DAYS))
    return np.asarray(inside & ((grid <= last[None, :]) | archive[None, :]))


def ratio_to_panel(sums: Floats, n: Floats, pooled: float, shrink: bool = True) -> Floats:
    """How much higher a feed's shares have been than the panel's over the days before that both have, days × feeds.

    A feed on security and one on everything speak alike once each is divided by its ratio. Dividing by a feed's own
    spread, as Baker, Bloom & Davis (2016) do, explodes where the base period was calm, and mutes a feed for good once
    a war is in it.
    """
    share = np.divide(sums, n, out=np.zeros_like(sums), where=n > 0)
    has = n > 0
    n_feeds = has.sum(axis=1, keepdims=True)
    panel = np.divide(share.sum(axis=1, keepdims=True), n_feeds, out=np.zeros((len(n), 1)), where=n_feeds > 0)
    weight = RATIO_DAYS * max(pooled, 1e-9) if shrink else 1e-12
    own, common = _before(share * has) + weight, _before(panel * has) + weight
    return np.asarray(own / common)


def _mean_so_far(sums: Floats, n: Floats, pooled: Floats, days: pd.DatetimeIndex) -> Floats:
    """A feed's mean intensity a story over the days before, the older the less; days × feeds × 3."""
    kept = 0.5 ** (np.diff(days, prepend=days[:1]) / pd.Timedelta(days=MEMORY_DAYS))
    mean = np.empty_like(sums)
    total, stories = np.zeros(sums.shape[1:]), np.zeros(n.shape[1])
    for day, keep in enumerate(kept):
        total, stories = total * keep, stories * keep
        mean[day] = (total + POOLED_STORIES * pooled) / (stories + POOLED_STORIES)[:, None]
        total, stories = total + sums[day], stories + n[day]
    return mean


def _before(values: Floats) -> Floats:
    """Sums over the days before."""
    return np.asarray(np.cumsum(values, axis=0) - values)


def feed_weights(feeds: pd.DataFrame, speaking: Flags) -> Floats:
    """What each feed has to say, days × feeds: its weight if it speaks, its family capped at `FAMILY_CAP`."""
    weights = speaking * feeds["weight"].to_numpy(float)[None, :]
    family = pd.factorize(feeds["publisher"])[0]
    of_family = np.zeros((len(weights), family.max(initial=-1) + 1))
    np.add.at(of_family.T, family, weights.T)
    cap = np.minimum(1.0, FAMILY_CAP / np.maximum(of_family, 1e-12))
    return np.asarray(weights * cap[:, family])


def _answered(seen: Observations, days: pd.DatetimeIndex) -> Flags:
    polled = seen.polled.assign(yes=True).pivot_table(index="day", columns="feed_id", values="yes", aggfunc="any")
    return polled.reindex(index=days, columns=seen.feeds.index).eq(True).to_numpy(bool)


def _grid(seen: Observations, column: str, days: pd.DatetimeIndex) -> Floats:
    table = seen.feed_days.pivot(index="day", columns="feed_id", values=column)
    return table.reindex(index=days, columns=seen.feeds.index).fillna(0.0).to_numpy(float)
