"""What a feed's HTTP headers say about time: pure functions of the headers and of `now`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tension.records import Validators

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"(?:^|,)\s*(?:no-cache|no-store)\s*(?:,|$)", re.IGNORECASE)
_KEPT = re.compile(r"[\x20-\x7e]{1,500}")


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait, given as seconds or as an HTTP date; None if unreadable."""
    value = (value or "").strip()
    if re.fullmatch(r"\d{1,12}", value):
        return float(value)
    until = _http_date(value)
    return None if until is None else max(0.0, (until - now).total_seconds())


def fresh_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long an answer stays fresh, in seconds, by ``Cache-Control`` or else ``Expires``; None if it does not say."""
    control = headers.get("Cache-Control", "")
    if _NEVER_FRESH.search(control):
        return None
    if match := _MAX_AGE.search(control):
        age = headers.get("Age", "").strip()
        return max(0.0, float(match[1]) - (float(age) if re.fullmatch(r"\d{1,12}", age) else 0.0))
    until = _http_date(headers.get("Expires", ""))
    sent = _http_date(headers.get("Date", "")) or now
    return None if until is None else max(0.0, (until - sent).total_seconds())


def validators(headers: Mapping[str, str], body_hash: str | None, before: Validators) -> Validators:
    """The validators to ask with next time; those from `before` stand where a 304 names none.

    Parameters
    ----------
    headers
        Of a full answer or of a 304.
    body_hash
        Of a full answer's body; None for a 304.
    before
        What was asked with.
    """
    etag, modified = _printable(headers.get("ETag")), _printable(headers.get("Last-Modified"))
    if body_hash is not None:
        return Validators(etag, modified, body_hash)
    return Validators(etag or before.etag, modified or before.last_modified, before.body_hash)


def _printable(value: str | None) -> str | None:
    return value if value and _KEPT.fullmatch(value) else None


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
