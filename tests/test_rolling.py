"""The last 24 hours, rolling: at midnight the same as the day that ends."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from tension.index.measure import joined, measure_panels
from tension.index.rolling import rolling
from tests.panels import POOLED, TODAY, observations

UTC, MOSCOW = ZoneInfo("UTC"), ZoneInfo("Europe/Moscow")
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
    told["at"] = told["at"].dt.tz_localize("UTC")
    return told, measure_panels(seen, REFERENCE, POOLED, TODAY, 0.5)


def test_the_last_minute_of_a_day_has_the_days_value():
    told, panels = told_and_panels()
    ends = DAYS[5:] + pd.Timedelta(hours=24) - pd.Timedelta(seconds=1)
    ends = ends.tz_localize("UTC")
    hours = rolling(panels, ends, told, UTC)
    days = panels[0].days.loc[DAYS[5:], ["threats", "acts", "easing"]]
    np.testing.assert_allclose(hours[["threats", "acts", "easing"]], days)
    np.testing.assert_allclose(hours["index"], hours["threats"] + hours["acts"])
    np.testing.assert_allclose(hours["net"], hours["index"] - hours["easing"])
    assert (hours["n_feeds"] == 3).all()


def test_a_window_without_stories_has_no_value():
    told, panels = told_and_panels()
    noon = pd.DatetimeIndex(["2022-02-10 12:00"], tz="UTC")
    assert rolling(panels, noon, told[told["at"] > "2022-02-11"], UTC)["index"].isna().all()
    assert rolling(panels, pd.DatetimeIndex(["2022-04-01"], tz="UTC"), told, UTC)["index"].isna().all()


def test_articles_on_one_story_in_a_window_are_one():
    told, panels = told_and_panels()
    twice = pd.concat([told, told.assign(at=told["at"] + pd.Timedelta(minutes=1))])
    noon = pd.DatetimeIndex(["2022-02-10 12:00"], tz="UTC")
    assert rolling(panels, noon, twice, UTC)["index"].iloc[0] == pytest.approx(
        rolling(panels, noon, told, UTC)["index"].iloc[0], rel=0.02
    )


def test_a_window_ends_in_the_day_of_the_zone():
    """Moscow's day ends at 21:00 UTC: its value, of stories moved by three hours, is that of the day in UTC."""
    told, panels = told_and_panels()
    moved = told.assign(at=told["at"] - pd.Timedelta(hours=3))
    ends = (DAYS[5:] + pd.Timedelta(hours=21) - pd.Timedelta(seconds=1)).tz_localize("UTC")
    hours = rolling(panels, ends, moved, MOSCOW)
    np.testing.assert_allclose(hours[["threats", "acts"]], panels[0].days.loc[DAYS[5:], ["threats", "acts"]])


def test_panels_are_joined_as_for_days():
    told, (live,) = told_and_panels()
    archive = told.assign(feed_id=told["feed_id"] + 10)
    days = archive.groupby(["feed_id", archive["at"].dt.tz_localize(None).dt.normalize()])
    sums, n = days[["threats", "acts", "easing"]].sum(), days.size()
    seen = observations([(*key, n[key], *sums.loc[key]) for key in n.index], archive=True)
    panels = [live, *measure_panels(seen, REFERENCE, POOLED, TODAY, 0.5)]
    ends = (DAYS[5:] + pd.Timedelta(hours=24) - pd.Timedelta(seconds=1)).tz_localize("UTC")
    hours = rolling(panels, ends, pd.concat([told, archive]), UTC)
    np.testing.assert_allclose(hours[["threats", "acts"]], joined(panels).loc[DAYS[5:], ["threats", "acts"]])
    assert (hours["n_feeds"] == 6).all()
