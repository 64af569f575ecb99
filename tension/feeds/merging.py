"""Two changes of one entry of feeds.yaml, made at the same time by two people. Pure."""

from __future__ import annotations

from dataclasses import fields, replace

from tension.feeds.entries import shown
from tension.records import Feed

_NAMES = tuple(field.name for field in fields(Feed))


def changed(before: Feed, after: Feed) -> tuple[str, ...]:
    """The fields in which two entries differ, in their order."""
    return tuple(name for name in _NAMES if getattr(before, name) != getattr(after, name))


def conflicts(based_on: Feed, mine: Feed, theirs: Feed) -> list[str]:
    """What both changed, each to another value: a sentence a field, none where the two go together.

    Parameters
    ----------
    based_on
        The entry that both started from.
    mine, theirs
        What I make of it, and what the other person has made of it.
    """
    clashing = [name for name in changed(based_on, theirs) if name in changed(based_on, mine)]
    return [
        f"{name}: it was {shown(getattr(based_on, name))}, they made it {shown(getattr(theirs, name))}, "
        f"you {shown(getattr(mine, name))}"
        for name in clashing
        if getattr(mine, name) != getattr(theirs, name)
    ]


def merged(based_on: Feed, mine: Feed, theirs: Feed) -> Feed:
    """Both changes together: theirs, with what I changed."""
    return replace(theirs, **{name: getattr(mine, name) for name in changed(based_on, mine)})
