"""The process in which feeds are parsed: ``python -m tension.feeds.worker FD PARENT MEMORY``, started by `ParserPool`.

It reads tasks from the socket FD, each a name of `TASKS` and its arguments, and answers each with what the function
gives or with the `FetchError` that it raises.
It ends when the socket closes, and with its parent, however that ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

from tension.errors import FetchError
from tension.feeds.document import parse
from tension.feeds.page import article_text, robots_rule

TASKS: dict[str, Callable[..., object]] = {"feed": parse, "article": article_text, "robots": robots_rule}
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


def _answer(name: str, arguments: tuple[object, ...]) -> object:
    try:
        return TASKS[name](*arguments)
    except FetchError as error:
        return type(error)(str(error))  # without its cause, which may hold the whole document


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
