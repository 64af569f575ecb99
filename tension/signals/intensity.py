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


def expected_parts(p_direct: Floats, p_partner: Floats, p_signals: Floats) -> Floats:
    """Expected intensity of articles, signal by signal.

    An article's escalation is ``f · 10 · (1 − Π(1 − p·i/10))`` over threat and act signals, with ``f`` the
    expected involvement factor, ``p`` the probability and ``i`` the intensity of a signal: it saturates, so that
    one event coded three ways is not three events. Each signal's part is in proportion to its ``p·i``. Easing
    signals make up easing in the same way.

    Parameters
    ----------
    p_direct, p_partner
        Shape (n,), probabilities of the two kinds of involvement.
    p_signals
        Shape (n, 18), probabilities in codebook order.

    Returns
    -------
    ndarray
        Shape (n, 18), each ≥ 0; escalating parts sum to 0–10, easing ones too.
    """
    factor = INVOLVEMENT_FACTOR[Involvement.DIRECT] * p_direct + INVOLVEMENT_FACTOR[Involvement.PARTNER] * p_partner
    parts = p_signals * _SIZE
    found: Floats = np.zeros_like(parts)
    for chosen in (_ESCALATES, ~_ESCALATES):
        total = parts[:, chosen].sum(axis=1)
        scale = np.divide(factor * _saturate(parts[:, chosen]), total, out=np.zeros_like(total), where=total > 0)
        found[:, chosen] = parts[:, chosen] * scale[:, None]
    return found


def expected_intensity(p_direct: Floats, p_partner: Floats, p_signals: Floats) -> Floats:
    """The sums of `expected_parts` by kind: shape (n, 3), threats, acts, easing."""
    return by_kind(expected_parts(p_direct, p_partner, p_signals))


def by_kind(parts: Floats) -> Floats:
    """Sums over the signals of each kind, shape (n, 3): threats, acts, easing."""
    return np.column_stack([parts[:, _IS[kind]].sum(axis=1) for kind in (Kind.THREAT, Kind.ACT, Kind.EASING)])


def variance(p_direct: Floats, p_partner: Floats, p_signals: Floats) -> Floats:
    """How far the escalation that a careful coder finds may lie from the expected one, as a variance.

    Probabilities that are calibrated say it themselves: involvement and signals are drawn independently with theirs.

    Returns
    -------
    ndarray
        Shape (n,), in squares of intensity.
    """
    direct, partner = INVOLVEMENT_FACTOR[Involvement.DIRECT], INVOLVEMENT_FACTOR[Involvement.PARTNER]
    factor, factor_squared = direct * p_direct + partner * p_partner, direct**2 * p_direct + partner**2 * p_partner
    p, left = p_signals[:, _ESCALATES], 1 - _SIZE[_ESCALATES] / 10
    calm = np.prod(1 - p * (1 - left), axis=1)
    calm_squared = np.prod(1 - p * (1 - left**2), axis=1)
    told, told_squared = 10 * (1 - calm), 100 * (1 - 2 * calm + calm_squared)
    return np.asarray(np.maximum(factor_squared * told_squared - (factor * told) ** 2, 0.0))


def _saturate(parts: Floats) -> Floats:
    return np.asarray(10 * (1 - np.prod(1 - parts / 10, axis=1)))
