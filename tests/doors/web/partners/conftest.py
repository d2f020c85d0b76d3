# SPDX-License-Identifier: Apache-2.0
"""Another node at an address of this machine, which says who it is and hears what it is told; and a keeper who looks at partners."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client

from ortaq.nodes.document import make_document
from ortaq.nodes.outward.reach import networks_in
from tests.factories import join
from tests.peer import AT, Peer


class Neighbour(Peer):
    """address: where it is; heard: what it has been told, in order; state: what it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.state = "asking"
        neighbour = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                neighbour.answer(self, neighbour.document())

            def do_POST(self) -> None:
                given = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                neighbour.heard.append(given["says"])
                neighbour.answer(self, {"state": neighbour.state})

            def log_message(self, *_: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def answer(handler: BaseHTTPRequestHandler, given: Any) -> None:
        data = orjson.dumps(given)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def document(self) -> dict[str, Any]:
        names = {"kk": ["Астана түйіні"], "en": ["Node of Astana"]}
        return make_document(
            self.id, self.key, self.first, names=names, countries=["KZ"], address=self.address, announcements=[],
            head=(self.seq, ""), at=AT,
        )  # fmt: skip

    def partner(self, state: str = "active", **more: Any) -> Any:
        """Let the node of this test know it as a partner."""
        from ortaq.nodes.models import Node, Partner

        self.known()
        Node.objects.filter(pk=self.id).update(
            address=self.address,
            names={"kk": ["Астана түйіні"], "en": ["Node of Astana"]},
            countries=["KZ"],
            head_seq=more.pop("head_seq", 0),
        )
        return Partner.objects.create(node_id=self.id, state=state, **more)

    def gone(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ADDRESS", "https://node.example")
    monkeypatch.setattr(settings, "REACHABLE", networks_in("127.0.0.0/8"))


@pytest.fixture
def neighbour(node: Any, address: None) -> Iterator[Neighbour]:
    made = Neighbour()
    yield made
    made.gone()


@pytest.fixture
def keeper(node: Any) -> Client:
    return client_of(join("keeper", "Leyla", role="reader", is_keeper=True))


def client_of(person: Any, language: str = "en") -> Client:
    """A browser in which *person* has shown a short while ago who they are."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(person)
    session = client.session
    session["confirmed_at"] = time.time()
    session.save()
    return client
