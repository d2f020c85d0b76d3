# SPDX-License-Identifier: Apache-2.0
"""The way of a person from the one-time link to an opinion whose history can be verified."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

TEXT = "Sarayın şəbəkələri bərpa olunarkən köhnə şüşələr **saxlanılmalıdır**."
REPLY = "Razıyam; köhnə şüşələrin siyahısı da lazımdır, bərpadan əvvəl tərtib olunmalıdır."
REVISED = "Sarayın şəbəkələri bərpa olunarkən köhnə şüşələr saxlanılmalı və qeydə alınmalıdır."


def become_administrator(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("[name=name]").fill("Leyla Əliyeva")
    page.locator("[name=login]").fill("leyla")
    page.locator("[name=password]").fill("narıncı qatar gecə")
    page.locator("[name=again]").fill("narıncı qatar gecə")
    page.locator("main form button").click()
    page.wait_for_url("**/")


def find_palace(page: Page) -> None:
    """By typing its Azerbaijani name in Kazakh letters."""
    page.goto("/")
    page.locator("main input[type=search]").fill("Шәки ханларының сарайы")
    page.locator("main .search-go").click()
    page.get_by_role("link", name="Şəki xanlarının sarayı").first.click()


def test_person_signs_in_finds_answers_and_sees_what_was_tampered_with(site: Any, visit: Callable[..., Page]) -> None:
    page = visit(site.link, language="az")
    become_administrator(page, site.link)
    expect(page.locator(".person-name")).to_have_text("Leyla Əliyeva")

    find_palace(page)
    expect(page.locator("h1")).to_contain_text("Şəki xanlarının sarayı")
    record = page.url

    page.locator("#give textarea").fill(TEXT)
    page.locator("#give [name=give]").click()
    said = page.locator(".said:target")
    expect(said.locator(".words strong")).to_have_text("saxlanılmalıdır")
    expect(said.locator(".words")).to_have_attribute("lang", "az")
    expect(page.locator("#give textarea")).to_have_value("")

    said.get_by_role("link", name="Cavab ver").click()
    page.locator(".opinion-form textarea").fill(REPLY)
    page.locator(".opinion-form [name=give]").click()
    expect(page.locator(".said.depth-1:target .words")).to_have_text(REPLY)

    own = page.locator(".said.depth-0", has_text="saxlanılmalıdır")
    own.get_by_role("link", name="Düzəliş et").click()
    page.locator(".opinion-form textarea").fill(REVISED)
    page.locator(".opinion-form [name=revise]").click()
    expect(said.locator(".words")).to_have_text(REVISED)

    said.locator(".said-do").get_by_role("link", name="Tarixçə").click()
    expect(page.locator(".version")).to_have_count(2)
    expect(page.locator(".version .seal")).to_have_count(2)
    expect(page.locator(".seal-broken")).to_have_count(0)
    opinion = page.url.partition("#")[0]

    uri = "urn:ortaq:" + opinion.rpartition("/")[2]
    rows = site.sql("SELECT seq, body FROM records_change WHERE record = ? AND version = 1", uri)
    seq, body = rows[0]
    site.sql(
        "UPDATE records_change SET body = ? WHERE record = ? AND version = 1", body.replace("köhnə", "kohnə", 1), uri
    )
    page.goto(opinion)
    expect(page.locator("main [role=alert]")).to_contain_text(str(seq))
    expect(page.locator("#version-1 .seal-broken")).to_be_visible()
    expect(page.locator("#version-2 .seal-broken")).to_have_count(0)
    found = site.ortaq("verify")
    assert found.returncode == 1
    assert f"change {seq} " in found.stdout + found.stderr

    site.sql("UPDATE records_change SET body = ? WHERE record = ? AND version = 2", '{"about": "', uri)
    page.goto(opinion)
    expect(page.locator("#version-2 .seal-broken")).to_be_visible()
    page.goto(record)
    expect(page.locator(".said.depth-0 [role=alert]")).to_be_visible()
    expect(page.get_by_text(REPLY)).to_be_visible()


def test_without_javascript_a_person_searches_and_answers(site: Any, visit: Callable[..., Page]) -> None:
    page = visit("/", java_script_enabled=False)
    become_administrator(page, site.link)
    page.locator("main input[type=search]").fill("Шеки")
    page.locator("main .search-go").click()
    page.locator(".narrow-fold input[name=kind][value=monument]").check()
    page.locator(".apply").click()
    expect(page.locator(".row-kind").first).to_have_text("Monument or site")
    page.locator(".row-title a").first.click()
    page.locator("#give textarea").fill("The roof needs care before the winter comes.")
    page.locator("#give [name=preview]").click()
    expect(page.locator(".preview .words")).to_have_text("The roof needs care before the winter comes.")
    page.locator("[name=give]").click()
    expect(page.locator(".said:target .words")).to_have_text("The roof needs care before the winter comes.")
    page.locator(".said:target").get_by_role("link", name="Withdraw").click()
    page.locator(".button-grave").click()
    expect(page.get_by_text("The roof needs care")).to_have_count(0)


def test_draft_is_there_again_after_signing_in_anew(site: Any, visit: Callable[..., Page]) -> None:
    page = visit("/")
    become_administrator(page, site.link)
    page.goto("/search?q=Шеки&kind=monument")
    page.locator(".row-title a").first.click()
    page.locator("#give textarea").fill("Written before the session ended.")
    page.context.clear_cookies(name="sessionid")
    page.locator("#give [name=give]").click()
    page.locator("[name=login]").fill("leyla")
    page.locator("[name=password]").fill("narıncı qatar gecə")
    page.locator("main form button").first.click()
    expect(page.locator("textarea")).to_have_value("Written before the session ended.")
    page.locator("[name=give]").click()
    expect(page.locator(".said:target .words")).to_have_text("Written before the session ended.")


def test_nothing_is_left_in_the_form_after_publishing_from_the_preview(site: Any, visit: Callable[..., Page]) -> None:
    page = visit("/")
    become_administrator(page, site.link)
    page.goto("/search?q=Шеки&kind=monument")
    page.locator(".row-title a").first.click()
    page.locator("#give textarea").fill("Looked at before it was published.")
    page.locator("#give [name=preview]").click()
    page.locator("[name=give]").click()
    expect(page.locator(".said:target .words")).to_have_text("Looked at before it was published.")
    expect(page.locator("#give textarea")).to_have_value("")
