"""Random and mutated documents: each is read into clean records or refused, and nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.faults import documents
from tests.faults.properties import read_or_refused

PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
FUZZ = settings(max_examples=80, phases=PHASES, deadline=None, suppress_health_check=list(HealthCheck))

RSS = documents.feed(
    "<link>https://news.example/</link><language>en-GB</language><ttl>15</ttl><item><title>Convoy leaves</title>"
    '<link>https://news.example/1</link><guid isPermaLink="false">n-1</guid>'
    "<pubDate>Thu, 24 Feb 2022 05:00:00 +0300</pubDate><author>desk@news.example (Desk)</author>"
    "<description>&lt;p&gt;First.&lt;/p&gt; <![CDATA[<b>Second</b> & third]]></description></item>" * 2
)
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<title>Dienst</title><link href="https://news.example/"/><entry><id>tag:news.example,2022:1</id>
<title type="html">&amp;#8222;Übung&amp;#8220; &lt;i&gt;endet&lt;/i&gt;</title><link href="../1?a=b"/>
<updated>2022-02-24T06:00:00+01:00</updated><summary type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml">Ein <b>Satz</b>
</div></summary><content type="html">&lt;p&gt;Noch einer.&lt;/p&gt;</content></entry></feed>""".encode()  # fmt: skip
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>D</title></channel><item rdf:about="https://news.example/1">
<title>T</title><link>https://news.example/1</link><dc:date>2022-02-24T05:00Z</dc:date></item></rdf:RDF>"""

templates = st.sampled_from([RSS, ATOM, RDF])
ENCODINGS = [
    *("utf-8", "utf-7", "utf-16", "utf-32", "cp037", "windows-1251", "koi8-r", "big5", "gb18030", "shift_jis", "hz"),
    *("idna", "punycode", "rot13", "zlib", "base64", "unicode_escape", "raw_unicode_escape", "undefined", "nonsense"),
]
SNIPPETS = [
    *("<", ">", "&", "]]>", "<![CDATA[", "<!--", "-->", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "&a;", "&#0;", "&#xD800;"),
    *("&#x202e;", "&#99999999;", "<?xml version='1.1'?>", "<item>", "</item>", "<item/>", "<title>", "<entry>", "\x00"),
    *("\ufeff", "\u2028", "\u202e", "\ud800", "<script>alert(1)</script>", "<base href='http://['>", "<b>", "=2+5"),
    *(" xml:base='//['", " xmlns='urn:x'", "<content:encoded>", "<media:content>", "<georss:where>", "<itunes:x>"),
    *("<link>javascript:alert(1)</link>", "<guid>//[</guid>", "<id>data:,x</id>", "<pubDate>99 Foo 0000</pubDate>"),
]
templates = st.sampled_from([RSS, ATOM, RDF])
encodings = st.sampled_from(ENCODINGS) | st.text(max_size=20)
snippets = st.sampled_from([snippet.encode("utf-8", "surrogatepass") for snippet in SNIPPETS])
edits = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 40), snippets | st.binary(max_size=8)), max_size=6)


def mutated(body: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Cut some bytes at each place and put others there; places are shares of the length in thousandths."""
    for place, n_cut, new in edits:
        at = place * len(body) // 1000
        body = body[:at] + new + body[at + n_cut :]
    return body


@FUZZ
@given(st.binary(max_size=2000), st.none() | st.text(max_size=40))
def test_random_bytes(body, content_type):
    read_or_refused(body, content_type)


@settings(FUZZ, max_examples=200)
@given(templates, edits)
def test_mutated_feeds(body, changes):
    read_or_refused(mutated(body, changes))


@FUZZ
@given(templates, encodings, encodings, encodings)
def test_encodings_that_lie(body, declared, named, real):
    text = body.decode().replace("utf-8", declared).replace("UTF-8", declared)
    try:
        written = text.encode(real)
    except (ValueError, LookupError):
        written = text.encode("utf-8", "surrogatepass")
    read_or_refused(written, f"text/xml; charset={named}")


@FUZZ
@given(st.text(max_size=300) | st.text("<>&;/!-[]CDATA'\"=ab #x0123\u202e\x85", max_size=120), st.booleans())
def test_texts(text, in_cdata):
    inner = f"<![CDATA[{text.replace(']]>', '')}]]>" if in_cdata else text
    names = ("title", "link", "guid", "description", "author", "pubDate")
    item = "".join(f"<{name}>{inner}</{name}>" for name in names)
    head = f"<language>{inner}</language><ttl>{inner}</ttl>"
    read_or_refused(documents.feed(f"{head}<item><title>x</title></item><item>{item}</item>"))


@FUZZ
@given(
    st.datetimes().map(str)
    | st.text("0123456789-+:TZ .,MonSatJanFebGMT", max_size=40)
    | st.integers(-(10**30), 10**30).map(str)
    | st.from_regex(
        r"[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}T[0-9]{1,3}:[0-9]{1,3}:[0-9.]{1,9}[+-][0-9:]{1,7}", fullmatch=True
    )
)
def test_dates(date):
    item = documents.item(1, f"<pubDate>{date}</pubDate>")
    feed = read_or_refused(documents.feed(item))
    assert feed is not None
    assert len(feed.items) == 1


@pytest.mark.parametrize("element", ["item", "title", "b", "image", "description", "entry", "x:y", "content:encoded"])
@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_nesting(element, depth):
    opened, closed = f"<{element}>" * depth, f"</{element}>" * depth
    read_or_refused(documents.feed(f"<item><title>x</title>{opened}y{closed}</item>"))
    read_or_refused(documents.feed(f"<item><title>x</title>{opened}y</item>"))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "b">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;',
        '<!ENTITY a PUBLIC "x" "http://127.0.0.1:9/x">',
        f'<!ENTITY a "{"b" * 100_000}">',
        "<!ENTITY a '&a;'>",
    ],
)
def test_entities(declaration):
    feed = read_or_refused(documents.feed(documents.item(1, f"<description>{'&a;' * 500}</description>"),
                                          f"<!DOCTYPE rss [{declaration}]>"))  # fmt: skip
    assert feed is None or all(len(item.summary) <= 2000 for item in feed.items)
