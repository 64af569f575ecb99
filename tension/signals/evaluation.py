"""The classifier held against careful coding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tension.records import Involvement
from tension.signals.codebook import KEYS
from tension.signals.features import join

if TYPE_CHECKING:
    from tension.signals.classifier import Model

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_N_BINS = 15


@dataclass(frozen=True, slots=True)
class Score:
    """Hits and misses of one signal, or of all together."""

    n_hits: int
    n_coded: int
    n_true: int

    @property
    def precision(self) -> float:
        """Share of what was coded that is right; 0 where nothing was coded."""
        return self.n_hits / self.n_coded if self.n_coded else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was coded; 0 where nothing is there."""
        return self.n_hits / self.n_true if self.n_true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.n_coded + self.n_true
        return 2 * self.n_hits / both if both else 0.0


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """One language: texts, accuracy of involvement, micro-F1 of the signals."""

    n_texts: int
    involvement_accuracy: float
    micro_f1: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a model's codings compare with given ones.

    ``signals`` by key, in codebook order; ``macro_f1`` over signals that occur; ``calibration_error`` is the expected
    calibration error over all signal probabilities, 15 bins of equal width.
    """

    n_texts: int
    involvement_accuracy: float
    micro: Score
    macro_f1: float
    calibration_error: float
    signals: Mapping[str, Score]
    languages: Mapping[str, LanguageScore]

    def __str__(self) -> str:
        lines = [
            f"{self.n_texts} texts; involvement accuracy {self.involvement_accuracy:.3f}; signals micro-F1 "
            f"{self.micro.f1:.3f}, macro-F1 {self.macro_f1:.3f}; calibration error {self.calibration_error:.3f}",
            "",
            f"{'signal':<22}{'precision':>10}{'recall':>8}{'F1':>7}{'texts':>7}",
        ]
        lines += [
            f"{k:<22}{s.precision:>10.2f}{s.recall:>8.2f}{s.f1:>7.2f}{s.n_true:>7}" for k, s in self.signals.items()
        ]
        lines += ["", f"{'language':<22}{'involvement':>12}{'micro-F1':>10}{'texts':>7}"]
        lines += [
            f"{key:<22}{s.involvement_accuracy:>12.3f}{s.micro_f1:>10.3f}{s.n_texts:>7}"
            for key, s in self.languages.items()
        ]
        return "\n".join(lines)


def evaluate(model: Model, records: Sequence[Mapping[str, Any]]) -> Evaluation:
    """Code texts and compare.

    Parameters
    ----------
    model
        From `tension.signals.classifier.load_model`.
    records
        ``title``, ``summary``, ``language``, ``involvement``, ``signals`` each.
    """
    texts = [join(record["title"], record.get("summary") or "") for record in records]
    codings = model.code(texts, [record.get("language", "en") for record in records])
    p = np.array([[c.p_direct, c.p_partner, *c.probabilities] for c in codings]).reshape(len(records), 2 + len(KEYS))
    coded = np.array([_row(c.involvement, c.signals) for c in codings], dtype=np.int64).reshape(p.shape)
    return compare(records, p, coded)


def compare(records: Sequence[Mapping[str, Any]], p: Floats, coded: Whole) -> Evaluation:
    """Compare codings, shape (n, 20), and their probabilities with coded records."""
    truth = np.array([_row(r["involvement"], r["signals"]) for r in records], dtype=np.int64).reshape(p.shape)
    scores = {key: _score(coded[:, 2 + j], truth[:, 2 + j]) for j, key in enumerate(KEYS)}
    languages = np.array([record.get("language", "en") for record in records])
    by_language = {
        str(key): _language(coded[languages == key], truth[languages == key]) for key in np.unique(languages)
    }
    occurring = [score.f1 for score in scores.values() if score.n_true]
    return Evaluation(
        n_texts=len(records),
        involvement_accuracy=_accuracy(coded, truth),
        micro=_score(coded[:, 2:], truth[:, 2:]),
        macro_f1=float(np.mean(occurring)) if occurring else 0.0,
        calibration_error=calibration_error(p[:, 2:], truth[:, 2:]),
        signals=scores,
        languages=by_language,
    )


def calibration_error(p: Floats, truth: Whole) -> float:
    """Expected calibration error: the mean distance of probability from frequency, bins weighted by their size."""
    if not p.size:
        return 0.0
    bins = np.minimum((p * _N_BINS).astype(int), _N_BINS - 1).ravel()
    gap = np.bincount(bins, (p - truth).ravel(), minlength=_N_BINS)
    return float(np.abs(gap).sum() / p.size)


def _row(involvement: Involvement | str, signals: Sequence[str]) -> list[int]:
    sides = [int(involvement == Involvement.DIRECT), int(involvement == Involvement.PARTNER)]
    return sides + [int(key in signals) for key in KEYS]


def _score(coded: Whole, truth: Whole) -> Score:
    return Score(int((coded & truth).sum()), int(coded.sum()), int(truth.sum()))


def _accuracy(coded: Whole, truth: Whole) -> float:
    return float((coded[:, :2] == truth[:, :2]).all(axis=1).mean()) if len(truth) else 0.0


def _language(coded: Whole, truth: Whole) -> LanguageScore:
    return LanguageScore(len(truth), _accuracy(coded, truth), _score(coded[:, 2:], truth[:, 2:]).f1)
