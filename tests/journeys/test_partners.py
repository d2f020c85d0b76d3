# SPDX-License-Identifier: Apache-2.0
"""The pages of partners and agreements can be used by everyone, whatever state the exchange is in."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.doors.web.partners.conftest import Neighbour
from tests.journeys.conftest import ROOT, Site, served, visitor
from tests.journeys.test_answering import become_administrator
from tests.journeys.test_face import NARROW
from tests.journeys.test_pages import faults
from tests.leaks.routes import routes

AREAS = ("ortaq.doors.web.partners", "ortaq.roadmap")


@pytest.fixture
def exchanging_site(command_environment: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    """A node that has an address, and so may have partners."""
    more = {"ORTAQ_ADDRESS": "https://az.example", "ORTAQ_REACHABLE": "127.0.0.0/8", "ORTAQ_NAMES": "en=Node of Baku"}
    with served(command_environment | more, tmp_path) as found:
        yield found


@pytest.fixture
def there(exchanging_site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    with visitor(exchanging_site, browser) as open_page:
        yield open_page


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a machine that takes every question and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def neighbour() -> Iterator[Neighbour]:
    made = Neighbour()
    yield made
    made.gone()


def filled(site: Site, silent: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.journeys.neighbourhood", silent]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**site.environment, "PYTHONPATH": path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def answered(page: Page, found: dict[str, Any]) -> Iterator[str]:
    """The address of every page about partners and agreements: of each partner, and of what is done to one for the first
    for which it makes sense; then the records."""
    for route in (one for one in routes() if one.module.startswith(AREAS)):
        names = {
            "key": list(found["partners"].values()),
            "name": [found["records"]["partly"]],
            "group": [found["group"]],
        }
        values = names[route.parameters[0]] if route.parameters else [""]
        paths = [route.filled(dict.fromkeys(route.parameters, value)) for value in values]
        there = [path for path in paths if page.request.get(path, max_redirects=0).status == 200]
        assert there, route
        yield from there if route.path.endswith("<slug:key>") else there[:1]
    for name in found["records"].values():
        yield from (f"/r/{name}", f"/r/{name}/history")


def refused(page: Page, found: dict[str, Any], address: str) -> Iterator[str]:
    """Pages that come of filling in a form: who answers there, and each form with what is wrong in it."""
    page.goto("/node/partners/new")
    page.locator("main form button").last.click()
    expect(page.locator("main .fault").first).to_be_visible()
    yield "an empty address"
    page.locator("[name=address]").fill(address)
    page.locator("main form button").last.click()
    expect(page.locator(".prints")).to_be_visible()
    yield "who is there"
    for path in ("", f"/node/partners/{found['partners']['asks']}/accept"):
        if path:
            page.goto(path)
        page.locator("main form button").last.click()
        expect(page.locator("main .fault").first).to_be_visible()
        yield f"not compared {path}"
    page.goto(f"/node/partners/{found['partners']['exchanges']}/terms")
    page.locator("[name=megabytes]").fill("-5")
    page.locator("main form button").last.click()
    expect(page.locator("main .fault").first).to_be_visible()
    yield "terms"


def test_every_page_of_partners_and_agreements_is_accessible_in_light_and_dark(
    exchanging_site: Site, there: Callable[..., Page], silent: str
) -> None:
    page = there(exchanging_site.link, bypass_csp=True)
    become_administrator(page, exchanging_site.link)
    found = filled(exchanging_site, silent)
    off, looked = [], []

    def look() -> None:
        page.wait_for_load_state("networkidle")
        looked.append(page.url)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            off.extend(f"{scheme}: {fault}" for fault in faults(page))

    for path in answered(page, found):
        page.goto(path)
        look()
    with neighbour() as other:
        for _form in refused(page, found, other.address):
            look()
    print(f"{len(looked)} pages in light and dark")
    assert sorted(set(off)) == []


def test_pages_of_partners_and_agreements_fit_a_narrow_screen(
    exchanging_site: Site, there: Callable[..., Page], silent: str
) -> None:
    page = there(exchanging_site.link, viewport={"width": NARROW, "height": 700})
    become_administrator(page, exchanging_site.link)
    found = filled(exchanging_site, silent)
    off, paths = [], list(answered(page, found))
    for tag in ("az", "kk", "ru", "en"):
        page.goto(f"/language/{tag}?next=/")
        for path in paths:
            page.goto(path)
            if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                off.append(f"{path} in {tag} is {width} wide")
    assert off == []
