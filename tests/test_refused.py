"""What the database refuses of one feed is that feed's failure, and harms no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from tension.feeds.articles import article_key
from tension.pipeline import Pipeline
from tension.records import PollStatus
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds
from tests.websites import Page, Site, website

RSS = '<rss version="2.0"><channel><title>T</title>{}</channel></rss>'
REFUSING = {  # a database that takes no article with this title
    "sqlite": "CREATE TRIGGER refused BEFORE INSERT ON article WHEN NEW.title = 'Refused' "
    "BEGIN SELECT RAISE(ABORT, 'no such title here'); END",
    "postgresql": "ALTER TABLE article ADD CONSTRAINT refused CHECK (title <> 'Refused')",
}


def rss(title: str, link: str, guid: str = "") -> str:
    return RSS.format(f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid></item>")


@contextmanager
def polling(store: Store, tmp_path, site: Site) -> Iterator[Pipeline]:
    settings = loopback_settings(tmp_path, connections_per_host=20)
    write_feeds(settings.feeds, [site.url + path for path in site.pages])
    with Pipeline(settings, store) as pipeline:
        pipeline.sync_catalogue()
        yield pipeline


def stored_keys(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT key FROM article ORDER BY id").scalars())


def coming_together(site: Site) -> None:
    """Let no page be answered before all are asked for, so that polls are stored in batches."""
    together = threading.Barrier(len(site.pages))
    for page in site.pages.values():
        page.wait = lambda: together.wait(10)


def test_items_with_endless_links_or_ids_are_stored_once(store, tmp_path):
    letters = Random(1).choices("бвгджзклмнпрстфхцчшщ", k=1900)  # six bytes each in an address; nothing to compress
    noise = "".join(letters)
    link = f"https://a.example/{noise}"
    with website() as site:
        site.pages |= {
            "/a": Page(rss("One", link)),
            "/b": Page(rss("Two", "", 3 * noise)),
            "/c": Page(rss("Three", link)),
        }
        with polling(store, tmp_path, site) as pipeline:
            polls = [*pipeline.run_cycle(publish=False), *pipeline.run_cycle(publish=False)]
    assert not [poll.reason for poll in polls if poll.status is PollStatus.FAILED]
    keys = stored_keys(store)
    assert len(keys) == len(set(keys)) == 2
    assert {key[:18] for key in keys} == {"https://a.example/", f"guid:b:{noise}"[:18]}
    assert max(len(key.encode()) for key in keys) <= 500


def test_a_key_is_shortened_only_where_it_is_too_long():
    address = "https://a.example/" + "é" * 80  # quoted, six bytes each
    assert article_key(address[:-2], "", "p").endswith("%C3%A9")
    assert len(article_key(address + "x", "", "p")) == 499
    assert article_key(address + "xyz", "", "p") != article_key(address + "xyy", "", "p")
    assert len(article_key("", "é" * 400, "p").encode()) <= 500


def test_a_feed_whose_items_are_refused_fails_alone_and_says_why(store, tmp_path):
    with store.engine.begin() as connection:
        connection.exec_driver_sql(REFUSING[store.engine.dialect.name])
    with website() as site:
        for n in range(12):
            title = "Refused" if n == 5 else f"Title {n}"
            site.pages[f"/f{n}"] = Page(rss(title, f"https://a.example/{n}"), headers={"ETag": '"1"'})
        coming_together(site)
        with polling(store, tmp_path, site) as pipeline:
            polls = pipeline.run_cycle(publish=False)
            states = store.watched()
    statuses = [poll.status for poll in polls]
    assert statuses == [PollStatus.FAILED if n == 5 else PollStatus.OK for n in range(12)]
    assert polls[5].reason.startswith("what it brought cannot be stored: the database refuses it: ")
    assert "no such title here" in polls[5].reason or 'violates check constraint "refused"' in polls[5].reason
    assert (polls[5].http_status, polls[5].n_items, states[5].failures_in_row) == (200, 0, 1)
    assert states[5].validators.etag is None  # so that the next poll asks for all of it again
    assert len(stored_keys(store)) == 11
