"""An answer's body as it comes in: unpacked piece by piece, never beyond the size cap."""

from __future__ import annotations

import zlib

from tension.errors import AnswerTooLarge, FetchError

_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 64 * 1024


class Body:
    """Collects a body, undoing its ``Content-Encoding``.

    Parameters
    ----------
    encoding
        The value of ``Content-Encoding``; ``gzip``, ``deflate`` and ``identity`` are understood.
    max_bytes
        Cap on the unpacked size, and on the packed size as well.

    Raises
    ------
    FetchError
        For an encoding that was not asked for.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise FetchError(f"the answer is packed as {self._encoding[:40]!r}, which was not asked for")
        self._max_bytes = max_bytes
        self._n_packed = 0
        self._plain = bytearray()
        self._inflater: zlib._Decompress | None = None

    def add(self, packed: bytes) -> None:
        """Take one more piece as it came from the network.

        Raises
        ------
        AnswerTooLarge
            As soon as the cap is passed; at most 64 KB beyond it are ever held.
        FetchError
            When it cannot be unpacked.
        """
        self._n_packed += len(packed)
        if self._encoding in ("", "identity"):
            self._keep(packed)
        else:
            self._inflate(packed)
        if self._n_packed > self._max_bytes:
            raise too_large(self._max_bytes)

    def whole(self) -> bytes:
        """The complete body.

        Raises
        ------
        FetchError
            When the packed stream ends before its end.
        """
        if self._inflater is not None and not self._inflater.eof:
            raise FetchError("the answer breaks off: its compressed body is not complete")
        return bytes(self._plain)

    def _inflate(self, packed: bytes) -> None:
        held_back = False  # zlib may have read all and still hold what did not fit in a piece
        while packed or held_back:
            if self._inflater is None or self._inflater.eof:
                if self._inflater is not None and packed[:2] != b"\x1f\x8b":
                    return  # padding after the last member
                self._inflater = self._start(packed)
            try:
                plain = self._inflater.decompress(packed, _PIECE)
            except zlib.error as error:
                raise FetchError(f"the answer cannot be unpacked as {self._encoding}: {error}") from error
            self._keep(plain)
            held_back = len(plain) == _PIECE and not self._inflater.eof
            packed = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail

    def _start(self, packed: bytes) -> zlib._Decompress:
        if self._encoding == "gzip":
            return zlib.decompressobj(_GZIP)
        # "deflate" should be zlib; some servers send it bare
        wrapped = packed[0] & 0x0F == 8 and (len(packed) < 2 or int.from_bytes(packed[:2], "big") % 31 == 0)
        return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _keep(self, plain: bytes) -> None:
        self._plain += plain
        if len(self._plain) > self._max_bytes:
            raise too_large(self._max_bytes, unpacked=self._inflater is not None)


def too_large(max_bytes: int, unpacked: bool = False) -> AnswerTooLarge:
    """The error for an answer beyond `max_bytes`, as it came or ``unpacked``."""
    what = "unpacks to more" if unpacked else "is larger"
    return AnswerTooLarge(f"the answer {what} than {max_bytes:,} bytes; TENSION_MAX_BYTES sets the cap")
