"""Coding involved articles by the text of their page, where the setting says so: a bounded piece of work at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tension.feeds.fulltext import PageReader
from tension.feeds.parse import ParserPool
from tension.records import ReadText
from tension.settings import Settings
from tension.signals.classifier import Model
from tension.signals.features import join
from tension.storage import texts
from tension.storage.store import Store

READ_DAYS = 2  # an older page is not worth the asking: its day is published
_LISTED = 500
_AT_ONCE = 40
_PER_HOST = 3
_CODED_AT_ONCE = 100


class FullText:
    """Reads pages and codes articles by them.

    Parameters
    ----------
    settings, store, parsers
        What to work with. With ``settings.fulltext`` off it finds nothing to do.
    """

    def __init__(self, settings: Settings, store: Store, parsers: ParserPool) -> None:
        self._on = settings.fulltext
        self._engine = store.engine
        self._reader = PageReader(settings, parsers)
        self._coded_by = ""  # the model for which every text is coded: finding none among many takes its time

    async def read(self, model_version: str, now: datetime, seconds: float) -> list[int]:
        """Read pages of involved articles for a while, and keep their texts.

        Returns
        -------
        list of int
            The articles whose page was asked for, whatever came of it.
        """
        since, until = now.date() - timedelta(days=READ_DAYS), now.date() + timedelta(days=1)  # in whichever zone
        listed = texts.to_read(self._engine, model_version, since, until, _LISTED) if self._on else {}
        pages = await self._reader.read(_fairly(listed), seconds)
        texts.add_pages(self._engine, pages, now)
        self._coded_by = "" if pages else self._coded_by
        return list(pages)

    def code(self, model: Model, now: datetime) -> int:
        """Code some of the articles whose text is here; a text that is kept is coded by each new model too.

        Returns
        -------
        int
            How many.
        """
        wanted = self._on and self._coded_by != model.version
        batch = texts.to_code(self._engine, model.version, _CODED_AT_ONCE) if wanted else []
        codings = model.code([join(one.title, one.text) for one in batch], [one.language for one in batch])
        read = [replace(coding, read_text=ReadText.ARTICLE) for coding in codings]
        texts.recode(self._engine, list(zip(batch, read, strict=True)), now)
        return len(batch)

    def waits(self, model_version: str) -> bool:
        """Whether a text is here that this model has not coded; asked when it has coded every summary."""
        if not self._on or self._coded_by == model_version:
            return False
        waits = bool(texts.to_code(self._engine, model_version, 1))
        self._coded_by = "" if waits else model_version
        return waits


def _fairly(listed: dict[int, str]) -> dict[int, str]:
    """A few of each host, so that none fills the time."""
    chosen: dict[int, str] = {}
    hosts: Counter[str] = Counter()
    for number, url in listed.items():
        host = urlsplit(url).netloc.lower()
        if hosts[host] < _PER_HOST and len(chosen) < _AT_ONCE:
            chosen[number] = url
            hosts[host] += 1
    return chosen
