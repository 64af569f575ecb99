"""Working on many at once what comes in one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batches(Generic[T, R]):
    """Works, in a thread, on all that has come in while it worked on the last batch. For one event loop.

    Nothing waits for a batch to fill: what comes in while nothing is being worked on is a batch of its own.

    Parameters
    ----------
    work
        Gives a result for each of a batch, in order. What it raises, all of the batch raise.
    largest
        How many a batch may hold.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]], largest: int) -> None:
        self._work = work
        self._largest = largest
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._working = asyncio.Lock()

    async def put(self, one: T) -> R:
        """Have one worked on; gives its result."""
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, result))
        async with self._working:
            if not result.done():
                await self._next()
        return await result

    async def _next(self) -> None:
        batch, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
        try:
            results = await asyncio.to_thread(self._work, [one for one, _ in batch])
        except Exception as error:
            for _, result in batch[1:]:
                if not result.done():
                    result.set_exception(error)
            raise
        for (_, result), value in zip(batch, results, strict=True):
            if not result.done():
                result.set_result(value)
