"""What a reader types, as a query of a full-text index. Pure; what is typed is never read as a query language.

An index holds of each article its words and its *marks*: which signals it tells of, in which language, carried by
which feeds … (see `tension.storage.listing`). A query asks for all of some terms, and for one mark of each of some
groups. A mark begins with `SIGN`, a character for private use, which indexes take for a letter and which no word has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SIGN = "\ue000"
MOST_TERMS = 24
_LEAST_PREFIX = 3  # "EU" is not the beginning of a word; and the beginnings of one or two letters are endless
_LONGEST = 64
_PHRASE = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|(\S+)")
_WORD = re.compile(r"[^\W_]+")
_ACCENTED = re.compile("([A-Za-z])[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow each other; ``begins`` when the last may go on."""

    words: tuple[str, ...]
    begins: bool


@dataclass(frozen=True, slots=True)
class Query:
    """All of the terms, and one mark of each group."""

    terms: tuple[Term, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.groups)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, Latin letters without accents."""
    bare = _ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text))
    return [word[:_LONGEST] for word in _WORD.findall(unicodedata.normalize("NFC", bare).lower())]


def parse(text: str) -> tuple[Term, ...]:
    """What is typed as terms: quoted phrases as they stand, everything else as beginnings of words.

    What holds no letter or digit is passed over, and so is all beyond `MOST_TERMS`.
    """
    found: dict[Term, None] = {}
    for phrase, loose in _PHRASE.findall(text):
        words = tuple(words_of(phrase or loose)[:MOST_TERMS])
        if words:
            found[Term(words, not phrase and len(words[-1]) >= _LEAST_PREFIX)] = None
    return tuple(found)[:MOST_TERMS]


def as_fts5(query: Query) -> str:
    """For ``MATCH`` of SQLite's FTS5."""
    terms = [f'"{" ".join(term.words)}"{" *" * term.begins}' for term in query.terms]
    return " AND ".join([*terms, *(f"({' OR '.join(group)})" for group in query.groups)])


def as_tsquery(query: Query) -> str:
    """For ``@@`` of PostgreSQL, on what `as_tsvector` made."""
    terms = []
    for term in query.terms:
        terms.append(f"({' <-> '.join(_quoted(term.words))}{':*' * term.begins})")
    groups = [f"({' | '.join(_quoted(group))})" for group in query.groups]
    return " & ".join([*terms, *groups])


def as_tsvector(texts: Sequence[str], marks: Iterable[str]) -> str:
    """The words of texts with their places, and marks; no phrase goes from one text to the next."""
    lexemes, place = _quoted(marks), 0
    for text in texts:
        words = words_of(text)
        lexemes += [f"'{word}':{place + n + 1}" for n, word in enumerate(words)]
        place += len(words) + 1
    return " ".join(lexemes)


def as_patterns(query: Query) -> tuple[list[str], list[list[str]]]:
    """For ``LIKE`` without an index: patterns of `folded` texts that must all fit; of marks, one of each group."""
    terms = [f"% {' '.join(term.words)}{'' if term.begins else ' '}%" for term in query.terms]
    return terms, [[f"% {mark} %" for mark in group] for group in query.groups]


def folded(*texts: str) -> str:
    """The words of texts between spaces; no phrase goes from one text to the next."""
    return f" {' . '.join(' '.join(words_of(text)) for text in texts)} "


def _quoted(lexemes: Iterable[str]) -> list[str]:
    return [f"'{lexeme}'" for lexeme in lexemes]
