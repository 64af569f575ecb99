"""Points by signal sum to the index and the easing; records and percentiles are of a signal's own past."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tension.index.by_signal import (
    COLUMNS,
    INDEX_COLUMNS,
    SHRINKAGE_OF_EASING,
    index_of,
    points_by_signal,
    smoothed,
    standing,
)
from tension.index.contributions import SHRINKAGE
from tension.index.measure import measure, measure_panels
from tension.index.panel import PRIOR_STORIES, Observations
from tension.signals.codebook import BY_KEY, KEYS, Kind
from tension.signals.intensity import by_kind
from tests.panels import POOLED, TODAY, observations

REFERENCE = pd.Series(120.0, index=pd.date_range("2021-06-01", periods=300))
DAYS = pd.date_range("2021-12-20", "2022-02-28")
FLOOR = 0.4
EASING = [*(key for key in KEYS if BY_KEY[key].kind is Kind.EASING), SHRINKAGE_OF_EASING]
ARCHIVES = {3, 4}


def told(seed: int) -> tuple[Observations, pd.DataFrame]:
    """Three live feeds, of which one joins late and one leaves, and two archives, as sums by feed, day and signal."""
    random = np.random.default_rng(seed)
    rows, parts = [], []
    for feed in range(5):
        for position, day in enumerate(DAYS):
            away = (feed == 1 and position < 20) or (feed == 2 and position > 50) or (feed == 4 and position < 40)
            if away or random.random() < 0.15:
                continue
            told_of = random.exponential(0.8, len(KEYS)) * (random.random(len(KEYS)) < 0.3)
            parts.append((feed, day, told_of.tolist()))
            rows.append((feed, day, int(random.integers(1, 20)), *by_kind(told_of[None, :])[0]))
    asked = [(feed, day) for feed in (0, 1, 2) for day in DAYS if (feed != 1 or day >= DAYS[20])]
    seen = observations(rows, asked)
    seen.feeds["archive"] = seen.feeds.index.isin(ARCHIVES)
    return seen, pd.DataFrame(parts, columns=["feed_id", "day", "parts"])


def split(seen: Observations, parts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points by signal, and the index that they are of."""
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, FLOOR)
    return points_by_signal(panels, parts), measure(seen, REFERENCE, POOLED, TODAY, FLOOR)


@settings(max_examples=15)
@given(st.integers(0, 2**31))
def test_they_sum_to_the_index_on_every_day_of_several_panels(seed):
    points, index = split(*told(seed))
    assert list(points.columns) == COLUMNS
    assert points.index.equals(index.index)
    np.testing.assert_allclose(index_of(points), index["index"], atol=1e-9, rtol=0)
    np.testing.assert_allclose(points[EASING].sum(axis=1, skipna=False), index["easing"], atol=1e-9, rtol=0)
    threats = [key for key in KEYS if BY_KEY[key].kind is Kind.THREAT]
    assert (points[threats].sum(axis=1) <= index["threats"].fillna(0) + 1e-9).all()


def test_several_panels_and_links_are_really_in_that_test():
    seen, _ = told(1)
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, FLOOR)
    assert len(panels) == 3
    assert panels[0].link[-1] != 1
    weights = pd.concat([one.days["weight"] for one in panels]).groupby(level=0).agg(lambda w: (w > 0).sum())
    assert weights.max() == 3


def test_a_feeds_stories_give_each_signal_its_part_by_hand():
    days = [DAYS[0], DAYS[1]]
    parts = [[0.0] * len(KEYS), [0.0] * len(KEYS)]
    parts[1][KEYS.index("red_line")], parts[1][KEYS.index("sanctions")] = 4.0, 6.0
    parts[1][KEYS.index("dialogue")] = 2.0
    seen = observations([(0, days[0], 1, 0, 0, 0), (0, days[1], 5, 4, 6, 2)], [(0, day) for day in days])
    table = pd.DataFrame({"feed_id": 0, "day": days, "parts": parts})
    (panel,) = measure_panels(seen, REFERENCE, POOLED, TODAY, FLOOR)
    points = points_by_signal([panel], table)
    per_story = panel.factor / (5 + PRIOR_STORIES)
    assert points.loc[days[1], "red_line"] == pytest.approx(4 * per_story)
    assert points.loc[days[1], "sanctions"] == pytest.approx(6 * per_story)
    assert points.loc[days[1], "dialogue"] == pytest.approx(2 * per_story)
    own = panel.panel.mean[1, 0]
    assert points.loc[days[1], SHRINKAGE] == pytest.approx(PRIOR_STORIES * own[:2].sum() * per_story)
    assert points.loc[days[1], SHRINKAGE_OF_EASING] == pytest.approx(PRIOR_STORIES * own[2] * per_story)


