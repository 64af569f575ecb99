"""The classifier held against careful coding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tension.records import Involvement
from tension.signals.codebook import KEYS
from tension.signals.features import join

if TYPE_CHECKING:
    from tension.signals.classifier import Model

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

Record = Mapping[str, Any]

_N_BINS = 15
_N_SAMPLES = 1000
_FEWEST = 8
OTHERS = "others"
_BATCH = 500
_GROUPS = ("language", "year", "publisher")


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
class GroupScore:
    """One language, year or publisher: texts, accuracy of involvement, micro-F1 of the signals, NaN without any."""

    n_texts: int
    involvement_accuracy: float
    micro_f1: float


class Interval(NamedTuple):
    """Where a figure lies in 95 of 100 samples drawn from the texts with replacement (percentile bootstrap)."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a model's codings compare with given ones.

    Attributes
    ----------
    macro_f1
        Mean F1 over the signals that occur.
    calibration_error
        Expected calibration error over all signal probabilities, 15 bins of equal width.
    signals
        By key, in codebook order.
    groups
        ``language``, ``year``, ``publisher``: the scores of each, by name. What the records do not give is left out;
        groups of fewer than eight texts stand together as `OTHERS`.
    intervals
        Of ``involvement``, ``micro`` and ``macro``.
    reliability
        A row a bin: ``p`` (mean probability), ``share`` (how often the signal was there), ``n``.
    confusion
        Texts by what was right (rows) and what was coded (columns). A signal that was missed counts in the column of
        each signal that was wrongly coded for the same text, in ``nothing`` where there was none.
    involvement
        The same for the three kinds of involvement.
    """

    n_texts: int
    involvement_accuracy: float
    micro: Score
    macro_f1: float
    calibration_error: float
    signals: Mapping[str, Score]
    groups: Mapping[str, Mapping[str, GroupScore]]
    intervals: Mapping[str, Interval]
    reliability: pd.DataFrame
    confusion: pd.DataFrame
    involvement: pd.DataFrame

    def __str__(self) -> str:
        involvement, micro, macro = (
            f"{value:.3f} ({self.intervals[name].low:.2f}–{self.intervals[name].high:.2f})"
            for name, value in (
                ("involvement", self.involvement_accuracy),
                ("micro", self.micro.f1),
                ("macro", self.macro_f1),
            )
        )
        lines = [
            f"{self.n_texts} texts; involvement accuracy {involvement}; signals micro-F1 {micro}, macro-F1 {macro}; "
            f"calibration error {self.calibration_error:.3f}; in brackets 95 % of bootstrap samples",
            "",
            f"{'signal':<24}{'precision':>10}{'recall':>8}{'F1':>7}{'texts':>7}",
        ]
        lines += [
            f"{k:<24}{s.precision:>10.2f}{s.recall:>8.2f}{s.f1:>7.2f}{s.n_true:>7}" for k, s in self.signals.items()
        ]
        for name, scores in self.groups.items():
            lines += ["", f"{name:<24}{'involvement':>12}{'micro-F1':>10}{'texts':>7}"]
            lines += [
                f"{key[:23]:<24}{s.involvement_accuracy:>12.3f}{_shown(s.micro_f1):>10}{s.n_texts:>7}"
                for key, s in scores.items()
            ]
        return "\n".join(lines)


def evaluate(model: Model, records: Sequence[Record], step: Callable[[int], object] = lambda n: None) -> Evaluation:
    """Code texts and compare.

    Parameters
    ----------
    model
        From `tension.signals.classifier.load_model`.
    records
        ``title``, ``summary``, ``language``, ``involvement``, ``signals`` each; ``date`` and ``source`` if known.
    step
        Told how many more texts are done.
    """
    rows: list[tuple[list[float], list[int]]] = []
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        texts = [join(record["title"], record.get("summary") or "") for record in batch]
        codings = model.code(texts, [record.get("language", "en") for record in batch])
        rows += [([c.p_direct, c.p_partner, *c.probabilities], _row(c.involvement, c.signals)) for c in codings]
        step(len(batch))
    shape = (len(records), 2 + len(KEYS))
    p = np.array([row[0] for row in rows], dtype=float).reshape(shape)
    return compare(records, p, np.array([row[1] for row in rows], dtype=np.int64).reshape(shape))


def compare(records: Sequence[Record], p: Floats, coded: Whole) -> Evaluation:
    """Compare codings, shape (n, 20), and their probabilities with coded records."""
    truth = np.array([_row(r["involvement"], r["signals"]) for r in records], dtype=np.int64).reshape(p.shape)
    return Evaluation(
        n_texts=len(records),
        involvement_accuracy=_accuracy(coded, truth),
        micro=_score(coded[:, 2:], truth[:, 2:]),
        macro_f1=_macro(coded[:, 2:], truth[:, 2:]),
        calibration_error=calibration_error(p[:, 2:], truth[:, 2:]),
        signals={key: _score(coded[:, 2 + j], truth[:, 2 + j]) for j, key in enumerate(KEYS)},
        groups={name: _grouped(_names(records, name), coded, truth) for name in _GROUPS},
        intervals=_intervals(coded, truth),
        reliability=reliability(p[:, 2:], truth[:, 2:]),
        confusion=_confusion(coded[:, 2:], truth[:, 2:]),
        involvement=_involvement(coded, truth),
    )


def reliability(p: Floats, truth: Whole) -> pd.DataFrame:
    """Mean probability and frequency in bins of equal width: columns ``p, share, n``, a row a bin that is not empty."""
    bins = np.minimum((p * _N_BINS).astype(int), _N_BINS - 1).ravel()
    n = np.bincount(bins, minlength=_N_BINS)
    sums = pd.DataFrame({column: np.bincount(bins, of.ravel(), _N_BINS) for column, of in (("p", p), ("share", truth))})
    return sums[n > 0].div(n[n > 0], axis=0).assign(n=n[n > 0])


def calibration_error(p: Floats, truth: Whole) -> float:
    """Expected calibration error: the mean distance of probability from frequency, bins weighted by their size."""
    bins = reliability(p, truth)
    return float(((bins["p"] - bins["share"]).abs() * bins["n"]).sum() / max(p.size, 1))


def _row(involvement: Involvement | str, signals: Sequence[str]) -> list[int]:
    sides = [int(involvement == Involvement.DIRECT), int(involvement == Involvement.PARTNER)]
    return sides + [int(key in signals) for key in KEYS]


def _score(coded: Whole, truth: Whole) -> Score:
    return Score(int((coded & truth).sum()), int(coded.sum()), int(truth.sum()))


def _macro(coded: Whole, truth: Whole) -> float:
    hits, n_true = (coded & truth).sum(axis=0), truth.sum(axis=0)
    f1 = 2 * hits / np.maximum(coded.sum(axis=0) + n_true, 1)
    return float(f1[n_true > 0].mean()) if n_true.any() else 0.0


def _accuracy(coded: Whole, truth: Whole) -> float:
    return float((coded[:, :2] == truth[:, :2]).all(axis=1).mean()) if len(truth) else 0.0


def _intervals(coded: Whole, truth: Whole) -> dict[str, Interval]:
    random = np.random.default_rng(0)
    found: dict[str, list[float]] = {"involvement": [], "micro": [], "macro": []}
    for _ in range(_N_SAMPLES if len(truth) else 0):
        drawn = random.integers(0, len(truth), len(truth))
        c, t = coded[drawn], truth[drawn]
        found["involvement"].append(_accuracy(c, t))
        found["micro"].append(_score(c[:, 2:], t[:, 2:]).f1)
        found["macro"].append(_macro(c[:, 2:], t[:, 2:]))
    return {name: Interval(*np.percentile(values or [0.0], [2.5, 97.5])) for name, values in found.items()}


def _names(records: Sequence[Record], group: str) -> list[str]:
    if group == "year":
        return [str(record.get("date") or "")[:4] for record in records]
    return [str(record.get("source" if group == "publisher" else group) or "") for record in records]


def _grouped(names: Sequence[str], coded: Whole, truth: Whole) -> dict[str, GroupScore]:
    n_texts = Counter(name for name in names if name)
    shown = np.array([name if n_texts[name] >= _FEWEST else OTHERS if name else "" for name in names], dtype=object)
    found = {}
    for name in sorted({*shown} - {"", OTHERS}) + [OTHERS] * (OTHERS in shown):
        c, t = coded[shown == name], truth[shown == name]
        score = _score(c[:, 2:], t[:, 2:])
        found[name] = GroupScore(len(t), _accuracy(c, t), score.f1 if score.n_coded + score.n_true else math.nan)
    return found


def _shown(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _confusion(coded: Whole, truth: Whole) -> pd.DataFrame:
    missed, wrong = truth & ~coded & 1, coded & ~truth & 1
    table = missed.T @ wrong + np.diag((truth & coded).sum(axis=0))
    alone = missed.T @ (wrong.sum(axis=1) == 0).astype(np.int64)
    return pd.DataFrame(np.column_stack([table, alone]), index=list(KEYS), columns=[*KEYS, "nothing"])


def _involvement(coded: Whole, truth: Whole) -> pd.DataFrame:
    names = [kind.value for kind in (Involvement.DIRECT, Involvement.PARTNER, Involvement.NONE)]
    table = np.zeros((3, 3), dtype=np.int64)
    np.add.at(table, (_kind(truth), _kind(coded)), 1)
    return pd.DataFrame(table, index=names, columns=names)


def _kind(rows: Whole) -> Whole:
    return np.where(rows[:, 0] == 1, 0, np.where(rows[:, 1] == 1, 1, 2))
