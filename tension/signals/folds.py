"""Folds for cross-validation that keep near-duplicates together: one event's headlines resemble each other."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tension.signals.features import STEM
from tension.signals.words import fold, raw_words

N_FOLDS = 5
_ALIKE = 0.5  # share of words in common from which two titles count as one
_MARKS = 4
_LOOK_BACK = 60


def groups(texts: Sequence[str]) -> list[int]:
    """Number of each text's group: texts whose titles share half their words, directly or through others.

    Candidates are found by the words with the smallest hashes, which near-duplicates are likely to share.
    """
    parent = list(range(len(texts)))
    seen: dict[str, list[int]] = defaultdict(list)
    words = [frozenset(fold(word)[:STEM] for word in raw_words(text.partition("\n")[0])) for text in texts]
    for i, own in enumerate(words):
        for mark in sorted(own, key=_hash)[:_MARKS]:
            for j in seen[mark][-_LOOK_BACK:]:
                if len(own & words[j]) >= _ALIKE * len(own | words[j]):
                    parent[_root(parent, i)] = _root(parent, j)
            seen[mark].append(i)
    return [_root(parent, i) for i in range(len(texts))]


def assign(texts: Sequence[str]) -> NDArray[np.int64]:
    """The fold of each text, 0…4, by a hash of its group's first text: stable when others are added."""
    return np.array([int(_hash(texts[group])[:8], 16) % N_FOLDS for group in groups(texts)], dtype=np.int64)


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _hash(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
