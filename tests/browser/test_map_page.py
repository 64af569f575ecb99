"""What a reader does on the Map page: see who is named, choose days, open a country's stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tension.archive.load import load
from tension.pipeline import Pipeline
from tension.storage.store import Store
from tests.feedlists import loopback_settings, write_feeds
from tests.serving import Served

pytestmark = pytest.mark.browser
ROW = 35  # pixels
WARSAW = (420.0, 30.0)  # kilometres in the picture


LAST = date(2022, 4, 10)
TOLD = (
    "Moscow warns Poland of consequences over NATO troops",
    "Russian missiles strike Ukraine as NATO meets",
    "Russia expels 34 French diplomats in response to Paris move",
    "US sanctions Russian banks",
    "Kremlin recalls its ambassador from Estonia",
    "Germany sends tanks to Lithuania to deter Russia",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """A running instance with an archive of forty days, and no feed to poll."""
    folder = tmp_path_factory.mktemp("map")
    settings = loopback_settings(folder / "state")
    write_feeds(folder / "feeds.yaml", [])
    rows = ["published_at,title,url"]
    for i in range(40):
        titles = [f"Cup final number {i} ends in a draw after {n} minutes" for n in range(6)]
        titles += [TOLD[(i + n) % len(TOLD)] for n in range(3 + i % 3)]
        rows += [f"{LAST - timedelta(days=i)},{title},https://a.example/{i}/{n}" for n, title in enumerate(titles)]
    (folder / "archive.csv").write_text("\n".join(rows))
    store = Store.open(settings.url)
    with Pipeline(settings, store, now=lambda: datetime(2022, 4, 12, tzinfo=UTC)) as pipeline:
        load(pipeline, folder / "archive.csv", source="archive", language="en")
    store.engine.dispose()
    running = Served(folder, SCHEDULER="false")
    try:
        running.wait_until_it_answers()
        yield running
    finally:
        running.stop()


@pytest.fixture
def shown(page: Page) -> Page:
    page.goto("/map")
    expect(page.locator(".js-plotly-plot path.js-fill").first).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    return page


def table(page: Page) -> pd.DataFrame:
    """The table of countries as screen readers are told it."""
    found = page.get_by_test_id("stDataFrame").first.locator("table")
    expect(found.locator("tbody tr").first).to_be_attached()
    heads = found.locator("th").all_text_contents()
    rows = [row.locator("td").all_text_contents() for row in found.locator("tbody tr").all()]
    return pd.DataFrame([row[-len(heads) :] for row in rows], columns=heads)


def point_at(page: Page, km: tuple[float, float]) -> tuple[float, float]:
    """Move the mouse there on the map; gives where it is on the page."""
    box, frame = page.locator(".js-plotly-plot .nsewdrag").bounding_box(), drawn_frame(page)
    (x0, x1), (y0, y1) = frame
    at = box["x"] + (km[0] - x0) / (x1 - x0) * box["width"], box["y"] + (y1 - km[1]) / (y1 - y0) * box["height"]
    page.mouse.move(at[0] - 3, at[1])
    page.mouse.move(*at)
    return at


def drawn_frame(page: Page) -> list[list[float]]:
    chart = page.locator(".js-plotly-plot")
    return chart.evaluate("node => [node._fullLayout.xaxis.range, node._fullLayout.yaxis.range]")


def test_the_map_is_drawn_from_our_own_outlines(shown: Page, watch, served):
    assert shown.locator(".js-plotly-plot path.js-fill").count() >= 4  # two sides, other land, and a class
    expect(shown.get_by_text("Russia and Belarus", exact=True)).to_be_visible()
    expect(shown.get_by_text(re.compile(r"Index from .*Countries named most beside Russia: Ukraine"))).to_be_visible()
    expect(shown.locator(".js-plotly-plot").get_by_text(re.compile("^Source: tension, method"))).to_be_visible()
    listed = table(shown)
    assert len(listed) >= 5
    assert "Ukraine" in set(listed["country"])
    points = listed["points"][listed["country"] != "no country named"].astype(float)
    assert points.is_monotonic_decreasing
    shown.reload()  # watched from its first request on
    expect(shown.locator(".js-plotly-plot path.js-fill").first).to_be_visible()
    assert watch.errors == []
    assert watch.hosts == {served.url.partition("//")[2]}


def test_a_country_says_its_part_and_opens_into_its_stories(shown: Page, watch):
    at = point_at(shown, WARSAW)
    expect(shown.locator(".js-plotly-plot .hoverlayer")).to_contain_text("Poland (member)")
    shown.mouse.click(*at)
    expect(shown).to_have_url(re.compile("place=Poland"))
    expect(shown.get_by_role("combobox", name="Country")).to_have_value("Poland")
    shown.get_by_role("combobox", name="Country").click()
    shown.get_by_role("option", name="Ukraine").click()
    expect(shown).to_have_url(re.compile("place=Ukraine"))
    stories = shown.get_by_test_id("stDataFrame").nth(1).locator("tbody tr")
    expect(stories.first).to_be_attached()
    expect(shown.get_by_text(re.compile(r"Stories listed: \d+ of [\d,]+"))).to_be_visible()
    shown.goto(shown.url)
    expect(shown.get_by_role("combobox", name="Country")).to_have_value("Ukraine")
    shown.get_by_role("link", name="All stories of these days that name this country: Ukraine").click()
    expect(shown).to_have_url(re.compile(r"/articles\?(?=.*named=Ukraine)(?=.*since=2022-03-12)(?=.*until=2022-04-10)"))
    expect(shown.get_by_text(re.compile("^Only: .*Ukraine"))).to_be_visible()
    expect(shown.locator("article").first).to_contain_text("Ukraine")
    assert watch.errors == []


def test_the_largest_part_is_open_until_another_is_chosen(shown: Page):
    expect(shown.get_by_role("combobox", name="Country")).to_have_value("")
    expect(shown.get_by_role("link", name="that name this country: Ukraine")).to_be_visible()


def test_a_row_of_the_table_opens_too(shown: Page):
    first = table(shown)["country"][0]
    shown.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": ROW * 1.5})
    expect(shown.get_by_role("combobox", name="Country")).to_have_value(first)


def test_the_days_stand_in_the_address(shown: Page):
    shown.get_by_role("radio", name="last day").click()
    expect(shown).to_have_url(re.compile("over=last"))
    expect(shown.get_by_text(re.compile("Index on 10 Apr 2022"))).to_be_visible()
    shown.goto(shown.url)
    expect(shown.get_by_text(re.compile("Index on 10 Apr 2022"))).to_be_visible()
    shown.get_by_role("radio", name="dates").click()
    expect(shown.get_by_role("group", name="From")).to_be_visible()


def test_countries_are_named_in_the_readers_language(shown: Page):
    shown.goto("/map?lang=fr&place=Ukraine&over=month")
    expect(shown.locator(".js-plotly-plot").get_by_text("Russie", exact=True)).to_be_visible()
    expect(shown.get_by_role("combobox").first).to_have_value("Ukraine")
    shown.goto("/map?lang=fr&place=Poland")  # a link of an English reader
    expect(shown).to_have_url(re.compile("place=Pologne"))


def test_the_picture_has_the_source_and_the_scale(shown: Page, tmp_path):
    shown.locator(".js-plotly-plot").hover()
    with shown.expect_download() as download:
        shown.locator(".modebar-btn").first.click()
    download.value.save_as(tmp_path / "map.svg")
    picture = (tmp_path / "map.svg").read_text()
    assert "Source: tension, method" in picture
    assert "Index points" in picture
    assert "neither member nor partner" in picture


def test_the_countries_are_downloaded(shown: Page, tmp_path):
    with shown.expect_download() as download:
        shown.get_by_role("button", name="These countries as CSV").click()
    download.value.save_as(tmp_path / "countries.csv")
    found = pd.read_csv(tmp_path / "countries.csv", keep_default_na=False)
    assert list(found.columns) == ["code", "country", "points", "share", "change", "n_stories", "signal", "standing"]
    assert found["points"].sum() > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_fits_a_phone_in_both_themes(browser, served, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=served.url, color_scheme=scheme)
    page = context.new_page()
    try:
        page.goto("/map")
        chart = page.locator(".js-plotly-plot")
        expect(chart.locator("path.js-fill").first).to_be_visible(timeout=60_000)
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        box = chart.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert 150 < box["height"] < 260  # as high as it is wide, no blank beneath
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        context.close()
