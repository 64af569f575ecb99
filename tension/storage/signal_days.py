"""Signals over the years: when each was first and last coded, and the article that spoke for it most on a day.

Only articles of Russia and NATO or a partner count. Each question is answered from the index of ``coded_signal`` by
signal and day, so that a million articles cost no more than a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine, Select, and_, select

from tension.records import Involvement
from tension.signals.codebook import INVOLVEMENT_FACTOR, KEYS
from tension.storage import schema as s

HEADLINE_COLUMNS = ["title", "url", "publisher"]


def first_and_last(engine: Engine) -> pd.DataFrame:
    """First and last day with an article coded for each signal.

    Returns
    -------
    DataFrame
        Index ``signal`` in codebook order; columns ``first_on, last_on``, NaT where there is none.
    """
    on = s.coded_signal.c.published_on
    ends = {"first_on": on.asc(), "last_on": on.desc()}
    with engine.connect() as connection:
        found = {
            name: [connection.execute(_coded(key, on).order_by(order).limit(1)).scalar() for key in KEYS]
            for name, order in ends.items()
        }
    columns = {name: pd.to_datetime(pd.Series(days)).astype("datetime64[ns]") for name, days in found.items()}
    return pd.DataFrame(columns).set_index(pd.Index(KEYS, name="signal"))


def headlines(engine: Engine, days: Mapping[str, date]) -> pd.DataFrame:
    """The article that most probably tells of a signal and of Russia and NATO on a day.

    Parameters
    ----------
    days
        By signal.

    Returns
    -------
    DataFrame
        Index ``signal``, those of them that an article was coded for; columns `HEADLINE_COLUMNS`.
    """
    a, c, t = s.article.c, s.coding.c, s.coded_signal.c
    involved = (
        INVOLVEMENT_FACTOR[Involvement.DIRECT] * c.p_direct + INVOLVEMENT_FACTOR[Involvement.PARTNER] * c.p_partner
    )
    order = ((involved * t.probability).desc(), a.published_at, a.id)
    rows = {}
    with engine.connect() as connection:
        for key, day in days.items():
            query = _coded(key, a.title, a.url, a.publisher).where(t.published_on == day)
            if found := connection.execute(query.order_by(*order).limit(1)).first():
                rows[key] = tuple(found)
    return pd.DataFrame.from_dict(rows, orient="index", columns=HEADLINE_COLUMNS).rename_axis("signal")


def _coded(signal: str, *columns: Any) -> Select[Any]:
    """Articles coded for a signal by the model that coded them last."""
    a, c, t = s.article.c, s.coding.c, s.coded_signal.c
    joined = s.coded_signal.join(s.article, and_(a.id == t.article_id, a.coded_by == t.model_version)).join(
        s.coding, and_(c.article_id == t.article_id, c.model_version == t.model_version)
    )
    return select(*columns).select_from(joined).where(t.signal == signal, c.involvement != Involvement.NONE.value)
