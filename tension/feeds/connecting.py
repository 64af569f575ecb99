"""Opening connections: names are looked up aside, and addresses that are not public refused as they are opened."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

from tension.feeds.addresses import Network, permitted


def public_sockets(allowed_networks: Iterable[Network]) -> Callable[[AddrInfoType], socket.socket]:
    """A socket factory for aiohttp that raises `Refused` for what `tension.feeds.addresses.permitted` denies."""
    allowed = tuple(allowed_networks)

    def public_socket(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, target = address
        if not permitted(str(target[0]), allowed):
            raise Refused(str(target[0]))
        return socket.socket(family, kind, protocol)

    return public_socket


class Refused(OSError):
    """An `OSError`, so that aiohttp goes on to a name's next address; one text for all, so that it stays itself."""

    def __init__(self, address: str) -> None:
        super().__init__("not a public address")
        self.address = address


class Names(AbstractResolver):
    """Looks names up in daemon threads: a hung lookup delays neither other feeds nor the end of the program."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await _in_daemon_thread(
            lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        )
        return [
            ResolveResult(
                hostname=host, host=str(target[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, target in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def _in_daemon_thread(look_up: Callable[[], Any]) -> Any:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(found: Any, error: BaseException | None) -> None:
        if not future.done():
            future.set_result(found) if error is None else future.set_exception(error)

    def run() -> None:
        found, error = None, None
        try:
            found = look_up()
        except (OSError, UnicodeError) as failure:
            error = failure
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, found, error)

    threading.Thread(target=run, name="name lookup", daemon=True).start()
    return await future
