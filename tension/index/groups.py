"""Groups of feeds whose index is worth measuring apart. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from tension.index.panel import Flags, founding
from tension.records import FeedKind
from tension.tongue import N_

_MEMBERS = "AL BE BG CA CZ DE DK EE ES FI FR GB GR HR HU IS IT LT LU LV ME MK NL NO PL PT RO SE SI SK TR US"
NATO = frozenset(_MEMBERS.split(" "))
RUSSIAN_STATE = frozenset({"RU", "BY"})
ALL, FOUNDING = N_("all feeds"), N_("founding feeds")
_FEWEST = 2  # feeds that make a language a group of its own

Grouping = Callable[[pd.DataFrame], Mapping[str, Flags]]


def by_side(feeds: pd.DataFrame) -> dict[str, Flags]:
    """All feeds, the founding ones (the fixed panel), and who speaks.

    Parameters
    ----------
    feeds
        Live ones; index ``feed_id``, columns ``kind, country, language`` and those that `founding` needs.

    Returns
    -------
    dict
        From a group's name to which feeds are of it. The Russian state's are state-controlled media wherever they are
        and the governments of Russia and Belarus; other feeds in Russian or from there stand by themselves; NATO's side
        are the rest from its members.
    """
    at_home = feeds["country"].isin(RUSSIAN_STATE)
    state = (feeds["kind"] == FeedKind.STATE_CONTROLLED) | ((feeds["kind"] == FeedKind.GOVERNMENT) & at_home)
    russian = ~state & (at_home | (feeds["language"] == "ru"))
    nato = ~state & ~russian & (feeds["country"].isin(NATO) | (feeds["kind"] == FeedKind.ALLIANCE))
    sides = {N_("NATO's side"): nato, N_("the Russian state"): state, N_("Russian, not of the state"): russian}
    flags = {name: chosen.to_numpy(bool) for name, chosen in sides.items()}
    return {ALL: np.ones(len(feeds), dtype=bool), FOUNDING: founding(feeds), **flags}


def by_language(feeds: pd.DataFrame) -> dict[str, Flags]:
    """All feeds, and those of each language that has two or more, most feeds first."""
    counts = feeds["language"].value_counts()
    names = [str(name) for name in counts.index[counts >= _FEWEST]]
    flags = {name: (feeds["language"] == name).to_numpy(bool) for name in names}
    return {ALL: np.ones(len(feeds), dtype=bool), **flags}


GROUPINGS: dict[str, Grouping] = {N_("who speaks"): by_side, N_("language"): by_language}
