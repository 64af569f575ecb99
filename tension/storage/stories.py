"""Stories as they are told: each once, with all of its articles; see `tension.stories` for what a story is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, Engine, and_, func, or_, select

from tension.storage import schema as s
from tension.storage.articles import ArticleFilter, find, read_articles

MOST_ARTICLES = 200  # of one story that are shown
_AT_ONCE = 100
_STORY = func.coalesce(s.article.c.story_id, s.article.c.id)


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its articles.

    Attributes
    ----------
    id
        The smallest id of its articles.
    n_articles, n_publishers
        All articles that tell it; independent publishers among the live feeds.
    articles
        Columns as `tension.storage.articles.articles` gives them, the first published first, `MOST_ARTICLES` at most.
    lead
        Position of the article that leads: the strongest, among equals the first.
    """

    id: int
    n_articles: int
    n_publishers: int
    articles: pd.DataFrame
    lead: int

    @property
    def span(self) -> tuple[datetime, datetime]:
        """When the first and the last of its articles were published."""
        return self.articles["published_at"].iloc[0], self.articles["published_at"].iloc[-1]

    @property
    def signals(self) -> dict[str, int]:
        """Keys of the signals that its articles tell of, with how many do, the most first."""
        return dict(Counter(key for keys in self.articles["signals"] for key in keys).most_common())


def stories(
    engine: Engine,
    chosen: ArticleFilter,
    *,
    limit: int,
    offset: int = 0,
    strongest_first: bool = False,
    most: int = 10_000,
) -> list[Story]:
    """One page of the stories that an article tells which the filter lets through, in the order of the first such.

    Only the first ``most`` articles are looked at.
    """
    with engine.connect() as connection:
        ids: dict[int, None] = {}
        for found in _tellings(connection, chosen, strongest_first, limit + offset, most):
            ids |= dict.fromkeys(found)
            if len(ids) >= limit + offset:
                break
        return _read(connection, list(ids)[offset : offset + limit])


def story_of(engine: Engine, article_id: int) -> Story | None:
    """The story that an article tells; as a story has the id of one of its articles, also the story of that id."""
    with engine.connect() as connection:
        query = select(_STORY).where(s.article.c.id == article_id, s.article.c.coded_by.is_not(None))
        story = connection.execute(query).scalar()
        return None if story is None else _read(connection, [story])[0]


def _tellings(
    connection: Connection, chosen: ArticleFilter, strongest_first: bool, wanted: int, most: int
) -> Iterator[list[int]]:
    """The story of each article in order, some at a time, more and more."""
    start, size = 0, max(_AT_ONCE, 2 * wanted)
    while start < most:
        ids = find(connection, chosen, min(size, most - start), start, strongest_first=strongest_first)
        query = select(s.article.c.id, _STORY).where(s.article.c.id.in_(ids))
        story = {row[0]: row[1] for row in connection.execute(query)}
        yield [story[article_id] for article_id in ids]
        if len(ids) < size:
            return
        start, size = start + size, 4 * size


def _read(connection: Connection, ids: Sequence[int]) -> list[Story]:
    a = s.article.c
    own = or_(a.story_id.in_(ids), and_(a.id.in_(ids), a.story_id.is_(None)))
    told = select(a.id).where(own, a.coded_by.is_not(None)).order_by(a.published_at, a.id)
    found = read_articles(connection, connection.execute(told).scalars().all())
    by = dict(list(found.groupby("story_id")))
    return [_story(story, by[story].reset_index(drop=True)) for story in ids if story in by]


def _story(story_id: int, told: pd.DataFrame) -> Story:
    shown = told.head(MOST_ARTICLES)
    strength = shown["threats"] + shown["acts"] + shown["easing"]
    return Story(story_id, len(told), int(told["n_families"].max()), shown, int(strength.to_numpy().argmax()))
