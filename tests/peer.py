# SPDX-License-Identifier: Apache-2.0
"""Another node, as far as its log goes: signs changes in memory, and whatever a hostile one would."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from ortaq.core import digest as digests
from ortaq.core.canonical import canonical
from ortaq.core.change import Header, digest_of_header, wire
from ortaq.core.identifiers import local_id_of_source, node_id, node_uri, record_uri
from ortaq.core.proof import SigningKey
from ortaq.nodes.kind import record_of_node

AT = "2026-11-20T08:00:00Z"


class Peer:
    """`peer.write("place", {"title": {"kk": ["Шымкент"]}}, source_id="1")` is the next line of its log."""

    def __init__(self) -> None:
        self.key = SigningKey(os.urandom(32))
        self.first = self.key.public
        self.id = node_id(self.first)
        self.seq, self.prior = 0, None
        self.versions: dict[str, int] = {}
        self.lines: list[bytes] = []

    def uri(self, source_id: str) -> str:
        return record_uri(self.id, local_id_of_source(source_id))

    def write(
        self,
        kind: str,
        body: Mapping[str, Any] | None,
        *,
        source_id: str,
        audience: str = "public",
        withheld: bool = False,
        **header: Any,
    ) -> bytes:
        """Append a change to the log and return its line; header: what a forger would say instead."""
        return self.sign(
            self.header(kind, body, source_id=source_id, audience=audience, **header), body, withheld=withheld
        )

    def header(self, kind: str, body: Any, *, source_id: str, audience: str = "public", **more: Any) -> Header:
        uri = record_of_node(self.id) if kind == "node" else self.uri(source_id)
        digest = digests.digest_of(canonical(body)) if body is not None else None
        version = self.versions.get(uri, 0) + 1
        made = Header(self.id, self.seq + 1, self.prior, uri, kind, version, AT, node_uri(self.id), audience, digest)
        return replace(made, **more)

    def sign(self, header: Header, body: Any, *, withheld: bool = False, key: SigningKey | None = None) -> bytes:
        line = self.line(header, None if withheld else body, key=key)
        self.seq, self.prior = header.seq, digest_of_header(header)
        self.versions[header.record] = header.version
        self.lines.append(line)
        return line

    def line(self, header: Header, body: Any, *, key: SigningKey | None = None) -> bytes:
        key = key or self.key
        signature = key.sign_digest(header.sha256(), header.at)
        return orjson.dumps({"change": wire(header, key.method, signature), "body": body})

    def place(self, source_id: str, **more: Any) -> bytes:
        title = more.pop("title", {"kk": [f"Жер {source_id}"]})
        return self.write("place", {"source_id": source_id, "title": title}, source_id=source_id, **more)

    def opinion(self, about: str, text: str = "Тамаша", *, source_id: str, **more: Any) -> bytes:
        body = {"about": about, "motivation": "comment", "lang": "kk", "text": text}
        return self.write("opinion", body, source_id=source_id, **more)

    def announce(self, keys: list[dict[str, Any]] | None = None, *, key: SigningKey | None = None) -> bytes:
        keys = keys or [{"public": self.first, "use": "sign", "first_seq": 1}]
        body = {"source_id": "ortaq:node", "title": {"kk": ["Астана түйіні"]}, "keys": keys}
        return self.sign(self.header("node", body, source_id="ortaq:node"), body, key=key)

    def known(self) -> "Peer":
        """Let the node of this test know the first key of this one."""
        from ortaq.nodes.models import Key, Node

        node = Node.objects.create(id=self.id, name="Peer")
        Key.objects.create(public=self.first, node=node)
        return self
