"""Train the shipped model from coded texts and the project's own corpus. The same inputs give the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tension.errors import ModelError
from tension.records import Involvement
from tension.resources import resource
from tension.signals.codebook import KEYS
from tension.signals.estimator import Floats, SignalClassifier, Whole, probabilities, verdicts
from tension.signals.evaluation import Evaluation, Record, compare
from tension.signals.features import Text, join
from tension.signals.fitting import n_regressions
from tension.signals.folds import assign
from tension.signals.modelfile import StoredModel, write_model
from tension.signals.words import read_lexicon

CORPUS_WEIGHT = 0.7
_CODE = (
    "codebook.py", "words.py", "features.py", "estimator.py", "fitting.py", "folds.py", "passages.py", "training.py",
    "countries.py", "intensity.py", "classifier.py",
)  # fmt: skip

Track = Callable[[int, str], Callable[[], object]]


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What came of training. ``cross_validated`` holds for the labels only: the corpus is always trained on."""

    version: str
    languages: tuple[str, ...]
    n_labels: int
    n_corpus: int
    n_features: int
    n_bytes: int
    cross_validated: Evaluation

    def __str__(self) -> str:
        head = (
            f"model {self.version}: {self.n_labels} labels, {self.n_corpus} texts of the corpus, "
            f"{len(self.languages)} languages, {self.n_features} features, {self.n_bytes / 1e6:.1f} MB"
        )
        return f"{head}\ncross-validated on the labels:\n{self.cross_validated}"


def train(labels: Sequence[Path], corpus: Path, out: Path, track: Track | None = None) -> TrainingReport:
    """Train and save a model.

    Parameters
    ----------
    labels
        JSON Lines files: ``title``, ``summary``, ``language``, ``involvement``, ``signals``.
    corpus
        Folder of ``<language>.jsonl`` of the same shape, the language being the file's name.
    out
        Where the model goes.
    track
        Given how many regressions will be fitted and a word for it, returns what to call after each.

    Raises
    ------
    ModelError
        If labels, corpus or lexicons cannot be read.
    """
    coded = [record for file in labels for record in read_labels(file)]
    own = read_corpus(corpus)
    records = [*coded, *own]
    if not records:
        raise ModelError(f"nothing to train on: no labels given and no texts in {corpus}")
    folds = np.concatenate([assign([_text(r)[0] for r in coded]), np.full(len(own), -1)]).astype(np.int64)
    if not coded:
        folds = assign([_text(r)[0] for r in own])
    weight = sample_weights(len(coded), len(own))
    classifier = SignalClassifier(read_lexicon(resource("data/actors.yaml"), resource("data/concepts.yaml")))
    step = track(n_regressions(folds), f"{len(records)} texts") if track else lambda: None
    classifier.fit([_text(r) for r in records], targets(records), weight, folds, step)
    held = folds >= 0
    checked = _cross_validated(classifier, [r for r, is_held in zip(records, held, strict=True) if is_held], held)
    languages = tuple(sorted({record["language"] for record in records}))
    version = fingerprint(records)
    write_model(StoredModel(classifier, version, frozenset(languages)), out)
    n_bytes = out.stat().st_size
    return TrainingReport(version, languages, len(coded), len(own), len(classifier.block_), n_bytes, checked)


def _cross_validated(classifier: SignalClassifier, records: Sequence[Record], held: np.ndarray) -> Evaluation:
    p = probabilities(classifier.__dict__.pop("held_out_")[held])
    return compare(records, p, verdicts(p, classifier.threshold_))


def read_labels(file: Path) -> list[Record]:
    """Coded texts of a JSON Lines file; languages as given.

    Raises
    ------
    ModelError
        If the file or a line cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ModelError(f"labels cannot be read: {error}") from error
    return [_record(line, f"{file}:{number}", {}) for number, line in enumerate(lines, 1) if line.strip()]


def read_corpus(folder: Path) -> list[Record]:
    """The project's own corpus, all languages, in the files' order.

    Raises
    ------
    ModelError
        If there is no such folder, or a line cannot be read.
    """
    if not folder.is_dir():
        raise ModelError(f"the corpus {folder} is no folder")
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        found += [_record(line, f"{file}:{n}", {"language": file.stem}) for n, line in lines if line.strip()]
    return found


def _record(line: str, place: str, more: Record) -> Record:
    try:
        record = {"summary": "", "language": "en", **json.loads(line), **more}
        unknown = set(record["signals"]) - set(KEYS)
        Involvement(record["involvement"])
        str(record["title"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{place}: not a coded text: {error!r}") from error
    if unknown:
        raise ModelError(f"{place}: unknown signals {', '.join(sorted(unknown))}")
    return record


def _text(record: Record) -> Text:
    return join(record["title"], record["summary"] or ""), record["language"]


def targets(records: Sequence[Record]) -> Whole:
    """Codings as 0 and 1, shape (n, 20): direct, partner, the signals."""
    y = np.zeros((len(records), 2 + len(KEYS)), dtype=np.int64)
    for i, record in enumerate(records):
        y[i, 0] = record["involvement"] == Involvement.DIRECT
        y[i, 1] = record["involvement"] == Involvement.PARTNER
        y[i, [2 + KEYS.index(key) for key in record["signals"]]] = 1
    return y


def fingerprint(records: Sequence[Record]) -> str:
    """The model's version: a short hash of the code that reads texts, the lexicons and all coded texts."""
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((Path(__file__).parent / name).read_bytes().replace(b"\r\n", b"\n"))
    for name in ("actors", "concepts", "countries"):
        digest.update(resource(f"data/{name}.yaml").read_bytes().replace(b"\r\n", b"\n"))
    for record in records:
        text, language = _text(record)
        digest.update(json.dumps([text, language, record["involvement"], sorted(record["signals"])]).encode())
    return digest.hexdigest()[:12]


def sample_weights(n_labels: int, n_corpus: int) -> Floats:
    """Weight of each text: a real headline counts 1, one of our own a little less."""
    return np.concatenate([np.ones(n_labels), np.full(n_corpus, CORPUS_WEIGHT)])
