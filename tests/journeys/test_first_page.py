# SPDX-License-Identifier: Apache-2.0
"""The first page is small: what a browser with an empty cache transfers for it, compressed as it is served."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

MOST_BYTES = 100_000


def transferred(page: Page, path: str) -> dict[str, int]:
    """The bytes that came over the line for each address, headers included."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools.on("Network.requestWillBeSent", lambda it: addresses.update({it["requestId"]: it["request"]["url"]}))
    devtools.on(
        "Network.loadingFinished",
        # What the page before this one had asked for may end only now.
        lambda it: sizes.update({addresses.get(it["requestId"], "data:"): int(it["encodedDataLength"])}),
    )
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return {address: size for address, size in sizes.items() if not address.startswith("data:")}


@pytest.mark.parametrize("tag", ["en", "az", "kk", "ru"])
def test_first_page_is_small_in_every_language(shared_site: Any, look: Callable[..., Page], tag: str) -> None:
    page = look("/about", language=tag, viewport={"width": 1280, "height": 800})
    sizes = transferred(page, "/")
    total = sum(sizes.values())
    report = "\n".join(f"{size:>8} {address}" for address, size in sorted(sizes.items(), key=lambda one: -one[1]))
    print(f"first page in {tag}: {total} bytes\n{report}")
    assert total < MOST_BYTES, report
    assert not any("leaflet" in address or "land" in address for address in sizes)


def test_map_comes_when_the_reader_comes_near_it(shared_site: Any, look: Callable[..., Page]) -> None:
    page = look("/", viewport={"width": 1280, "height": 800})
    assert page.locator(".leaflet-container").count() == 0
    page.locator("#where").scroll_into_view_if_needed()
    expect(page.locator(".map .leaflet-marker-icon").first).to_be_visible()
    water = page.evaluate("getComputedStyle(document.querySelector('.map')).backgroundColor")
    assert water == "rgb(207, 226, 230)"  # the sheet of the map came before Leaflet's, and still holds
