"""The tables that open the index: what they hold sums to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pandas as pd
import pytest

from tension.archive.load import load
from tension.explain import explain
from tension.exports import index_table
from tension.exports.choice import BadChoice, Choice
from tension.exports.contributions import NoValue
from tension.exports.stories import STORY_COLUMNS, by_story
from tension.exports.tables import COLUMNS, make
from tension.index.contributions import MEANINGS
from tension.pipeline import Pipeline
from tension.signals.codebook import KEYS, SIGNALS, Kind
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds

DAY = date(2022, 4, 5)
NOW = datetime(2022, 4, 8, tzinfo=UTC)
EXPELS = "Russia expels 34 French diplomats in response to Paris move"
FLOOR = 0.5


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Two archives of forty days; on the last but one both tell of an expulsion, one of a warning."""
    home = tmp_path_factory.mktemp("tables")
    settings = loopback_settings(home)
    write_feeds(settings.feeds, [])
    for name in ("one", "two"):
        rows = ["published_at,title,url"]
        for i in range(40):
            day = DAY - timedelta(days=38 - i)
            told = [f"Cup final {name} number {i} ends in a draw after {n} minutes" for n in range(4)]
            told += [f"NATO condemns the {i}th provocation of Russia says {name}"] if i % 3 == 0 else []
            told += [EXPELS] if day == DAY else []
            told += ["Moscow warns NATO of consequences over troops in Estonia"] if (day, name) == (DAY, "one") else []
            rows += [f"{day},{title},https://{name}.example/{i}/{n}" for n, title in enumerate(told)]
        (home / f"{name}.csv").write_text("\n".join(rows))
    store = Store.open(settings.url)
    moments = (datetime(2022, 4, 7, tzinfo=UTC) + timedelta(seconds=n) for n in count())
    with Pipeline(settings, store, now=lambda: next(moments)) as pipeline:
        for name in ("one", "two"):
            load(pipeline, home / f"{name}.csv", source=name, language="en")
    yield store.engine
    store.engine.dispose()


def frame(engine, name, **chosen) -> pd.DataFrame:
    return pd.concat(make(name, engine, Choice(**chosen), FLOOR, NOW).pages())


def published(engine, day=DAY):
    return index_table(engine, day, day).iloc[0]


@pytest.mark.parametrize("name", COLUMNS)
def test_each_table_has_the_columns_that_are_described(engine, name):
    table = make(name, engine, Choice(), FLOOR, NOW)
    assert list(frame(engine, name)) == list(table.columns) == list(COLUMNS[name])
    assert table.n_rows() == len(frame(engine, name)) > 0
    assert len(table.head(3)) == 3
    assert all(column.meaning for column in table.columns.values())


def test_a_day_of_signals_sums_to_the_index(engine):
    row = frame(engine, "signals", start=DAY, end=DAY).iloc[0]
    escalating = [signal.key for signal in SIGNALS if signal.kind is not Kind.EASING]
    assert row[escalating].sum() + row["shrinkage"] == pytest.approx(published(engine)["index"])
    assert row["index"] == pytest.approx(published(engine)["index"])
    easing = [signal.key for signal in SIGNALS if signal.kind is Kind.EASING]
    assert row[easing].sum() + row["shrinkage_of_easing"] == pytest.approx(published(engine)["easing"])
    assert row[list(KEYS)].astype(float).idxmax() == "expulsion"


def test_signals_can_be_chosen_and_days_have_no_gaps(engine):
    table = frame(engine, "signals", start=DAY - timedelta(days=2), end=DAY, signals=("expulsion", "red_line"))
    assert list(table.columns) == ["date", "expulsion", "red_line"]
    assert table["date"].dt.date.tolist() == [DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]


def test_contributions_sum_to_the_value_and_name_what_they_are(engine):
    rows = frame(engine, "contributions", day=DAY)
    assert rows.loc[rows["kind"] != "easing", "points"].sum() == pytest.approx(published(engine)["index"])
    assert rows.loc[rows["kind"] == "easing", "points"].sum() == pytest.approx(published(engine)["easing"])
    first = rows.iloc[0]
    assert (first["title"], first["signal"], first["kind"]) == (EXPELS, "expulsion", "act")
    assert first["feed"] == first["publisher"] in ("one", "two")
    assert rows["points"].is_monotonic_decreasing
    rest = rows[rows["source"] != "story"]
    assert set(rest["source"]) <= set(MEANINGS)
    assert rest["article_id"].isna().all()


