# SPDX-License-Identifier: Apache-2.0
"""People in a browser at one of the three nodes: they come by a one-time link, as everybody does."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.exchange.members import Federation, Member, link_in

_PASSWORD = "narıncı qatar gecə"


def begin(browser: Browser, member: Member, said: str, login: str, name: str, *, language: str = "en") -> Page:
    """Come in by the newest one-time link in what was *said*."""
    page = browser.new_context(base_url=f"http://127.0.0.1:{member.port}", locale=language).new_page()
    page.goto(link_in(said))
    for field, value in {"name": name, "login": login, "password": _PASSWORD, "again": _PASSWORD}.items():
        page.locator(f"[name={field}]").fill(value)
    page.locator("main form button").click()
    page.wait_for_url("**/")
    return page


@contextmanager
def keepers(browser: Browser, people: Mapping[str, tuple[str, str]], three: Federation) -> Iterator[dict[str, Page]]:
    """Somebody who keeps each of the nodes, invited by whoever has its command line. people: node → login and name."""
    with ThreadPoolExecutor(2) as threads:
        invited = list(threads.map(lambda one: one.ortaq("user", "invite", "--keeper"), three.members))
    assert [done.returncode for done in invited] == [0, 0, 0], invited
    pages = {
        one.name: begin(browser, one, done.stdout, *people[one.name])
        for one, done in zip(three.members, invited, strict=True)
    }
    yield pages
    for page in pages.values():
        page.context.close()
