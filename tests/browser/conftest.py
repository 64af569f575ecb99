"""A real page in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import find
from tests.feedlists import write_feeds
from tests.serving import Served

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Streamlit asks for two files of its own below each page's address before it asks for them at the root
KNOWN = ("_stcore/health", "_stcore/host-config")
PAGES = ["", "signals", "map", "articles", "feeds", "compare", "whatif", "download", "method"]
expect.set_options(timeout=20_000)  # a busy machine draws slowly, and is not wrong for it


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while it is open, Playwright's event loop runs in this thread and no other may."""
    path = find()
    if path is None:
        pytest.skip("no Chromium can be had: the browser tests are left out")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(replay_server, tmp_path_factory) -> Iterator[Served]:
    """A running instance that watches captured feeds, one of them failing."""
    folder = tmp_path_factory.mktemp("served")
    server = replay_server("feeds/captured").url
    good = [f"{server}/files/{name}.xml" for name in ("bbc", "dw", "svoboda", "feed_theins")]
    write_feeds(folder / "feeds.yaml", [*good, f"{server}/faults/good", f"{server}/faults/status-500"])
    running = Served(folder)
    try:
        running.wait_until_it_answers()
        running.wait_until_polled()
        yield running
    finally:
        running.stop()


class Watch:
    """What a page complained of, and whom it asked."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)
        page.on("request", self._asked)

    def _heard(self, message) -> None:
        if message.type == "error" and not any(name in message.location.get("url", "") for name in KNOWN):
            self.errors.append(f"{message.text} {message.location}")

    def _asked(self, request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(request.url.split("/")[2])


@pytest.fixture
def watch(page) -> Watch:
    return Watch(page)


@pytest.fixture
def page(browser, served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, base_url=served.url)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def settled(page: Page) -> None:
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def visited(page: Page) -> Iterator[str]:
    """All pages, one after the other, as a reader goes through them: quicker than a visit anew to each."""
    page.goto("/")
    settled(page)
    yield ""
    for path in PAGES[1:]:
        link = page.locator(f'a[href$="/{path}"]').first  # on a phone it lies in the side panel, which is closed
        link.evaluate("node => node.click()")
        expect(page).to_have_url(re.compile(f"/{path}"))
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        settled(page)
        yield path
