"""The Download page in a real browser: choose, look at what comes, download it, read it with pandas."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tension.exports.tables import COLUMNS

pytestmark = pytest.mark.browser
READ = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}


def opened(page: Page, query: str = "") -> None:
    page.goto(f"/download{query}")
    expect(page.get_by_role("heading", name="Licence and citation")).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)


def link(page: Page):
    return page.get_by_role("link", name=re.compile(r"Download [\d,]+ rows?\b"))


def n_rows(page: Page) -> int:
    return int(re.sub(r"\D", "", link(page).inner_text()))


def downloaded(page: Page, folder) -> pd.DataFrame:
    """What the link gives, read by the ending of its name."""
    with page.expect_download() as download:
        link(page).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return READ[target.suffix[1:]](target)


def test_a_table_is_chosen_shown_downloaded_and_read(page: Page, watch, tmp_path):
    opened(page)
    page.get_by_role("radio", name="Codings").click()
    expect(page.get_by_text("Every stored article with what the classifier read")).to_be_visible()
    page.get_by_role("radio", name="Parquet").click()
    expect(link(page)).to_have_attribute("href", re.compile(r"/api/codings\.parquet$"))
    settled(page)
    assert "table=Codings" in page.url
    assert "format=Parquet" in page.url
    table = downloaded(page, tmp_path)
    assert list(table.columns) == list(COLUMNS["codings"])
    assert len(table) == n_rows(page) > 100
    expect(page.get_by_text(f"The first 10 of {len(table):,} rows; {len(table.columns)} columns.")).to_be_visible()
    assert watch.errors == []


@pytest.mark.parametrize("query", ["", "?table=Signals", "?table=Contributions&format=JSON", "?table=Stories"])
def test_what_the_link_gives_is_what_the_page_says(page: Page, watch, tmp_path, query):
    opened(page, query)
    name = (re.search(r"table=(\w+)", query) or ["", "Index"])[1].lower()
    for column in COLUMNS[name]:
        expect(page.get_by_test_id("stTable").get_by_text(column, exact=True).first).to_be_attached()
    table = downloaded(page, tmp_path)
    assert list(table.columns) == list(COLUMNS[name])
    assert len(table) == n_rows(page)
    assert watch.errors == []


def test_the_lines_for_a_program_run(page: Page):
    opened(page, "?table=Index&frequency=month&start=2024-01-01&format=CSV")
    code = page.get_by_test_id("stCode").first.inner_text()
    address = link(page).get_attribute("href")
    assert f'"{address}"' in code
    assert address.endswith("/api/index.csv?start=2024-01-01&frequency=M")
    names: dict[str, object] = {}
    exec(code, names)  # the page's own words, as a reader would run them
    table = names["index"]
    assert table["date"].dt.day.unique().tolist() == [1]
    assert table["date"].iloc[0] == pd.Timestamp("2024-01-01")
    assert table["vintage_at"].dt.tz is not None


def test_a_citation_has_the_address_and_the_day_known(page: Page):
    today = datetime.now(UTC).date()
    opened(page, f"?as_of={today}")
    address = link(page).get_attribute("href")
    assert address.endswith(f"?as_of={today}")
    expect(page.get_by_test_id("stCode")).to_have_count(3)
    citation, bibtex = page.get_by_test_id("stCode").all_inner_texts()[-2:]
    for text in (citation, bibtex):
        assert address in text
        assert "as known at" in text
        assert "method " in text
    assert bibtex.startswith("@misc{")


def test_a_choice_that_cannot_be_is_said(page: Page, watch):
    page.goto("/download?start=2026-02-02&end=2026-02-01")
    expect(page.get_by_text("start: 2026-02-02 is after the end, 2026-02-01")).to_be_visible()
    page.goto("/download?table=Contributions&day=2001-01-01")
    expect(page.get_by_text("That day has no value")).to_be_visible()
    assert watch.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_table_fits_a_phone(browser, served, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=served.url, color_scheme=scheme)
    page = context.new_page()
    try:
        for name in COLUMNS:
            opened(page, f"?table={name.capitalize()}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert page.get_by_test_id("stException").count() == 0
    finally:
        context.close()


def test_nothing_is_no_file(page: Page):
    opened(page, "?table=Stories&start=2001-01-01&end=2001-02-01")
    expect(page.get_by_text("No rows to download")).to_be_visible()
    expect(page.get_by_test_id("stLinkButton").locator("a")).to_have_attribute("disabled", "")


def test_the_preview_begins_with_the_newest_day(page: Page):
    opened(page, "?table=Index")
    expect(page.get_by_text("of them with a value; shown are the newest")).to_be_visible()
