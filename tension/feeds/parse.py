"""Parsing in processes that can be killed: a deadline, a memory limit, and no orphans.

Notes
-----
Neither `concurrent.futures` nor Pebble is used. The first cannot kill one worker; both start workers through
`multiprocessing`, which imports the caller's main module (the whole dashboard) into each of them, and a Pebble pool
is broken for good when an idle worker dies. Each worker here belongs to one thread, which waits for it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path
from types import TracebackType
from typing import Self

from tension.errors import FetchError, NotAFeed
from tension.feeds.document import parse
from tension.feeds.page import RobotsRule
from tension.records import ParsedFeed

__all__ = ["ParserPool", "parse"]

_START_SECONDS = 60.0
_ROOT = Path(__file__).parents[2]
_Task = tuple[str, tuple[object, ...]]  # a name of `tension.feeds.worker.TASKS`, and its arguments


class _Worker:
    """One process and the pool's end of the socket to it."""

    def __init__(self, memory_bytes: int) -> None:
        self.tasks, theirs = Pipe()
        arguments = (str(theirs.fileno()), str(os.getpid()), str(memory_bytes))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tension.feeds.worker", *arguments],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=_environment(),
        )
        theirs.close()

    @property
    def pid(self) -> int:
        return self.process.pid

    def await_start(self) -> None:
        if not self.tasks.poll(_START_SECONDS):
            raise EOFError
        self.tasks.recv()

    def kill(self) -> None:
        self.process.kill()

    def bury(self) -> int:
        """End it and give its exit code, negative for a signal."""
        self.process.kill()
        self.tasks.close()
        return self.process.wait()


class ParserPool:
    """Parses feeds in worker processes. A context manager; usable from any event loop and thread.

    Parameters
    ----------
    workers
        Processes at most; each starts with the first task that needs it.
    seconds
        Deadline for one document, from when a worker has it; then the worker is killed and replaced.
    memory_bytes
        Address space of one worker.
    """

    def __init__(self, workers: int = 2, seconds: float = 10.0, memory_bytes: int = 1_000_000_000) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parser")
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> frozenset[int]:
        """The processes that live now."""
        with self._lock:
            return frozenset(worker.pid for worker in self._workers)

    def close(self) -> None:
        """Kill the workers and wait for their end. Documents still being parsed are cancelled."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in tuple(self._workers):
            self._drop(worker)

    async def parse(self, body: bytes, url: str = "", content_type: str | None = None) -> ParsedFeed:
        """`tension.feeds.document.parse` in a worker.

        Raises
        ------
        NotAFeed
            As there; and when the deadline passed, or the worker died over the document.
        """
        parsed = await self._in_worker("feed", body, url, content_type)
        assert isinstance(parsed, ParsedFeed)
        return parsed

    async def article(self, body: bytes, url: str) -> str:
        """`tension.feeds.page.article_text` in a worker, which raises as there and as `parse`."""
        return str(await self._in_worker("article", body, url))

    async def robots(self, body: bytes, agent: str, url: str) -> RobotsRule:
        """`tension.feeds.page.robots_rule` in a worker, which raises as `parse`."""
        rule = await self._in_worker("robots", body, agent, url)
        assert isinstance(rule, RobotsRule)
        return rule

    async def _in_worker(self, name: str, *arguments: object) -> object:
        return await asyncio.wrap_future(self._threads.submit(self._ask, (name, arguments)))

    def _ask(self, task: _Task) -> object:
        worker = self._worker()
        try:
            worker.tasks.send(task)
            if not worker.tasks.poll(self._seconds):
                self._drop(worker)
                raise NotAFeed(f"took longer than {self._seconds:g} s to parse; the document was given up")
            answer = worker.tasks.recv()
        except (EOFError, OSError) as error:
            raise self._lost(worker) from error
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def _worker(self) -> _Worker:
        worker: _Worker | None = getattr(self._mine, "worker", None)
        if worker in self._workers and worker.process.poll() is None:
            return worker
        if worker in self._workers:
            self._drop(worker)
        self._mine.worker = worker = self._start()
        try:
            worker.await_start()
        except (EOFError, OSError) as error:
            raise self._lost(worker) from error
        return worker

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise CancelledError
            worker = _Worker(self._memory_bytes)
            self._workers.add(worker)
            return worker

    def _lost(self, worker: _Worker) -> Exception:
        code = self._drop(worker)
        if self._closed:
            return CancelledError()
        return NotAFeed(f"the process that parsed the answer died (exit {code}); the document was given up")

    def _drop(self, worker: _Worker) -> int:
        with self._lock:
            self._workers.discard(worker)
        return worker.bury()


def _environment() -> dict[str, str]:
    # no TENSION_DATABASE_URL with its password beside hostile documents
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TENSION_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, [kept.get("PYTHONPATH")])])}
