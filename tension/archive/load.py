"""Taking an archive in: its articles stored, coded and measured like those of a feed that was watched then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from tension.archive.files import ArchiveRow, read_rows
from tension.errors import ArchiveError
from tension.feeds.articles import article_key
from tension.pipeline import Pipeline
from tension.records import Article, DatedBy, Feed, FeedKind
from tension.signals.features import join
from tension.signals.language import identify

_BATCH = 5000
_UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 leaves it to users; here: an archive of many countries


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to: rows read, articles that were new, rows without words or date that were passed over."""

    n_rows: int
    n_new: int
    n_passed_over: int


def load(
    pipeline: Pipeline,
    path: Path,
    columns: Mapping[str, str] | None = None,
    source: str | None = None,
    language: str | None = None,
    on_rows: Callable[[int], None] = lambda n: None,
) -> Loaded:
    """Store, code and measure the articles of a file. Loading it again stores nothing twice.

    Parameters
    ----------
    pipeline
        Where to.
    path, columns
        As for `tension.archive.files.read_rows`.
    source
        The archive's name in the index; the file's name by default. Files of one name make up one panel.
    language
        For rows that do not say theirs; read from the words by default.
    on_rows
        Told how many rows are done, batch by batch.

    Raises
    ------
    ArchiveError
        When the file cannot be read on; what came before is stored. When none of its first rows has a date.
    """
    name = source or path.name.split(".")[0]
    batches = _batches(read_rows(path, columns))
    first = next(batches, [])
    if first and not any(row.published_at for row in first):
        raise ArchiveError(f"{path}: no row has a date; say which column has it with --columns published_at=…")
    feed = Feed(f"archive:{name}", name, name, language or "en", _UNKNOWN_COUNTRY, FeedKind.PRESS)
    feed_id = pipeline.store.archive_feed(feed, pipeline.now())
    n_rows = n_new = n_without = 0
    try:
        for rows in chain([first], batches):
            articles = [article for row in rows if (article := _article(row, name, language, pipeline))]
            n_new += pipeline.store.add_articles(feed_id, articles, pipeline.now())
            n_rows, n_without = n_rows + len(rows), n_without + len(rows) - len(articles)
            pipeline.code_pending()
            on_rows(len(rows))
    finally:
        pipeline.publish()
    return Loaded(n_rows, n_new, n_without)


def _batches(rows: Iterable[ArchiveRow]) -> Iterator[list[ArchiveRow]]:
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _article(row: ArchiveRow, name: str, language: str | None, pipeline: Pipeline) -> Article | None:
    if not row.title or not row.published_at:
        return None
    publisher = row.publisher or name
    day = str(row.published_at.date())
    summary = row.summary or row.text
    declared = row.language or language or ""
    return Article(
        key=article_key(row.url, "", name, day, row.title, summary),
        url=row.url,
        title=row.title,
        summary=summary,
        language=identify(join(row.title, summary), declared, pipeline.model.languages),
        publisher=publisher,
        published_at=row.published_at,
        dated_by=DatedBy.FEED,
        first_seen_at=pipeline.now(),
    )
