"""One cycle with the default limits over every misbehaving feed of the replay server and ten good ones."""

from __future__ import annotations

import re
from pathlib import Path

from tension.feeds.articles import article_key
from tension.feeds.parse import parse
from tension.records import PollStatus
from tests.faults.cycles import run_cycle

GOOD = ["almonitor", "bbc", "csmonitor", "dw", "feed_novaya", "meduza", "nyt_world", "time_world", "verstka",
        "wsj_world"]  # fmt: skip
READABLE = ["moved", "future-dates", "no-dates", "html-in-title", "bad-encoding"]
REASONS = {
    "status-500": r"HTTP 500: the server is in trouble",
    "status-410": r"HTTP 410: the feed is gone for good",
    "rate-limited": r"HTTP 429: we ask too often, .* wait 120 s",
    "redirect-loop": r"the redirects go in a circle",
    "redirect-private": r"127\.0\.0\.2 is not public; TENSION_ALLOWED_NETWORKS",
    "redirect-file": r"a redirect leads astray: file: .* only http and https",
    "slow-headers": r"no headers from 127\.0\.0\.1 within 5 s",
    "drip": r"no complete answer within 15 s",
    "truncated": r"the feed breaks off within an item, after 13 whole ones",
    "empty": r"the answer is empty",
    "html": r"the answer is an HTML page",
    "binary": r"the answer is binary",
    "wrong-length": r"the answer breaks off before its end",
    "huge": r"the answer is larger than 10,000,000 bytes",
    "gzip-bomb": r"unpacks to more than 10,000,000 bytes|no headers",  # it takes the server long to make
    "xml-bomb": r"as an XML bomb does",
}
READ_OR_GIVEN_UP = "deep-nesting"  # takes a second of computing: a deadline of 10 s is enough, or on a busy machine not


def keys_of(file: Path) -> set[str]:
    """The identities of the articles in a captured feed whose publisher is named like its file."""
    return {
        article_key(item.link, item.guid, file.stem, item.title, item.summary)
        for item in parse(file.read_bytes()).items
    }


def test_a_cycle_over_all_misbehaving_feeds_stores_every_good_one(shared, replay_server, tmp_path_factory):
    url = replay_server("feeds/captured").url
    good = [f"{url}/files/{name}.xml" for name in GOOD]
    run_cycle(tmp_path_factory.mktemp("good"), good)  # loads the models, which stay in memory
    faults = [f"{url}/faults/{kind}" for kind in [*REASONS, *READABLE, READ_OR_GIVEN_UP]]
    cycle = run_cycle(tmp_path_factory.mktemp("all"), faults + good)  # the good ones last, on the same host

    for name in [*GOOD, *READABLE]:
        assert cycle.polls[name].status is PollStatus.OK, cycle.polls[name]
    for name in GOOD:
        assert keys_of(shared / "feeds" / "captured" / f"{name}.xml") <= cycle.keys, name
    assert cycle.polls[READ_OR_GIVEN_UP].n_items == 1 or "took longer" in cycle.polls[READ_OR_GIVEN_UP].reason
    for name, reason in REASONS.items():
        assert cycle.polls[name].status is PollStatus.FAILED, name
        assert re.search(reason, cycle.polls[name].reason), cycle.polls[name]
    reasons = [cycle.polls[name].reason for name in REASONS if name != "gzip-bomb"]
    assert len(set(reasons)) == len(reasons)
    assert cycle.seconds < 30
    assert cycle.grown_mb < 150
    assert cycle.n_workers >= 1
    assert not cycle.orphans
