# SPDX-License-Identifier: Apache-2.0
"""Another node with files: a partner whose records name them, and what stands in the place of the line to it."""

import contextlib
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from ortaq.core.digest import digest_of
from ortaq.doors.feed import files as feed_files
from ortaq.nodes.models import Node, Partner
from ortaq.nodes.outward.client import Answer
from ortaq.nodes.outward.errors import CutShort
from ortaq.records.receiving import receive_lines
from tests.peer import Peer


class Reply:
    """What the owner answers to one question, as nodes/outward/client.py gives it; it may break off after some bytes."""

    def __init__(self, status: int, body: bytes, *, breaks_after: int | None = None) -> None:
        self.status, self.headers, self._body, self._breaks_after = status, {}, body, breaks_after

    def chunks(self) -> Iterator[bytes]:
        if self._breaks_after is None:
            yield self._body
            return
        yield self._body[: self._breaks_after]
        raise CutShort(url="https://kz.example")

    def answer(self) -> Answer:
        return Answer(self.status, {}, self._body)


class Owner(Peer):
    """replies: by the end of the address, what it answers; asked: what it was asked, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.offset_seconds = 0
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, str]] = []

    @contextlib.contextmanager
    def open(self, method: str, url: str, *, headers: Any = None, **bounds: Any) -> Iterator[Reply]:
        path = url.partition("/exchange/files/")[2].partition("?")[0]
        self.asked.append((path, (headers or {}).get("range", "")))
        absent = Reply(404, orjson.dumps({"code": "file.absent", "message": "There is no such file."}))
        yield self.replies.get(path, absent)

    def get(self, url: str, **bounds: Any) -> Answer:
        with self.open("GET", url, **bounds) as reply:
            return reply.answer()

    def partner(self, files: str = Partner.ON_DEMAND, **more: Any) -> Partner:
        self.known()
        names = {"kk": ["Астана түйіні"], "en": ["Node of Astana"]}
        Node.objects.filter(pk=self.id).update(address="https://kz.example", names=names)
        Partner.objects.create(node_id=self.id, state=Partner.ACTIVE, trust=Partner.PARTNER, files=files, **more)
        return self.as_partner()

    def as_partner(self) -> Partner:
        return Partner.objects.select_related("node").get(pk=self.id)

    def has(
        self,
        data: bytes,
        *,
        name: str = "сурет.txt",
        media_type: str = "text/plain",
        source_id: str = "m:1",
        **more: Any,
    ) -> str:
        """Write a record with the file and send it; return the digest. Its bytes are given when asked for."""
        digest = digest_of(data)
        file = {"digest": digest, "name": name, "media_type": media_type, "bytes": more.pop("size", len(data))}
        body = {"source_id": source_id, "title": {"kk": ["Мұра"], "en": ["Heritage"]}, "files": [file]}
        self.write("monument", body, source_id=source_id, **more)
        received = receive_lines(self.id, self.lines[-1:], source=self.id)
        assert (received.accepted, received.refused) == (1, [])
        self.replies[digest] = Reply(200, data)
        return digest


@pytest.fixture
def owner(node: Any, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """The line to it is closed: whoever asks goes through `Owner.open`."""
    owner = Owner()

    @contextlib.contextmanager
    def asking_of(partner: Partner) -> Iterator[Owner]:
        assert partner.node_id == owner.id
        yield owner

    monkeypatch.setattr(feed_files, "asking_of", asking_of)
    return owner
