# SPDX-License-Identifier: Apache-2.0
"""What holds for every page: nothing from another host, no breach of the policy, nothing that shuts people out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = ("/", "/search?q=Шеки", "/search?view=both&kind=monument", "/sign-in", "/about", "/nothing-here")


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(shared_site: Any, look: Callable[..., Page], scheme: str) -> None:
    page = look("/", color_scheme=scheme, bypass_csp=True)  # axe itself is put into the page as an inline script
    found = []
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found += faults(page)
    page.goto("/search?q=Шеки&kind=monument")
    page.locator(".row-title a").first.click()
    page.wait_for_load_state("networkidle")
    found += faults(page)
    assert found == []


def test_suggestions_are_reached_by_keyboard(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/")
    box = page.locator("main input[type=search]")
    box.press_sequentially("Шәк")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    box.press("Enter")
    expect(page.locator("h1")).to_contain_text("Sheki")


def test_facets_narrow_without_a_new_page(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/search")
    before = page.locator("#total").inner_text()
    page.locator(".narrow-fold input[name=kind][value=monument]").check()
    expect(page.locator(".chosen")).to_contain_text("Monuments and sites")
    expect(page).to_have_url(re.compile("kind=monument"))
    assert page.locator("#total").inner_text() != before
    assert page.locator(".facet input[value=monument]").is_checked()


def leave_by(page: Page, link: Locator, address: re.Pattern[str], site: Any) -> None:
    """Click as a reader does whose click did nothing: once more. The failure tells what happened to it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.addEventListener('click', (event) => { window.clicked = event.target.className; }, true)")
    for _ in range(3):
        link.click()
        try:
            return expect(page).to_have_url(address, timeout=8_000)
        except AssertionError as error:
            failure = error
            asked.append(f"-- still here; the click arrived at {page.evaluate('String(window.clicked)')!r}")
    raise AssertionError(f"asked for: {asked}\nthe node said: {site.said.read_text()[-2000:]}\n{failure}")


def test_map_is_searched_by_area_and_opened_by_keyboard(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/search?view=both&kind=monument")
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    page.locator(".leaflet-control-zoom-in").click()
    leave_by(page, page.locator(".map-search"), re.compile("box="), shared_site)
    page.goto("/search?q=Шеки&view=both&kind=monument")
    marker = page.locator(".leaflet-marker-icon").first
    marker.focus()
    assert marker.get_attribute("aria-label")


@pytest.mark.parametrize(("tag", "word"), [("az", "Axtar"), ("kk", "Іздеу"), ("ru", "Найти"), ("en", "Search")])
def test_language_switch_keeps_the_page(shared_site: Any, look: Callable[..., Page], tag: str, word: str) -> None:
    page = look("/search?q=Шеки", language="de")
    page.locator(".languages summary").click()
    page.locator(f".languages a[hreflang={tag}]").click()
    expect(page.locator("html")).to_have_attribute("lang", tag)
    assert "q=" in page.url
    expect(page.locator(".search-go span")).to_have_text(word)
