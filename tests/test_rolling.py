"""The last 24 hours, rolling: at midnight the same as the day that ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tension.index.measure import measure_panels
from tension.index.rolling import rolling
from tests.panels import POOLED, TODAY, observations

REFERENCE = pd.Series(120.0, index=pd.date_range("2021-06-01", periods=300))
DAYS = pd.date_range("2022-02-01", "2022-02-20")


def told_and_panels():
    random = np.random.default_rng(2)
    rows = []
    for feed in (1, 2, 3):
        for day in DAYS:
            for _ in range(int(random.integers(3, 12))):
                at = day + pd.Timedelta(minutes=int(random.integers(1, 24 * 60)))
                rows.append((feed, at, *random.exponential(0.5, 3)))
    told = pd.DataFrame(rows, columns=["feed_id", "at", "threats", "acts", "easing"])
    told["story_id"], told["weight"] = range(len(told)), 1.0
    days = told.groupby(["feed_id", told["at"].dt.normalize()])
    sums, n = days[["threats", "acts", "easing"]].sum(), days.size()
    seen = observations([(*key, n[key], *sums.loc[key]) for key in n.index], list(n.index))
    return told, measure_panels(seen, REFERENCE, POOLED, TODAY, 0.5)


def test_the_last_minute_of_a_day_has_the_days_value():
    told, panels = told_and_panels()
    ends = DAYS[5:] + pd.Timedelta(hours=24) - pd.Timedelta(seconds=1)
    hours = rolling(panels, ends, told)
    days = panels[0].days.loc[DAYS[5:], ["threats", "acts", "easing"]]
    np.testing.assert_allclose(hours[["threats", "acts", "easing"]], days)
    np.testing.assert_allclose(hours["index"], hours["threats"] + hours["acts"])
    np.testing.assert_allclose(hours["net"], hours["index"] - hours["easing"])
    assert (hours["n_feeds"] == 3).all()


def test_a_window_without_stories_has_no_value():
    told, panels = told_and_panels()
    noon = pd.DatetimeIndex(["2022-02-10 12:00"])
    assert rolling(panels, noon, told[told["at"] > "2022-02-11"])["index"].isna().all()
    assert rolling(panels, pd.DatetimeIndex(["2022-04-01"]), told)["index"].isna().all()


def test_articles_on_one_story_in_a_window_are_one():
    told, panels = told_and_panels()
    twice = pd.concat([told, told.assign(at=told["at"] + pd.Timedelta(minutes=1))])
    noon = pd.DatetimeIndex(["2022-02-10 12:00"])
    assert rolling(panels, noon, twice)["index"].iloc[0] == pytest.approx(
        rolling(panels, noon, told)["index"].iloc[0], rel=0.02
    )
