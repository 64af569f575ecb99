"""Parsing in workers that can be killed: deadlines, memory, no orphans."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tension.errors import NotAFeed
from tension.feeds.parse import ParserPool
from tests.test_document import rss

ROOT = Path(__file__).parents[1]

GOOD = rss("<item><title>Good</title></item>")
ATTRIBUTES = rss("<item " + " ".join(f'a{n}="x"' for n in range(100_000)) + "><title>x</title></item>")
AUTHORS = rss(("<item><title>x</title><new/><author>" + "a" * 16_000 + "</author></item>") * 40)  # feedparser's part


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pids, seconds=5.0) -> bool:
    until = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(alive, pids))


def titles(pool: ParserPool, *bodies: bytes) -> list[str]:
    """The first title of each, or the message of its error."""

    async def one(body: bytes) -> str:
        try:
            return (await pool.parse(body)).items[0].title
        except NotAFeed as error:
            return str(error)

    async def every() -> list[str]:
        return await asyncio.gather(*map(one, bodies))

    return asyncio.run(every())


def test_workers_start_with_the_first_document_and_are_kept():
    with ParserPool(workers=2) as pool:
        assert not pool.pids
        assert titles(pool, GOOD) == ["Good"]
        first = pool.pids
        assert len(first) == 1
        assert titles(pool, *[GOOD] * 20) == ["Good"] * 20
        assert first <= pool.pids
        assert len(pool.pids) <= 2
    assert gone(first)


def test_errors_come_back_as_they_are():
    with ParserPool(workers=1) as pool:
        (said,) = titles(pool, b"{}")
    assert said == "the answer is JSON, not a feed; only RSS, RDF and Atom are read"


@pytest.mark.parametrize("body", [AUTHORS, ATTRIBUTES], ids=["authors", "attributes"])
def test_a_document_that_takes_too_long_is_given_up_and_the_pool_goes_on(body):
    with ParserPool(workers=1, seconds=0.5) as pool:
        titles(pool, GOOD)
        first = pool.pids
        slow, good = titles(pool, body, GOOD)
        assert slow == "took longer than 0.5 s to parse; the document was given up"
        assert good == "Good"
        assert gone(first)


def test_a_worker_that_dies_is_replaced():
    with ParserPool(workers=1) as pool:
        titles(pool, GOOD)
        (first,) = pool.pids
        os.kill(first, signal.SIGKILL)
        assert gone([first])
        assert titles(pool, GOOD) == ["Good"]


def test_a_worker_that_dies_over_a_document_says_so():
    async def kill_while_parsing(pool: ParserPool) -> None:
        await pool.parse(GOOD)
        (worker,) = pool.pids
        parsing = asyncio.create_task(pool.parse(ATTRIBUTES))
        await asyncio.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        await parsing

    with ParserPool(workers=1) as pool:
        with pytest.raises(NotAFeed, match=r"died \(exit -9\)"):
            asyncio.run(kill_while_parsing(pool))
        assert titles(pool, GOOD) == ["Good"]


def test_a_worker_has_only_so_much_memory():
    with ParserPool(workers=1, memory_bytes=120_000_000) as pool:
        large, good = titles(
            pool, rss(f"<item><title>x</title><description>{'я ' * 20_000_000}</description></item>"), GOOD
        )
    assert "more memory" in large or "died" in large
    assert good == "Good"


def test_closing_ends_busy_workers_at_once():
    async def close_while_parsing() -> float:
        pool = ParserPool(workers=2, seconds=60)
        parsing = [asyncio.create_task(pool.parse(ATTRIBUTES)) for _ in range(5)]
        await asyncio.sleep(1)
        assert len(pool.pids) == 2
        pids, started = pool.pids, time.monotonic()
        await asyncio.to_thread(pool.close)
        took = time.monotonic() - started
        results = await asyncio.gather(*parsing, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        assert gone(pids)
        return took

    assert asyncio.run(close_while_parsing()) < 2


ORPHAN = """
import asyncio, sys
from tension.feeds.parse import ParserPool
pool = ParserPool(workers=1, seconds=60)
async def main():
    await pool.parse(b"<rss version='2.0'><channel><title>t</title></channel></rss>")
    print(*pool.pids, flush=True)
    await pool.parse(sys.stdin.buffer.read())
asyncio.run(main())
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_parent_even_while_parsing(end):
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdin is not None
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.stdin.write(ATTRIBUTES)
    parent.stdin.close()
    time.sleep(0.5)
    assert alive(worker)
    parent.send_signal(end)
    parent.wait(10)
    parent.stdout.close()
    assert gone([worker])


def test_a_worker_imports_little():
    code = "import sys, tension.feeds.worker; print(*sorted(m for m in sys.modules if '.' not in m))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    modules = modules.stdout.split()
    assert not {"aiohttp", "asyncio", "pandas", "numpy", "sklearn", "streamlit", "sqlalchemy"} & set(modules)
    assert "feedparser" in modules


def test_a_workers_environment_has_no_secrets(monkeypatch):
    monkeypatch.setenv("TENSION_DATABASE_URL", "postgresql://u:S3CRET@h/d")
    with ParserPool(workers=1) as pool:
        titles(pool, GOOD)
        (worker,) = pool.pids
        assert b"S3CRET" not in Path(f"/proc/{worker}/environ").read_bytes()
