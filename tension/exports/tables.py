"""Every table by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine

from tension.exports.choice import Choice
from tension.exports.codings import CODING_COLUMNS, codings
from tension.exports.contributions import CONTRIBUTION_COLUMNS, contributions
from tension.exports.formats import Column, Table
from tension.exports.index import INDEX_COLUMNS, index
from tension.exports.signals import SIGNAL_COLUMNS, signals
from tension.exports.stories import STORY_COLUMNS, stories
from tension.storage import frames
from tension.storage.articles import ArticleFilter

COLUMNS: dict[str, Mapping[str, Column]] = {
    "index": INDEX_COLUMNS,
    "signals": SIGNAL_COLUMNS,
    "contributions": CONTRIBUTION_COLUMNS,
    "stories": STORY_COLUMNS,
    "codings": CODING_COLUMNS,
}
_MEASURED: dict[str, Callable[[Engine, Choice, float], Table]] = {
    "signals": signals,
    "contributions": contributions,
    "stories": stories,
}


def make(name: str, engine: Engine, chosen: Choice, coverage_floor: float, now: datetime) -> Table:
    """A table as chosen.

    Parameters
    ----------
    name
        One of `tension.exports.choice.TAKES`.
    coverage_floor
        As the index is measured with.
    now
        Until when it is now.

    Raises
    ------
    BadChoice
        When the range is too long.
    NoValue
        When a day is to be opened that has none.
    """
    if name == "index":
        return index(engine, chosen, coverage_floor, now)
    if name == "codings":
        until = chosen.end or frames.today(engine, now)
        return codings(engine, ArticleFilter(since=chosen.start, until=until, signals=chosen.signals))
    return _MEASURED[name](engine, chosen, coverage_floor)
