"""The misbehaving server, and asking it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import pytest

from tension.feeds.ask import Asked, ask
from tension.feeds.fetch import Fetcher, Limits
from tension.feeds.parse import ParserPool
from tension.records import Validators

LIMITS = Limits(header_seconds=1, answer_seconds=2, allowed_networks=(ip_network("127.0.0.1/32"),))


@dataclass(frozen=True)
class Misbehaving:
    """A running `tests.faults.server`; ``url`` has no slash at its end."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def fault(self, name: str) -> str:
        return f"{self.url}/faults/{name}"

    def good(self, name: str) -> str:
        return f"{self.url}/good/{name}"

    def hits(self) -> dict[str, int]:
        """How often each path was asked for."""
        directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with directly.open(f"{self.url}/hits") as answer:
            return json.load(answer)


@contextmanager
def misbehaving(host: str) -> Iterator[Misbehaving]:
    """A server of its own on an address of loopback."""
    command = [sys.executable, "-m", "tests.faults.server", host]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as server:
        assert server.stdout is not None
        yield Misbehaving(host, int(server.stdout.readline()))
        server.kill()


@pytest.fixture(scope="session")
def server() -> Iterator[Misbehaving]:
    with misbehaving("127.0.0.1") as running:
        yield running


@pytest.fixture(scope="session")
def forbidden() -> Iterator[Misbehaving]:
    """A server at an address that may not be asked."""
    with misbehaving("127.0.0.2") as running:
        yield running


@pytest.fixture(scope="module")
def parsers() -> Iterator[ParserPool]:
    with ParserPool(workers=1, seconds=2) as pool:
        yield pool


@pytest.fixture
def asked(parsers: ParserPool) -> Callable[..., list[Asked]]:
    """Asks feeds side by side."""

    async def every(urls: tuple[str, ...], limits: Limits) -> list[Asked]:
        async with Fetcher(limits) as fetcher:
            return await asyncio.gather(*(ask(url, Validators(), fetcher, parsers) for url in urls))

    return lambda *urls, limits=LIMITS: asyncio.run(every(urls, limits))
