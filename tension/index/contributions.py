"""What a day's value is made of: rows that add up to it exactly; and what made it change from another day's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tension.index.measure import Measured
from tension.index.panel import PARTS, Floats
from tension.signals.codebook import KEYS, SIGNALS, Kind
from tension.tongue import N_

STORY, SHRINKAGE, SPLICE, COVERAGE, SINCE = "story", "shrinkage", "splice", "coverage", "since"
VOLUME = "volume"
MEANINGS = {
    SHRINKAGE: N_("drawn toward the feeds' own means"),
    SPLICE: N_("links over feeds that entered or left"),
    COVERAGE: N_("which feeds were heard"),
    VOLUME: N_("how much other news there was"),
    SINCE: N_("what came after the value was published"),
}
COLUMNS = ["source", "feed_id", "article_id", "story_id", "signal", "kind", "value"]
_ESCALATING = [signal.key for signal in SIGNALS if signal.kind is not Kind.EASING]
_KIND_OF_PART = {"threats": Kind.THREAT, "acts": Kind.ACT, "easing": Kind.EASING}


def contributions(panels: Sequence[Measured], day: pd.Timestamp, carried: pd.DataFrame) -> pd.DataFrame:
    """Everything that a day's value is made of.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    day
        A day with a value.
    carried
        What the feeds carried that day, a row an article and feed: ``feed_id, article_id, story_id, weight`` and
        ``parts`` (18 expected intensities in codebook order), as `tension.storage.frames.carried` gives.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; ``value`` in index points. ``source`` is ``story`` (one row an article, feed and signal),
        ``shrinkage`` (what drew a feed's day toward its mean; a row a feed and kind) or ``splice`` (what linking over
        changes of the panel has come to; a row a kind). Rows of kinds threat and act sum to the index, those of kind
        easing to the easing.
    """
    rows = []
    shares = _shares(panels, day)
    for one, share in zip(panels, shares, strict=True):
        if share:
            position = int(one.panel.days.get_indexer(pd.DatetimeIndex([day]))[0])
            rows += [_stories(one, position, share, carried), _shrinkage(one, position, share)]
            rows.append(_splice(one, position, share))
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat([row for row in rows if len(row)], ignore_index=True).reindex(columns=COLUMNS)


def points_a_story(panels: Sequence[Measured], day: pd.Timestamp) -> pd.Series[float]:
    """What a story adds to a day's value for each unit of its expected intensity and weight: index points, by feed."""
    found = []
    for one, share in zip(panels, _shares(panels, day), strict=True):
        if share:
            position = int(one.panel.days.get_indexer(pd.DatetimeIndex([day]))[0])
            found.append(pd.Series(_per_story(one, position, share), one.panel.feeds.index))
    return pd.concat(found) if found else pd.Series(dtype=float)


def feed_multipliers(one: Measured, position: int) -> Floats:
    """What a feed's value is multiplied with to give its part of the day, before linking, in index points."""
    weights = one.panel.weights[position]
    return np.asarray(weights / max(weights.sum(), 1e-12) * one.factor)


def _shares(panels: Sequence[Measured], day: pd.Timestamp) -> list[float]:
    """How much each panel has to say on a day."""
    weights = [float(one.days["weight"].get(day, 0.0)) for one in panels]
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def _per_story(one: Measured, position: int, share: float) -> Floats:
    return np.asarray(share * feed_multipliers(one, position) * one.panel.scale[position])


def _stories(one: Measured, position: int, share: float, carried: pd.DataFrame) -> pd.DataFrame:
    ids = one.panel.feeds.index
    mine = carried[carried["feed_id"].isin(ids)]
    if mine.empty:
        return pd.DataFrame(columns=COLUMNS)
    copies = mine.groupby(["feed_id", "story_id"])["article_id"].transform("size").to_numpy()
    unit = _per_story(one, position, share)[ids.get_indexer(pd.Index(mine["feed_id"]))]
    times = unit * mine["weight"].to_numpy() / copies
    values = np.array(mine["parts"].tolist(), dtype=float) * times[:, None]
    wide = pd.DataFrame(values, columns=list(KEYS))
    wide[["feed_id", "article_id", "story_id"]] = mine[["feed_id", "article_id", "story_id"]].to_numpy()
    rows = wide.melt(["feed_id", "article_id", "story_id"], var_name="signal", value_name="value")
    rows = rows[rows["value"] != 0]
    rows["kind"] = rows["signal"].map({signal.key: signal.kind.value for signal in SIGNALS})
    return rows.assign(source=STORY)


