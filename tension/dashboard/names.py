"""Names of languages and countries in any language that readers have."""

from __future__ import annotations

from functools import cache

from babel import Locale

from tension import tongue
from tension.signals.standing import standings


def language(code: str) -> str:
    """A language's name in the reader's."""
    return language_in(tongue.language(), code)


def country(code: str) -> str:
    """A country's name in the reader's language."""
    return country_in(tongue.language(), code)


@cache
def language_in(of: str, code: str) -> str:
    """A language's name in one of `tongue.LANGUAGES`; its code where it has none."""
    return str(Locale(of).languages.get(code.replace("-", "_"), code))


@cache
def country_in(of: str, code: str) -> str:
    """A country's name in one of `tongue.LANGUAGES`; its code where it has none."""
    own = countries_named() if of == tongue.ENGLISH else {}
    return own.get(code) or str(Locale(of).territories.get(code, code))


@cache
def countries_named() -> dict[str, str]:
    """English names of the countries that are looked for in articles, by code, in the order of the names."""
    return {str(code): str(name) for code, name in standings()["name"].sort_values().items()}
