"""A first entry for a feed, from its address, what it says of itself, and the feeds listed already. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from courlan import extract_domain

from tension.feeds.languages import short_language
from tension.records import Feed, FeedKind, ParsedFeed

UNKNOWN_LANGUAGE, UNKNOWN_COUNTRY = "und", "ZZ"  # ISO 639-2 "undetermined", ISO 3166 "user-assigned"

_COUNTRY_OF_TLD = {"uk": "GB", "su": "RU", "xn--p1ai": "RU", "xn--j1amh": "UA", "eu": "BE", "gov": "US", "mil": "US"}
_NO_COUNTRIES = frozenset({"ac", "ai", "cc", "co", "fm", "io", "me", "sh", "so", "to", "tv", "ws"})
_GOVERNMENTS = frozenset({"gov", "gouv", "gob", "gub", "govt", "mil"})


def suggest_feed(url: str, parsed: ParsedFeed | None = None, listed: Iterable[Feed] = (), **given: Any) -> Feed:
    """The entry to start from.

    Parameters
    ----------
    url, parsed
        The address, and what the feed answered, if it was asked.
    listed
        The feeds watched already: one of the same registered domain is taken to be of the same family, and gives its
        publisher, country and kind.
    given
        Fields of `Feed` that are known already; None stands for "not given".

    Returns
    -------
    Feed
        With the feed's own title and language where it states them (else its host, and ``en``); its country is ""
        where nothing tells it.
    """
    host = host_of(url)
    language = short_language((parsed.language if parsed else None) or "en")
    country = country_of(url)
    feed = Feed(
        url=url,
        name=(parsed.title if parsed else "") or host.removeprefix("www."),
        publisher=domain_of(url),
        language=language,
        country="" if country == UNKNOWN_COUNTRY else country,
        kind=FeedKind.GOVERNMENT if _GOVERNMENTS & set(host.split(".")[-2:]) else FeedKind.PRESS,
    )
    if family := _family(url, listed):
        feed = replace(feed, publisher=family.publisher, country=family.country, kind=family.kind)
    return replace(feed, **{name: value for name, value in given.items() if value is not None})


def _family(url: str, listed: Iterable[Feed]) -> Feed | None:
    """A feed of the same registered domain; None where there is none, or where several families share the domain."""
    domain = extract_domain(url)
    same = [feed for feed in listed if domain and extract_domain(feed.url) == domain]
    return same[0] if len({feed.publisher for feed in same}) == 1 else None


def domain_of(url: str) -> str:
    """The registered domain, else the host."""
    return extract_domain(url) or host_of(url) or "unknown"


def host_of(url: str) -> str:
    """The host; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def country_of(url: str) -> str:
    """The country that an address's last label stands for, ISO 3166-1; ``ZZ`` where it stands for none."""
    last = host_of(url).rpartition(".")[2]
    usual = last.upper() if re.fullmatch(r"[a-z]{2}", last) and last not in _NO_COUNTRIES else UNKNOWN_COUNTRY
    return _COUNTRY_OF_TLD.get(last, usual)
