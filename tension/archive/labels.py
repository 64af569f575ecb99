"""Labels without texts, and the texts they belong to: ``python -m tension.archive.labels LABELS ARCHIVE …``.

The project keeps what it coded by reading as hashes of texts with their codings (``data/labels/*.jsonl``): the
headlines belong to their publishers. This joins them with the archives they came from, as JSON lines on standard
output that ``tension train --labels`` takes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tension.archive.files import read_rows
from tension.errors import ArchiveError
from tension.signals.features import join

SUMMARY_CHARACTERS = 500


def text_of(title: str, summary: str) -> tuple[str, str]:
    """Title and summary in the form in which they were coded: white space collapsed, the summary cut."""
    return " ".join(title.split()), " ".join(summary.split())[:SUMMARY_CHARACTERS]


def text_hash(title: str, summary: str) -> str:
    """What a text is known by: SHA-256, hexadecimal."""
    return hashlib.sha256(join(*text_of(title, summary)).encode()).hexdigest()


def join_labels(labels: Iterable[Path], archives: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Codings with their texts.

    Parameters
    ----------
    labels
        JSON lines: ``sha256, language, involvement, signals``.
    archives
        Files that `tension.archive.files.read_rows` reads.

    Yields
    ------
    dict
        ``title, summary, language, involvement, signals``, in the archives' order, each text once.

    Raises
    ------
    ArchiveError
        When no archive holds some of the texts; those that were found come first.
    """
    lines = (line for file in labels for line in file.read_text(encoding="utf-8").splitlines())
    coded = {label.pop("sha256"): label for label in map(json.loads, lines)}
    n_coded = len(coded)
    for archive in archives:
        for row in read_rows(archive):
            if (label := coded.pop(text_hash(row.title, row.summary), None)) is not None:
                title, summary = text_of(row.title, row.summary)
                yield {"title": title, "summary": summary, **label}
    if coded:
        raise ArchiveError(f"{len(coded)} of {n_coded} coded texts are in none of the archives: name all of them")


def main() -> None:
    labels, *archives = map(Path, sys.argv[1:])
    for record in join_labels([labels], sorted(archives)):
        print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
