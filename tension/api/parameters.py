"""The query of an address, read into a choice; what cannot be read is refused with what it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from starlette.datastructures import QueryParams

from tension.exports.choice import FREQUENCIES, TAKES, BadChoice, Choice, Frequency, parse_moment
from tension.signals.codebook import KEYS

T = TypeVar("T")


def read_choice(table: str, query: QueryParams) -> Choice:
    """What the query of a table's address asks for.

    Raises
    ------
    BadChoice
        Naming the parameter and what it takes.
    """
    for name in query:
        if name not in TAKES[table]:
            raise BadChoice(f"{name}: {table} has no such parameter; it takes {', '.join(TAKES[table])}")
    return Choice(
        start=_read(query, "start", _day),
        end=_read(query, "end", _day),
        frequency=_read(query, "frequency", _frequency) or "D",
        as_of=_read(query, "as_of", parse_moment),
        day=_read(query, "day", _day),
        signals=_signals(query),
    )


def _read(query: QueryParams, name: str, read: Callable[[str], T]) -> T | None:
    """Empty is as good as left out."""
    text = query.get(name)
    try:
        return read(text) if text else None
    except ValueError as error:
        raise BadChoice(f"{name}: {error}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day; write it as 2021-10-18") from error


def _frequency(text: str) -> Frequency:
    for frequency in FREQUENCIES:
        if text == frequency:
            return frequency
    raise ValueError(f"{text!r} is none of {', '.join(FREQUENCIES)}")


def _signals(query: QueryParams) -> tuple[str, ...]:
    chosen = tuple(key for key in query.getlist("signal") if key)
    if unknown := [key for key in chosen if key not in KEYS]:
        raise BadChoice(f"signal: {', '.join(unknown)} is none of {', '.join(KEYS)}")
    return chosen
