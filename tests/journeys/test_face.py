# SPDX-License-Identifier: Apache-2.0
"""The pages of people who work here can be used by everyone; menus, the look and narrow screens do what they promise."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_answering import become_administrator
from tests.journeys.test_pages import faults
from tests.leaks.routes import routes

NARROW = 320  # CSS pixels: a page zoomed to 400 % on a screen of 1280


def record(page: Page) -> str:
    page.goto("/search?q=Шеки&kind=monument")
    return page.locator(".row-title a").first.get_attribute("href") or ""


def test_every_page_of_people_is_accessible_in_light_and_dark(site: Any, visit: Callable[..., Page]) -> None:
    page = visit(site.link, bypass_csp=True)
    become_administrator(page, site.link)
    found, looked = [], []
    for path in [*every_page(page), *pages_of(page)]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        looked.append(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # or colours are judged on their way
            found += [f"{scheme}: {fault}" for fault in faults(page)]
    page.locator(".person summary").click()
    found += faults(page)
    print(f"{len(looked)} pages in light and dark: {' '.join(looked)}")
    assert sorted(set(found)) == []
    assert len(looked) > 35


def every_page(page: Page) -> Iterator[str]:
    """Every address of the URL configuration that is asked for nothing and answers with a page."""
    for path in sorted({route.filled({}) for route in routes() if not route.parameters}):
        answer = page.request.get(path, max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html") and "<main" in answer.text():
            yield path


def pages_of(page: Page) -> Iterator[str]:
    """Pages of one thing each: a record, a kind, a change of many, an institution and its people."""
    palace = record(page)
    yield from (
        palace,
        f"{palace}/history",
        f"{palace}/links",
        f"{palace}/compare",
        f"{palace}/withdraw",
        f"{palace}/merge",
    )
    yield from ("/new/monument", "/many?kind=monument&field=countries", "/many?kind=monument&field=audience")
    page.goto("/account/institutions")
    institution = page.locator(".card h2 a").first.get_attribute("href") or ""
    yield from (institution + part for part in ("", "/people", "/people/invite", "/settings", "/audit"))
    page.goto(f"{institution}/people")
    member = (
        page.locator(f"main a[href^='{institution}/people/']:not([href$=invite])").first.get_attribute("href") or ""
    )
    yield from (member, f"{member}/end")
    yield f"/node{institution}/quota"


def test_pages_fit_a_narrow_screen_and_controls_are_large_enough(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/", viewport={"width": NARROW, "height": 700})
    off = []
    for path in ("/", "/search?q=Шеки", "/search?view=both", record(page), "/sign-in", "/about", "/nothing-here"):
        for tag in ("az", "kk", "ru", "en"):
            page.goto(f"/language/{tag}?next=/")
            page.goto(path)
            if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                off.append(f"{path} in {tag} is {width} wide")
            brand = page.locator(".brand-name").bounding_box()
            if brand is None or brand["height"] > 60:
                off.append(f"{path} in {tag}: the name of the node is squeezed: {brand}")
            for menu in page.locator(".menu > summary").all():
                box = menu.bounding_box()
                if box is None or min(box["width"], box["height"]) < 24:
                    off.append(f"{path} in {tag}: too small to touch: {box}")
    assert off == []


def test_language_menu_is_used_by_keyboard_and_closes_by_escape(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/about")
    opener = page.locator(".languages summary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".languages a[hreflang=kk]")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".languages a[hreflang=kk]")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("main").click()
    expect(page.locator(".languages a[hreflang=kk]")).to_be_hidden()


def test_language_menu_stands_at_the_same_place_on_every_page(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/", viewport={"width": 1280, "height": 800})
    places = set()
    for path in ("/", "/search?q=Шеки", record(page), "/sign-in", "/about", "/nothing-here"):
        page.goto(path)
        box = page.locator(".languages summary").bounding_box()
        assert box is not None
        places.add((round(box["x"]), round(box["y"])))
    assert len(places) == 1


@pytest.mark.parametrize(("chosen", "device"), [("Dark", "light"), ("Light", "dark")])
def test_look_that_was_chosen_holds_against_the_device_without_a_script(
    shared_site: Any, look: Callable[..., Page], chosen: str, device: str
) -> None:
    page = look("/about", color_scheme=device, java_script_enabled=False)
    page.locator(".look-switch").get_by_role("link", name=chosen).click()
    expect(page).to_have_url(f"{shared_site.url}/about")
    paper = {"Dark": "rgb(16, 22, 23)", "Light": "rgb(251, 250, 247)"}[chosen]
    expect(page.locator("body")).to_have_css("background-color", paper)
    page.goto("/")
    expect(page.locator("body")).to_have_css("background-color", paper)
    page.emulate_media(media="print")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("h1")).to_have_css("color", "rgb(0, 0, 0)")


def test_focus_is_seen_and_nothing_moves_for_those_who_do_not_want_it(
    shared_site: Any, look: Callable[..., Page]
) -> None:
    page = look("/", reduced_motion="reduce")
    page.locator(".search-go").first.focus()
    page.keyboard.press("Tab")
    focused = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"parseFloat({focused}.outlineWidth)") >= 2
    assert page.evaluate(f"{focused}.outlineStyle") != "none"
    moving = "[...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0


def test_forced_colours_keep_edges_of_buttons(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/sign-in", forced_colors="active")
    expect(page.locator("main .button").first).to_have_css("border-top-style", "solid")
