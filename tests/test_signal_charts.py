"""The small charts share their days, and the calendar puts each day into its week; gaps stay gaps in both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tension.charts.signals import DAYS_DRAWN, SmallMultiple, calendar_figure, multiples_figure, thinned, week_of

SHOWN = [
    SmallMultiple("sanctions", "Sanctions", "articles?signal=Sanctions", "#D55E00", 4.0),
    SmallMultiple("whole", "Whole index", "", "#0072B2", 40.0, own_scale=True),
]


def lines(values: list[float], start: str = "2022-02-01") -> pd.DataFrame:
    days = pd.date_range(start, periods=len(values), name="day")
    return pd.DataFrame({"sanctions": values, "whole": [10 * value for value in values]}, days)


def tops(figure) -> list[float]:
    return [figure.layout[name].range[1] for name in ("yaxis", "yaxis2")]


def test_each_has_a_scale_of_its_own_or_all_but_the_whole_share_one():
    assert tops(multiples_figure(lines([1.0, 10.0]), SHOWN, None)) == pytest.approx([10.8, 108])
    assert tops(multiples_figure(lines([1.0, 10.0]), SHOWN, 50.0)) == pytest.approx([54, 108])


def test_a_title_is_a_link_where_it_leads_somewhere_and_the_latest_value_stands_beside_it():
    said = [note.text for note in multiples_figure(lines([1.0, 4.0]), SHOWN, None).layout.annotations]
    assert said[:2] == ['<b><a href="articles?signal=Sanctions" target="_self">Sanctions</a></b>', "4.0"]
    assert said[2:] == ["<b>Whole index</b>", "40.0"]


def test_a_gap_is_drawn_as_a_gap_and_a_day_between_gaps_as_a_dot():
    figure = multiples_figure(lines([1.0, 1.0, np.nan, 2.0, np.nan, 3.0, 3.0]), SHOWN, None)
    under, line = figure.data[:2]
    assert np.isnan(np.array(line.y, dtype=float)).tolist() == [False, False, True, False, True, False, False]
    assert not line.connectgaps
    assert line.fill is None  # Plotly would fill the gap too
    assert under.y[2] == under.y[4] == 0
    assert list(line.marker.size) == [0, 0, 0, 5, 0, 0, 0]
    assert len(multiples_figure(lines([1.0, 2.0]), SHOWN, None).data) == 2


def test_nothing_at_all_still_draws():
    assert multiples_figure(lines([np.nan, np.nan]), SHOWN, None).layout.yaxis.range == (0, 1)
    assert multiples_figure(lines([0.0, 0.0]), SHOWN[:1], None).layout.yaxis.range == (0, 1)
    assert calendar_figure(lines([np.nan])["sanctions"]) is not None


def test_many_days_are_drawn_as_means_of_weeks_from_monday():
    table = lines([1.0] * (DAYS_DRAWN + 1), start="2020-01-01")
    table.iloc[5:12] = np.nan  # Monday to Sunday
    table.iloc[12:19, 0] = range(7)
    weeks = thinned(table)
    assert set(pd.DatetimeIndex(weeks.index).dayofweek) == {0}
    assert np.isnan(weeks.loc["2020-01-06", "sanctions"])
    assert weeks.loc["2020-01-13", "sanctions"] == 3
    assert thinned(table.head(DAYS_DRAWN)) is not None
    assert len(thinned(table.head(DAYS_DRAWN))) == DAYS_DRAWN


def test_weeks_begin_on_monday_and_the_first_holds_new_year():
    days = pd.DatetimeIndex(["2022-01-01", "2022-01-02", "2022-01-03", "2022-12-31", "2024-01-01", "2024-12-31"])
    assert week_of(days).tolist() == [0, 0, 1, 52, 0, 52]
    leap = pd.DatetimeIndex(["2012-01-01", "2012-12-31"])  # a leap year that begins on a Sunday has 54 of them
    assert week_of(leap).tolist() == [0, 53]


def test_a_day_lies_in_its_week_and_weekday_and_one_without_value_is_crossed_out():
    days = pd.Series([5.0, np.nan, 0.0], pd.date_range("2022-02-24", periods=3))
    field, crosses, dots = calendar_figure(days).data
    table = pd.DataFrame(field.z, index=field.y, columns=field.x)
    assert table.loc[3, 8] == 5.0  # Thursday 24 February
    assert np.isnan(table.loc[4, 8])
    assert table.loc[5, 8] == 0.0  # nothing is a value
    assert list(crosses.text) == ["Fri 25 Feb 2022"]
    assert [row[0] for row in dots.customdata] == ["2022-02-24", "2022-02-26"]


def test_missing_days_are_gaps_too_and_years_without_any_value_are_left_out():
    days = pd.Series([1.0, 2.0, 3.0], pd.to_datetime(["2019-12-31", "2022-01-01", "2022-01-03"]))
    figure = calendar_figure(days)
    years = [figure.layout[name].title.text for name in ("yaxis", "yaxis2")]
    assert years == ["2022", "2019"]
    assert "yaxis3" not in figure.layout
    assert list(figure.data[1].text) == ["Sun 02 Jan 2022"]
