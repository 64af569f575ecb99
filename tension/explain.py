"""Why a day has its value: the stories behind it, ranked, summing to it; and what made it differ from another day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from tension.errors import TensionError
from tension.index.contributions import MEANINGS, SINCE, STORY, change, contributions
from tension.index.measure import Measured
from tension.index.vintages import day_over, revisions
from tension.measured import panels
from tension.signals.codebook import Kind
from tension.storage import frames

STORY_COLUMNS = ["value", "share", "title", "url", "signals", "n_articles", "publishers", "story_id"]
PanelsOf = Callable[[str], Sequence[Measured]]
_RUSSIAS_SIDE = ("RU", "BY")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a day's index is made of.

    Attributes
    ----------
    day, value
        The day, and its published value in index points.
    stories
        Columns `STORY_COLUMNS`, the largest first; ``value`` in index points, ``share`` of the day's value.
    signals
        Index points by escalating signal, the largest first.
    feeds
        Index points by name of feed, the largest first.
    pairs
        Index points by pair of countries that the stories name, Russia or Belarus first, such as ``RU–PL``; an
        article that names several shares its points equally.
    other
        Index points by what is no story, a key of `tension.index.contributions.MEANINGS`.
    """

    day: date
    value: float
    stories: pd.DataFrame
    signals: pd.Series[float]
    feeds: pd.Series[float]
    pairs: pd.Series[float]
    other: pd.Series[float]

    def __str__(self) -> str:
        lines = [f"{self.day}: {self.value:.1f} index points from {len(self.stories)} stories", ""]
        for story in self.stories.head(20).to_dict("records"):
            lines.append(f"{story['value']:8.2f} {story['share']:6.1%}  {story['title']}")
            lines.append(f"{'':17}{', '.join(story['signals'])} · {', '.join(story['publishers'])}")
        whole = self.value or 1.0
        rest = self.stories["value"].iloc[20:]
        if len(rest):
            lines.append(f"{rest.sum():8.2f} {rest.sum() / whole:6.1%}  {len(rest)} more stories")
        lines += [f"{part:8.2f} {part / whole:6.1%}  {MEANINGS[str(key)]}" for key, part in self.other.items()]
        lines += [f"{self.value:8.2f} 100.0%"]
        for title, table in (("signal", self.signals), ("pair of countries", self.pairs), ("feed", self.feeds)):
            lines += ["", f"by {title}", *(f"{value:8.2f}  {name}" for name, value in table.head(10).items())]
        return "\n".join(lines)


