"""The articles' codings: what the classifier read in each article, newest first."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from sqlalchemy import Engine

from tension.exports.formats import Column, Table, typed, write
from tension.signals.codebook import KEYS, SIGNALS
from tension.storage.articles import ArticleFilter, article_pages, articles, count_articles
from tension.tongue import N_

CODING_COLUMNS: dict[str, Column] = {
    "date": Column("day", N_("day of publication"), "UTC"),
    "published_at": Column("time", N_("when it was published"), "UTC"),
    "title": Column("text", N_("its headline, as the feed carried it")),
    "url": Column("text", N_("its address")),
    "language": Column("text", N_("language"), "ISO 639-1"),
    "publisher": Column("text", N_("the family of publishers it is of")),
    "feeds": Column("text", N_("names of the feeds that carried it, joined by semicolons")),
    "involvement": Column("text", N_("direct (Russia and NATO), partner (Russia and a state at the stake), none")),
    "p_direct": Column("number", N_("probability that it is direct"), "0–1"),
    "p_partner": Column("number", N_("probability that it is partner"), "0–1"),
    "signals": Column("text", N_("keys of the signals found, the most probable first, joined by spaces")),
    "threats": Column("number", N_("expected intensity of its threats"), "0–10"),
    "acts": Column("number", N_("expected intensity of its acts"), "0–10"),
    "easing": Column("number", N_("expected intensity of its signs of easing"), "0–10"),
    "evidence": Column("text", N_("the words that spoke for each signal")),
    **{
        f"p_{signal.key}": Column(
            "number",
            N_("probability of the signal “{label}”: {meaning}"),
            "0–1",
            {"label": signal.label, "meaning": signal.meaning},
        )
        for signal in SIGNALS
    },
    "model_version": Column("text", N_("version of the classifier")),
    "read_text": Column("text", N_("what was read: summary (as the feed carried it) or article (its page)")),
}


def codings(engine: Engine, chosen: ArticleFilter) -> Table:
    """The chosen articles with their codings, columns `CODING_COLUMNS`."""
    return Table(
        name="codings",
        columns=CODING_COLUMNS,
        pages=lambda: _pages(engine, chosen),
        head=lambda n: _table(articles(engine, chosen, limit=n)),
        n_rows=lambda: count_articles(engine, chosen),
        decimals=4,
        large=True,
    )


def codings_csv(engine: Engine, chosen: ArticleFilter) -> Iterator[str]:
    """The same as CSV, piece by piece."""
    return (piece.decode() for piece in write(codings(engine, chosen), "csv"))


def _pages(engine: Engine, chosen: ArticleFilter) -> Iterator[pd.DataFrame]:
    return map(_table, article_pages(engine, chosen))


def _table(page: pd.DataFrame) -> pd.DataFrame:
    table = page.assign(
        date=page["published_at"].map(lambda moment: moment.date()),
        feeds=page["feeds"].map("; ".join),
        signals=page["signals"].map(" ".join),
        evidence=page["evidence"].map(lambda found: "; ".join(f"{e['signal']}: {e['text']}" for e in found)),
    )
    probabilities = pd.DataFrame(page["probabilities"].tolist(), page.index, [f"p_{key}" for key in KEYS])
    return typed(table.join(probabilities), CODING_COLUMNS)
