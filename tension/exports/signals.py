"""Index points by signal and day."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from tension.exports.choice import Choice
from tension.exports.formats import Column, Table
from tension.exports.index import POINTS
from tension.index.by_signal import SHRINKAGE_OF_EASING, index_of
from tension.index.contributions import MEANINGS, SHRINKAGE
from tension.measured import by_signal
from tension.signals.codebook import SIGNALS, Kind
from tension.tongue import N_

_KINDS = {Kind.THREAT: N_("threat"), Kind.ACT: N_("act"), Kind.EASING: N_("easing")}
_REST = {SHRINKAGE: "shrinkage", SHRINKAGE_OF_EASING: "shrinkage_of_easing"}

SIGNAL_COLUMNS: dict[str, Column] = {
    "date": Column("day", N_("the day; empty values where it has none"), "UTC"),
    "index": Column("number", N_("the index, measured anew: = its threats and acts + shrinkage"), POINTS),
    **{
        signal.key: Column(
            "number",
            N_("{label} ({kind}): {meaning}"),
            POINTS,
            {"label": signal.label, "kind": _KINDS[signal.kind], "meaning": signal.meaning},
        )
        for signal in SIGNALS
    },
    "shrinkage": Column(
        "number",
        N_("no story: {shrinkage}, where stories are few"),
        POINTS,
        {"shrinkage": MEANINGS[SHRINKAGE]},
    ),
    "shrinkage_of_easing": Column("number", N_("the same of easing"), POINTS),
}


def signals(engine: Engine, chosen: Choice, coverage_floor: float) -> Table:
    """Every day's points by signal, or by those chosen alone; columns of `SIGNAL_COLUMNS`."""
    points = by_signal(engine, coverage_floor)
    valued = points.index[points.notna().any(axis=1)]
    first = pd.Timestamp(chosen.start) if chosen.start else valued.min()
    last = pd.Timestamp(chosen.end) if chosen.end else valued.max()
    days = pd.date_range(first, last) if pd.notna(first) and pd.notna(last) else pd.DatetimeIndex([])
    table = points.assign(index=index_of(points)).rename(columns=_REST).reindex(days).rename_axis("date").reset_index()
    wanted = ["date", *chosen.signals] if chosen.signals else list(SIGNAL_COLUMNS)
    return Table.of("signals", {name: SIGNAL_COLUMNS[name] for name in wanted}, table)
