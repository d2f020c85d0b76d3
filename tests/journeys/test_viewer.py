# SPDX-License-Identifier: Apache-2.0
"""The images of a record closely: by keyboard alone, on a phone, in Kazakh, without scripts, and nothing that the policy of pages refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_pages import faults

NAMES = ("ön fasad.jpg", "yan.png")


@pytest.fixture
def album(site: Any, tmp_path: Path) -> str:
    """The address of a record with a large photograph, of which a pyramid has to be made, and a small one."""
    import pyvips

    for name, width, height in ((NAMES[0], 4000, 3000), (NAMES[1], 600, 900)):
        image = pyvips.Image.xyz(width, height)[0].linear(255 / width, 0).cast("uchar")
        image.bandjoin([image, image]).copy(interpretation="srgb").write_to_file(str(tmp_path / name))
    line = {"kind": "monument", "source_id": "foto:1", "title": {"az": "Şəki xan sarayı", "kk": "Шәкі сарайы"}}
    (tmp_path / "album.jsonl").write_text(json.dumps({**line, "files": [{"path": name} for name in NAMES]}), "utf-8")
    done = site.ortaq("import", str(tmp_path / "album.jsonl"))
    assert done.returncode == 0, done.stderr
    ((uri,),) = site.sql("SELECT uri FROM records_record WHERE source_id = ?", "foto:1")
    return f"/r/{uri.removeprefix('urn:ortaq:')}"


def is_tile(response: Any) -> bool:
    parts = response.url.partition("/iiif/image/")[2].split("/")
    return response.status == 200 and len(parts) == 5 and parts[1] != "full"


def test_image_is_looked_at_by_keyboard(album: str, visit: Callable[..., Page]) -> None:
    page = visit(album)
    page.locator("a[data-image]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-image .openseadragon-canvas")).to_be_focused()
    expect(page.locator("#viewer-name")).to_have_text(NAMES[0])
    tiles: list[Any] = []
    page.on("response", lambda response: tiles.append(response) if is_tile(response) else None)
    for _ in range(100):
        if tiles:
            break
        page.keyboard.press("+")  # as somebody does who wants it larger, and whose image may not have come yet
        page.wait_for_timeout(300)
    assert tiles
    for key in ("ArrowRight", "ArrowDown", "r", "0"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Next image").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-name")).to_have_text(NAMES[1])
    expect(page.get_by_role("button", name="Previous image")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).not_to_be_visible()
    expect(page.locator("a[data-image]").nth(1)).to_be_focused()


def test_image_is_looked_at_on_a_phone(album: str, visit: Callable[..., Page]) -> None:
    page = visit(album, language="kk", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("a[data-image]").nth(1).tap()
    expect(page.locator("#viewer-image canvas").first).to_be_visible()
    for button in page.locator("#viewer button").all():
        box = button.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["width"] >= 40
    page.get_by_role("button", name="Суретті жабу").tap()
    expect(page.locator("#viewer")).not_to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_viewer_is_accessible(album: str, visit: Callable[..., Page], scheme: str) -> None:
    page = visit(album, color_scheme=scheme, bypass_csp=True)
    page.locator("a[data-image]").first.click()
    expect(page.locator("#viewer-image .openseadragon-canvas")).to_be_focused()
    assert faults(page) == []


def test_image_that_cannot_be_drawn_says_so(album: str, visit: Callable[..., Page]) -> None:
    page = visit(album)
    page.route("**/iiif/image/**", lambda route: route.fulfill(status=404, body="file.picture-absent"))
    page.locator("a[data-image]").first.click()
    expect(page.locator("#viewer-state")).to_contain_text("Download the file")
    page.unroute("**/iiif/image/**")
    waits = iter([503])
    page.route(
        "**/iiif/image/**/!64,64/**",
        lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}) if next(waits, 0) else route.continue_(),
    )
    page.get_by_role("button", name="Next image").click()
    expect(page.locator("#viewer-state")).to_contain_text("being prepared")
    expect(page.locator("#viewer-image canvas").first).to_be_visible()


def test_without_scripts_the_picture_itself_opens(album: str, visit: Callable[..., Page]) -> None:
    page = visit(album, java_script_enabled=False)
    expect(page.locator("#viewer")).not_to_be_visible()
    picture = page.request.get(page.locator("a[data-image]").first.get_attribute("href") or "")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
