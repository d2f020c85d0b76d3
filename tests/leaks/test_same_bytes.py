# SPDX-License-Identifier: Apache-2.0
"""Bytes are kept once, whoever brings them; nobody learns from that which files others have.

Somebody sends the very file that another institution keeps to itself. All that they are told has to be what they are told of a
file that nobody has.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from ortaq.files.actions import cancel_upload
from ortaq.files.models import Upload
from ortaq.files.store import open_file
from ortaq.people.models import Institution
from ortaq.records import copies
from tests.factories import viewer
from tests.leaks.asking import client_of
from tests.leaks.belongings import described, upload
from tests.leaks.thing import Thing, World

LABEL = "B/contributor"
# Things of institution A whose file hangs on a record, on a draft, on a proposal, on nothing, on what was withdrawn.
HELD = (
    "institution A: material", "private: material", "draft copy of A with a file: the file", "proposed copy of A with a file: the file",
    "loose upload of A", "file of what was withdrawn",
)  # fmt: skip


@pytest.mark.parametrize("label", HELD)
@pytest.mark.parametrize("has_draft", [False, True], ids=["unused", "in a draft"])
def test_sending_what_others_have_is_like_sending_what_nobody_has(world: World, label: str, has_draft: bool) -> None:
    Institution.objects.filter(pk=world.houses["B"].pk).update(quota_bytes=10_000_000)
    thing = next(one for one in world.things if one.label == label)
    data = b"".join(open_file(thing.digest))
    assert told(world, data, has_draft) == told(world, data.replace(b"fayl", b"cild"), has_draft)
    assert b"".join(open_file(thing.digest)) == data


def told(world: World, data: bytes, has_draft: bool) -> list[str]:
    """Everything that is said while somebody sends a file, looks at it, perhaps uses it in a draft, and deletes it."""
    client = client_of(world, LABEL)
    with transaction.atomic():
        found = [
            anonymous(one.replace(data.decode(), "")) for one in _told(client, world.people[LABEL], data, has_draft)
        ]
        for left in Upload.objects.filter(name="ad.txt"):
            cancel_upload(viewer(world.people[LABEL]), left.key, in_use=lambda _: set(), kept_for=set)
        transaction.set_rollback(True)
    return found


def _told(client: Client, person: Any, data: bytes, has_draft: bool) -> Iterator[str]:
    whole = upload(person, "ad.txt", data)
    yield _text(client.get("/files/upload"))
    yield _text(client.get(f"/uploads/{whole.key}"))
    if has_draft:
        from ortaq.files.queries import kept_file

        body = {"title": {"az": ["Ad"]}, "files": [described(kept_file(whole.digest), "ad.txt")]}
        copies.start_copy(viewer(person), "material", body=body)
    yield _text(client.post(f"/files/upload/{whole.key}/delete"))
    yield _text(client.delete(f"/uploads/{whole.key}", headers={"Tus-Resumable": "1.0.0"}))
    yield _text(client.get("/files/upload"))
    yield _text(client.get(f"/files/{whole.digest}/ad.txt"))


def _text(response: Any) -> str:
    body = b"".join(response) if response.streaming else response.content
    return f"{response.status_code} {dict(response.items())} {body.decode()}"


def anonymous(text: str) -> str:
    passing = r'csrfmiddlewaretoken" value="\w+"|data-token="\w+"|uEi[\w-]{44}|/uploads/\w{26}|upload/\w{26}|upload \w{26}|"key":"\w{26}"|\d\d:\d\d:\d\d GMT'
    return re.sub(passing, "", text)


def test_what_others_bring_later_changes_nothing(world: World) -> None:
    """Neither the quota nor the list of one's files moves when somebody else sends or uses the same bytes."""
    Institution.objects.filter(pk=world.houses["B"].pk).update(quota_bytes=10_000_000)
    thing: Thing = next(one for one in world.things if one.label == "loose upload of B")
    client = client_of(world, LABEL)
    before = anonymous(_text(client.get("/files/upload")))
    data = b"".join(open_file(thing.digest))
    other = world.people["A/contributor"]
    assert other is not None
    upload(other, "başqa.txt", data)
    assert anonymous(_text(client.get("/files/upload"))) == before
