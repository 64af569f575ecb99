"""Which countries the articles of some days name, read in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from json import loads

import pandas as pd
from sqlalchemy import Engine, Text, and_, case, cast, func, select

from tension.records import Involvement
from tension.storage import days
from tension.storage import schema as s
from tension.storage.rows import chunks

_STRONG = 0.05  # expected intensity (0–10) below which an article leads no signal and no list of stories


def named(engine: Engine, first: date, last: date, model_version: str) -> pd.DataFrame:
    """What the feeds carried on the days of a span, a row an article and feed.

    Returns
    -------
    DataFrame
        Columns ``feed_id, day, article_id, story_id, weight``; ``escalation``, the expected intensity of threats and
        acts together (0–10); ``involved``, whether it was coded as one of Russia and NATO or its partners; and
        ``countries``, a tuple of codes in the order in which they are named.
    """
    a, c = s.article.c, s.coding.c
    joined = (
        s.article.join(s.sighting, s.sighting.c.article_id == a.id)
        .join(s.coding, and_(c.article_id == a.id, c.model_version == model_version))
        .join(s.feed, s.feed.c.id == s.sighting.c.feed_id)
        .outerjoin(s.story, s.story.c.id == a.story_id)
    )
    query = select(
        s.sighting.c.feed_id,
        a.published_on.label("day"),
        a.id.label("article_id"),
        func.coalesce(a.story_id, a.id).label("story_id"),
        case((s.feed.c.archive, 1.0), else_=func.coalesce(s.story.c.weight, 1.0)).label("weight"),
        (c.threats + c.acts).label("escalation"),
        (c.involvement != Involvement.NONE.value).label("involved"),
        cast(c.countries, Text).label("countries"),
    ).select_from(joined)
    with engine.connect() as connection:
        frame = days.frame_of(connection.execute(query.where(a.published_on.between(first, last))))
    frame["day"] = pd.to_datetime(frame["day"]).astype("datetime64[ns]")
    frame["countries"] = frame["countries"].map({text: tuple(loads(text)) for text in frame["countries"].unique()})
    return frame


def strong_parts(engine: Engine, first: date, last: date, model_version: str) -> pd.DataFrame:
    """Of the articles of some escalation: index ``article_id``; ``parts``, expected intensity by signal in codebook
    order."""
    a, c = s.article.c, s.coding.c
    coded = s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == model_version))
    query = select(a.id.label("article_id"), c.p_direct, c.p_partner, c.probabilities).select_from(coded)
    query = query.where(a.published_on.between(first, last), c.threats + c.acts >= _STRONG)
    with engine.connect() as connection:
        frame = days.frame_of(connection.execute(query))
    frame["parts"] = days.parts_of(frame).tolist()
    return frame.set_index("article_id")[["parts"]]


def headlines(engine: Engine, article_ids: Sequence[int]) -> pd.DataFrame:
    """Titles of some articles: index ``article_id``; ``title, url, publisher, published_on``."""
    a = s.article.c
    columns = ["article_id", "title", "url", "publisher", "published_on"]
    rows: list[tuple[object, ...]] = []
    with engine.connect() as connection:
        for chunk in chunks(article_ids):
            query = select(a.id, a.title, a.url, a.publisher, a.published_on).where(a.id.in_(chunk))
            rows += [tuple(row) for row in connection.execute(query)]
    return pd.DataFrame(rows, columns=columns).set_index("article_id")
