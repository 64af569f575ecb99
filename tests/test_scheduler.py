"""Exactly one process polls, what is due is polled, and the end is quick and clean."""

from __future__ import annotations

import os
import sqlite3
import time

import pytest
from sqlalchemy.exc import DBAPIError

from tension.health import read_health
from tension.pipeline import utc_now
from tension.scheduler import Scheduler
from tension.storage import frames
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds
from tests.serving import Served


@pytest.fixture
def scheduled(store, replay_server, tmp_path):
    """Makes schedulers on one database, and ends them."""
    settings = loopback_settings(tmp_path)
    write_feeds(settings.feeds, [f"{replay_server('feeds/captured').url}/files/bbc.xml"])
    made = []

    def make() -> Scheduler:
        made.append(Scheduler(settings, Store(store.engine)))
        return made[-1]

    yield make
    for scheduler in made:
        scheduler.pipeline.close()
        scheduler.owner.release()


def n_polls(store: Store) -> int:
    return sum(len(frames.polls(store.engine, int(feed_id))) for feed_id in frames.feeds(store.engine).index)


def test_one_of_two_polls_and_the_other_takes_over(store, scheduled):
    first, second = scheduled(), scheduled()
    first.tick()
    second.tick()
    assert (first.owner.held, second.owner.held) == (True, False)
    assert n_polls(store) == 1
    assert len(frames.index_points(store.engine))
    first.owner.release()
    second.tick()
    assert second.owner.held
    assert n_polls(store) == 1  # nothing was due again yet


def test_a_broken_list_leaves_the_last_good_one(store, scheduled, caplog):
    scheduler = scheduled()
    scheduler.tick()
    path = scheduler.pipeline.settings.feeds
    path.write_text(path.read_text() + "  - url: https://b.example/\n    colour: blue\n")
    scheduler.tick()
    assert "feeds[1].colour" in caplog.text
    assert len(store.watched()) == 1
    health = read_health(store.engine, utc_now(), utc_now())
    assert health.well
    assert "feeds.yaml:10: feeds[1].colour: is not a key" in str(health.as_json()["list_fault"])
    assert "the list of feeds in force is an older one" in health.sentence
    assert "feeds.yaml:9: feeds[1].name: is missing" in health.sentence
    assert health.sentence.endswith("further faults: 5")
    write_feeds(path, [state.feed.url for state in store.watched()])
    scheduler.tick()
    assert read_health(store.engine, utc_now(), utc_now()).list_fault == ""


def test_a_list_that_is_gone_is_said_once_and_leaves_the_last_one(store, scheduled, caplog):
    scheduler = scheduled()
    scheduler.tick()
    scheduler.pipeline.settings.feeds.unlink()
    for _ in range(2):
        scheduler.tick()
    assert caplog.text.count("cannot be read") == 1
    assert "cannot be read" in read_health(store.engine, utc_now(), utc_now()).list_fault
    assert len(store.watched()) == 1


def test_an_edit_in_the_same_moment_is_seen(store, scheduled):
    """A second edit of the same length within the clock's grain: neither time nor size tells it."""
    scheduler = scheduled()
    scheduler.tick()
    path = scheduler.pipeline.settings.feeds
    stamp = path.stat()
    path.write_text(path.read_text().replace("name: bbc", "name: BBC"))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    scheduler.tick()
    assert store.watched()[0].feed.name == "BBC"


def test_an_edit_that_the_database_could_not_take_is_tried_again(store, scheduled):
    scheduler = scheduled()
    scheduler.tick()
    path = scheduler.pipeline.settings.feeds
    path.write_text(path.read_text().replace("name: bbc", "name: BBC"))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE feed_list RENAME TO away")
    with pytest.raises(DBAPIError):
        scheduler.tick()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO feed_list")
    scheduler.tick()
    assert store.watched()[0].feed.name == "BBC"


def test_a_changed_list_is_taken_over(store, scheduled, replay_server):
    scheduler = scheduled()
    scheduler.tick()
    server = replay_server("feeds/captured").url
    write_feeds(scheduler.pipeline.settings.feeds, [f"{server}/files/bbc.xml", f"{server}/files/dw.xml"])
    scheduler.tick()
    assert n_polls(store) == 2


def test_a_served_process_polls_hands_over_and_ends_in_time(replay_server, tmp_path):
    server = replay_server("feeds/captured").url
    slow = [f"{server}/faults/drip", f"{server}/faults/slow-headers"]
    write_feeds(tmp_path / "feeds.yaml", [f"{server}/files/bbc.xml", f"{server}/faults/good"])
    owner, other = Served(tmp_path), Served(tmp_path)
    try:
        for served in (owner, other):
            served.wait_until_it_answers()
        health = owner.wait_until_polled()
        assert health["feeds_by_last_status"] == {"ok": 2, "not_modified": 0, "empty": 0, "failed": 0}
        write_feeds(tmp_path / "feeds.yaml", [f"{server}/files/bbc.xml", f"{server}/faults/good", *slow])
        time.sleep(17)  # past a tick: the owner is in the middle of a slow poll
        assert owner.stop() < 5
        assert other.stop() < 5
    finally:
        for served in (owner, other):
            served.process.kill()
    for served in (owner, other):
        assert served.process.returncode in (0, -15), served.log
        assert "Traceback" not in served.log
    with sqlite3.connect(tmp_path / "state" / "tension.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        n_polls, n_ends = database.execute("SELECT count(*), count(DISTINCT feed_id) FROM poll").fetchone()
    assert n_polls == n_ends >= 2  # each feed was polled once: by one of the two only


def test_a_process_that_does_not_poll_ends_cleanly(tmp_path):
    (tmp_path / "feeds.yaml").write_text("feeds: []\n")
    served = Served(tmp_path, SCHEDULER="false")
    served.wait_until_it_answers()
    served.stop()
    assert "Traceback" not in served.log
