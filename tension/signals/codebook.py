"""The taxonomy: involvement and the 18 signals, their kinds and intensities.

Intensities are read from the Goldstein scale with the sign turned, so that escalation is positive.

References
----------
Goldstein, J. S. (1992). "A Conflict-Cooperation Scale for WEIS Events Data".
*Journal of Conflict Resolution* 36(2), 369–385.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tension.records import Involvement


class Kind(StrEnum):
    """What a signal does to the tension."""

    THREAT = "threat"
    ACT = "act"
    EASING = "easing"


@dataclass(frozen=True, slots=True)
class Signal:
    """One category of the codebook. ``intensity`` is on the turned Goldstein scale, −10…10."""

    key: str
    kind: Kind
    intensity: float
    label: str
    meaning: str
    origin: str


_ACT, _THREAT, _EASING = Kind.ACT, Kind.THREAT, Kind.EASING

SIGNALS: tuple[Signal, ...] = (
    Signal(
        "mission_closure",
        _ACT,
        7.0,
        "Missions closed",
        "an embassy, consulate or mission shut, suspended or downgraded; an ambassador recalled",
        "WEIS 195",
    ),
    Signal(
        "expulsion",
        _ACT,
        5.0,
        "Diplomats expelled",
        "diplomats or staff sent out, unwelcome, or stripped of accreditation",
        "WEIS 201",
    ),
    Signal(
        "dialogue_breakdown",
        _ACT,
        3.8,
        "Dialogue broken off",
        "talks, visits or channels cancelled, suspended or refused",
        "WEIS 194",
    ),
    Signal(
        "treaty_withdrawal",
        _ACT,
        5.6,
        "Treaties left",
        "a treaty abandoned, suspended, broken or left to lapse",
        "WEIS 193",
    ),
    Signal(
        "sanctions",
        _ACT,
        5.8,
        "Sanctions",
        "economic or travel measures imposed, prolonged, demanded or dodged",
        "WEIS 172",
    ),
    Signal(
        "covert_action",
        _ACT,
        6.5,
        "Covert action",
        "spying, poisoning, meddling in elections, disinformation",
        "WEIS 212–222",
    ),
    Signal(
        "hybrid_attack",
        _ACT,
        8.3,
        "Hybrid attacks",
        "cyberattacks, sabotage, cut cables, jamming, migrants pushed over a border",
        "WEIS 221",
    ),
    Signal(
        "air_sea_incident",
        _ACT,
        7.6,
        "Air and sea incidents",
        "airspace or waters violated, interceptions, ships boarded, stray drones",
        "WEIS 182",
    ),
    Signal(
        "force_posture",
        _THREAT,
        7.6,
        "Force posture",
        "deployments, exercises, readiness, bases, rearmament",
        "WEIS 182",
    ),
    Signal(
        "arms_transfer",
        _ACT,
        4.5,
        "Arms transfers",
        "weapons, training or leave to strike given, promised or asked for",
        "set by this project",
    ),
    Signal(
        "armed_attack",
        _ACT,
        10.0,
        "Armed attack",
        "invasion, strikes, battle, annexation by force, war dead",
        "WEIS 223",
    ),
    Signal(
        "nuclear_signal",
        _THREAT,
        7.0,
        "Nuclear signals",
        "nuclear threats, alerts, tests, deployments or doctrine",
        "WEIS 173",
    ),
    Signal(
        "red_line",
        _THREAT,
        6.9,
        "Red lines",
        "ultimatums, warnings of retaliation, talk of an act of war, Article 4 or 5",
        "WEIS 174",
    ),
    Signal(
        "alliance_enlargement",
        _THREAT,
        3.0,
        "Alliance enlargement",
        "membership bids and guarantees, and objections to them",
        "WEIS 160",
    ),
    Signal(
        "accusation",
        _THREAT,
        2.8,
        "Accusations",
        "blame, condemnation, protest notes, ambassadors summoned",
        "WEIS 121–122",
    ),
    Signal(
        "dialogue", _EASING, -2.0, "Dialogue", "talks, calls, visits and channels, held or planned", "WEIS 031–033, 082"
    ),
    Signal(
        "agreement",
        _EASING,
        -6.5,
        "Agreements",
        "truces, treaties, exchanges and deals concluded or carried out",
        "WEIS 081",
    ),
    Signal(
        "easing",
        _EASING,
        -2.9,
        "Easing",
        "missions reopened, sanctions lifted, forces pulled back, detainees freed",
        "WEIS 065",
    ),
)

KEYS: tuple[str, ...] = tuple(signal.key for signal in SIGNALS)
BY_KEY: dict[str, Signal] = {signal.key: signal for signal in SIGNALS}

INVOLVEMENT_FACTOR: dict[Involvement, float] = {
    Involvement.DIRECT: 1.0,
    Involvement.PARTNER: 0.3,
    Involvement.NONE: 0.0,
}