def test_contributions_are_by_default_of_the_last_day_with_a_value(engine):
    last = index_table(engine).dropna(subset="index")["date"].iloc[-1]
    assert frame(engine, "contributions")["date"].unique().tolist() == [last]
    with pytest.raises(NoValue, match="day: 2001-01-01 has no value"):
        frame(engine, "contributions", day=date(2001, 1, 1))


def test_stories_have_the_points_of_the_explanation(engine):
    stories = frame(engine, "stories", start=DAY, end=DAY).set_index("story_id")
    told = explain(engine, DAY, FLOOR).stories.set_index("story_id")["value"]
    assert stories["points"].to_dict() == pytest.approx(told.reindex(stories.index).to_dict())
    first = stories.iloc[0]
    assert (first["title"], first["n_articles"], first["publishers"]) == (EXPELS, 2, "one; two")
    assert first["signals"].split()[0] == "expulsion"
    assert first["languages"] == "en"
    assert first["first_published_at"].date() == DAY


def test_points_of_a_range_are_the_sums_of_its_days(engine):
    days = [DAY - timedelta(days=n) for n in range(10)]
    by_day = sum(frame(engine, "stories", start=day, end=day)["points"].sum() for day in days)
    assert frame(engine, "stories", start=days[-1], end=days[0])["points"].sum() == pytest.approx(by_day)


def test_stories_can_be_chosen_by_signal_and_are_bounded(engine):
    assert frame(engine, "stories", signals=("expulsion",))["title"].tolist() == [EXPELS]
    assert frame(engine, "stories", start=date(2030, 1, 1)).empty
    with pytest.raises(BadChoice, match="start: stories are given for at most 366 days"):
        frame(engine, "stories", start=date(2020, 1, 1), end=date(2022, 1, 1))


def test_hours_are_given_and_bounded(engine):
    hours = frame(engine, "index", frequency="H", start=DAY, end=DAY)
    assert len(hours) == 24
    assert hours["hour"].iloc[-1] == pd.Timestamp("2022-04-05T23:00")
    assert hours["index"].iloc[-1] == pytest.approx(hours["threats"].iloc[-1] + hours["acts"].iloc[-1])
    with pytest.raises(BadChoice, match="start: hours are given for at most 92 days"):
        frame(engine, "index", frequency="H", start=date(2021, 1, 1), end=DAY)


def test_an_empty_database_gives_empty_tables(sqlite_url):
    store = Store.open(sqlite_url)
    for name in ("index", "signals", "stories", "codings"):
        assert make(name, store.engine, Choice(), FLOOR, NOW).n_rows() == 0
    with pytest.raises(NoValue, match="no day has a value"):
        make("contributions", store.engine, Choice(), FLOOR, NOW)
    store.engine.dispose()


def test_a_row_a_story_by_hand():
    seen = [datetime(2022, 4, 5, hour, tzinfo=UTC) for hour in range(4)]
    articles = pd.DataFrame(
        [
            (1, 1, "mild", "u1", "B", "fr", seen[1], seen[1], seen[2], 0.5, ["sanctions"]),
            (2, 1, "strong", "u2", "A", "en", seen[0], seen[2], seen[3], 4.0, ["expulsion", "sanctions"]),
            (3, 3, "other", "u3", "B", "en", seen[0], seen[0], seen[0], 1.0, []),
        ],
        columns=[
            "article_id", "story_id", "title", "url", "publisher", "language",
            "published_at", "first_seen_at", "last_seen_at", "strength", "signals",
        ],
    )  # fmt: skip
    table = by_story(articles, pd.Series({1: 2.5, 3: 7.0, 9: 1.0}))
    assert list(table.columns) == list(STORY_COLUMNS)
    assert table["story_id"].tolist() == [3, 1]
    assert table["points"].tolist() == [7.0, 2.5]
    assert table.loc[1].tolist() == [
        1, 2.5, "strong", "u2", "A; B", "en fr", 2, "sanctions expulsion", seen[0], seen[1], seen[1], seen[3],
    ]  # fmt: skip
