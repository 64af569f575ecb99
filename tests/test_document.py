"""Documents become plain records or a clear refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.errors import NotAFeed
from tension.feeds.document import parse
from tension.feeds.plain import plain_text

ROOT = Path(__file__).parents[1]


def rss(items: str, head: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
    return text.encode()


def only(items: str, url: str = "https://example.org/feeds/a.xml"):
    (item,) = parse(rss(f"<item><title>T</title>{items}</item>"), url).items
    return item


# --- what a feed says ---


def test_an_rss_item():
    body = rss(
        "<item><title>Russia expels two diplomats</title><link>https://example.org/1</link><guid>g-1</guid>"
        "<pubDate>Thu, 24 Feb 2022 05:00:00 +0300</pubDate><description>A note.</description></item>",
        "<title>Wire</title><language>en-GB</language><ttl>15</ttl>",
    )
    feed = parse(body)
    assert (feed.title, feed.language, feed.ttl_minutes) == ("Wire", "en-gb", 15)
    (item,) = feed.items
    assert (item.title, item.summary) == ("Russia expels two diplomats", "A note.")
    assert (item.link, item.guid) == ("https://example.org/1", "g-1")
    assert item.published_at == datetime(2022, 2, 24, 2, 0, tzinfo=UTC)


def test_an_atom_entry():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>F</title><entry>
      <id>tag:example.org,2022:1</id><title type="html">L&amp;#8217;Otan &lt;b&gt;et&lt;/b&gt; Moscou</title>
      <link rel="enclosure" href="https://example.org/a.mp3"/><link href="/2022/1"/>
      <updated>2022-02-24T06:00:00+01:00</updated>
      <content type="html">&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;</content>
    </entry></feed>"""
    (item,) = parse(body, "https://example.org/atom").items
    assert item.title == "L’Otan et Moscou"
    assert item.summary == "Un. Deux."
    assert item.link == "https://example.org/2022/1"
    assert item.guid == "tag:example.org,2022:1"
    assert item.published_at == datetime(2022, 2, 24, 5, 0, tzinfo=UTC)


