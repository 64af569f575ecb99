"""Files of articles: CSV or JSON lines, plain or gzipped, whose columns go by the names that archives use."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from dateutil import parser as dates

from tension.errors import ArchiveError

NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uid", "article_id"),
    "title": ("title", "headline", "titre"),
    "summary": ("summary", "description", "lead", "abstract", "snippet", "subtitle"),
    "text": ("text", "body", "content", "full_text", "article"),
    "language": ("language", "lang"),
    "url": ("url", "link", "href"),
    "published_at": (
        "published_at", "date", "published", "pubdate", "pub_date", "publication_date", "datetime", "timestamp", "time",
        "feed_date", "first_seen",
    ),
    "publisher": ("publisher", "outlet", "source", "sources", "domain", "site", "feed"),
}  # fmt: skip
_FIELD_LIMIT = 50_000_000


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """One row of a file. ``row`` counts from 1, the heading not counted; absent texts are ""; times aware UTC."""

    row: int
    id: str
    title: str
    summary: str
    text: str
    language: str
    url: str
    published_at: datetime | None
    publisher: str


def read_rows(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[ArchiveRow]:
    """Read a file of articles row by row.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv``, ``.jsonl``, ``.ndjson`` or ``.json`` (lines), each also with ``.gz``.
    columns
        Which column holds which field, over the usual names: ``{"published_at": "first_seen"}``.

    Raises
    ------
    ArchiveError
        With file and row, when the file cannot be read, has no title or text, or a date makes no sense.
    """
    chosen = dict(columns or {})
    if unknown := sorted(set(chosen) - set(NAMES)):
        raise ArchiveError(f"--columns: unknown field {', '.join(unknown)}; known are {', '.join(NAMES)}")
    with _opened(path) as file:
        for number, raw in enumerate(_raw_rows(path, file, chosen), start=1):
            try:
                yield _row(number, raw, chosen)
            except ValueError as error:
                raise ArchiveError(f"{path}, row {number}: {error}") from error


def count_rows(path: Path) -> int:
    """How many rows a file has at the most, for a progress bar."""
    with _opened(path) as file:
        return sum(1 for _ in file)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rb") as raw:
            yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
    except FileNotFoundError as error:
        raise ArchiveError(f"{path}: no such file") from error
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise ArchiveError(f"{path} cannot be read: {error}; it should be UTF-8 CSV or JSON lines") from error


def _raw_rows(path: Path, file: TextIO, chosen: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if suffix in {".csv", ".tsv"}:
        csv.field_size_limit(min(_FIELD_LIMIT, sys.maxsize))
        yield from _csv_rows(path, file, "\t" if suffix == ".tsv" else ",", chosen)
    elif suffix in {".jsonl", ".ndjson", ".json"}:
        yield from _json_rows(path, file)
    else:
        raise ArchiveError(f"{path}: the ending {suffix!r} is not known; use .csv, .tsv or .jsonl, each also with .gz")


def _csv_rows(path: Path, file: TextIO, delimiter: str, chosen: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    rows = csv.DictReader((line.replace("\0", "") for line in file), delimiter=delimiter)
    if rows.fieldnames is None:
        raise ArchiveError(f"{path} is empty: the first line should name the columns")
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames]
    _check_columns(path, rows.fieldnames, chosen)
    yield from rows


def _check_columns(path: Path, present: Sequence[str], chosen: Mapping[str, str]) -> None:
    named = f"{path} has the columns {', '.join(present)}"
    if missing := sorted({name.lower() for name in chosen.values()} - set(present)):
        raise ArchiveError(f"{named}; --columns asks for {', '.join(missing)}")
    if not {*NAMES["title"], *NAMES["text"]} & set(present) and not {"title", "text"} & set(chosen):
        raise ArchiveError(f"{named}, none of which is a title or text; say which with --columns title=…")


def _json_rows(path: Path, file: TextIO) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ArchiveError(f"{path}, line {number}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise ArchiveError(f"{path}, line {number}: should be one JSON object, is {type(row).__name__}")
        yield {str(key).lower(): value for key, value in row.items()}


def _row(number: int, raw: Mapping[str, Any], chosen: Mapping[str, str]) -> ArchiveRow:
    def field(name: str) -> str:
        names = (chosen[name].lower(),) if name in chosen else NAMES[name]
        value = next((raw[n] for n in names if raw.get(n) not in (None, "")), "")
        return str(value).strip()

    title, text = field("title"), field("text")
    stamp = field("published_at")
    return ArchiveRow(
        row=number,
        id=field("id") or str(number),
        title=title or text,
        summary=field("summary"),
        text=text if title else "",
        language=field("language").lower()[:2],
        url=field("url"),
        published_at=_time(stamp) if stamp else None,
        publisher=field("publisher"),
    )


_YEARS = (1900, 2200)


def _time(stamp: str) -> datetime:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        try:
            moment = dates.parse(stamp)
        except (dates.ParserError, OverflowError) as error:
            raise ValueError(
                f"the date {stamp!r} cannot be read: write it as 2021-10-18 or 2021-10-18T13:05Z"
            ) from error
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        years = f"{_YEARS[0]} to {_YEARS[1]}"
        raise ValueError(f"the date {stamp!r} is not of the years {years}: mend it or take the row out")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
