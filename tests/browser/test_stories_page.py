"""What a user does on the page of stories and articles: search, filter, open a story, share what is seen."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def cards(page: Page) -> Locator:
    return page.locator("article.card")


def n_articles(page: Page) -> int:
    """How many articles the page says that it found."""
    said = page.get_by_role("heading", level=2, name=re.compile(r"[\d,]+ articles?\b")).inner_text()
    return int(re.search(r"([\d,]+) article", said)[1].replace(",", ""))


def search(page: Page, text: str) -> None:
    box = page.get_by_role("searchbox", name="Search titles and summaries")
    box.fill(text)
    box.press("Enter")


def test_words_are_searched_and_stand_in_the_address(page: Page, watch):
    page.goto("/articles")
    expect(cards(page).first).to_be_visible()
    everything = n_articles(page)
    search(page, "expels diplomat")
    expect(page.get_by_text("Only: “expels diplomat”")).to_be_visible()
    expect(page).to_have_url(re.compile("words=expels"))
    expect(cards(page).first).to_contain_text("Russia expels two NATO diplomats")
    found = n_articles(page)
    assert 0 < found < everything
    page.goto(page.url)
    expect(cards(page).first).to_contain_text("Russia expels two NATO diplomats")
    assert n_articles(page) == found
    assert watch.errors == []


@pytest.mark.parametrize("typed", ['"expels" OR (NOT', "title:* ^NEAR(", "%", "🙂", "' -- \\"])
def test_anything_can_be_typed(page: Page, watch, typed):
    page.goto("/articles")
    expect(cards(page).first).to_be_visible()
    search(page, typed)
    expect(page.get_by_test_id("stAlert").or_(cards(page)).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert watch.errors == []


def test_filters_narrow_and_are_cleared(page: Page, watch):
    page.goto("/articles?words=nato&language=fi&signal=Diplomats+expelled&about=Russia+and+NATO")
    expect(page.get_by_text("No story fits all of this.")).to_be_visible()
    page.get_by_role("button", name="Clear all filters").click()
    expect(cards(page).first).to_be_visible()
    assert not {"words", "language", "signal", "about"} & set(parse_qs(urlsplit(page.url).query))
    assert watch.errors == []


def test_what_is_of_something_else_is_offered_where_nothing_fits(page: Page):
    page.goto("/articles?words=football")
    page.get_by_role("button", name=re.compile(r"Show \d+ that are not about")).click()
    expect(cards(page).first).to_contain_text(re.compile("football", re.I))
    expect(page).to_have_url(re.compile("about=everything"))


def test_pages_are_turned(page: Page, watch):
    page.goto("/articles?view=articles&about=everything")
    expect(cards(page)).to_have_count(15)
    first = cards(page).first.inner_text()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("p", has_text=re.compile(r"^Page 2 of \d+$"))).to_be_visible()
    expect(page).to_have_url(re.compile("page=2"))
    heading = page.locator("h2.found")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    assert cards(page).first.inner_text() != first
    search(page, "expels")
    expect(cards(page).first).to_contain_text("expels")
    expect(page).not_to_have_url(re.compile("page="))
    assert watch.errors == []


def test_a_story_opens_with_who_told_it_when(page: Page, watch):
    page.goto("/articles?words=expels+diplomats&first=strongest")
    link = cards(page).first.get_by_role("heading", level=3).get_by_role("link")
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page).to_have_url(re.compile(r"articles\?story=\d+&"))
    expect(page.get_by_text(re.compile(r"^\d+ publishers?, \d+ articles?"))).to_be_visible()
    tellings = page.locator("ol.tellings > li")
    expect(tellings.first).to_contain_text("first")
    source = tellings.first.get_by_role("heading", level=3).get_by_role("link")
    assert source.get_attribute("href").startswith("http")
    assert source.get_attribute("rel") == "noopener noreferrer"
    expect(tellings.first.locator("mark").first).to_be_visible()
    expect(page.get_by_text(re.compile("points of the index on|makes up nothing"))).to_be_visible()
    page.get_by_role("link", name="All stories").click()
    expect(page.get_by_role("heading", level=1, name="Stories")).to_be_visible()
    expect(cards(page).first.get_by_role("heading", level=3)).to_have_text(title)
    expect(page.get_by_text("Only: “expels diplomats”")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"words": ["expels diplomats"], "first": ["strongest"]}
    assert watch.errors == []


@pytest.mark.parametrize("language", ["ru", "Russian", "russe", "русский"])
def test_links_to_a_language_hold_its_code_or_its_name_in_any_tongue(page: Page, watch, language):
    page.goto(f"/articles?language={language}&language=English&all=true")
    expect(page.get_by_text("Only: everything · in Russian, English")).to_be_visible()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"language": ["Russian", "English"], "about": ["everything"]}
    expect(cards(page).first.get_by_role("heading", level=3)).to_have_attribute("lang", re.compile("ru|en"))
    assert watch.errors == []


def test_what_is_set_is_said_and_cleared(page: Page):
    page.goto("/articles?signal=Diplomats+expelled&until=2030-01-01&words=expels")
    page.get_by_role("button", name="Clear all filters").click()
    expect(page.get_by_text("Only: ")).to_have_count(0)
    assert parse_qs(urlsplit(page.url).query) == {}


@pytest.mark.parametrize("asked", ["999999999", "-1", "x", "1" * 40])
def test_a_link_to_no_story_says_so(page: Page, watch, asked):
    page.goto(f"/articles?story={asked}")
    expect(page.get_by_text("The link names no story that is stored here.")).to_be_visible()
    assert watch.errors == []


def test_headings_are_in_order(page: Page):
    page.goto("/articles")
    expect(cards(page).first).to_be_visible()
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(node => Number(node.tagName[1]))")
    assert levels[:3] == [1, 2, 3]
    assert set(levels[2:]) == {3}
