"""Coding a file of articles into a file of codings, without a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

from tension.archive.files import ArchiveRow, read_rows
from tension.records import Coding
from tension.signals.classifier import load_model
from tension.signals.codebook import KEYS
from tension.signals.features import join
from tension.signals.language import identify

_BATCH = 1000


def code_file(
    file: Path,
    output: Path,
    columns: Mapping[str, str] | None = None,
    on_rows: Callable[[int], object] = lambda n: None,
) -> int:
    """Code the articles of a file.

    Each line of the output is a JSON object: ``id`` (the row's number where the file has none), ``involvement``,
    ``signals`` (keys), ``probabilities`` (by key), ``intensity`` (expected escalation, 0–10), ``easing`` (0–10),
    ``language``, ``evidence`` (``signal``, ``text``), ``model_version``.

    Returns
    -------
    int
        How many articles were coded.
    """
    model = load_model()
    rows = iter(read_rows(file, columns))
    total = 0
    with output.open("w", encoding="utf-8", newline="\n") as lines:
        while batch := list(islice(rows, _BATCH)):
            texts = [_words(row) for row in batch]
            languages = [identify(t, r.language, model.languages) for t, r in zip(texts, batch, strict=True)]
            codings = model.code(texts, languages)
            for row, language, coding in zip(batch, languages, codings, strict=True):
                lines.write(json.dumps(_line(row, language, coding), ensure_ascii=False) + "\n")
            total += len(batch)
            on_rows(len(batch))
    return total


def _words(row: ArchiveRow) -> str:
    return join(row.title, "\n".join(part for part in (row.summary, row.text) if part))


def _line(row: ArchiveRow, language: str, coding: Coding) -> dict[str, object]:
    return {
        "id": row.id,
        "involvement": coding.involvement.value,
        "signals": list(coding.signals),
        "probabilities": {key: round(p, 4) for key, p in zip(KEYS, coding.probabilities, strict=True)},
        "intensity": round(coding.threats + coding.acts, 4),
        "easing": round(coding.easing, 4),
        "language": language,
        "evidence": [{"signal": span.signal, "text": span.text} for span in coding.evidence],
        "model_version": coding.model_version,
    }
