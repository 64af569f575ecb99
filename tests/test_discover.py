"""The feeds of a site are found from its address, whatever its pages look like."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tension.feeds.discover import discover, with_scheme
from tension.feeds.linked import MOST, Linked, linked_feeds, usual_addresses
from tension.settings import Settings
from tests.feedlists import loopback_settings
from tests.sites import Site

HERE = "https://www.site.example/news/today.html"


def found(html: str, **more) -> list[tuple[str, str]]:
    return [(one.url, one.title) for one in linked_feeds(html.encode(), HERE, **more)]


def test_declared_feeds_are_found_with_their_titles():
    page = """<!doctype html><html><head>
      <link rel="stylesheet" href="/a.css"><link rel=alternate hreflang=fr href="/fr">
      <link rel="alternate" type="application/rss+xml" title="News &amp; views »  World" href="/rss?a=1&amp;b=2">
      <LINK HREF='atom.xml#x' TYPE='Application/Atom+XML; charset=utf-8' REL='ALTERNATE home'>
      <link rel="alternate" type="application/feed+json" href="/feed.json">
      <link rel="alternate" type="application/json+oembed" href="/oembed">
      <link rel="alternate" type="application/rss+xml" href="http://www.site.example:80/rss?a=1&b=2">
    </head><body><a href="/other/rss.xml">RSS</a></body></html>"""
    assert found(page) == [
        ("https://www.site.example/rss?a=1&b=2", "News & views » World"),
        ("https://www.site.example/news/atom.xml", ""),
    ]


def test_addresses_are_resolved_against_the_base_of_the_page():
    page = '<base href="//cdn.example/x/"><base href="/no/"><link rel=alternate type=application/rss+xml href=r.xml>'
    assert found(page) == [("https://cdn.example/x/r.xml", "")]


def test_what_cannot_be_fetched_is_left_out():
    tags = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{href}">'
        for href in ("javascript:x()", "", "http://[", "file:///etc/passwd", "https://me:secret@a.example/", "data:,x")
    )
    assert found(tags) == []


def test_comments_are_not_read():
    link = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    page = f"<!-- {link.format('old')} -->{link.format('new')}<!-- {link.format('unclosed')}"
    assert [url.rpartition("/")[2] for url, _ in found(page)] == ["new", "unclosed"]


def test_a_page_of_links_is_read_where_none_is_declared():
    page = """<a href="/about">x</a> <a class="b" href="/rss/world.xml">World</a> <a href="https://feeds.example/a">A</a>
      <a href="politics.rss">P</a> <a href="/feedback">no</a> <a href="/newsfeed-archive.html">no</a>"""
    assert [url for url, _ in found(page)] == [
        "https://www.site.example/rss/world.xml",
        "https://feeds.example/a",
        "https://www.site.example/news/politics.rss",
    ]


def test_titles_are_read_in_their_encoding():
    page = '<meta charset="windows-1251"><link rel=alternate type=application/rss+xml href=/r title="Новости">'
    assert linked_feeds(page.encode("cp1251"), HERE) == (Linked("https://www.site.example/r", "Новости"),)
    assert linked_feeds(page[29:].encode("cp1251"), HERE, "text/html; charset=cp1251")[0].title == "Новости"
    assert linked_feeds(page.encode("cp1251"), HERE, "text/html; charset=nonsense")[0].title != ""


def test_no_page_offers_more_than_can_be_chosen_from():
    page = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in range(1000))
    assert len(found(page)) == MOST
    assert found("x" * 600_000 + page) == []


HOSTILE = ["<link ", '<link "', "<link \"a'", "<!--", "<!-- -", "<b>", '<a href="/rss">', "<a x=&", "\0"]
HOSTILE += ["<a " + "a" * 1000, "<a " + " " * 400, '<link "' + "b" * 1990 + '" ']


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_page_takes_no_longer_than_a_plain_one(piece):
    started = time.monotonic()
    linked_feeds((piece * (700_000 // len(piece))).encode(), HERE)
    assert time.monotonic() - started < 5


def test_the_usual_addresses_are_those_of_the_host():
    assert usual_addresses("http://a.example:8080/x/y?z")[0] == "http://a.example:8080/feed"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("site.example", "https://site.example"),
        (" site.example:8080/a ", "https://site.example:8080/a"),
        ("http://site.example", "http://site.example"),
        ("ftp://site.example", "ftp://site.example"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("feed://site.example/rss", "http://site.example/rss"),
        ("feed:https://site.example/rss", "https://site.example/rss"),
    ],
)
def test_the_scheme_may_be_left_out(given, meant):
    assert with_scheme(given) == meant


# with a server

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>{0}</title><link>http://a.example/</link>
<item><title>Russia expels diplomats</title><link>http://a.example/1</link></item></channel></rss>"""


