"""A published value opens into what made it, and a change into its causes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count

import pandas as pd
import pytest
from click.testing import CliRunner

from tension.archive.load import load
from tension.cli import main
from tension.errors import TensionError
from tension.explain import explain, explain_change
from tension.exports import index_table
from tension.index.measure import METHOD_VERSION
from tension.pipeline import Pipeline
from tension.records import IndexPoint, PointStatus
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds

FIRST, SECOND = date(2022, 4, 5), date(2022, 4, 6)
EXPELS = "Russia expels 34 French diplomats in response to Paris move"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two archives of sixty calm days, and two days on which both tell of expulsions."""
    home = tmp_path_factory.mktemp("explain")
    settings = loopback_settings(home)
    write_feeds(settings.feeds, [])
    for name in ("one", "two"):
        rows = ["published_at,title,url"]
        for i in range(60):
            day = FIRST - timedelta(days=58 - i)
            told = [f"Cup final {name} number {i} ends in a draw after {n} minutes" for n in range(5)]
            told += [f"NATO condemns the {n}th provocation of Russia says {name}" for n in range(i % 3)]
            told += [EXPELS, f"{EXPELS} - {name}"] if day >= FIRST else []
            told += ["Moscow warns NATO of consequences over troops in Estonia"] if day == FIRST else []
            rows += [f"{day},{title},https://{name}.example/{i}/{n}" for n, title in enumerate(told)]
        (home / f"{name}.csv").write_text("\n".join(rows))
    store = Store.open(settings.url)
    store.add_points([older(FIRST - timedelta(days=2))])
    moments = (datetime(2022, 4, 7, tzinfo=UTC) + timedelta(seconds=n) for n in count())
    with Pipeline(settings, store, now=lambda: next(moments)) as pipeline:
        for name in ("one", "two"):
            load(pipeline, home / f"{name}.csv", source=name, language="en")
    yield home, store.engine
    store.engine.dispose()


def older(day):
    """A day's value as an earlier model had it, a day later."""
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=36)
    return IndexPoint(
        day=day, index=40.0, net=40.0, band_low=None, band_high=None, threats=10.0, acts=30.0, easing=0.0,
        smoothed=40.0, n_articles=1, n_stories=1, n_feeds=1, coverage_share=1.0, status=PointStatus.FINAL,
        method_version=METHOD_VERSION, model_version="older", vintage_at=at,
    )  # fmt: skip


def value(engine, day):
    return float(index_table(engine).set_index("date")["index"][pd.Timestamp(day)])


@pytest.mark.parametrize("day", [FIRST - timedelta(days=30), FIRST, SECOND])
def test_stories_and_what_is_none_sum_to_the_published_value(home, day):
    told = explain(home[1], day, 0.5)
    assert told.value == pytest.approx(value(home[1], day))
    assert told.stories["value"].sum() + told.other.sum() == pytest.approx(told.value, abs=1e-6)
    assert told.stories["value"].sum() == pytest.approx(told.signals.sum())
    assert told.stories["value"].sum() == pytest.approx(told.feeds.sum())
    assert told.stories["value"].sum() == pytest.approx(told.pairs.sum())
    assert "since" not in told.other


def test_copies_are_one_story_with_all_who_told_it(home):
    stories = explain(home[1], FIRST, 0.5).stories
    (story,) = stories[stories["title"].str.contains(EXPELS)].to_dict("records")
    assert story["n_articles"] == 4
    assert story["publishers"] == ["one", "two"]
    assert story["signals"] == ["expulsion"]


def test_points_are_shared_by_the_countries_that_stories_name(home):
    pairs = explain(home[1], FIRST, 0.5).pairs
    assert {"RU–FR", "RU–EE"} <= set(pairs.index)


def test_causes_sum_to_the_published_change(home):
    before = FIRST - timedelta(days=1)
    found = explain_change(home[1], before, FIRST, 0.5)
    assert found.after == value(home[1], FIRST)
    assert found.before == pytest.approx(value(home[1], before), rel=0.01)  # the second archive revised it a little
    assert found.causes["value"].sum() == pytest.approx(found.after - found.before, abs=1e-6)
    by = found.causes.groupby("cause")["value"].sum()
    assert by["expulsion"] > 0
    assert by["red_line"] > 0
    assert "since" not in by.index


def test_another_model_is_a_cause_of_its_own(home):
    before = FIRST - timedelta(days=2)
    found = explain_change(home[1], before, FIRST, 0.5)
    assert found.before == 40.0  # as it stood when its day was over, before this model came
    by = found.causes.groupby("cause")["value"].sum()
    assert by["another model"] == pytest.approx(value(home[1], before) - 40.0, rel=0.01)
    assert by.sum() == pytest.approx(value(home[1], FIRST) - 40.0, abs=1e-6)


def test_a_day_without_a_value_is_named(home):
    with pytest.raises(TensionError, match="2001-01-01 has no value"):
        explain(home[1], date(2001, 1, 1), 0.5)


def test_the_command_prints_the_stories_and_the_sum(home, monkeypatch):
    monkeypatch.setenv("TENSION_HOME", str(home[0]))
    monkeypatch.setenv("TENSION_FEEDS", str(home[0] / "feeds.yaml"))
    result = CliRunner().invoke(main, ["index", "--explain", str(FIRST)])
    assert result.exit_code == 0, result.output
    assert EXPELS in result.stdout
    assert "100.0%" in result.stdout
    result = CliRunner().invoke(main, ["index", "--explain", str(FIRST), "--since", str(FIRST - timedelta(days=2))])
    assert result.exit_code == 0, result.output
    assert "another model" in result.stdout
    assert result.stdout.splitlines()[0].endswith(str(FIRST - timedelta(days=2)))


def test_the_last_24_hours_are_written_by_the_hour(home, monkeypatch):
    monkeypatch.setenv("TENSION_HOME", str(home[0]))
    monkeypatch.setenv("TENSION_FEEDS", str(home[0] / "feeds.yaml"))
    span = ["--start", str(FIRST), "--end", str(SECOND)]
    result = CliRunner().invoke(main, ["index", "--frequency", "H", *span])
    assert result.exit_code == 0, result.output
    hours = pd.read_csv(StringIO(result.stdout))
    assert len(hours) == 48
    assert hours["hour"].iloc[0] == "2022-04-05T00:00Z"
    assert hours["index"].notna().all()
