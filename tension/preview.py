"""What a feed would bring: its items as the model codes them, and the language that they are in. Stores nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from tension.feeds.languages import short_language
from tension.records import Coding, Item, ParsedFeed
from tension.signals.classifier import Model
from tension.signals.features import join
from tension.signals.language import UNKNOWN, identify

_READ = 30
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CodedItem:
    """An item of a feed, and what the model read in it."""

    item: Item
    language: str
    coding: Coding


def code_newest(parsed: ParsedFeed, declared: str | None, model: Model, n: int) -> tuple[CodedItem, ...]:
    """The newest items of a feed, coded as they would be when polled; items without a date come last.

    Parameters
    ----------
    parsed
        What the feed answered.
    declared
        The language that its entry names.
    model
        The classifier.
    n
        How many at most.
    """
    newest = sorted(parsed.items, key=lambda item: item.published_at or _OLDEST, reverse=True)[:n]
    texts = [join(item.title, item.summary) for item in newest]
    languages = [identify(text, declared, model.languages) for text in texts]
    codings = model.code(texts, languages) if texts else []
    return tuple(map(CodedItem, newest, languages, codings))


def by_day(coded: Sequence[CodedItem], zone: ZoneInfo) -> pd.DataFrame:
    """What dated items would add up to, as `tension.whatif.effect` takes it: a row a day, ``n, threats, acts``."""
    rows = [
        (pd.Timestamp(one.item.published_at.astimezone(zone).date()), one.coding.threats, one.coding.acts)
        for one in coded
        if one.item.published_at
    ]
    table = pd.DataFrame(rows, columns=["day", "threats", "acts"]).assign(n=1.0)
    return table.groupby("day")[["n", "threats", "acts"]].sum()


def spoken_language(parsed: ParsedFeed, model: Model) -> str | None:
    """The language of a feed: what it declares unless most of its items are surely in another; None if unknown."""
    found = Counter(
        identify(join(item.title, item.summary), parsed.language, model.languages) for item in parsed.items[:_READ]
    )
    del found[UNKNOWN]
    declared = short_language(parsed.language or "")
    return max(found, key=found.__getitem__) if found else declared or None
