# SPDX-License-Identifier: Apache-2.0
"""The map for search engines: every page that everyone may see, once."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from lxml import etree

from ortaq.doors.feeds import sitemap
from ortaq.doors.harvest.following import catch_up
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Record
from tests.factories import Write


def addresses(address: str) -> list[str]:
    response = Client().get(address)
    assert response.status_code == 200
    return [str(one.text) for one in etree.fromstring(response.content).iter("{*}loc")]


def test_every_public_page_stands_in_one_part(node: Any, place: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "_IN_PART", 3)
    cache.clear()
    for number in range(7):
        place(f"geo:{number}", audience="node" if number == 2 else "public")
    write_change(Draft("place", None, "public", Record.objects.get(source_id="geo:4").uri), by=node.uri)
    catch_up()
    found = [page for part in addresses("/sitemap.xml") for page in addresses(part.removeprefix("http://testserver"))]
    shown = Record.objects.filter(source_id__in=[f"geo:{number}" for number in (0, 1, 3, 5, 6)])
    assert sorted(found) == sorted(f"http://testserver/r/{one.uri.removeprefix('urn:ortaq:')}" for one in shown)
    for page in found:
        assert Client().get(page.removeprefix("http://testserver")).status_code == 200


def test_robots_are_told_of_it(node: Any) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in Client().get("/robots.txt").content.decode()
    assert Client().get("/sitemap-7.xml").status_code == 404
