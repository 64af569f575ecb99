"""Bytes become a `ParsedFeed`. Pure: no file is opened, no name looked up, whatever the bytes say.

Runs in the worker processes of `tension.feeds.parse`; hostile documents may take long here or need much memory.

Notes
-----
Most feeds are read the short way of `tension.feeds.wellformed`, all others by feedparser. fastfeedparser (0.6.5) was
tried as the short way and is not used: of 597 captured feeds it gave 8 as feedparser does. It has no language of the
feed and no ttl, and other guids for 200 of 12,542 items, other summaries for 178, other dates for 24.
"""

from __future__ import annotations

import io
import re
import time
from calendar import timegm
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax import SAXException

import feedparser

from tension.errors import NotAFeed
from tension.feeds import wellformed
from tension.feeds.addresses import without_user
from tension.feeds.plain import plain_text
from tension.records import Item, ParsedFeed

ITEMS = 2_000
TITLE_CHARACTERS = 500
SUMMARY_CHARACTERS = 2_000
LINK_CHARACTERS = 2_000

_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what a program writes that has no date
_ZONES = {"bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3, "wet": 0, "west": 1}
_DATES = ("published_parsed", "updated_parsed", "created_parsed")

_HEAD_BYTES = 64 * 1024
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_NESTED_ENTITY = re.compile(rb"<!ENTITY\s[^>]*?[\"'][^\"'>]*&(?!#)")
_HTML_ROOTS = frozenset({b"html", b"head", b"body", b"script", b"meta"})
_XML_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
# white space, controls, what turns the direction of writing; not the joiners that Persian needs
_NOT_IN_LINKS = re.compile(
    r"[\s\x00-\x20\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")


def parse(body: bytes, url: str = "", content_type: str | None = None) -> ParsedFeed:
    """Read a feed's document: RSS 0.9x, 1.0, 2.0 or Atom.

    Parameters
    ----------
    body
        The document as it was answered.
    url
        Where it came from; relative links are resolved against it.
    content_type
        The ``Content-Type`` header; its charset counts where the document is not plainly UTF-8.

    Returns
    -------
    ParsedFeed
        The first 2,000 items in the document's order, no feed in use carries more than some hundreds; those with
        neither title nor summary are left out. Titles have at most 500,
        summaries at most 2,000 characters of plain text. A link to a front page counts as none. A valid feed without
        items gives ``items=()``.

    Raises
    ------
    NotAFeed
        The document is something else, breaks off within an item, or is a bomb.
    """
    head = _COMMENT.sub(b"", body[:_HEAD_BYTES].replace(b"\0", b""))
    _refuse_at_sight(head)
    document, headers = _readable(body.lstrip(), content_type)
    read = _read(document, headers)
    if isinstance(read, wellformed.Read):
        return _as_record(read, url)
    if not read.get("version") and not read.entries:
        raise NotAFeed(_what_it_is(head))
    if isinstance(read.get("bozo_exception"), SAXException) and _breaks_off(document):
        raise NotAFeed(f"the feed breaks off within an item, after {max(0, len(read.entries) - 1)} whole ones")
    return _as_record(read, url)


def _refuse_at_sight(head: bytes) -> None:
    root = _ROOT.search(head)
    if not head.strip():
        raise NotAFeed("the answer is empty, not a feed")
    if root and root[1].lower() in _HTML_ROOTS:
        raise NotAFeed("the answer is an HTML page, not a feed: look on it for the feed's own address")
    if _NESTED_ENTITY.search(head, 0, root.start() if root else len(head)):
        raise NotAFeed("the answer defines XML entities by other entities, as an XML bomb does; it was not read")


def _what_it_is(head: bytes) -> str:
    if head.lstrip()[:1] in (b"{", b"["):
        return "the answer is JSON, not a feed; only RSS, RDF and Atom are read"
    if any(byte in _XML_CONTROLS for byte in head):
        return "the answer is binary, not a feed"
    if root := _ROOT.search(head):
        return f"the answer is markup that begins with <{root[1][:40].decode('ascii')}>, not RSS, RDF or Atom"
    return "the answer is plain text, not a feed"


def _breaks_off(body: bytes) -> bool:
    opened = max(body.rfind(mark) for mark in (b"<item>", b"<item ", b"<entry>", b"<entry "))
    return opened > max(body.rfind(b"</item"), body.rfind(b"</entry"))


def _readable(body: bytes, content_type: str | None) -> tuple[bytes, dict[str, str]]:
    """The document with the headers that tell its encoding.

    Declared encodings often lie; text that decodes as UTF-8 hardly ever is anything else, so UTF-8 is judged by the
    bytes. A few broken sequences (summaries cut by bytes) are replaced instead of spoiling the whole document.
    """
    if not body.isascii() and b"\0" not in body[:64]:
        text = body.decode("utf-8", "replace")
        n_broken = text.count("\ufffd")
        if 10 * n_broken <= len(body) - len(text):
            return text.encode().translate(None, _XML_CONTROLS), {"content-type": "application/xml; charset=utf-8"}
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not body.startswith(BOM_UTF32_LE):
        text = body.decode("utf-16", "replace")
        return text.encode().translate(None, _XML_CONTROLS), {"content-type": "application/xml; charset=utf-8"}
    if body.isascii():
        body = body.translate(None, _XML_CONTROLS)
    return body, {"content-type": content_type or "application/xml"}


def _in_utf8(document: bytes, headers: dict[str, str]) -> bool:
    media_type, _, named = headers["content-type"].lower().partition("charset=")
    if named:
        return named.strip(" \"'") == "utf-8"
    return document.isascii() and not media_type.startswith("text/") and not _OTHER_ENCODING.match(document)


def _read(document: bytes, headers: dict[str, str]) -> Any:
    try:
        if _in_utf8(document, headers) and (short := wellformed.read(document)):
            return short
        return feedparser.parse(
            io.BytesIO(document), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except MemoryError as error:
        raise NotAFeed("parsing the answer needs more memory than a feed may take") from error
    except Exception as error:  # feedparser fails in many ways on hostile input, and none may end a cycle
        raise NotAFeed(f"feedparser gave up on the answer: {type(error).__name__}: {str(error)[:100]}") from error


def _as_record(read: Any, url: str) -> ParsedFeed:
    items = (_item(entry, url) for entry in read.entries[:ITEMS])
    ttl = _text(read.feed, "ttl").strip()
    language = _text(read.feed, "language").strip().lower().replace("_", "-")
    return ParsedFeed(
        title=plain_text(_text(read.feed, "title"), TITLE_CHARACTERS),
        language=language if _LANGUAGE.fullmatch(language) else None,
        ttl_minutes=int(ttl) if re.fullmatch(r"0*[1-9][0-9]{0,6}", ttl, re.ASCII) else None,
        items=tuple(item for item in items if item.title or item.summary),
    )


def _item(entry: dict[str, Any], url: str) -> Item:
    guid = without_user(plain_text(_text(entry, "id"), LINK_CHARACTERS))
    return Item(
        title=plain_text(_text(entry, "title"), TITLE_CHARACTERS),
        summary=_summary(entry),
        link=_link(_text(entry, "link"), guid, url),
        guid=guid,
        published_at=_published_at(entry),
    )


def _text(mapping: dict[str, Any], key: str) -> str:
    # FeedParserDict answers for missing keys with others; only dict.get tells what is there
    value = dict.get(mapping, key)
    return value if isinstance(value, str) else ""


def _summary(entry: dict[str, Any]) -> str:
    contents = dict.get(entry, "content") or []
    for markup in (_text(entry, "summary"), *(_text(content, "value") for content in contents)):
        if summary := plain_text(markup, SUMMARY_CHARACTERS):
            return summary
    return ""


def _link(link: str, guid: str, url: str) -> str:
    link = link.strip()
    try:
        if not link or (link == guid and not urlsplit(link).scheme):
            return ""  # a guid counts as a link by default, whatever it is
        absolute = without_user(_NOT_IN_LINKS.sub("", urljoin(url, link)))
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    usable = parts.scheme in ("http", "https") and parts.hostname and len(absolute) <= LINK_CHARACTERS
    # some feeds link each item to the front page: no address of an article, and one for all of them
    front_page = parts.path in ("", "/") and not parts.query and not parts.fragment
    return absolute if usable and not front_page else ""


def _published_at(entry: dict[str, Any]) -> datetime | None:
    for key in _DATES:
        if (parsed := dict.get(entry, key)) and (moment := _moment(parsed)):
            return moment
    return None


def _moment(parsed: time.struct_time) -> datetime | None:
    try:
        moment = _EPOCH + timedelta(seconds=timegm(parsed))
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment < _LATEST and moment != _EPOCH else None


def _zone_by_name(date: str) -> time.struct_time | None:
    """Dates in the zones of the region, which feedparser takes for UTC."""
    stamp, _, zone = date.strip().rpartition(" ")
    hours = _ZONES.get(zone.lower())
    if hours is None or not stamp:
        return None
    try:
        return parsedate_to_datetime(f"{stamp} +{hours:02d}00").utctimetuple()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


feedparser.registerDateHandler(_zone_by_name)
