"""A new feed's entry is filled in as far as it can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from tension.feeds.importing import declared_language
from tension.feeds.suggest import suggest_feed
from tension.preview import by_day, code_newest, spoken_language
from tension.records import Feed, FeedKind, Involvement, Item, ParsedFeed
from tension.signals.classifier import load_model

LEMONDE = Feed("https://www.lemonde.fr/rss/une.xml", "Le Monde", "lemonde", "fr", "FR", FeedKind.PRESS)
SPUTNIK = Feed("https://sputnik.example.com/a", "S", "rossiya segodnya", "en", "RU", FeedKind.STATE_CONTROLLED)


def parsed(*titles: str, language: str | None = None) -> ParsedFeed:
    at = datetime(2022, 2, 24, tzinfo=UTC)
    items = [Item(title, "", f"https://a.example/{n}", "", at.replace(hour=n)) for n, title in enumerate(titles)]
    return ParsedFeed("Le titre", language, None, tuple(items))


def test_a_feed_of_a_known_family_is_of_the_family():
    feed = suggest_feed("https://rss.lemonde.fr/c/205", parsed(language="en-us"), [SPUTNIK, LEMONDE])
    assert (feed.name, feed.publisher, feed.language) == ("Le titre", "lemonde", "en")
    assert suggest_feed("https://b.example.com/", None, [SPUTNIK]).kind is FeedKind.STATE_CONTROLLED


def test_a_domain_that_families_share_says_nothing():
    other = Feed("https://feeds.example.com/b", "B", "b", "en", "GB", FeedKind.WIRE)
    feed = suggest_feed("https://feeds.example.com/c", None, [SPUTNIK, other])
    assert (feed.publisher, feed.country, feed.kind) == ("example.com", "", FeedKind.PRESS)


@pytest.mark.parametrize(
    ("url", "publisher", "country", "kind"),
    [
        ("https://www.gov.uk/a.atom", "gov.uk", "GB", "government"),
        ("https://news.err.ee/rss", "err.ee", "EE", "press"),
        ("https://www.nato.int/rss", "nato.int", "", "press"),
        ("http://127.0.0.1:8000/rss", "127.0.0.1", "", "press"),
    ],
)
def test_the_address_tells_what_it_can(url, publisher, country, kind):
    feed = suggest_feed(url, None, [Feed("http://127.0.0.1:8000/b", "B", "b", "en", "GB", FeedKind.WIRE)])
    assert (feed.publisher, feed.country, feed.kind.value) == (publisher, country, kind)


def test_what_is_given_stands():
    feed = suggest_feed("https://lemonde.fr/x", None, [LEMONDE], name="X", country=None, kind=FeedKind.WIRE)
    assert (feed.name, feed.country, feed.kind) == ("X", "FR", FeedKind.WIRE)


def test_the_language_is_that_of_the_items():
    model = load_model()
    german = "Die Bundesregierung hat am Donnerstag weitere Maßnahmen gegen Russland angekündigt, sagte ein Sprecher"
    assert spoken_language(parsed(german, german, "Kurz", language="en"), model) == "de"
    assert spoken_language(parsed("Kurz", language="de-de"), model) == "de"
    assert spoken_language(parsed("МИД России заявил протест"), model) == "ru"
    assert spoken_language(parsed(), model) is None
    assert spoken_language(parsed("…", language=None), model) is None


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        ("fil", "fil"),
        ("fil-ph", "fil"),
        ("fre", "fr"),
        ("fra-ca", "fr"),
        ("srp-latn", "sr"),
        ("nob", "nb"),
        ("en-us", "en"),
    ],
)
def test_a_language_has_two_letters_where_there_are_two(declared, language):
    assert suggest_feed("https://a.example/", parsed(language=declared)).language == language
    assert spoken_language(parsed(language=declared), load_model()) == language
    assert declared_language(parsed(language=declared)) == language


def test_the_newest_items_are_coded():
    titles = ("Cup final tonight", "Russia expels ten American diplomats in retaliation for sanctions")
    first, second = code_newest(parsed(*titles), "en", load_model(), 5)
    assert (first.item.title, first.coding.involvement) == (titles[1], Involvement.DIRECT)
    assert "expulsion" in first.coding.signals
    assert second.coding.involvement is Involvement.NONE
    assert len(code_newest(parsed(*titles), "en", load_model(), 1)) == 1
    assert code_newest(parsed(), "en", load_model(), 5) == ()


def test_what_a_feed_would_bring_is_added_up_by_day_in_the_zone_of_the_index():
    late = datetime(2022, 2, 23, 22, 30, tzinfo=UTC)
    items = [
        Item("Russia expels 34 French diplomats", "", "", "", at) for at in (late, late - timedelta(hours=3), None)
    ]
    coded = code_newest(replace(parsed(), items=tuple(items)), "en", load_model(), 5)
    one = coded[0].coding
    days = by_day(coded, ZoneInfo("Europe/Moscow"))
    assert days["n"].to_dict() == {pd.Timestamp("2022-02-23"): 1, pd.Timestamp("2022-02-24"): 1}
    assert days["acts"].tolist() == pytest.approx([one.acts, one.acts])
    assert by_day(coded, ZoneInfo("UTC"))["n"].tolist() == [2]
    assert by_day((), ZoneInfo("UTC")).empty
