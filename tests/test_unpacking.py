"""Bodies are unpacked whole, wherever their pieces end."""

from __future__ import annotations

import zlib

import pytest

from tension.errors import AnswerTooLarge, FetchError
from tension.feeds.unpacking import Body

PIECE = 64 * 1024
WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "zlib": zlib.MAX_WBITS, "raw": -zlib.MAX_WBITS}


def packed(plain: bytes, way: str) -> bytes:
    packer = zlib.compressobj(wbits=WINDOWS[way])
    return packer.compress(plain) + packer.flush()


def unpacked(body: bytes, way: str, step: int, max_bytes: int = 10_000_000) -> bytes:
    collected = Body("gzip" if way == "gzip" else "deflate", max_bytes)
    for at in range(0, len(body), step):
        collected.add(body[at : at + step])
    return collected.whole()


@pytest.mark.parametrize("way", WINDOWS)
@pytest.mark.parametrize("n", [1, PIECE - 1, PIECE, PIECE + 1, PIECE + 258, 2 * PIECE, 3 * PIECE + 1])
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_a_body_of_any_length_is_whole(way, n, step):
    plain = b"a" * n
    assert unpacked(packed(plain, way), way, step) == plain


@pytest.mark.parametrize("way", WINDOWS)
def test_a_body_that_breaks_off_is_refused(way):
    with pytest.raises(FetchError, match="breaks off"):
        unpacked(packed(b"a" * (PIECE + 1), way)[: -9 if way == "gzip" else -5 if way == "zlib" else -1], way, 10_000)


@pytest.mark.parametrize("way", WINDOWS)
def test_the_cap_holds_for_what_is_held_back(way):
    with pytest.raises(AnswerTooLarge):
        unpacked(packed(b"a" * (2 * PIECE), way), way, 10_000, max_bytes=PIECE)
