"""A feed that says it has moved for good: when it is believed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tension.records import PollStatus

CONFIRMATIONS = 3
_ANSWERED = frozenset({PollStatus.OK, PollStatus.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Move:
    """Where a feed says it has moved for good, and in how many polls in a row it said so."""

    to: str | None = None
    n: int = 0

    @property
    def confirmed(self) -> bool:
        return self.n >= CONFIRMATIONS


def after_poll(before: Move, status: PollStatus, moved_to: str | None) -> Move:
    """What is known of a feed's move after one more poll.

    Parameters
    ----------
    before
        What was known.
    status
        How the poll ended. Only a feed with items, or one that has not changed, speaks for a new address: a
        captive portal, an error page and an empty feed do not.
    moved_to
        Where each redirect on the way was permanent, the address that answered.

    Returns
    -------
    Move
        Counted on where the same address is named again; anew for another one; none for a temporary redirect, for
        an answer at the old address and for a failure.
    """
    if moved_to is None or status not in _ANSWERED:
        return Move()
    return Move(moved_to, before.n + 1 if before.to == moved_to else 1)
