"""What of a table is asked for, by a page or by an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlencode

Frequency = Literal["D", "W", "M", "H"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
Format = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)

TAKES: dict[str, tuple[str, ...]] = {
    "index": ("start", "end", "frequency", "as_of"),
    "signals": ("start", "end", "signal"),
    "contributions": ("day",),
    "stories": ("start", "end", "signal"),
    "codings": ("start", "end", "signal"),
}
"""The tables, and which parameters each of them takes."""


class BadChoice(ValueError):
    """A parameter cannot be used; the message says which and what it takes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; None and empty leave it to the table.

    Raises
    ------
    BadChoice
        When it contradicts itself.
    """

    start: date | None = None
    end: date | None = None
    frequency: Frequency = "D"
    as_of: datetime | None = None
    day: date | None = None
    signals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise BadChoice(f"start: {self.start} is after the end, {self.end}")
        if self.frequency == "H" and self.as_of:
            raise BadChoice("as_of: hours are measured as of now only; leave it out, or take days")

    def address(self, table: str, file_format: Format) -> str:
        """Path and query that give this part of a table."""
        given = {
            "start": self.start,
            "end": self.end,
            "frequency": None if self.frequency == "D" else self.frequency,
            "as_of": self.as_of and _written(self.as_of),
            "day": self.day,
        }
        query = [(name, value) for name, value in given.items() if value and name in TAKES[table]]
        query += [("signal", key) for key in self.signals if "signal" in TAKES[table]]
        return f"/api/{table}.{file_format}" + (f"?{urlencode(query)}" if query else "")


def _written(moment: datetime) -> str:
    """As short as `parse_moment` understands it."""
    moment = moment.astimezone(UTC)
    day = f"{moment:%Y-%m-%d}"
    return day if parse_moment(day) == moment else moment.isoformat().replace("+00:00", "Z")


def parse_moment(text: str) -> datetime:
    """A moment as users write it: a day means its end; a time without a zone is UTC.

    Raises
    ------
    ValueError
        Saying how to write it.
    """
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time; write it as 2021-10-18 or 2021-10-18T13:05Z") from error
    if len(text) == len("2021-10-18"):
        moment += timedelta(days=1, microseconds=-1)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
