"""Figures carry the values, and gaps stay gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tension.charts.change import change_figure
from tension.charts.comparison import beside, comparison_figure, lags_figure, lines_figure, recent, spread
from tension.charts.index import default_span, index_figure, missing_stretches, view


def days(values: list[float | None], start: str = "2022-02-01") -> pd.DataFrame:
    value = pd.Series(values, dtype=float)
    dates = pd.date_range(start, periods=len(values))
    columns = dict.fromkeys(("index", "threats", "acts", "easing", "smoothed"), value)
    columns |= {"band_low": value * 0.9, "band_high": value * 1.1}
    return pd.DataFrame({"date": dates, **columns, "coverage_share": 1.0, "n_feeds": 3, "n_articles": 9})


REFERENCE = pd.DataFrame({"smoothed": [80.0, 90.0]}, index=pd.DatetimeIndex(["2021-12-31", "2022-01-01"], name="day"))
EVENTS = pd.DataFrame(
    {"date": pd.to_datetime(["2022-02-03"]), "title": ["Something"], "signal": ["dialogue"], "kind": ["easing"]}
)
NEWS = pd.DataFrame(
    {"n_stories": [50, 40, 0], "n_conflict": [10.0, np.nan, 0.0], "n_involved": [5, 4, 0]},
    index=pd.date_range("2022-02-01", periods=3, name="day"),
)


LEADING = pd.Series({pd.Timestamp("2022-02-01"): "A <b>bold</b> step\nAnother"}, name="title")


def test_missing_days_are_runs_of_days_without_a_value():
    table = days([1, None, None, 4, None])
    spans = [(a.day, b.day) for a, b in missing_stretches(table)]
    assert spans == [(2, 3), (5, 5)]
    assert missing_stretches(days([1, 2])) == []


def test_lines_break_where_there_is_no_value():
    figure = index_figure(days([1, None, 3]), REFERENCE, EVENTS, NEWS, LEADING)
    lines = {trace.name: trace for trace in figure.data}
    assert np.isnan(lines["index, daily"].y[1])
    assert not lines["index, daily"].connectgaps
    assert list(lines["reference (Wikipedia)"].y) == [80, 90]
    assert lines["events of easing"].text[0] == "Something"
    assert len(figure.layout.shapes) == 1


def test_an_empty_index_still_shows_the_reference():
    figure = index_figure(days([]), REFERENCE, EVENTS, NEWS, LEADING)
    assert next(trace.name for trace in figure.data) == "reference (Wikipedia)"
    assert figure.layout.xaxis.range[0] < REFERENCE.index[0]
    assert index_figure(days([]), REFERENCE.iloc[:0], EVENTS.iloc[:0], NEWS.iloc[:0], LEADING.iloc[:0]) is not None


def test_a_view_ends_with_the_index_and_reaches_as_high_as_what_it_shows():
    table = days([300.0, 10.0, None, 20.0])
    seen = view(table, REFERENCE, span_days=2)
    assert seen.first < pd.Timestamp("2022-02-02") < pd.Timestamp("2022-02-04") < seen.last
    assert 20 < seen.top < 30
    assert view(table, REFERENCE, None).top > 300
    assert view(days([]), REFERENCE.iloc[:0], 31) is None


def test_a_young_index_is_shown_with_the_reference_beside_it():
    assert default_span(days([1.0] * 27 + [None] * 100)) == "year"
    assert default_span(days([1.0] * 100 + [None] * 100 + [1.0])) == "year"
    assert default_span(days([])) == "year"
    assert default_span(days([1.0] * 28)) == "quarter"
    assert default_span(days([1.0] * 300 + [None] * 800 + [1.0])) == "5 years"


def test_the_band_is_drawn_around_each_stretch_of_days_and_never_over_a_gap():
    figure = index_figure(days([100, 200, None, 300]), REFERENCE, EVENTS, NEWS, LEADING)
    (band,) = (trace for trace in figure.data if trace.name == "90 % band")
    first, second = "2022-02-01", "2022-02-02"
    assert list(band.y[:6]) == [110, 220, 180, 90, 110, None]
    assert list(band.x[:6]) == [first, second, second, first, first, None]
    assert "2022-02-03" not in band.x
    assert list(band.y[6:]) == [330, 270, 330, None]
    assert band.fill == "toself"


def test_stray_old_days_do_not_begin_the_whole_course():
    stray = days([50.0] + [None] * 400 + [100.0] * 30, start="2020-01-01")
    assert view(stray, REFERENCE.iloc[:0], None).first > pd.Timestamp("2021-01-01")
    assert view(days([50.0] + [None] * 9 + [100.0]), REFERENCE.iloc[:0], None).first < pd.Timestamp("2022-02-01")


def test_events_have_a_lane_of_their_own_and_easing_is_told_apart_by_shape():
    both = pd.concat([EVENTS, EVENTS.assign(signal="expulsion", title="Another")])
    lines = {trace.name: trace for trace in index_figure(days([1.0]), REFERENCE, both, NEWS, LEADING).data}
    assert list(lines["events"].text) == ["Another"]
    assert list(lines["events of easing"].text) == ["Something"]
    assert lines["events"].yaxis != lines["index, daily"].yaxis
    assert lines["events"].marker.symbol != lines["events of easing"].marker.symbol


def test_the_share_of_conflict_is_drawn_and_what_is_not_known_is_a_gap():
    figure = index_figure(days([100, 200, 300]), REFERENCE, EVENTS, NEWS, LEADING)
    lines = {trace.name: list(trace.y) for trace in figure.data}
    assert lines["armed conflict anywhere"][0] == 20
    assert np.isnan(lines["armed conflict anywhere"][1:]).all()  # not known; and a day without any news
    assert lines["Russia and NATO"][:2] == [10, 10]


def test_a_day_names_its_leading_stories_as_text():
    figure = index_figure(days([100, None, 300]), REFERENCE, EVENTS, NEWS, LEADING)
    (daily,) = [trace for trace in figure.data if trace.name == "index, daily"]
    assert list(daily.customdata) == ["<br>  A &lt;b&gt;bold&lt;/b&gt; step<br>  Another", "", ""]


def test_a_change_is_drawn_from_one_value_to_the_other():
    causes = pd.DataFrame(
        {"cause": ["expulsion", "expulsion", "coverage", "easing"], "feed": "a", "value": [10.0, 5.0, -3.0, 0.1]}
    )
    (bars,) = change_figure(causes, 100.0, 112.1).data
    assert list(bars.y) == ["before", "Diplomats expelled", "which feeds were heard", "all else", "after"]
    assert list(bars.x) == [100, 15, -3, pytest.approx(0.1), 112.1]


def test_lines_are_named_where_they_end_and_those_without_a_value_are_left_out():
    dates = pd.date_range("2022-02-01", periods=5, name="day")
    lines = pd.DataFrame({"low": [1, 2, 3, 4, 50.0], "high": [9, np.nan, 100, np.nan, np.nan], "none": np.nan}, dates)
    figure = lines_figure(lines, span_days=3)
    assert [trace.name for trace in figure.data] == ["low", "high"]
    assert figure.data[1].marker.size[1] > 0  # a day between gaps makes no line
    high, low = figure.layout.annotations
    assert ("high" in high.text, "low" in low.text) == (True, True)
    assert low.y < high.y <= 1
    assert pd.Timestamp(figure.layout.xaxis.range[0]) == dates[1]
    assert recent(lines * np.nan, 3).empty
    assert not lines_figure(lines.iloc[:0], 3).data


def test_labels_stand_apart_and_within_the_plot():
    centres = spread([10, 10, 10, 99], [20, 20, 20, 20], room=100)
    assert centres == [10, 30, 50, 90]
    assert spread([95, 95], [20, 20], room=100) == [70, 90]


def test_two_measures_share_a_scale_as_times_their_medians():
    index = pd.Series(1.0, pd.date_range("2021-01-01", "2021-05-31"))
    index["2021-03"] = 4.0
    other = pd.Series([7.0, 7.0, 14.0, 7.0, 0.0], pd.date_range("2021-01-01", periods=5, freq="MS"))
    own, beside_it = comparison_figure(index, other, "GPR").data
    assert list(own.y) == [1, 1, 4, 1, 1]
    assert list(beside_it.y) == [1, 1, 2, 1]  # nothing has no place on a logarithmic scale
    assert list(beside(index, other)["other"]) == [7, 7, 14, 7, 0]


def test_each_lag_is_a_bar():
    lags = pd.Series([0.2, 0.5, -0.1], [-1, 0, 1])
    figure = lags_figure(lags, "GPR", monthly=True)
    assert list(figure.layout.xaxis.ticktext) == ["-1", "0", "+1"]
    assert figure.layout.yaxis.range[0] < -0.1
    assert "GPR" in figure.layout.xaxis.title.text
