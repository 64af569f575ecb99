"""What comes in while a batch is worked on is the next batch."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tension.storage.batches import Batches


def test_each_gets_its_own_result_and_batches_grow_while_one_is_worked_on():
    sizes, hold = [], threading.Event()

    def work(numbers):
        sizes.append(len(numbers))
        hold.wait(10)
        return [number * 2 for number in numbers]

    async def every() -> list[int]:
        batches = Batches(work, largest=10)
        puts = [asyncio.create_task(batches.put(number)) for number in range(25)]
        await asyncio.sleep(0.1)
        assert sizes == [1]  # the first waited for nobody
        hold.set()
        return await asyncio.gather(*puts)

    assert asyncio.run(every()) == [number * 2 for number in range(25)]
    assert sizes == [1, 10, 10, 4]


def test_what_work_raises_all_of_its_batch_raise_and_the_next_goes_on():
    def work(numbers):
        if 3 in numbers:
            raise ValueError("three")
        return numbers

    async def every() -> list[object]:
        batches = Batches(work, largest=2)
        return await asyncio.gather(*(batches.put(number) for number in range(8)), return_exceptions=True)

    results = asyncio.run(every())
    assert [isinstance(result, ValueError) for result in results] == [n in (3, 4) for n in range(8)]
    assert results[5:] == [5, 6, 7]


def test_one_that_gives_up_holds_up_nobody():
    async def every() -> list[int]:
        batches = Batches(list, largest=2)
        puts = [asyncio.create_task(batches.put(number)) for number in range(6)]
        await asyncio.sleep(0)
        puts[2].cancel()
        with pytest.raises(asyncio.CancelledError):
            await puts[2]
        return await asyncio.gather(*puts[:2], *puts[3:])

    assert asyncio.run(every()) == [0, 1, 3, 4, 5]
