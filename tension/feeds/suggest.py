"""A first entry for a feed, from its address and what it says of itself. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from tension.records import Feed, FeedKind, ParsedFeed


def suggest_feed(url: str, parsed: ParsedFeed | None = None, **given: Any) -> Feed:
    """The entry to start from.

    Parameters
    ----------
    url, parsed
        The address, and what the feed answered, if it was asked.
    given
        Fields of `Feed` that are known already; None stands for "not given".

    Returns
    -------
    Feed
        With the feed's own title and language where it states them, its host as publisher, and no country: only a
        person knows that.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    title = parsed.title if parsed else ""
    language = ((parsed.language if parsed else None) or "en")[:2].lower()
    feed = Feed(url, title or host, host, language, "", FeedKind.PRESS)
    return replace(feed, **{name: value for name, value in given.items() if value is not None})
