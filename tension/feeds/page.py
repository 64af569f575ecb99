"""The text of an article's page, and what a site's robots.txt says of it. Pure; needs the extra ``fulltext``.

The only code that knows trafilatura and Protego. Both read what strangers wrote, so it runs in the worker processes.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from tension.errors import NoArticle
from tension.feeds.plain import plain_text

MAX_CHARACTERS = 20_000
_FEWEST_CHARACTERS = 200
_ROBOTS_BYTES = 500 * 1024  # as much as RFC 9309 asks to be read


def article_text(body: bytes, url: str) -> str:
    """The text of the article on a page, a paragraph a line, without menus, comments and tables.

    Parameters
    ----------
    body, url
        The page and its address.

    Raises
    ------
    NoArticle
        Where there is none, or less than 200 characters of it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a library for proxies that is not here and not wanted
        import trafilatura

    found = trafilatura.extract(body, url=url, include_comments=False, include_tables=False, favor_precision=True) or ""
    lines = (plain_text(line, MAX_CHARACTERS) for line in found.splitlines())
    text = "\n".join(line for line in lines if line)[:MAX_CHARACTERS]
    if len(text) < _FEWEST_CHARACTERS:
        raise NoArticle("the page holds no article that can be read")
    return text


@dataclass(frozen=True, slots=True)
class RobotsRule:
    """Whether a page may be read, and the seconds that the site wants between two pages."""

    allowed: bool
    delay: float


def robots_rule(body: bytes, agent: str, url: str) -> RobotsRule:
    """What a robots.txt says of an address, by RFC 9309.

    Parameters
    ----------
    body
        The file; its first 500 KiB count.
    agent
        The product token of our User-Agent, such as ``tension``.
    url
        The page.

    Notes
    -----
    Protego and not `urllib.robotparser`, which takes a ``*`` in a path for a letter and the first rule that fits for
    the one that counts; news sites write rules for which that matters.
    """
    from protego import Protego

    rules = Protego.parse(body[:_ROBOTS_BYTES].decode("utf-8", "replace"))
    return RobotsRule(rules.can_fetch(url, agent), max(0.0, rules.crawl_delay(agent) or 0.0))
