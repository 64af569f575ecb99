"""The process in which feeds are parsed: ``python -m tension.feeds.worker FD PARENT MEMORY``, started by `ParserPool`.

It reads tasks ``(body, url, content_type)`` from the socket FD and answers each with a `ParsedFeed` or a `NotAFeed`.
It ends when the socket closes, and with its parent, however that ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

from tension.errors import NotAFeed
from tension.feeds.document import parse
from tension.records import ParsedFeed

_PR_SET_PDEATHSIG = 1


def main(fd: int, parent: int, memory_bytes: int) -> None:
    """Serve tasks until the pool closes its end."""
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Connection(fd) as tasks:
        tasks.send(None)
        while True:
            try:
                task = tasks.recv()
            except EOFError:
                return
            tasks.send(_answer(*task))


def _answer(body: bytes, url: str, content_type: str | None) -> ParsedFeed | NotAFeed:
    try:
        return parse(body, url, content_type)
    except NotAFeed as error:
        return NotAFeed(str(error))  # without its cause, which may hold the whole document


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
