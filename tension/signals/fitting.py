"""How the classifier is fitted: first layer, second layer on held-out folds, thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tension.signals.codebook import KEYS
from tension.signals.estimator import (
    Floats,
    Whole,
    block_numbers,
    packed,
    probabilities,
    unpacked_rows,
)
from tension.signals.features import Reader, Text, matrix, scaled
from tension.signals.words import Lexicon

if TYPE_CHECKING:
    from tension.signals.estimator import SignalClassifier

_N_FOLDS = 5
_N_FIRST = 3 + len(KEYS)  # the first layer sets each kind of involvement, none too, against the rest
_FEWEST = 8  # a signal's threshold leans on its own texts only as far as there are many of them


class Layer(NamedTuple):
    """One linear layer over the features numbered ``columns``."""

    columns: Whole
    weight: NDArray[np.float32]
    coef: Floats
    intercept: Floats


class Growing(dict[str, int]):
    """A vocabulary that gives every new key the next number."""

    def find(self, key: str) -> int:
        """The key's number, new or old."""
        return self.setdefault(key, len(self))


Step = Callable[[], object]


def n_regressions(folds: Whole) -> int:
    """How many regressions of the first layer a fit takes: all targets in every fold, then on all texts."""
    return _N_FIRST * (len(np.unique(folds[folds >= 0])) + 1)


def fit(
    classifier: SignalClassifier,
    X: Sequence[Text],
    y: Whole,
    sample_weight: Floats | None,
    folds: Whole | None,
    step: Step = lambda: None,
) -> None:
    """Fit in place; see `SignalClassifier.fit`."""
    weight = np.ones(len(X)) if sample_weight is None else sample_weight
    folds = np.arange(len(X)) % _N_FOLDS if folds is None else folds
    keys, presence = observe(X, unpacked_rows(classifier.lexicon))
    blocks = block_numbers(keys)
    held_out = out_of_fold(classifier, presence, blocks, y, weight, folds, step)
    outer, shift, threshold = relate(held_out[folds >= 0], y[folds >= 0], classifier.c_layer)
    layer = first_layer(classifier, presence, blocks, y, weight, step)
    classifier.vocabulary_ = packed([keys[i] for i in layer.columns])
    classifier.feature_weight_ = layer.weight
    classifier.block_ = blocks[layer.columns]
    classifier.coef_ = (layer.coef @ outer).astype(np.float16).astype(np.float32)
    classifier.intercept_ = layer.intercept @ outer + shift
    classifier.threshold_ = threshold
    classifier.classes_ = np.array(["direct", "partner", *KEYS])
    classifier.held_out_ = held_out @ outer + shift


def observe(X: Sequence[Text], lexicon: Sequence[str]) -> tuple[list[str], sparse.csr_matrix]:
    """All features of the texts: their keys, and presence (n, F)."""
    vocabulary = Growing()
    reader = Reader(Lexicon(lexicon), vocabulary.find)
    readings = [reader.read(text, language) for text, language in X]
    return list(vocabulary), matrix(readings, len(vocabulary))


def first_layer(
    classifier: SignalClassifier,
    presence: sparse.csr_matrix,
    blocks: NDArray[np.int8],
    y: Whole,
    weight: Floats,
    step: Step = lambda: None,
) -> Layer:
    """Choose features, weigh them, fit one regression for each of the 21 first targets."""
    document_frequency = np.asarray(presence.sum(axis=0)).ravel()
    columns = np.flatnonzero(document_frequency >= classifier.min_df)
    rarity = np.log((1 + presence.shape[0]) / (1 + document_frequency[columns])) + 0.3
    layer_weight = rarity.astype(np.float32)
    design = scaled(presence[:, columns], layer_weight, blocks[columns])
    none = 1 - y[:, :2].sum(axis=1)
    targets = np.column_stack([y[:, :2], none, y[:, 2:]])
    coef, intercept = np.zeros((len(columns), _N_FIRST)), np.full(_N_FIRST, -5.0)
    for j in range(_N_FIRST):
        if 0 < targets[:, j].sum() < len(y):
            c, more = (classifier.c_involvement, 1.0) if j < 3 else (classifier.c_signals, classifier.emphasis)
            model = LogisticRegression(C=c, solver="liblinear", tol=1e-3, max_iter=200, random_state=0)
            model.fit(design, targets[:, j], sample_weight=weight * np.where(targets[:, j] == 1, more, 1.0))
            coef[:, j], intercept[j] = model.coef_[0], model.intercept_[0]
        step()
    return Layer(columns, layer_weight, coef, intercept)


