"""A table as CSV, JSON or Parquet, written page by page, so that a million rows are never held.

The three say the same. In CSV a text that a spreadsheet could take for a formula is led by an apostrophe; JSON and
Parquet hold the plain text. Where there is no value, CSV has nothing, JSON ``null`` and Parquet a null.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tension.exports.choice import Format

Kind = Literal["text", "count", "number", "day", "hour", "time"]
GROUP_ROWS = 10_000  # of a Parquet row group, at least, where there are so many

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
_TIMES: dict[Kind, str] = {"day": "%Y-%m-%d", "hour": "%Y-%m-%dT%H:%MZ", "time": "%Y-%m-%dT%H:%M:%SZ"}
_ARROW: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "count": pa.int64(),
    "number": pa.float64(),
    "day": pa.timestamp("us"),
    "hour": pa.timestamp("us", tz="UTC"),
    "time": pa.timestamp("us", tz="UTC"),
}
_RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # some spreadsheets read wide signs too


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds. ``day`` and ``hour`` are datetime64, ``time`` too and in UTC.

    Attributes
    ----------
    kind
        Of its values.
    meaning
        A message of the catalogue; `said` puts ``values`` in, which are messages too.
    unit
        Another, where it is in words.
    values
        By the names that they have in the meaning.
    """

    kind: Kind
    meaning: str
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The meaning in whole; in English, as it stands in files, unless it is translated."""
        return translate(self.meaning).format(**{name: translate(value) for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written.

    Attributes
    ----------
    name
        One of `tension.exports.choice.TAKES`.
    columns
        Its columns in order.
    pages
        Gives its rows, a frame at a time; each call begins anew.
    head
        Gives its first rows without reading all.
    n_rows
        Counts its rows.
    decimals
        Of numbers, in CSV and JSON.
    large
        Too large to be held; else it is in memory already.
    """

    name: str
    columns: Mapping[str, Column]
    pages: Callable[[], Iterator[pd.DataFrame]]
    head: Callable[[int], pd.DataFrame]
    n_rows: Callable[[], int]
    decimals: int = 6
    large: bool = False

    @classmethod
    def of(cls, name: str, columns: Mapping[str, Column], frame: pd.DataFrame) -> Table:
        """A table that is in memory."""
        rows = typed(frame, columns)
        return cls(name, columns, lambda: iter([rows]), rows.head, lambda: len(rows))


def typed(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """These columns alone, each of its own type."""
    return pd.DataFrame({name: _cast(frame[name], column.kind) for name, column in columns.items()})


def _cast(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if kind == "text":
        return values.astype(object).where(values.notna(), "").astype(str)
    if kind in ("count", "number"):
        return pd.to_numeric(values).astype("Int64" if kind == "count" else "float64")
    times = pd.to_datetime(values, utc=True)
    return times if kind == "time" else times.dt.tz_localize(None)


def write(table: Table, file_format: Format) -> Iterator[bytes]:
    """The file, piece by piece."""
    return _WRITERS[file_format](table)


def csv_text(frame: pd.DataFrame, columns: Mapping[str, Column], decimals: int, header: bool = True) -> str:
    """Rows as CSV: UTF-8, LF, ISO 8601 dates, nothing where there is no value, no cell a formula."""
    shown = _with_times_as_text(frame, columns)
    for name, column in columns.items():
        if column.kind == "text":
            shown[name] = shown[name].map(without_formula)
    return str(shown.to_csv(index=False, header=header, float_format=f"%.{decimals}f", lineterminator="\n"))


def without_formula(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_RISKY_STARTS) else text


def _with_times_as_text(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    shown = frame.copy()
    for name, column in columns.items():
        if column.kind in _TIMES:
            written = pd.to_datetime(shown[name]).dt.strftime(_TIMES[column.kind]).astype(object)
            shown[name] = written.where(written.notna(), None)
    return shown


def _csv(table: Table) -> Iterator[bytes]:
    yield (",".join(table.columns) + "\n").encode()
    for page in table.pages():
        yield csv_text(page, table.columns, table.decimals, header=False).encode()


def _json(table: Table) -> Iterator[bytes]:
    """An array of objects, one a line."""
    before = "[\n"
    for page in table.pages():
        if page.empty:
            continue
        shown = _with_times_as_text(page, table.columns)
        lines = shown.to_json(orient="records", lines=True, double_precision=table.decimals, force_ascii=False)
        yield (before + lines.rstrip("\n").replace("\n", ",\n")).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _parquet(table: Table) -> Iterator[bytes]:
    """Row groups, each sent as soon as it is written: a Parquet file is never written backwards."""
    sink = _Sink()
    schema = _schema(table.columns)
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for rows in _gathered(table.pages(), GROUP_ROWS):
            writer.write_table(pa.Table.from_pandas(rows, schema=schema, preserve_index=False))
            yield sink.take()
    yield sink.take()


def _schema(columns: Mapping[str, Column]) -> pa.Schema:
    """Fields that carry their own description."""
    return pa.schema(
        [
            pa.field(name, _ARROW[column.kind], metadata={"description": column.said(), "unit": column.unit})
            for name, column in columns.items()
        ]
    )


def _gathered(pages: Iterable[pd.DataFrame], least: int) -> Iterator[pd.DataFrame]:
    held: list[pd.DataFrame] = []
    for page in pages:
        held.append(page)
        if sum(map(len, held)) >= least:
            yield pd.concat(held, ignore_index=True)
            held = []
    if held:
        yield pd.concat(held, ignore_index=True)


class _Sink(io.RawIOBase):
    """A file that is written at one end and taken from at the other."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        """What was written since it was last asked."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


_WRITERS: dict[Format, Callable[[Table], Iterator[bytes]]] = {"csv": _csv, "json": _json, "parquet": _parquet}
