"""The trained model as the pipeline uses it: texts in, codings out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tension.records import Coding, Evidence, Involvement
from tension.resources import resource
from tension.signals.codebook import KEYS
from tension.signals.countries import gazetteer
from tension.signals.estimator import SignalClassifier, probabilities, verdicts
from tension.signals.evidence import evidence, word_weights
from tension.signals.features import Reading
from tension.signals.intensity import expected_intensity, variance
from tension.signals.language import identify
from tension.signals.modelfile import read_model
from tension.signals.passages import LONG, combine, passages
from tension.signals.words import spans

Floats = NDArray[np.float64]
Row = tuple[NDArray[np.int32], NDArray[np.float32]]  # features of a text, ascending, and their values

MODEL = "data/model/tension.skops"
_BATCH = 2000
_INVOLVEMENT = (Involvement.DIRECT, Involvement.PARTNER)


class Model:
    """A fitted classifier with its version.

    Parameters
    ----------
    classifier
        Fitted.
    version
        Short hash of code, corpus and labels.
    languages
        ISO 639-1 codes of the languages it was trained in.
    """

    def __init__(self, classifier: SignalClassifier, version: str, languages: frozenset[str]) -> None:
        self.classifier = classifier
        self.version = version
        self.languages = languages

    def code(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Coding]:
        """Code texts.

        Parameters
        ----------
        texts
            Title and summary, joined by `tension.signals.features.join`; or whole articles, which are coded by
            passages.
        languages
            ISO 639-1, one a text; read from the texts where not given.

        Returns
        -------
        list of Coding
            In the order of the texts.
        """
        if languages is None:
            languages = [identify(text, None, self.languages) for text in texts]
        codings: list[Coding] = []
        for start in range(0, len(texts), _BATCH):
            codings += self._code(texts[start : start + _BATCH], languages[start : start + _BATCH])
        return codings

    def _code(self, texts: Sequence[str], languages: Sequence[str]) -> list[Coding]:
        cut = [passages(text) for text in texts]
        pairs = [
            (text[part.start : part.end], language)
            for text, language, parts in zip(texts, languages, cut, strict=True)
            for part in parts
        ]
        readings = self.classifier.read(pairs)
        design = self.classifier.design(readings)
        p = probabilities(self.classifier.log_odds(design))
        bounds = np.cumsum([0, *map(len, cut)])
        combined = [combine(p[a:b]) for a, b in pairwise(bounds)]
        whole = np.array([one for one, _ in combined]).reshape(len(texts), 2 + len(KEYS))
        coded = verdicts(whole, self.classifier.threshold_)
        figures = (whole[:, 0], whole[:, 1], whole[:, 2:])
        intensity = np.column_stack([expected_intensity(*figures), variance(*figures)])
        found = []
        for i in range(len(texts)):
            spoken: list[Evidence] = []
            chosen = np.flatnonzero(coded[i, 2:])
            speaking = combined[i][1]
            for part in np.unique(speaking[chosen]):
                row = int(bounds[i] + part)
                signals = [int(j) for j in chosen if speaking[j] == part]
                spoken += self._evidence(pairs[row][0], cut[i][part].start, readings[row], _row(design, row), signals)
            named = gazetteer().find(texts[i][:LONG], languages[i]) if coded[i, :2].any() else ()
            found.append(self._coding(whole[i], coded[i], intensity[i], tuple(spoken), languages[i], named))
        return found

    def _evidence(self, text: str, offset: int, reading: Reading, row: Row, signals: Sequence[int]) -> list[Evidence]:
        weights = word_weights(reading, row, self.classifier.coef_, 2 + np.array(signals))
        places = spans(text)
        found = [span for k, j in enumerate(signals) for span in evidence(text, places, KEYS[j], weights[:, k])]
        return [Evidence(e.signal, e.text, e.start + offset, e.end + offset, e.weight) for e in found]

    def _coding(
        self,
        p: Floats,
        coded: NDArray[np.int64],
        intensity: Floats,
        spoken: tuple[Evidence, ...],
        language: str,
        countries: tuple[str, ...],
    ) -> Coding:
        involvement = next((kind for kind, is_it in zip(_INVOLVEMENT, coded, strict=False) if is_it), Involvement.NONE)
        threats, acts, easing, spread = intensity.tolist()
        return Coding(
            model_version=self.version,
            involvement=involvement,
            p_direct=float(p[0]),
            p_partner=float(p[1]),
            signals=tuple(key for key, is_coded in zip(KEYS, coded[2:], strict=True) if is_coded),
            probabilities=tuple(p[2:].tolist()),
            threats=threats,
            acts=acts,
            easing=easing,
            evidence=spoken,
            low_confidence=language not in self.languages,
            countries=countries,
            variance=spread,
        )


def _row(design: sparse.csr_matrix, number: int) -> Row:
    place = slice(design.indptr[number], design.indptr[number + 1])
    return design.indices[place], design.data[place]


def load_model(path: Path | None = None) -> Model:
    """Load a trained model.

    Parameters
    ----------
    path
        The shipped model by default.

    Raises
    ------
    ModelError
        If it is missing or does not fit this version of the code.
    """
    stored = read_model(path or resource(MODEL))
    return Model(stored.classifier, stored.version, stored.languages)
