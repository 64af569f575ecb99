"""What a user does, in a real browser: see the index, open its articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_chart_is_drawn_with_the_index_and_the_reference(page: Page, watch, served):
    page.goto("/")
    expect(page.get_by_role("heading", name="Tension between Russia and NATO")).to_be_visible()
    chart = page.locator(".js-plotly-plot")
    expect(chart.locator(".legend")).to_contain_text("reference (Wikipedia)")
    drawn = chart.evaluate("node => node._fullData.map(line => [line.name, line._length ?? 0])")
    lengths = dict(drawn)
    assert lengths["reference (Wikipedia)"] > 300
    assert lengths["index, smoothed"] > 0
    assert lengths["events"] > 1
    assert chart.locator(".scatterlayer path.js-line").count() >= 1
    today = requests.get(f"{served.url}/api/index.json", timeout=10).json()[-1]
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(f"{today['index']:.0f}")
    expect(page.get_by_text("1 feed failed when last asked")).to_be_visible()
    assert watch.errors == []
    assert watch.hosts == {served.url.partition("//")[2]}


def test_a_span_is_chosen_and_stands_in_the_address(page: Page):
    page.goto("/")
    chart = page.locator(".js-plotly-plot")
    expect(chart).to_be_visible()
    page.get_by_role("radio", name="all").click()
    page.wait_for_function("() => document.querySelector('.js-plotly-plot')?.layout.xaxis.range[0] < '2012-02'")
    assert "span=all" in page.url
    page.goto(page.url)
    page.wait_for_function("() => document.querySelector('.js-plotly-plot')?.layout.xaxis.range[0] < '2012-02'")
    page.get_by_role("link", name="Signals").click()
    expect(page.get_by_role("heading", name="Signals", level=1)).to_be_visible()
    expect(page.get_by_role("radio", name="all", exact=True)).to_be_checked()


def test_a_day_opens_into_the_stories_behind_it(page: Page, watch, served):
    page.goto("/")
    expect(page.get_by_role("heading", name="Why this value")).to_be_visible()
    today = requests.get(f"{served.url}/api/index.json", timeout=10).json()[-1]
    expect(page.get_by_text(f"{today['index']:.1f} index points. Each story's points")).to_be_visible()
    assert f"{today['date'][8:]}" in page.get_by_role("group", name="Day").inner_text()
    assert watch.errors == []


def test_a_day_that_is_clicked_opens(page: Page, watch):
    page.goto("/")
    points = (
        page.locator(".js-plotly-plot")
        .first.locator(".scatterlayer .trace:has(.points path)")
        .last.locator("path.point")
    )
    expect(points.last).to_be_visible()
    spot = points.last.bounding_box()
    page.mouse.move(spot["x"] - 4, spot["y"])
    page.mouse.move(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2, steps=4)
    page.wait_for_timeout(300)  # Plotly looks where the pointer is after a moment
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(page.get_by_text("index points. Each story's points")).to_be_visible()
    assert watch.errors == []


def test_the_method_is_explained_with_the_model_and_revisions(page: Page, watch):
    page.goto("/method")
    expect(page.get_by_role("heading", name="1. Intensity of an article")).to_be_visible()
    page.get_by_role("tab", name="The classifier").click()
    expect(page.get_by_text("What it was trained on.")).to_be_visible()
    page.get_by_role("tab", name="Audit sample").click()
    expect(page.get_by_text("drawn by chance and the same for every reader")).to_be_visible()
    page.get_by_role("tab", name="Revisions").click()
    expect(page.get_by_text("Every value that was published and later changed")).to_be_visible()
    assert watch.errors == []


def test_assumptions_are_taken_from_the_address_and_tried(page: Page, watch):
    page.goto("/whatif?i-red_line=1.5&half=9")
    expect(page.get_by_text(re.compile("instead of|No day has a value"))).to_be_visible()
    changed = page.get_by_text("Changed: Red lines 6.9 → 1.5; half-life 4 → 9 days")
    expect(changed).to_be_visible()
    page.get_by_role("tab", name="Threats").click()
    expect(page.get_by_role("slider", name="Red lines")).to_have_value("1.5")
    page.get_by_role("slider", name="Red lines").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"i-red_line=1\.6"))
    page.get_by_role("button", name="Reset all").click()
    expect(page.get_by_text("Nothing is changed")).to_be_visible()
    expect(page).not_to_have_url(re.compile("i-red_line|half="))
    assert watch.errors == []


def give_own_measure(page: Page, file: Path, text: str) -> None:
    file.write_text(text)
    page.goto("/compare")
    page.get_by_text("Compare with a measure of your own").click()
    expect(page.get_by_text("TENSION_COMPARISON_FILE")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)


def test_compare_takes_a_measure_of_the_readers_own(page: Page, watch, tmp_path):
    months = "\n".join(f"2019-{m:02}-01,{m % 5 + 1}" for m in range(1, 13))
    give_own_measure(page, tmp_path / "own.csv", f"month,RISK\n{months}")
    expect(page.get_by_text("Over 12 months in common, the index and RISK")).to_be_visible()
    assert watch.errors == []


def test_a_measure_that_cannot_be_read_is_said_so(page: Page, watch, tmp_path):
    give_own_measure(page, tmp_path / "own.csv", "month,RISK\nnever,1")
    expect(page.get_by_text("The other measure cannot be read")).to_be_visible()
    assert watch.errors == []


def test_articles_show_the_words_that_spoke(page: Page, watch):
    page.goto("/articles?view=articles&words=expels")
    card = page.locator("article").first
    expect(card).to_contain_text("Russia expels two NATO diplomats")
    expect(card.locator("mark", has_text="expels").first).to_be_visible()
    expect(card).to_contain_text("Diplomats expelled")
    link = card.locator("h3 a")
    assert link.get_attribute("href").startswith("http")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert watch.errors == []


def n_articles(page: Page) -> int:
    """How many articles the page says it has."""
    said = page.get_by_role("heading", name=re.compile("[0-9,]+ articles")).inner_text()
    return int(said.split(" articles")[0].split(" ")[-1].replace(",", ""))


def test_articles_are_filtered_by_signal(page: Page):
    page.goto("/articles")
    everything = n_articles(page)
    page.goto("/articles?signal=Diplomats+expelled")
    expect(page.locator("article").first).to_be_visible()
    assert 20 <= n_articles(page) < everything
    for card in page.locator("article").all():
        expect(card).to_contain_text("Diplomats expelled")
