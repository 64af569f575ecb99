"""Which countries a text names, by the gazetteer ``data/countries.yaml``: names, people, capitals, leaders."""

from __future__ import annotations

from functools import cache

from tension.resources import resource
from tension.signals.words import Lexicon, fold, raw_words, read_countries

GAZETTEER = "data/countries.yaml"
_REMEMBERED = 60_000


class Gazetteer:
    """Finds countries in texts.

    Parameters
    ----------
    lexicon
        Rows labelled ``n:<ISO 3166-1 alpha-2>``.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}

    def find(self, text: str, language: str) -> tuple[str, ...]:
        """Codes of the countries named, in the order in which they are first named."""
        raw = raw_words(text)
        words = [self._known.get((language, word)) or self._look_up(language, word) for word in raw]
        folded = [word for word, _ in words]
        matcher = self._lexicon.matcher(language)
        found: dict[str, None] = {}
        for position, (_, labels) in enumerate(words):
            if matcher.begins_phrase(folded[position]):
                labels += tuple(phrase.label for phrase in matcher.phrases_at(position, raw, folded))
            for label in labels:
                found[label[2:]] = None
        return tuple(found)

    def _look_up(self, language: str, word: str) -> tuple[str, tuple[str, ...]]:
        folded = fold(word)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[language, word] = known = (folded, self._lexicon.matcher(language).labels(word, folded))
        return known


@cache
def gazetteer() -> Gazetteer:
    """The shipped gazetteer."""
    return Gazetteer(Lexicon(read_countries(resource(GAZETTEER))))
