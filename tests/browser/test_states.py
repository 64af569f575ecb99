"""Every page says how things stand, in every state of an installation, on a desk and on a phone, in light and dark."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch, settled, visited
from tests.feedlists import write_feeds
from tests.serving import START_SECONDS, Served
from tests.test_pipeline import LE_MONDE, Clock, pipeline_on

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SCREENS = [pytest.param(DESK, "light", id="desk-light"), pytest.param(PHONE, "dark", id="phone-dark")]
NO_VALUE = "No day has a value yet"
SAID = {
    "empty": {"": "Add the first feed", "signals": NO_VALUE, "map": NO_VALUE},
    "stale": {"": "days old"},
    "failed": {"": "5 feeds failed when last asked", "signals": NO_VALUE, "map": NO_VALUE},
    "insufficient": {"": "4 feeds failed when last asked", "signals": NO_VALUE, "map": NO_VALUE},
}


@pytest.fixture(scope="module", params=SAID)
def state(request, replay_server, tmp_path_factory) -> Iterator[tuple[str, Served]]:
    """An installation with nothing in it, one last polled long ago, one whose feeds all fail, one where most do."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = {}
    if request.param == "stale":
        server = replay_server("feeds/lemonde_2022h1")
        with ThreadPoolExecutor(1) as thread:  # in this one Playwright's event loop runs
            thread.submit(poll_long_ago, folder, server).result()
        settings = {"HOME": folder, "SCHEDULER": "false"}
    elif request.param == "empty":
        (folder / "feeds.yaml").write_text("feeds: []\n")
    else:
        server = replay_server("feeds/captured").url
        last = "faults/status-500" if request.param == "failed" else "faults/good"
        write_feeds(folder / "feeds.yaml", [*(f"{server}/faults/status-500?{n}" for n in range(4)), f"{server}/{last}"])
    running = Served(folder, **settings)
    try:
        running.wait_until_it_answers()
        if request.param in ("failed", "insufficient"):
            wait_until_asked(running)
        yield request.param, running
    finally:
        running.stop()


def poll_long_ago(folder, server) -> None:
    clock = Clock()
    with pipeline_on(folder, [f"{server.url}/feeds/{name}.xml" for name in LE_MONDE], clock) as pipeline:
        for day in ("2022-02-23", "2022-02-24", "2022-02-25"):
            server.set_clock(day)
            clock.set(day)
            pipeline.run_cycle()


def wait_until_asked(running: Served) -> None:
    deadline = time.monotonic() + START_SECONDS
    while requests.get(f"{running.url}/healthz", timeout=5).json()["feeds_waiting"]:
        assert time.monotonic() < deadline, running.log
        time.sleep(0.1)


@pytest.fixture
def screen(browser, state, request) -> Iterator[tuple[Page, Watch]]:
    size, scheme = request.param
    context = browser.new_context(viewport=size, base_url=state[1].url, color_scheme=scheme)
    context.set_default_timeout(30_000)
    page = context.new_page()
    yield page, Watch(page)
    context.close()


def pytest_generate_tests(metafunc) -> None:
    if "screen" in metafunc.fixturenames:
        values = [pytest.param(tuple(one.values), id=one.id) for one in SCREENS]
        metafunc.parametrize("screen", values, indirect=True)


def test_every_page_says_how_things_stand(state, screen):
    name, served = state
    page, watch = screen
    for path in visited(page):
        if text := SAID[name].get(path):
            expect(page.get_by_text(text).first).to_be_visible()
        assert page.get_by_test_id("stException").count() == 0, path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert watch.errors == [], path
    assert watch.hosts == {served.url.partition("//")[2]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_with_feeds_that_were_polled(browser, served, scheme):
    context = browser.new_context(viewport=PHONE, base_url=served.url, color_scheme=scheme)
    context.set_default_timeout(30_000)
    page = context.new_page()
    watch = Watch(page)
    try:
        for path in visited(page):
            assert page.get_by_test_id("stException").count() == 0, path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            assert watch.errors == [], path
    finally:
        context.close()


@pytest.mark.parametrize(("locale", "heading"), [("fr-FR", "Tension entre"), ("ru-RU", "Напряжённость между")])
def test_a_page_speaks_the_language_of_the_browser(browser, served, locale, heading):
    context = browser.new_context(viewport=DESK, base_url=served.url, locale=locale)
    context.set_default_timeout(30_000)
    page = context.new_page()
    try:
        page.goto("/")
        settled(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert page.evaluate("document.documentElement.lang") == locale[:2]
        assert page.locator(".js-plotly-plot").first.evaluate("node => node._context.locale") == locale[:2]
        page.goto("/?lang=en")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tension between Russia and NATO")
    finally:
        context.close()


def test_a_link_made_by_a_reader_of_another_language_shows_the_same(browser, served):
    context = browser.new_context(viewport=DESK, base_url=served.url, locale="fr-FR")
    context.set_default_timeout(30_000)
    page = context.new_page()
    try:
        page.goto("/?span=all&log=true")
        page.wait_for_function("() => document.querySelector('.js-plotly-plot')?.layout.xaxis.range[0] < '2012-02'")
        expect(page).to_have_url(re.compile("span=tout"))
        page.goto("/articles?signal=Diplomats+expelled")
        expect(page).to_have_url(re.compile("signal=Diplomates"))
        expect(page.locator("article").first).to_contain_text("Diplomates expulsés")
    finally:
        context.close()


def test_the_first_visit_is_greeted_once(browser, served):
    context = browser.new_context(viewport=DESK, base_url=served.url)
    context.set_default_timeout(30_000)
    page = context.new_page()
    try:
        page.goto("/")
        note = page.get_by_role("note")
        expect(note).to_contain_text("every value opens into the stories")
        note.get_by_role("button", name="Got it").click()
        expect(note).to_be_hidden()
        page.goto("/method")
        settled(page)
        expect(page.get_by_role("note")).to_have_count(0)
    finally:
        context.close()


def test_a_chart_is_taken_as_the_picture_that_the_reader_prefers(browser, served):
    context = browser.new_context(viewport=DESK, base_url=served.url, accept_downloads=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    try:
        for kind in ("svg", "png"):
            page.goto(f"/?picture={kind}")
            settled(page)
            page.locator(".js-plotly-plot").first.hover()
            with page.expect_download() as taken:
                page.locator(".modebar-btn[data-title*='ownload']").first.click()
            assert taken.value.suggested_filename == f"tension-index.{kind}"
    finally:
        context.close()
