"""feeds.yaml: the one list of the feeds watched. Reading names every fault, editing keeps the writing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ruamel.yaml.error import YAMLError

from tension.errors import CatalogueError
from tension.feeds.addresses import same_feed, without_credentials
from tension.feeds.entries import DEFAULTS, as_entry, as_short_entry, faults
from tension.feeds.listed import feeds_in, sequence_in, text_of
from tension.feeds.merging import changed, conflicts, merged
from tension.feeds.saving import alone, write_whole
from tension.feeds.yaml_lines import Listing, load, uses_anchors
from tension.records import Feed

_Feeds = tuple[Feed, ...]
_Edit = Callable[[Listing, _Feeds], tuple[str, _Feeds]]  # the new text, and what must be read from it
_TRIES = 10


def read_catalogue(path: Path) -> _Feeds:
    """Read the list of feeds.

    Parameters
    ----------
    path
        A YAML file: a mapping with the one key ``feeds``, a list of entries as in `tension.records.Feed`;
        ``enabled``, ``interval_minutes`` and ``weight`` may be left out.

    Raises
    ------
    CatalogueError
        Names every fault, one a line, as ``FILE:LINE: feeds[3].kind: message``. Entries count from 0.
    """
    return feeds_in(text_of(path), path)


def add_feed(path: Path, feed: Feed) -> None:
    """Add a feed at the end.

    Raises
    ------
    CatalogueError
        For a URL that the list holds already, for a feed or a file with faults, or when it cannot be written.
    """
    add_feeds(path, [feed])


def add_feeds(path: Path, new: Sequence[Feed]) -> None:
    """Add feeds at the end, all in one write or none.

    Raises
    ------
    CatalogueError
        As `add_feed`.
    """
    for feed in new:
        _check(feed)

    def edit(listing: Listing, feeds: _Feeds) -> tuple[str, _Feeds]:
        listed = {same_feed(feed.url) for feed in feeds}
        for feed in new:
            if same_feed(feed.url) in listed:
                raise CatalogueError(f"{path}: {without_credentials(feed.url)} is already in the list")
            listed.add(same_feed(feed.url))
        return listing.extended(*map(as_short_entry, new)), (*feeds, *new)

    _edit(path, edit)


def replace_feed(path: Path, url: str, feed: Feed, based_on: Feed | None = None) -> Feed:
    """Give the entry of `url` the values of `feed`; the URL may change too.

    Parameters
    ----------
    path, url, feed
        The file, the entry, its new values.
    based_on
        The entry as it was when the edit began. What somebody else has changed in it since then is kept: an edit
        that left a field alone has nothing to say about it. Where both changed one field, each to another value,
        nothing is written. Without it, the new values replace whatever is there.

    Returns
    -------
    Feed
        The entry as it is now, with both changes.

    Raises
    ------
    CatalogueError
        As `add_feed`; for a URL that the list does not hold, or no longer; and for a field that somebody else has
        changed too: the message says of each what it was and what both made of it.
    """
    _check(feed)

    def edit(listing: Listing, feeds: _Feeds) -> tuple[str, _Feeds]:
        index = _index(path, feeds, url, gone=based_on is not None)
        others = (*feeds[:index], *feeds[index + 1 :])
        after = _together(path, based_on, feed, feeds[index])
        _refuse_twice(path, others, after.url)
        return listing.updated({index: as_entry(after)}, DEFAULTS), (*feeds[:index], after, *feeds[index + 1 :])

    after = _edit(path, edit)
    return after[_index(path, after, feed.url)]


def remove_feed(path: Path, url: str, based_on: Feed | None = None) -> None:
    """Remove a feed; the comments around it stay.

    Parameters
    ----------
    path, url
        The file, the entry.
    based_on
        The entry as it was seen: one that somebody else has changed since then is not removed.

    Raises
    ------
    CatalogueError
        For a URL that the list does not hold, for an entry changed meanwhile, or when it cannot be written.
    """

    def edit(listing: Listing, feeds: _Feeds) -> tuple[str, _Feeds]:
        index = _index(path, feeds, url)
        if based_on is not None and (names := changed(based_on, feeds[index])):
            raise CatalogueError(
                f"{path}: somebody else has changed {feeds[index].name} meanwhile ({', '.join(names)}); "
                "look at it again, then remove it"
            )
        return listing.without(index), (*feeds[:index], *feeds[index + 1 :])

    _edit(path, edit)


def switch_feeds(path: Path, urls: Collection[str], enabled: bool) -> None:
    """Switch feeds on or off, all in one write.

    Raises
    ------
    CatalogueError
        For a URL that the list does not hold (then none is switched), or when it cannot be written.
    """
    wanted = {same_feed(url) for url in urls}

    def edit(listing: Listing, feeds: _Feeds) -> tuple[str, _Feeds]:
        indices = [_index(path, feeds, url) for url in urls]
        after = tuple(replace(feed, enabled=enabled) if same_feed(feed.url) in wanted else feed for feed in feeds)
        return listing.updated({index: as_entry(after[index]) for index in indices}, DEFAULTS), after

    _edit(path, edit)


def _edit(path: Path, edit: _Edit) -> _Feeds:
    """Read, edit, read again what is to be written, and write, while nobody else does; gives the new list.

    Whoever saves from an editor knows nothing of our lock: what they saved meanwhile is edited in its turn.
    """
    path = path.resolve()
    with alone(path):
        for _ in range(_TRIES):
            before = text_of(path)
            after, feeds = _edited(path, before, edit)
            if write_whole(path, after, before):
                return feeds
    raise CatalogueError(f"{path} is being written to by another program; nothing was changed")


def _edited(path: Path, before: str, edit: _Edit) -> tuple[str, _Feeds]:
    feeds = feeds_in(before, path)
    if uses_anchors(before):
        raise CatalogueError(f"{path} uses anchors; edit it by hand")
    by_hand = f"{path} is written in a way that can only be edited by hand"
    try:
        after, expected = edit(Listing.of(before, sequence_in(load(before))), feeds)
    except YAMLError as error:
        raise CatalogueError(f"{by_hand}; nothing was changed") from error
    except ValueError as error:
        raise CatalogueError(f"{by_hand}: {error}") from error
    if not _reads_as(after, expected, path):
        raise CatalogueError(f"{by_hand}; nothing was changed")
    return after, expected


def _reads_as(text: str, expected: _Feeds, path: Path) -> bool:
    try:
        return feeds_in(text, path) == expected
    except CatalogueError:  # its lines are those of a text that nobody has seen
        return False


def _together(path: Path, based_on: Feed | None, mine: Feed, theirs: Feed) -> Feed:
    if based_on is None:
        return mine
    if clashes := conflicts(based_on, mine, theirs):
        raise CatalogueError(
            f"{path}: somebody else has changed {based_on.name} meanwhile, so nothing was saved. "
            + "; ".join(clashes)
            + ". Look at it again, then change it"
        )
    return merged(based_on, mine, theirs)


def _refuse_twice(path: Path, feeds: _Feeds, url: str) -> None:
    if any(same_feed(known.url) == same_feed(url) for known in feeds):
        raise CatalogueError(f"{path}: {without_credentials(url)} is already in the list")


def _check(feed: Feed) -> None:
    if found := [f"{key}: {message}" for key, message in faults(as_entry(feed))]:
        raise CatalogueError("\n".join(f"{without_credentials(feed.url)}: {fault}" for fault in found))


def _index(path: Path, feeds: _Feeds, url: str, gone: bool = False) -> int:
    for index, feed in enumerate(feeds):
        if same_feed(feed.url) == same_feed(url):
            return index
    why = "not in the list any more: somebody else has removed it or changed its address" if gone else "not in the list"
    raise CatalogueError(f"{path}: {without_credentials(url)} is {why}")
