"""How many articles a second the classifier codes on one core, evidence included, against plain keyword search.

    python benchmarks/coding_speed.py

The reference is one regular expression a signal, 18 in all, made of that signal's English and French concepts, searched
in the same texts: the project's own corpus, title and summary, 20,000 of them. Prints both and their ratio.
"""

from __future__ import annotations

import re
import resource as usage
import time
from collections.abc import Callable
from itertools import cycle, islice

from threadpoolctl import threadpool_limits

from tension.resources import resource
from tension.signals.classifier import load_model
from tension.signals.features import join
from tension.signals.training import read_corpus
from tension.signals.words import read_lexicon

N_TEXTS = 20_000
N_PATTERNS = 18


def main() -> None:
    records = list(islice(cycle(read_corpus(resource("data/corpus"))), N_TEXTS))
    texts = [join(record["title"], record["summary"]) for record in records]
    languages = [record["language"] for record in records]
    size = resource("data/model/tension.skops").stat().st_size / 1e6
    started = time.perf_counter()
    model = load_model()
    print(f"load {time.perf_counter() - started:.2f} s, {size:.1f} MB")
    with threadpool_limits(1):
        ours = speed(lambda: model.code(texts, languages))
    patterns = keyword_patterns()
    theirs = speed(lambda: [[bool(pattern.search(text)) for pattern in patterns] for text in texts])
    memory = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024
    print(f"classifier with evidence {ours:,.0f} articles/s; {N_PATTERNS} regular expressions {theirs:,.0f} articles/s")
    print(f"ratio to the regular expressions {ours / theirs:.2f}; resident memory at most {memory:.0f} MB")


def speed(work: Callable[[], object]) -> float:
    """Texts a second, the better of two runs."""
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return N_TEXTS / min(taken)


def keyword_patterns() -> list[re.Pattern[str]]:
    """The first concepts of the lexicon as alternations of their words and stems."""
    rows = [row.split("\t") for row in read_lexicon(resource("data/actors.yaml"), resource("data/concepts.yaml"))]
    concepts = list(dict.fromkeys(label for label, _, _ in rows if label.startswith("c:")))[:N_PATTERNS]
    return [
        re.compile(r"\b(?:" + "|".join(re.escape(entry.rstrip("*")) for label, language, entry in rows
                   if label == name and language in {"en", "fr"}) + ")", re.IGNORECASE)
        for name in concepts
    ]  # fmt: skip


if __name__ == "__main__":
    main()