def test_two_archives_of_unlike_weight_are_heard_by_their_weight():
    day = DAYS[0]
    one, other = ([6.0 if key == of else 0.0 for key in KEYS] for of in ("sanctions", "red_line"))
    seen = observations([(1, day, 3, 0, 6, 0), (2, day, 3, 6, 0, 0)], archive=True)
    seen.feeds["weight"] = [3.0, 1.0]
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, FLOOR)
    points = points_by_signal(panels, pd.DataFrame({"feed_id": [1, 2], "day": day, "parts": [one, other]}))
    by_panel = [6 * panel.factor / (3 + PRIOR_STORIES) for panel in panels]
    assert points.loc[day, "sanctions"] == pytest.approx(0.75 * by_panel[0])
    assert points.loc[day, "red_line"] == pytest.approx(0.25 * by_panel[1])


def test_a_day_too_few_feeds_observed_has_no_points():
    days = pd.date_range("2022-01-01", periods=4)
    rows = [(feed, day, 5, 1, 1, 0) for feed in range(4) for day in days if feed == 0 or day != days[2]]
    seen = observations(rows, [(feed, day, feed == 0 or day != days[2]) for feed in range(4) for day in days])
    parts = pd.DataFrame({"feed_id": [row[0] for row in rows], "day": [row[1] for row in rows]})
    parts["parts"] = [[0.5] * len(KEYS)] * len(rows)
    points, index = split(seen, parts)
    assert index["index"].isna().tolist() == [False, False, True, False]
    assert points.loc[days[2]].isna().all()
    assert points.drop(days[2]).notna().all(axis=None)


def test_without_panels_there_are_no_days():
    points = points_by_signal([], pd.DataFrame())
    assert points.empty
    assert smoothed(points).empty
    assert standing(points, points).empty


def test_smoothed_lines_sum_to_the_smoothed_index():
    points, index = split(*told(2))
    lines = smoothed(points)
    np.testing.assert_allclose(lines[INDEX_COLUMNS].sum(axis=1, skipna=False), index["smoothed"], atol=1e-9)


def days_of(values: dict[str, list[float]]) -> pd.DataFrame:
    n = len(next(iter(values.values())))
    table = pd.DataFrame(0.0, pd.date_range("2022-01-01", periods=n, name="day"), COLUMNS)
    return table.assign(**values)


def test_a_record_is_the_first_highest_day_and_new_within_a_week():
    calm = [1.0] * 60
    old, new = list(calm), list(calm)
    old[30] = old[40] = 9.0
    new[54] = 7.0
    points = days_of({"sanctions": old, "red_line": new})
    found = standing(points, points)
    assert found.index.tolist() == list(KEYS)
    assert found.loc["sanctions", "record_on"].date() == date(2022, 1, 31)
    assert not found.loc["sanctions", "record_is_new"]
    assert found.loc["red_line", ["record", "record_is_new"]].tolist() == [7.0, True]
    assert found.loc["expulsion", "record_on"] is pd.NaT  # it never had any
    assert not found.loc["expulsion", "record_is_new"]


def test_a_record_of_eight_days_ago_is_no_longer_new():
    points = days_of({"sanctions": [1.0] * 52 + [5.0] + [1.0] * 7})
    assert not standing(points, points).loc["sanctions", "record_is_new"]
    later = days_of({"sanctions": [1.0] * 53 + [5.0] + [1.0] * 6})
    assert standing(later, later).loc["sanctions", "record_is_new"]


def test_the_percentile_is_of_the_smoothed_days_before():
    lines = days_of({"sanctions": [*range(100), 25.0]})
    found = standing(lines, lines)
    assert found.loc["sanctions", ["now", "percentile"]].tolist() == [25.0, 25.0]
    assert found.loc["expulsion", "percentile"] == 0.0  # nothing is not more than nothing


def test_a_past_of_a_few_weeks_is_compared_with_nothing():
    lines = days_of({"sanctions": [float(value) for value in range(20)]})
    found = standing(lines, lines)
    assert found["percentile"].isna().all()
    assert not found["record_is_new"].any()
    assert found.loc["sanctions", "record"] == 19


def test_days_without_a_value_count_neither_as_past_nor_as_now():
    points = days_of({"sanctions": [*([2.0] * 40), 3.0, 9.0]})
    points.iloc[-1] = np.nan
    points.iloc[3] = np.nan
    found = standing(points, points).loc["sanctions"]
    assert (found["now"], found["record"], found["percentile"]) == (3.0, 3.0, 100.0)
