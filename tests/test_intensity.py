"""Expected intensity and its variance, against all outcomes written out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.signals.codebook import BY_KEY, KEYS
from tension.signals.intensity import by_kind, expected_intensity, expected_parts, variance

EXPULSION, RED_LINE = KEYS.index("expulsion"), KEYS.index("red_line")
shares = st.floats(0, 1)


@given(shares, shares, shares, shares)
def test_mean_and_variance_are_those_of_all_outcomes(direct, partner, expulsion, red_line):
    direct, partner = direct, partner * (1 - direct)
    p = np.zeros((1, len(KEYS)))
    p[0, [EXPULSION, RED_LINE]] = expulsion, red_line
    mean = square = 0.0
    for factor, p_factor in ((1.0, direct), (0.3, partner), (0.0, 1 - direct - partner)):
        for told, warned in product((0, 1), repeat=2):
            chance = p_factor * (expulsion if told else 1 - expulsion) * (red_line if warned else 1 - red_line)
            calm = (1 - told * BY_KEY["expulsion"].intensity / 10) * (1 - warned * BY_KEY["red_line"].intensity / 10)
            value = factor * 10 * (1 - calm)
            mean, square = mean + chance * value, square + chance * value**2
    given_ = (np.array([direct]), np.array([partner]), p)
    assert expected_intensity(*given_)[0, :2].sum() == pytest.approx(mean, abs=1e-9)
    assert variance(*given_)[0] == pytest.approx(square - mean**2, abs=1e-7)


def test_parts_are_in_proportion_to_probability_times_intensity():
    p = np.zeros((1, len(KEYS)))
    p[0, [EXPULSION, RED_LINE]] = 0.8, 0.4
    parts = expected_parts(np.ones(1), np.zeros(1), p)[0]
    ratio = 0.8 * BY_KEY["expulsion"].intensity / (0.4 * BY_KEY["red_line"].intensity)
    assert parts[EXPULSION] / parts[RED_LINE] == pytest.approx(ratio)
    threats, acts, easing = by_kind(parts[None, :])[0]
    assert (threats, acts, easing) == (pytest.approx(parts[RED_LINE]), pytest.approx(parts[EXPULSION]), 0)
