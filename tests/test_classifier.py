"""The shipped classifier: what it must read right, on texts written for these tests, and what it must survive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tension.errors import ModelError
from tension.records import Coding, Involvement
from tension.resources import resource
from tension.signals.classifier import MODEL, Model, load_model
from tension.signals.codebook import KEYS
from tension.signals.features import join
from tension.signals.modelfile import read_model, write_model

# The facts of the article that the project began with, told in our own words
SEED_TITLE = "La Russie suspend sa représentation auprès de l'Otan et ferme le bureau de l'Alliance à Moscou"
SEED_SUMMARY = (
    "Moscou riposte au retrait, décidé début octobre, de l'accréditation de huit membres de sa mission à Bruxelles, "
    "présentés par l'Alliance comme des officiers de renseignement non déclarés. Les conditions élémentaires d'un "
    "travail commun ne sont plus réunies, a tranché le chef de la diplomatie russe."
)
# the ten signals that the codebook finds in it
SEED_SIGNALS = {
    "mission_closure", "expulsion", "dialogue_breakdown", "covert_action", "sanctions", "armed_attack", "red_line",
    "force_posture", "alliance_enlargement", "accusation",
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def code(model: Model, title: str, summary: str = "", language: str | None = None) -> Coding:
    return model.code([join(title, summary)], [language] if language else None)[0]


def test_an_article_like_the_seed_is_coded(model):
    coding = code(model, SEED_TITLE, SEED_SUMMARY, "fr")
    assert coding.involvement is Involvement.DIRECT
    assert {"mission_closure", "expulsion"} <= set(coding.signals)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia expels ten American diplomats"),
        ("fr", "La Russie expulse dix diplomates américains"),
        ("de", "Russland weist zehn amerikanische Diplomaten aus"),
        ("ru", "Россия высылает десять американских дипломатов"),
        ("uk", "Росія висилає десять американських дипломатів"),
        ("pl", "Rosja wydala dziesięciu amerykańskich dyplomatów"),
    ],
)
def test_the_same_in_six_languages(model, language, text):
    coding = code(model, text, language=language)
    assert (coding.involvement, coding.signals) == (Involvement.DIRECT, ("expulsion",))


@pytest.mark.parametrize(
    "text",
    [
        "Head teacher expels four pupils after fight in school yard",
        "Red Line closed this weekend for track works, says metro operator",
        "Georgia governor signs budget after night session in Atlanta",
        "Spartak midfielder sent off as derby ends in draw",
        "Spy thriller about a Soviet defector opens the film festival",
        "Bank to close forty branches as customers move online",
    ],
)
def test_what_only_sounds_like_tension_is_none(model, text):
    coding = code(model, text, language="en")
    assert (coding.involvement, coding.signals) == (Involvement.NONE, ())


def test_evidence_is_words_of_the_text_and_without_them_the_signal_is_less_likely(model):
    text = join("Moscow closes its consulate in Gdansk", "Ten Polish diplomats must leave the country within a week.")
    (coding,) = model.code([text], ["en"])
    assert coding.evidence
    for span in coding.evidence:
        assert text[span.start : span.end] == span.text
    for signal in coding.signals:
        masked = text
        for span in coding.evidence:
            if span.signal == signal:
                masked = masked[: span.start] + "x" * len(span.text) + masked[span.end :]
        position = KEYS.index(signal)
        assert model.code([masked], ["en"])[0].probabilities[position] < coding.probabilities[position]


def test_probabilities_and_intensities_stay_in_their_ranges(model):
    texts = ["Russia invades", "NATO", "", "Cup final", SEED_TITLE]
    for coding in model.code(texts):
        assert len(coding.probabilities) == len(KEYS)
        assert all(0 <= p <= 1 for p in coding.probabilities)
        assert 0 <= coding.p_direct + coding.p_partner <= 1
        assert 0 <= coding.threats + coding.acts <= 10
        assert 0 <= coding.easing <= 10


def test_coding_one_by_one_or_together_is_the_same(model):
    texts = [SEED_TITLE, "Cup final", "Russia expels ten American diplomats"]
    languages = ["fr", "en", "en"]
    together = model.code(texts, languages)
    alone = [model.code([text], [language])[0] for text, language in zip(texts, languages, strict=True)]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-6)
        assert (one.signals, one.evidence) == (other.signals, other.evidence)


def article(name: str) -> str:
    return (Path(__file__).parent / "articles" / name).read_text(encoding="utf-8")


def test_a_whole_article_like_the_seed_is_coded_by_passages(model):
    (coding,) = model.code([article("mission_fr.txt")], ["fr"])
    assert coding.involvement is Involvement.DIRECT
    told = set(coding.signals)
    assert {"mission_closure", "expulsion", "dialogue_breakdown"} <= told
    assert len(told & SEED_SIGNALS) >= 7
    assert len(told - SEED_SIGNALS) <= 1


def test_an_articles_background_does_not_outweigh_its_news(model):
    (coding,) = model.code([article("airspace_en.txt")], ["en"])
    assert coding.involvement is Involvement.DIRECT
    assert {"air_sea_incident", "accusation", "red_line"} <= set(coding.signals)
    assert not set(coding.signals) & {"mission_closure", "expulsion", "sanctions", "nuclear_signal", "agreement"}


def test_a_sentence_about_the_war_makes_no_news_of_a_long_story(model):
    (coding,) = model.code([article("orchestra_de.txt")], ["de"])
    assert (coding.involvement, coding.signals) == (Involvement.NONE, ())
    assert coding.threats + coding.acts < 0.1


@settings(max_examples=100)
@given(st.text(max_size=300), st.sampled_from(["en", "fr", "ru", "xx", "und", ""]))
def test_odd_text_is_coded(model, text, language):
    (coding,) = model.code([text], [language])
    for span in coding.evidence:
        assert text[span.start : span.end] == span.text
    assert coding.low_confidence == (language not in model.languages)


@pytest.mark.parametrize(
    "text", ["", "\0\0\0", "🙂" * 500, "שלום נאט״ו", "НАТО NATO नाटो", "a" * 1_000_000, "word " * 200_000]
)
def test_extreme_text_is_coded(model, text):
    assert len(model.code([text])) == 1


def test_a_model_is_written_and_read_back_the_same(model, tmp_path):
    write_model(read_model(resource(MODEL)), tmp_path / "copy.skops")
    assert (tmp_path / "copy.skops").read_bytes() == resource(MODEL).read_bytes()


def test_a_model_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(ModelError, match="no trained model"):
        load_model(tmp_path / "nowhere.skops")
    (tmp_path / "broken.skops").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"broken\.skops"):
        load_model(tmp_path / "broken.skops")
