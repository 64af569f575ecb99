"""One cycle over every misbehaviour of our own server: each has its reason, and the good feeds beside are stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tension.records import PollStatus
from tests.faults.conftest import Misbehaving, misbehaving
from tests.faults.cycles import Cycle, run_cycle
from tests.faults.documents import SECRET
from tests.faults.properties import invisible
from tests.faults.server import FAULTS

GOOD = [f"wire{n}" for n in range(10)]
REASONS = {
    "authors": r"^took longer than 3 s to parse; the document was given up",
    "attributes": r"^took longer than 3 s to parse",
    "entities": r"XML entities by other entities, as an XML bomb does",
    "page-of-cdata": r"^the answer is larger than 10,000,000 bytes; TENSION_MAX_BYTES",
    "html": r"an HTML page, not a feed: look on it",
    "path": r"^the answer is plain text, not a feed",
    "file-address": r"^the answer is plain text, not a feed",
    "gzip-bomb": r"^the answer unpacks to more than 10,000,000 bytes; TENSION_MAX_BYTES",
    "not-gzip": r"cannot be unpacked as gzip",
    "brotli": r"packed as 'br', which was not asked for",
    "to-link-local": r"^169\.254\.169\.254 is not public; TENSION_ALLOWED_NETWORKS",
    "to-private": r"^10\.0\.0\.1 is not public",
    "to-other-loopback": r"^127\.0\.0\.2 is not public",
    "to-mapped-loopback": r"^::ffff:7f00:3 is not public",
    "to-loopback-as-number": r"^2130706436 is neither a name nor an address",
    "to-file": r"leads astray: file: .* only http and https are fetched",
    "to-gopher": r"leads astray: gopher: .* only http and https are fetched",
    "to-data": r"leads astray: data: .* only http and https are fetched",
    "to-script": r"leads astray: javascript: .* only http and https are fetched",
    "to-credentials": r"leads astray: http://127\.0\.0\.1:\d+/good/a was given with a user name or password",
    "to-credentials-elsewhere": r"a redirect to what is no web address",
    "to-nowhere": r"302, a redirect, and does not say to where",
    "circle": r"the redirects go in a circle at http://127\.0\.0\.1:\d+/faults/circle$",
    "circle-back": r"the redirects go in a circle at http://127\.0\.0\.1:\d+/faults/circle-back$",
    "chain": r"more than 5 redirects, the last one to http://127\.0\.0\.1:\d+/chain/6",
    "not-modified": r"^HTTP 304: not modified, .* although the whole feed was asked for",
    "silent": r"no headers from 127\.0\.0\.1 within 4 s",
    "drip-headers": r"no headers from 127\.0\.0\.1 within 4 s",
    "drip": r"no complete answer within 8 s",
    "endless": r"^the answer is larger than 10,000,000 bytes",
    "hangs-up": r"closed the connection without an answer",
    "not-http": r"127\.0\.0\.1 does not speak proper HTTP: Bad status line",
    "long-header": r"127\.0\.0\.1 does not speak proper HTTP: Got more than \d+ bytes",
    "odd-status": r"127\.0\.0\.1 does not speak proper HTTP",
}
HARD_WORK = ["many-items", "deep"]  # read in time or given up, as fast as the machine is


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with misbehaving("127.0.0.1") as running:  # of its own, for what it counts
        yield running


@pytest.fixture(scope="module")
def cycle(server, tmp_path_factory) -> Cycle:
    good = [server.good(name) for name in GOOD]
    run_cycle(tmp_path_factory.mktemp("good"), good)  # loads the models, which stay in memory
    urls = [*map(server.fault, FAULTS), *good]
    return run_cycle(tmp_path_factory.mktemp("all"), urls, header_seconds=4, answer_seconds=8, parse_seconds=3)


def test_every_good_feed_is_stored(cycle):
    for name in GOOD:
        assert cycle.polls[name].status is PollStatus.OK, cycle.polls[name]
    assert cycle.keys >= {f"https://{name}.example/{n}" for name in GOOD for n in range(5)}


@pytest.mark.parametrize("name", HARD_WORK)
def test_hard_work_is_done_or_given_up(cycle, name):
    poll = cycle.polls[name]
    assert poll.n_items <= 2_000
    assert poll.status is not PollStatus.FAILED or re.search(r"^took longer than 3 s|not RSS|gave up", poll.reason)


@pytest.mark.parametrize("name", sorted(set(FAULTS) - set(HARD_WORK)))
def test_each_bad_feed_has_its_reason(cycle, name):
    poll = cycle.polls[name]
    assert poll.status is PollStatus.FAILED
    assert re.search(REASONS[name], poll.reason), poll.reason


def test_reasons_fit_into_a_line_of_a_table(cycle):
    for poll in cycle.polls.values():
        assert len(poll.reason) <= 500
        assert not any(map(invisible, poll.reason))


def test_the_cycle_costs_little_time_and_memory_and_leaves_no_worker(cycle):
    assert cycle.seconds < 30
    assert cycle.grown_mb < 150
    assert cycle.n_workers > 2  # some were killed and replaced
    assert not cycle.orphans


def test_a_password_in_a_redirect_is_not_stored(cycle):
    assert SECRET.encode() not in cycle.database.read_bytes()


def test_nothing_was_sent_to_where_the_redirects_lead(cycle, server):
    assert set(server.hits()) == {
        *(f"/faults/{name}" for name in FAULTS),
        *(f"/chain/{n}" for n in range(1, 6)),
        *(f"/good/{name}" for name in GOOD),
    }
