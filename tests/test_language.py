"""Many texts at once are told apart as one at a time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tension.resources import resource
from tension.signals.classifier import load_model
from tension.signals.features import join
from tension.signals.language import identify, identify_all
from tension.signals.training import read_corpus

LANGUAGES = load_model().languages
DECLARED = ("en", "de", "fr-FR", "", "ru", None, "sr", "xx")


def told_one_by_one(texts, declared, languages):
    return [identify(text, said, languages) for text, said in zip(texts, declared, strict=True)]


@pytest.mark.parametrize("languages", [LANGUAGES, LANGUAGES | {"bg", "be"}], ids=["ours", "more cyrillic"])
def test_many_texts_at_once_are_told_as_one_by_one(languages):
    records = list(read_corpus(resource("data/corpus")))[::60]
    texts = [join(record["title"], record["summary"]) for record in records]
    texts += [text.upper() for text in texts[:50]] + [text[:length] for length in (5, 59, 61) for text in texts[:50]]
    declared = [DECLARED[i % len(DECLARED)] for i in range(len(texts))]
    assert identify_all(texts, declared, languages) == told_one_by_one(texts, declared, languages)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=700), min_size=40, max_size=60))
def test_so_are_texts_in_no_language(texts):
    assert identify_all(texts, [None] * len(texts), LANGUAGES) == told_one_by_one(texts, [None] * len(texts), LANGUAGES)


def test_a_sure_language_beats_the_declared_one_and_a_short_text_does_not():
    french = "Le ministre a dit que les pourparlers sur la frontière vont continuer après l’hiver, selon le conseil."
    texts = [french, french[:30], "", "12", "Переговоры о границе продолжатся после зимы"] * 30
    declared = ["en", "en", "en", None, "en"] * 30
    assert identify_all(texts, declared, LANGUAGES)[:5] == ["fr", "en", "en", "und", "ru"]
