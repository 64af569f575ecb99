"""Frozen records that travel between the stages, in the order in which they come to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class FeedKind(StrEnum):
    """Who speaks in a feed."""

    WIRE = "wire"
    PUBLIC = "public"
    PRESS = "press"
    STATE_CONTROLLED = "state_controlled"
    GOVERNMENT = "government"
    ALLIANCE = "alliance"


class PollStatus(StrEnum):
    """How one poll of one feed ended. The four are never mixed up: only OK and NOT_MODIFIED are coverage."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    EMPTY = "empty"
    FAILED = "failed"


class DatedBy(StrEnum):
    """Where an article's publication time comes from."""

    FEED = "feed"
    FIRST_SEEN = "first_seen"


class Involvement(StrEnum):
    """Who stands against whom in an article (codebook, section 1)."""

    DIRECT = "direct"
    PARTNER = "partner"
    NONE = "none"


class ReadText(StrEnum):
    """Which text a coding was read from: what the feed carried, or the article's page (extra ``fulltext``)."""

    SUMMARY = "summary"
    ARTICLE = "article"


class PointStatus(StrEnum):
    """How far an index point can be trusted. INSUFFICIENT has counts and no values."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Feed:
    """One entry of feeds.yaml.

    ``publisher`` is the family that owns it; ``language`` ISO 639-1; ``country`` ISO 3166-1 alpha-2;
    ``interval_minutes`` None means the default; ``weight`` multiplies its part in the index.
    """

    url: str
    name: str
    publisher: str
    language: str
    country: str
    kind: FeedKind
    enabled: bool = True
    interval_minutes: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a feed's last full answer gave us to ask "changed since?" with."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What fetching one feed gave. ``body`` is decoded from its transfer compression; None when not modified."""

    url: str
    status: int
    body: bytes | None
    content_type: str | None
    validators: Validators
    fresh_seconds: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item as a feed carried it, cleaned to plain text; nothing decided about it yet.

    ``published_at`` is timezone-aware UTC, None where the feed gives none that can be read.
    ``link`` is absolute or ""; ``guid`` "" where there is none.
    """

    title: str
    summary: str
    link: str
    guid: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's document as read. ``language`` as the feed declares it, lower case, or None."""

    title: str
    language: str | None
    ttl_minutes: int | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Poll:
    """The recorded result of polling one feed once.

    ``n_overlap`` counts the items that the poll before also carried; None where there was none to compare.
    """

    url: str
    polled_at: datetime
    status: PollStatus
    reason: str = ""
    http_status: int | None = None
    n_items: int = 0
    n_new: int = 0
    n_overlap: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Article:
    """One item, stored once however many feeds carry it.

    ``key`` is the canonical URL, or a stand-in where there is none. It counts on the day of ``published_at``;
    a day still to come holds it back until then.
    """

    key: str
    url: str
    title: str
    summary: str
    language: str
    publisher: str
    published_at: datetime
    dated_by: DatedBy
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that spoke for a signal: ``text == source[start:end]``, ``weight`` their log-odds."""

    signal: str
    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Coding:
    """What the classifier read in one article.

    ``probabilities`` stand in codebook order (18); ``signals`` are those above their thresholds. ``threats``,
    ``acts`` and ``easing`` are expected intensities, 0–10 (see `tension.signals.intensity`). Evidence offsets
    count in ``title`` and ``summary``, or in ``title`` and the page's text where ``read_text`` says so, joined as
    `tension.signals.features.join` does.
    ``low_confidence`` marks a language that the model was not trained in. ``countries`` are those that the text names
    (ISO 3166-1 alpha-2); ``variance`` that of the escalation (``threats + acts``) about its expected value.
    """

    model_version: str
    involvement: Involvement
    p_direct: float
    p_partner: float
    signals: tuple[str, ...]
    probabilities: tuple[float, ...]
    threats: float
    acts: float
    easing: float
    evidence: tuple[Evidence, ...] = ()
    low_confidence: bool = False
    countries: tuple[str, ...] = ()
    variance: float = 0.0
    read_text: ReadText = ReadText.SUMMARY


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """One day of the index as known at ``vintage_at``. Values are index points, None where insufficient."""

    day: date
    index: float | None
    net: float | None
    band_low: float | None
    band_high: float | None
    threats: float | None
    acts: float | None
    easing: float | None
    smoothed: float | None
    n_articles: int
    n_stories: int | None
    n_feeds: int
    coverage_share: float
    status: PointStatus
    method_version: str
    model_version: str
    vintage_at: datetime
