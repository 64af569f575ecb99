"""How the Map page says what part countries have: pure."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import pandas as pd

from tension.charts.map import Palette, breaks, class_names
from tension.geography import NOWHERE, Parts
from tension.signals.codebook import BY_KEY
from tension.signals.standing import Standing, standings

COLUMNS = ["country", "points", "share", "change", "n_stories", "signal", "standing"]
SIDES = (Standing.MEMBER, Standing.PARTNER)


def table_of(parts: Parts, before: Parts) -> pd.DataFrame:
    """A row a country that any story names, the largest part first.

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
    table.loc[table.index == NOWHERE, "country"] = "no country named"
    table["standing"] = table["standing"].fillna("")
    table["share"] = table["points"] / parts.value
    earlier = before.countries["points"].reindex(table.index, fill_value=0.0)
    table["change"] = table["points"] - earlier if before.n_days else float("nan")
    table["signal"] = [BY_KEY[key].label if key else "" for key in table["signal"]]
    told = table[(table["points"] >= 0.005) | (table["n_stories"] > 0)]
    return told[COLUMNS].rename_axis("code")


def drawn_of(table: pd.DataFrame) -> pd.DataFrame:
    """What the map draws: every member and partner, index ``code``, columns ``points, about``."""
    known = standings()
    sides = known[known["standing"].isin(SIDES)].join(table.drop(columns=["country", "standing"]))
    sides["points"] = sides["points"].fillna(0.0)
    sides["about"] = [about(row) for _, row in sides.iterrows()]
    return sides[["points", "about"]]


def about(country: pd.Series[Any]) -> str:
    """What is said of a country when it is pointed at."""
    head = f"<b>{country['name']}</b> ({country['standing']})"
    if not country["points"]:
        return f"{head}<br>named beside Russia in no story"
    lines = [f"{country['points']:.1f} points, {country['share']:.1%} of the index"]
    if pd.notna(country["change"]):
        lines.append(f"{country['change']:+.1f} against the days before")
    n = int(country["n_stories"])
    lines.append(f"{n:,} {'story' if n == 1 else 'stories'}")
    lines += [f"most of it: {country['signal']}"] if country["signal"] else []
    return "<br>".join([head, *lines])


def legend(most: float, palette: Palette) -> str:
    """The colours of the map and what they mean, as HTML; the classes only where one of them is on it."""
    named, told = (class_names(breaks(most)), palette.classes) if most > 0 else ([], ())
    names = [*named, "in no story", "Russia and Belarus", "neither member nor partner"]
    colours = [*told, palette.none, palette.russian, palette.other]
    signs = [
        f'<span role="listitem"><i style="background:{c}"></i>{escape(n)}</span>'
        for n, c in zip(names, colours, strict=True)
    ]
    return f'<div class="classes" role="list" aria-label="Index points">{"".join(signs)}</div>'


def in_a_sentence(parts: Parts, table: pd.DataFrame, first: date, last: date) -> str:
    when = f"{first:%d %b %Y}" if first == last else f"{first:%d %b %Y} to {last:%d %b %Y}"
    told, nowhere = table["points"].sum(), table["points"].get(NOWHERE, 0.0)
    several = f"mean of {parts.n_days} days with a value" if parts.n_days > 1 else "its one day with a value"
    days = "the day's value" if first == last else several
    rest = parts.value - told
    return (
        f"**{parts.value:.0f} points**, {when} ({days}): {told - nowhere:.0f} from stories that name a country beside "
        f"Russia or Belarus, {nowhere:.0f} from stories that name none, {rest:+.0f} that no story made (small days are "
        "drawn toward the feeds' own means)."
    )
