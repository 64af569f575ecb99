"""Expected intensity: what one article adds to the tension, from probabilities rather than verdicts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tension.records import Involvement
from tension.signals.codebook import INVOLVEMENT_FACTOR, SIGNALS, Kind

Floats = NDArray[np.float64]

_SIZE = np.array([abs(signal.intensity) for signal in SIGNALS])
_IS = {kind: np.array([signal.kind is kind for signal in SIGNALS]) for kind in Kind}
_ESCALATES = ~_IS[Kind.EASING]


def expected_intensity(p_direct: Floats, p_partner: Floats, p_signals: Floats) -> Floats:
    """Expected escalation and easing of articles.

    An article's escalation is ``f · 10 · (1 − Π(1 − p·i/10))`` over threat and act signals, with ``f`` the
    expected involvement factor, ``p`` the probability and ``i`` the intensity of a signal: it saturates, so that
    one event coded three ways is not three events. It is split into threats and acts in proportion to ``p·i``.
    Easing is the same over easing signals.

    Parameters
    ----------
    p_direct, p_partner
        Shape (n,), probabilities of the two kinds of involvement.
    p_signals
        Shape (n, 18), probabilities in codebook order.

    Returns
    -------
    ndarray
        Shape (n, 3): threats, acts, easing, each 0–10.
    """
    factor = INVOLVEMENT_FACTOR[Involvement.DIRECT] * p_direct + INVOLVEMENT_FACTOR[Involvement.PARTNER] * p_partner
    parts = p_signals * _SIZE
    escalation = factor * _saturate(parts[:, _ESCALATES])
    easing = factor * _saturate(parts[:, ~_ESCALATES])
    total = parts[:, _ESCALATES].sum(axis=1)
    threat_share = np.divide(parts[:, _IS[Kind.THREAT]].sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
    return np.column_stack([escalation * threat_share, escalation * (1 - threat_share), easing])


def _saturate(parts: Floats) -> Floats:
    return np.asarray(10 * (1 - np.prod(1 - parts / 10, axis=1)))
