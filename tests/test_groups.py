"""Feeds are grouped by who speaks and by language; every feed speaks for one side at most."""

from __future__ import annotations

import pandas as pd

from tension.index.groups import by_language, by_side

FEEDS = pd.DataFrame(
    [
        ("state_controlled", "RU", "en"),
        ("government", "RU", "en"),
        ("press", "RU", "ru"),
        ("press", "LV", "ru"),
        ("press", "LV", "lv"),
        ("alliance", "BE", "en"),
        ("government", "GB", "en"),
        ("press", "QA", "en"),
        ("state_controlled", "DE", "de"),
    ],
    columns=["kind", "country", "language"],
).assign(archive=False, first_polled_on=pd.Timestamp("2022-02-24"))


def chosen(groups):
    return {name: [int(i) for i in FEEDS.index[flags]] for name, flags in groups.items()}


def test_each_feed_speaks_for_one_side_at_most():
    groups = chosen(by_side(FEEDS))
    assert groups["NATO's side"] == [4, 5, 6]
    assert groups["the Russian state"] == [0, 1, 8]
    assert groups["Russian, not of the state"] == [2, 3]
    assert groups["all feeds"] == groups["founding feeds"] == list(range(9))


def test_a_language_with_two_feeds_is_a_group():
    groups = chosen(by_language(FEEDS))
    assert list(groups) == ["all feeds", "en", "ru"]
    assert groups["ru"] == [2, 3]
