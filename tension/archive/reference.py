"""Makes what the index leans on: ``python -m tension.archive.reference WIKIPEDIA ARCHIVE …``.

From Wikipedia's Current Events the reference series, ``data/reference/wikipedia_daily.csv``; from archives of general
news the mean intensity a story, ``pooled.csv``, for feeds without a past; what they come from in ``SOURCE.md`` beside
them. No text is kept. Run it anew after each change of model or method; a test compares the versions.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from tension.archive.files import read_rows
from tension.archive.measuring import code, measure_archive
from tension.index.baseline import BASE_PERIOD
from tension.index.measure import METHOD_VERSION
from tension.index.panel import PARTS
from tension.index.reference import POOLED_FILE, REFERENCE_FILE
from tension.resources import resource
from tension.signals.classifier import Model, load_model
from tension.signals.features import join
from tension.signals.language import identify

_COLUMNS = ["index", "threats", "acts", "easing", "smoothed", "n_articles"]

SOURCE = """# The reference series

`wikipedia_daily.csv`: this project's index over {n_articles:,} entries of Wikipedia's Current Events portal,
{start} to {end}, one line a day. Columns: `date`; `index` (= `threats` + `acts`), `threats`, `acts`, `easing` and
`smoothed` (trailing mean, half-life 4 days) in index points, where 100 is the mean over {base}; `n_articles`.

- Source: Wikipedia, *Portal:Current events*, by its contributors, CC BY-SA 4.0; here only figures measured from it.
- Archive's SHA-256: `{digest}`
- Model: `{model}`; method: `{method}`
- Made by: `python -m tension.archive.reference WIKIPEDIA ARCHIVE …`

`pooled.csv`: the mean expected intensity of an article, and how many articles, in archives of general news:

{pooled}

Two cautions. The portal is edited in hindsight, so the series knows a little more than its day did. And its entries
are chosen by volunteers: few a day, world news only; compare its course with a feed panel's, not its noise.
"""


def main() -> None:
    archive, *others = map(Path, sys.argv[1:])
    model = load_model()
    days = measure_archive(read_rows(archive), model).days
    target = resource(REFERENCE_FILE)
    target.parent.mkdir(parents=True, exist_ok=True)
    days[_COLUMNS].round(3).to_csv(target, index_label="date", lineterminator="\n")
    pooled = pd.DataFrame([pool(other, model) for other in others])
    if others:
        pooled.round(6).to_csv(resource(POOLED_FILE), index=False, lineterminator="\n")
    source = SOURCE.format(
        n_articles=int(days["n_articles"].sum()),
        start=days.index[0].date(),
        end=days.index[-1].date(),
        base="…".join(BASE_PERIOD),
        digest=_digest(archive),
        pooled="\n".join(f"- `{other.name}`, SHA-256 `{_digest(other)}`" for other in others),
        model=model.version,
        method=METHOD_VERSION,
    )
    target.with_name("SOURCE.md").write_text(source, encoding="utf-8")
    print(f"{len(days):,} days written to {target}; {len(pooled)} archives pooled")


def _digest(archive: Path) -> str:
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def pool(archive: Path, model: Model) -> dict[str, object]:
    """Mean intensity a story: ``archive, n_articles, threats, acts, easing``, and ``squares`` of the escalation."""
    texts = list(dict.fromkeys(join(row.title, row.summary) for row in read_rows(archive) if row.title))
    codings = code(texts, [identify(text, None, model.languages) for text in texts], model)
    values = np.array([(c.threats, c.acts, c.easing, (c.threats + c.acts) ** 2) for c in codings])
    means = dict(zip([*PARTS, "squares"], values.mean(axis=0).tolist(), strict=True))
    return {"archive": archive.name.split(".")[0], "n_articles": len(texts)} | means


if __name__ == "__main__":
    main()
