"""What a day is made of sums to its value; so does what changed it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tension.index.contributions import COVERAGE, SHRINKAGE, SPLICE, STORY, VOLUME, change, contributions
from tension.index.measure import measure, measure_panels
from tension.index.panel import PRIOR_STORIES, Observations
from tension.signals.codebook import KEYS, SIGNALS, Kind
from tension.signals.intensity import by_kind
from tests.panels import POOLED, TODAY, observations

REFERENCE = pd.Series(120.0, index=pd.date_range("2021-06-01", periods=300))
DAYS = pd.date_range("2021-12-20", "2022-02-28")


def told(seed: int, n_feeds: int = 4) -> tuple[pd.DataFrame, Observations]:
    """Articles of a small panel, with stories that feeds share, one feed that joins late and one that leaves."""
    random = np.random.default_rng(seed)
    rows = []
    for feed in range(n_feeds):
        for position, day in enumerate(DAYS):
            if (feed == 1 and position < 20) or (feed == 2 and position > 50) or random.random() < 0.05:
                continue
            for story in random.integers(0, 12, random.integers(1, 9)):
                parts = random.exponential(0.3, len(KEYS)) * (random.random(len(KEYS)) < 0.2)
                rows.append((feed, day, position * 100 + int(story), parts.tolist()))
    articles = pd.DataFrame(rows, columns=["feed_id", "day", "story_id", "parts"])
    articles["article_id"] = np.arange(len(articles))
    families = articles.groupby("story_id")["feed_id"].transform("nunique")
    articles["weight"] = (1 + np.log(families)) / families
    return articles, seen_of(articles)


def seen_of(articles: pd.DataFrame) -> Observations:
    wide = pd.DataFrame(np.array(articles["parts"].tolist()), columns=list(KEYS))
    wide[["feed_id", "day", "story_id", "weight"]] = articles[["feed_id", "day", "story_id", "weight"]].to_numpy()
    stories = wide.groupby(["feed_id", "day", "story_id"]).mean()
    sums = stories[list(KEYS)].astype(float).mul(stories["weight"].astype(float), axis=0).groupby(["feed_id", "day"])
    kinds = by_kind(sums.sum().to_numpy())
    n = stories["weight"].astype(float).groupby(["feed_id", "day"]).sum()
    rows = [(*key, n[key], *kind) for key, kind in zip(sums.groups, kinds, strict=True)]
    seen = observations(rows, [(row[0], row[1]) for row in rows])
    if 2 in seen.feeds.index:
        seen.feeds.loc[2, "enabled"] = False
    return seen


@settings(max_examples=15)
@given(st.integers(0, 2**31), st.sampled_from(range(len(DAYS))))
def test_contributions_sum_to_the_value(seed, position):
    articles, seen = told(seed)
    day = DAYS[position]
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, 0.3)
    value = measure(seen, REFERENCE, POOLED, TODAY, 0.3).loc[day] if day in panels[0].days.index else None
    if value is None or np.isnan(value["index"]):
        return
    rows = contributions(panels, day, articles[articles["day"] == day])
    by = rows.groupby("kind")["value"].sum()
    assert by.get("threat", 0) == pytest.approx(value["threats"], abs=1e-9)
    assert by.get("act", 0) == pytest.approx(value["acts"], abs=1e-9)
    assert by.get("easing", 0) == pytest.approx(value["easing"], abs=1e-9)
    assert set(rows["source"]) <= {STORY, SHRINKAGE, SPLICE}


def test_the_splice_has_rows_of_its_own_once_a_feed_has_joined():
    articles, seen = told(3)
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, 0.3)
    rows = contributions(panels, DAYS[-1], articles[articles["day"] == DAYS[-1]])
    assert panels[0].link[-1] != 1
    assert (rows["source"] == SPLICE).any()
    before = contributions(panels, DAYS[5], articles[articles["day"] == DAYS[5]])
    assert not (before["source"] == SPLICE).any()


def parts_on(articles: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    mine = articles[articles["day"] == day]
    wide = pd.DataFrame(np.array(mine["parts"].tolist()).reshape(len(mine), len(KEYS)), columns=list(KEYS))
    wide[["feed_id", "story_id", "weight"]] = mine[["feed_id", "story_id", "weight"]].to_numpy()
    stories = wide.groupby(["feed_id", "story_id"]).mean()
    return stories[list(KEYS)].mul(stories["weight"], axis=0).groupby("feed_id").sum()


@settings(max_examples=15)
@given(st.integers(0, 2**31), st.integers(0, 30), st.integers(31, len(DAYS) - 1))
def test_causes_sum_to_the_change(seed, first, second):
    articles, seen = told(seed)
    index = measure(seen, REFERENCE, POOLED, TODAY, 0.3)["index"].reindex(DAYS)
    before, after = DAYS[first], DAYS[second]
    if index[[before, after]].isna().any():
        return
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, 0.3)
    causes = change(panels, before, after, {day: parts_on(articles, day) for day in (before, after)})
    assert causes["value"].sum() == pytest.approx(index[after] - index[before], abs=1e-9)
    escalating = {signal.key for signal in SIGNALS if signal.kind is not Kind.EASING}
    assert set(causes["cause"]) <= escalating | {SHRINKAGE, VOLUME, COVERAGE}


def test_a_change_of_one_signal_is_that_signals():
    parts = [[0.0] * len(KEYS), [0.0] * len(KEYS)]
    parts[1][KEYS.index("red_line")] = 4.0
    days = [DAYS[0], DAYS[1]]
    articles = pd.DataFrame(
        {"feed_id": 0, "day": days, "story_id": [1, 2], "parts": parts, "article_id": [1, 2], "weight": 1.0}
    )
    seen = observations([(0, days[0], 1, 0, 0, 0), (0, days[1], 1, 4, 0, 0)], [(0, day) for day in days])
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, 0.3)
    index = measure(seen, REFERENCE, POOLED, TODAY, 0.3)["index"]
    causes = change(panels, *days, {day: parts_on(articles, day) for day in days}).groupby("cause")["value"].sum()
    assert causes["red_line"] == pytest.approx(4 * panels[0].factor / (1 + PRIOR_STORIES))
    assert causes.sum() == pytest.approx(index.iloc[1] - index.iloc[0])


def test_an_archive_that_is_still_being_loaded_changes_nothing():
    articles, seen = told(4)
    seen.feeds.loc[99] = seen.feeds.loc[0]
    seen.feeds.loc[99, ["archive", "first_polled_on", "last_polled_on"]] = [True, pd.NaT, pd.NaT]
    panels = measure_panels(seen, REFERENCE, POOLED, TODAY, 0.3)
    assert 0 in [len(one.panel.days) for one in panels]
    before, after = DAYS[25], DAYS[40]
    causes = change(panels, before, after, {day: parts_on(articles, day) for day in (before, after)})
    index = measure(seen, REFERENCE, POOLED, TODAY, 0.3)["index"]
    assert causes["value"].sum() == pytest.approx(index[after] - index[before], abs=1e-9)
