"""The linear classifier: a scikit-learn estimator from (text, language) pairs to log-odds.

Two layers, both linear, so that what a word contributes to a signal is exact. The first weighs features, one
regularised logistic regression for each target. The second reads their log-odds, as they come out for texts not
trained on, and lets involvement speak for the signals; it also calibrates. Multiplied out, they are one matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin

from tension.signals.features import BLOCKS, Reader, Reading, Text, matrix, scaled
from tension.signals.words import Lexicon

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class SignalClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Involvement and the 18 signals from a text.

    Targets stand in 20 columns: direct, partner, then the signals in codebook order.

    Parameters
    ----------
    lexicon
        Rows of `tension.signals.words.Lexicon`, or the same `packed`.
    c_involvement, c_signals
        Inverse strength of the penalty in the first layer.
    c_layer
        The same in the second.
    min_df
        In how many texts a feature must stand to be learned.
    emphasis
        Weight of a text that has the signal, one that has not counting 1.

    Attributes
    ----------
    vocabulary_ : ndarray of uint8
        Feature keys, joined by newlines, UTF-8.
    feature_weight_, block_ : ndarray, shape (F,)
        Inverse document frequency; number of the block in `tension.signals.features.BLOCKS`.
    coef_ : ndarray, shape (F, 20); intercept_ : ndarray, shape (20,)
        Log-odds: of direct and partner against none; of each signal.
    threshold_ : ndarray, shape (18,)
        Probability above which a signal is coded.
    """

    def __init__(
        self,
        lexicon: Sequence[str] | NDArray[np.uint8] = (),
        c_involvement: float = 3.0,
        c_signals: float = 6.0,
        c_layer: float = 1.0,
        min_df: int = 3,
        emphasis: float = 1.5,
    ) -> None:
        self.lexicon = lexicon
        self.c_involvement = c_involvement
        self.c_signals = c_signals
        self.c_layer = c_layer
        self.min_df = min_df
        self.emphasis = emphasis

    def fit(
        self,
        X: Sequence[Text],
        y: Whole,
        sample_weight: Floats | None = None,
        folds: Whole | None = None,
        step: Callable[[], object] = lambda: None,
    ) -> SignalClassifier:
        """Learn from coded texts.

        Parameters
        ----------
        X
            (text, language) pairs; n of them.
        y
            Shape (n, 20), 0 or 1.
        sample_weight
            Shape (n,).
        folds
            Shape (n,): the fold in which a text is held out for the second layer and the thresholds, −1 for one that
            is always trained on. By default five folds in turn.
        step
            Called after each regression of the first layer; `tension.signals.fitting.n_regressions` says how many.
        """
        from tension.signals import fitting  # scikit-learn's solvers are wanted for training only

        fitting.fit(self, X, y, sample_weight, folds, step)
        return self

    def reader(self) -> Reader:
        """A reader that knows the learned features."""
        if "_reader" not in self.__dict__:
            keys = unpacked(self.vocabulary_)
            self._reader = Reader(
                Lexicon(unpacked_rows(self.lexicon)), dict(zip(keys, range(len(keys)), strict=True)).get
            )
        return self._reader

    def read(self, X: Sequence[Text]) -> list[Reading]:
        """The features of texts, for `design` and for evidence."""
        read = self.reader().read
        return [read(text, language) for text, language in X]

    def design(self, readings: Sequence[Reading]) -> sparse.csr_matrix:
        """Weighed features, shape (n, F)."""
        return scaled(matrix(readings, len(self.feature_weight_)), self.feature_weight_, self.block_)

    def log_odds(self, design: sparse.csr_matrix) -> Floats:
        """Shape (n, 20), from `design`."""
        return np.asarray(design @ self.coef_ + self.intercept_, dtype=np.float64)

    def decision_function(self, X: Sequence[Text]) -> Floats:
        """Log-odds, shape (n, 20)."""
        return self.log_odds(self.design(self.read(X)))

    def predict_proba(self, X: Sequence[Text]) -> Floats:
        """Probabilities, shape (n, 20)."""
        return probabilities(self.decision_function(X))

    def predict(self, X: Sequence[Text]) -> Whole:
        """Codings as 0 and 1, shape (n, 20); no signals where neither side is involved."""
        return verdicts(self.predict_proba(X), self.threshold_)

    def __getstate__(self) -> dict[str, Any]:
        state = cast(dict[str, Any], super().__getstate__())
        return {name: value for name, value in state.items() if name != "_reader"}


def probabilities(log_odds: Floats) -> Floats:
    """Softmax over direct, partner and none (the last left out); the logistic function for signals."""
    involved = np.exp(np.clip(log_odds[:, :2], -30, 30))
    with_none = 1 + involved.sum(axis=1, keepdims=True)
    return np.hstack([involved / with_none, 1 / (1 + np.exp(-np.clip(log_odds[:, 2:], -30, 30)))])


def verdicts(p: Floats, threshold: Floats) -> Whole:
    """The likeliest involvement and the signals above their thresholds, shape (n, 20)."""
    choice = np.column_stack([p[:, :2], 1 - p[:, :2].sum(axis=1)]).argmax(axis=1)
    signals = (p[:, 2:] >= threshold) & (choice != 2)[:, None]
    return np.column_stack([choice == 0, choice == 1, signals]).astype(np.int64)


def packed(keys: Sequence[str]) -> NDArray[np.uint8]:
    """Strings as bytes that load at once."""
    return np.frombuffer("\n".join(keys).encode(), dtype=np.uint8).copy()


def unpacked(stored: NDArray[np.uint8]) -> list[str]:
    """The strings of `packed`."""
    return stored.tobytes().decode().split("\n")


def unpacked_rows(lexicon: Sequence[str] | NDArray[np.uint8]) -> Sequence[str]:
    """The lexicon's rows, stored or given."""
    return unpacked(lexicon) if isinstance(lexicon, np.ndarray) else lexicon


def block_numbers(keys: Sequence[str]) -> NDArray[np.int8]:
    """The block of each feature."""
    number = {name: i for i, name in enumerate(BLOCKS)}
    return np.array([number[key[0]] for key in keys], dtype=np.int8)
