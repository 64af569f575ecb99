"""Stories: which headlines belong together, and that it does not matter in which order they come."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.stories import Headline, group, pairs, weight

NOON = datetime(2022, 4, 6, 12, tzinfo=UTC)


def headline(id, title, hours=0, language="en", countries=(), signals=()):
    at = NOON + timedelta(hours=hours)
    return Headline(id, at, language, title, frozenset(countries), frozenset(signals))


def together(one, other):
    return list(pairs([one, other])) != []


EXPELS = "Russia expels 34 French diplomats in response to Paris move"


@pytest.mark.parametrize(
    "other",
    [
        "Russia expels 34 French diplomats in response to Paris move - Reuters",
        "In response to Paris move, Russia expels 34 French diplomats",
        "RUSSIA EXPELS 34 FRENCH DIPLOMATS IN RESPONSE TO PARIS MOVE",
        "Russia expels 34 French diplomats in response to move by Paris",
    ],
)
def test_copies_are_one_story(other):
    assert together(headline(1, EXPELS), headline(2, other, hours=40))


@pytest.mark.parametrize(
    "other",
    [
        "Russia expels 14 French diplomats in response to Paris move",
        "Russia summons French ambassador over Paris move",
        "Paris",
        "",
    ],
)
def test_other_news_is_another_story(other):
    assert not together(headline(1, EXPELS), headline(2, other))


def test_the_same_words_three_days_later_are_another_story():
    assert together(headline(1, EXPELS), headline(2, EXPELS, hours=48))
    assert not together(headline(1, EXPELS), headline(2, EXPELS, hours=49))


def test_across_languages_names_numbers_and_a_signal_must_agree():
    english = headline(1, EXPELS, countries={"RU", "FR"}, signals={"expulsion"})

    def french(title, countries=("FR", "RU"), signals=("expulsion",)):
        return headline(2, title, 2, "fr", countries, signals)

    assert together(english, french("Moscou expulse 34 diplomates français"))
    assert not together(english, french("Moscou expulse 35 diplomates français"))
    assert not together(english, french("Moscou expulse des diplomates français"))
    assert not together(english, french("Moscou expulse 34 diplomates italiens", countries=("RU", "IT")))
    assert not together(english, french("34 navires français face à Moscou", signals=("force_posture",)))


def test_stories_that_a_new_article_links_become_one():
    chain = [headline(i, EXPELS, hours=40 * i) for i in (1, 2, 3)]
    assert group([chain[0], chain[2]], {1: 1}) == {}
    assert group(chain, {1: 1, 3: 3}) == {2: 1, 3: 1}


def test_copies_add_the_logarithm_of_independent_publishers():
    assert weight(1) == 1
    for k in range(2, 50):
        assert k * weight(k) == pytest.approx(1 + math.log(k))
        assert weight(k) < weight(k - 1)


TITLES = [
    EXPELS,
    EXPELS + " - AFP",
    "Moscow recalls its ambassador from Warsaw for talks",
    "Ceasefire talks to open in Minsk",
]


@given(
    st.lists(st.tuples(st.sampled_from(TITLES), st.integers(0, 200)), min_size=1, max_size=12).flatmap(
        lambda told: st.tuples(st.just(told), st.permutations(range(len(told))), st.integers(1, len(told)))
    )
)
def test_the_order_of_arrival_does_not_matter(given_):
    told, order, size = given_
    headlines = [headline(i, title, hours) for i, (title, hours) in enumerate(told)]
    at_once = parts(headlines, group(headlines, {}))
    seen, story_of = [], {}
    for start in range(0, len(order), size):
        seen += [headlines[i] for i in order[start : start + size]]
        moves = group(seen, story_of)
        for one in seen:
            story = story_of.get(one.id, one.id)
            story_of[one.id] = moves.get(story, story)
    assert {frozenset(i for i in story_of if story_of[i] == s) for s in story_of.values()} == at_once


def parts(headlines, moves):
    story_of = {one.id: moves.get(one.id, one.id) for one in headlines}
    return {frozenset(i for i in story_of if story_of[i] == s) for s in story_of.values()}
