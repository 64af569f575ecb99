"""Holding the index over an archive against another measure and against events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from tension.archive.backtest import event_study, read_events
from tension.archive.files import read_rows
from tension.archive.measuring import measure_archive
from tension.cli import main
from tension.errors import ArchiveError, FetchError
from tension.feeds.ask import download
from tension.index.comparison import as_published, compare, lagged, read_series
from tension.signals.classifier import load_model
from tests.feedlists import loopback_settings
from tests.sites import Site

DAYS = pd.date_range("2015-01-01", "2015-12-31")


def test_monthly_means_are_compared_with_a_monthly_series():
    months = pd.date_range("2015-01-01", periods=12, freq="MS")
    reference = pd.DataFrame({"same": np.arange(1.0, 13), "opposite": np.arange(12.0, 0, -1)}, index=months)
    index = pd.Series(DAYS.month.to_numpy(float) ** 2, index=DAYS)
    table = compare(index, reference).set_index(["series", "period"])
    assert table.loc[("same", "all"), "n"] == 12
    assert table.loc[("same", "all"), "spearman"] == pytest.approx(1)
    assert table.loc[("same", "all"), "pearson_of_logs"] == pytest.approx(1)  # a square is twice the logarithm
    assert table.loc[("opposite", "2014–2021"), "spearman"] == pytest.approx(-1)


def test_days_around_an_event_stand_out_and_random_days_do_not():
    index = pd.Series(100 + 5 * np.sin(np.arange(len(DAYS))), index=DAYS)
    events = [pd.Timestamp("2015-04-01"), pd.Timestamp("2015-09-01"), pd.Timestamp("2015-12-01"), DAYS[3]]
    for event in events[:2]:
        index[event : event + pd.Timedelta(days=2)] += 100
    study = event_study(index, events, least=0.0)
    assert study.n_events == 3  # the last one has no days before it
    assert study.events_share == pytest.approx(2 / 3)
    assert study.random_share < 0.1
    assert event_study(index, events).events_share == 0  # by 75 points on the mean of four days
    assert event_study(index, events, least=70.0).events_share == pytest.approx(2 / 3)


def test_series_and_events_are_read_from_csv(tmp_path):
    (tmp_path / "gpr.csv").write_text("month,GPR,note\n2015-01-01,90.5,x\n2015-02-01,80,y\n")
    assert read_series(tmp_path / "gpr.csv").columns.tolist() == ["GPR"]
    (tmp_path / "daily.csv").write_text("DAY,GPRD\n20220224,300.5\n20220225,310\n")
    assert read_series(tmp_path / "daily.csv").index[0] == pd.Timestamp("2022-02-24")
    (tmp_path / "events.csv").write_text("date,event,direction\n2015-01-01,a,escalation\n2015-02-01,b,easing\n")
    assert read_events(tmp_path / "events.csv") == [pd.Timestamp("2015-01-01")]
    (tmp_path / "odd.csv").write_text("when,GPR\n2015-01-01,90.5\n")
    with pytest.raises(ArchiveError, match="no column named date, month, day; it has when, GPR"):
        read_series(tmp_path / "odd.csv")
    (tmp_path / "odd.csv").write_text("date,GPR\nfirst of May,90.5\n")
    with pytest.raises(ArchiveError, match="what stands in its column date are not dates"):
        read_series(tmp_path / "odd.csv")
    with pytest.raises(ArchiveError, match="nowhere"):
        read_series(tmp_path / "nowhere.csv")


def archive(path, days=60):
    rows = ["date,title,source"]
    for i, day in enumerate(pd.date_range("2022-01-01", periods=days)):
        calm = [f"{day:%Y-%m-%d},Cup final number {i} ends in a draw after {n} minutes,A" for n in range(4)]
        war = [f"{day:%Y-%m-%d},Russia expels {i + n} diplomats of a NATO state,A" for n in range(20 if i > 40 else 1)]
        rows += [*calm, *war, f"{day:%Y-%m-%d},Politics and elections,"]
    path.write_text("\n".join(rows))
    return path


def test_an_archive_is_measured_without_its_headings(tmp_path):
    measured = measure_archive(read_rows(archive(tmp_path / "old.csv")), load_model())
    assert (measured.n_articles, measured.n_passed_over) == (60 * 4 + 41 + 19 * 20, 60)
    index = measured.days["index"]
    assert index.mean() == pytest.approx(100)
    assert index["2022-02-15":].mean() > 2 * index[:"2022-02-05"].mean()


def test_the_command_prints_the_tables_and_draws_the_comparison(tmp_path):
    months = "\n".join(f"{month:%Y-%m-%d},{month.month}" for month in pd.date_range("2021-10-01", periods=8, freq="MS"))
    (tmp_path / "gpr.csv").write_text(f"month,GPRC_RUS\n{months}\n")
    options = ["backtest", str(archive(tmp_path / "old.csv")), "--reference", str(tmp_path / "gpr.csv")]
    result = CliRunner().invoke(main, [*options, "--figures", str(tmp_path / "page.html")])
    assert result.exit_code == 0, result.output
    assert f"{60 * 4 + 41 + 19 * 20} articles on 60 days" in result.stdout
    assert "events, spread of at least 100 points" in result.stdout
    assert "GPRC_RUS" in (tmp_path / "page.html").read_text()


def test_an_archive_without_words_is_refused(tmp_path):
    (tmp_path / "empty.csv").write_text("date,title\n,\n")
    with pytest.raises(ArchiveError, match="no row of the archive"):
        measure_archive(read_rows(tmp_path / "empty.csv"), load_model())


def test_a_series_that_follows_a_month_later_is_found_at_that_lag():
    months = pd.date_range("2015-01-01", periods=12, freq="MS")
    course = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], dtype=float)
    index = pd.Series(course[DAYS.month - 1], index=DAYS)
    later = pd.Series(course, index=months).shift(1)
    found = lagged(index, later)
    assert found.idxmax() == 1
    assert found[1] == pytest.approx(1)
    assert as_published(later).index[0] == pd.Timestamp("2015-02-01")


def test_a_weeks_days_are_known_on_the_monday_after():
    days = pd.Series(range(14), index=pd.date_range("2022-02-21", periods=14), dtype=float)  # from a Monday
    known = as_published(days)
    assert known.to_dict() == {pd.Timestamp("2022-02-28"): 3.0, pd.Timestamp("2022-03-07"): 10.0}


def test_a_series_may_be_had_from_an_address(tmp_path):
    site = Site({"/gpr.csv": "month,GPR\n2015-01-01,90.5\n2015-02-01,80\n"})
    try:
        body = download(f"{site.url}/gpr.csv", loopback_settings(tmp_path))
        assert read_series(Path("/gpr.csv"), body)["GPR"].tolist() == [90.5, 80]
        with pytest.raises(FetchError, match="404"):
            download(f"{site.url}/none.csv", loopback_settings(tmp_path))
    finally:
        site.close()
