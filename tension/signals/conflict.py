"""Whether a text is about armed conflict, wherever it is fought, by the words of ``data/conflict.yaml``."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from tension.resources import resource
from tension.signals.words import Lexicon, fold, raw_words, read_countries

WORDS = "data/conflict.yaml"
_READ = 600  # characters of title and summary
_ALONE, _AGAINST = "armed", "other"
_LEAD = 14  # words, about a title: a text that first speaks of war after them mentions it in passing
_ENOUGH = 2
_REMEMBERED = 60_000  # words, of each language
_SAME_HINT = 4  # letters: entries that begin alike, such as forms of one word, are one hint


class ConflictReader:
    """Tells which texts are about armed conflict.

    Parameters
    ----------
    rows
        As `Lexicon` takes them, labelled ``n:armed``, ``n:hint``, ``n:deed``, ``n:place`` and ``n:other``.
    """

    def __init__(self, rows: list[str]) -> None:
        self._lexicon = Lexicon([_told_apart(row) for row in rows])
        self._known: dict[str, dict[str, tuple[str, bool] | None]] = defaultdict(dict)

    def tells(self, text: str, language: str) -> bool:
        """Whether the beginning of a text is about armed conflict.

        Parameters
        ----------
        text
            Title and summary.
        language
            ISO 639-1; the words of all languages count for one that is not known.
        """
        if language not in self._lexicon.languages:
            language = ""
        raw = raw_words(text[:_READ])
        known = self._known[language]
        clues: set[str] = set()
        for position, word in enumerate(raw):
            try:
                found = known[word]
            except KeyError:
                found = self._look_up(language, word)
            if position >= _LEAD and not clues:
                return False
            if found is None:
                continue
            clue, begins_phrase = found
            clues.add(clue)
            if begins_phrase:
                folded = [fold(each) for each in raw]
                clues.update(
                    phrase.label for phrase in self._lexicon.matcher(language).phrases_at(position, raw, folded)
                )
            if _ALONE in clues:
                return True
            clues.discard("")
        return len(clues) >= _ENOUGH and _AGAINST not in clues

    def _look_up(self, language: str, word: str) -> tuple[str, bool] | None:
        """The clue that a word is, or "", and whether it begins a phrase; None for most words."""
        known = self._known[language]
        if len(known) >= _REMEMBERED:
            known.clear()
        matcher, folded = self._lexicon.matcher(language), fold(word)
        clue, begins_phrase = min(matcher.labels(word, folded), default=""), matcher.begins_phrase(folded)
        known[word] = (clue, begins_phrase) if clue or begins_phrase else None
        return known[word]


def _told_apart(row: str) -> str:
    """The row with a label that is one for all deeds and one for all places, but differs from hint to hint."""
    label, language, entry = row.split("\t")
    clue = label.removeprefix("n:")
    return f"{clue + ':' + fold(entry)[:_SAME_HINT] if clue == 'hint' else clue}\t{language}\t{entry}"


@cache
def conflict_reader() -> ConflictReader:
    """The reader of the shipped words."""
    return ConflictReader(read_countries(resource(WORDS)))
