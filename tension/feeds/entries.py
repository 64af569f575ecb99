"""One entry of feeds.yaml: its rules, and its way into a `Feed` and back. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tension.feeds.addresses import ascii_host, without_credentials
from tension.records import Feed, FeedKind

REQUIRED = ("url", "name", "publisher", "language", "country", "kind")
DEFAULTS: Mapping[str, Any] = {"enabled": True, "interval_minutes": None, "weight": 1.0}
MAX_INTERVAL_MINUTES = 30 * 24 * 60

_KINDS = tuple(kind.value for kind in FeedKind)
_SCHEMES = frozenset({"data", "feed", "file", "ftp", "javascript", "mailto", "news"})
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def faults(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry: pairs of key and message, none where it can be used.

    No message repeats the value of ``url``, nor credentials of an address that stands elsewhere.

    Parameters
    ----------
    entry
        Keys and values as YAML gave them.
    """
    for key in REQUIRED:
        if key not in entry:
            yield key, "is missing"
    for key, value in entry.items():
        if key not in _RULES:
            yield str(key), f"is not a key of a feed; known are {', '.join(_RULES)}"
        elif message := _RULES[key](value):
            yield key, without_credentials(message)


def as_feed(entry: Mapping[str, Any]) -> Feed:
    """The record of an entry without faults, in plain Python types."""
    interval = entry.get("interval_minutes")
    return Feed(
        url=str(entry["url"]),
        name=str(entry["name"]),
        publisher=str(entry["publisher"]),
        language=str(entry["language"]),
        country=str(entry["country"]),
        kind=FeedKind(str(entry["kind"])),
        enabled=bool(entry.get("enabled", True)),
        interval_minutes=None if interval is None else int(interval),
        weight=float(entry.get("weight", 1.0)),
    )


def as_entry(feed: Feed) -> dict[str, Any]:
    """The entry for a record, every key in it."""
    entry: dict[str, Any] = {key: getattr(feed, key) for key in (*REQUIRED, *DEFAULTS)}
    entry["kind"] = str(feed.kind)
    return entry


def as_short_entry(feed: Feed) -> dict[str, Any]:
    """The entry for a record, without an interval or a weight that say nothing."""
    entry = as_entry(feed)
    return {key: value for key, value in entry.items() if key == "enabled" or DEFAULTS.get(key, ...) != value}


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return f"{shown(value)} is not text; put it in quotes"
    if not value.strip() or value != value.strip():
        return f"{shown(value)} is empty or has spaces around it"
    return "holds invisible characters" if _INVISIBLE.search(value) else None


def _url(value: object) -> str | None:
    if not isinstance(value, str):
        return "is not text; put it in quotes"
    if not value.strip() or value != value.strip():
        return "is empty or has spaces around it"
    if _INVISIBLE.search(value):
        return "holds invisible characters"
    try:
        parts = urlsplit(value)
        host = ascii_host(parts.hostname or "")
        _ = parts.port
    except ValueError:
        return "is not a web address"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or password; such addresses are not kept"
    if parts.scheme not in ("http", "https"):
        # what stands before a colon may be a user, as in `user:password@host`
        named = parts.scheme if parts.netloc or parts.scheme in _SCHEMES else ""
        return f"{named or 'no scheme'}: cannot be fetched; only http and https can"
    return None if host and not re.search(r"\s", value) else "is not a web address"


def _pattern(pattern: str, wanted: str) -> Callable[[object], str | None]:
    def rule(value: object) -> str | None:
        return None if isinstance(value, str) and re.fullmatch(pattern, value) else f"{shown(value)} is not {wanted}"

    return rule


def _kind(value: object) -> str | None:
    return None if value in _KINDS else f"{shown(value)} is not one of {', '.join(_KINDS)}"


def _enabled(value: object) -> str | None:
    return None if isinstance(value, bool) else f"{shown(value)} is not true or false"


def _interval(value: object) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_INTERVAL_MINUTES
    wanted = f"a whole number of minutes, 1 to {MAX_INTERVAL_MINUTES}"
    return None if value is None or fits else f"{shown(value)} is not {wanted}"


def _weight(value: object) -> str | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    return None if fits else f"{shown(value)} is not a number above 0"


def shown(value: object) -> str:
    """As it stands in the file, whatever classes ruamel keeps it in."""
    if isinstance(value, bool | str) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return str(value)


_RULES: dict[str, Callable[[object], str | None]] = {
    "url": _url,
    "name": _text,
    "publisher": _text,
    "language": _pattern(r"[a-z]{2,3}", "two or three lower-case letters (ISO 639)"),
    "country": _pattern(r"[A-Z]{2}", "two upper-case letters (ISO 3166)"),
    "kind": _kind,
    "enabled": _enabled,
    "interval_minutes": _interval,
    "weight": _weight,
}
