"""What each story adds to the index, over many days at once. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tension.index.contributions import points_a_story
from tension.index.measure import Measured


def points_by_story(panels: Sequence[Measured], days: pd.DatetimeIndex, told: pd.DataFrame) -> pd.Series[float]:
    """Index points that stories add to some days, summed over the days.

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
        By ``story_id``. A feed's articles on one story of one day count at their mean, as in the index.
    """
    worth = {day: points_a_story(panels, day) for day in days}
    mine = told[told["day"].isin(days)]
    if mine.empty:
        return pd.Series(dtype=float)
    units = pd.concat(worth)
    stories = mine.groupby(["day", "feed_id", "story_id"])[["weight", "escalation"]].mean().reset_index()
    unit = units.reindex(pd.MultiIndex.from_frame(stories[["day", "feed_id"]]), fill_value=0.0).to_numpy()
    points = unit * stories["weight"] * stories["escalation"]
    summed: pd.Series[float] = points.groupby(stories["story_id"]).sum()
    return summed
