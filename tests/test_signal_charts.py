"""The small charts share their days, and the calendar puts each day into its week; gaps stay gaps in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tension import tongue
from tension.charts.calendar import calendar_figure, months, week_of, weekdays
from tension.charts.multiples import multiples_figure
from tension.charts.signals import DAYS_DRAWN, Group, Shown, bars_figure, thinned
from tension.index.by_signal import COLUMNS, standing

SANCTIONS = Shown("sanctions", "Sanctions", "articles?signal=Sanctions", "#D55E00", 4.0)
WHOLE = Shown("whole", "Whole index", "", "#0072B2", 40.0, own_scale=True)
SHOWN = [Group("Acts", [SANCTIONS]), Group("For context", [WHOLE])]


@pytest.fixture
def spoken() -> Iterator[list[str]]:
    """The reader's language, to be set."""
    said = ["en"]
    asked = tongue._ask
    tongue.heard_from(lambda: said[0])
    yield said
    tongue.heard_from(asked)


def drawn(table: pd.DataFrame, groups: list[Group] = SHOWN, top: float | None = None, columns: int = 5):
    return multiples_figure(table, groups, top, columns)


def lines(values: list[float], start: str = "2022-02-01") -> pd.DataFrame:
    days = pd.date_range(start, periods=len(values), name="day")
    return pd.DataFrame({"sanctions": values, "whole": [10 * value for value in values]}, days)


def tops(figure) -> list[float]:
    return [figure.layout[name].range[1] for name in ("yaxis", "yaxis2")]


def test_each_has_a_scale_of_its_own_or_all_but_the_whole_share_one():
    assert tops(drawn(lines([1.0, 10.0]))) == pytest.approx([10.8, 108])
    assert tops(drawn(lines([1.0, 10.0]), top=50.0)) == pytest.approx([54, 108])


def test_a_title_is_a_link_where_it_leads_somewhere_and_the_latest_value_stands_below_it():
    said = [note.text for note in drawn(lines([1.0, 4.0])).layout.annotations]
    assert said[:2] == ['<b><a href="articles?signal=Sanctions" target="_self">Sanctions</a></b>', "4.0"]
    assert said[2:] == ["<b>Acts</b>", "<b>Whole index</b>", "40.0", "<b>For context</b>"]


def test_a_gap_is_drawn_as_a_gap_and_a_day_between_gaps_as_a_dot():
    figure = drawn(lines([1.0, 1.0, np.nan, 2.0, np.nan, 3.0, 3.0]))
    under, line = figure.data[:2]
    assert np.isnan(np.array(line.y, dtype=float)).tolist() == [False, False, True, False, True, False, False]
    assert not line.connectgaps
    assert line.fill is None  # Plotly would fill the gap too
    assert under.y[2] == under.y[4] == 0
    assert list(line.marker.size) == [0, 0, 0, 5, 0, 0, 0]
    assert len(drawn(lines([1.0, 2.0])).data) == 2


def test_what_is_unusual_and_a_record_are_marked_in_the_chart():
    one = replace(
        SANCTIONS, unusual_from=3.0, unusual=True, record=9.0, record_on=pd.Timestamp("2022-02-02"), record_is_new=True
    )
    figure = drawn(lines([1.0, 4.0, 2.0]), [Group("Acts", [one])])
    assert "4.0  <b>▲ unusual</b>  <b>★ new record</b>" in [note.text for note in figure.layout.annotations]
    assert [shape.y0 for shape in figure.layout.shapes] == [3.0]
    mark = figure.data[-1]
    assert (list(mark.x), list(mark.y)) == ([pd.Timestamp("2022-02-02")], [4.0])
    assert mark.hovertemplate == "record of a day: 9.0 on 2 Feb 2022<extra></extra>"


def test_a_record_before_the_days_shown_and_a_line_above_them_are_left_out():
    one = replace(SANCTIONS, unusual_from=30.0, record=9.0, record_on=pd.Timestamp("2021-02-02"))
    figure = drawn(lines([1.0, 4.0]), [Group("Acts", [one])])
    assert len(figure.data) == 1
    assert not figure.layout.shapes


@pytest.mark.parametrize(("columns", "rows"), [(5, 4), (3, 8), (2, 11)])
def test_groups_begin_rows_and_share_one_where_both_fit(columns, rows):
    groups = [Group(f"{size}", [SANCTIONS] * size) for size in (10, 5, 3, 1)]
    figure = drawn(lines([1.0, 4.0]), groups, columns=columns)
    axes = [name for name in figure.layout if name.startswith("yaxis")]
    assert len(axes) == 19
    places = {(figure.layout[f"x{name[1:]}"].domain, figure.layout[name].domain) for name in axes}
    assert len(places) == 19
    assert len({down for _across, down in places}) == rows
    assert all(0 <= end <= 1 for pair in places for domain in pair for end in domain)


