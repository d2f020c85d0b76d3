# SPDX-License-Identifier: Apache-2.0
"""Files of another node's record on its page: what is said of those that are not here, and the button that brings them."""

import io
import re
from typing import Any

import pytest
from django.test import Client

from ortaq.doors.feed.files import FileRounds
from ortaq.files.fetching import append
from ortaq.files.models import AskedFile
from ortaq.files.previews import keep_preview
from ortaq.files.store import keep
from ortaq.nodes.models import Partner
from ortaq.records.receiving import receive_lines
from tests.doors.feed.owner import Owner, owner
from tests.factories import join
from tests.files.conftest import picture
from tests.peer import Peer

__all__ = ["owner", "picture"]
DATA = b"0123456789" * 500


@pytest.fixture
def digest(owner: Owner) -> str:
    owner.partner()
    return owner.has(DATA)


def page(client: Client, owner: Owner) -> str:
    response = client.get(f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def fetch(client: Client, owner: Owner, digest: str, **more: Any) -> Any:
    return client.post(f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}/files/{digest}/fetch", **more)


def test_file_that_is_not_here_says_so_and_can_be_fetched(owner: Owner, digest: str, signed_in: Client) -> None:
    said = page(signed_in, owner)
    assert "сурет.txt text/plain, 4.9" in said
    assert "The file itself is not here; it is kept by: Node of Astana." in said
    assert "Fetch this file" in said
    response = fetch(signed_in, owner, digest)
    assert response["Location"] == f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}#files"
    assert owner.asked == []  # never within the request
    append(digest, [DATA[:1000]], offset=0, size=len(DATA))
    said = page(signed_in, owner)
    assert "It is being fetched: 1000" in said and "Fetch this file" not in said
    owner.replies[digest] = type(owner.replies[digest])(206, DATA[1000:])
    FileRounds().once(owner.as_partner())
    said = page(signed_in, owner)
    assert "fetched" not in said and "kept by" not in said
    assert b"".join(signed_in.get(f"/files/{digest}/x.txt")) == DATA


def test_button_is_for_who_may_press_it(owner: Owner, digest: str, client: Client, signed_in: Client) -> None:
    reader = Client(headers={"Accept-Language": "en"})
    reader.force_login(join("oxucu", role="reader"))
    for one in (client, reader):
        said = page(one, owner)
        assert "it is kept by: Node of Astana" in said and "Fetch" not in said
    assert fetch(client, owner, digest)["Location"].startswith("/sign-in")
    assert fetch(reader, owner, digest).status_code == 403
    assert signed_in.get(f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}/files/{digest}/fetch").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(join("other"))
    assert fetch(strict, owner, digest).status_code == 403
    assert not AskedFile.objects.exists()


def test_what_did_not_come_says_why_and_can_be_asked_for_again(owner: Owner, digest: str, signed_in: Client) -> None:
    del owner.replies[digest]
    fetch(signed_in, owner, digest)
    FileRounds().once(owner.as_partner())
    said = page(signed_in, owner)
    assert "It could not be fetched. The node at https://kz.example refused: There is no such file." in said
    assert "exchange.refused" in said and "Fetch it again" in said
    said = page(Client(headers={"Accept-Language": "en"}), owner)
    assert "refused" not in said and "could not be fetched" not in said


def test_nothing_is_offered_where_there_is_no_way(owner: Owner, digest: str, signed_in: Client, settings: Any) -> None:
    settings.MAX_FILE_BYTES = 100
    said = page(signed_in, owner)
    assert "file.too-large" in said and "Fetch" not in said
    settings.MAX_FILE_BYTES = 10**9
    fetch(signed_in, owner, digest)
    Partner.objects.update(failures=2)
    assert "That node cannot be reached at present. It is tried again by itself." in page(signed_in, owner)
    AskedFile.objects.all().delete()
    Partner.objects.update(is_paused=True)
    said = page(signed_in, owner)
    assert "does not exchange with this one at present" in said and "Fetch" not in said
    assert fetch(signed_in, owner, digest).status_code == 409


def test_page_does_not_tell_how_a_file_measures_that_others_keep_here(
    owner: Owner, picture: Any, signed_in: Client
) -> None:
    """A node that names the digest of a picture of ours learns nothing of it from the page of its own record."""
    data = picture(".jpg", 1600, 800)
    kept = keep(io.BytesIO(data), "gizli.jpg")
    owner.partner()
    owner.has(data, media_type="image/jpeg", name="x.jpg")
    response = signed_in.get(f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}")
    assert kept.digest not in response.content.decode().replace(f"files/{kept.digest}/fetch", "")
    assert "<img" not in response.content.decode()


def test_preview_is_shown_with_who_made_it(owner: Owner, picture: Any, client: Client, signed_in: Client) -> None:
    owner.partner(Partner.THUMBNAILS)
    digest = owner.has(b"image", media_type="image/jpeg", name="x.jpg", audience="partners")
    keep_preview(digest, owner.id, picture(".webp", 600, 400), "x.jpg")
    source = f"/files/{digest}/preview/{owner.id}"
    shown = signed_in.get(f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}").content.decode()
    assert f'<img src="{source}" width="600" height="400" alt="x.jpg"' in shown
    assert "Preview, made by: Node of Astana" in shown
    assert f"/files/{digest}/image/" not in shown and f"/files/{digest}/x.jpg" not in shown
    response = signed_in.get(source)
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (
        200, "image/webp", "private, max-age=3600",
    )  # fmt: skip
    assert b"".join(response)[8:12] == b"WEBP"
    assert client.get(source).status_code == 404
    assert signed_in.get(f"/files/{digest}/x.jpg").status_code == 404
    assert signed_in.get(f"/files/{digest}/image/960").status_code == 404


def test_preview_of_one_node_shows_no_record_of_another(owner: Owner, picture: Any, signed_in: Client) -> None:
    """Each says of its own files how they look, and of nobody else's."""
    owner.partner(Partner.THUMBNAILS)
    digest = owner.has(b"image", media_type="image/jpeg", name="x.jpg")
    liar = Peer().known()
    keep_preview(digest, liar.id, picture(".webp", 600, 400), "x.jpg")
    assert "<img" not in signed_in.get(f"/r/{owner.uri('m:1').removeprefix('urn:ortaq:')}").content.decode()
    assert signed_in.get(f"/files/{digest}/preview/{liar.id}").status_code == 404
    liar.place("1")
    receive_lines(liar.id, liar.lines, source=liar.id)
    assert signed_in.get(f"/files/{digest}/preview/{liar.id}").status_code == 404
    assert signed_in.get(f"/files/{digest}/preview/..").status_code == 404
