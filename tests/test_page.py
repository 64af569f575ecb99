"""The text of an article's page, and what robots.txt says: pure, and in a worker."""

from __future__ import annotations

import asyncio

import pytest

from tension.errors import NoArticle, NotAFeed
from tension.feeds.page import MAX_CHARACTERS, RobotsRule, article_text, robots_rule
from tension.feeds.parse import ParserPool

URL = "https://a.example/news/1"
SENTENCE = "The foreign ministry said that {} diplomats of a NATO state must leave Russia within a week."


def html(n: int = 8) -> bytes:
    paragraphs = "".join(f"<p>{SENTENCE.format(number)}</p>" for number in range(n))
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
    return (
        f"<html><head><title>T</title></head><body>{menu}<article><h1>Russia expels diplomats</h1>{paragraphs}"
        "<script>alert(1)</script></article><footer>© a.example</footer></body></html>"
    ).encode()


def test_the_text_is_that_of_the_article_a_paragraph_a_line():
    text = article_text(html(), URL)
    assert SENTENCE.format(7) in text.splitlines()
    for other in ("Home", "Sport", "alert", "©"):
        assert other not in text


def test_a_text_is_capped():
    assert MAX_CHARACTERS - 100 < len(article_text(html(500), URL)) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"%PDF-1.7 \x00\xff", b"<rss/>", "<p>Kurz.</p>".encode("utf-16")]
)
def test_a_page_without_an_article_says_so(body):
    with pytest.raises(NoArticle, match="holds no article"):
        article_text(body, URL)


ROBOTS = b"""
User-agent: *
Disallow: /private
Disallow: /*/print$
Allow: /private/open
Crawl-delay: 7

User-agent: Otherbot
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "agent", "rule"),
    [
        ("/news/1", "tension", RobotsRule(True, 7)),
        ("/private/1", "tension", RobotsRule(False, 7)),
        ("/private/open/1", "tension", RobotsRule(True, 7)),
        ("/news/print", "tension", RobotsRule(False, 7)),
        ("/news/1", "Otherbot", RobotsRule(False, 0)),
    ],
)
def test_robots_txt_is_read_by_its_standard(path, agent, rule):
    assert robots_rule(ROBOTS, agent, f"https://a.example{path}") == rule


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<html>no such page</html>", b"Disallow: /"])
def test_what_is_no_robots_txt_allows_all(body):
    assert robots_rule(body, "tension", URL).allowed


def test_a_worker_takes_pages_and_robots_apart_and_is_killed_over_what_takes_too_long():
    async def work(pool):
        assert SENTENCE.format(3) in await pool.article(html(), URL)
        assert await pool.robots(ROBOTS, "Otherbot", URL) == RobotsRule(False, 0)
        with pytest.raises(NoArticle):
            await pool.article(b"nothing", URL)
        (first,) = pool.pids
        with pytest.raises(NotAFeed, match=r"took longer than|the process .* died"):
            await pool.article(b"<p>" * 900_000, URL)
        assert await pool.robots(ROBOTS, "tension", URL) == RobotsRule(True, 7)
        assert pool.pids != {first}

    with ParserPool(workers=1, seconds=2) as pool:
        asyncio.run(work(pool))
