"""What the pages say in the reader's language: complete, with the same values, and only for who reads it."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.messages.catalog import Message

from tension import tongue
from tension.translating import kept, messages, waiting

TRANSLATED = [language for language in tongue.LANGUAGES if language != tongue.ENGLISH]


@pytest.fixture
def reads(request) -> Iterator[None]:
    """A reader of the language that the test names."""
    before = tongue.heard_from(lambda: request.param)
    yield
    tongue.heard_from(before)


def texts(message: Message, translated: bool) -> tuple[str, ...]:
    said = message.string if translated else message.id
    return (said,) if isinstance(said, str) else tuple(said or ())


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_nothing_else(language):
    stored = kept(language)
    assert [one.id for one in waiting(stored)] == []
    assert {one.id for one in stored} == {one.id for one in messages()}, "run python -m tension.translating"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_values_of_its_message(language):
    for message in filter(lambda one: one.id, kept(language)):
        wanted = [values(text) for text in texts(message, translated=False)]
        for text in texts(message, translated=True):
            assert values(text) in wanted or values(text) == set.union(*wanted), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_what_is_markup(language):
    for message in filter(lambda one: one.id, kept(language)):
        for sign in ("**", "`", "<", "%{"):
            counts = {text.count(sign) for text in texts(message, translated=False)}
            assert all(text.count(sign) in counts for text in texts(message, translated=True)), message.id


@pytest.mark.parametrize("reads", ["en-GB"], indirect=True)
def test_english_says_what_stands_in_the_code(reads):
    assert tongue.day(date(2021, 10, 8)) == "8 Oct 2021"
    assert tongue.moment(datetime(2021, 10, 8, 14, 5, tzinfo=UTC)) == "8 Oct 2021 14:05 UTC"
    assert (tongue.number(1234.56, 1), tongue.number(-0.4), tongue.number(3.2, 1, signed=True)) == (
        "1,234.6",
        "0",
        "+3.2",
    )
    assert (tongue.percent(0.123), tongue.listed(["a", "b", "c"])) == ("12%", "a, b and c")
    assert (tongue.ago(timedelta(hours=5)), tongue.lasting(timedelta(days=3))) == ("5 hours ago", "3 days")
    assert tongue.country("TR", "Turkey") == "Turkey"
    assert tongue.for_charts() == {}


@pytest.mark.parametrize("reads", ["ru-RU"], indirect=True)
def test_russian_says_days_numbers_and_countries_its_own_way(reads):
    assert tongue.day(date(2021, 10, 8)) == "8 окт. 2021"
    assert tongue.number(1234.5, 1) == "1\xa0234,5"
    assert tongue.percent(0.123) == "12\xa0%"
    assert tongue.country("DE", "Germany") == "Германия"
    charts = tongue.for_charts()
    assert charts["locale"] == "ru"
    assert charts["locales"]["ru"]["format"]["shortMonths"][9] == "окт."


@pytest.mark.parametrize(
    ("tag", "language"), [("fr-CA", "fr"), ("ru", "ru"), ("uk-UA", "en"), ("", "en"), (None, "en"), ("FR_fr", "fr")]
)
def test_the_nearest_language_is_spoken(tag, language):
    assert tongue.nearest(tag) == language


@pytest.mark.parametrize("reads", ["fr"], indirect=True)
def test_a_link_made_in_another_language_is_understood(reads):
    names = {"DE": "Germany", "FR": "France"}
    assert tongue.as_said_here("Germany", names) == "Allemagne"
    assert tongue.as_said_here("Германия", names) == "Allemagne"
    assert tongue.as_said_here("2021-10-08", names) == "2021-10-08"
    assert tongue.as_said_here("Diplomats expelled", names) == tongue._("Diplomats expelled") != "Diplomats expelled"


def marked(node: ast.AST) -> Iterator[str]:
    """The literal messages that code says, wherever they stand."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in {"_", "N_", "n_"}:
            first = one.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_no_message_is_said_where_it_cannot_be_found():
    """Such as within an f-string, which is one token to whoever looks for messages."""
    known = {text for one in messages() if one.id for text in texts(one, translated=False)}
    for file in tongue.LOCALES.parent.rglob("*.py"):
        lost = set(marked(ast.parse(file.read_text(encoding="utf-8")))) - known
        assert not lost, f"{file}: {lost}"