@pytest.fixture
def at(tmp_path: Path):
    """Serves pages by path; gives what is found at one of them."""
    sites = []

    def serve(path: str, pages: dict[str, str]):
        sites.append(Site(pages))
        return discover(sites[-1].url + path, loopback_settings(tmp_path))

    yield serve
    for site in sites:
        site.close()


def test_a_feed_is_itself(at):
    result = at("/a.xml", {"/a.xml": RSS.format("A")})
    assert (result.is_feed, [feed.title for feed in result.feeds]) == (True, ["A"])
    assert len(result.feeds[0].parsed.items) == 1


def test_a_page_leads_to_those_of_its_feeds_that_answer(at):
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
    page = "<html>" + link.format("One", "one.xml") + link.format("Two", "/two") + link.format("Gone", "/gone")
    result = at("/", {"/": page, "/one.xml": RSS.format("1"), "/two": RSS.format("")})
    assert (result.is_feed, [feed.title for feed in result.feeds]) == (False, ["1", "Two"])


def test_a_silent_page_is_asked_at_the_usual_addresses(at):
    result = at("/news/", {"/news/": "<html><p>hello", "/feed": RSS.format("F"), "/rss.xml": RSS.format("R")})
    assert [feed.title for feed in result.feeds] == ["F", "R"]


def test_a_page_that_is_refused_may_still_have_a_feed(at):
    assert [feed.title for feed in at("/no/such/page", {"/rss": RSS.format("R")}).feeds] == ["R"]


def test_it_is_said_why_nothing_was_found(at):
    link = '<link rel="alternate" type="application/rss+xml" href="/gone">'
    assert at("/", {"/": "<html><p>hello"}).reason.startswith("the answer is an HTML page, not a feed")
    assert "nor does a feed answer at the usual addresses of 127.0.0.1" in at("/", {"/": "<html>"}).reason
    assert "it names 1, none of which answers (HTTP 404" in at("/", {"/": f"<html>{link}"}).reason
    assert at("/x", {}).reason.startswith("HTTP 404")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_site_that_refuses_is_asked_nowhere_else(status, tmp_path):
    link = '<link rel="alternate" type="application/rss+xml" href="/refused">'
    site = Site({"/refused": status, "/page": f"<html>{link}", "/feed": RSS.format("F")})
    try:
        found = discover(site.url + "/refused", loopback_settings(tmp_path))
        assert (found.feeds, site.asked) == ((), ["/refused"])
        assert found.reason.startswith(f"HTTP {status}")
        assert "usual addresses" not in found.reason
        assert discover(site.url + "/page", loopback_settings(tmp_path)).feeds == ()
        assert site.asked[1:] == ["/page", "/refused"]
    finally:
        site.close()


@pytest.mark.parametrize("body", ["?{}", "?binary", RSS.format("F").partition("</title><link>http://a.example/1")[0]])
def test_what_is_neither_feed_nor_page_is_not_searched_further(body, tmp_path):
    site = Site({"/a": body, "/feed": RSS.format("F")})
    try:
        assert discover(site.url + "/a", loopback_settings(tmp_path)).feeds == ()
    finally:
        site.close()
    assert site.asked == ["/a"]


@pytest.mark.parametrize("status", [404, 405, 410])
def test_where_nothing_is_the_usual_addresses_are_asked(at, status):
    assert [feed.title for feed in at("/x", {"/x": status, "/rss": RSS.format("R")}).feeds] == ["R"]


def test_the_limits_hold_for_pages_too(tmp_path):
    settings = Settings(home=tmp_path)
    assert "is not public" in discover("http://127.0.0.1:9/", settings).reason
    assert "only http and https" in discover("ftp://site.example/", settings).reason
    assert "user name" in discover("https://me:secret@site.example/", settings).reason
