"""Full text: off by default; robots.txt, rate, time and addresses are kept to; each page is read once and coded."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Timer

import pandas as pd
import pytest
from sqlalchemy import select

from tension import settings as settings_module
from tension.errors import SettingsError
from tension.exports import codings_csv
from tension.feeds.fulltext import PageReader, PageStatus
from tension.feeds.parse import ParserPool
from tension.pipeline import Pipeline
from tension.resources import resource
from tension.scheduler import Scheduler
from tension.settings import Settings, read_settings
from tension.signals.classifier import MODEL, Model
from tension.signals.modelfile import read_model
from tension.storage import frames
from tension.storage import schema as s
from tension.storage.days import add_up
from tension.storage.frames import ArticleFilter
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds
from tests.test_page import SENTENCE, html
from tests.websites import Page, Site, website

NOW = datetime.now(UTC)
HANG = Event()


def feed_of(site: Site, *paths: str) -> str:
    items = [
        f"<item><title>Russia expels {n} NATO diplomats over {path}</title><link>{site.url}{path}</link></item>"
        for n, path in enumerate(paths, 2)
    ]
    sport = f"<item><title>A football club wins the cup</title><link>{site.url}/sport</link></item>"
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}{sport}</channel></rss>'


@pytest.fixture
def site():
    with website() as served:
        for path in ("/1", "/2", "/3", "/sport"):
            served.pages[path] = Page(html().decode(), headers={"Content-Type": "text/html"})
        yield served
    HANG.set()
    HANG.clear()


def read(urls, tmp_path, seconds=15.0, **more):
    """One batch by a reader of its own."""
    settings = loopback_settings(tmp_path, **{"fulltext": True, "fulltext_host_seconds": 0, **more})
    with ParserPool(workers=2, seconds=5) as parsers:
        return asyncio.run(PageReader(settings, parsers).read(dict(enumerate(urls)), seconds))


@contextmanager
def pipeline_on(tmp_path, site, *paths, **more):
    settings = loopback_settings(tmp_path, **{"fulltext": True, "fulltext_host_seconds": 0, **more})
    site.pages["/feed"] = Page(feed_of(site, *paths))
    write_feeds(settings.feeds, [f"{site.url}/feed"])
    store = Store.open(settings.url)
    with Pipeline(settings, store, now=lambda: NOW) as pipeline:
        pipeline.sync_catalogue()
        pipeline.run_cycle(publish=False)
        site.asked.clear()
        yield pipeline
    store.engine.dispose()


def table(pipeline, columns):
    with pipeline.store.engine.connect() as connection:
        return connection.execute(select(*columns)).all()


def test_it_is_off_by_default(tmp_path, site):
    with pipeline_on(tmp_path, site, "/1", fulltext=False) as pipeline:
        assert pipeline.read_pages(2) == 0
        assert frames.articles(pipeline.store.engine, ArticleFilter(), limit=9)["read_text"].unique() == ["summary"]
    assert site.asked == []


def test_without_the_extra_the_setting_is_refused(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENSION_FULLTEXT", "true")
    assert read_settings().fulltext
    monkeypatch.setattr(settings_module, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"TENSION_FULLTEXT: .*pip install 'tension\[fulltext\]'"):
        read_settings()


def test_involved_articles_are_coded_by_their_page_and_the_coding_says_so(tmp_path, site):
    with pipeline_on(tmp_path, site, "/1", "/2") as pipeline:
        engine, version = pipeline.store.engine, pipeline.model.version
        before = frames.articles(engine, ArticleFilter(), limit=9).set_index("url")
        assert pipeline.read_pages(15) == 2
        after = frames.articles(engine, ArticleFilter(), limit=9).set_index("url")
        assert after["read_text"].to_dict() == {
            f"{site.url}/1": "article",
            f"{site.url}/2": "article",
            f"{site.url}/sport": "summary",
        }
        one = f"{site.url}/1"
        assert after.loc[one, "probabilities"] != before.loc[one, "probabilities"]
        (text,) = table(pipeline, [s.article_text.c.text])[:1]
        assert SENTENCE.format(3) in text[0]
        whole = f"{after.loc[one, 'title']}\n{text[0]}"
        for span in after.loc[one, "evidence"]:
            assert whole[span["start"] : span["end"]] == span["text"]
        coded = table(pipeline, [s.coded_signal.c.article_id])
        assert len(coded) == sum(map(len, after["signals"]))
        sums = frames.feed_days(engine, version)
        with engine.begin() as connection:
            add_up(connection, set(sums["day"].dt.date), version)
        pd.testing.assert_frame_equal(sums, frames.feed_days(engine, version))
        csv = "".join(codings_csv(engine, ArticleFilter()))
        assert "read_text" in csv
        assert SENTENCE.format(3) not in csv
    assert site.hits["/sport"] == 0
    assert site.hits["/robots.txt"] == 1


def test_each_page_is_read_once_whatever_comes_of_it(tmp_path, site):
    site.pages["/2"] = Page("gone", 404)
    site.pages["/3"] = Page("<html><body>Please subscribe.</body></html>")
    with pipeline_on(tmp_path, site, "/1", "/2", "/3") as pipeline:
        assert [pipeline.read_pages(15) for _ in range(3)] == [1, 0, 0]
        kept = table(pipeline, [s.article_text.c.status, s.article_text.c.reason])
    assert {(status, reason.partition(":")[0]) for status, reason in kept} == {
        ("read", ""),
        ("failed", "HTTP 404"),
        ("failed", "the page holds no article that can be read"),
    }
    assert site.hits == {"/robots.txt": 1, "/1": 1, "/2": 1, "/3": 1}


def test_a_kept_text_is_coded_by_a_new_model_without_asking_again(tmp_path, site):
    with pipeline_on(tmp_path, site, "/1") as pipeline:
        pipeline.read_pages(15)
        stored = read_model(resource(MODEL))
        newer = Model(stored.classifier, "newer", stored.languages)
        with Pipeline(pipeline.settings, pipeline.store, now=pipeline.now, load=lambda: newer) as after:
            after.code_pending()
            assert not after.all_coded  # and so nothing is published yet
            assert after.publish() == 0
            assert after.read_pages(9) == 1
            assert after.all_coded
    assert site.hits["/1"] == 1


def test_robots_txt_is_honoured_on_every_hop(tmp_path, site):
    site.pages["/robots.txt"] = Page("User-agent: *\nAllow: /\n\nUser-agent: tension\nDisallow: /2\n")
    site.redirect("/3", "/2")
    urls = [f"{site.url}/{n}" for n in (1, 2, 3)]
    found = read(urls, tmp_path)
    assert [found[n].status for n in range(3)] == [PageStatus.READ, PageStatus.REFUSED, PageStatus.REFUSED]
    assert "robots.txt of 127.0.0.1 keeps this page from us" in found[1].reason
    assert site.hits["/2"] == 0
    other = read(urls, tmp_path, user_agent="Otherbot/2.0 (+mail)")
    assert {page.status for page in other.values()} == {PageStatus.READ}


@pytest.mark.parametrize(("status", "read_now"), [(404, True), (403, True), (429, False), (500, False), (503, False)])
def test_a_robots_txt_that_cannot_be_had(tmp_path, site, status, read_now):
    site.pages["/robots.txt"] = Page("", status)
    assert bool(read([f"{site.url}/1"], tmp_path)) is read_now
    assert site.hits["/1"] == read_now


def test_a_robots_txt_that_hangs_is_not_waited_for_again(tmp_path, site):
    site.pages["/robots.txt"] = Page(wait=lambda: HANG.wait(20))
    settings = loopback_settings(tmp_path, fulltext=True)
    with ParserPool(workers=1) as parsers:
        reader = PageReader(settings, parsers)
        for least, most in ((0.6, 4.0), (0.0, 0.5)):
            started = time.monotonic()
            assert asyncio.run(reader.read({1: f"{site.url}/1"}, 3.0)) == {}
            assert least <= time.monotonic() - started <= most
    assert site.hits == {"/robots.txt": 1}


def test_one_page_a_host_every_few_seconds_and_the_rest_next_time(tmp_path, site):
    at = []
    for path in ("/1", "/2", "/3"):
        site.pages[path].wait = lambda: at.append(time.monotonic())
    urls = {n: f"{site.url}/{n}" for n in (1, 2, 3)}
    with ParserPool(workers=2) as parsers:
        reader = PageReader(loopback_settings(tmp_path, fulltext=True, fulltext_host_seconds=3), parsers)
        first = asyncio.run(reader.read(urls, 15.0))
        assert len(first) == 2
        assert at[1] - at[0] >= 2.95
        rest = {n: url for n, url in urls.items() if n not in first}
        assert asyncio.run(reader.read(rest, 15.0)).keys() == rest.keys()
    assert at[2] - at[1] >= 2.95
    assert site.hits["/robots.txt"] == 1


def test_a_longer_crawl_delay_counts(tmp_path, site):
    site.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 60\n")
    assert len(read([f"{site.url}/1", f"{site.url}/2"], tmp_path)) == 1


def test_a_host_that_is_too_busy_rests(tmp_path, site):
    site.pages["/1"] = Page("", 429, {"Retry-After": "3600"})
    with ParserPool(workers=1) as parsers:
        reader = PageReader(loopback_settings(tmp_path, fulltext=True, fulltext_host_seconds=0), parsers)
        assert asyncio.run(reader.read({1: f"{site.url}/1"}, 15.0)) == {}
        assert asyncio.run(reader.read({2: f"{site.url}/2"}, 3.0)) == {}
    assert site.hits == {"/robots.txt": 1, "/1": 1}


def test_a_page_that_hangs_ends_in_time_and_holds_up_no_other_host(tmp_path, site):
    site.pages["/1"] = Page(wait=lambda: HANG.wait(20))
    with website("127.0.0.2") as other:
        other.pages["/1"] = Page(html().decode())
        started = time.monotonic()
        found = read([f"{site.url}/1", f"{other.url}/1"], tmp_path)
        assert time.monotonic() - started < 15
    assert found[1].status is PageStatus.READ
    assert found[0].status is PageStatus.FAILED
    assert "no headers" in found[0].reason


def test_addresses_that_are_not_public_are_refused(tmp_path, site):
    site.redirect("/2", f"{site.url.replace('127.0.0.1', '127.0.0.9')}/1")
    urls = dict(enumerate(["http://10.0.0.1/1", f"{site.url}/2", "file:///etc/passwd"]))
    settings = Settings(home=tmp_path, fulltext=True, allowed_networks="127.0.0.1/32")
    with ParserPool(workers=1) as parsers:
        found = asyncio.run(PageReader(settings, parsers).read(urls, 9.0))
    for number, host in ((0, "10.0.0.1"), (1, "127.0.0.9")):
        assert found[number].reason.startswith(host)
        assert "not public" in found[number].reason
    assert "only http and https" in found[2].reason


def test_a_redirect_on_the_same_host_waits_for_no_second_turn(tmp_path, site):
    site.redirect("/2", "/1")
    found = read([f"{site.url}/2"], tmp_path, fulltext_host_seconds=60)
    assert found[0].status is PageStatus.READ


def test_a_redirect_to_a_host_without_robots_txt_is_not_followed_again_and_again(tmp_path, site):
    with website("127.0.0.2") as other:
        other.pages["/robots.txt"] = Page("", 503)
        site.redirect("/2", f"{other.url}/1")
        found = read([f"{site.url}/2"], tmp_path)
        assert other.asked == ["/robots.txt"]
    assert found[0].status is PageStatus.FAILED
    assert "robots.txt cannot be read for now" in found[0].reason


def test_old_pages_and_those_of_archives_are_left_alone(tmp_path, site):
    with pipeline_on(tmp_path, site, "/1") as pipeline:
        pipeline.now = lambda: NOW + timedelta(days=4)
        assert pipeline.read_pages(2) == 0
    assert site.asked == []


def test_a_pipeline_told_to_stop_leaves_pages_for_later(tmp_path, site):
    site.pages["/1"] = Page(wait=lambda: HANG.wait(20))
    with pipeline_on(tmp_path, site, "/1") as pipeline:
        Timer(1.0, pipeline.stopping.set).start()
        started = time.monotonic()
        assert pipeline.read_pages(30) == 0
        assert time.monotonic() - started < 5
        assert table(pipeline, [s.article_text.c.status]) == []


def test_the_scheduler_reads_pages_after_polling_and_publishes_again(tmp_path, site):
    settings = loopback_settings(tmp_path, fulltext=True, fulltext_host_seconds=0)
    site.pages["/feed"] = Page(feed_of(site, "/1"))
    write_feeds(settings.feeds, [f"{site.url}/feed"])
    scheduler = Scheduler(settings, Store.open(settings.url))
    scheduler.tick()
    assert site.asked[:3] == ["/feed", "/robots.txt", "/1"]
    assert scheduler._unpublished
    scheduler.pipeline.close()
    scheduler.owner.release()


def test_trafilatura_is_not_loaded_where_nothing_is_read():
    code = "import sys, tension.scheduler; sys.exit('trafilatura' in sys.modules or 'protego' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
