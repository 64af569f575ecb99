"""Stories: articles on one event. Pure: values in, values out.

Two articles at most 48 hours apart tell one story when, in one language, their headlines say nearly the same; or,
across languages, when they name the same countries and the same telling numbers and share a coded signal. A story is
all that hangs together by such pairs, so the order of arrival does not matter.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz

from tension.signals.words import fold, raw_words

REACH = timedelta(hours=48)
FOUNDING = timedelta(days=1)  # after the first feed's first poll: who is first polled by then is no newcomer
TRIAL = timedelta(days=28)  # before a feed that joins later counts, in a panel and as a witness of stories
_ALIKE = 80.0  # of 100; rapidfuzz's ratio of the sorted words
_FEWEST_WORDS = 4
_KEY_WORDS = 5
_AT_WAR = frozenset({"RU", "UA"})
_PUBLISHER = re.compile(r"\s+[-–—|]\s+[^-–—|]{2,40}$")  # "… - Reuters"


class Headline(NamedTuple):
    """What grouping needs of an article; ``countries`` and ``signals`` as coded."""

    id: int
    published_at: datetime
    language: str
    title: str
    countries: frozenset[str]
    signals: frozenset[str]


def weight(n_families: int) -> float:
    """What each copy of a story weighs, so that all of them weigh 1 + ln k for k independent publishers."""
    return (1 + math.log(n_families)) / n_families


def group(headlines: Sequence[Headline], story_of: Mapping[int, int]) -> dict[int, int]:
    """Put articles into stories.

    Parameters
    ----------
    headlines
        New articles, and all those within `REACH` of them.
    story_of
        The story of each article that has one already.

    Returns
    -------
    dict
        Where stories go: from the id of each story, an article without one standing for itself, to the id of the
        story that it is part of now, the smallest of those that came together. Those that stay are left out.
    """
    sets = _Sets()
    for one, other in pairs(headlines, story_of):
        sets.join(story_of.get(one, one), story_of.get(other, other))
    return sets.moves()


def pairs(headlines: Sequence[Headline], known: Container[int] = ()) -> Iterator[tuple[int, int]]:
    """Pairs of articles that tell one story, as ids; pairs of two that are known already are left out."""
    told: list[_Told] = []
    places: dict[object, list[int]] = defaultdict(list)
    for headline in sorted(headlines, key=lambda headline: headline.id not in known):
        one = _Told.of(headline)
        if headline.id not in known:
            near = {place for key in one.keys for place in places[key]}
            for other in near:
                if one.same_story(told[other]):
                    yield headline.id, told[other].headline.id
        for key in one.keys:
            places[key].append(len(told))
        told.append(one)


class _Told(NamedTuple):
    headline: Headline
    words: str
    numbers: frozenset[str]
    keys: tuple[object, ...]

    @classmethod
    def of(cls, headline: Headline) -> _Told:
        words = [fold(word) for word in raw_words(_without_publisher(headline.title))]
        numbers = frozenset(word for word in words if word.isdigit())
        longest = sorted({word for word in words if len(word) > 2}, key=lambda word: (-len(word), word))[:_KEY_WORDS]
        keys: list[object] = []
        if len(longest) >= _FEWEST_WORDS:
            keys += [(headline.language, *pair) for pair in combinations(sorted(longest), 2)]
        if _telling(numbers, headline.countries):
            keys += [(numbers, headline.countries, signal) for signal in headline.signals]
        return cls(headline, " ".join(sorted(words)), numbers, tuple(keys))

    def same_story(self, other: _Told) -> bool:
        one, two = self.headline, other.headline
        if abs(one.published_at - two.published_at) > REACH:
            return False
        if one.language != two.language:
            same_event = bool(one.signals & two.signals) and one.countries == two.countries
            return same_event and self.numbers == other.numbers and _telling(self.numbers, one.countries)
        if self.numbers and other.numbers and self.numbers != other.numbers:
            return False  # "day 12" is another day than "day 13"
        return fuzz.ratio(self.words, other.words, score_cutoff=_ALIKE) > 0


def _telling(numbers: frozenset[str], countries: frozenset[str]) -> bool:
    """Whether numbers and countries alone can tell one event from others: not one small number, nor the war's sides."""
    large = len(numbers) > 1 or any(len(number) > 1 for number in numbers)
    return large and len(countries) > 1 and countries != _AT_WAR


def _without_publisher(title: str) -> str:
    bare = _PUBLISHER.sub("", title)
    return bare if len(bare.split()) >= _FEWEST_WORDS else title


class _Sets:
    """Disjoint sets, each known by its smallest member."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def find(self, member: int) -> int:
        root = member
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(member, member)) != root:
            self._above[member], member = root, above
        return root

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low

    def moves(self) -> dict[int, int]:
        return {member: root for member in list(self._above) if (root := self.find(member)) != member}
