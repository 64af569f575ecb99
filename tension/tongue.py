"""The reader's language: messages, dates, numbers and names as the pages and charts say them.

Messages are English in the code, marked with `_`, `n_` or `N_`, and translated in ``tension/locales/<language>.po``
(``python -m tension.translating`` brings those up to date). What leaves as data, the API and the command line are
English everywhere.
"""

from __future__ import annotations

import gettext as gnu
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ENGLISH = "en"
LANGUAGES = (ENGLISH, "fr", "ru")
LOCALES = Path(__file__).parent / "locales"


def _nobody() -> str | None:
    return None


_ask: Callable[[], str | None] = _nobody
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def heard_from(ask: Callable[[], str | None]) -> Callable[[], str | None]:
    """Say who knows the reader's language; until then it is English. Gives who was asked before.

    Parameters
    ----------
    ask
        Gives a language tag such as ``fr-CA``, or None where nobody is reading.
    """
    global _ask
    before, _ask = _ask, ask
    return before


def speak(tag: str | None) -> None:
    """Say the language that this thread's reader has, so that it is not asked for with every message."""
    _spoken.set(nearest(tag))


def language() -> str:
    """The reader's, one of `LANGUAGES`."""
    return _spoken.get() or nearest(_ask())


def nearest(tag: str | None) -> str:
    """That of `LANGUAGES` which a tag such as ``ru-RU`` asks for; English where there is none."""
    primary = (tag or "").replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else ENGLISH


def _(message: str) -> str:
    """The message in the reader's language."""
    return _catalogue(language()).gettext(message) if message else ""  # gettext's own answer to "" is its file's head


def n_(one: str, many: str, n: float) -> str:
    """The message in the form that goes with a number."""
    return _catalogue(language()).ngettext(one, many, int(n))


def N_(message: str) -> str:
    """Marks a message that is translated where it is used."""
    return message


@cache
def _catalogue(tongue: str) -> gnu.NullTranslations:
    """Compiled when it is first asked for: the .po files are all that there is."""
    if tongue == ENGLISH:
        return gnu.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _translations(tongue))
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


@cache
def _translations(tongue: str) -> Catalog:
    with (LOCALES / f"{tongue}.po").open("rb") as file:
        return read_po(file, tongue)


def as_said_here(said: str, countries: Mapping[str, str]) -> str:
    """What a link says, made by a reader of any language, as it is said in this reader's; as it stands, if unknown.

    Parameters
    ----------
    said
        A message or the name of a country.
    countries
        English names by ISO 3166-1 code.
    """
    message, code = _meanings(tuple(countries.items())).get(said, (said, ""))
    return country(code, countries[code]) if code else _(message)


@cache
def _meanings(countries: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, str]]:
    """From each translation to its message, and to a country's code."""
    found = {str(one.string): (str(one.id), "") for tongue in LANGUAGES[1:] for one in _translations(tongue) if one.id}
    for tongue in LANGUAGES[1:]:
        found |= {str(Locale(tongue).territories.get(code, name)): ("", code) for code, name in countries}
    return found | {name: ("", code) for code, name in countries}


def day(when: date | datetime) -> str:
    """A day such as 8 Oct 2021."""
    return format_date(when, "d MMM y", locale=language())


def moment(when: datetime) -> str:
    """A time such as 8 Oct 2021 14:05 UTC."""
    return f"{day(when)} {when:%H:%M} UTC"


def number(value: float, digits: int = 0, signed: bool = False) -> str:
    """A number with thousands apart, rounded to so many digits after the point, a plus before it if it is signed."""
    rounded = round(value, digits) + 0.0  # no -0
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(rounded, f"+{pattern};-{pattern}" if signed and rounded else pattern, locale=language())


def percent(share: float, digits: int = 0) -> str:
    """A share of 1, such as 12% or, in French and Russian, 12 %."""
    return f"{number(100 * share, digits)}{'%' if language() == ENGLISH else chr(0xA0) + '%'}"


def lasting(span: timedelta) -> str:
    """A span of time in the largest unit that fits."""
    return format_timedelta(span, locale=language())


def ago(span: timedelta) -> str:
    """How long ago it was, in the largest unit that fits."""
    return format_timedelta(-span, add_direction=True, locale=language())


def listed(items: Iterable[str]) -> str:
    """Items as in speech: a, b and c."""
    return format_list(list(items), locale=_LISTING[language()])


_LISTING = {ENGLISH: "en_GB", "fr": "fr", "ru": "ru"}  # without the comma before "and"


def country(code: str, otherwise: str = "") -> str:
    """A country's name by its ISO 3166-1 code; in English, and where it has none, the one that is given."""
    known = {} if language() == ENGLISH else Locale(language()).territories
    return str(known.get(code, otherwise or code))


def for_charts() -> dict[str, object]:
    """Plotly's configuration for dates and numbers of the reader's language."""
    tongue = language()
    if tongue == ENGLISH:
        return {}
    locale = Locale(tongue)
    months, days = locale.months["format"], locale.days["stand-alone"]
    weekdays = [6, *range(6)]  # from Sunday
    names = {
        "days": [days["wide"][i] for i in weekdays],
        "shortDays": [days["abbreviated"][i] for i in weekdays],
        "months": [months["wide"][i] for i in range(1, 13)],
        "shortMonths": [months["abbreviated"][i] for i in range(1, 13)],
    }
    symbols = locale.number_symbols["latn"]
    marks = {"decimal": symbols["decimal"], "thousands": symbols["group"], "date": "%d.%m.%Y"}
    order = {"year": "%Y", "month": "%b %Y", "dayMonth": "%-d %b", "dayMonthYear": "%-d %b %Y"}
    said = {
        "Download plot": _("Download this chart"),
        "Download plot as a PNG": _("Download this chart"),
        "Zoom in": _("Zoom in"),
        "Zoom out": _("Zoom out"),
        "Autoscale": _("Show everything"),
        "Reset axes": _("Back to the beginning"),
        "Pan": _("Move"),
        "Zoom": _("Zoom"),
    }
    return {"locale": tongue, "locales": {tongue: {"dictionary": said, "format": names | marks | order}}}
