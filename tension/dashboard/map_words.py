"""How the Map page says what part countries have: pure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from tension import tongue
from tension.geography import NOWHERE, Parts
from tension.signals.codebook import BY_KEY
from tension.signals.standing import Standing, standings
from tension.tongue import N_, _, n_, number, percent

COLUMNS = ["country", "points", "share", "change", "n_stories", "signal", "standing"]
SIDES = (Standing.MEMBER, Standing.PARTNER)
NO_COUNTRY = N_("no country named")
STANDINGS = {
    # Says: of a country: member of NATO
    Standing.MEMBER: N_("member"),
    # Says: of a country: partner of NATO
    Standing.PARTNER: N_("partner"),
    # Says: of a country: on Russia's side
    Standing.RUSSIA: N_("Russia's side"),
    # Says: of a country: neither member of NATO nor partner
    Standing.OTHER: N_("other"),
}
_LEAST_CHANGE = 0.5  # points, to be spoken of


def table_of(parts: Parts, before: Parts) -> pd.DataFrame:
    """A row a country that any story names, the largest part first and what names none last; in English, as it leaves.

    Parameters
    ----------
    parts, before
        Of the span, and of as many days before it.

    Returns
    -------
    DataFrame
        Index ``code``, columns `COLUMNS`: names for reading; ``points`` and ``change`` in index points, the latter NaN
        where no day before has a value; ``share`` of the index, 0–1.
    """
    table = parts.countries.join(standings()).rename(columns={"name": "country"})
    table.loc[table.index == NOWHERE, "country"] = NO_COUNTRY
    table["standing"] = table["standing"].fillna("")
    table["share"] = table["points"] / parts.value
    earlier = before.countries["points"].reindex(table.index, fill_value=0.0)
    table["change"] = table["points"] - earlier if before.n_days else float("nan")
    table["signal"] = [BY_KEY[key].label if key else "" for key in table["signal"]]
    told = table[(table["points"] >= 0.005) | (table["n_stories"] > 0)]
    return told[COLUMNS].rename_axis("code").sort_index(key=lambda code: code == NOWHERE, kind="stable")


def as_read(table: pd.DataFrame) -> pd.DataFrame:
    """The table in the reader's language."""
    return table.assign(
        country=[name_of(code, name) for code, name in table["country"].items()],
        signal=[_(label) if label else "" for label in table["signal"]],
        standing=[_(STANDINGS[Standing(own)]) if own else "" for own in table["standing"]],
    )


def name_of(code: Any, name: str) -> str:
    """A country's name in the reader's language, by its English one."""
    return _(NO_COUNTRY) if code == NOWHERE else tongue.country(str(code), name)


def drawn_of(table: pd.DataFrame) -> pd.DataFrame:
    """What the map draws: every member and partner, index ``code``, columns ``points, about``."""
    known = standings()
    sides = known[known["standing"].isin(SIDES)].rename(columns={"name": "country"})
    sides = sides.join(table.drop(columns=["country", "standing"])).fillna({"points": 0.0, "signal": ""})
    sides["about"] = [about(row) for _code, row in as_read(sides).iterrows()]
    return sides[["points", "about"]]


def about(country: pd.Series[Any]) -> str:
    """What is said of a country when it is pointed at; a row of the table as it is read."""
    head = f"<b>{country['country']}</b> ({country['standing']})"
    if not country["points"]:
        return head + "<br>" + _("named beside Russia in no story")
    part = _("{points} points, {share} of the index")
    lines = [part.format(points=number(country["points"], 1), share=percent(country["share"], 1))]
    if pd.notna(country["change"]):
        change = _("{change} against the days before")
        lines.append(change.format(change=number(country["change"], 1, signed=True)))
    n = int(country["n_stories"])
    lines.append(n_("{n} story", "{n} stories", n).format(n=number(n)))
    if country["signal"]:
        lines.append(_("most of it: {signal}").format(signal=country["signal"]))
    return "<br>".join([head, *lines])


def in_a_sentence(parts: Parts, table: pd.DataFrame, first: date, last: date) -> str:
    """Which countries have the largest parts, and whose changed most.

    Parameters
    ----------
    parts
        Of the span.
    table
        As `table_of` gives, in the reader's language.
    first, last
        The span.
    """
    named = table[table.index != NOWHERE]
    said = [_level(parts, first, last)]
    if len(named):
        most = _("Countries named most beside Russia: {countries}.")
        said.append(most.format(countries=tongue.listed(_with_parts(named.head(3)))))
    changed = named[named["change"].abs() >= _LEAST_CHANGE].sort_values("change", key=abs, ascending=False).head(3)
    if len(changed):
        against = _("Largest changes from the days before: {countries}.")
        moves = zip(changed["country"], changed["change"], strict=True)
        said.append(against.format(countries=tongue.listed(f"{name} {number(by, signed=True)}" for name, by in moves)))
    return " ".join(said)


def _level(parts: Parts, first: date, last: date) -> str:
    value = number(parts.value)
    if first == last:
        return _("Index on {day}: **{points} points**.").format(day=tongue.day(first), points=value)
    n_days = (last - first).days + 1
    span = n_(
        "Index from {first} to {last}: **{points} points**, measured on {n} of {all} day.",
        "Index from {first} to {last}: **{points} points**, measured on {n} of {all} days.",
        n_days,
    )
    figures = {"points": value, "n": number(parts.n_days), "all": number(n_days)}
    return span.format(first=tongue.day(first), last=tongue.day(last), **figures)


def _with_parts(table: pd.DataFrame) -> list[str]:
    """Countries with their points and shares."""
    rows = zip(table["country"], table["points"], table["share"], strict=True)
    return [f"**{name} {number(points)}** ({percent(share)})" for name, points, share in rows]


def accounted(parts: Parts, table: pd.DataFrame) -> str:
    """Where all points of the index are from."""
    told, nowhere = table["points"].sum(), table["points"].get(NOWHERE, 0.0)
    said = _(
        "Of the {points} points, {named} are from stories that name a country beside Russia or Belarus, {nowhere} from "
        "stories that name none, and {rest} from no story (days with little news are drawn toward the feeds' means)."
    )
    figures = {"points": parts.value, "named": told - nowhere, "nowhere": nowhere, "rest": parts.value - told}
    return said.format(**{name: number(value) for name, value in figures.items()})
