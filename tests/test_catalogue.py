"""feeds.yaml is read with every fault named and edited without spoiling it; OPML comes and goes without loss."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tension.errors import CatalogueError
from tension.feeds.catalogue import add_feed, add_feeds, read_catalogue, remove_feed, replace_feed, switch_feeds
from tension.feeds.opml import read_opml, unusable_outlines, write_opml
from tension.records import Feed, FeedKind

LIST = """\
# What we watch.

feeds:
  # ── Norway ──
  - url: "https://a.example/rss"   # since 2024
    name: 'A'
    publisher: A
    language: no   # Norwegian, not a truth value
    country: NO
    kind: public
    enabled: true

  - url: https://b.example/rss
    name: B
    # their own word for it
    publisher: B
    language: fr
    country: FR
    kind: wire
    enabled: true
    interval_minutes: 5
    weight: 1.0

  # ── Poland ──
  # to be checked
  - {url: https://c.example/rss, name: C, publisher: C, language: pl, country: PL, kind: press, enabled: no}
# the end
"""
A = Feed("https://a.example/rss", "A", "A", "no", "NO", FeedKind.PUBLIC)
B = Feed("https://b.example/rss", "B", "B", "fr", "FR", FeedKind.WIRE, True, 5, 1.0)
C = Feed("https://c.example/rss", "C", "C", "pl", "PL", FeedKind.PRESS, False)
NEW = Feed("https://n.example/rss", "Ny: «avis» # 1", "N", "no", "NO", FeedKind.PRESS, weight=0.5)
LIST = LIST.replace("enabled: no}", "enabled: false}")


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "feeds.yaml"
    file.write_bytes(LIST.encode())
    return file


def fault(path, text):
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    return str(caught.value).replace(str(path), "F")


def entry(**changed):
    values = {"url": "https://x.example/rss", "name": "X", "publisher": "X", "language": "en", "country": "GB"}
    values = {**values, "kind": "press", "enabled": "true", **changed}
    return "feeds:\n  -" + "\n   ".join(f" {key}: {value}" for key, value in values.items() if value is not None) + "\n"


def test_norwegian_is_no_truth_value(path):
    assert read_catalogue(path) == (A, B, C)


def test_what_may_be_left_out_has_its_usual_value(path):
    path.write_text(entry(enabled=None))
    (feed,) = read_catalogue(path)
    assert (feed.enabled, feed.interval_minutes, feed.weight) == (True, None, 1.0)


@pytest.mark.parametrize("text", ["feeds: []\n", "feeds:\n", "# none yet\nfeeds:\n"])
def test_a_list_may_be_empty(path, text):
    path.write_text(text)
    assert read_catalogue(path) == ()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"kind": "pres"},
            'F:7: feeds[0].kind: "pres" is not one of wire, public, press, state_controlled, government',
        ),
        ({"url": "ftp://x.example/"}, "F:2: feeds[0].url: ftp: cannot be fetched"),
        ({"url": "x.example/rss"}, "F:2: feeds[0].url: no scheme: cannot be fetched"),
        ({"url": "https:///rss"}, "F:2: feeds[0].url: is not a web address"),
        ({"url": "https://x.example:99999/"}, "F:2: feeds[0].url: is not a web address"),
        ({"url": "https://me:secret@x.example/"}, "F:2: feeds[0].url: holds a user name or password"),
        ({"url": None}, "F:2: feeds[0].url: is missing"),
        ({"name": "112"}, "F:3: feeds[0].name: 112 is not text; put it in quotes"),
        ({"name": "''"}, 'F:3: feeds[0].name: "" is empty'),
        ({"language": "EN"}, 'F:5: feeds[0].language: "EN" is not two or three lower-case letters'),
        ({"language": "en-GB"}, 'F:5: feeds[0].language: "en-GB" is not two or three'),
        ({"country": "no"}, 'F:6: feeds[0].country: "no" is not two upper-case letters'),
        ({"enabled": "yes"}, 'F:8: feeds[0].enabled: "yes" is not true or false'),
        ({"enabled": "1"}, "F:8: feeds[0].enabled: 1 is not true or false"),
        ({"interval_minutes": "0"}, "F:9: feeds[0].interval_minutes: 0 is not a whole number of minutes"),
        ({"interval_minutes": "1.5"}, "F:9: feeds[0].interval_minutes: 1.5 is not a whole number"),
        ({"interval_minutes": "true"}, "F:9: feeds[0].interval_minutes: true is not a whole number"),
        ({"weight": "0"}, "F:9: feeds[0].weight: 0 is not a number above 0"),
        ({"weight": ".nan"}, "F:9: feeds[0].weight: nan is not a number above 0"),
        ({"weight": ".inf"}, "F:9: feeds[0].weight: inf is not a number above 0"),
        ({"weight": "-1"}, "F:9: feeds[0].weight: -1 is not a number above 0"),
        ({"colour": "red"}, "F:9: feeds[0].colour: is not a key of a feed; known are url, name"),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(path, changed, message):
    said = fault(path, entry(**changed))
    assert said.startswith(message)
    assert "\n" not in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "F:1: is empty or no mapping"),
        ("- a\n", "F:1: is empty or no mapping"),
        ("feeds: 3\n", "F:1: feeds: is not a list"),
        ("feeds:\n  - 3\n", "F:2: feeds[0]: is not a mapping"),
        ("feeds: []\nsources: []\n", "F:2: sources: is not known"),
        ("feeds: [\n", "F:2: not valid YAML"),
        ("feeds:\n\t- a\n", "F:2: not valid YAML"),
        (
            'feeds:\n  - url: "https://a.example\n    name: A\n\n',
            "F:2: not valid YAML: a quote that begins here is not",
        ),
        ("feeds: []\nfeeds: []\n", 'F:2: found duplicate key "feeds"'),
        (b"# caf\xe9\nfeeds: []\n", "F:1: is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(path, text, message):
    assert fault(path, text).startswith(message)


def test_all_faults_are_named_at_once(path):
    second = entry(kind="x").partition("\n")[2]
    said = fault(path, entry(kind="pres", weight="0") + second).splitlines()
    assert [line.partition(": ")[2].partition(":")[0] for line in said] == [
        "feeds[0].kind",
        "feeds[0].weight",
        "feeds[1].kind",
        "feeds[1].url",
    ]


def test_the_same_address_twice_is_refused(path):
    twice = LIST.replace("https://b.example/rss", "http://A.example:80/rss#x")
    assert fault(path, twice) == "F:13: feeds[1].url: http://a.example:80/rss#x is the same as that of feeds[0]"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"none\.yaml cannot be read: No such file"):
        read_catalogue(tmp_path / "none.yaml")


def changed_lines(path):
    before, after = LIST.splitlines(), path.read_text().splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_adding_writes_the_new_entry_and_touches_nothing_else(path):
    add_feed(path, NEW)
    assert read_catalogue(path) == (A, B, C, NEW)
    text = path.read_text()
    assert text.startswith(LIST.removesuffix("# the end\n"))
    assert text.endswith("    weight: 0.5\n# the end\n")
    assert '    language: "no"\n    country: "NO"\n' in text


def test_adding_several_is_one_write_or_none(path):
    more = replace(NEW, url="https://m.example/rss")
    add_feeds(path, [NEW, more])
    assert read_catalogue(path) == (A, B, C, NEW, more)
    written = path.read_text()
    for twice in ([replace(NEW, url="https://x.example/"), A], [replace(NEW, url="https://x.example/")] * 2):
        with pytest.raises(CatalogueError, match="already in the list"):
            add_feeds(path, twice)
    assert path.read_text() == written
    path.write_text("feeds: []\n")
    add_feeds(path, [A, B])
    assert read_catalogue(path) == (A, B)


@pytest.mark.parametrize("url", [A.url, B.url, C.url, "http://A.example/rss"])
def test_removing_takes_the_entry_and_leaves_every_comment(path, url):
    n_comments = LIST.count("#")
    remove_feed(path, url)
    assert len(read_catalogue(path)) == 2
    gone, new = changed_lines(path)
    assert not new
    inner = sum(line.count("#") for line in gone)
    assert path.read_text().count("#") == n_comments - inner
    assert "  # ── Poland ──\n  # to be checked\n" in path.read_text()


def test_switching_changes_only_the_switches(path):
    switch_feeds(path, [A.url, "http://c.example/rss"], True)
    assert [feed.enabled for feed in read_catalogue(path)] == [True, True, True]
    switch_feeds(path, [A.url, B.url], False)
    assert [feed.enabled for feed in read_catalogue(path)] == [False, False, True]
    switch_feeds(path, [A.url, B.url], True)
    switch_feeds(path, [C.url], False)
    assert path.read_text() == LIST


def test_replacing_keeps_comments_order_and_quotes(path):
    replace_feed(path, A.url, replace(A, name="A2", interval_minutes=30))
    assert read_catalogue(path) == (replace(A, name="A2", interval_minutes=30), B, C)
    gone, new = changed_lines(path)
    assert gone == ["    name: 'A'"]
    assert new == ["    name: 'A2'", "    interval_minutes: 30"]
    replace_feed(path, B.url, replace(B, interval_minutes=None))
    assert read_catalogue(path)[1].interval_minutes is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda path: add_feed(path, replace(NEW, url="http://b.example:80/rss")),
        lambda path: replace_feed(path, A.url, replace(A, url=B.url)),
        lambda path: replace_feed(path, "https://unknown.example/", A),
        lambda path: remove_feed(path, "https://unknown.example/"),
        lambda path: switch_feeds(path, [A.url, "https://unknown.example/"], False),
        lambda path: add_feed(path, replace(NEW, weight=-1.0)),
        lambda path: add_feed(path, replace(NEW, name="a\nb")),
        lambda path: add_feed(path, replace(NEW, url="https://me:secret@n.example/")),
    ],
)
def test_an_edit_that_cannot_be_made_changes_nothing(path, edit):
    with pytest.raises(CatalogueError) as caught:
        edit(path)
    assert path.read_text() == LIST
    assert "secret" not in str(caught.value)


def test_a_broken_file_is_not_edited(path):
    path.write_text(LIST.replace("kind: wire", "kind: wir"))
    with pytest.raises(CatalogueError, match=r'feeds\[1\]\.kind: "wir" is not one of'):
        add_feed(path, NEW)


@pytest.mark.parametrize(
    "text",
    [
        "feeds: []  # none yet\n",
        "feeds: # none\n",
        "feeds:   # none\n  # to come\n",
        "feeds: null # none\n",
        "feeds:\n",
        "---\nfeeds:\n- url: https://a.example/rss\n  name: A\n  publisher: A\n"
        "  language: no\n  country: NO\n  kind: public",
        LIST.replace("\n", "\r\n"),
    ],
)
def test_lists_in_other_hands_are_extended_too(path, text):
    path.write_bytes(text.encode())
    before = read_catalogue(path)
    add_feed(path, NEW)
    assert read_catalogue(path) == (*before, NEW)
    remove_feed(path, NEW.url)
    assert read_catalogue(path) == before
    assert ("\r\n" in text) == (b"\r\n" in path.read_bytes())


def test_what_cannot_be_edited_line_by_line_is_left_alone(path):
    text = "feeds: [{url: https://a.example/, name: A, publisher: A, language: en, country: GB, kind: press}]\n"
    path.write_text(text)
    with pytest.raises(CatalogueError, match="by hand: the list is written in brackets"):
        add_feed(path, NEW)
    assert path.read_text() == text


ANCHORED = LIST.replace("kind: public", "kind: &kind public").replace("kind: wire", "kind: *kind")
MERGED = ANCHORED.replace(
    "  - url: https://b.example/rss\n", "  - <<: &b {weight: 2.0}\n    url: https://b.example/rss\n"
)


@pytest.mark.parametrize("text", [ANCHORED, MERGED])
@pytest.mark.parametrize("edit", [lambda path: add_feed(path, NEW), lambda path: switch_feeds(path, [B.url], False)])
def test_anchors_are_left_to_who_wrote_them(path, text, edit):
    path.write_text(text)
    assert read_catalogue(path)[1].kind is FeedKind.PUBLIC
    with pytest.raises(CatalogueError, match=r"feeds\.yaml uses anchors; edit it by hand$"):
        edit(path)
    assert path.read_text() == text


@pytest.mark.parametrize("text", ['"feeds": []\n', "feeds: !!seq []\n", "{feeds: []}\n"])
def test_no_line_of_a_text_that_was_never_written_is_named(path, text):
    path.write_text(text)
    with pytest.raises(CatalogueError, match="can only be edited by hand") as caught:
        add_feed(path, NEW)
    assert f"{path}:" not in str(caught.value)
    assert path.read_text() == text


def test_the_lock_is_for_whoever_may_use_the_list(path):
    os.chmod(path, 0o664)
    before = os.umask(0o077)
    try:
        add_feed(path, NEW)
    finally:
        os.umask(before)
    assert path.with_name(".feeds.yaml.lock").stat().st_mode & 0o777 == 0o664


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_two_users_may_edit_one_list(path, tmp_path):
    os.chmod(path, 0o664)
    os.chown(path, 1234, 1234)
    add_feed(path, NEW)
    assert {(file.stat().st_uid, file.stat().st_gid) for file in tmp_path.iterdir()} == {(1234, 1234)}


def test_a_lock_that_cannot_be_opened_is_named(path):
    path.with_name(".feeds.yaml.lock").mkdir()
    with pytest.raises(CatalogueError, match=r"\.feeds\.yaml\.lock cannot be opened: Is a directory"):
        add_feed(path, NEW)


def test_mode_and_link_are_kept_and_nothing_lies_about(path, tmp_path):
    os.chmod(path, 0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    add_feed(link, NEW)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert {file.name for file in tmp_path.iterdir()} == {"feeds.yaml", "link.yaml", ".feeds.yaml.lock"}


def test_two_people_saving_at_once_lose_nothing(path):
    def add(person):
        for number in range(10):
            add_feed(path, replace(NEW, url=f"https://n.example/{person}/{number}"))

    people = [threading.Thread(target=add, args=(person,)) for person in range(4)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    assert len(read_catalogue(path)) == 3 + 4 * 10


_NOT_IN_NAMES = {chr(code) for code in (*range(0x2028, 0x202F), *range(0x2066, 0x206A), 0x61C, 0x200E, 0x200F)}
_NOT_IN_NAMES |= set("\ufeff\ufffe\uffff\x85")
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)
words = words.map(str.strip).filter(lambda word: word and not set(word) & _NOT_IN_NAMES)
some_feeds = st.builds(
    Feed,
    url=st.integers(0, 10**6).map("https://h.example/{}?a=1".format),
    name=words,
    publisher=words,
    language=st.sampled_from(["no", "en", "uk", "und", "on"]),
    country=st.sampled_from(["NO", "GB", "RU"]),
    kind=st.sampled_from(FeedKind),
    enabled=st.booleans(),
    interval_minutes=st.none() | st.integers(1, 43200),
    weight=st.floats(0, 1e9, exclude_min=True),
)


TINY = replace(NEW, weight=8.433442888383899e-230)


@settings(max_examples=40)
@given(some_feeds, some_feeds)
@example(TINY, replace(TINY, name="B"))
@example(replace(NEW, weight=1e-06), replace(NEW, weight=1.5e300))
def test_what_is_added_is_read_again(tmp_path_factory, feed, other):
    path = tmp_path_factory.mktemp("list") / "feeds.yaml"
    path.write_bytes(LIST.encode())
    add_feed(path, feed)
    assert read_catalogue(path) == (A, B, C, feed)
    replace_feed(path, feed.url, replace(other, url=feed.url))
    assert read_catalogue(path) == (A, B, C, replace(other, url=feed.url))
    remove_feed(path, feed.url)
    assert path.read_text() == LIST


@settings(max_examples=40)
@given(st.lists(some_feeds, unique_by=lambda feed: feed.url, max_size=5))
def test_opml_loses_nothing(feeds):
    read = read_opml(write_opml(feeds))
    assert sorted(read, key=lambda feed: feed.url) == sorted(feeds, key=lambda feed: feed.url)


FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1"><head><title>mine</title></head><body>
  <outline text="Government"><outline text="Ministry" type="rss" xmlUrl="https://www.mid.example.fi/rss"/></outline>
  <outline text="News" title="News">
    <outline title="Le Monde" text="x" type="rss" xmlUrl="https://www.lemonde.fr/rss/une.xml" language="fr-FR"/>
    <outline text="" type="rss" xmlURL="feed://feeds.bbci.co.uk/news/rss.xml" htmlUrl="https://www.bbc.co.uk/"/>
    <outline text="again" xmlUrl="http://www.lemonde.fr/rss/une.xml"/>
    <outline text="mail" xmlUrl="mailto:a@b.example"/>
    <outline text="mine" xmlUrl="https://me:secret@x.example/rss"/>
  </outline>
</body></opml>"""


def test_opml_of_other_readers_gets_defaults():
    assert read_opml(FOREIGN) == (
        Feed("https://www.mid.example.fi/rss", "Ministry", "example.fi", "und", "FI", FeedKind.GOVERNMENT),
        Feed("https://www.lemonde.fr/rss/une.xml", "Le Monde", "lemonde.fr", "fr", "FR", FeedKind.PRESS),
        Feed("http://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk", "bbci.co.uk", "und", "GB", FeedKind.PRESS),
    )


def test_outlines_that_cannot_be_feeds_are_named():
    first, second = unusable_outlines(FOREIGN)
    assert first == "mailto:a@b.example: url: mailto: cannot be fetched; only http and https can"
    assert second == "https://x.example/rss: url: holds a user name or password; such addresses are not kept"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not OPML"),
        (b"<html></html>", "it begins with <html>"),
        (b"<opml><body>", "not OPML"),
        (b'<!DOCTYPE o [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><opml>&b;</opml>', "DOCTYPE"),
        (b'<!DOCTYPE o SYSTEM "file:///etc/passwd"><opml/>', "DOCTYPE"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "not OPML"),
    ],
)
def test_what_is_not_opml_is_refused(body, message):
    with pytest.raises(CatalogueError, match=message):
        read_opml(body)
