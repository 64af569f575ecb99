"""Passwords in addresses are neither logged, shown nor stored; lookalike hosts are shown as what they are."""

from __future__ import annotations

import logging
import traceback
from urllib.parse import quote

import pytest

from tension.errors import CatalogueError
from tension.feeds.addresses import without_credentials
from tension.feeds.catalogue import read_catalogue
from tension.feeds.document import parse
from tests.faults import documents
from tests.faults.cycles import run_cycle
from tests.faults.documents import SECRET
from tests.feedlists import write_feeds


def everything_logged(caplog) -> str:
    return "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)


REDIRECTS = [
    "http://reader:{secret}@127.0.0.1:{port}/good/a",
    "http://{secret}@127.0.0.1:{port}/good/a",
    "http://reader:{secret}@127.0.0.2:{port}/good/a",
    "http://reader:{secret}@[::1]:{port}/good/a",
    "http://reader:{secret}@[broken/good/a",
    "http://reader:{secret}@127.0.0.1:port/good/a",
    "http://reader:{secret}@пример.example/good/a",
    "//reader:{secret}@127.0.0.1:{port}/good/a",
    "ftp://reader:{secret}@127.0.0.1/a",
    "reader:{secret}@127.0.0.1/good/a",
    "http:reader:{secret}@127.0.0.1/good/a",
    "http:///reader:{secret}@127.0.0.1/good/a",
    "\\\\reader:{secret}@127.0.0.1/good/a",
    "http://reader:{secret}@127.0.0.1/good/a\0",
]


@pytest.mark.parametrize("location", REDIRECTS)
def test_a_redirect_with_a_password_is_refused_without_a_word_of_it(caplog, asked, server, location):
    caplog.set_level(logging.DEBUG)
    target = location.format(secret=SECRET, port=server.port)
    (answer,) = asked(f"{server.url}/to?{quote(target)}")
    assert answer.reason
    assert SECRET not in repr(answer)
    assert SECRET not in everything_logged(caplog)


@pytest.mark.parametrize("address", [f"http://reader:{SECRET}@127.0.0.1:9/a", f"http://reader:{SECRET}@[bad/a"])
def test_an_address_with_a_password_is_not_asked(caplog, asked, address):
    caplog.set_level(logging.DEBUG)
    (answer,) = asked(address)
    assert answer.reason
    assert SECRET not in repr(answer) + everything_logged(caplog)


def test_a_list_of_feeds_with_a_password_is_refused_without_a_word_of_it(tmp_path):
    path = write_feeds(tmp_path / "feeds.yaml", [f"https://reader:{SECRET}@news.example/feed.xml"])
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert "holds a user name or password" in str(caught.value)
    assert SECRET not in str(caught.value)


ENTRY = "feeds:\n  - name: N\n    publisher: N\n    language: en\n    country: GB\n    kind: press\n    url: {}\n"
WITH_SECRET = f"https://reader:{SECRET}@news.example/feed.xml"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY.format(f'" {WITH_SECRET} "'), "F:7: feeds[0].url: is empty or has spaces around it"),
        (ENTRY.format(f"[{WITH_SECRET}]"), "F:7: feeds[0].url: is not text"),
        (ENTRY.format(f"{{a: reader, b: {SECRET}}}"), "F:7: feeds[0].url: is not text"),
        (ENTRY.format(f"{SECRET}:word@news.example/feed.xml"), "F:7: feeds[0].url: no scheme: cannot be fetched"),
        (ENTRY.format(f"https:/reader:{SECRET}@news.example/"), "F:7: feeds[0].url: is not a web address"),
        (ENTRY.format(WITH_SECRET) + f"    url: {WITH_SECRET}\n", 'F:8: found duplicate key "url"'),
        (ENTRY.format(WITH_SECRET) + ENTRY.format(WITH_SECRET)[7:], "F:7: feeds[0].url: holds a user name"),
        (ENTRY.format("https://a.example/") + f"    enabled: {WITH_SECRET}\n", "F:8: feeds[0].enabled: "),
        (ENTRY.format("https://a.example/") + f"    {WITH_SECRET}: true\n", "F:8: feeds[0].https://news.example/"),
        (ENTRY.format("https://a.example/") + f"{WITH_SECRET}: true\n", "F:8: https://news.example/feed.xml: is not"),
        (ENTRY.format(f'"{WITH_SECRET}'), "F:7: not valid YAML"),
    ],
)
def test_a_faulty_entry_is_named_without_its_password(tmp_path, text, says):
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert str(caught.value).replace(str(path), "F").startswith(says)
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told.replace(text, "")


def test_links_of_articles_lose_their_passwords():
    items = parse(documents.passwords(), "https://news.example/feed.xml").items
    assert SECRET not in repr(items)
    assert [item.link for item in items] == [
        "https://news.example/1?to=//a@b",
        "https://news.example/2",
        "",
        "https://news.example/4",
        "https://news.example:port/5",
    ]


def test_signs_that_are_no_password_stay_in_links():
    link = "https://news.example//@author/1?mail=//a@b.example"
    (item,) = parse(documents.feed(f"<item><title>a</title><link>{link}</link></item>")).items
    assert item.link == link


def test_no_password_reaches_the_database(caplog, server, tmp_path):
    caplog.set_level(logging.DEBUG)
    cycle = run_cycle(tmp_path, [server.fault("to-credentials"), f"{server.url}/passwords"])
    assert cycle.polls["passwords"].n_new == 5
    assert all(SECRET.encode() not in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert SECRET not in everything_logged(caplog)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bbс.example/news", "https://xn--bb-pmc.example/news"),  # с is Cyrillic
        ("https://bbc.example/news", "https://bbc.example/news"),
        ("https://reader:word@news.example:8443/a?b#c", "https://news.example:8443/a?b#c"),
        ("https://новости.рф/лента", "https://xn--b1amnebsh.xn--p1ai/лента"),
        ("https://xn--b1amarcd.xn--p1ai/", "https://xn--b1amarcd.xn--p1ai/"),
        ("https://news.example/\u202egpj.exe", "https://news.example/gpj.exe"),
        ("https://news。example/", "https://news.example/"),
        ("https://news.example\u200b/", "https://news.example/"),
        ("not an address", "not an address"),
    ],
)
def test_addresses_are_shown_as_what_they_are(url, shown):
    assert without_credentials(url) == shown