def explain(engine: Engine, day: date, coverage_floor: float, kept: PanelsOf | None = None) -> Explanation:
    """Open a day's published value into what made it.

    Parameters
    ----------
    engine, coverage_floor
        As for `tension.measured.panels`.
    day
        A day with a value.
    kept
        Gives the panels as a model codes, where they are kept ready; without it they are measured anew.

    Raises
    ------
    TensionError
        When the day has no value.
    """
    value, version = _published(engine, day)
    at = pd.Timestamp(day)
    carried = frames.carried(engine, day, version)
    measured = kept(version) if kept else panels(engine, version, coverage_floor)
    rows = contributions(measured, at, carried)
    rows = rows[rows["kind"] != Kind.EASING.value]
    told = rows[rows["source"] == STORY]
    other = rows.loc[rows["source"] != STORY].groupby("source")["value"].sum()
    since = value - float(rows["value"].sum())
    if abs(since) > 1e-6:
        other[SINCE] = since
    names = frames.feeds(engine)["name"]
    return Explanation(
        day=day,
        value=value,
        stories=_stories(told, carried, value),
        signals=told.groupby("signal")["value"].sum().sort_values(ascending=False),
        feeds=told.groupby(told["feed_id"].map(names))["value"].sum().sort_values(ascending=False),
        pairs=_by_pair(told, carried),
        other=other,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What made the index differ between two days.

    Attributes
    ----------
    first, last
        The days.
    before, after
        Their values in index points: the first as it stood when its day was over, the last as it is known now.
    causes
        Columns ``cause``, ``feed`` (name) and ``value`` (index points), summing to ``after − before``. A cause is the
        reason of a revision (of `tension.index.vintages.revisions`, "another model" among them), a signal, or a key
        of `tension.index.contributions.MEANINGS`.
    by_cause
        Index points by cause, the largest change first.
    """

    first: date
    last: date
    before: float
    after: float
    causes: pd.DataFrame
    by_cause: pd.Series[float]

    def __str__(self) -> str:
        lines = [f"{self.before:8.2f}  {self.first}"]
        lines += [f"{value:+8.2f}  {MEANINGS.get(str(cause), str(cause))}" for cause, value in self.by_cause.items()]
        lines += [f"{self.after:8.2f}  {self.last}", "", "by feed"]
        by_feed = self.causes[self.causes["feed"] != ""].groupby("feed")["value"].sum()
        feeds = by_feed.sort_values(key=lambda v: -v.abs())
        return "\n".join([*lines, *(f"{value:+8.2f}  {name}" for name, value in feeds.head(10).items())])


def explain_change(
    engine: Engine, first: date, last: date, coverage_floor: float, kept: PanelsOf | None = None
) -> Change:
    """Split the change of the index between two days into what was revised since the first, and what was different.

    The second part is `tension.index.contributions.change`; the parameters are as for `explain`.

    Raises
    ------
    TensionError
        When one of the days has no value.
    """
    (now, _), (after, version) = _published(engine, first), _published(engine, last)
    before, revised = _revised(engine, first, now)
    parts = {pd.Timestamp(day): frames.parts(engine, day, version) for day in (first, last)}
    measured = kept(version) if kept else panels(engine, version, coverage_floor)
    table = change(measured, pd.Timestamp(first), pd.Timestamp(last), parts)
    table["feed"] = table.pop("feed_id").map(frames.feeds(engine)["name"])
    rest = after - now - float(table["value"].sum())
    since = pd.DataFrame({"cause": [SINCE], "feed": [""], "value": [rest]}) if abs(rest) > 1e-6 else None
    causes = pd.concat([revised, table, since], ignore_index=True)[["cause", "feed", "value"]]
    by_cause = causes.groupby("cause")["value"].sum().sort_values(key=lambda v: -v.abs())
    return Change(first, last, before, after, causes, by_cause)


def _revised(engine: Engine, day: date, now: float) -> tuple[float, pd.DataFrame]:
    """A day's value when it was over, or else its first, and what was revised of it since."""
    points, zone = frames.vintages(engine), frames.zone(engine)
    points = points[points["day"] == pd.Timestamp(day)].sort_values("vintage_at")
    points["vintage_at"] = pd.to_datetime(points["vintage_at"], utc=True)
    over = day_over(pd.Series([pd.Timestamp(day)]), zone).iloc[0]
    known = points[points["index"].notna()]
    then = known[known["vintage_at"] < over].tail(1)
    if then.empty:
        then = known.head(1)
    before = float(then["index"].iloc[0]) if len(then) else now
    found = revisions(points, zone)
    found = found[found["vintage_at"] > (then["vintage_at"].iloc[0] if len(then) else over)]
    if found["change"].isna().any():  # it vanished and came back: the last reason stands for the way between
        found = found.head(1).assign(change=now - before)
    found = found.rename(columns={"reason": "cause", "change": "value"}).assign(feed="")
    return before, found[["cause", "feed", "value"]]


def _published(engine: Engine, day: date) -> tuple[float, str]:
    points = frames.index_points(engine)
    points = points[(points.index == pd.Timestamp(day)) & points["index"].notna()]
    if points.empty:
        raise TensionError(f"{day} has no value: no article of that day is stored, or too few feeds observed it")
    return float(points["index"].iloc[0]), str(points["model_version"].iloc[0])


def _stories(told: pd.DataFrame, carried: pd.DataFrame, value: float) -> pd.DataFrame:
    by_story = told.groupby("story_id")["value"].sum().sort_values(ascending=False)
    strongest = told.sort_values("value", ascending=False).drop_duplicates("story_id").set_index("story_id")
    by_signal = told.groupby(["story_id", "signal"])["value"].sum()
    main = by_signal[by_signal >= 0.1 * by_story.reindex(by_signal.index.get_level_values(0)).to_numpy()]
    signals = main.sort_values(ascending=False).reset_index("signal").groupby(level=0)["signal"].agg(list)
    articles = carried.drop_duplicates("article_id").set_index("article_id")
    grouped = articles.groupby("story_id")
    table = pd.DataFrame({"value": by_story, "share": by_story / value if value else 0.0})
    table["title"] = strongest["article_id"].map(articles["title"])
    table["url"] = strongest["article_id"].map(articles["url"])
    table["signals"] = signals
    table["n_articles"] = grouped.size()
    table["publishers"] = grouped["publisher"].agg(lambda names: sorted(set(names)))
    return table.rename_axis("story_id").reset_index()[STORY_COLUMNS]


def _by_pair(told: pd.DataFrame, carried: pd.DataFrame) -> pd.Series[float]:
    countries = dict(zip(carried["article_id"], carried["countries"], strict=True))
    by_article = told.groupby("article_id")["value"].sum()
    rows = [
        (f"{side}–{other}", value / (len(sides) * len(others)))
        for article, value in zip(by_article.index, by_article, strict=True)
        for sides, others in [_sides(countries[int(article)])]
        for side in sides
        for other in others
    ]
    table = pd.DataFrame(rows, columns=["pair", "value"])
    return table.groupby("pair")["value"].sum().sort_values(ascending=False)


def _sides(countries: Sequence[str]) -> tuple[list[str], list[str]]:
    """Russia or Belarus, by default Russia; and the others, "?" where none is named."""
    sides = [country for country in countries if country in _RUSSIAS_SIDE]
    others = [country for country in countries if country not in _RUSSIAS_SIDE]
    return sides or ["RU"], others or ["?"]
