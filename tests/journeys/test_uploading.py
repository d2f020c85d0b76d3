# SPDX-License-Identifier: Apache-2.0
"""Sending files from a browser: several at once, a line that is cut, a page that is reloaded, what is not what it says, and without scripts."""

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_answering import become_administrator

MB = 1024 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "böyük skan.bin": random.Random(3).randbytes(12 * MB),
        "mətn.txt": "Şəki xan sarayı".encode(),
        "plan.pdf": png(20_000, 10),
        "nəhəng.png": png(200_000, 200_000),
        "sxem.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    }
    (tmp_path / "out").mkdir()
    for name, data in files.items():
        (tmp_path / "out" / name).write_bytes(data)
    return tmp_path / "out"


def png(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def line(session: Any, *, is_cut: bool = False, bytes_a_second: int = -1) -> None:
    """Make the browser's line as slow as that, or cut it."""
    state = {"offline": is_cut, "latency": 5, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", state)


def upload_of(page: Page, name: str) -> Any:
    return page.locator("[data-upload]", has_text=name)


def test_files_are_sent_side_by_side_and_told_what_they_are(
    site: Any, visit: Callable[..., Page], folder: Path
) -> None:
    page = visit(site.link)
    become_administrator(page, site.link)
    page.goto("/files/upload")
    page.locator("[data-choose]").set_input_files(
        [folder / name for name in ("mətn.txt", "plan.pdf", "sxem.svg", "nəhəng.png")]
    )
    expect(upload_of(page, "mətn.txt").locator("[data-state]")).to_have_text("TXT, 18 byte")
    expect(upload_of(page, "plan.pdf").locator("[data-notices]")).to_contain_text("by its bytes it is PNG")
    expect(upload_of(page, "sxem.svg").locator("[data-notices]")).to_contain_text("can hold programs")
    expect(upload_of(page, "nəhəng.png").locator("[role=alert]")).to_contain_text("200000 × 200000 pixels")
    expect(page.locator("[data-summary]")).to_have_text("3 of 4 files have arrived")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        upload_of(page, "mətn.txt").get_by_role("button", name="Remove").click()
    expect(upload_of(page, "mətn.txt")).to_have_count(0)
    page.goto("/files/upload")
    expect(page.get_by_role("link", name="sxem.svg")).to_be_visible()
    expect(page.get_by_text("mətn.txt")).to_have_count(0)


def test_upload_is_paused_cut_and_goes_on_after_a_reload(site: Any, visit: Callable[..., Page], folder: Path) -> None:
    page = visit(site.link)
    become_administrator(page, site.link)
    page.goto("/files/upload")
    session = page.context.new_cdp_session(page)
    line(session, bytes_a_second=2 * MB)
    page.locator("[data-choose]").set_input_files(folder / "böyük skan.bin")
    row = upload_of(page, "böyük skan.bin")
    expect(row.locator("[data-state]")).to_contain_text("%")
    row.get_by_role("button", name="Pause").click()
    expect(row.locator("[data-state]")).to_contain_text("Stopped at")
    row.get_by_role("button", name="Go on").click()
    expect(row.get_by_role("button", name="Pause")).to_be_visible()

    line(session, is_cut=True)
    expect(row).to_contain_text("The connection was cut.", timeout=20_000)
    page.on("dialog", lambda dialog: dialog.accept())
    line(session)
    page.reload()
    unfinished = page.locator("[data-unfinished]")
    expect(unfinished).to_contain_text("böyük skan.bin")
    kept = unfinished.get_attribute("data-unfinished")
    asked = []
    page.on("request", lambda request: asked.append(request.method + request.url.rpartition("/")[2]))
    page.locator("[data-choose]").set_input_files(folder / "böyük skan.bin")
    expect(upload_of(page, "böyük skan.bin").locator("[data-state]")).to_have_text(
        "of an unknown type, 12 MB", timeout=30_000
    )
    assert f"HEAD{kept}" in asked
    assert "POST" not in {one[:4] for one in asked}
    page.goto("/files/upload")
    expect(page.locator("[data-unfinished]")).to_have_count(0)


def test_without_scripts_a_form_sends_files(site: Any, visit: Callable[..., Page], folder: Path) -> None:
    page = visit("/", java_script_enabled=False)
    become_administrator(page, site.link)
    page.goto("/files/upload")
    page.locator("#plain-files").set_input_files([folder / "mətn.txt", folder / "plan.pdf"])
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".notice-success")).to_have_text("2 files have arrived.")
    expect(page.locator(".notice-warning")).to_contain_text("by its bytes it is PNG")
    page.locator(".upload", has_text="mətn.txt").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("mətn.txt")).to_have_count(0)


def test_page_of_files_is_accessible(site: Any, visit: Callable[..., Page], folder: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(site.link)
    become_administrator(page, site.link)
    page.goto("/files/upload")
    page.locator("[data-choose]").set_input_files([folder / name for name in ("mətn.txt", "plan.pdf", "nəhəng.png")])
    expect(page.locator("[data-summary]")).to_have_text("2 of 3 files have arrived")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
