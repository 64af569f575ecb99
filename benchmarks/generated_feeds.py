"""Made-up feeds, and a server that gives them out on loopback: for benchmarks.

    python benchmarks/generated_feeds.py 500

A feed has 30 items and about 40 KB (half of them between 26 and 50), in one of six languages, as RSS 2.0 or, one in
five, as Atom; summaries are HTML, one feed in four carries whole texts too. The server prints its port. It answers
``/N.xml`` with ``ETag`` and ``Last-Modified``, and with 304 to whoever sends them back. It speaks just enough HTTP to
cost less than those who ask: a fair referee between two readers on one machine.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path

N_ITEMS = 30
NEWEST = datetime(2026, 11, 20, 18, tzinfo=UTC)
PACES = (10, 40, 180, 720, 1440)  # minutes between two items
LANGUAGES = ("en", "fr", "de", "ru", "uk", "pl")
WORDS = {
    "en": "the minister said that talks on the border will go on after winter while ships of both sides keep away from "
    "each other and the council has not yet found out who cut the cable under the sea last week",
    "fr": "le ministre a dit que les pourparlers sur la frontière vont continuer après l’hiver alors que les navires "
    "des deux côtés se tiennent à distance et que le conseil ne sait pas encore qui a coupé le câble sous la mer",
    "de": "der Minister sagte dass die Gespräche über die Grenze nach dem Winter weitergehen während die Schiffe "
    "beider Seiten Abstand halten und der Rat noch nicht weiß wer das Kabel unter dem Meer jüngst durchtrennt hat",
    "ru": "министр сказал что переговоры о границе продолжатся после зимы пока корабли обеих сторон держатся на "
    "расстоянии и совет ещё не выяснил кто перерезал кабель на дне моря на прошлой неделе",
    "uk": "міністр сказав що переговори про кордон триватимуть після зими поки кораблі обох сторін тримаються на "
    "відстані і рада ще не з’ясувала хто перерізав кабель на дні моря минулого тижня",
    "pl": "minister powiedział że rozmowy o granicy będą trwały po zimie podczas gdy okręty obu stron trzymają się z "
    "daleka a rada jeszcze nie wie kto w zeszłym tygodniu przeciął kabel na dnie morza",
}


def feed_language(number: int) -> str:
    """The language of a feed."""
    return LANGUAGES[number % len(LANGUAGES)]


def document(number: int) -> bytes:
    """The feed of a number, always the same."""
    chance = random.Random(number)
    words = vocabulary(feed_language(number))
    usual = chance.lognormvariate(3.95, 0.45) * (0.6 if feed_language(number) in ("ru", "uk") else 1.0)  # 2 bytes each
    item, frame = (_entry, _atom) if number % 5 == 4 else (_item, _rss)
    lengths = [max(10, int(usual * chance.lognormvariate(0, 0.4))) for _ in range(N_ITEMS)]
    items = "\n".join(item(number, position, chance, words, n) for position, n in enumerate(lengths))
    return frame(number, items).encode()


@cache
def vocabulary(language: str) -> list[str]:
    """Words of a language, and others put together from their halves, as names are that nobody has heard of."""
    words = WORDS[language].split()
    chance = random.Random(language)
    made = [chance.choice(words)[: 2 + i % 3] + chance.choice(words)[-4:] for i in range(600)]
    return words * 20 + [name.capitalize() if i % 3 == 0 else name for i, name in enumerate(made)]


def _rss(number: int, items: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Paper {number}</title><link>https://paper{number}.example/</link><description>Made-up news</description>
<atom:link href="https://paper{number}.example/rss" rel="self" type="application/rss+xml"/>
<language>{feed_language(number)}</language><ttl>15</ttl>
{items}
</channel></rss>"""


