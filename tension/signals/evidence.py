"""Which words spoke for a signal: exact, because the classifier is linear."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

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
    word_of = np.repeat(np.arange(n_words), [len(numbers) for numbers in reading.of_words])
    numbers = np.array([*chain.from_iterable(reading.of_words), *reading.wide], dtype=np.int64)
    first, last = (np.concatenate([word_of, np.array(wide, dtype=np.int64)]) for wide in (reading.first, reading.last))
    placed = first >= 0
    indices, values = row
    position = np.searchsorted(indices, numbers)
    times = np.bincount(position, minlength=len(indices))
    share = (values / np.maximum(times, 1))[position][:, None] * coef[numbers][:, targets]
    ends, halves = np.concatenate([first[placed], last[placed]]), share[placed] / 2  # half to each end of a span
    return np.column_stack([np.bincount(ends, np.tile(half, 2), n_words) for half in halves.T])


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
    of_word = weights.tolist()
    floor = max(max(of_word, default=0.0) * _FAINT, 1e-6)
    strongest = sorted(range(len(of_word)), key=lambda i: -of_word[i])[: 2 * _MOST_SPANS]
    runs: list[list[int]] = []
    for i in sorted(i for i in strongest if of_word[i] >= floor):
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    told = {run[0]: sum(of_word[i] for i in run) for run in runs}
    kept = sorted(runs, key=lambda run: -told[run[0]])[:_MOST_SPANS]
    found = []
    for run in sorted(kept):
        start, end = places[run[0]][0], places[run[-1]][1]
        found.append(Evidence(signal, text[start:end], start, end, told[run[0]]))
    return tuple(found)
