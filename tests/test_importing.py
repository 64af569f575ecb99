"""Lists of other readers are taken over: each outline is judged, those that fail are kept and switched off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tension.errors import CatalogueError
from tension.feeds.catalogue import add_feeds, read_catalogue
from tension.feeds.importing import Verdict, check, plan
from tension.feeds.opml import read_opml, write_opml
from tension.preview import spoken_language
from tension.records import Feed, FeedKind
from tension.signals.classifier import load_model
from tests.feedlists import loopback_settings, write_feeds
from tests.sites import Site

LISTED = Feed("https://www.yle.example.fi/rss", "Yle", "yle", "fi", "FI", FeedKind.PUBLIC)

# Made up, each in the manner in which a reader writes its lists.
NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:frss="https://freshrss.example/opml">
  <head><title>Reader</title><dateCreated>Sat, 28 Nov 2026 05:00:00 +0000</dateCreated></head>
  <body>
    <outline text="Wire">
      <outline text="Agency" type="rss" xmlUrl="https://agency.example.de/rss?a=1&amp;b=2"
        htmlUrl="https://agency.example.de/" description="News &amp; more"
        frss:priority="important" frss:cssFullContent="article"/>
      <outline text="Yle" type="rss" xmlUrl="http://www.yle.example.fi:80/rss" htmlUrl="https://www.yle.example.fi"/>
    </outline>
    <outline text="" title="untitled folder"/>
  </body>
</opml>"""
FLAT = """<opml version='1.0'>
<head><title>Subscriptions</title></head><body>
<outline title='Дума' text='Дума' version='RSS' type='rss' xmlUrl='https://duma.example.ru/feed' language='ru-RU' />
<outline title='Agency' text='Agency' type='rss' xmlUrl='https://agency.example.de/rss?a=1&#38;b=2'/>
<outline title='Agency again' text='' type='atom' xmlurl='https://agency.example.de/rss?a=1&amp;b=2#x'/>
</body></opml>"""
UTF16 = """<?xml version="1.0" encoding="utf-16"?><opml version="1.1"><body>
<outline text="Żółw"><outline text="Gazeta Żółw" xmlUrl="feed:https://zolw.example.pl/rss"/></outline></body></opml>"""
DEEP = """<?xml version="1.0"?>
<opml version="1.1"><head/><body><outline text="All"><outline text="Europe"><outline text="Government">
<outline type="rss" text="Kancelářie" xmlUrl="https://vlada.example.cz/rss" category="/Europe/CZ" nnw:x="1"
 xmlns:nnw="urn:nnw"/></outline></outline></outline>
<outline type="link" text="A page" url="https://page.example/"/>
<outline type="rss" text="Mail" xmlUrl="mailto:list@a.example"/></body></opml>"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            NESTED.encode(),
            [Feed("https://agency.example.de/rss?a=1&b=2", "Agency", "example.de", "und", "DE", FeedKind.WIRE)],
        ),
        (
            b"\xef\xbb\xbf" + FLAT.encode(),
            [
                Feed("https://duma.example.ru/feed", "Дума", "example.ru", "ru", "RU", FeedKind.PRESS),
                Feed("https://agency.example.de/rss?a=1&b=2", "Agency", "example.de", "und", "DE", FeedKind.PRESS),
            ],
        ),
        (
            UTF16.encode("utf-16"),
            [Feed("https://zolw.example.pl/rss", "Gazeta Żółw", "example.pl", "und", "PL", FeedKind.PRESS)],
        ),
        (
            DEEP.encode(),
            [Feed("https://vlada.example.cz/rss", "Kancelářie", "example.cz", "und", "CZ", FeedKind.GOVERNMENT)],
        ),
    ],
)
def test_lists_of_other_readers_go_round_without_loss(body, expected, tmp_path):
    outlines = plan(body, [LISTED])
    new = [outline.feed for outline in outlines if outline.verdict is Verdict.NEW]
    assert new == expected
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\n")
    add_feeds(path, new)
    assert sorted(read_opml(write_opml(read_catalogue(path))), key=str) == sorted(expected, key=str)


def test_names_come_on_one_line():
    names = ["Two&#10;lines", "a&#9;tab", "&#x202e;turned&#x200f;", "&#10;", "&#x2028;"]
    outlines = "".join(f'<outline title="{name}" xmlUrl="https://{n}.example.de/"/>' for n, name in enumerate(names))
    found = plan(f"<opml><body>{outlines}</body></opml>".encode(), [])
    assert [outline.reason for outline in found] == [""] * 5
    assert [one.feed.name for one in found] == ["Two lines", "a tab", "turned", "example.de", "example.de"]


@pytest.mark.parametrize("before", [b"\n", b"\r\n \n", b"\xef\xbb\xbf\n\n"])
def test_empty_lines_may_stand_before_a_list(before):
    assert len(plan(before + NESTED.encode(), [])) == 2


@pytest.mark.parametrize(("declared", "language"), [("fil", "fil"), ("fre", "fr"), ("English", "und"), ("", "und")])
def test_languages_of_lists_are_those_of_entries(declared, language):
    body = f'<opml><body><outline xmlUrl="https://a.example/" language="{declared}"/></body></opml>'
    assert plan(body.encode(), [])[0].feed.language == language


def test_what_is_listed_already_is_known_however_it_is_written():
    verdicts = {outline.feed.name: outline.verdict for outline in plan(NESTED.encode(), [LISTED]) if outline.feed}
    assert verdicts == {"Agency": Verdict.NEW, "Yle": Verdict.KNOWN}


def test_what_cannot_be_used_is_named_with_the_reason():
    last = plan(DEEP.encode(), [])[-1]
    assert (last.verdict, last.feed, last.to_add) == (Verdict.UNUSABLE, None, False)
    assert last.reason == "mailto:list@a.example: url: mailto: cannot be fetched; only http and https can"


def test_a_file_that_is_no_list_is_refused():
    with pytest.raises(CatalogueError, match="not OPML"):
        plan(b"<html>", [])


def test_a_feed_that_has_moved_is_taken_over_at_its_new_address(tmp_path):
    site = Site({"/old": "/new", "/older": "/new", "/former": "/listed", "/new": RUSSIAN, "/listed": RUSSIAN})
    try:
        write_feeds(tmp_path / "feeds.yaml", [f"{site.url}/listed"])
        listed = read_catalogue(tmp_path / "feeds.yaml")
        body = "".join(f'<outline xmlUrl="{site.url}{path}"/>' for path in ("/old", "/older", "/former"))
        checked = check(plan(f"<opml><body>{body}</body></opml>".encode(), listed), loopback_settings(tmp_path))
    finally:
        site.close()
    assert [outline.verdict for outline in checked] == [Verdict.NEW, Verdict.KNOWN, Verdict.KNOWN]
    assert checked[0].feed.url == f"{site.url}/new"
    add_feeds(tmp_path / "feeds.yaml", [outline.feed for outline in checked if outline.to_add])


RUSSIAN = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{}</channel></rss>""".format(
    "".join(f"<item><title>МИД заявил протест послу, сообщили агентства, номер {n}</title></item>" for n in range(4))
)


def test_those_that_fail_are_kept_switched_off_and_the_others_get_their_language(tmp_path):
    site = Site({"/ru": RUSSIAN, "/empty": '<?xml version="1.0"?><rss version="2.0"><channel/></rss>'})
    try:
        urls = [f"{site.url}{path}" for path in ("/ru", "/gone", "/empty")]
        body = "".join(f'<outline text="x" xmlUrl="{url}"/>' for url in urls)
        outlines = plan(f"<opml><body>{body}</body></opml>".encode(), [])
        answered = []
        model = load_model()
        checked = check(
            outlines, loopback_settings(tmp_path), lambda parsed: spoken_language(parsed, model), answered.append
        )
    finally:
        site.close()
    assert [outline.verdict for outline in checked] == [Verdict.NEW, Verdict.FAILING, Verdict.NEW]
    assert [outline.feed.enabled for outline in checked] == [True, False, True]
    assert [outline.feed.language for outline in checked] == ["ru", "und", "und"]
    assert "404" in checked[1].reason
    assert (checked[2].reason, sorted(answered)) == ("a feed without items", [1, 2, 3])
    assert replace(checked[1].feed, enabled=True) == outlines[1].feed
