"""Which feeds an HTML page names. Pure, and bounded whatever the page holds.

Notes
-----
Only the tags that matter are looked for, each of bounded length, and only within the head of the document; Python's
HTML parser then reads the attributes of one tag at a time. So a hostile page costs no more than a plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import islice
from urllib.parse import urljoin, urlsplit

from tension.feeds.addresses import same_feed

READ_BYTES = 512 * 1024
MOST = 12
_MOST_TAGS = 5_000
COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed/rss", "/rss/news.xml")

# possessive throughout: what did not fit is never tried in another way
_PIECES = r"""(?:[^<>"']{1,2000}+|"[^"]{0,2000}+"|'[^']{0,2000}+'){0,40}+"""
_TAG = re.compile(rf"<(?:link|base|a)\s{_PIECES}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml\s*(?:;.*)?", re.IGNORECASE)
_FEED_PATH = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:\d|[/._-]|$)|\.(?:rss|rdf|atom)$", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Linked:
    """A feed as a page names it; ``title`` may be empty."""

    url: str
    title: str = ""


def linked_feeds(page: bytes, url: str, content_type: str | None = None) -> tuple[Linked, ...]:
    """The feeds that a page names, in its order, each once.

    Parameters
    ----------
    page
        The document; its first 512 KB are read.
    url
        Where it came from; what is relative is resolved against it, or against the page's ``<base>``.
    content_type
        The ``Content-Type`` header, for the charset.

    Returns
    -------
    tuple of Linked
        At most twelve: those that it declares (``<link rel="alternate">`` of RSS or Atom); where it declares none,
        those that it links to by an address that looks like a feed's.
    """
    base, declared, looking = url, list[Linked](), list[Linked]()
    for tag, attributes in _tags(_text(page[:READ_BYTES], content_type)):
        href = attributes.get("href", "").strip()
        if tag == "base" and base == url:
            base = _joined(url, href) or url
        elif tag == "link" and _declares_a_feed(attributes):
            declared.append(Linked(href, _tidy(attributes.get("title", ""))))
        elif tag == "a" and _looks_like_a_feed(href):
            looking.append(Linked(href))
    return _once(declared or looking, base)


def looks_like_html(page: bytes, content_type: str | None = None) -> bool:
    """Whether an answer is an HTML page, by what it is called or by how it begins."""
    return "html" in (content_type or "").lower() or bool(_HTML.search(page[:2048]))


def usual_addresses(url: str) -> tuple[str, ...]:
    """Where sites usually keep a feed: the common paths on the address's host."""
    parts = urlsplit(url)
    return tuple(f"{parts.scheme}://{parts.netloc}{path}" for path in COMMON_PATHS)


def _declares_a_feed(attributes: dict[str, str]) -> bool:
    return "alternate" in attributes.get("rel", "").lower().split() and bool(
        _FEED_TYPE.fullmatch(attributes.get("type", "").strip())
    )


def _looks_like_a_feed(href: str) -> bool:
    path = href.partition("#")[0].partition("?")[0]
    return len(path) < 500 and bool(_FEED_PATH.search(path.removesuffix(".xml")))


def _once(found: list[Linked], base: str) -> tuple[Linked, ...]:
    kept: dict[str, Linked] = {}
    for one in found:
        address = _joined(base, one.url)
        if address and len(kept) < MOST:
            kept.setdefault(same_feed(address), Linked(address, one.title))
    return tuple(kept.values())


def _joined(base: str, href: str) -> str:
    """The absolute address; "" for what is none that could be fetched."""
    try:
        address = urljoin(base, href)
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        return ""
    return address.partition("#")[0] if href and usable and len(address) <= 2000 else ""


def _text(page: bytes, content_type: str | None) -> str:
    named = _CHARSET.search(content_type or "") or _CHARSET.search(page[:2048].decode("latin-1"))
    try:
        return page.decode(named[1] if named else "utf-8", "replace")
    except (LookupError, ValueError):
        return page.decode("utf-8", "replace")


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for match in islice(_TAG.finditer(_without_comments(text)), _MOST_TAGS):
        reader = _Attributes()
        reader.feed(match[0])
        yield from reader.found


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + len("-->")
    return "".join([*kept, text[at:]])


class _Attributes(HTMLParser):
    """The name and attributes of a single tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in reversed(attrs)}))


def _tidy(title: str) -> str:
    return " ".join(title.split())[:200]
