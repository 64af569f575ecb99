"""Words of a text, and the lexicons that say what a word names: an actor by its role, or a concept."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import ne
from pathlib import Path
from typing import NamedTuple

from tension.errors import ModelError

ANY = ""  # stands for "all languages", in lexicon rows and for texts in a language that is not known
_ANY_WORD = ""
_LONGEST = 40
_WORD = re.compile(r"[^\W_][\w\u0300-\u036f]*")


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each run of letters and digits."""
    return [match.span() for match in _WORD.finditer(text)]


def raw_words(text: str) -> list[str]:
    """The words as written, in the order of `spans`."""
    return _WORD.findall(text)


def fold(word: str) -> str:
    """A word in the form in which it is compared: NFKC, without case; Turkish İ as i, Russian ё as е."""
    folded = unicodedata.normalize("NFKC", word[:_LONGEST]).casefold()
    return folded.replace("\u0307", "").replace("ё", "е")


class Phrase(NamedTuple):
    """An entry of several words. ``open_ended``: the last word may go on; ``as_written``: case counts."""

    words: tuple[str, ...]
    label: str
    open_ended: bool
    as_written: bool

    def stands_at(self, position: int, raw: Sequence[str], folded: Sequence[str]) -> bool:
        """Whether the phrase begins at this word."""
        end = position + len(self.words)
        found = (raw if self.as_written else folded)[position:end]
        if len(found) < len(self.words) or any(map(ne, found[:-1], self.words)):
            return False
        last, wanted = found[-1], self.words[-1]
        return last == wanted or (self.open_ended and last.startswith(wanted))


class Matcher:
    """The entries of one language, ready to be looked up."""

    def __init__(self, rows: Iterable[tuple[str, str, bool]]) -> None:
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._starts: dict[str, list[str]] = defaultdict(list)
        self._written: dict[str, list[str]] = defaultdict(list)
        self._phrases: dict[str, dict[str, list[Phrase]]] = defaultdict(lambda: defaultdict(list))
        for label, entry, as_written in rows:
            self._add(label, entry, as_written)
        self._lengths = sorted({len(start) for start in self._starts})

    def _add(self, label: str, entry: str, as_written: bool) -> None:
        open_ended = entry.endswith("*") and not entry.endswith("-*")  # "us-*" is the word "us" in a compound
        raw = tuple(raw_words(entry))
        words = raw if as_written else tuple(fold(word) for word in raw)
        if len(words) > 1:
            second = _ANY_WORD if open_ended and len(words) == 2 else fold(words[1])
            self._phrases[fold(words[0])][second].append(Phrase(words, label, open_ended, as_written))
        elif words:
            table = self._written if as_written else self._starts if open_ended else self._whole
            table[words[0]].append(label)

    def labels(self, raw: str, folded: str) -> tuple[str, ...]:
        """What a single word names, each label once."""
        found = [*self._whole.get(folded, ()), *self._written.get(raw, ())]
        for length in self._lengths:
            if length > len(folded):
                break
            found += self._starts.get(folded[:length], ())
        return tuple(dict.fromkeys(found))

    def begins_phrase(self, folded: str) -> bool:
        """Whether some phrase begins with this word."""
        return folded in self._phrases

    def phrases_at(self, position: int, raw: Sequence[str], folded: Sequence[str]) -> list[Phrase]:
        """The phrases that begin at this word, longest first."""
        by_second = self._phrases.get(folded[position])
        if by_second is None or position + 1 >= len(folded):
            return []
        near = [*by_second.get(folded[position + 1], ()), *by_second.get(_ANY_WORD, ())]
        found = [phrase for phrase in near if phrase.stands_at(position, raw, folded)]
        return sorted(found, key=lambda phrase: -len(phrase.words)) if len(found) > 1 else found


class Lexicon:
    """Actors and concepts in all languages.

    Parameters
    ----------
    rows
        ``label TAB language TAB entry`` each; an entry that begins with ``=`` is matched as written. Languages are
        ISO 639-1 or `ANY`.
    """

    def __init__(self, rows: Sequence[str]) -> None:
        self._rows: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
        for row in rows:
            label, language, entry = row.split("\t")
            self._rows[language].append((label, entry.removeprefix("="), entry.startswith("=")))
        self.languages = frozenset(self._rows) - {ANY}
        self._matchers: dict[str, Matcher] = {}

    def matcher(self, language: str) -> Matcher:
        """The matcher of a language; of all languages at once for one that is not known."""
        known = language if language in self.languages else ANY
        if known not in self._matchers:
            chosen = [ANY, known] if known != ANY else sorted(self._rows)
            self._matchers[known] = Matcher(row for key in dict.fromkeys(chosen) for row in self._rows[key])
        return self._matchers[known]


def read_lexicon(actors: Path, concepts: Path) -> list[str]:
    """Rows for `Lexicon` from the two files of ``data/``: roles as ``r:<role>``, concepts as ``c:<concept>``.

    Raises
    ------
    ModelError
        If a file cannot be read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = YAML(typ="safe", pure=False)
    rows: list[str] = []
    try:
        for role, tables in reader.load(actors)["roles"].items():
            rows += _rows(f"r:{role}", tables)
        for concept, tables in (reader.load(concepts) or {}).items():
            rows += _rows(f"c:{concept}", tables)
    except (OSError, YAMLError, KeyError) as error:
        raise ModelError(f"the lexicons in {actors.parent} cannot be read: {error}") from error
    return sorted(set(rows))


def read_countries(countries: Path) -> list[str]:
    """Rows for `Lexicon` from the gazetteer of ``data/``: countries as ``n:<ISO 3166-1 alpha-2>``.

    Raises
    ------
    ModelError
        If the file cannot be read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        tables = YAML(typ="safe", pure=False).load(countries)
        rows = [row for country, names in tables.items() for row in _rows(f"n:{country}", names)]
    except (OSError, YAMLError, AttributeError) as error:
        raise ModelError(f"the gazetteer {countries} cannot be read: {error}") from error
    return sorted(set(rows))


def _rows(label: str, tables: dict[str, list[object]]) -> list[str]:
    rows = []
    for language, entries in tables.items():
        written = language == "case_sensitive"
        rows += [f"{label}\t{ANY if written else language}\t{'=' if written else ''}{entry}" for entry in entries]
    return rows
