"""What holds of every parsed document, whatever its bytes were."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tension.errors import NotAFeed
from tension.feeds.document import ITEMS, LINK_CHARACTERS, SUMMARY_CHARACTERS, TITLE_CHARACTERS, parse
from tension.records import Item, ParsedFeed

URL = "https://news.example/feeds/all.xml"


def read_or_refused(body: bytes, content_type: str | None = None) -> ParsedFeed | None:
    """Parse, check all that must hold, and give the feed; None where it was refused in a sentence."""
    try:
        feed = parse(body, URL, content_type)
    except NotAFeed as error:
        check_refusal(str(error))
        return None
    check(feed)
    return feed


def check_refusal(sentence: str) -> None:
    """Raise AssertionError for what cannot be told to a person."""
    assert 10 < len(sentence) < 1000


def check(feed: ParsedFeed) -> None:
    """Raise AssertionError for what must not be."""
    _check_text(feed.title, TITLE_CHARACTERS)
    assert feed.language is None or re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", feed.language)
    assert feed.language is None or len(feed.language) < 50
    assert feed.ttl_minutes is None or 0 < feed.ttl_minutes < 10_000_000
    assert len(feed.items) <= ITEMS
    for item in feed.items:
        _check_item(item)


def _check_item(item: Item) -> None:
    assert item.title or item.summary
    _check_text(item.title, TITLE_CHARACTERS)
    _check_text(item.summary, SUMMARY_CHARACTERS)
    _check_text(item.guid, LINK_CHARACTERS)
    _check_link(item.link)
    assert item.published_at is None or (item.published_at.tzinfo is UTC and 1900 <= item.published_at.year < 2200)


def _check_text(text: str, length: int) -> None:
    assert len(text) <= length
    assert text == text.strip()
    assert not any(map(invisible, text)), ascii(text)
    text.encode()  # no half of a surrogate pair
    assert not tags(text), text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"!{data}")


def tags(text: str) -> list[str]:
    """What Python's own HTML parser takes for markup."""
    parser = _Tags()
    parser.feed(text)
    parser.close()
    return parser.found


def invisible(character: str) -> bool:
    """Whether it is a control, half of a pair, or turns the direction of writing."""
    return unicodedata.category(character) in ("Cc", "Cs") or "\u202a" <= character <= "\u202e"


def _check_link(link: str) -> None:
    assert len(link) <= LINK_CHARACTERS
    if link:
        parts = urlsplit(link)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert parts.username is None
        assert parts.password is None
        assert not any(invisible(character) or character.isspace() for character in link), ascii(link)
