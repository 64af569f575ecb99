"""No page has what keeps readers out: axe-core finds nothing serious in what we wrote, in either theme."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import visited
from tests.browser.test_feeds_page import choose, grid

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}
STREAMLITS = [
    ("color-contrast", ".token"),  # the colours of code in `st.code`; no option sets them
]


@pytest.fixture(params=["light", "dark"])
def page(request, browser, served) -> Iterator[Page]:
    size = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, base_url=served.url, color_scheme=request.param)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    """What is grave and ours: rule, element, why."""
    response = Axe().run(page).response
    return [
        f"{found['id']}: {node['html'][:200]}: {[one['message'] for one in node['any'] + node['all'] + node['none']]}"
        for found in response["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
        if not any(
            found["id"] == rule
            and page.locator(node["target"][-1]).first.evaluate("(node, selector) => node.matches(selector)", selector)
            for rule, selector in STREAMLITS
        )
    ]


def test_no_page_keeps_a_reader_out(page: Page):
    assert {path: found for path in visited(page) if (found := violations(page))} == {}


def test_the_form_and_the_question_about_a_feed_keep_no_reader_out(page: Page):
    page.goto("/feeds?find=bbc")
    expect(grid(page)).to_be_visible()
    choose(page, 0)
    page.get_by_role("tab", name="Edit or remove").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    assert contrast(page, "Save") >= 4.5
    assert violations(page) == []
    page.get_by_role("button", name="Remove this feed").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert contrast(page, "Remove it") >= 4.5


def contrast(page: Page, name: str) -> float:
    """Of a button's words with the button: WCAG's ratio, 1 to 21."""
    style = page.get_by_role("button", name=name, exact=False).last.evaluate(
        "node => [getComputedStyle(node.querySelector('p')).color, getComputedStyle(node).backgroundColor]"
    )
    darker, lighter = sorted(luminance(colour) for colour in style)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``rgb(…)``, 0–1."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
