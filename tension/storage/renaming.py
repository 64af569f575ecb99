"""Which stored feed an entry of feeds.yaml with a new address goes on with. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tension.feeds.addresses import same_feed
from tension.records import Feed


@dataclass(frozen=True, slots=True)
class Known:
    """A stored feed: ``enabled`` as it was until now, ``moved_to`` where it said it has moved for good."""

    id: int
    feed: Feed
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class Rename:
    """A stored feed and its entry; ``told`` where the feed itself named the address, so that its validators hold."""

    id: int
    url: str
    told: bool


def renames(known: Sequence[Known], listed: Sequence[Feed]) -> Iterator[Rename]:
    """The stored feeds whose entry has another address now, so that they keep their history.

    Parameters
    ----------
    known
        All stored feeds but archives.
    listed
        The entries of feeds.yaml.

    Yields
    ------
    Rename
        For an entry whose address is new and a stored feed whose address has left the list: where the feed has
        said that it moved there, where the two addresses are one (``http`` and ``https``), or where all else that
        describes a source (name, publisher, language, country, kind) is the same, and is so for these two only.
    """
    here, before = {feed.url for feed in listed}, {one.feed.url for one in known}
    fresh, left = (
        [feed for feed in listed if feed.url not in before],
        [one for one in known if one.feed.url not in here],
    )
    n_fresh = Counter(map(_described, fresh))
    taken: set[int] = set()
    for feed in fresh:
        free = [one for one in left if one.id not in taken]
        told = [one for one in free if feed.url == one.moved_to or same_feed(feed.url) == same_feed(one.feed.url)]
        alike = [one for one in free if one.feed.enabled and _described(one.feed) == _described(feed)]
        if len(told) == 1 or (not told and len(alike) == n_fresh[_described(feed)] == 1):
            (one,) = told or alike
            taken.add(one.id)
            yield Rename(one.id, feed.url, bool(told))


def _described(feed: Feed) -> tuple[str, ...]:
    return (feed.name, feed.publisher, feed.language, feed.country, feed.kind.value)