def test_an_rdf_item_is_dated_by_dublin_core():
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>D</title></channel><item rdf:about="https://e.org/1">
      <title>T</title><link>https://e.org/1</link><dc:date>2022-02-24T05:00Z</dc:date></item></rdf:RDF>"""
    assert parse(body).items[0].published_at == datetime(2022, 2, 24, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Thu, 24 Feb 2022 05:00:00 MSK", datetime(2022, 2, 24, 2, tzinfo=UTC)),
        ("24 Feb 2022 05:00:00 EET", datetime(2022, 2, 24, 3, tzinfo=UTC)),
        ("Sun, 24 Jul 2022 05:00:00 CEST", datetime(2022, 7, 24, 3, tzinfo=UTC)),
        ("Thu, 24 Feb 2022 05:00:00 GMT", datetime(2022, 2, 24, 5, tzinfo=UTC)),
        ("Thu, 24 Feb 2022 00:00:00 EST", datetime(2022, 2, 24, 5, tzinfo=UTC)),
        ("2022-02-24T05:00:00", datetime(2022, 2, 24, 5, tzinfo=UTC)),
        ("2022-02-24", datetime(2022, 2, 24, tzinfo=UTC)),
        ("Thu, 24 Feb 1944 05:00:00 GMT", datetime(1944, 2, 24, 5, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 01 Jan 1601 00:00:00 GMT", None),
        ("Thu, 24 Feb 9999 05:00:00 GMT", None),
        ("24 Feb 99999999999999999999 05:00:00 MSK", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(date, moment):
    assert only(f"<pubDate>{date}</pubDate>").published_at == moment


def test_a_date_that_cannot_be_read_gives_way_to_the_next():
    dates = '<pubDate>soon</pubDate><dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2022-02-24</dc:date>'
    assert only(dates).published_at == datetime(2022, 2, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&c=2"),
        ("a", "https://example.org/feeds/a"),
        ("/a", "https://example.org/a"),
        ("//other.example/a", "https://other.example/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("https://example.org/", ""),
        ("http://[", ""),
        ("https://example.org/" + "a" * 3000, ""),
    ],
)
def test_links(link, absolute):
    assert only(f"<link>{link}</link>").link == absolute


def test_a_guid_is_a_link_only_where_it_is_one():
    assert only("<guid>12345</guid>").link == ""
    assert only("<guid>https://example.org/1</guid>").link == "https://example.org/1"
    assert only('<guid isPermaLink="false">https://example.org/1</guid>').link == ""


def test_items_without_words_are_left_out():
    body = rss(
        "<item><link>https://e.org/1</link></item><item><title> </title></item>"
        "<item><description>S</description></item>"
    )
    assert [(item.title, item.summary) for item in parse(body).items] == [("", "S")]


def test_a_feed_without_items_is_a_feed():
    assert parse(rss("", "<title>T</title>")).items == ()


@pytest.mark.parametrize("ttl", ["0", "-5", "soon", "1.5", ""])
def test_a_ttl_that_says_nothing_is_none(ttl):
    assert parse(rss("", f"<ttl>{ttl}</ttl>")).ttl_minutes is None


# --- plain text ---


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("AT&T and R&amp;D", "AT&T and R&D"),
        ("3 < 5 and 6 > 2", "3 < 5 and 6 > 2"),
        ("&amp;amp;lt;b&amp;amp;gt;bold&amp;amp;lt;/b&amp;amp;gt;", "bold"),
        ("<p>One</p><p>Two<br>Three</p>", "One Two Three"),
        ("in<b>s</b>ide", "inside"),
        ("<script>alert(1)</script><style>p{}</style>x<!-- y -->", "x"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ("a\u00a0b\n\t c", "a b c"),
        ("a\x00b\x1b[31m\u202egnp\u202c\u2066x\u2069", "ab[31mgnpx"),
        ("Ru\u00adssia\ufeff", "Russia"),
        ("и\u0306", "й"),
        ("\ud800x", "x"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("<img src=x onerror=alert(2)>", ""),
    ],
)
def test_markup_becomes_plain_text(markup, text):
    assert plain_text(markup, 500) == text


def test_long_text_is_cut_at_a_word():
    assert plain_text("alpha beta gamma", 12) == "alpha beta…"
    assert plain_text("alpha beta gamma", 16) == "alpha beta gamma"
    assert plain_text("a" * 100, 10) == "a" * 9 + "…"


@given(st.text() | st.text("<>&;ampltgt#/b p!-", max_size=60), st.integers(5, 50))
def test_plain_text_is_a_fixed_point_within_its_length(markup, length):
    text = plain_text(markup, length)
    assert len(text) <= length
    assert plain_text(text, length) == text


def test_deep_and_hostile_markup_ends():
    for markup in ("<b>" * 200_000, "<" * 200_000, "&lt;" * 100_000, "<a " + "b=1 " * 100_000, "&amp;" * 100_000):
        assert len(plain_text(markup, 100)) <= 100


def test_titles_and_summaries_have_their_lengths():
    body = rss(f"<item><title>{'word ' * 1000}</title><description>{'word ' * 9000}</description></item>")
    (item,) = parse(body).items
    assert 490 < len(item.title) <= 500
    assert 1990 < len(item.summary) <= 2000


# --- encodings ---


@pytest.mark.parametrize("declared", ["utf-8", "ISO-8859-1", "windows-1251", "nonsense"])
@pytest.mark.parametrize("header", [None, "text/xml", "application/xml; charset=iso-8859-1", "text/html"])
def test_utf_8_is_known_by_its_bytes(declared, header):
    body = rss("<item><title>НАТО – Россия</title></item>").replace(b"UTF-8", declared.encode())
    assert parse(body, content_type=header).items[0].title == "НАТО – Россия"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16"])
def test_other_encodings_are_taken_at_their_word(encoding):
    text = rss("<item><title>Россия</title></item>").decode().replace("UTF-8", encoding)
    assert parse(text.encode(encoding)).items[0].title == "Россия"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>', '\n<?xml version="1.0" encoding="utf-8"?>'])
def test_utf_16_is_known_by_its_mark(encoding, declaration):
    text = "\ufeff" + declaration + "<rss version='2.0'><channel><item><title>Россия</title></item></channel></rss>"
    assert parse(text.encode(encoding)).items[0].title == "Россия"


def test_the_header_names_an_encoding_where_the_document_does_not():
    body = "<rss version='2.0'><channel><item><title>Россия</title></item></channel></rss>".encode("windows-1251")
    assert parse(body, content_type="text/xml; charset=windows-1251").items[0].title == "Россия"


def test_one_broken_letter_does_not_spoil_the_rest():
    body = rss("<item><title>Россия и НАТО</title><description>" + "я" * 50 + "</description></item>")
    (item,) = parse(body.replace("я".encode() * 50, "я".encode() * 50 + b"\xd1")).items
    assert item.title == "Россия и НАТО"
    assert item.summary == "я" * 50 + "\ufffd"


def test_controls_do_not_spoil_a_document():
    assert parse(rss("<item><title>a\x0bb\x00c</title></item>")).items[0].title == "abc"


# --- what is no feed ---


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the answer is empty"),
        (b" \n ", "the answer is empty"),
        (b"<!doctype html><html><body><h1>Hello</h1></body></html>", "an HTML page"),
        (
            b"<!-- <rss> --><HTML><body><rss version='2.0'><item><title>x</title></item></rss></body></HTML>",
            "an HTML page",
        ),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "x"}]}', "JSON"),
        (bytes(range(256)) * 64, "binary"),
        (b"<note><to>A</to></note>", "begins with <note>"),
        (b"Service unavailable", "plain text"),
    ],
)
def test_what_is_no_feed_is_named(body, message):
    with pytest.raises(NotAFeed, match=message):
        parse(body)


