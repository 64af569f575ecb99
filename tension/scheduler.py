"""When cycles run, and in which process: APScheduler jobs owned by one process at a time.

Every process that serves the page starts a `Scheduler`; only the one that holds the owner lock polls. The others try
for the lock at each tick, so that one of them takes over when the owner ends. What is due stands in the database
(``feed.next_poll_at``), not in the scheduler: a restart forgets nothing, and a cycle that overruns is followed by one
tick, not by all that it missed.
"""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler

from tension.errors import CatalogueError, TensionError
from tension.pipeline import Pipeline, utc_now
from tension.settings import Settings
from tension.storage.locks import ProcessLock
from tension.storage.store import Store

TICK_SECONDS = 15
POLL_SECONDS = 60  # then what is due anew gets its turn, however many slow feeds one host has
CODING_SECONDS = 30
PUBLISH_SECONDS = 300
FULLTEXT_SECONDS = 10

_log = logging.getLogger(__name__)


class Scheduler:
    """Polls what is due, codes and publishes, for as long as this process owns the database.

    Parameters
    ----------
    settings, store
        What to work with.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self.pipeline = Pipeline(settings, store)
        self.owner = ProcessLock(store.engine, "owner")
        self._jobs = BackgroundScheduler(timezone="UTC")
        self._read: bytes | str | None = "nothing yet"
        self._published_at = -math.inf
        self._unpublished = True

    def start(self) -> None:
        """Start ticking; the first tick comes at once."""
        self._job = self._jobs.add_job(
            self.tick,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=utc_now(),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._jobs.start()

    def wake(self) -> None:
        """Tick soon, because the list of feeds has just changed."""
        if self._jobs.running:
            self._job.modify(next_run_time=utc_now())

    def stop(self) -> None:
        """End the running work at its next safe point, and give the database to another process."""
        self.pipeline.stopping.set()
        self._jobs.shutdown(wait=True)
        self.pipeline.close()
        self.owner.release()

    def tick(self) -> None:
        """Poll what is due, if this process owns the database."""
        if not self.owner.acquire():
            return
        try:
            self._read_catalogue()
            self._poll_and_code()
            self._publish_if_time()
            self._read_pages()
        except TensionError:
            _log.exception("this tick ended early; the next one tries again")

    def _poll_and_code(self) -> None:
        """One cycle over what is due; a new model codes some more of what is stored at every tick."""
        if self.pipeline.due() or not self.pipeline.all_coded:
            self.pipeline.run_cycle(
                every_feed=False, publish=False, coding_seconds=CODING_SECONDS, poll_seconds=POLL_SECONDS
            )
            self._unpublished = True

    def _publish_if_time(self) -> None:
        """Publish what is new, but not at every tick: each publication is a vintage that stays."""
        now = time.monotonic()
        due = self._unpublished and now >= self._published_at + PUBLISH_SECONDS
        if due and self.pipeline.all_coded and not self.pipeline.stopping.is_set():
            self.pipeline.publish()
            self._unpublished, self._published_at = False, now

    def _read_pages(self) -> None:
        """Some pages of articles, where full text is switched on: so few that the next tick is not late for them."""
        if self.pipeline.read_pages(FULLTEXT_SECONDS):
            self._unpublished = True

    def _read_catalogue(self) -> None:
        """Take feeds.yaml over when it has changed; a broken one leaves the last good one in force."""
        written = _bytes(self.pipeline.settings.feeds)  # a time stamp would miss a second edit in one moment
        if written == self._read:
            return
        try:
            self.pipeline.sync_catalogue()
        except CatalogueError as error:
            _log.error("feeds.yaml is left as it last was: %s", error)
        self._read = written  # not where the database failed: the next tick tries again


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
