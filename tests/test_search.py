"""Articles are found by their words and marks, whatever is typed, on every database and without an index too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from tension.records import (
    Article,
    Coding,
    DatedBy,
    Evidence,
    Feed,
    FeedKind,
    Involvement,
    Poll,
    PollStatus,
    Validators,
)
from tension.signals.codebook import KEYS
from tension.storage.articles import ArticleFilter, article_pages, articles, count_articles
from tension.storage.search import MOST_TERMS, Term, parse, words_of
from tension.storage.store import Store
from tension.storage.stories import stories
from tension.storage.zones import keep_days_in

NOW = datetime(2022, 2, 24, 12, tzinfo=UTC)
FEED = Feed("https://a.example/rss", "A", "a", "en", "GB", FeedKind.PRESS)
OTHER = replace(FEED, url="https://b.example/rss", name="B", publisher="b", country="FR")
TEXTS = [
    ("Russia expels NATO diplomats", "The “F-16” issue; don't ask."),
    ("L'OTAN réagit à la Russie", "Élysée: 100 % d'accord"),
    ("Россия высылает дипломатов", "Отвéт НАТО; ещё"),
    ("Größe der Übung", "Die NATO übt im Baltikum 🙂"),
]


def article(n: int, title: str, summary: str, at: datetime = NOW) -> Article:
    key = f"http://a.example/{n}"
    return Article(key, key, title, summary, "en", "a", at, DatedBy.FEED, NOW)


def coding(signal: str = "expulsion", acts: float = 3.0, involvement: Involvement = Involvement.DIRECT) -> Coding:
    p = tuple(0.9 if key == signal else 0.01 for key in KEYS)
    spans = (Evidence(signal, "Title", 0, 5, 1.5),)
    return Coding("m1", involvement, 0.9, 0.05, (signal,), p, 0.0, acts, 0.0, spans, countries=("RU", "FR"))


def filled(store: Store, items: list[Article], codings: list[Coding]) -> list[int]:
    """Store articles as one feed's; gives the ids of both feeds."""
    store.sync_feeds([FEED, OTHER], NOW)
    feeds = [state.id for state in store.watched()]
    poll = Poll("", NOW, PollStatus.OK, "", 200, len(items))
    store.record_poll(feeds[0], poll, items, Validators(), NOW)
    waiting = sorted(row.id for row in store.uncoded("m1", 100))
    store.add_codings(list(zip(waiting, codings, strict=True)), NOW)
    return feeds


def without_index(store: Store) -> Store:
    """As where SQLite comes without FTS5."""
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE search"))
    return store


@pytest.fixture(params=["sqlite", "no index", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    kind = request.param
    opened = Store.open(request.getfixturevalue("postgres_url" if kind == "postgres" else "sqlite_url"))
    yield without_index(opened) if kind == "no index" else opened
    opened.engine.dispose()


def found(store: Store, strongest_first: bool = False, **chosen) -> list[str]:
    wanted = ArticleFilter(**chosen)
    titles = articles(store.engine, wanted, limit=100, strongest_first=strongest_first)["title"].tolist()
    assert count_articles(store.engine, wanted) == len(titles)
    assert [title for page in article_pages(store.engine, wanted, 2) for title in page["title"]] == titles or (
        strongest_first
    )
    return titles


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Russia NATO", [Term(("russia",), True), Term(("nato",), True)]),
        ('"red line" EU', [Term(("red", "line"), False), Term(("eu",), False)]),
        ("F-16", [Term(("f", "16"), False)]),
        ("ÉLYSÉE й", [Term(("elysee",), True), Term(("й",), False)]),
        (
            '"unclosed OR (NOT *) title:',
            [Term(("unclosed",), True)] + [Term((w,), len(w) > 2) for w in ("or", "not", "title")],
        ),
        ("% _ 🙂 \" '' \x00", []),
    ],
)
def test_what_is_typed_is_read_as_words(typed, terms):
    assert list(parse(typed)) == terms


def test_no_more_terms_are_read_than_an_index_takes():
    assert len(parse(" ".join(f"word{n}" for n in range(1000)))) == MOST_TERMS
    assert words_of("") == []


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("nato", {0, 3}),
        ("NATO diplom", {0}),
        ("diplomats russia", {0}),
        ('"expels nato"', {0}),
        ('"nato expels"', set()),
        ("élysee", {1}),
        ("otan reagit", {1}),
        ("росси высылает", {2}),
        ("ещё", {2}),
        ("größe ubung", {3}),
        ("f-16", {0}),
        ("don't", {0}),
        ("100", {1}),
        ("100 %", {1}),
        ("%", set()),
        ("🙂", set()),
        ("  ", {0, 1, 2, 3}),
        ("nato AND nothing", set()),
        ("lang languageen", set()),
    ],
)
def test_all_words_must_occur_as_beginnings_and_phrases_as_they_stand(store, typed, numbers):
    filled(store, [article(n, *texts) for n, texts in enumerate(TEXTS)], [coding()] * 4)
    assert set(found(store, words=typed)) == {TEXTS[n][0] for n in numbers}