def _shrinkage(one: Measured, position: int, share: float) -> pd.DataFrame:
    values = one.panel.prior[position] * (share * feed_multipliers(one, position))[:, None]
    wide = pd.DataFrame(values, columns=[_KIND_OF_PART[part].value for part in PARTS]).assign(
        feed_id=one.panel.feeds.index.to_numpy()
    )
    rows = wide.melt("feed_id", var_name="kind", value_name="value")
    return rows[rows["value"] != 0].assign(source=SHRINKAGE, signal="")


def _splice(one: Measured, position: int, share: float) -> pd.DataFrame:
    linked = one.days[PARTS].iloc[position].to_numpy(float) * share
    values = linked * (1 - 1 / one.link[position])
    kinds = [_KIND_OF_PART[part].value for part in PARTS]
    rows = pd.DataFrame({"kind": kinds, "value": values})
    return rows[rows["value"] != 0].assign(source=SPLICE, signal="")


def change(
    panels: Sequence[Measured], before: pd.Timestamp, after: pd.Timestamp, parts: Mapping[pd.Timestamp, pd.DataFrame]
) -> pd.DataFrame:
    """What made the index change between two days, by Shapley value.

    A feed's part of a day is a product: how much it has to say, times what a story counts in its share (one by all its
    stories, relevant or not, at its level), times what its stories sum to. Each factor's change counts at the mean of
    what the others were in every order of changing them, so that none is preferred. A feed heard on one of the days
    alone is taken to say the same on both: that it was heard is all that changed.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    before, after
        Days with a value.
    parts
        For both days, what feeds' stories sum to by signal: index ``feed_id``, a column a signal.

    Returns
    -------
    DataFrame
        Columns ``cause`` (a signal, `SHRINKAGE`, `VOLUME`: how much other news a feed had, or `COVERAGE`: which feeds
        were heard, and the links over changes of the panel), ``feed_id`` and ``value``; values sum to the change of the
        index, in index points.
    """
    rows = []
    for one, *shares in zip(panels, _shares(panels, before), _shares(panels, after), strict=True):
        at = one.panel.days.get_indexer(pd.DatetimeIndex([before, after])).tolist()
        if max(at) < 0:
            continue  # a panel of other days
        if min(at) < 0:
            at = [max(at)] * 2
        heard = [share * one.link[p] * feed_multipliers(one, p) for p, share in zip(at, shares, strict=True)]
        told = [_told(one, p, parts[day]) for p, day in zip(at, (before, after), strict=True)]
        scale = [one.panel.scale[p] for p in at]
        told = [np.where(heard[k][:, None] == 0, told[1 - k], told[k]) for k in (0, 1)]
        scale = [np.where(heard[k] == 0, scale[1 - k], scale[k]) for k in (0, 1)]
        sums = [each.sum(axis=1) for each in told]
        wide = pd.DataFrame(_shapley(told, heard, scale), columns=[*_ESCALATING, SHRINKAGE])
        wide[VOLUME] = _shapley(scale, heard, sums)
        wide[COVERAGE] = _shapley(heard, scale, sums)
        wide["feed_id"] = one.panel.feeds.index.to_numpy()
        rows.append(wide.melt("feed_id", var_name="cause", value_name="value"))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["feed_id", "cause", "value"])
    return table.loc[table["value"] != 0, ["cause", "feed_id", "value"]].reset_index(drop=True)


def _shapley(own: Sequence[Floats], other: Sequence[Floats], third: Sequence[Floats]) -> Floats:
    """The part of the first factor in the change of a product of three; each before and after."""
    same = (other[0] * third[0] + other[1] * third[1]) / 3
    mixed = (other[0] * third[1] + other[1] * third[0]) / 6
    return np.asarray(((own[1] - own[0]).T * (same + mixed)).T)


def _told(one: Measured, position: int, parts: pd.DataFrame) -> Floats:
    """What a feed's stories sum to by escalating signal, and last what its mean stands for; feeds × 16."""
    told = parts.reindex(one.panel.feeds.index, columns=_ESCALATING).fillna(0.0).to_numpy()
    return np.column_stack([told, one.panel.kappa * one.panel.mean[position][:, :2].sum(axis=1)])
