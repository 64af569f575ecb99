"""A database of an earlier version comes along with what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import tension.storage
from tension.feeds.articles import article_key
from tension.feeds.moving import Move
from tension.feeds.politeness import Pace
from tension.storage.articles import ArticleFilter, articles, count_articles
from tension.storage.store import Store

FEED = """
INSERT INTO feed (id, url, name, publisher, language, country, kind, weight, enabled, archive, last_reason,
                  failures_in_row, added_at)
VALUES (1, 'https://a.example/rss', 'A', 'a', 'en', 'GB', 'press', 1.0, true, false, '', 0, '2022-02-24 12:00:00+00')
"""
ARTICLE = """
INSERT INTO article (id, key, url, title, summary, language, publisher, published_at, published_on, dated_by,
                     first_seen_at, coded_by)
VALUES (1, 'k', 'https://a.example/1', 'T', 'S', 'en', 'a', '2022-02-24 12:00:00+00', '2022-02-24', 'feed',
        '2022-02-24 12:00:00+00', 'm1')
"""
LONG_KEY = f"https://a.example/{'long/' * 120}"
LONG_ARTICLE = ARTICLE.replace("(1, 'k'", "(2, :key").replace("'m1'", "NULL")
CODING = """
INSERT INTO coding (article_id, model_version, coded_at, involvement, p_direct, p_partner, threats, acts, easing,
                    low_confidence, probabilities, evidence)
VALUES (1, 'm1', '2022-02-24 12:00:00+00', 'direct', 0.9, 0.0, 1, 1, 0, false, '[]', '[]')
"""


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> str:
    """A database of version 0002 with an article that is coded, and one with a long key that is not."""
    url = request.getfixturevalue(f"{request.param}_url")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", str(Path(tension.storage.__file__).parent / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for statement in (FEED, ARTICLE, CODING):
            connection.execute(text(statement))
        connection.execute(text(LONG_ARTICLE), {"key": LONG_KEY})
        connection.commit()
    engine.dispose()
    return url


def test_what_was_stored_before_0003_is_kept_and_says_what_was_true(url):
    store = Store.open(url)
    (state,) = store.watched()
    assert (state.feed.url, state.move) == ("https://a.example/rss", Move())
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT read_text FROM coding")).scalars().all() == ["summary"]
    store.engine.dispose()


def test_what_was_stored_before_0005_is_found_by_its_words(url):
    store = Store.open(url)
    for chosen in (ArticleFilter(), ArticleFilter(words="t s", involvement=["direct"], languages=["en"])):
        assert articles(store.engine, chosen, limit=5)["id"].tolist() == [1]
    assert count_articles(store.engine, ArticleFilter(words="another")) == 0
    store.engine.dispose()


def test_what_was_stored_before_0006_has_no_pace_and_keys_as_they_are_made_now(url):
    store = Store.open(url)
    (state,) = store.watched()
    assert state.pace == Pace()
    assert store.known_keys(["k", LONG_KEY, article_key(LONG_KEY, "", "a")]) == {"k", article_key(LONG_KEY, "", "a")}
    store.engine.dispose()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_sqlite_without_a_full_text_index_says_so_and_finds_words_without(url, monkeypatch, caplog):
    monkeypatch.setattr(
        "tension.storage.listing._FTS5", "CREATE VIRTUAL TABLE search USING fts_that_is_not_there(title)"
    )
    store = Store.open(url)
    assert "no full-text index, searching articles will be slow" in caplog.text
    assert articles(store.engine, ArticleFilter(words="t"), limit=5)["id"].tolist() == [1]
    store.engine.dispose()
