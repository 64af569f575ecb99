"""Cards of stories say in the reader's language what publishers said in theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tension import tongue
from tension.dashboard import article_cards as cards
from tension.records import ReadText
from tension.signals.codebook import KEYS
from tension.storage.stories import Story

FIRST = datetime(2022, 2, 24, 12, tzinfo=UTC)


def article(hours: float = 0, **other) -> dict[str, object]:
    evidence = [
        {"signal": "expulsion", "text": word, "start": start, "end": start + len(word), "weight": float(start)}
        for start, word in [(0, "Moscow"), (7, "sends"), (13, "envoys"), (20, "home")]
    ]
    return {
        "title": "Moscow sends envoys home",
        "summary": "They leave.",
        "url": "https://www.a.example/1",
        "language": "sv",
        "publisher": "a",
        "feeds": ["A"],
        "involvement": "direct",
        "published_at": FIRST + timedelta(hours=hours),
        "first_seen_at": FIRST + timedelta(hours=hours),
        "dated_by": "feed",
        "evidence": evidence,
        "signals": ["expulsion"],
        "probabilities": [0.9] * len(KEYS),
        "p_direct": 0.9,
        "p_partner": 0.05,
        "threats": 0.0,
        "acts": 5.0,
        "easing": 0.0,
        "low_confidence": False,
        "read_text": ReadText.SUMMARY,
        "n_articles": 1,
        "story_id": 1,
    } | other


def story(*articles: dict[str, object]) -> Story:
    return Story(1, len(articles), 1, pd.DataFrame(articles), 0)


def test_what_a_publisher_said_names_its_language():
    card = cards.story_card(story(article()))
    assert card.count('lang="sv" dir="auto"') == 2
    assert "read it at a.example" in card


def test_a_card_marks_what_spoke_the_loudest_and_a_telling_all():
    row = pd.Series(article())
    assert re.findall(r"<mark[^>]*>(\w+)", cards.article_card(row)) == ["sends", "envoys", "home"]
    assert cards.telling(row, FIRST).count("<mark") == 4


def test_a_link_to_a_story_keeps_the_address_of_the_list():
    card = cards.story_card(story(article()), (("words", 'a "b"&c'), ("feed", "A"), ("feed", "B")))
    assert 'href="articles?story=1&amp;words=a+%22b%22%26c&amp;feed=A&amp;feed=B"' in card


def test_a_spark_rises_as_the_story_is_told():
    drawn = cards.spark(story(article(), article(1), article(4)))
    assert "polygon(0 100%,0% 100%,0% 67%,25% 67%,25% 33%,100% 33%,100% 0%,100% 100%)" in drawn
    assert cards.spark(story(article(), article(1))) == cards.spark(story(article(), article(), article())) == ""


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short", "Short"),
        ("words " * 100, "words " * 52 + "words…"),
        ("x" * 201, "x" * 201 + "…"),
        ("x" * 201 + ".", "x" * 201 + "."),
    ],
)
def test_a_text_is_cut_behind_a_word(text, short):
    assert cards.shortened(text, 320) == short


@pytest.mark.parametrize(("reader", "swedish", "escalation"), [("en", "Swedish", "5.0"), ("fr", "suédois", "5,0")])
def test_a_card_is_in_the_readers_language(monkeypatch, reader, swedish, escalation):
    monkeypatch.setattr(tongue, "_ask", lambda: reader)
    card = cards.article_card(pd.Series(article()))
    assert swedish in card
    assert escalation in card
    assert "Moscow" in card
