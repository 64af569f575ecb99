"""Which language a text is in, for feeds that do not say or say wrong."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_ENOUGH = 60
_SURE = 0.99
_READ = 600
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
    said = (declared or "").replace("_", "-").split("-")[0].strip().lower()
    sample = text[:_READ]
    n_cyrillic, n_latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    if n_cyrillic + n_latin == 0:
        return said or UNKNOWN
    cyrillic = n_cyrillic > n_latin
    if not said or cyrillic != (said in _CYRILLIC_LANGUAGES):
        return _best(sample, languages, cyrillic)[0]
    if said not in languages or len(sample) < _ENOUGH:
        return said
    best, sure = _best(sample, languages, cyrillic)
    return best if sure >= _SURE else said


def _best(sample: str, languages: Collection[str], cyrillic: bool) -> tuple[str, float]:
    same_script = frozenset(key for key in languages if (key in _CYRILLIC_LANGUAGES) == cyrillic)
    if not same_script:
        return UNKNOWN, 1.0
    if same_script == {"ru", "uk"}:
        return _east_slavic(sample)
    key, probability = _identifier(same_script).classify(sample)
    return str(key), float(probability)


def _east_slavic(sample: str) -> tuple[str, float]:
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    sure = abs(ukrainian - russian) / max(ukrainian + russian, 3)
    return ("uk" if ukrainian > russian else "ru"), sure


@lru_cache(maxsize=8)
def _identifier(languages: frozenset[str]) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(languages))
    return identifier
