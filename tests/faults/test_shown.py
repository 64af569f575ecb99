"""Hostile titles, links and names do nothing where they end up: on the page, in a CSV, on a terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tension import server as own
from tension.exports import codings_csv
from tension.storage import frames
from tension.storage.frames import ArticleFilter
from tension.storage.store import Store
from tests.faults import documents
from tests.faults.cycles import run_cycle
from tests.faults.properties import tags

PAGE = Path(own.PAGE).with_name("articles.py")
ATTRIBUTES = {"class", "dir", "href", "lang", "target", "rel", "title"}


@pytest.fixture(scope="module")
def home(server, tmp_path_factory) -> Path:
    """The state after one cycle over a feed of hostile titles."""
    folder = tmp_path_factory.mktemp("hostile")
    cycle = run_cycle(folder, [f"{server.url}/titles"])
    assert cycle.polls["titles"].n_new == len(documents.HOSTILE_TITLES)
    return folder


@pytest.fixture
def engine(home) -> Iterator:
    store = Store.open(f"sqlite:///{home / 'tension.sqlite'}")
    yield store.engine
    store.engine.dispose()


def test_what_is_stored_is_text(engine):
    found = frames.articles(engine, ArticleFilter(), limit=100)
    assert len(found) == len(documents.HOSTILE_TITLES)
    for text in [*found["title"], *found["summary"]]:
        assert not tags(text)
        assert "\u202e" not in text
    assert "3 < 5 and 6 > 2" in set(found["title"])
    assert all(url == "" or url.startswith(("http://", "https://")) for url in found["url"])


def test_no_cell_of_the_csv_is_a_formula(engine):
    rows = list(csv.reader("".join(codings_csv(engine, ArticleFilter())).splitlines()))
    assert len(rows) == 1 + len(documents.HOSTILE_TITLES)
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")), cell


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def page(home, monkeypatch) -> Iterator[AppTest]:
    """The page of articles on that state."""
    monkeypatch.setenv("TENSION_HOME", str(home))
    monkeypatch.setenv("TENSION_FEEDS", str(home / "feeds.yaml"))
    for cached in (own.settings, own.store):
        cached.cache_clear()
    yield AppTest.from_file(str(PAGE), default_timeout=30)
    own.store().engine.dispose()
    for cached in (own.settings, own.store):
        cached.cache_clear()


@pytest.mark.parametrize("view", ["articles", "stories"])
def test_the_page_shows_hostile_titles_as_text(page, view):
    page.query_params["all"] = "true"
    page.query_params["view"] = view
    page.run()
    assert not page.exception
    markup = "".join(element.proto.body for element in page.get("html"))
    elements = Elements(markup.partition("</style>")[2]).found
    assert sum(tag == "article" for tag, _ in elements) == len(documents.HOSTILE_TITLES)
    assert {tag for tag, _ in elements} <= {"h2", "article", "h3", "p", "a", "mark", "span", "strong"}
    for _, attributes in elements:
        assert set(attributes) <= ATTRIBUTES
        assert (attributes.get("href") or "https://").startswith(("http://", "https://", "articles?story="))
    assert "3 &lt; 5 and 6 &gt; 2" in markup
