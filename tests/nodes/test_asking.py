# SPDX-License-Identifier: Apache-2.0
"""A partner whose clock is wrong is asked by its own clock."""

import json
import re
import socket
import time
from email.utils import formatdate

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.core.proof import SigningKey
from ortaq.nodes.asking import MOST_SECONDS, SignedClient
from ortaq.nodes.outward.client import Answer
from ortaq.nodes.outward.errors import Failed
from ortaq.nodes.signed import verify
from tests.nodes.outward.hosts import asking, host, saying

KEY = SigningKey(b"k" * 32)


class Partner:
    """A node that checks signatures by a clock of its own and answers errors as the API does."""

    def __init__(self, ahead: int, *, with_facts: bool = True, with_date: bool = True) -> None:
        self.ahead, self.with_facts, self.with_date = ahead, with_facts, with_date
        self.seen: set[tuple[str, str]] = set()
        self.codes: list[str] = []
        self.port = 0

    def is_first(self, key: str, nonce: str, until: int) -> bool:
        is_first = (key, nonce) not in self.seen
        self.seen.add((key, nonce))
        return is_first

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split()
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        if length := int(headers.get("content-length", "0")):
            body = body or connection.recv(length)
        now = time.time() + self.ahead
        try:
            verify(
                method,
                f"http://partner.example:{self.port}{target}",
                headers,
                body,
                may_sign={KEY.public}.__contains__,
                seen=self,
                now=now,
            )
        except OrtaqError as error:
            self.codes.append(error.code)
            self._say(connection, "401 Unauthorized", error.as_dict() if self.with_facts else {"code": error.code}, now)
        else:
            self.codes.append("")
            self._say(connection, "200 OK", {"method": method, "body": body.decode()}, now)

    def _say(self, connection: socket.socket, status: str, document: dict[str, object], now: float) -> None:
        date = f"Date: {formatdate(now, usegmt=True)}\r\n" if self.with_date else ""
        saying(json.dumps(document).encode() + b"\n", date, status)(connection, b"")


def ask(partner: Partner, *, offset: int = 0, times: int = 1) -> tuple[list[Answer], int]:
    with host(partner) as partner.port, asking() as plain:
        client = SignedClient(plain, KEY, offset_seconds=offset)
        answers = [client.get(f"http://partner.example:{partner.port}/feed?after={n}") for n in range(times)]
        return answers, client.offset_seconds


def test_request_is_signed() -> None:
    partner = Partner(0)
    assert [answer.status for answer in ask(partner, times=2)[0]] == [200, 200]
    assert partner.codes == ["", ""]


@pytest.mark.parametrize("ahead", [7200, -7200, 86400])
@pytest.mark.parametrize("says", [{}, {"with_facts": False}, {"with_date": False}])
def test_clock_of_the_partner_is_learnt_from_its_answer(ahead: int, says: dict[str, bool]) -> None:
    partner = Partner(ahead, **says)
    answers, offset = ask(partner, times=3)
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert partner.codes == ["signature.clock", "", "", ""]  # once, not again for each request
    assert abs(offset - ahead) <= 2


def test_offset_that_was_kept_is_right_at_once() -> None:
    partner = Partner(7200)
    ask(partner, offset=7200)
    assert partner.codes == [""]


def test_offset_of_a_clock_that_was_set_right_is_learnt_anew() -> None:
    partner = Partner(0)
    answers, offset = ask(partner, offset=7200)
    assert answers[0].status == 200 and abs(offset) <= 2


@pytest.mark.parametrize(
    ("ahead", "says"), [(MOST_SECONDS + 60, {}), (7200, {"with_facts": False, "with_date": False})]
)
def test_clock_that_cannot_be_right_is_not_followed(ahead: int, says: dict[str, bool]) -> None:
    partner = Partner(ahead, **says)
    answers, offset = ask(partner)
    assert answers[0].status == 401 and b"signature.clock" in answers[0].body  # what was read is still there
    assert (offset, partner.codes) == (0, ["signature.clock"])


def test_partner_that_never_agrees_is_asked_twice_only() -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    count = []

    def script(connection: socket.socket, request: bytes) -> None:
        count.append(request)
        saying(json.dumps({"code": "signature.clock", "facts": {"now": now}}).encode(), "", "401 No")(connection, b"")

    with host(script) as port, asking() as plain:
        assert SignedClient(plain, KEY).get(f"http://partner.example:{port}/").status == 401
    nonces = [re.search(rb'nonce="([^"]+)"', request) for request in count]
    assert len(count) == 2 and len({found[1] for found in nonces if found}) == 2


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"code": 5}', b"\xff", b'{"code": "signature.clock", "facts": 3}']
)
def test_answer_that_is_no_problem_is_handed_on(body: bytes) -> None:
    with host(saying(body, "", "401 Unauthorized")) as port, asking() as plain:
        assert SignedClient(plain, KEY).get(f"http://partner.example:{port}/").body == body


def test_lines_and_bodies_are_signed_by_their_clock_too() -> None:
    partner = Partner(7200)
    with host(partner) as partner.port, asking() as plain:
        client, url = SignedClient(plain, KEY), f"http://partner.example:{partner.port}/feed"
        assert [json.loads(line)["method"] for line in client.lines(url, line_limit=1000)] == ["GET"]
        assert json.loads(client.post(url, body=b"{}").body) == {"method": "POST", "body": "{}"}
        client.offset_seconds = 86400 * 3
        assert client.get(url).status == 200
    strange = SigningKey(b"s" * 32)
    with host(partner) as partner.port, asking() as plain, pytest.raises(Failed, match=r"signature\.key-unknown"):
        list(SignedClient(plain, strange).lines(f"http://partner.example:{partner.port}/feed", line_limit=1000))
