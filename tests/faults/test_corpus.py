"""The awkward and the captured feeds: none crashes or hangs, and each gives the titles and dates that it holds.

The fingerprints were taken once every title and date had been found equal to what ElementTree and the standard
library read in the document, or, where that is not well-formed, by eye.
"""

from __future__ import annotations

import hashlib
import time

import pytest

from tension.records import ParsedFeed
from tests.faults.properties import read_or_refused

SECONDS = 5  # the largest takes a fifth of a second
FOLDERS = ("awkward", "captured")
REFUSED = None
# file: items, fingerprint of the titles (the feed's own first), fingerprint of the dates
EXPECTED: dict[str, tuple[int, str, str] | None] = {
    "awkward/encoding_ISO-8859-1.xml": (40, "2d8aa1bdc6", "d8808f820d"),
    "awkward/encoding_WINDOWS-1251.xml": (50, "eca1561ac7", "57b061c6ce"),
    "awkward/invalid-prolog.xml": (1, "5615f3141f", "e3b0c44298"),
    "awkward/iso-8859-1-meta-after-1024.html": REFUSED,
    "awkward/iso-8859-1.html": REFUSED,
    "awkward/iso-8859-1.xml": (0, "73473dcc12", "e3b0c44298"),
    "awkward/iso88591.xml": REFUSED,
    "awkward/iso88591_utf8_mismatch.xml": REFUSED,
    "awkward/koi8r.xml": (2, "62c057155f", "57d5dc2ccf"),
    "awkward/large_atom.xml": (25, "a0b0e2964b", "8938105c2b"),
    "awkward/large_rss.xml": (25, "a0b0e2964b", "8938105c2b"),
    "awkward/no_encoding_ISO-8859-1.xml": (9, "9e4e018344", "454dd5b6b4"),
    "awkward/rdf_UTF8.xml": (60, "5b402e51d6", "36473cbdad"),
    "awkward/small_atom.xml": (20, "522ff9d402", "937e26b533"),
    "awkward/urdu_UTF8.xml": (26, "2c59f6e1ad", "2b84b4e917"),
    "awkward/utf8-incorrect-prolog.xml": (1, "5615f3141f", "e3b0c44298"),
    "awkward/utf8-meta-after-1024.html": REFUSED,
    "awkward/utf8.html": REFUSED,
    "awkward/utf8.xml": (1, "5615f3141f", "e3b0c44298"),
    "awkward/windows-1252-incorrect-prolog.xml": (0, "26446151b7", "e3b0c44298"),
    "awkward/windows-1252.xml": (0, "26446151b7", "e3b0c44298"),
    "captured/aljazeera.xml": (25, "937d57b0cd", "55b9cf13a4"),
    "captured/almonitor.xml": (20, "631c598480", "f38a7a738e"),
    "captured/bbc.xml": (33, "f3beeea984", "f846212bcb"),
    "captured/bbc_russian.xml": (31, "db8736820f", "203cf8a948"),
    "captured/csmonitor.xml": (10, "6839bb24ae", "7ee61ed31c"),
    "captured/current_time.xml": (0, "1853b79235", "e3b0c44298"),
    "captured/dw.xml": (141, "3fdba9539d", "94c8f8b8e5"),
    "captured/elpais_english.xml": (56, "7e605c9a96", "01089dd885"),
    "captured/feed_istories.xml": (20, "b68e124ca0", "bbf9ab8ed3"),
    "captured/feed_meduza_articles.xml": (0, "6cf9d7ca6b", "e3b0c44298"),
    "captured/feed_novaya.xml": (48, "1cd2fa5082", "02142424b1"),
    "captured/feed_thebell.xml": (9, "dc0497d5b6", "f0ef35fff3"),
    "captured/feed_theins.xml": (36, "eb819c4d45", "6c243aaca7"),
    "captured/foreignpolicy.xml": (25, "536decfe45", "51e106be59"),
    "captured/ins_politika.xml": (36, "69bd1ca5d3", "26bc390d6f"),
    "captured/meduza.xml": (24, "e93ff65dbc", "6e0ce65031"),
    "captured/npr_world.xml": (10, "3f02ea4d00", "30abfc8851"),
    "captured/nyt_world.xml": (57, "bb70c6b3eb", "d9ebe1fe18"),
    "captured/svoboda.xml": (30, "d42782993f", "71a214f7d0"),
    "captured/time_world.xml": (100, "f6cd048e55", "98fce4392f"),
    "captured/verstka.xml": (15, "2442b2e226", "f324cb272a"),
    "captured/vottak_int.xml": (19, "2762db0bb7", "8bbef75fb8"),
    "captured/washingtonpost_world.xml": (9, "21086e4cde", "913679e108"),
    "captured/wsj_world.xml": (20, "67fc8ac73e", "6371abb9fe"),
}


def fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def fingerprints(feed: ParsedFeed) -> tuple[int, str, str]:
    """What the table holds of a feed."""
    dates = [item.published_at.isoformat() if item.published_at else "" for item in feed.items]
    return len(feed.items), fingerprint(feed.title, *(item.title for item in feed.items)), fingerprint(*dates)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_document_gives_what_it_holds(shared, name):
    started = time.monotonic()
    feed = read_or_refused((shared / "feeds" / name).read_bytes())
    assert time.monotonic() - started < SECONDS
    assert (feed and fingerprints(feed)) == EXPECTED[name]


def test_the_table_knows_every_awkward_and_captured_document(shared):
    files = {f"{folder}/{file.name}" for folder in FOLDERS for file in (shared / "feeds" / folder).iterdir()}
    assert files == set(EXPECTED)


def test_cut_off_in_the_middle_each_is_still_read_or_refused(shared):
    for name in EXPECTED:
        body = (shared / "feeds" / name).read_bytes()[:100_000]
        read_or_refused(body[: 2 * len(body) // 3])
