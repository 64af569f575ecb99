"""What the classifier sees in a text: words and their parts, who is named, what is said to happen, and in what order.

One pass over the words, each word looked up once and remembered. Feature keys by their first letter:

=====  =======================================================================================================
``w``  a word's first six letters                  ``W``  a whole word of more than six letters
``g``  a run of letters within a word              ``b``  two words in a row; an actor stands as its role
``l``  a role or concept; ``t`` the same in the title
``p``  two of them in order, a few words apart     ``s``  a concept together with the sides named in the text
``d``  the sides named, in order; in the title     ``q``  two concepts anywhere in the text
``x``  who does what to whom: the side before a concept, the concept, the side after it
=====  =======================================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tension.signals.words import Lexicon, fold, raw_words

STEM = 6
GRAM = (4, 5)
NEAR = 7
REACH = 12
BLOCKS = {"w": 1.0, "W": 0.5, "g": 0.7, "b": 0.7, "l": 1.0, "t": 0.5, "p": 0.7, "s": 0.7, "d": 1.0, "q": 0.5, "x": 0.7}
_MOST_LABELS = 80
_REMEMBERED = 60_000
_SIDES = {"r:russia": "R", "r:nato": "W", "r:eu": "W", "r:member": "W", "r:stake": "S", "r:other": "O"}

Find = Callable[[str], int | None]
_Mark = tuple[str, int, int]  # a label or feature, its first and its last word
Text = tuple[str, str]


def join(title: str, summary: str) -> str:
    """Title and summary as one text; evidence offsets count in it."""
    return f"{title}\n{summary}" if summary else title


class Reading(NamedTuple):
    """Features found in one text. ``of_words[i]`` belong to word i; ``wide`` to words first…last, or to none (−1)."""

    of_words: list[tuple[int, ...]]
    wide: list[int]
    first: list[int]
    last: list[int]


class _Word(NamedTuple):
    folded: str
    stem: str
    role: str
    features: tuple[int, ...]
    labels: tuple[str, ...]
    begins_phrase: bool


class Reader:
    """Reads texts into feature numbers.

    Parameters
    ----------
    lexicon
        Actors and concepts.
    find
        From a feature's key to its number, None for one that is not wanted.
    """

    def __init__(self, lexicon: Lexicon, find: Find) -> None:
        self._lexicon = lexicon
        self._find = find
        self._known: dict[tuple[str, str], _Word] = {}

    def read(self, text: str, language: str) -> Reading:
        """Find the features of one text."""
        title, _, rest = text.partition("\n")
        raw = raw_words(title)
        n_title = len(raw)
        raw += raw_words(rest)
        words = [self._known.get((language, word)) or self._look_up(language, word) for word in raw]
        found = Reading([word.features for word in words], [], [], [])
        roles = [word.role for word in words]
        labels = self._labels(language, raw, words, roles)
        self._place(found, _bigrams(words, roles))
        self._place(found, _meanings(labels, n_title))
        return found

    def _look_up(self, language: str, raw: str) -> _Word:
        folded = fold(raw)
        matcher = self._lexicon.matcher(language)
        labels = matcher.labels(raw, folded)
        shape = "".join("0" if letter.isdigit() else letter for letter in folded)
        stem = shape[:STEM]
        role = next((label for label in labels if label in _SIDES), "")
        found = (self._find(key) for key in _word_keys(shape, stem))
        features = tuple(number for number in found if number is not None)
        word = _Word(folded, stem, role, features, labels, matcher.begins_phrase(folded))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[language, raw] = word
        return word

    def _labels(self, language: str, raw: Sequence[str], words: Sequence[_Word], roles: list[str]) -> list[_Mark]:
        """What is named where; a phrase's role outdoes those of its words."""
        labels: list[_Mark] = []
        roles_from = 0
        matcher, folded = self._lexicon.matcher(language), [word.folded for word in words]
        for i, word in enumerate(words):
            if word.begins_phrase:
                for phrase in matcher.phrases_at(i, raw, folded):
                    label, last = phrase.label, i + len(phrase.words) - 1
                    if label in _SIDES and i >= roles_from:
                        roles_from = last + 1
                        roles[i:roles_from] = [label] * (roles_from - i)
                        labels.append((label, i, last))
                    elif label not in _SIDES:
                        labels.append((label, i, last))
            labels += [(label, i, i) for label in word.labels if i >= roles_from or label not in _SIDES]
            if len(labels) > _MOST_LABELS:
                break
        return labels

    def _place(self, found: Reading, marks: Iterable[_Mark]) -> None:
        """Put the known ones among these features into the reading."""
        find = self._find
        known = [(number, first, last) for key, first, last in marks if (number := find(key)) is not None]
        if known:
            numbers, firsts, lasts = zip(*known, strict=True)
            found.wide.extend(numbers)
            found.first.extend(firsts)
            found.last.extend(lasts)


