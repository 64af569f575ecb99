"""Which addresses are connected to, and which URLs are one article."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.feeds.addresses import canonical_url, permitted, same_feed, without_credentials

PUBLIC = ["8.8.8.8", "193.99.144.80", "2a00:1450:4001:82b::200e", "2606:4700::1111", "::ffff:8.8.8.8"]
REFUSED = [
    "0.0.0.0",
    "10.0.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "168.63.129.16",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "2a00::1%eth0",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_permitted(address):
    assert permitted(address)


@pytest.mark.parametrize("address", [*REFUSED, ""])
def test_what_is_not_public_is_refused(address):
    assert not permitted(address)


def test_allowed_networks_let_their_own_addresses_through_and_no_others():
    one = (ip_network("127.0.0.1/32"),)
    assert permitted("127.0.0.1", one)
    assert permitted("::ffff:127.0.0.1", one)
    assert not permitted("127.0.0.2", one)
    assert not permitted("::1", one)
    assert not permitted("10.0.0.1", one)
    assert permitted("fd12::5", (ip_network("fd12::/16"),))


@given(st.ip_addresses())
def test_an_allowed_network_of_everything_permits_everything(address):
    assert permitted(address, (ip_network("0.0.0.0/0"), ip_network("::/0")))


SAME = [
    ("http://Example.ORG:80/a#top", "https://example.org/a"),
    ("https://example.org:443/a?utm_source=rss&utm_medium=feed", "https://example.org/a"),
    ("https://www.bbc.com/news/articles/c1?at_medium=RSS&at_campaign=rss", "https://www.bbc.com/news/articles/c1"),
    ("https://www.lemonde.fr/a_1_2.html?xtor=RSS-3208", "https://www.lemonde.fr/a_1_2.html"),
    ("https://example.org/a?id=1&fbclid=x", "https://example.org/a?id=1"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org/a/../b/./c", "https://example.org/b/c"),
    ("https://example.org/%7euser/caf%c3%a9", "https://example.org/~user/café"),
    ("https://пример.рф/а", "https://xn--e1afmkfd.xn--p1ai/%D0%B0"),
    ("https://user:secret@example.org/a", "https://example.org/a"),
    ("https://www.aljazeera.com/news/2026/2/18/x?traffic_source=rss", "https://www.aljazeera.com/news/2026/2/18/x"),
    ("https://www.dw.com/en/x/a-1?maca=en-rss-en-all-1573-rdf", "https://www.dw.com/en/x/a-1"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_article_has_one_url(one, other):
    assert canonical_url(one) == canonical_url(other)


APART = [
    ("https://example.org/a?id=1", "https://example.org/a?id=2"),
    ("https://example.org/story?12345", "https://example.org/story?12346"),
    ("https://example.org/story?cid=1", "https://example.org/story?cid=2"),
    ("https://example.org/?ref=1", "https://example.org/?ref=2"),
    ("https://example.org/#!/news/1", "https://example.org/#!/news/2"),
    ("https://example.org/A", "https://example.org/a"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%26b", "https://example.org/a&b"),
    ("https://example.org/a?q=1%262", "https://example.org/a?q=1&2"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://faß.de/a", "https://fass.de/a"),
    ("https://en.example.org/a", "https://fr.example.org/a"),
    ("https://example.org/a?x=1&x=2", "https://example.org/a?x=2&x=1"),
    ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?v=b"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_articles_have_two_urls(one, other):
    assert canonical_url(one) != canonical_url(other)


def test_parameters_of_feeds_all_count():
    assert same_feed("https://example.org/?feed=rss&utm_source=x") != same_feed("https://example.org/?feed=rss")
    assert same_feed("http://EXAMPLE.org/rss#x") == same_feed("https://example.org/rss")


@pytest.mark.parametrize(
    "odd", ["", "tag:example.org,2020:1", "mailto:a@b.c", "http://[", "http://a:x/", "//x/y", "http:///a"]
)
def test_what_is_no_web_address_stays(odd):
    assert canonical_url(odd) == odd


urls = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.org", "A.org:80", "a.org:443", "u:p@a.org", "пример.рф", "[::1]:8080", "a.org."]),
    st.text("/ab.%25cé ;:@", max_size=12).map(lambda path: "/" + path),
    st.text("?#&=ab1%2fü+!/ ", max_size=12),
)


@given(st.one_of(st.text(), urls))
def test_canonical_url_is_idempotent(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.text("abc123-._~", min_size=1), st.text("abc123-._~", min_size=1))
def test_different_ids_never_meet(one, other):
    urls = {canonical_url(f"https://a.org/x?id={number}") for number in (one, other)}
    assert len(urls) == len({one, other})


def test_credentials_and_lookalike_letters_are_not_shown():
    assert without_credentials("https://me:secret@example.org:8443/a?b") == "https://example.org:8443/a?b"
    assert without_credentials("https://me@pass@example.org/a") == "https://example.org/a"
    assert without_credentials("https://аpple.com/") == "https://xn--pple-43d.com/"
    assert without_credentials("http://u:p@[broken/") == "http://[broken/"


@given(st.text("abc@: %[]", max_size=10), st.text("xyz/@", max_size=5))
def test_a_password_is_never_shown(user, path):
    assert "S3CRET" not in without_credentials(f"https://{user}:S3CRET@h.org/{path}")
