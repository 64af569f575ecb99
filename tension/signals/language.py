"""Which language a text is in, for feeds that do not say or say wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tension.signals.ngrams import Ngrams

_ENOUGH = 60
_SURE = 0.99
_READ = 600
_MANY = 16
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-zA-Z\u00c0-\u024f]")
_CYRILLIC_LANGUAGES = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk"})
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")
UNKNOWN = "und"


def identify(text: str, declared: str | None, languages: Collection[str]) -> str:
    """The language of a text.

    The declared one stands unless the script contradicts it, or the text is long enough and surely in another.

    Parameters
    ----------
    text
        Title and summary.
    declared
        What the feed says: ISO 639-1, perhaps with a region (``"fr-FR"``); None or "" where it says nothing.
    languages
        Those to choose from.

    Returns
    -------
    str
        ISO 639-1; ``"und"`` where there are no letters and nothing was declared.
    """
    return identify_all([text], [declared], languages)[0]


def identify_all(texts: Sequence[str], declared: Sequence[str | None], languages: Collection[str]) -> list[str]:
    """As `identify`, for many texts at once: faster."""
    samples = [text[:_READ] for text in texts]
    said = [(one or "").replace("_", "-").split("-")[0].strip().lower() for one in declared]
    scripts = [_mostly_cyrillic(sample) for sample in samples]
    found = [one or UNKNOWN for one in said]
    for script in (True, False):
        doubtful = [
            i
            for i, cyrillic in enumerate(scripts)
            if cyrillic is script and _doubtful(samples[i], said[i], script, languages)
        ]
        best = _best([samples[i] for i in doubtful], languages, script)
        for i, (language, sure) in zip(doubtful, best, strict=True):
            if sure >= _SURE or _contradicted(said[i], script):
                found[i] = language
    return found


def _doubtful(sample: str, said: str, cyrillic: bool, languages: Collection[str]) -> bool:
    return _contradicted(said, cyrillic) or (said in languages and len(sample) >= _ENOUGH)


def _contradicted(said: str, cyrillic: bool) -> bool:
    return not said or cyrillic != (said in _CYRILLIC_LANGUAGES)


def _mostly_cyrillic(sample: str) -> bool | None:
    """Which script; None where there are no letters of either."""
    if not _CYRILLIC.search(sample):
        return False if _LATIN.search(sample) else None
    return len(_CYRILLIC.findall(sample)) > len(_LATIN.findall(sample))


def _best(samples: Sequence[str], languages: Collection[str], cyrillic: bool) -> list[tuple[str, float]]:
    same_script = frozenset(key for key in languages if (key in _CYRILLIC_LANGUAGES) == cyrillic)
    if not same_script:
        return [(UNKNOWN, 1.0)] * len(samples)
    if same_script == {"ru", "uk"}:
        return [_east_slavic(sample) for sample in samples]
    if len(samples) >= _MANY:
        return _ngrams(same_script).classify(samples)
    told = [_identifier(same_script).classify(sample) for sample in samples]
    return [(str(key), float(probability)) for key, probability in told]


def _east_slavic(sample: str) -> tuple[str, float]:
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    sure = abs(ukrainian - russian) / max(ukrainian + russian, 3)
    return ("uk" if ukrainian > russian else "ru"), sure


@lru_cache(maxsize=8)
def _identifier(languages: frozenset[str]) -> LanguageIdentifier:
    every = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    every.set_languages(sorted(languages))
    parts = (every.nb_ptc, every.nb_pc, every.nb_classes, every.tk_nextmove, every.tk_output)
    return LanguageIdentifier(*parts, norm_probs=True, tk_row=every.tk_row)  # without the other languages' 25 MB


@lru_cache(maxsize=8)
def _ngrams(languages: frozenset[str]) -> Ngrams:
    return Ngrams(_identifier(languages))
