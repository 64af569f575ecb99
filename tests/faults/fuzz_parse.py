"""Fuzz the parse boundary with atheris, led by coverage; run by hand, not by pytest.

    pip install --constraint constraints.txt --editable '.[dev,fuzz]'
    python -m tests.faults.fuzz_parse -runs=20000 [FOLDER_OF_FEEDS …]

Arguments are those of libFuzzer. Without a folder it starts from the templates of `tests.faults.test_fuzz`; with
folders, the first takes what is found, so give an empty one before that of captured feeds. A document that breaks a
property of `tests.faults.properties`, or takes longer than ten seconds, is written to ``crash-…`` or ``timeout-…``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tension.feeds", "feedparser", "xml", "html"]):
    from tests.faults.properties import read_or_refused

from tests.faults.test_fuzz import ATOM, RDF, RSS

LIMITS = ["-max_len=8000", "-timeout=10", "-rss_limit_mb=2048"]


def one(document: bytes) -> None:
    """Parse one document; what must not be raises."""
    read_or_refused(document)


def main() -> None:
    """Hand over to libFuzzer, which ends the program."""
    with tempfile.TemporaryDirectory() as seeds:
        for name, template in {"rss": RSS, "atom": ATOM, "rdf": RDF}.items():
            (Path(seeds) / name).write_bytes(template)
        folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
        atheris.Setup([sys.argv[0], *LIMITS, *sys.argv[1:], *([] if folders else [seeds])], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
