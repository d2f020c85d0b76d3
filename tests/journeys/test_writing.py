# SPDX-License-Identifier: Apache-2.0
"""Writing records: by keyboard alone, two people at one record, and drafts that survive what happens to browsers and nodes."""

import base64
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as NothingCame

from tests.conftest import CHROMIUM
from tests.journeys.test_pages import faults

PASSWORD = "narıncı qatar gecə"
MOST_TABS = 120
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def join(page: Page, link: str, login: str = "leyla", name: str = "Leyla Əliyeva") -> None:
    page.goto(link)
    page.locator("[name=name]").fill(name)
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/")


def sign_in(page: Page, login: str = "leyla") -> None:
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()


def begin(page: Page, kind: str = "Monument or site") -> None:
    page.goto("/new")
    page.get_by_role("button", name=kind, exact=True).click()
    expect(page.locator("form.work-form")).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what *selector* names has the focus."""
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def _choose_by_key(page: Page, file: Path) -> None:
    """Press the button again if nothing opens: a browser lets a key open the chooser for a few seconds only, also on a busy machine."""
    for is_last in (False, False, True):
        try:
            with page.expect_file_chooser(timeout=8_000) as chooser:
                page.keyboard.press("Space")
        except NothingCame:
            if is_last:
                raise
        else:
            chooser.value.set_files(file)
            return


def test_monument_is_written_published_and_answered_by_keyboard_alone(
    site: Any, visit: Callable[..., Page], tmp_path: Path
) -> None:
    plan = tmp_path / "plan.png"
    plan.write_bytes(PNG)
    page = visit(site.link)
    join(page, site.link)
    page.context.clear_cookies(name="sessionid")
    page.goto("/sign-in")
    keys = page.keyboard
    tab_to(page, "[name=login]")
    keys.type("leyla")
    tab_to(page, "[name=password]")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/")

    tab_to(page, ".person summary")
    keys.press("Enter")
    tab_to(page, "a[href='/new']")
    keys.press("Enter")
    page.wait_for_url("**/new")
    tab_to(page, "form[action='/new/monument'] button")
    keys.press("Enter")
    page.wait_for_url("**/work/*")

    tab_to(page, "#f-title-0-text-0")
    keys.type("Old bridge of Sheki")
    tab_to(page, "button[value='language:title']")  # the list before it offers Azerbaijani first
    keys.press("Enter")
    expect(page.locator("#f-title-1-text-0")).to_be_focused()
    keys.type("Şəkinin köhnə körpüsü")
    tab_to(page, "#f-types-0")
    keys.type("мечет")
    expect(page.locator("[role=option]").first).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#f-types-field .chosen-record")).to_contain_text("Mosque")
    tab_to(page, "#f-built")
    keys.type("XVIII century")
    tab_to(page, "#f-point-lat")
    keys.type("41°12′N 47°10′E")
    expect(page.locator("#f-point-lat-hints")).to_contain_text("41.20000, 47.16667")
    tab_to(page, "[data-uploader] [data-choose]")
    _choose_by_key(page, plan)
    expect(page.locator(".upload-done")).to_contain_text("plan.png")
    tab_to(page, "button[name=_do][value=publish]")
    keys.press("Enter")
    page.wait_for_url(re.compile("/r/"))
    expect(page.locator("h1")).to_contain_text("Old bridge of Sheki")
    expect(page.locator(".files")).to_contain_text("plan.png")
    expect(page.locator(".names")).to_contain_text("Şəkinin köhnə körpüsü")
    expect(page.locator(".facts")).to_contain_text("18th century")
    expect(page.locator(".coordinates")).to_contain_text("41.2000, 47.1667")

    tab_to(page, "#give textarea")
    keys.type("The parapet was renewed in the nineteen-sixties.")
    tab_to(page, "#give [name=give]")
    keys.press("Enter")
    expect(page.locator(".said:target .words")).to_have_text("The parapet was renewed in the nineteen-sixties.")


def published(page: Page, title: str, text: str) -> str:
    """Write a monument, and return the address of its page."""
    begin(page)
    page.locator("#f-title-0-text-0").fill(title)
    page.locator("#f-description-0-text-0").fill(text)
    page.locator("#f-sources-0").fill("A first source")
    page.locator("button[name=_do][value=publish]").click()
    page.wait_for_url(re.compile("/r/"))
    return page.url


def edit(page: Page, address: str, text: str, source: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator("#f-description-0-text-0").fill(text)
    page.locator("button[value='add:sources']").click()
    page.locator("#f-sources-1").fill(source)


def test_two_people_edit_one_record_and_both_texts_are_kept(site: Any, visit: Callable[..., Page]) -> None:
    leyla, rashad = visit(site.link), visit("/")
    join(leyla, site.link)
    invited = site.ortaq("user", "invite", "--role", "editor")
    join(rashad, re.search(r"/welcome/\S+", invited.stdout)[0], "rashad", "Rəşad Məmmədov")
    address = published(leyla, "Sheki fortress", "A fortress of stone.")

    edit(leyla, address, "A fortress of river stone, with a chapel.", "Leyla's source")
    edit(rashad, address, "A round fortress of stone.", "Rəşad's source")
    leyla.locator("button[name=_do][value=publish]").click()
    leyla.wait_for_url(re.compile("/r/"))
    rashad.locator("button[name=_do][value=publish]").click()
    rashad.wait_for_url("**/merge")
    expect(rashad.locator(".conflict")).to_have_count(1)
    expect(rashad.locator(".conflict ins").first).to_contain_text("round")
    expect(rashad.locator(".conflict")).to_contain_text("with a chapel")
    expect(rashad.get_by_text("both sides added something")).to_be_visible()

    rashad.locator("button", has_text="Bring them together").click()
    expect(rashad.locator("[role=alert]")).to_contain_text("choose which text stays")
    rashad.locator("[value=edit]").check()
    rashad.locator(".conflict textarea").fill("A round fortress of river stone, with a chapel.")
    rashad.locator("button", has_text="Bring them together").click()
    rashad.wait_for_url(re.compile(r"/work/\w+\Z"))
    rashad.locator("button[name=_do][value=publish]").click()
    rashad.wait_for_url(re.compile("/r/"))
    expect(rashad.locator(".lead")).to_have_text("A round fortress of river stone, with a chapel.")
    expect(rashad.locator(".sources")).to_contain_text("Leyla's source")
    expect(rashad.locator(".sources")).to_contain_text("Rəşad's source")
    expect(rashad.locator(".version")).to_have_count(3)

    rashad.goto(f"{address}/compare?from=1&to=3")
    expect(rashad.locator(".compare-cell ins").first).to_contain_text("round")
    rashad.get_by_role("button", name="Restore version 1").click()
    rashad.wait_for_url("**/work/*")
    rashad.locator("button[name=_do][value=publish]").click()
    rashad.wait_for_url(re.compile("/r/"))
    expect(rashad.locator(".lead")).to_have_text("A fortress of stone.")
    assert site.ortaq("verify").returncode == 0


def test_two_tabs_of_one_person_lose_nothing(site: Any, visit: Callable[..., Page]) -> None:
    page = visit(site.link)
    join(page, site.link)
    begin(page)
    page.locator("#f-title-0-text-0").fill("Written in the first tab")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    expect(page.locator("[name=_revision]")).not_to_have_value("1")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#f-description-0-text-0").fill("Written in the second tab")
    expect(other.locator("[name=_revision]")).to_have_value("3")
    page.locator("#f-title-0-text-0").fill("Written in the first tab, later")
    page.get_by_role("button", name="Look at both").click()
    expect(page.locator("h1")).to_have_text("Two texts, one record")
    page.locator("[value=mine]").check()
    page.locator("button", has_text="Bring them together").click()
    expect(page.locator("#f-title-0-text-0")).to_have_value("Written in the first tab, later")
    expect(page.locator("#f-description-0-text-0")).to_have_value("Written in the second tab")


def test_what_is_typed_while_the_node_thinks_is_not_lost(site: Any, visit: Callable[..., Page]) -> None:
    page = visit(site.link)
    join(page, site.link)
    begin(page)
    page.locator("#f-sources-0").fill("The first")
    page.route("**/save", lambda route: (time.sleep(1.5), route.continue_()))
    page.locator("button[value='add:sources']").click()
    page.locator("#f-title-0-text-0").fill("Typed meanwhile")
    page.locator("#f-sources-1").fill("The second")
    expect(page.locator("#f-title-0-text-0")).to_have_value("Typed meanwhile")
    page.unroute("**/save")
    page.reload()
    expect(page.locator("#f-title-0-text-0")).to_have_value("Typed meanwhile")
    expect(page.locator("#f-sources-0")).to_have_value("The first")
    expect(page.locator("#f-sources-1")).to_have_value("The second")


class KillableBrowser:
    """A chromium with a profile of its own, which can be killed as the kernel kills it."""

    def __init__(self, browser: Browser, profile: Path, url: str) -> None:
        self.browser, self.profile, self.url = browser, profile, url
        self.context = self.start()

    def start(self) -> BrowserContext:
        self.context = self.browser.browser_type.launch_persistent_context(
            self.profile, executable_path=CHROMIUM, args=["--no-sandbox"], base_url=self.url, locale="en-GB"
        )
        self.context.set_default_timeout(15_000)
        return self.context

    def kill(self) -> None:
        mark = f"--user-data-dir={self.profile}".encode()
        for process in Path("/proc").iterdir():
            try:
                if process.name.isdecimal() and mark in (process / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.5)


@pytest.fixture
def killable(site: Any, browser: Browser, tmp_path: Path) -> Any:
    found = KillableBrowser(browser, tmp_path / "profile", site.url)
    yield found
    found.context.close()


def test_draft_survives_a_killed_browser_a_killed_node_and_an_ended_session(site: Any, killable: Any) -> None:
    page = killable.context.new_page()
    join(page, site.link)
    begin(page)
    address, title = page.url, page.locator("#f-title-0-text-0")
    title.fill("Typed before anything happened")
    expect(page.locator("[name=_revision]")).to_have_value("2")

    # The node dies while somebody types, and comes back.
    site.kill()
    title.fill("Typed while the node was away")
    expect(page.locator("#saved")).to_contain_text("the node does not answer")
    site.serve_again()
    expect(page.locator("#saved")).to_contain_text("Saved at", timeout=40_000)
    assert "Typed while the node was away" in site.sql("SELECT body FROM records_workingcopy")[0][0]

    # The session ends; the person signs in in another tab and goes on in the first.
    site.sql("DELETE FROM people_session")
    title.fill("Typed without a session")
    expect(page.locator("#saved")).to_contain_text("You are signed out")
    with page.context.expect_page() as opened:
        page.locator("#saved a").click()
    sign_in(opened.value)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    assert "Typed without a session" in site.sql("SELECT body FROM records_workingcopy")[0][0]

    # The session ends and the browser is killed: what was typed lies in the browser until the person is back.
    site.sql("DELETE FROM people_session")
    title.fill("Typed just before the browser died")
    expect(page.locator("#saved")).to_contain_text("You are signed out")
    page.wait_for_timeout(500)
    killable.kill()
    page = killable.start().new_page()
    page.goto(address)
    sign_in(page)
    expect(page.locator("#f-title-0-text-0")).to_have_value("Typed just before the browser died")
    expect(page.locator("#saved")).to_contain_text("What you had typed before is here again.")
    kept = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('ortaq draft'))")
    assert kept == []

    # The browser is killed a moment after the last key: the node has it already.
    page.locator("#f-title-0-text-0").fill("Typed and killed")
    page.wait_for_timeout(1_600)
    killable.kill()
    page = killable.start().new_page()
    page.goto(address)
    if "/sign-in" in page.url:  # the browser had not written its new cookie down either
        sign_in(page)
    expect(page.locator("#f-title-0-text-0")).to_have_value("Typed and killed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_merge_and_compare_pages_are_accessible(site: Any, visit: Callable[..., Page], scheme: str) -> None:
    page = visit("/", color_scheme=scheme, bypass_csp=True)
    join(page, site.link)
    found = []

    def look() -> None:
        page.wait_for_load_state("networkidle")
        found.extend(faults(page))

    page.goto("/new")
    look()
    address = published(page, "Sheki fortress", "A fortress of stone.")
    edit(page, address, "A fortress of river stone.", "Another source")
    page.locator("button[value='language:title']").click()
    expect(page.get_by_role("tab")).to_have_count(2)
    for order in ("links", "protection", "countries"):
        page.locator(f"button[value='add:{order}']").click()
    expect(page.locator("#f-protection-0-list")).to_be_visible()
    page.locator("#f-built").fill("long ago")
    page.locator("#f-types-0").fill("Mosq")
    look()
    page.locator("button[name=_do][value=publish]").click()
    expect(page.locator(".summary-faults")).to_be_focused()
    look()
    page.locator("button[name=_do][value=preview]").click()
    page.wait_for_url("**/preview")
    look()
    work = page.url.removesuffix("/preview")
    key = work.rpartition("/")[2]
    page.goto(work)
    page.locator("#f-built").fill("1420")
    page.locator("#f-types-0").fill("")
    page.locator("button[value='remove:protection.0']").click()
    expect(page.locator("#f-protection-0-list")).to_have_count(0)
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.wait_for_timeout(1_500)
    site.sql("UPDATE records_workingcopy SET base_version = 1 WHERE key = ?", key)
    page.locator("button[name=_do][value=publish]").click()
    page.wait_for_url(re.compile("/r/"))
    page.goto(f"{address}/compare")
    look()
    page.goto(f"{address}/withdraw")
    look()
    page.goto(address)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator("#f-description-0-text-0").fill("A fortress of marble.")
    page.wait_for_timeout(1_500)
    key = page.url.rpartition("/")[2]
    site.sql("UPDATE records_workingcopy SET base_version = 1 WHERE key = ?", key)
    page.goto(f"/work/{key}/merge")
    expect(page.locator(".conflict").first).to_be_visible()
    look()
    page.goto(f"/work/{key}/discard")
    look()
    assert found == []
