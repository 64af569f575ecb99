"""Revisions are found, explained and flagged; levels and days that stand out follow their rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tension.index.levels import level_of, robust_spread, standing_out
from tension.index.vintages import revisions

SERIES = pd.Series(range(1, 101), index=pd.date_range("2020-01-01", periods=100), dtype=float)


def points(*rows):
    columns = ["day", "vintage_at", "index", "n_articles", "n_stories", "n_feeds", "method_version", "model_version"]
    table = pd.DataFrame(rows, columns=columns).assign(status="final")
    table["day"], table["vintage_at"] = pd.to_datetime(table["day"]), pd.to_datetime(table["vintage_at"], utc=True)
    return table


def test_each_change_of_a_value_is_a_revision_with_its_reason():
    table = revisions(
        points(
            ("2022-02-24", "2022-02-24T12:00", 200.0, 10, 9, 3, "1", "a"),
            ("2022-02-24", "2022-02-24T18:00", 260.0, 30, 25, 3, "1", "a"),
            ("2022-02-24", "2022-02-25T08:00", 262.0, 31, 26, 3, "1", "a"),
            ("2022-02-24", "2022-03-20T08:00", 300.0, 31, 26, 3, "1", "b"),
            ("2022-02-24", "2022-03-21T08:00", 300.0, 31, 26, 3, "1", "b"),
            ("2022-02-25", "2022-02-25T08:00", 190.0, 5, 5, 3, "1", "a"),
        )
    )
    assert table["reason"].tolist() == ["another model", "late articles", "late articles"]
    assert table["change"].tolist() == [38, 2, 60]
    assert table["flagged"].tolist() == [True, False, False]  # the last one came on the day itself


def test_a_value_that_vanishes_is_a_revision_and_no_change():
    table = revisions(
        points(
            ("2022-02-24", "2022-02-24T12:00", 200.0, 10, 9, 3, "1", "a"),
            ("2022-02-24", "2022-02-24T18:00", np.nan, 10, 9, 1, "1", "a"),
        )
    )
    assert np.isnan(table["change"].iloc[0])
    assert table["reason"].iloc[0] == "other feeds observed it"


def test_nothing_published_has_no_revisions():
    assert revisions(points()).empty


def test_a_level_is_a_percentile_of_the_reference_until_there_is_a_year():
    found = level_of(95.0, SERIES.iloc[:50], SERIES)
    assert (found.word, found.percentile, found.own_history) == ("high", 95, False)
    year = pd.Series(np.arange(400.0))
    assert level_of(100.0, year, SERIES).word == "calm"
    assert level_of(399.0, year, SERIES).word == "crisis"
    assert level_of(100.0, year, SERIES).own_history
    assert level_of(np.nan, year, SERIES) is None


def test_a_day_stands_out_against_the_28_observed_days_before_it():
    index = pd.Series([100.0, 110.0] * 20, index=pd.date_range("2022-01-01", periods=40))
    index.iloc[5] = np.nan
    index.iloc[39] = 200.0
    out = standing_out(index)
    assert out.iloc[:29].isna().all()  # 28 observed days before, the gap not counted
    assert np.isfinite(out.iloc[29])
    median = 105.0
    assert out.iloc[39] == pytest.approx((200 - median) / max(1.4826 * 5, 0.1 * median))


def test_a_flat_history_has_a_spread_of_a_tenth():
    assert robust_spread(pd.Series([50.0] * 30)) == pytest.approx(5)