def _item(number: int, position: int, chance: random.Random, words: list[str], n_words: int) -> str:
    title, link = _sentence(chance, words, 11), _link(number, position, chance)
    summary = _html(chance, words, n_words)
    shown = f"<![CDATA[{summary}]]>" if number % 3 else escape(summary)
    at = format_datetime(_published_at(number, position, chance))
    whole = f"<content:encoded><![CDATA[{_html(chance, words, n_words)}]]></content:encoded>" if number % 4 == 0 else ""
    return f"""<item><title>{title}</title><link>{link}?utm_source=rss&amp;utm_medium=feed</link>
<guid isPermaLink="false">paper{number}-{position}</guid><pubDate>{at}</pubDate>
<dc:creator>{_sentence(chance, words, 2)}</dc:creator><category>{chance.choice(words)}</category>
<category>{chance.choice(words)}</category><description>{shown}</description>{whole}
<media:content url="{link}/photo.jpg" medium="image" type="image/jpeg" width="1200" height="675"/></item>"""


def _atom(number: int, items: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed_language(number)}"><title>Paper {number}</title>
<id>tag:paper{number}.example,2026:/</id><link href="https://paper{number}.example/"/>
<updated>{NEWEST.isoformat()}</updated>
{items}
</feed>"""


def _entry(number: int, position: int, chance: random.Random, words: list[str], n_words: int) -> str:
    at = _published_at(number, position, chance).isoformat()
    return f"""<entry><title>{_sentence(chance, words, 11)}</title><link href="{_link(number, position, chance)}"/>
<id>tag:paper{number}.example,2026:{position}</id><updated>{at}</updated>
<author><name>{_sentence(chance, words, 2)}</name></author><category term="{chance.choice(words)}"/>
<summary type="html">{escape(_html(chance, words, n_words))}</summary></entry>"""


def _sentence(chance: random.Random, words: list[str], n: int) -> str:
    return " ".join(chance.choices(words, k=n)).capitalize()


def _html(chance: random.Random, words: list[str], n_words: int) -> str:
    first, second = _sentence(chance, words, n_words // 2), _sentence(chance, words, n_words // 2)
    image = '<img src="https://static.example/photo.jpg" alt="" width="640" height="360" /> '
    return f'<p>{image}{first}, <a href="https://paper.example/more">{chance.choice(words)}</a>.</p><p>{second}.</p>'


def _link(number: int, position: int, chance: random.Random) -> str:
    return f"https://www.paper{number}.example/world/2026/11/{chance.randrange(10**9)}/story-number-{position}.html"


def _published_at(number: int, position: int, chance: random.Random) -> datetime:
    apart = PACES[number % len(PACES)]
    return NEWEST - timedelta(minutes=apart * position + chance.randrange(apart))


class _Connection(asyncio.Protocol):
    """One connection of HTTP/1.1 with keep-alive."""

    answers: dict[bytes, tuple[bytes, bytes]]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.read = b""

    def data_received(self, data: bytes) -> None:
        self.read += data
        while b"\r\n\r\n" in self.read:
            head, _, self.read = self.read.partition(b"\r\n\r\n")
            known = b"if-none-match:" in head.lower()
            self.transport.write(self.answers[head.split(b" ", 2)[1]][known])  # type: ignore[attr-defined]


def _answers(number: int) -> tuple[bytes, bytes]:
    body = document(number)
    same = f'ETag: "{number}-{len(body)}"\r\nLast-Modified: {format_datetime(NEWEST, usegmt=True)}\r\n\r\n'.encode()
    whole = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n".encode()
    return whole + same + body, b"HTTP/1.1 304 Not Modified\r\n" + same


async def _serve(n: int) -> None:
    _Connection.answers = {f"/{number}.xml".encode(): _answers(number) for number in range(n)}
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def served(n: int) -> Iterator[list[str]]:
    """The addresses of n feeds, given out by a process of their own."""
    server = subprocess.Popen([sys.executable, str(Path(__file__)), str(n)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        yield [f"http://127.0.0.1:{port}/{number}.xml" for number in range(n)]
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