HOSTILE = st.text(st.one_of(st.sampled_from("\"'*()^:+-{}&|!<>\\%_ ~`$;"), st.characters()), max_size=40)
OPERATORS = st.lists(st.sampled_from(["AND", "OR", "NOT", "NEAR(", '"', "title:", "nato", "*", "🙂", ":*", "<->"]))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE | OPERATORS.map(" ".join))
def test_nothing_that_is_typed_is_an_error(store, typed):
    if not store.uncoded("m1", 1) and count_articles(store.engine, ArticleFilter()) == 0:
        filled(store, [article(n, *texts) for n, texts in enumerate(TEXTS)], [coding()] * 4)
    found(store, words=typed)


def test_each_filter_keeps_what_it_says(store):
    items = [article(n, f"Title {n}", "", NOW - timedelta(days=n)) for n in range(4)]
    codings = [coding(), coding("red_line"), coding(involvement=Involvement.NONE), coding("red_line")]
    codings[3] = replace(codings[3], countries=("PL",), involvement=Involvement.PARTNER)
    first, second = filled(store, items, codings)
    poll = Poll("", NOW, PollStatus.OK, "", 200, 1)
    store.record_poll(second, poll, [items[1]], Validators(), NOW)  # a second feed carries what is coded already
    assert found(store) == [f"Title {n}" for n in range(4)]
    assert found(store, since=date(2022, 2, 22), until=date(2022, 2, 23)) == ["Title 1", "Title 2"]
    assert found(store, signals=["red_line"]) == ["Title 1", "Title 3"]
    assert found(store, signals=["red_line", "expulsion"]) == [f"Title {n}" for n in range(4)]
    assert found(store, named=["PL"]) == ["Title 3"]
    assert found(store, involvement=["direct", "partner"]) == ["Title 0", "Title 1", "Title 3"]
    assert found(store, countries=["FR"]) == found(store, feed_ids=[second]) == found(store, publishers=["b"])
    assert found(store, publishers=["b"]) == ["Title 1"]
    assert found(store, publishers=["b"], feed_ids=[first]) == []
    assert found(store, countries=["FR"], words="title 3") == []
    assert found(store, languages=["fr"]) == []


def test_the_strongest_come_first_however_many_they_are(store, monkeypatch):
    monkeypatch.setattr("tension.storage.articles._FEW", 3)
    strengths = [0.0, 9.0, 0.2, 4.2, 4.7, 0.0, 3.0, 12.0]
    items = [article(n, f"Title {n}", "nato") for n in range(8)]
    filled(store, items, [coding(acts=strength) for strength in strengths])
    expected = [7, 1, 4, 3, 6, 2, 5, 0]
    assert found(store, True) == found(store, True, words="nato") == [f"Title {n}" for n in expected]
    page = articles(store.engine, ArticleFilter(words="nato"), limit=3, offset=2, strongest_first=True)
    assert page["title"].tolist() == [f"Title {n}" for n in expected[2:5]]
    assert count_articles(store.engine, ArticleFilter(words="nato"), at_most=5) == 5


def test_a_new_model_and_another_zone_change_what_is_found(store):
    late = datetime(2022, 2, 24, 23, 30, tzinfo=UTC)
    filled(store, [article(1, "Title", "nato", late)], [coding()])
    (row,) = store.uncoded("m2", 5)
    store.add_codings([(row.id, replace(coding("red_line"), model_version="m2", countries=("PL",)))], NOW)
    assert found(store, signals=["expulsion"]) == found(store, named=["FR"]) == []
    assert found(store, signals=["red_line"], named=["PL"], words="nato") == ["Title"]
    keep_days_in(store.engine, ZoneInfo("Europe/Helsinki"))
    assert found(store, words="nato", until=date(2022, 2, 24)) == []
    assert found(store, words="nato", since=date(2022, 2, 25)) == ["Title"]
    assert found(store, words="nato", signals=["red_line"]) == ["Title"]


@pytest.mark.parametrize("strongest", [False, True])
@pytest.mark.parametrize(
    "chosen",
    [
        ArticleFilter(until=date(2022, 3, 1)),
        ArticleFilter(words="nato", signals=["expulsion"], involvement=["direct"]),
        ArticleFilter(since=date(2022, 2, 1), publishers=["a"], named=["RU"], languages=["en"]),
    ],
)
def test_no_page_reads_through_all_articles_or_puts_them_in_order(sqlite_url, chosen, strongest):
    store = Store.open(sqlite_url)
    filled(store, [article(n, f"Title {n}", "nato") for n in range(4)], [coding()] * 4)
    asked = []
    event.listen(store.engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    articles(store.engine, chosen, limit=2, strongest_first=strongest)
    stories(store.engine, chosen, limit=2, strongest_first=strongest)
    count_articles(store.engine, chosen, 10)
    with store.engine.connect() as connection:
        plans = [
            (statement, row[3])
            for statement, values in list(asked)
            if statement.startswith("SELECT") and "search LIMIT 0" not in statement
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    large = ("article", "listed", "coding", "coded_signal", "sighting", "story")
    assert [step for _, step in plans if step in {f"SCAN {table}" for table in large}] == []
    assert [step for statement, step in plans if "LIMIT" in statement and "TEMP B-TREE" in step] == []
    assert any("search VIRTUAL TABLE" in step for _, step in plans) is bool(chosen.words or chosen.publishers)
    store.engine.dispose()
