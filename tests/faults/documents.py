"""Documents that harm a careless reader, and a good one. Made here, of our own words."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

MEGABYTE = 2**20
SECRET = "S3CRET"


def feed(items: str, doctype: str = "") -> bytes:
    """An RSS document."""
    prolog = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<rss version="2.0">'
    return f"{prolog}<channel><title>Test wire</title>{items}</channel></rss>".encode("utf-8", "surrogatepass")


def item(n: int, more: str = "", host: str = "news.example") -> str:
    """An RSS item with a title and a link of its own."""
    return f"<item><title>Report number {n}</title><link>https://{host}/{n}</link>{more}</item>"


def good(name: str, n_items: int = 5) -> bytes:
    """A feed whose articles no other feed carries."""
    return feed("".join(item(n, host=f"{name}.example") for n in range(n_items)))


def passwords() -> bytes:
    """Links and identities with a password in them, in every way in which a feed can give one."""
    url = f"https://reader:{SECRET}@news.example"
    return feed(
        f"<item><title>a</title><link>{url}/1?to=//a@b</link></item>"
        f"<item><title>b</title><guid>{url}/2</guid></item>"
        f'<item><title>c</title><guid isPermaLink="false">{url}/3</guid></item>'
        f"<item><title>d</title><link>//{SECRET}@news.example/4</link></item>"
        f"<item><title>e</title><link>{url}:port/5</link><guid>{url}:port/5</guid></item>"
    )


HOSTILE_TITLES = [
    "<script>alert(1)</script>Script",
    "&lt;script&gt;alert(1)&lt;/script&gt;Script escaped",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;Image escaped twice",
    "<![CDATA[<svg/onload=alert(1)>Drawing]]>",
    "\"'><b onmouseover=alert(1)>Attribute</b>",
    "' onmouseover='alert(1)",
    '=HYPERLINK("http://evil.example","Open")',
    "+1+cmd|' /C calc'!A0",
    "-2+3 troops",
    "@SUM(1,2)",
    "&#9;=1+1",
    "\uff1d1+1 in wide letters",
    "&#x202e;=1+1 from right to left",
    "3 &lt; 5 and 6 &gt; 2",
    "[link](javascript:alert(1)) $x^2$ :red[red]",
]


def hostile_titles() -> bytes:
    """Titles, texts and links that would do something in a page or a spreadsheet."""
    links = ["javascript:alert(1)", "data:text/html,x", 'https://news.example/"onmouseover="alert(1)', "=1+1"]
    return feed(
        "".join(
            f"<item><title>{title}</title><link>{links[n % len(links)]}{n}</link><guid isPermaLink='false'>g{n}</guid>"
            f"<description>{title}</description></item>"
            for n, title in enumerate(HOSTILE_TITLES)
        )
    )


def authors() -> bytes:
    """Authors of 64 KB each, which feedparser searches for an address in quadratic time; it reads all with a type."""
    return feed("".join(item(n, f"<author>{'a' * 64 * 1024}</author>") for n in range(10)), "<!DOCTYPE rss>")


def attributes() -> bytes:
    """An element with 100,000 attributes."""
    many = " ".join(f'a{n}="x"' for n in range(100_000))
    return feed(item(1).replace("<item>", f"<item {many}>"), "<!DOCTYPE rss>")


def deep() -> bytes:
    """Elements inside elements, 200,000 deep."""
    return feed("<item>" + "<a>" * 200_000 + "</a>" * 200_000 + "</item>")


def many_items() -> bytes:
    """100,000 items, near the cap on a body."""
    return feed("".join(item(n) for n in range(100_000)))


def entities() -> bytes:
    """An entity of ten entities of ten entities …"""
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return feed("<item><title>&e9;</title></item>", f'<!DOCTYPE r [<!ENTITY e0 "x">{nested}]>')


def gzip_bomb() -> bytes:
    """A gigabyte, packed into some tens of KB: one member sixty-four times."""
    return gzip.compress(b" " * 16 * MEGABYTE, 1) * 64


def page_of_cdata() -> Iterator[bytes]:
    """A feed of 50 MB in pieces: one item whose text is a CDATA section without markup."""
    yield b'<rss version="2.0"><channel><item><title>x</title><description><![CDATA['
    for _ in range(50):
        yield b"word " * (MEGABYTE // 5)
    yield b"]]></description></item></channel></rss>"


HTML_PAGE = b"<!doctype html><html><head><title>Wire</title></head><body><h1>Please wait</h1></body></html>"
