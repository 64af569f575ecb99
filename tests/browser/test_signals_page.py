"""The signals as small multiples and as a calendar, and the way from a signal to its articles."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pandas as pd
import pytest
import requests
from playwright.sync_api import Page, expect

from tension.signals.codebook import SIGNALS
from tests.serving import Served

pytestmark = pytest.mark.browser

TOLD = [
    "Russia expels ten NATO diplomats in retaliation",
    "EU imposes new sanctions on Russia over Ukraine",
    "NATO allies send more tanks to Ukraine as Russia attacks",
    "Kremlin warns NATO of nuclear consequences",
    "Russia and United States hold talks in Geneva",
]
# how many small charts stand side by side
ABREAST = """many => {
  const course = document.querySelectorAll(".js-plotly-plot")[1]
  const axes = Object.entries(course?.layout ?? {}).filter(([name]) => name.startsWith("xaxis"))
  return new Set(axes.map(([, axis]) => axis.domain[0])).size === many
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """A running instance with two months from an archive, for there to be lines."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "feeds.yaml").write_text("feeds: []\n")
    with (folder / "press.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["published_at", "title", "url"])
        for i, day in enumerate(pd.date_range("2022-02-01", periods=60)):
            told = [*TOLD[: 1 + i % len(TOLD)], "Football club wins the cup", "Rain is expected at the weekend"]
            for n, title in enumerate(told):
                rows.writerow([f"{day:%Y-%m-%d}T08:00:00Z", title, f"https://press.test/{i}/{n}"])
    places = {"TENSION_HOME": f"{folder / 'state'}", "TENSION_FEEDS": f"{folder / 'feeds.yaml'}"}
    load = [sys.executable, "-m", "tension", "load", "press.csv", "--source", "press", "--language", "en"]
    subprocess.run(load, cwd=folder, env=os.environ | places, check=True, timeout=120)
    running = Served(folder)
    try:
        running.wait_until_it_answers()
        yield running
    finally:
        running.stop()


@pytest.fixture
def signals(page: Page, watch) -> Page:
    page.goto("/signals")
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    return page


def titles(page: Page) -> list[str]:
    return page.locator(".annotation-text a").all_text_contents()


def test_each_signal_is_drawn_and_the_whole_beside_them(signals: Page, watch, served):
    assert sorted(titles(signals)) == sorted(signal.label for signal in SIGNALS)
    index = requests.get(f"{served.url}/api/index.json", timeout=10).json()[-1]
    now, course, days = signals.locator(".js-plotly-plot").all()
    expect(course).to_contain_text(f"{index['smoothed']:,.1f}")
    for signal in SIGNALS:
        expect(now).to_contain_text(signal.label)
    for chart in (now, course, days):
        expect(chart).to_contain_text("Source: tension")
    expect(signals.get_by_text(re.compile(r"most points, smoothed, come from"))).to_be_visible()
    assert watch.errors == []
    assert watch.hosts == {served.url.partition("//")[2]}


def test_a_title_leads_to_the_articles_of_its_signal(signals: Page, watch):
    link = signals.locator(".annotation-text a", has_text="Diplomats expelled")
    assert re.fullmatch(
        r"articles\?signal=Diplomats\+expelled&since=[\d-]{10}&until=[\d-]{10}&lang=en",
        link.evaluate("node => node.getAttribute('xlink:href') || node.getAttribute('href')"),
    )
    link.scroll_into_view_if_needed()
    place = link.bounding_box()
    signals.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(signals).to_have_url(re.compile(r"articles\?.*signal=Diplomats"))
    expect(signals.locator("article").first).to_be_visible()
    for card in signals.locator("article").all():
        expect(card).to_contain_text("Diplomats expelled")
    assert watch.errors == []


def test_the_calendar_of_a_signal_stands_in_the_address_and_leads_to_its_articles(signals: Page, watch):
    signals.get_by_role("combobox", name="Signal").click()
    signals.keyboard.type("Sanct")
    signals.get_by_role("option", name="Sanctions").click()
    link = signals.get_by_role("link", name="Articles on sanctions")
    expect(link).to_be_visible()
    expect(signals).to_have_url(re.compile("calendar=Sanctions"))
    signals.goto(signals.url)
    expect(link).to_be_visible()
    link.click()
    expect(signals).to_have_url(re.compile(r"articles\?.*signal=Sanctions"))
    expect(signals.locator("article").first).to_contain_text("Sanctions")
    assert watch.errors == []


def test_a_day_that_is_clicked_opens(signals: Page, watch, served):
    index = requests.get(f"{served.url}/api/index.json", timeout=10).json()[-1]
    dot = signals.locator(".js-plotly-plot").nth(2).locator("path.point").last
    dot.scroll_into_view_if_needed()
    place = dot.bounding_box()
    signals.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(signals.get_by_text(f"{index['index']:,.1f} points")).to_be_visible()
    signals.get_by_role("link", name="Why this value").click()
    expect(signals).to_have_url(re.compile(f"day={index['date'][:10]}"))
    expect(signals.get_by_role("heading", name="Why this value")).to_be_visible()
    assert watch.errors == []


def test_one_scale_for_all_stands_in_the_address(page: Page):
    tops = "node => Object.keys(node.layout).filter(k => k.startsWith('yaxis')).map(k => node.layout[k].range[1])"
    course = page.locator(".js-plotly-plot").nth(1)
    page.goto("/signals?common=true")
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    assert len(set(course.evaluate(tops))) == 2  # the whole index keeps its own
    page.goto("/signals")
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    assert len(set(course.evaluate(tops))) > 2


def test_before_the_first_day_it_says_what_will_be_here(browser, tmp_path):
    (tmp_path / "feeds.yaml").write_text("feeds: []\n")
    empty = Served(tmp_path)
    context = browser.new_context(base_url=empty.url)
    try:
        empty.wait_until_it_answers()
        page = context.new_page()
        page.goto("/signals")
        expect(page.get_by_text("No day has a value yet.")).to_be_visible()
        assert page.locator(".js-plotly-plot").count() == 0
        assert page.get_by_test_id("stException").count() == 0
    finally:
        context.close()
        empty.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_both_themes(browser, served, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=served.url, color_scheme=scheme)
    page = context.new_page()
    try:
        page.goto("/signals")
        page.wait_for_function(ABREAST, arg=2)
        expect(page.locator(".js-plotly-plot")).to_have_count(3, timeout=30_000)
        expect(page.get_by_test_id("stExpander").get_by_text("Records and first sightings")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.get_by_test_id("stException").count() == 0
    finally:
        context.close()


def test_small_charts_stand_as_many_side_by_side_as_fit(signals: Page, watch):
    signals.wait_for_function(ABREAST, arg=5)
    signals.set_viewport_size({"width": 800, "height": 900})
    signals.wait_for_function(ABREAST, arg=3)
    signals.set_viewport_size({"width": 1280, "height": 900})
    signals.wait_for_function(ABREAST, arg=5)
    assert watch.errors == []


def test_it_speaks_the_readers_language(page: Page, watch):
    page.goto("/signals?lang=fr")
    calendar = page.locator(".js-plotly-plot").nth(2)
    expect(calendar).to_contain_text("lun.")
    expect(calendar).to_contain_text("avr.")
    assert page.get_by_test_id("stException").count() == 0
    assert watch.errors == []
