"""OPML: lists of feeds as other readers write and read them. Pure: bytes to records and back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from itertools import groupby

from tension.errors import CatalogueError
from tension.feeds.addresses import same_feed, web_address, without_credentials
from tension.feeds.entries import as_entry, as_feed, faults
from tension.feeds.languages import short_language
from tension.feeds.suggest import UNKNOWN_LANGUAGE, country_of, domain_of
from tension.records import Feed, FeedKind

NAMESPACE = "urn:x-tension:opml:1"

_OWN = ("publisher", "language", "country", "kind", "enabled", "interval_minutes", "weight")
_BLANK_START = re.compile(rb"\A(\xef\xbb\xbf)?\s+(?=<)")
_BREAK = re.compile(r"\s*[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]\s*")
# controls, what turns the direction of writing, what is no character
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Outline = dict[str, str]


def read_opml(body: bytes) -> tuple[Feed, ...]:
    """The feeds of an OPML file, each address once.

    What `write_opml` wrote comes back as it was. In files of other readers, where nothing else is said, the publisher
    is the registered domain, the language ``und``, the country that of the domain or ``ZZ``, the kind that of a folder
    named like one, else ``press``. Outlines whose address cannot be used are left out: `unusable_outlines` names them.

    Raises
    ------
    CatalogueError
        When the file is not OPML.
    """
    found: dict[str, Feed] = {}
    for outline in _outlines(body):
        entry = _entry(outline)
        if not any(faults(entry)):
            found.setdefault(same_feed(str(entry["url"])), as_feed(entry))
    return tuple(found.values())


def unusable_outlines(body: bytes) -> tuple[str, ...]:
    """One line for each outline that has an address and cannot become a feed: which and why.

    Raises
    ------
    CatalogueError
        When the file is not OPML.
    """
    entries = [_entry(outline) for outline in _outlines(body)]
    return tuple(
        f"{without_credentials(str(entry['url']))}: {key}: {message}"
        for entry in entries
        for key, message in faults(entry)
    )


def write_opml(feeds: Iterable[Feed], title: str = "Feeds of tension") -> bytes:
    """The feeds as OPML 2.0, in a folder for each kind; attributes of our own keep what OPML has no place for."""
    ET.register_namespace("tension", NAMESPACE)
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for kind, group in groupby(sorted(feeds, key=lambda feed: feed.kind), key=lambda feed: feed.kind):
        folder = ET.SubElement(body, "outline", text=_folder(kind))
        for feed in group:
            ET.SubElement(folder, "outline", _attributes(feed))
    ET.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode").encode()


def _attributes(feed: Feed) -> _Outline:
    own = {key: value for key, value in as_entry(feed).items() if key in _OWN and value is not None}
    return {
        "type": "rss",
        "text": _NOT_XML.sub("", feed.name),
        "title": _NOT_XML.sub("", feed.name),
        "xmlUrl": feed.url,
        "language": feed.language,
        **{f"{{{NAMESPACE}}}{key}": _NOT_XML.sub("", _attribute(value)) for key, value in own.items()},
    }


def _attribute(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _outlines(body: bytes) -> Iterator[_Outline]:
    """The attributes of every outline with an address, names in lower case, and the ``folder`` around it."""
    root = _root(body)
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in root.iter("outline"):
        outline = {name.lower(): value for name, value in element.attrib.items()}
        if outline.get("xmlurl", "").strip():
            folder = parents[element].attrib
            yield {**outline, "folder": folder.get("text") or folder.get("title") or ""}


def _root(body: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_Builder())
    try:
        parser.feed(_BLANK_START.sub(rb"\1", body, count=1))
        root: ET.Element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise CatalogueError(f"the file is not OPML: {error}") from error
    if root.tag != "opml":
        raise CatalogueError(f"the file is not OPML: it begins with <{root.tag[:40]}>")
    return root


class _Builder(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Entities are declared nowhere else, so that without a DOCTYPE there are no XML bombs."""
        raise CatalogueError("an OPML file with a DOCTYPE is not read; delete that line if you trust the file")


def _entry(outline: _Outline) -> dict[str, object]:
    url = web_address(outline["xmlurl"].strip())
    name = _on_one_line(outline.get("title", "")) or _on_one_line(outline.get("text", "")) or domain_of(url)
    given = {key: outline.get(f"{{{NAMESPACE}}}{key}") for key in _OWN}
    entry: dict[str, object] = {
        "url": url,
        "name": name,
        "publisher": _on_one_line(given["publisher"] or "") or domain_of(url),
        "language": given["language"] or _language(outline.get("language", "")),
        "country": given["country"] or country_of(url),
        "kind": given["kind"] or _kind(outline["folder"]),
        "enabled": given["enabled"] != "false",
    }
    return entry | _numbers(given)


def _on_one_line(text: str) -> str:
    """A name as an entry may have it; letters and the spaces between them stay as they are."""
    return _UNSEEN.sub("", _BREAK.sub(" ", text)).strip()


def _numbers(given: dict[str, str | None]) -> dict[str, object]:
    interval, weight = given["interval_minutes"] or "", given["weight"] or ""
    numbers: dict[str, object] = {}
    if re.fullmatch(r"[0-9]{1,9}", interval):
        numbers["interval_minutes"] = int(interval)
    if re.fullmatch(r"[0-9.]+(?:e[+-]?[0-9]{1,3})?", weight):
        numbers["weight"] = float(weight)
    return numbers


def _language(declared: str) -> str:
    language = short_language(declared)
    return language if re.fullmatch(r"[a-z]{2,3}", language) else UNKNOWN_LANGUAGE


def _kind(folder: str) -> str:
    kinds = {_folder(kind).lower(): kind.value for kind in FeedKind}
    return kinds.get(folder.strip().lower(), FeedKind.PRESS.value)


def _folder(kind: FeedKind) -> str:
    return kind.value.replace("_", " ").capitalize()
