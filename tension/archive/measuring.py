"""The index over an archive by itself, without a database: for the reference series and for backtests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from tqdm import tqdm

from tension.archive.files import ArchiveRow
from tension.errors import ArchiveError
from tension.index.measure import measure
from tension.index.panel import PARTS, Observations
from tension.records import Coding
from tension.signals.classifier import Model
from tension.signals.features import join
from tension.signals.language import identify
from tension.storage.days import sums

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class MeasuredArchive:
    """``days`` as `tension.index.measure.measure` gives; how many articles, and rows that were passed over."""

    days: pd.DataFrame
    n_articles: int
    n_passed_over: int


def measure_archive(rows: Iterable[ArchiveRow], model: Model) -> MeasuredArchive:
    """Code and measure an archive, at a mean of 100 over the base period.

    Rows without a date or words are passed over, repeated ones, and, in an archive that names its sources, those
    without one: such rows are headings and no events.

    Raises
    ------
    ArchiveError
        When no row is left.
    """
    table = pd.DataFrame(
        (row.published_at, join(row.title, row.summary or row.text), row.language, row.publisher) for row in rows
    ).set_axis(["at", "text", "language", "publisher"], axis=1)
    kept = table[table["at"].notna() & (table["text"] != "")]
    if (kept["publisher"] != "").mean() > 0.5:
        kept = kept[kept["publisher"] != ""]
    kept = kept.assign(day=pd.to_datetime(kept["at"], utc=True).dt.tz_localize(None).dt.normalize())
    kept = kept.drop_duplicates(["day", "text"])
    if kept.empty:
        raise ArchiveError("no row of the archive has a date and words")
    texts = kept["text"].tolist()
    languages = [identify(t, named or None, model.languages) for t, named in zip(texts, kept["language"], strict=True)]
    codings = code(texts, languages, model)
    return MeasuredArchive(_measure(kept[["day"]], codings), len(kept), len(table) - len(kept))


def code(texts: Sequence[str], languages: Sequence[str], model: Model) -> list[Coding]:
    """Code texts, with a bar on standard error."""
    with tqdm(total=len(texts), desc="coding", unit="text", unit_scale=True) as bar:
        found = []
        for at in range(0, len(texts), _BATCH):
            found += model.code(texts[at : at + _BATCH], languages[at : at + _BATCH])
            bar.update(len(texts[at : at + _BATCH]))
    return found


def _measure(days: pd.DataFrame, codings: Sequence[Coding]) -> pd.DataFrame:
    figures = [(c.p_direct, c.p_partner, c.probabilities, c.variance) for c in codings]
    rows = days.assign(feed_id=1, story_id=range(len(days)), weight=1.0)
    rows[["p_direct", "p_partner", "probabilities", "variance"]] = pd.DataFrame(figures, rows.index)
    feed_days = sums(rows)
    feeds = pd.DataFrame(
        {"publisher": "", "weight": 1.0, "archive": True, "enabled": True, "interval_minutes": np.nan,
         "first_polled_on": pd.NaT, "last_polled_on": pd.NaT},
        index=pd.Index([1], name="feed_id"),
    )  # fmt: skip
    polled = pd.DataFrame({"feed_id": [], "day": pd.to_datetime([]), "answered": []})
    pooled = {part: float(feed_days[part].sum() / feed_days["n_stories"].sum()) for part in [*PARTS, "squares"]}
    seen = Observations(feed_days, feeds, polled, feed_days.set_index("day")[["n_articles", "n_stories"]])
    return measure(seen, pd.Series(dtype=float), pooled, feed_days["day"].max().date(), 0.0)