def out_of_fold(
    classifier: SignalClassifier,
    presence: sparse.csr_matrix,
    blocks: NDArray[np.int8],
    y: Whole,
    weight: Floats,
    folds: Whole,
    step: Step = lambda: None,
) -> Floats:
    """First-layer log-odds of texts that were not trained on, shape (n, 21)."""
    held_out = np.zeros((len(y), _N_FIRST))
    for fold in np.unique(folds[folds >= 0]):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        layer = first_layer(classifier, presence[inside], blocks, y[inside], weight[inside], step)
        design = scaled(presence[outside][:, layer.columns], layer.weight, blocks[layer.columns])
        held_out[outside] = design @ layer.coef + layer.intercept
    return held_out


def relate(held_out: Floats, y: Whole, c: float) -> tuple[Floats, Floats, Floats]:
    """Second layer: how the 21 log-odds give the 20 final ones; involvement speaks for every signal.

    Returns
    -------
    tuple
        Coefficients (21, 20), intercepts (20,), thresholds (18,).
    """
    spread = np.maximum(held_out.std(axis=0), 1e-9)
    seen = held_out / spread
    outer, shift = np.zeros((_N_FIRST, 2 + len(KEYS))), np.full(2 + len(KEYS), -6.0)
    kind = np.where(y[:, 0] == 1, 1, np.where(y[:, 1] == 1, 2, 0))
    if len(np.unique(kind)) == 3:
        model = LogisticRegression(C=c, max_iter=1000).fit(seen, kind)
        outer[:, :2] = (model.coef_[1:] - model.coef_[0]).T
        shift[:2] = model.intercept_[1:] - model.intercept_[0]
    for j in range(2, y.shape[1]):
        if 0 < y[:, j].sum() < len(y):
            columns = [0, 1, 2, j + 1]
            model = LogisticRegression(C=c, max_iter=1000).fit(seen[:, columns], y[:, j])
            outer[columns, j], shift[j] = model.coef_[0], model.intercept_[0]
    outer /= spread[:, None]
    return outer, shift, thresholds(probabilities(held_out @ outer + shift), y)


def thresholds(p: Floats, y: Whole) -> Floats:
    """For each signal the probability above which coding it gives the best F1, drawn towards the common one."""
    grid = np.arange(0.1, 0.71, 0.02)
    involved = p[:, :2].sum(axis=1) >= p[:, :2].max(axis=1) / 2
    involved &= 1 - p[:, :2].sum(axis=1) < p[:, :2].max(axis=1)
    truth = y[:, 2:] == 1
    hits = np.array([((p[:, 2:] >= t) & involved[:, None] & truth).sum(axis=0) for t in grid])
    coded = np.array([((p[:, 2:] >= t) & involved[:, None]).sum(axis=0) for t in grid])
    f1 = 2 * hits / np.maximum(coded + truth.sum(axis=0), 1)
    smooth = np.apply_along_axis(lambda column: np.convolve(column, np.ones(5) / 5, "same"), 0, f1)[2:-2]
    own = grid[2:-2][smooth.argmax(axis=0)]
    common = grid[(2 * hits.sum(axis=1) / np.maximum(coded.sum(axis=1) + truth.sum(), 1)).argmax()]
    n = truth.sum(axis=0)
    return np.asarray((n * own + _FEWEST * 3 * common) / (n + _FEWEST * 3))