def _bigrams(words: Sequence[_Word], roles: Sequence[str]) -> Iterator[_Mark]:
    units = [role or word.stem for word, role in zip(words, roles, strict=True)]
    return ((f"b{one} {other}", i, i + 1) for i, (one, other) in enumerate(pairwise(units)))


def _meanings(labels: Sequence[_Mark], n_title: int) -> list[_Mark]:
    order = "".join(dict.fromkeys(_SIDES[label] for label, _, _ in labels if label in _SIDES))
    sides = "".join(sorted(order))
    marks: list[_Mark] = []
    for i, (label, first, last) in enumerate(labels):
        marks += (f"l{label}", first, last), (f"s{label}&{sides}", first, last)
        if first < n_title:
            marks.append((f"t{label}", first, last))
        for other, start, end in labels[i + 1 :]:
            if start - last > NEAR:
                break
            if label != other:
                marks.append((f"p{label}>{other}", first, end))
    return [*marks, *_deeds(labels), *_whole_text(labels, order, sides, n_title)]


def _deeds(labels: Sequence[_Mark]) -> Iterator[_Mark]:
    sides = [(_SIDES[label], first, last) for label, first, last in labels if label in _SIDES]
    for label, first, last in labels:
        if label not in _SIDES:
            doer = next((side for side, _, end in reversed(sides) if 0 < first - end <= REACH), "-")
            target = next((side for side, start, _ in sides if 0 < start - last <= REACH), "-")
            yield f"x{doer}>{label}>{target}", first, last


def _whole_text(labels: Sequence[_Mark], order: str, sides: str, n_title: int) -> Iterator[_Mark]:
    in_title = "".join(sorted({_SIDES[label] for label, first, _ in labels if label in _SIDES and first < n_title}))
    for key in (f"d={sides}", f"d>{order}", f"dt={in_title}", f"dt={in_title}&{sides}"):
        yield key, -1, -1
    for one, other in combinations(sorted({label for label, _, _ in labels if label not in _SIDES}), 2):
        yield f"q{one}&{other}", -1, -1


def _word_keys(shape: str, stem: str) -> list[str]:
    keys = [f"w{stem}"]
    if len(shape) > STEM:
        keys.append(f"W{shape}")
    framed = f"^{shape[:24]}$"
    keys += [f"g{framed[i : i + n]}" for n in GRAM for i in range(len(framed) - n + 1)]
    return list(dict.fromkeys(keys))


def matrix(readings: Sequence[Reading], n_features: int) -> sparse.csr_matrix:
    """Presence of features, shape (n texts, n features), ones and zeros."""
    flat: list[int] = []
    ends = [0]
    for reading in readings:
        for numbers in reading.of_words:
            flat += numbers
        flat += reading.wide
        ends.append(len(flat))
    counts = sparse.csr_matrix(
        (np.ones(len(flat), np.float32), np.array(flat, np.int32), np.array(ends)), shape=(len(readings), n_features)
    )
    counts.sum_duplicates()
    counts.data[:] = 1
    return counts


def scaled(presence: sparse.csr_matrix, weight: NDArray[np.float32], block: NDArray[np.int8]) -> sparse.csr_matrix:
    """Weigh features and bring each block of a row to its length in `BLOCKS`, so that long texts speak no louder.

    Parameters
    ----------
    presence
        Shape (n, F), from `matrix`.
    weight, block
        Shape (F,): a feature's weight; the number of its block.
    """
    rows = np.repeat(np.arange(presence.shape[0]), np.diff(presence.indptr))
    values = weight[presence.indices]
    cell = rows * len(BLOCKS) + block[presence.indices]
    length = np.sqrt(np.bincount(cell, values**2, minlength=presence.shape[0] * len(BLOCKS)))
    share = np.array(list(BLOCKS.values()))[block[presence.indices]]
    data = (share * values / np.maximum(length[cell], 1e-9)).astype(np.float32)
    return sparse.csr_matrix((data, presence.indices, presence.indptr), shape=presence.shape)
