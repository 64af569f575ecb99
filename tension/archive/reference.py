"""Makes the reference series from an archive: ``python -m tension.archive.reference ARCHIVE``.

Writes the numbers to ``data/reference/wikipedia_daily.csv`` and what they come from to ``SOURCE.md`` beside it. No
text of the archive is kept. Run it anew after each change of model or method; a test compares the versions.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from tension.archive.files import read_rows
from tension.index.baseline import BASE_PERIOD
from tension.index.measure import METHOD_VERSION, Observations, measure
from tension.index.reference import REFERENCE_FILE
from tension.resources import resource
from tension.signals.classifier import Model, load_model
from tension.signals.features import join

_BATCH = 2000
_COLUMNS = ["index", "threats", "acts", "easing", "smoothed", "n_articles"]

SOURCE = """# The reference series

`wikipedia_daily.csv`: this project's index over {n_articles:,} entries of Wikipedia's Current Events portal,
{start} to {end}, one line a day. Columns: `date`; `index` (= `threats` + `acts`), `threats`, `acts`, `easing` and
`smoothed` (trailing mean, half-life 4 days) in index points, where 100 is the mean over {base}; `n_articles`.

- Source: Wikipedia, *Portal:Current events*, by its contributors, CC BY-SA 4.0; here only figures measured from it.
- Archive's SHA-256: `{digest}`
- Model: `{model}`; method: `{method}`
- Made by: `python -m tension.archive.reference ARCHIVE`

Two cautions. The portal is edited in hindsight, so the series knows a little more than its day did. And its entries
are chosen by volunteers: few a day, world news only; compare its course with a feed panel's, not its noise.
"""


def main() -> None:
    archive = Path(sys.argv[1])
    model = load_model()
    days = measure_archive(archive, model)
    target = resource(REFERENCE_FILE)
    target.parent.mkdir(parents=True, exist_ok=True)
    days[_COLUMNS].round(3).to_csv(target, index_label="date", lineterminator="\n")
    source = SOURCE.format(
        n_articles=int(days["n_articles"].sum()),
        start=days.index[0].date(),
        end=days.index[-1].date(),
        base="…".join(BASE_PERIOD),
        digest=hashlib.sha256(archive.read_bytes()).hexdigest(),
        model=model.version,
        method=METHOD_VERSION,
    )
    target.with_name("SOURCE.md").write_text(source, encoding="utf-8")
    print(f"{len(days):,} days written to {target}")


def measure_archive(archive: Path, model: Model) -> pd.DataFrame:
    """The index over an archive of its own, at a mean of 100 over the base period."""
    rows = pd.DataFrame(
        {"day": pd.Timestamp(row.published_at.date()), "text": join(row.title, row.summary)}
        for row in read_rows(archive)
        if row.published_at and row.publisher  # the portal's topic headings have no source and are no events
    ).drop_duplicates()
    texts = rows["text"].tolist()
    codings = [
        coding
        for start in tqdm(range(0, len(texts), _BATCH), unit="batch", desc="coding")
        for coding in model.code(texts[start : start + _BATCH], ["en"] * len(texts[start : start + _BATCH]))
    ]
    sums = np.array([[c.threats, c.acts, c.easing] for c in codings])
    rows[["threats", "acts", "easing"]] = sums
    by_day = rows.groupby("day")
    feed_days = by_day[["threats", "acts", "easing"]].sum().assign(n_articles=by_day.size(), feed_id=1).reset_index()
    feeds = pd.DataFrame(
        {"weight": 1.0, "archive": True, "enabled": True, "first_polled_on": pd.NaT, "last_polled_on": pd.NaT},
        index=pd.Index([1], name="feed_id"),
    )
    polled = pd.DataFrame({"feed_id": [], "day": pd.to_datetime([])})
    seen = Observations(feed_days, feeds, polled, feed_days.set_index("day")["n_articles"])
    return measure(seen, pd.Series(dtype=float), feed_days["day"].max().date(), 0.0)


if __name__ == "__main__":
    main()
