"""The articles of stories of Russia and NATO, read in bulk."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine, Select, and_, func, select

from tension.records import Involvement
from tension.storage import days
from tension.storage import schema as s

COLUMNS = [
    "article_id", "story_id", "title", "url", "publisher", "language",
    "published_at", "first_seen_at", "last_seen_at", "strength", "signals",
]  # fmt: skip
_STORY = func.coalesce(s.article.c.story_id, s.article.c.id)


def articles(engine: Engine, first: date, last: date, among: tuple[date, date]) -> pd.DataFrame:
    """Articles published on some days that tell an involved story.

    Parameters
    ----------
    first, last
        The days.
    among
        A longer range; a story is involved where one of its articles in it was coded as of Russia and NATO or its
        partners.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: ``strength`` is the expected intensity, escalation and easing together; ``signals`` a list
        of the keys coded, the most probable first.
    """
    t = s.coded_signal.c
    signals = select(t.article_id, t.signal).select_from(
        s.coded_signal.join(s.article, and_(s.article.c.id == t.article_id, s.article.c.coded_by == t.model_version))
    )
    signals = signals.where(t.published_on.between(first, last)).order_by(t.probability.desc())
    with engine.connect() as connection:
        frame = days.frame_of(connection.execute(_told(first, last, among)))
        found = days.frame_of(connection.execute(signals))
    by = found.groupby("article_id")["signal"].agg(list).to_dict()
    frame["signals"] = [by.get(article_id, []) for article_id in frame["article_id"]]
    return frame[COLUMNS]


def _told(first: date, last: date, among: tuple[date, date]) -> Select[Any]:
    a, c, seen = s.article.c, s.coding.c, s.sighting.c
    coded = s.article.join(s.coding, and_(c.article_id == a.id, c.model_version == a.coded_by))
    involved = select(_STORY).select_from(coded)
    involved = involved.where(a.published_on.between(*among), c.involvement != Involvement.NONE.value)
    columns = (a.id.label("article_id"), _STORY.label("story_id"), a.title, a.url, a.publisher, a.language)
    last_seen = select(func.max(seen.last_seen_at)).where(seen.article_id == a.id).scalar_subquery()
    times = (a.published_at, a.first_seen_at, last_seen.label("last_seen_at"))
    query = select(*columns, *times, (c.threats + c.acts + c.easing).label("strength")).select_from(coded)
    return query.where(a.published_on.between(first, last), _STORY.in_(involved)).order_by(a.id)
