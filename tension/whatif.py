"""The index under an analyst's own assumptions, beside the published one. Nothing here is ever stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from tension.index.measure import HALF_LIFE_DAYS, Measured, heard_from, joined, measure_panels, smooth
from tension.index.panel import PARTS, Floats, Observations
from tension.index.reference import read_pooled, read_reference
from tension.measured import observations
from tension.signals.codebook import BY_KEY, KEYS, SIGNALS
from tension.signals.intensity import by_kind, expected_parts
from tension.storage import frames
from tension.storage.days import told_parts

STRONG = 0.05  # expected intensity (0–10) from which on an article is coded anew by itself
LINES = ["index", "net", *PARTS, "smoothed"]
_SIZES = np.array([abs(signal.intensity) for signal in SIGNALS])


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What an analyst would have otherwise.

    Attributes
    ----------
    intensities
        Size of a signal, 0–10, by its key; those not named are the codebook's.
    left_out
        Feeds that do not count, by id.
    half_life_days
        Of the smoothed line.
    """

    intensities: Mapping[str, float] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    half_life_days: float = HALF_LIFE_DAYS

    def __post_init__(self) -> None:
        for key, size in self.intensities.items():
            if key not in BY_KEY or not 0 <= size <= 10:
                raise ValueError(f"{key}: {size} is no intensity; it takes a signal of the codebook and 0 to 10")
        if not self.half_life_days > 0:
            raise ValueError(f"half-life: {self.half_life_days} is no number of days above 0")

    @property
    def ratios(self) -> Floats:
        """Each signal's size to that of the codebook, shape (18,)."""
        sizes = [self.intensities.get(key, size) for key, size in zip(KEYS, _SIZES, strict=True)]
        return np.asarray(np.array(sizes, dtype=float) / _SIZES)


@dataclass(frozen=True)
class Basis:
    """What the index is measured from, read once so that assumptions can be tried quickly.

    Attributes
    ----------
    seen
        What is known of the feeds; ``feed_days`` has ``parts`` too, the sums by signal.
    strong
        Articles of some intensity, a row an article and feed: ``feed_id, day, story_id, weight, p_direct, p_partner,
        probabilities``. They are coded anew; what is fainter has no saturation to speak of, and its sums are
        multiplied.
    coverage_floor
        Share of a panel that must have observed a day for it to have a value.
    last
        The last published day.
    """

    seen: Observations
    strong: pd.DataFrame
    coverage_floor: float
    last: date

    @cached_property
    def sums(self) -> Floats:
        """By feed-day of ``seen.feed_days`` and signal, as the codebook has it."""
        return np.array(self.seen.feed_days["parts"].tolist(), dtype=float).reshape(-1, len(KEYS))

    @cached_property
    def faint(self) -> Floats:
        """The part of `sums` that is not from strong articles."""
        return self.sums - self._strong_sums(np.ones(len(KEYS)))

    @cached_property
    def published(self) -> list[Measured]:
        """The panels as the codebook has them."""
        return self._panels(self.seen)

    def under(self, chosen: Assumptions) -> pd.DataFrame:
        """The index under some assumptions.

        The unit is held: a point is what it is in the published series, so that a signal which counts more lifts the
        index. A feed left out has no say, but what is known by it stays: the panel's level, the others' ratios, links.

        Returns
        -------
        DataFrame
            Index ``day``, columns `LINES`, index points; NaN on days that the feeds left in saw too little of.
        """
        parts = self.faint * chosen.ratios + self._strong_sums(chosen.ratios)
        feed_days = self.seen.feed_days.assign(**dict(zip(PARTS, by_kind(parts).T, strict=True)))
        panels = self._panels(replace(self.seen, feed_days=feed_days))
        in_unit = [replace(one, factor=known.factor) for one, known in zip(panels, self.published, strict=True)]
        days = joined([heard_from(one, ~one.panel.feeds.index.isin(chosen.left_out)) for one in in_unit])
        days["index"] = days["threats"] + days["acts"]
        days["net"] = days["index"] - days["easing"]
        days["smoothed"] = smooth(days["index"], chosen.half_life_days)
        return days[LINES]

    def _panels(self, seen: Observations) -> list[Measured]:
        return measure_panels(seen, read_reference()["index"], read_pooled(), self.last, self.coverage_floor)

    @cached_property
    def _figures(self) -> tuple[Floats, Floats, Floats]:
        """Of `strong`: P(direct), P(partner), and the probabilities of the signals."""
        direct, partner = (self.strong[name].to_numpy(float) for name in ("p_direct", "p_partner"))
        return direct, partner, np.array(self.strong["probabilities"].tolist(), dtype=float).reshape(-1, len(KEYS))

    def _strong_sums(self, ratios: Floats) -> Floats:
        direct, partner, signals = self._figures
        # only the product of probability and intensity counts, so that one may stand in for the other
        found = told_parts(self.strong, expected_parts(direct, partner, signals * ratios))
        keys = pd.MultiIndex.from_frame(self.seen.feed_days[["feed_id", "day"]])
        return found.reindex(keys, fill_value=0.0).to_numpy(float)


def basis(engine: Engine, model_version: str, coverage_floor: float) -> Basis:
    """Read what is needed to try assumptions; some seconds at a million articles."""
    seen = observations(engine, model_version)
    days = seen.feed_days.merge(frames.all_parts(engine, model_version), on=["feed_id", "day"])
    last = frames.index_points(engine).index.max().date()
    return Basis(replace(seen, feed_days=days), frames.strong(engine, model_version, STRONG), coverage_floor, last)


def effect(panels: Sequence[Measured], carried: pd.DataFrame) -> pd.DataFrame:
    """What another feed would have made of the days that it carried stories of, as a full member of the live panel.

    It is taken to speak at the panel's level, drawn toward the panel's mean where its stories are few: its own mean
    and ratio are known only after weeks.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    carried
        A row a day: index ``day``; ``n`` stories, and the sums ``threats`` and ``acts`` of their expected intensity.

    Returns
    -------
    DataFrame
        Index ``day``, those of them that have a value; columns ``index``, ``with_it`` (index points), ``n`` (stories).
    """
    live = [one for one in panels if not one.panel.feeds["archive"].all()]
    rows = []
    for one in live:
        panel, at = one.panel, one.panel.days.get_indexer(pd.DatetimeIndex(carried.index))
        for position, (day, told) in zip(at, carried.iterrows(), strict=True):
            total = panel.weights[position].sum() if position >= 0 else 0.0
            if not total or np.isnan(one.days["threats"].iloc[position]):
                continue
            mean = panel.weights[position] @ panel.mean[position][:, :2].sum(axis=1) / total
            own = (told["threats"] + told["acts"] + panel.kappa * mean) / (told["n"] + panel.kappa)
            index = float(one.days[["threats", "acts"]].iloc[position].sum())
            new = (index * total + own * one.factor * one.link[position]) / (total + 1.0)
            rows.append((day, index, new, int(told["n"])))
    return pd.DataFrame(rows, columns=["day", "index", "with_it", "n"]).set_index("day")
