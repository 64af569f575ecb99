"""From an item as a feed carried it to an article as it is stored. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tension.feeds.addresses import canonical_url
from tension.records import Article, DatedBy, Feed, Item

_KEY_BYTES = 500  # PostgreSQL indexes none beyond 2,704
_READABLE_BYTES = 400


def article_key(link: str, guid: str, publisher: str, *text: str) -> str:
    """What makes two items the same article: the canonical URL, else the publisher's own id, else the words."""
    if link:
        return shortened(canonical_url(link))
    if guid:
        return shortened(f"guid:{publisher}:{guid}")
    return "text:" + hashlib.sha256("\x1f".join([publisher, *text]).encode()).hexdigest()


def shortened(key: str) -> str:
    """The key itself, or of one too long for an index its beginning and a hash of the whole."""
    written = key.encode()
    if len(written) <= _KEY_BYTES:
        return key
    return f"{written[:_READABLE_BYTES].decode(errors='ignore')}…{hashlib.sha256(written).hexdigest()}"


def to_article(item: Item, feed: Feed, language: str, seen_at: datetime) -> Article:
    """The article that an item is.

    One without a date takes the time at which it was first seen, and says so. A date still to come is kept: the
    article is stored and counts when its day comes, never on today.
    """
    return Article(
        key=article_key(item.link, item.guid, feed.publisher, item.title, item.summary),
        url=item.link,
        title=item.title,
        summary=item.summary,
        language=language,
        publisher=feed.publisher,
        published_at=item.published_at or seen_at,
        dated_by=DatedBy.FEED if item.published_at else DatedBy.FIRST_SEEN,
        first_seen_at=seen_at,
    )
