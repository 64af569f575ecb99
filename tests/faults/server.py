"""A web server on loopback that does what feeds should not; `FAULTS` names each misbehaviour.

``python -m tests.faults.server ADDRESS`` serves in a process of its own, so that what it costs is
not charged to who asks.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import cache
from urllib.parse import unquote

from tests.faults import documents

DRIP_SECONDS = 0.05


class Server:
    """Serves ``/good/NAME``, ``/faults/NAME``, ``/titles``, ``/passwords``, ``/to?URL`` and ``/raw/HEX``.

    ``/hits`` tells how often each path was asked for.
    """

    def __init__(self, host: str) -> None:
        self.host, self.port = host, 0
        self.hits: Counter[str] = Counter()

    async def run(self) -> None:
        """Print the port, then serve until the process is ended."""
        server = await asyncio.start_server(self._serve, self.host, 0)
        self.port = server.sockets[0].getsockname()[1]
        print(self.port, flush=True)
        await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(Reply(self, writer), head.split(b" ")[1].decode("latin-1"))
        writer.close()

    async def _answer(self, reply: Reply, path: str) -> None:
        if path == "/hits":
            await reply.whole(json.dumps(self.hits).encode())
            return
        self.hits[path] += 1
        kind, _, name = path.strip("/").partition("/")
        if kind == "good":
            await reply.whole(documents.good(name))
        elif path.startswith("/to?"):
            await reply.redirect(unquote(path.removeprefix("/to?")))
        elif kind == "raw":
            await reply.send(bytes.fromhex(name))
        elif kind == "titles":
            await reply.whole(documents.hostile_titles())
        elif kind == "passwords":
            await reply.whole(documents.passwords())
        elif kind == "chain":
            await reply.redirect(f"/chain/{int(name) + 1}")
        elif name in FAULTS:
            await FAULTS[name](reply)
        else:
            await reply.whole(b"no such page", "404 Not Found")


class Reply:
    """The way back to one client."""

    def __init__(self, server: Server, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.writer = writer

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def head(self, status: str = "200 OK", *lines: str) -> None:
        fields = [f"HTTP/1.1 {status}", "Content-Type: application/rss+xml", "Connection: close", *lines, "", ""]
        await self.send("\r\n".join(fields).encode())

    async def whole(self, body: bytes, status: str = "200 OK", *lines: str) -> None:
        await self.head(status, f"Content-Length: {len(body)}", *lines)
        await self.send(body)

    async def redirect(self, to: str) -> None:
        await self.head("302 Found", "Content-Length: 0", f"Location: {to}")

    async def stream(self, pieces: Iterable[bytes]) -> None:
        await self.head()
        await self.send(*pieces)


_Fault = Callable[[Reply], Awaitable[None]]


def _document(make: Callable[[], bytes], *lines: str) -> _Fault:
    made = cache(make)

    async def fault(reply: Reply) -> None:
        await reply.whole(made(), "200 OK", *lines)

    return fault


def _to(location: str) -> _Fault:
    async def fault(reply: Reply) -> None:
        await reply.redirect(location.format(port=reply.server.port))

    return fault


def _raw(*pieces: bytes) -> _Fault:
    async def fault(reply: Reply) -> None:
        await reply.send(*pieces)

    return fault


async def _silent(reply: Reply) -> None:
    await asyncio.sleep(60)


async def _drip_headers(reply: Reply) -> None:
    await reply.send(b"HTTP/1.1 200 OK\r\n")
    for n in range(1000):
        await reply.send(b"X-%d: y\r\n" % n)
        await asyncio.sleep(DRIP_SECONDS)


async def _drip(reply: Reply) -> None:
    await reply.head()
    for byte in documents.good("drip", 100):
        await reply.send(bytes([byte]))
        await asyncio.sleep(DRIP_SECONDS)


async def _endless(reply: Reply) -> None:
    await reply.head()
    while True:
        await reply.send(b" " * documents.MEGABYTE)


async def _page_of_cdata(reply: Reply) -> None:
    await reply.stream(documents.page_of_cdata())


FAULTS: dict[str, _Fault] = {
    "authors": _document(documents.authors),
    "attributes": _document(documents.attributes),
    "many-items": _document(documents.many_items),
    "deep": _document(documents.deep),
    "entities": _document(documents.entities),
    "page-of-cdata": _page_of_cdata,
    "html": _document(lambda: documents.HTML_PAGE),
    "path": _document(lambda: b"/etc/hostname"),
    "file-address": _document(lambda: b"file:///etc/hostname"),
    "gzip-bomb": _document(documents.gzip_bomb, "Content-Encoding: gzip"),
    "not-gzip": _document(lambda: documents.good("plain"), "Content-Encoding: gzip"),
    "brotli": _document(lambda: documents.good("plain"), "Content-Encoding: br"),
    "to-link-local": _to("http://169.254.169.254/latest/meta-data/"),
    "to-private": _to("http://10.0.0.1/feed.xml"),
    "to-other-loopback": _to("http://127.0.0.2:{port}/good/a"),
    "to-mapped-loopback": _to("http://[::ffff:127.0.0.3]:{port}/good/a"),
    "to-loopback-as-number": _to("http://2130706436:{port}/good/a"),
    "to-file": _to("file:///etc/hostname"),
    "to-gopher": _to("gopher://127.0.0.1:{port}/1feed"),
    "to-data": _to("data:text/xml,<rss/>"),
    "to-script": _to("javascript:alert(1)"),
    "to-credentials": _to(f"http://reader:{documents.SECRET}@127.0.0.1:{{port}}/good/a"),
    "to-credentials-elsewhere": _to(f"http://reader:{documents.SECRET}@[bad/good/a"),
    "to-nowhere": _to(""),
    "circle": _to("/faults/circle-back"),
    "circle-back": _to("/faults/circle"),
    "chain": _to("/chain/1"),
    "not-modified": _raw(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"),
    "silent": _silent,
    "drip-headers": _drip_headers,
    "drip": _drip,
    "endless": _endless,
    "hangs-up": _raw(),
    "not-http": _raw(b"SSH-2.0-OpenSSH_9.2\x1b[2J\x07\r\n\r\n"),
    "long-header": _raw(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 100_000, b"\r\n\r\n"),
    "odd-status": _raw(b"HTTP/1.1 200\x1b[31m O\x07K\r\nContent-Length: zwei\r\n\r\n"),
}


if __name__ == "__main__":
    asyncio.run(Server(sys.argv[1]).run())
