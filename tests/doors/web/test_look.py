# SPDX-License-Identifier: Apache-2.0
"""Light or dark is the reader's choice; the page comes in it without a script."""

import re

import pytest
from django.test import Client


def dark_sheet(client: Client) -> str | None:
    """For which media the dark sheet is linked."""
    page = client.get("/sign-in").content.decode()
    found = re.search(r'dark[^"]*\.css" media="([^"]+)"', page)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("look", "media"),
    [("dark", "screen"), ("light", None), ("system", "screen and (prefers-color-scheme: dark)")],
)
def test_look_is_kept_and_the_page_stays(client: Client, node: object, look: str, media: str | None) -> None:
    answer = client.get(f"/look/{look}?next=/search%3Fq%3DSheki")
    assert (answer.status_code, answer["Location"]) == (302, "/search?q=Sheki")
    assert dark_sheet(client) == media


def test_look_follows_the_device_until_somebody_chooses(client: Client, node: object) -> None:
    assert dark_sheet(client) == "screen and (prefers-color-scheme: dark)"
    client.cookies["look"] = '"><script>'
    assert dark_sheet(client) == "screen and (prefers-color-scheme: dark)"


def test_look_that_nobody_offers_is_nothing_here(client: Client, node: object) -> None:
    assert client.get("/look/pink").status_code == 404


def test_look_never_leads_to_another_host(client: Client, node: object) -> None:
    assert client.get("/look/dark?next=https://example.org/")["Location"] == "/"
