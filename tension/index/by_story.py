"""What articles and stories add to the index, over many days at once. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tension.index.contributions import points_a_story
from tension.index.measure import Measured


def points_by_article(panels: Sequence[Measured], days: pd.DatetimeIndex, told: pd.DataFrame) -> pd.Series[float]:
    """Index points that articles add to their days.

    Parameters
    ----------
    panels
        From `tension.index.measure.measure_panels`.
    days
        Days with a value; others add nothing.
    told
        All that the feeds carried on these days, a row an article and feed: ``feed_id, day, article_id, story_id,
        weight`` and ``escalation`` (expected intensity of threats and acts, 0–10).

    Returns
    -------
    Series
        On the rows of ``told`` that are of these days. A feed's articles on one story of one day count at their mean,
        as in the index.
    """
    mine = told[told["day"].isin(days)]
    worth = {day: points_a_story(panels, day) for day in days}
    if mine.empty or not worth:
        return pd.Series(dtype=float)
    units = pd.concat(worth).reindex(pd.MultiIndex.from_frame(mine[["day", "feed_id"]]), fill_value=0.0).to_numpy()
    copies = mine.groupby(["day", "feed_id", "story_id"])["article_id"].transform("size")
    points: pd.Series[float] = units * mine["weight"] * mine["escalation"] / copies
    return points


def points_by_story(panels: Sequence[Measured], days: pd.DatetimeIndex, told: pd.DataFrame) -> pd.Series[float]:
    """The same summed by ``story_id``."""
    points = points_by_article(panels, days, told)
    summed: pd.Series[float] = points.groupby(told["story_id"].reindex(points.index)).sum()
    return summed
