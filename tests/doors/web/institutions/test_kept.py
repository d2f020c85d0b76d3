# SPDX-License-Identifier: Apache-2.0
"""The page of the kept files: for the keepers of the node; it names records only to who may see them."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.files.fixity import check_files, in_turn
from ortaq.files.models import StoredFile
from ortaq.files.pace import Pace
from ortaq.files.store import keep, path_of
from ortaq.site.fixing import note_damage
from tests.factories import join


@pytest.fixture
def keeper(node: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(join("keeper", is_keeper=True))
    return client


def file_of(write: Callable[..., str], title: str, text: bytes, **more: Any) -> tuple[StoredFile, str]:
    row = keep(io.BytesIO(text), "a.txt")
    file = {"digest": row.digest, "name": "plan-of-the-safe.txt", "media_type": row.media_type, "bytes": row.bytes}
    return row, write("material", {"title": {"az": title}, "files": [file]}, **more)


def damage(*rows: StoredFile) -> None:
    for row in rows:
        path_of(row.digest).write_bytes(b"wrong")
    check_files(list(in_turn()), Pace(), note_damage)


def test_page_is_for_keepers(keeper: Client, signed_in: Client, client: Client) -> None:
    assert keeper.get("/node/files").status_code == 200
    assert signed_in.get("/node/files").status_code == 403
    assert client.get("/node/files")["Location"].startswith("/sign-in?next=")


def test_page_says_how_many_files_are_kept_and_that_none_is_damaged(keeper: Client) -> None:
    keep(io.BytesIO(b"one"), "x")
    page = keeper.get("/node/files").content.decode()
    assert "1 file is kept" in page
    assert "Every file is read again at least once in 30 days; 1 were within that time." in page
    assert "No file is known to be damaged." in page


def test_damaged_file_is_named_with_its_records_but_none_that_the_keeper_may_not_see(
    keeper: Client, write: Callable[..., str]
) -> None:
    row, uri = file_of(write, "Saray", b"one")
    secret, _uri = file_of(write, "Gizli otaq", b"two", audience="private", by=f"{uri}x"[:60])
    damage(row, secret)
    page = keeper.get("/node/files").content.decode()
    assert row.digest in page
    assert f'href="/r/{uri.removeprefix("urn:ortaq:")}"' in page
    assert "Its bytes have changed" in page
    assert "Named by 1 record that you may not see." in page
    assert "Gizli otaq" not in page
    assert "plan-of-the-safe" not in page


def test_healed_file_is_shown_with_where_it_came_from(keeper: Client, write: Callable[..., str]) -> None:
    row, _uri = file_of(write, "Saray", b"one")
    damage(row)
    keep(io.BytesIO(b"one"), "x")
    page = keeper.get("/node/files").content.decode()
    assert "somebody has brought the same file again" in page
    assert "No file is known to be damaged." in page


def test_download_of_a_damaged_file_says_so(client: Client, write: Callable[..., str]) -> None:
    row, _uri = file_of(write, "Saray", b"one")
    secret, _uri = file_of(write, "Gizli otaq", b"two", audience="node")
    damage(row, secret)
    answer = client.get(f"/files/{row.digest}/a.txt")
    assert (answer.status_code, "file.damaged" in answer.content.decode()) == (503, True)
    assert client.get(f"/files/{secret.digest}/a.txt").status_code == 404


def test_page_of_the_record_says_so_in_the_place_of_a_link(client: Client, write: Callable[..., str]) -> None:
    row, uri = file_of(write, "Saray", b"one")
    address, link = f"/r/{uri.removeprefix('urn:ortaq:')}", f"/files/{row.digest}/"
    assert link in client.get(address).content.decode()
    damage(row)
    page = client.get(address).content.decode()
    assert "This file is damaged at this node." in page
    assert link not in page


def test_bytes_that_are_gone_and_not_yet_noted_are_said_to_be_damaged(
    client: Client, write: Callable[..., str]
) -> None:
    row, _uri = file_of(write, "Saray", b"one")
    path_of(row.digest).unlink()
    assert client.get(f"/files/{row.digest}/a.txt").status_code == 503


def test_keeper_reads_the_notice_and_comes_to_the_page(keeper: Client, write: Callable[..., str]) -> None:
    damage(*(file_of(write, f"Saray {number}", b"%d" % number)[0] for number in range(2)))
    page = keeper.get("/notices").content.decode()
    assert "2 kept files were found damaged" in page
    assert 'href="/node/files"' in page
