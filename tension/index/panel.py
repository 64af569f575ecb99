"""A panel of feeds day by day: who belongs to it, what each feed's day is worth, and how much each has to say.

Arrays are days × feeds, or days × feeds × 3 for threats, acts and easing. Whatever is estimated for a day is estimated
from the days before it, so that no later day rewrites an earlier one. What feeds.yaml says of weights, families and
which feeds are on holds for all days: changing it measures the past anew, as new vintages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tension.stories import FOUNDING, TRIAL

PARTS = ["threats", "acts", "easing"]
PRIOR_STORIES = 10.0  # a day weighs against the feed's mean as if the mean had been seen in ten stories
MEMORY_DAYS = 60.0  # half-life with which a feed's mean and spread forget
PANEL_STORIES = 50.0  # a feed's mean weighs against the panel's as if that had been seen in fifty stories
POOLED_STORIES = 10.0  # the panel's mean weighs against the pooled one of the archives as if that had been seen in ten
RATIO_DAYS = 14.0  # a feed's ratio to the panel weighs against 1 as if 1 had been seen on fourteen days
TRIAL_DAYS = TRIAL.days  # observed days before a feed that joins later counts
SILENT_DAYS = 28  # days without an answer after which a feed has left
UNASKED_DAYS = 2  # days on which others were asked and a feed was not, after which it is taken for switched off
_DAY_MINUTES = 24 * 60
FAMILY_CAP = 2.0  # a family of feeds weighs at most as much as two feeds

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Observations:
    """What is known of the feeds, day by day.

    Parameters
    ----------
    feed_days
        Columns ``feed_id, day, n_effective, threats, acts, easing, squares, variance``; ``day`` datetime64;
        ``n_effective`` stories at the weight of their copies; threats, acts and easing are sums of their expected
        intensities at that weight (0–10 a story), ``squares`` of the squares of their escalation, ``variance`` of the
        classifier's variances of it.
    feeds
        Index ``feed_id``; columns ``publisher, weight, archive, enabled, interval_minutes`` (NaN: the default), and
        ``first_polled_on, last_polled_on`` (NaT where never polled).
    polled
        Columns ``feed_id, day, answered``: the days on which a feed was asked, and whether it answered, with news or
        with "not modified".
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
        Days × feeds: how many stories a feed had, each at the weight of a copy.
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
        ``threats, acts, easing``: mean intensity a story over many feeds and years; ``squares``: of the square of its
        escalation. For a panel without a past.
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
    columns = ["n_effective", "squares", "variance", *PARTS]
    n, squares, coding, *parts = _places(seen.feed_days, days, seen.feeds.index, columns)
    sums = np.stack(parts, axis=2)
    asked, answered = _polled(seen, days)
    answered = answered | (n > 0)
    member = membership(seen.feeds, days, asked, answered)
    weights = feed_weights(seen.feeds, member & (n > 0))
    age = np.asarray((days - days[:1].min()) / pd.Timedelta(days=MEMORY_DAYS), dtype=float)
    escalation = sums[:, :, :2].sum(axis=2)
    mean = _mean_so_far(sums, n, np.array([pooled[part] for part in PARTS]), age)
    square = _mean_so_far(squares[:, :, None], n, np.array([pooled["squares"]]), age)[:, :, 0]
    panel = Panel(
        days=days,
        feeds=seen.feeds,
        member=member,
        observed=member & answered,
        values=sums,
        weights=weights,
        spread=np.maximum(square - mean[:, :, :2].sum(axis=2) ** 2, 0.0),
        stories=n,
        mean=mean,
        ratio=ratio_to_panel(escalation, n, weights, pooled["threats"] + pooled["acts"], shrink),
        kappa=PRIOR_STORIES if shrink else 0.0,
    )
    sampling = panel.spread * panel.scale / panel.ratio  # σ² / (N + κ) / r²
    values = sums * panel.scale[:, :, None] + panel.prior
    panel = replace(panel, values=values, spread=sampling + coding * panel.scale**2)
    return panel, replace(panel, weights=feed_weights(seen.feeds, n > 0))


def founding(feeds: pd.DataFrame) -> Flags:
    """Which feeds found the panel: those first polled on its first two days, and archives."""
    start = feeds["first_polled_on"]
    return np.asarray((start <= start.min() + FOUNDING) | feeds["archive"].astype(bool), dtype=bool)


