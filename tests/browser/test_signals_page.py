"""The signals as small multiples and as a calendar, and the way from a signal to its articles."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from tension.signals.codebook import SIGNALS
from tests.serving import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def signals(page: Page, watch) -> Page:
    page.goto("/signals")
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(6)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    return page


def titles(page: Page) -> list[str]:
    return page.locator(".annotation-text a").all_text_contents()


def test_each_signal_is_drawn_and_the_whole_beside_them(signals: Page, watch, served):
    assert sorted(titles(signals)) == sorted(signal.label for signal in SIGNALS)
    index = requests.get(f"{served.url}/api/index.json", timeout=10).json()[-1]
    context = signals.locator(".js-plotly-plot").nth(4)
    expect(context).to_contain_text(f"{index['smoothed']:.1f}")
    expect(signals.get_by_text(re.compile(r"most points, smoothed, come from"))).to_be_visible()
    assert watch.errors == []
    assert watch.hosts == {served.url.partition("//")[2]}


def test_a_title_leads_to_the_articles_of_its_signal(signals: Page, watch):
    link = signals.locator(".annotation-text a", has_text="Diplomats expelled")
    assert re.fullmatch(
        r"articles\?signal=Diplomats\+expelled&since=[\d-]{10}&until=[\d-]{10}",
        link.evaluate("node => node.getAttribute('xlink:href') || node.getAttribute('href')"),
    )
    place = link.bounding_box()
    signals.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(signals.get_by_role("heading", name="Articles")).to_be_visible()
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
    dot = signals.locator(".js-plotly-plot").nth(5).locator("path.point").last
    dot.scroll_into_view_if_needed()
    place = dot.bounding_box()
    signals.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(signals.get_by_text(f"{index['index']:.1f} points")).to_be_visible()
    signals.get_by_role("link", name="Why this value").click()
    expect(signals).to_have_url(re.compile(f"day={index['date'][:10]}"))
    expect(signals.get_by_role("heading", name="Why this value")).to_be_visible()
    assert watch.errors == []


def test_one_scale_for_all_stands_in_the_address(page: Page):
    page.goto("/signals?common=true")
    expect(page.locator(".js-plotly-plot")).to_have_count(6)
    tops = "node => Object.keys(node.layout).filter(k => k.startsWith('yaxis')).map(k => node.layout[k].range[1])"
    acts, threats = (page.locator(".js-plotly-plot").nth(i).evaluate(tops) for i in (0, 2))
    assert len({*acts, *threats}) == 1
    page.goto("/signals")
    expect(page.locator(".js-plotly-plot")).to_have_count(6)
    assert len(set(page.locator(".js-plotly-plot").nth(0).evaluate(tops))) > 1


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
        expect(page.locator(".js-plotly-plot")).to_have_count(6, timeout=30_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.get_by_test_id("stException").count() == 0
    finally:
        context.close()