def test_a_path_as_body_opens_nothing(tmp_path):
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss("<item><title>secret</title></item>"))
    for body in (str(feed).encode(), f"file://{feed}".encode(), b"http://127.0.0.1:9/feed.xml"):
        with pytest.raises(NotAFeed, match="plain text"):
            parse(body)


def test_a_feed_that_breaks_off_within_an_item_is_refused():
    item = "<item><title>Whole</title></item>"
    with pytest.raises(NotAFeed, match="breaks off within an item, after 2 whole ones"):
        parse(rss(item * 2 + "<item><title>Ha").removesuffix(b"</channel></rss>"))
    assert len(parse(rss(item * 2).removesuffix(b"</channel></rss>")).items) == 2


def test_an_xml_bomb_is_not_lit():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE r [<!ENTITY e0 "x">{entities}]>'
    with pytest.raises(NotAFeed, match="XML bomb"):
        parse(rss("<item><title>&e9;</title></item>").replace(b"<rss", doctype.encode() + b"<rss"))


def test_external_entities_are_not_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("S3CRET")
    doctype = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "plain">]>'
    body = rss("<item><title>a &x; b</title></item>").replace(b"<rss", doctype.encode() + b"<rss")
    assert "S3CRET" not in str(parse(body))


@given(st.binary(max_size=400), st.integers(0, 300))
def test_damaged_feeds_are_read_or_refused(noise, at):
    body = rss("<item><title>Россия</title><link>/a</link><pubDate>Thu, 24 Feb 2022 05:00:00 MSK</pubDate></item>" * 2)
    try:
        items = parse(body[:at] + noise + body[at:], "https://example.org/").items
    except NotAFeed:
        items = ()
    assert all(item.title or item.summary for item in items)
    assert all(item.published_at is None or item.published_at.tzinfo is UTC for item in items)


# --- captured feeds; what they hold was looked up by eye ---