def membership(feeds: pd.DataFrame, days: pd.DatetimeIndex, asked: Flags, answered: Flags) -> Flags:
    """Which feeds make up the panel on which day, days × feeds; known from that day and the days before it.

    Founding feeds count at once, also for the days before their first poll, which they still carried. A feed that
    joins later is on trial until it has been observed on 28 days. One that was not asked for more than two days on
    which others were (or twice its interval, where that is longer) has been switched off; one that has not answered on
    28 days on which others did has left; both are on trial again when they come back. An archive belongs to the days
    that it holds.
    """
    archive = feeds["archive"].to_numpy(bool)
    start = feeds["first_polled_on"].to_numpy("datetime64[D]")
    rests = np.maximum(UNASKED_DAYS, 2 * np.ceil(feeds["interval_minutes"].fillna(0).to_numpy(float) / _DAY_MINUTES))
    off = (~feeds["enabled"] & ~feeds["archive"]).to_numpy(bool)
    stop = feeds["last_polled_on"].to_numpy("datetime64[D]")
    founders = founding(feeds)
    inside, trial = founders.copy(), np.zeros(len(feeds))
    unasked, silent = np.zeros(len(feeds)), np.zeros(len(feeds))
    member = np.zeros((len(days), len(feeds)), dtype=bool)
    for row, day in enumerate(days.to_numpy("datetime64[D]")):
        begun = day >= start
        # when nobody is asked, the poller rests; when nobody answers, the network is down: no feed has left
        unasked = np.where(asked[row] | answered[row], 0, unasked + (begun & asked[row].any()))
        silent = np.where(answered[row], 0, silent + (begun & answered[row].any()))
        gone = ~archive & ((unasked > rests) | (silent > SILENT_DAYS))
        inside, trial = inside & ~gone, np.where(gone, 0, trial)
        inside |= begun & (trial >= TRIAL_DAYS)
        member[row] = archive | (inside & (begun | founders) & ~(off & (day > stop)))
        trial = trial + (begun & answered[row])
    return member


def ratio_to_panel(sums: Floats, n: Floats, weights: Floats, pooled: float, shrink: bool = True) -> Floats:
    """How much higher a feed's shares have been than the panel's level over the days before that both have.

    A feed on security and one on everything speak alike once each is divided by its ratio. Dividing by a feed's own
    spread, as Baker, Bloom & Davis (2016) do, explodes where the base period was calm, and mutes a feed for good once
    a war is in it. The panel's level is what its members say, each divided by its own ratio: a feed that is no member
    moves nobody's.

    Parameters
    ----------
    sums, n
        Days × feeds: escalation, and stories.
    weights
        Days × feeds: what each member has to say, zero for others.
    pooled
        Mean escalation a story, the unit in which the prior counts.
    shrink
        Whether ratios are drawn toward 1.

    Returns
    -------
    ndarray
        Days × feeds.
    """
    share = np.divide(sums, n, out=np.zeros_like(sums), where=n > 0)
    prior = RATIO_DAYS * max(pooled, 1e-9) if shrink else 1e-12
    own, common = np.full(n.shape[1], prior), np.full(n.shape[1], prior)
    ratio = np.ones_like(n)
    for day, weight in enumerate(weights):
        ratio[day] = own / common
        if total := weight.sum():
            both = n[day] > 0
            own = own + share[day] * both
            common = common + (weight * share[day] / ratio[day]).sum() / total * both
    return ratio


def _mean_so_far(sums: Floats, n: Floats, pooled: Floats, age: Floats) -> Floats:
    """A feed's mean a story over the days before, the older the less, starting from the panel's.

    Parameters
    ----------
    sums, n
        Days × feeds × k, days × feeds.
    pooled
        Shape (k,): where the panel's own mean starts from.
    age
        Shape (days,): of each day since the first, in half-lives of what is known.

    Returns
    -------
    ndarray
        Days × feeds × k.
    """
    total, stories = _before(sums, age), _before(n[:, :, None], age)
    panel = (total.sum(axis=1) + POOLED_STORIES * pooled) / (stories.sum(axis=1) + POOLED_STORIES)
    return np.asarray((total + PANEL_STORIES * panel[:, None, :]) / (stories + PANEL_STORIES))


def _before(values: Floats, age: Floats) -> Floats:
    """Sums over the days before each day, halved with each half-life since; days × feeds × k."""
    grown = 2.0 ** age[:, None, None]
    total = np.cumsum(values * grown, axis=0)
    return np.asarray(np.concatenate([np.zeros_like(total[:1]), total[:-1]]) / grown)


def feed_weights(feeds: pd.DataFrame, speaking: Flags) -> Floats:
    """What each feed has to say, days × feeds: its weight if it speaks.

    A family weighs at most `FAMILY_CAP` times as much as the heaviest of its feeds.
    """
    own = feeds["weight"].to_numpy(float)
    weights = speaking * own[None, :]
    family = pd.factorize(feeds["publisher"])[0]
    heaviest, total = np.zeros(family.max(initial=-1) + 1), np.zeros((len(weights), family.max(initial=-1) + 1))
    np.maximum.at(heaviest, family, own)
    np.add.at(total.T, family, weights.T)
    cap = np.minimum(1.0, FAMILY_CAP * heaviest / np.maximum(total, 1e-12))
    return np.asarray(weights * cap[:, family])


def _polled(seen: Observations, days: pd.DatetimeIndex) -> tuple[Flags, Flags]:
    """Whether a feed was asked, and whether it answered, days × feeds."""
    polled = seen.polled.assign(asked=True)
    asked, answered = _places(polled, days, seen.feeds.index, ["asked", "answered"])
    return asked > 0, answered > 0


def _places(table: pd.DataFrame, days: pd.DatetimeIndex, feeds: pd.Index, columns: list[str]) -> list[Floats]:
    """Columns of a table with a row a feed and day, each as days × feeds; zero where there is no row."""
    row, column = days.get_indexer(pd.Index(table["day"])), feeds.get_indexer(pd.Index(table["feed_id"]))
    inside = (row >= 0) & (column >= 0)
    found = []
    for name in columns:
        grid = np.zeros((len(days), len(feeds)))
        grid[row[inside], column[inside]] = table[name].to_numpy(float)[inside]
        found.append(grid)
    return found
