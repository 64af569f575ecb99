"""Random and mutated HTTP answers, redirects and addresses: each is a result with a reason, never an exception."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tension.feeds.ask import Asked
from tests.faults import documents
from tests.faults.conftest import LIMITS
from tests.faults.properties import invisible
from tests.faults.test_fuzz import mutated

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
BODY = documents.good("raw")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nETag: \"a\"\r\nContent-Length: %d\r\n\r\n%s" % (
    len(BODY), BODY)  # fmt: skip
PARTS = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b":",
        b" ",
        b"\t",
        b"\x80",
        b"\xff",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/9.9 ",
    ),
    *(b"204", b"304", b"206", b"999", b"-1", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n"),
    *(
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Content-Encoding: gzip\r\n",
        b"\r\n\r\nffffffff",
    ),
    *(
        b'Content-Type: ;;charset="\\\r\n',
        b"Location: //[\r\n",
        b"Set-Cookie: a=b; Domain=x\r\n",
        b"Retry-After: 1e9\r\n",
    ),
    *(b"Last-Modified: \xd0\x9f\r\n", b"Cache-Control: max-age=\r\n", b"Upgrade: h2c\r\n", b"Trailer: x\r\n"),
]
edits = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30), st.sampled_from(PARTS) | st.binary(max_size=6)))
addresses = st.text(max_size=80) | st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "HTTPS://", "//", "http:", "http:///", "/", "\\\\", "ftp://", "view-source:http://"]),
    st.sampled_from(["", "user:S3CRET@", "@", "S3CRET@@"]),
    st.sampled_from(
        ["127.0.0.2", "[::1]", "[", "x..y", "xn--", "xn--a", "а.рф", "%31", "1.1", "a" * 70, "\u2024", "ß。x"]
    ),
    st.sampled_from(["", ":", ":0", ":99999", ":x", ":-1", "/a b", "/\r\nX: y", "?\x00", "#\ud7ff", "/%zz"]),
)
IMPATIENT = replace(LIMITS, header_seconds=0.3, answer_seconds=0.5)


def is_a_result(asked: Asked) -> bool:
    """Whether what happened can be recorded and shown."""
    assert len(asked.reason) <= 500
    assert not any(map(invisible, asked.reason)), asked.reason
    assert "S3CRET" not in repr(asked)
    return bool(asked.reason) or asked.parsed is not None


@FUZZ
@given(edits)
def test_answers(asked: Callable, server, changes):
    answer = mutated(ANSWER, changes)
    assert is_a_result(asked(f"{server.url}/raw/{answer.hex()}", limits=IMPATIENT)[0])


@FUZZ
@given(addresses)
def test_redirects(asked: Callable, server, location):
    assert is_a_result(asked(f"{server.url}/to?{quote(location)}", limits=IMPATIENT)[0])


@FUZZ
@given(addresses)
def test_addresses(asked: Callable, location):
    assert is_a_result(asked(location, limits=IMPATIENT)[0])
