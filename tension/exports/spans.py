"""A long range in pieces: so many days at a time that their articles can be held."""

from __future__ import annotations

from datetime import date

import pandas as pd


def spans(n_articles: pd.Series[int], size: int) -> list[tuple[date, date]]:
    """Runs of days with at most so many articles, or of a single day with more; newest first.

    Parameters
    ----------
    n_articles
        By day, ascending.
    size
        Most articles of a run.
    """
    found: list[tuple[date, date]] = []
    held = 0
    for day, n in zip(pd.DatetimeIndex(n_articles.index[::-1]).date, n_articles[::-1].tolist(), strict=True):
        if found and held + n <= size:
            found[-1] = (day, found[-1][1])
            held += n
        else:
            found.append((day, day))
            held = n
    return found
