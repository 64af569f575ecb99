"""What a user does on the Feeds page: find feeds, see how they fare, change the list."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tension.feeds.catalogue import read_catalogue
from tension.records import Feed
from tests.sites import Site

pytestmark = pytest.mark.browser
ROW = 35  # pixels


@pytest.fixture
def feeds(served, watch, page: Page) -> Iterator[Page]:
    """The page, watched from its first request on; afterwards the list is as it was."""
    file = served.folder / "feeds.yaml"
    before = file.read_text()
    page.goto("/feeds")
    expect(grid(page)).to_be_visible()
    yield page
    file.write_text(before)


def listed(served) -> list[Feed]:
    return list(read_catalogue(served.folder / "feeds.yaml"))


def grid(page: Page) -> Locator:
    return page.get_by_test_id("stDataFrame").first


def choose(page: Page, *rows: int) -> None:
    """Mark rows of the table, which is drawn on a canvas."""
    for row in rows:
        grid(page).click(position={"x": 16, "y": ROW * (row + 1.5)})
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)


def cells(page: Page, column: str) -> list[str]:
    """A column of the table as screen readers are told it."""
    table = grid(page).locator("table")
    expect(table.locator("tbody tr").first).to_be_attached()
    place = table.locator("th").all_text_contents().index(column)
    return [row.locator("td").all_text_contents()[place] for row in table.locator("tbody tr").all()]


def check(page: Page, address: str) -> None:
    page.get_by_text("Add a feed", exact=True).click()
    page.get_by_label("Address of a site or of its feed").fill(address)
    page.get_by_role("button", name="Check").click()


def test_each_feed_shows_how_it_fares(feeds: Page, watch):
    expect(feeds.get_by_text("✗ 1 failing · ✓ 5 well")).to_be_visible()
    assert cells(feeds, "feed")[0] == "status-500"
    assert "failing" in cells(feeds, "state")[0]
    assert "well" in cells(feeds, "state")[1]
    relevant = dict(zip(cells(feeds, "feed"), cells(feeds, "relevant"), strict=True))
    assert float(relevant["good"]) > 50
    assert relevant["status-500"] == ""  # not known, and not shown as none
    assert cells(feeds, "why")[:2] == ["HTTP 500: the server is in trouble.", ""]
    expect(feeds.get_by_test_id("stAlert")).to_have_text(
        re.compile("1 feed failed when last asked:\\s*status-500: HTTP 500: the server is in trouble.")
    )
    assert watch.errors == []


def test_the_filter_stands_in_the_address(feeds: Page):
    feeds.get_by_test_id("stButtonGroup").get_by_text("failing", exact=True).click()
    expect(feeds).to_have_url(re.compile("state=failing"))
    feeds.goto(feeds.url)
    expect(grid(feeds)).to_be_visible()
    assert cells(feeds, "feed") == ["status-500"]
    feeds.goto("/feeds?find=BBC&sort=name")
    expect(grid(feeds)).to_be_visible()
    assert cells(feeds, "feed") == ["bbc"]
    feeds.goto("/feeds?find=nothing+of+the+kind")
    expect(feeds.get_by_text("No feed fits")).to_be_visible()
    feeds.get_by_role("button", name="Show all feeds").click()
    expect(grid(feeds)).to_be_visible()
    assert len(cells(feeds, "feed")) == 6


def test_a_reader_of_another_language_finds_the_states_and_the_links_of_others(feeds: Page, watch):
    feeds.goto("/feeds?lang=fr&state=failing&kind=press")
    expect(grid(feeds)).to_be_visible()
    expect(grid(feeds).locator("tbody tr")).to_have_count(1)
    expect(grid(feeds).locator("tbody")).to_contain_text("status-500")
    feeds.goto("/feeds?kind=state_controlled")  # as it was called in links before
    expect(feeds.get_by_test_id("stMultiSelect").nth(1)).to_contain_text("state-controlled")
    assert watch.errors == []


def test_many_are_switched_off_and_on_in_one_go(feeds: Page, served):
    choose(feeds, 0, 1)
    expect(feeds.get_by_text("2 chosen")).to_be_visible()
    feeds.get_by_role("button", name="Switch off").click()
    expect(feeds.get_by_text("2 feeds switched off")).to_be_visible()
    assert sum(not feed.enabled for feed in listed(served)) == 2
    feeds.goto("/feeds?state=off")
    expect(grid(feeds)).to_be_visible()
    choose(feeds, 0, 1)
    feeds.get_by_role("button", name="Switch on").click()
    expect(feeds.get_by_text("2 feeds switched on")).to_be_visible()
    assert all(feed.enabled for feed in listed(served))


def test_a_failing_feed_is_explained_with_its_last_polls(feeds: Page):
    choose(feeds, 0)
    expect(feeds.get_by_text("It failed once. It never answered yet. HTTP 500")).to_be_visible()
    expect(feeds.get_by_text("Languages found")).to_be_visible()
    expect(feeds.get_by_test_id("stDataFrame").nth(1).locator("tbody tr").first).to_contain_text("HTTP 500")


def test_a_feed_is_edited_and_nobodys_change_is_lost(feeds: Page, served):
    feeds.goto("/feeds?find=bbc")
    expect(grid(feeds)).to_be_visible()
    choose(feeds, 0)
    feeds.get_by_role("tab", name="Edit or remove").click()
    name = feeds.get_by_label("Name", exact=True)
    expect(name).to_have_value("bbc")
    file = served.folder / "feeds.yaml"
    file.write_text(file.read_text().replace("publisher: bbc", "publisher: beeb"))
    name.fill("BBC, world")
    feeds.get_by_role("button", name="Save").click()
    expect(feeds.get_by_text("BBC, world is saved")).to_be_visible()
    assert [(feed.name, feed.publisher) for feed in listed(served)[:1]] == [("BBC, world", "beeb")]


def test_a_bad_value_is_explained_and_not_saved(feeds: Page, served):
    feeds.goto("/feeds?find=bbc")
    expect(grid(feeds)).to_be_visible()
    choose(feeds, 0)
    feeds.get_by_role("tab", name="Edit or remove").click()
    feeds.get_by_text("Address, polling and weight").click()
    feeds.get_by_label("Address (RSS or Atom)").fill("mailto:a@b.example")
    feeds.get_by_role("button", name="Save").click()
    expect(feeds.get_by_text("Nothing was saved.")).to_be_visible()
    assert listed(served)[0].url.endswith("bbc.xml")


def test_a_feed_is_added_by_its_own_address_and_its_articles_appear(feeds: Page, watch, served, replay_server):
    url = f"{replay_server('feeds/captured').url}/files/aljazeera.xml"
    check(feeds, url)
    expect(feeds.get_by_text("carries 25 items;")).to_be_visible()
    form = feeds.get_by_test_id("stForm").last
    form.get_by_label("Name").fill("Al Jazeera, captured")
    feeds.get_by_role("button", name="Add this feed").click()
    expect(feeds.get_by_text("Choose the country that the feed speaks from")).to_be_visible()
    choose_country(feeds, "Qatar")
    feeds.get_by_role("button", name="Add this feed").click()
    expect(feeds.get_by_text("is added; its first poll is under way")).to_be_visible()
    added = listed(served)[-1]
    assert (added.url, added.name, added.country, added.language) == (url, "Al Jazeera, captured", "QA", "en")
    wait_for_codings(served, "aljazeera")
    feeds.goto("/articles?all=true&country=QA")
    expect(feeds.locator("article .about").first).to_contain_text("Al Jazeera, captured")
    assert watch.errors == []


def choose_country(page: Page, name: str) -> None:
    box = page.get_by_test_id("stForm").last.get_by_role("combobox", name="Country")
    box.click()  # into sight, else the list does not open
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    box.fill(name)
    page.get_by_role("option", name=name).click()


def wait_for_codings(served, text: str) -> None:
    deadline = time.monotonic() + 45
    while text not in requests.get(f"{served.url}/api/codings.csv", timeout=10).text:
        assert time.monotonic() < deadline, served.log
        time.sleep(0.5)


def test_a_feed_is_found_from_its_sites_address(feeds: Page, watch, served, replay_server):
    captured = f"{replay_server('feeds/captured').url}/files"
    link = '<link rel="alternate" type="application/rss+xml" title="{0}" href="{1}/{0}.xml">'
    site = Site({"/": f"<html>{link.format('bbc', captured)}{link.format('nyt_world', captured)}"})
    try:
        check(feeds, site.url)
        expect(feeds.get_by_text("2 feeds found at")).to_be_visible()
        expect(feeds.get_by_text("It is in the list already, as “bbc”.")).to_be_visible()
        feeds.get_by_role("radiogroup").get_by_text("items").last.click()
        expect(feeds.get_by_text("are about Russia and NATO, as the model codes them")).to_be_visible()
        coded = feeds.get_by_test_id("stExpander").first.get_by_test_id("stDataFrame").locator("table")
        expect(coded).to_contain_text("Russia and NATO")
        choose_country(feeds, "Ukraine")
        feeds.get_by_role("button", name="Add this feed").click()
        expect(feeds.get_by_text("is added; its first poll is under way")).to_be_visible()
    finally:
        site.close()
    assert listed(served)[-1].url == f"{captured}/nyt_world.xml"
    assert watch.errors == []


def test_what_a_feed_calls_itself_is_shown_as_it_stands(feeds: Page, watch, served):
    title = "![x](http://tracker.example/x.png) :red[a] *b* &lt;i&gt; http://tracker.example/"
    item = "<item><title>One</title><link>http://a.example/1</link></item>"
    site = Site({"/": f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{item}</channel></rss>'})
    try:
        check(feeds, site.url)
        expect(feeds.get_by_text("“![x](http://tracker.example/x.png) :red[a] *b*")).to_be_visible()
    finally:
        site.close()
    assert watch.hosts == {served.url.partition("//")[2]}
    assert watch.errors == []


def test_a_bad_address_is_explained_and_not_added(feeds: Page, served, replay_server):
    before = listed(served)
    check(feeds, f"{replay_server('feeds/captured').url}/faults/html")
    expect(feeds.get_by_text("No feed was found: the answer is an HTML page")).to_be_visible()
    expect(feeds.get_by_role("button", name="Add this feed")).to_have_count(0)
    assert listed(served) == before


def test_a_list_is_tried_out_and_then_taken_over(feeds: Page, watch, served, replay_server):
    server = replay_server("feeds/captured").url
    urls = [
        f"{server}/files/bbc.xml",
        f"{server}/files/npr_world.xml",
        f"{server}/faults/status-410",
        "mailto:a@b.example",
    ]
    body = "".join(f'<outline text="{url[-9:]}" xmlUrl="{url}"/>' for url in urls)
    feeds.get_by_text("Import or export a list").click()
    before = listed(served)
    feeds.locator("input[type=file]").set_input_files(
        {"name": "other.opml", "mimeType": "text/x-opml", "buffer": f"<opml><body>{body}</body></opml>".encode()}
    )
    expect(feeds.get_by_text("1 of 2 would be added switched off")).to_be_visible()
    table = feeds.get_by_test_id("stExpander").nth(1).get_by_test_id("stDataFrame").locator("table")
    for said in ("✓ known", "+ new", "✗ failing", "∅ unusable", "HTTP 410", "mailto: cannot be fetched"):
        expect(table).to_contain_text(said)
    assert listed(served) == before
    feeds.get_by_role("button", name="Add 2 feeds").click()
    expect(feeds.get_by_text("2 feeds are added, 1 of them switched off")).to_be_visible()
    assert [(feed.url, feed.enabled) for feed in listed(served)[-2:]] == [(urls[1], True), (urls[2], False)]
    expect(feeds.get_by_text("Nothing in it is new")).to_be_visible()  # drawn anew, our list before it
    with feeds.expect_download() as download:
        feeds.get_by_role("button", name="Our list as OPML").click()
    assert urls[2] in download.value.path().read_text()
    assert watch.errors == []


def test_a_feed_is_removed_after_a_question_and_its_articles_stay(feeds: Page, served):
    feeds.goto("/feeds?find=svoboda")
    expect(grid(feeds)).to_be_visible()
    codings = requests.get(f"{served.url}/api/codings.csv", timeout=10).text
    choose(feeds, 0)
    feeds.get_by_role("tab", name="Edit or remove").click()
    feeds.get_by_role("button", name="Remove this feed").click()
    dialog = feeds.get_by_role("dialog")
    expect(dialog).to_contain_text("articles, its days in the index and every published value stay")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    assert any("svoboda" in feed.url for feed in listed(served))
    feeds.get_by_role("button", name="Remove this feed").click()
    dialog.get_by_role("button", name="Remove it").click()
    expect(feeds.get_by_text("is removed; its articles stay")).to_be_visible()
    assert not any("svoboda" in feed.url for feed in listed(served))
    assert requests.get(f"{served.url}/api/codings.csv", timeout=10).text.count("\n") >= codings.count("\n")
