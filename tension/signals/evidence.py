"""Which words spoke for a signal: exact, because the classifier is linear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tension.records import Evidence
from tension.signals.features import Reading

Floats = NDArray[np.float64]

_MOST_SPANS = 4
_FAINT = 0.15  # of the strongest word's weight: what speaks less than this is not shown


def word_weights(
    reading: Reading,
    row: tuple[NDArray[np.int32], NDArray[np.float32]],
    coef: NDArray[np.float32],
    targets: NDArray[np.int64],
) -> Floats:
    """How much each word adds to the log-odds of some signals.

    A feature's contribution is shared by its occurrences, and each occurrence's by the words it spans.

    Parameters
    ----------
    reading
        The features found in a text of W words.
    row
        Its weighed features: their numbers, ascending, and values.
    coef
        Shape (F, 20).
    targets
        The k columns of it that are wanted.

    Returns
    -------
    ndarray
        Shape (W, k).
    """
    n_words = len(reading.of_words)
    lengths = [len(numbers) for numbers in reading.of_words]
    numbers = np.array([n for of_word in reading.of_words for n in of_word] + reading.wide, dtype=np.int64)
    first = np.concatenate([np.repeat(np.arange(n_words), lengths), reading.first]).astype(np.int64)
    last = np.concatenate([np.repeat(np.arange(n_words), lengths), reading.last]).astype(np.int64)
    placed = first >= 0
    indices, values = row
    position = np.searchsorted(indices, numbers)
    times = np.bincount(position, minlength=len(indices))
    share = (values / np.maximum(times, 1))[position][:, None] * coef[np.ix_(numbers, targets)]
    total = np.zeros((n_words, len(targets)))
    for end in (first, last):  # spans of two words and wider give half to each end
        np.add.at(total, end[placed], share[placed] / 2)
    return total


def evidence(text: str, places: Sequence[tuple[int, int]], signal: str, weights: Floats) -> tuple[Evidence, ...]:
    """The spans of the text that speak most for a signal, in reading order, neighbours merged.

    Parameters
    ----------
    text
        What was coded.
    places
        Start and end of its words, from `tension.signals.words.spans`.
    signal
        Its key.
    weights
        One weight for each word of the text, from `word_weights`.
    """
    if not len(weights) or weights.max() <= 0:
        return ()
    floor = max(weights.max() * _FAINT, 1e-6)
    strongest = np.argsort(-weights, kind="stable")[: 2 * _MOST_SPANS]
    chosen = sorted(int(i) for i in strongest if weights[i] >= floor)
    runs = [run for run in np.split(chosen, np.flatnonzero(np.diff(chosen) > 1) + 1) if len(run)]
    runs = sorted(runs, key=lambda run: -weights[run].sum())[:_MOST_SPANS]
    found = []
    for run in sorted(runs, key=lambda run: int(run[0])):
        start, end = places[run[0]][0], places[run[-1]][1]
        found.append(Evidence(signal, text[start:end], start, end, float(weights[run].sum())))
    return tuple(found)
