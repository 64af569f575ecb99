"""The short way of reading a feed comes to what feedparser comes to; a document type sends it the long way."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tension.feeds import wellformed
from tension.feeds.document import parse
from tension.records import ParsedFeed
from tests.test_document import rss

SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
)


def the_long_way(document: bytes) -> ParsedFeed:
    start = document.index(b"?>") + 2 if document.lstrip().startswith(b"<?xml") else 0
    long = document[:start] + b"<!DOCTYPE feed>" + document[start:]
    assert wellformed.read(long) is None
    return parse(long, "https://a.example/rss")


def test_captured_feeds_are_read_as_feedparser_reads_them(shared):
    files = [file for file in sorted((shared / "feeds").rglob("*.xml")) if wellformed.read(file.read_bytes())]
    assert len(files) > 550
    for file in files[::7]:
        document = file.read_bytes()
        assert parse(document, "https://a.example/rss") == the_long_way(document), file


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)
markup = st.one_of(
    words,
    words.map(lambda text: f"<p>{text} &amp; <b>more</b></p>"),
    words.map(lambda text: text.encode().decode("iso-8859-1")),
    st.sampled_from(
        ["Tue, 24 Feb 2026 08:00:00 MSK", "2026-02-24T08:00:00+02:00", "24.02.2026", "http:////a.example/x"]
    ),
    words.map(lambda text: f"https://b.example/{text}?a=1&amp;b;=2"),
)
names = ["title", "link", "guid", "description", "pubDate", "category", "author", "comments", "source", "dc:date",
         "dc:creator", "content:encoded", "atom:link", "media:content", "media:description", "media:credit",
         "media:title", "language", "id", "summary", "content"]  # fmt: skip
attributes = st.dictionaries(
    st.sampled_from(["isPermaLink", "type", "rel", "href", "url", "xml:lang"]),
    st.sampled_from(["true", "false", "html", "plain", "alternate", "self", "https://c.example/1", "text/html"]),
    max_size=2,
)


@st.composite
def elements(draw: st.DrawFn, names: list[str], depth: int = 0) -> str:
    name = draw(st.sampled_from(names))
    given_attributes = "".join(f" {key}={quoteattr(value)}" for key, value in draw(attributes).items())
    if name.startswith("media:content") and depth == 0:
        inner = "".join(draw(st.lists(elements(["media:description", "media:credit", "media:title"], 1), max_size=2)))
    else:
        inner = escape(draw(markup))
    return f"<{name}{given_attributes if draw(st.integers(0, 5)) == 0 else ''}>{inner}</{name}>"


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(elements(names), max_size=6, unique_by=lambda text: text[:8]), min_size=1, max_size=2))
def test_made_up_items_are_read_as_feedparser_reads_them(items):
    inner = "".join(f"<item>{''.join(item)}</item>" for item in items)
    document = f'<rss version="2.0" {SPACES}><channel><title>T</title>{inner}</channel></rss>'.encode()
    assert parse(document, "https://a.example/rss") == the_long_way(document)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(elements(["title", "link", "id", "summary", "content", "updated", "published", "category"]), max_size=6)
)
def test_made_up_entries_are_read_as_feedparser_reads_them(entry):
    inner = f"<title>T</title><entry>{''.join(entry)}</entry>"
    document = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">{inner}</feed>'.encode()
    assert parse(document, "https://a.example/rss") == the_long_way(document)


UNUSUAL = {
    "a title twice": "<item><title>a</title><title>b</title></item>",
    "markup within a title": "<item><title>a <b>b</b></title></item>",
    "a base": '<item xml:base="https://b.example/"><link>x</link></item>',
    "an element not known": "<item><title>a</title><new>b</new></item>",
    "an item with an attribute": '<item href="https://b.example/"><title>a</title></item>',
    "three descriptions": "<item><description>a</description><media:description>b</media:description>"
    "<media:description>c</media:description></item>",
    "no end": "<item><title>a</title></item><item>",
}


@pytest.mark.parametrize("inner", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_to_feedparser(inner):
    assert wellformed.read(rss(inner).replace(b"<rss ", f"<rss {SPACES} ".encode())) is None


def test_a_deep_document_does_no_harm():
    deep = "<media:group>" * 20_000 + "</media:group>" * 20_000
    assert wellformed.read(f'<rss version="2.0" {SPACES}><channel><item>{deep}</item></channel></rss>'.encode()) is None
