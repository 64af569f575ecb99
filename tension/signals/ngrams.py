"""The languages of many texts at once, as py3langid tells them of one at a time, in a third of the time. Pure.

py3langid walks an automaton over a text's bytes, in Python; here it walks over many texts side by side, in NumPy. What
it says is the same, but for the last digits of a probability (`tests/test_language.py`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

_AT_ONCE = 256
Integers = NDArray[np.int64]


class Ngrams:
    """The automaton and the table of a py3langid model, as arrays that share its memory where they can.

    Parameters
    ----------
    identifier
        With normalised probabilities, restricted to the languages to choose from.
    """

    def __init__(self, identifier: LanguageIdentifier) -> None:
        moves = identifier.tk_nextmove
        self._moves = np.frombuffer(moves, dtype=f"u{moves.itemsize}")
        self._row_of = np.array(identifier.tk_row, dtype=np.int64) << 8
        self._feature_of = np.array(identifier.tk_output, dtype=np.int64)
        self._table = identifier.nb_ptc.astype(np.float32)
        self._prior, self._languages = identifier.nb_pc, list(identifier.nb_classes)

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """The most likely language of each text, and how likely it is."""
        found: list[tuple[str, float]] = []
        for start in range(0, len(texts), _AT_ONCE):
            encoded = [_encoded(text) for text in texts[start : start + _AT_ONCE]]
            probabilities = self._probabilities(encoded)
            best = probabilities.argmax(axis=1)
            found += [(self._languages[i], float(row[i])) for i, row in zip(best, probabilities, strict=True)]
        return found

    def _probabilities(self, encoded: Sequence[bytes]) -> NDArray[Any]:
        lengths = np.array([max(len(text), 1) for text in encoded], dtype=np.float32)
        scores = self._scores(self._features(encoded)) / np.sqrt(lengths)[:, None]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[Any] = likely / likely.sum(axis=1, keepdims=True)
        return shares

    def _features(self, encoded: Sequence[bytes]) -> Integers:
        """Text by position: the feature that ends there, −1 where none does."""
        width = max(map(len, encoded))
        letters = np.frombuffer(b"".join(text.ljust(width, b"\0") for text in encoded), dtype=np.uint8)
        columns = letters.reshape(len(encoded), width).T.astype(np.int64)
        state = np.zeros(len(encoded), dtype=np.int64)
        features = np.full((width, len(encoded)), -1, dtype=np.int64)
        for position, letter in enumerate(columns):
            state = self._moves[self._row_of[state] + letter].astype(np.int64)
            features[position] = self._feature_of[state]
        ends = np.array([len(text) for text in encoded])
        features[np.arange(width)[:, None] >= ends] = -1
        return features.T

    def _scores(self, features: Integers) -> NDArray[Any]:
        """Text by language: the logarithm of the posterior, naive Bayes; nothing for a text without features."""
        n_texts, n_features = len(features), len(self._table)
        rows, columns = np.nonzero(features >= 0)
        keys, counts = np.unique(rows * n_features + features[rows, columns], return_counts=True)
        of_text, feature = np.divmod(keys, n_features)
        weighted = np.log1p(counts.astype(np.float32))[:, None] * self._table[feature]
        scores = np.zeros((n_texts, len(self._languages)), dtype=np.float32)
        texts, starts = np.unique(of_text, return_index=True)
        if len(texts):
            scores[texts] = np.add.reduceat(weighted, starts, axis=0) + self._prior
        return scores


def _encoded(text: str) -> bytes:
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
