# SPDX-License-Identifier: Apache-2.0
"""A table comes in by a browser: its columns are corrected, what would become of it is looked at, and it stands in the search."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_answering import become_administrator
from tests.journeys.test_face import faults

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ROWS = "No;Adı;Növü;Enlik;Uzunluq;Qeyd\n1;Sınaq qalası;Qala;40,36;49,83;Qədim\n2;Sınaq sarayı;Saray;40,366;49,833;\n3;;Bürc;1;2;\n"


def look_at(page: Page, name: str) -> None:
    """Nothing is in the way of anybody, in light and dark; pictures are kept where ORTAQ_SHOTS says, for who wants to look."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert faults(page) == [], (name, scheme)
    page.emulate_media(color_scheme="light")
    folder = os.environ.get("ORTAQ_SHOTS")
    for width, look in ((1280, SCHEMES[0]), (390, SCHEMES[0]), (1280, SCHEMES[1])) if folder else ():
        page.emulate_media(color_scheme=look)
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name}-{width}-{look}.png", full_page=True)


def test_table_is_imported_by_its_columns(site: Any, visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(site.link, bypass_csp=True)  # axe is no script of ours
    become_administrator(page, site.link)
    table = tmp_path / "abidələr.csv"
    table.write_text(ROWS, "utf-8")
    page.goto("/")
    page.locator(".person summary").click()
    page.get_by_role("link", name="Import", exact=True).click()
    look_at(page, "begin")
    page.get_by_label("Files with records").set_input_files(table)
    page.get_by_role("button", name="Send and look").click()

    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    page.get_by_label("What the rows are").select_option("monument")
    page.get_by_role("button", name="Show its fields").click()
    for column, field in {"No": "source_id", "Adı": "title.az", "Növü": "types", "Qeyd": ""}.items():
        page.get_by_label(f"“{column}” becomes").select_option(field)
    page.get_by_label("Make terms of the values in “Növü”").check()
    page.get_by_label("Put before each source id").fill("sınaq:")
    look_at(page, "columns")
    page.get_by_role("button", name="Show what would become of the rows").click()

    expect(page.get_by_text("Would be made")).to_have_count(4, timeout=30_000)  # the sum, the column, and two rows
    expect(page.get_by_text("the column is left out")).to_be_visible()
    look_at(page, "preview")
    page.get_by_role("button", name="Import them").click()
    expect(page.get_by_text("Download the report")).to_be_visible(timeout=30_000)
    look_at(page, "done")
    with page.expect_download() as download:
        page.get_by_text("Download the report").click()
    report = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert [one["outcome"] for one in report["files"][0]["records"]] == ["made", "made", "refused"]
    page.get_by_role("link", name="Sınaq qalası").click()
    expect(page.get_by_role("heading", name="Sınaq qalası")).to_be_visible()


@pytest.mark.parametrize("kills", [3])
def test_killed_node_goes_on_and_writes_nothing_twice(
    site: Any, visit: Callable[..., Page], tmp_path: Path, kills: int
) -> None:
    count = 6_000
    file = tmp_path / "yerlər.jsonl"
    lines = [
        json.dumps({"kind": "place", "source_id": f"sınaq:{n}", "title": {"az": f"Yer {n}"}}) for n in range(count)
    ]
    file.write_text("\n".join(lines), "utf-8")
    page = visit(site.link, java_script_enabled=False)
    become_administrator(page, site.link)
    before = site.sql("SELECT COUNT(*) FROM records_change")[0][0]
    page.goto("/import")
    page.get_by_label("Files with records").set_input_files(file)
    page.get_by_role("button", name="Send and look").click()
    address = page.url
    reload_until(page, address, "Import them")
    page.get_by_role("button", name="Import them").click()
    for number in range(kills):
        time.sleep(0.4 + 0.3 * number)
        site.kill()
        site.serve_again()
    reload_until(page, address, "Download the report")
    assert site.sql("SELECT COUNT(*) FROM records_change")[0][0] == before + count
    assert site.ortaq("verify").returncode == 0
    answer = page.context.request.get(f"{address}/report.json").json()
    assert answer["counts"]["made"] == count and len(answer["files"][0]["records"]) == count


def reload_until(page: Page, address: str, text: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        page.goto(address)
        if page.get_by_text(text).count():
            return
        time.sleep(0.3)
    raise AssertionError(f"{address} never said {text}: {page.inner_text('main')}")
