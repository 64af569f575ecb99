"""Long texts in passages, so that an article's background neither drowns nor inflates its news."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONG = 1200
_LEAD = 700
_PASSAGE = 450
_FURTHEST = 14_000
_BACKGROUND = 0.85
_SENTENCE_END = re.compile(r"(?<=[.!?…»”])\s+|\n+")


class Passage(NamedTuple):
    """A part of a text: ``text[start:end]``."""

    start: int
    end: int


def passages(text: str) -> list[Passage]:
    """Cut a text at sentence ends: title and lead, then groups of sentences.

    A text of up to `LONG` characters is one passage. What stands beyond 14,000 characters (some 2,300 words)
    is left out: no news article puts its news there.
    """
    if len(text) <= LONG:
        return [Passage(0, len(text))]
    text = text[:_FURTHEST]
    cuts = [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text)]
    found: list[Passage] = []
    start = 0
    for previous, cut in zip([0, *cuts], cuts, strict=False):
        room = _LEAD if not found else _PASSAGE
        if cut - start > room and previous > start:
            found.append(Passage(start, previous))
            start = previous
        while cut - start > 2 * room:
            found.append(Passage(start, start + room))
            start += room
    return [*found, Passage(start, len(text))] if start < len(text) else found


def combine(p: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Probabilities of a text from those of its passages, the lead first.

    Involvement is that of the lead and of the most involved passages together; a signal is as likely as in the
    passage that says it most clearly, where later passages count a little less than the lead.

    Parameters
    ----------
    p
        Shape (passages, 20).

    Returns
    -------
    tuple
        Probabilities (20,); for each of the 18 signals, the passage that speaks most for it.
    """
    if len(p) == 1:
        return p[0], np.zeros(p.shape[1] - 2, dtype=np.int64)
    trust = np.where(np.arange(len(p)) == 0, 1.0, _BACKGROUND)[:, None]
    involved = 1 - p[:, :2].sum(axis=1)
    close = np.argsort(involved, kind="stable")[: max(1, len(p) // 4)]
    involvement = (p[0, :2] + p[close, :2].mean(axis=0)) / 2
    signals = p[:, 2:] * p[:, :2].sum(axis=1, keepdims=True) ** 0.5 * trust
    return np.concatenate([involvement, signals.max(axis=0)]), signals.argmax(axis=0)
