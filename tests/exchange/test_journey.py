# SPDX-License-Identifier: Apache-2.0
"""Somebody in Baku reads what somebody in Astana has just said of a record of Baku, and answers."""

import time

from playwright.sync_api import Browser, Page, expect

from tests.exchange.members import Federation, seconds_until
from tests.exchange.people import begin

WORDS = "Күмбездің сырлы қыштары қыстан кейін түсе бастады, тез қарау керек."
ANSWER = "Təşəkkür edirik, bərpaçılar gələn həftə kaşılara baxacaqlar."


def test_opinion_of_astana_stands_on_the_page_in_baku_and_is_answered(three: Federation, browser: Browser) -> None:
    baku, astana, _bishkek = three.members
    body = {"title": {"az": ["Mömünə Xatun türbəsi"]}}
    made = baku.ask("POST", "/api/records", {"kind": "monument", "audience": "public", "body": body}).body
    there = f"/api/records/{made['id']}"
    seconds_until(lambda: astana.ask("GET", there).status == 200, since=time.monotonic())

    page = begin(browser, baku, baku.said(), "leyla", "Leyla Əliyeva", language="az")
    page.goto(f"/r/{made['id']}")
    expect(page.locator("#opinions .said")).to_have_count(0)

    given = astana.ask("POST", f"{there}/opinions", {"motivation": "assess", "lang": "kk", "text": WORDS})
    assert given.status == 201, given
    since = time.monotonic()
    seconds = seconds_until(lambda: _reloaded(page).locator(".said", has_text=WORDS).count() == 1, since=since)
    print(f"an opinion of Astana stood on the page in Baku after {seconds:.2f} s")

    page.locator(".said", has_text=WORDS).locator(".said-do a[href*='reply_to']").click()
    page.locator(".opinion-form textarea").fill(ANSWER)
    page.locator(".opinion-form [name=give]").click()
    expect(page.locator(".said.depth-1:target .words")).to_have_text(ANSWER)
    since = time.monotonic()
    seconds_until(lambda: ANSWER in str(astana.ask("GET", f"{there}/opinions").body), since=since)
    page.context.close()


def _reloaded(page: Page) -> Page:
    page.reload()
    return page