CAPTURED = [
    # file, items, items without a date, how the first title begins, its date
    ("awkward/encoding_ISO-8859-1.xml", 40, 0, "Red Dead Redemption 2: Hinweis", "2018-10-28T12:48:00+00:00"),
    ("awkward/encoding_WINDOWS-1251.xml", 50, 0, "Цитата #17703", "2018-03-21T07:27:32+00:00"),
    ("awkward/invalid-prolog.xml", 1, 1, "Café", None),
    ("awkward/koi8r.xml", 2, 0, "Первая новость", "2026-02-15T10:00:00+00:00"),
    ("awkward/large_atom.xml", 25, 0, "Using vale with vim", "2024-03-10T16:15:00+00:00"),
    ("awkward/no_encoding_ISO-8859-1.xml", 9, 0, "Perturbateurs endocriniens : q", "2018-10-17T10:30:00+00:00"),
    ("awkward/rdf_UTF8.xml", 60, 60, "OLED-TVs: Vorsichtsmaßnahmen", None),
    ("awkward/urdu_UTF8.xml", 26, 0, "امریکی عسکری امداد", "2018-01-05T16:51:00+00:00"),
    ("awkward/utf8-incorrect-prolog.xml", 1, 1, "Café", None),
    ("captured/almonitor.xml", 20, 0, "Over 80 Berlin", "2026-02-17T22:36:36+00:00"),
    ("captured/bbc.xml", 33, 0, "US civil rights leader", "2026-02-17T18:55:33+00:00"),
    ("captured/csmonitor.xml", 10, 0, "Jesse Jackson’s", "2026-02-17T23:03:07+00:00"),
    ("captured/dw.xml", 141, 0, "France arrests nine", "2026-02-18T00:15:00+00:00"),
    ("captured/feed_novaya.xml", 48, 0, "«Люди могут", "2025-12-24T16:38:00+00:00"),
    ("captured/meduza.xml", 24, 24, "В 2025 году за", None),
    ("captured/nyt_world.xml", 57, 0, "Trump Said He’d", "2026-02-17T17:49:09+00:00"),
    ("captured/time_world.xml", 100, 0, "‘A European Moment:’", "2026-02-16T20:00:14+00:00"),
    ("captured/verstka.xml", 15, 0, "«Вы знали, на", "2025-11-25T12:04:08+00:00"),
    ("captured/wsj_world.xml", 20, 0, "Palestinians Stream", "2025-01-27T19:23:00+00:00"),
    ("history_2020_2021/aljazeeraenglish_2021-10-18.xml", 15, 0, "Carbon Capture", "2021-10-17T13:00:16+00:00"),
    ("history_2020_2021/bbc_2021-10-18.xml", 69, 0, "Sir David Amess", "2021-10-17T12:07:17+00:00"),
    ("history_2020_2021/cnn_2021-10-18.xml", 50, 3, "An antiviral pill", "2021-10-16T23:56:11+00:00"),
    ("lemonde_2022h1/2022-02-24_europe.xml", 20, 0, "Guerre en Ukraine", "2022-02-24T18:17:29+00:00"),
]


@pytest.mark.parametrize(("name", "n_items", "n_undated", "title", "date"), CAPTURED)
def test_captured_feeds(shared, name, n_items, n_undated, title, date):
    items = parse((shared / "feeds" / name).read_bytes(), "https://example.org/feed").items
    assert len(items) == n_items
    assert sum(item.published_at is None for item in items) == n_undated
    assert items[0].title.startswith(title)
    assert (items[0].published_at.isoformat() if items[0].published_at else None) == date
    assert not any("<p>" in item.summary or "&amp;" in item.summary or "�" in item.title for item in items)


@pytest.mark.parametrize("name", ["current_time", "feed_meduza_articles"])
def test_captured_feeds_without_items(shared, name):
    assert parse((shared / f"feeds/captured/{name}.xml").read_bytes()).items == ()


def test_every_captured_document_is_read_or_refused(shared):
    files = sorted((shared / "feeds/awkward").iterdir())
    refused = set()
    for file in files:
        try:
            parse(file.read_bytes())
        except NotAFeed:
            refused.add(file.name)
    notes = {"iso88591.xml", "iso88591_utf8_mismatch.xml"}
    assert refused == {file.name for file in files if file.suffix == ".html"} | notes


def test_a_month_of_feeds_reads_as_another_parser_reads_it(shared):
    for day in range(1, 29):
        body = (shared / f"feeds/lemonde_2022h1/2022-02-{day:02d}_europe.xml").read_bytes()
        expected = [
            (" ".join(item.findtext("title", "").split()), item.findtext("link"), item.findtext("pubDate"))
            for item in ElementTree.fromstring(body).iter("item")
        ]
        assert len(expected) >= 15
        read = [
            (item.title, item.link, item.published_at and format_datetime(item.published_at))
            for item in parse(body).items
        ]
        same_moment = [
            (title, link, format_datetime(parsedate_to_datetime(date).astimezone(UTC)))
            for title, link, date in expected
        ]
        assert read == same_moment