def test_each_column_of_a_group_has_its_dates_once():
    figure = drawn(lines([1.0, 4.0]), [Group("", [SANCTIONS] * 5)], columns=2)
    dated = [figure.layout[f"xaxis{i}"].showticklabels for i in ("", 2, 3, 4, 5)]
    assert dated == [False, False, False, True, True]


def test_nothing_at_all_still_draws():
    assert drawn(lines([np.nan, np.nan])).layout.yaxis.range == (0, 1)
    assert drawn(lines([0.0, 0.0]), SHOWN[:1]).layout.yaxis.range == (0, 1)
    assert calendar_figure(lines([np.nan])["sanctions"]) is not None
    assert bars_figure([]).layout.xaxis.range == (0, 1)
    assert bars_figure([Group("Acts", [replace(SANCTIONS, latest=0.0)])]).layout.xaxis.range == (0, 1)


def test_a_bar_says_what_is_usual_and_stands_out_where_it_is_not():
    one = replace(SANCTIONS, usual=1.0, unusual_from=3.0, unusual=True)
    figure = bars_figure([Group("Acts", [one, replace(SANCTIONS, usual=4.1)])])
    bars, usual, values = figure.data
    assert figure.layout.yaxis.ticktext[:2] == ("<b>Acts</b>", f"▲ {SANCTIONS.linked}")
    assert bars.marker.color[0] == SANCTIONS.colour != bars.marker.color[1]
    assert bars.hovertext[0] == "Sanctions: 4.0; usual is 1.0, unusual from 3.0 on"
    assert list(usual.x) == [1.0, 4.1]
    assert list(values.x) == [4.0, 4.1]  # beyond the mark, if that is in the way
    assert bars_figure(SHOWN).data[0].hovertext == ("Sanctions: 4.0",)


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
    assert list(figure.data[1].text) == ["Sun 2 Jan 2022"]


def test_the_record_is_framed_in_its_year():
    days = pd.Series([5.0, 1.0], pd.to_datetime(["2022-02-24", "2022-02-25"]))
    (frame,) = calendar_figure(days, pd.Timestamp("2022-02-24")).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (7.5, 8.5, 2.5, 3.5)
    assert not calendar_figure(days, pd.Timestamp("2020-02-24")).layout.shapes


def test_in_a_narrow_window_weeks_go_down_and_years_stand_side_by_side():
    days = pd.Series(1.0, pd.to_datetime(["2019-06-01", "2020-06-01", "2021-06-01", "2022-02-24"]))
    figure = calendar_figure(days, pd.Timestamp("2022-02-24"), down=True)
    table = pd.DataFrame(figure.data[0].z, index=figure.data[0].y, columns=figure.data[0].x)
    assert table.loc[8, 3] == 1.0
    assert [figure.layout[name].title.text for name in ("xaxis", "xaxis2", "xaxis3", "xaxis4")] == [
        "2022",
        "2021",
        "2020",
        "2019",
    ]
    assert figure.layout.yaxis.domain == figure.layout.yaxis3.domain != figure.layout.yaxis4.domain
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].y0) == (2.5, 7.5)


def test_days_and_months_are_named_in_the_readers_language(spoken):
    assert weekdays() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert months()[:2] == ["Jan", "Feb"]
    spoken[0] = "ru"
    assert weekdays()[0] == "пн"
    assert months()[4] == "май"
    assert months(within_a_date=True)[4] == "мая"
    spoken[0] = "fr"
    days = pd.Series([1.0, np.nan], pd.to_datetime(["2022-02-24", "2022-02-25"]))
    assert list(calendar_figure(days).data[1].text) == ["ven. 25 févr. 2022"]


def test_what_is_usual_and_unusual_is_of_the_days_before():
    table = pd.DataFrame(0.0, pd.date_range("2022-01-01", periods=102, name="day"), COLUMNS)
    table = table.assign(sanctions=[*map(float, range(101)), 500.0])
    assert standing(table, table).loc["sanctions", ["usual", "unusual_from"]].tolist() == [50.0, 95.0]
    few = table.tail(20)
    assert standing(few, few)[["usual", "unusual_from"]].isna().all(axis=None)
