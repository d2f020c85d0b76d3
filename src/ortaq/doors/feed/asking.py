# SPDX-License-Identifier: Apache-2.0
"""What this node asks of others: who they are, whether they exchange with us, and what is new in the logs that they have."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from django.conf import settings

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.feed import objecting, serving
from ortaq.doors.feed.actors import ActorRefused, take_statement
from ortaq.doors.feed.presenting import own_document
from ortaq.files.room import free_bytes
from ortaq.nodes import document as documents
from ortaq.nodes import partners
from ortaq.nodes.asking import SignedClient
from ortaq.nodes.document import Document
from ortaq.nodes.errors import NoAddress, NoRoom
from ortaq.nodes.identity import identity, own_id
from ortaq.nodes.models import Partner, Quarantined
from ortaq.nodes.outward.client import Answer, client
from ortaq.records.announcing import announce_node
from ortaq.records.arriving import LONGEST_LINE
from ortaq.records.checking import Checker
from ortaq.records.receiving import Received, accept_bodies, position_of, receive_lines, waiting_bodies

BATCH: Final = 2_000
BATCH_BYTES: Final = 8 * 1024 * 1024
MOST_CHANGES: Final = serving.MOST_CHANGES
MOST_ACTORS: Final = 50_000  # names in one answer; whoever sends more has no people, but an attack
_ANSWER_BYTES = 4 * 1024 * 1024


class Refused(OrtaqError):
    code, status = "exchange.refused", 502
    say = N_("The node at %(address)s refused: %(said)s (%(given)s). What it says is what to do next.")


class Unexpected(OrtaqError):
    code, status = "exchange.unexpected", 502
    say = N_("The node at %(address)s answered what no node should: %(reason)s. Ask its administrator.")


@dataclass(slots=True)
class Pulled:
    """What came in one round. seq: how far the log goes at the partner; is_trusted: what the partner gives us, None if it did not say."""

    accepted: int = 0
    repeated: int = 0
    position: int = 0
    seq: int = 0
    digest: str = ""
    is_trusted: bool | None = None
    error: OrtaqError | None = None
    refused: list[OrtaqError] = field(default_factory=list)

    @property
    def is_behind(self) -> bool:
        return self.error is None and self.position < self.seq


def check_room() -> None:
    """Raise NoRoom before what partners send takes the room in which the node's own people write."""
    if not free_bytes():
        raise NoRoom(node=own_id())


def ask_who(address: str) -> Document:
    """Return what the node at *address* says of itself, checked."""
    address = address.rstrip("/")
    with client() as asking:
        answer = asking.get(address + documents.PATH, limit_bytes=_ANSWER_BYTES)
    if answer.status != 200:
        raise documents.NotANode(address=address, reason=f"it answered {answer.status}")
    return documents.read_document(_parsed(answer, address), address=address)


def say(address: str, word: str) -> str:
    """Tell the node at *address* that we propose, accept, pause, resume or end; return the state at its side."""
    if not settings.ADDRESS:
        raise NoAddress
    announce_node()
    body = orjson.dumps({"says": word, "document": own_document(), "address": settings.ADDRESS})
    with client() as asking:
        answer = SignedClient(asking, identity().key).post(
            f"{address}/exchange/partnership", body=body, headers=_JSON, limit_bytes=_ANSWER_BYTES
        )
    return str(checked(answer, address).get("state", ""))


_JSON = {"content-type": "application/json"}


@contextmanager
def asking_of(partner: Partner) -> Iterator[SignedClient]:
    """Yield a client that signs for *partner*; what it learns of the partner's clock is kept."""
    with client() as asking:
        signing = SignedClient(asking, identity().key, offset_seconds=partner.clock_offset)
        yield signing
        if signing.offset_seconds != partner.clock_offset:
            partners.reached(partner, clock_offset=signing.offset_seconds)


def pull(partner: Partner, log: str | None = None, *, wait: int = 0, after: int | None = None) -> Pulled:
    """Take what is new in a log from *partner*: its own, if none is named.

    wait   seconds that it may keep us until there is something
    after  position from which we look, if not the one that we have: what is here already is compared

    Whole lines that came before the stream was cut are taken; the next round goes on after them. Raises what stands in the way.
    """
    check_room()
    log = log or partner.node_id
    done = Pulled(position=position_of(log))
    after = done.position if after is None else after
    url = f"{partner.node.address}/exchange/log/{log}?after={after}&wait={wait}"
    with asking_of(partner) as asking, Checker() as checker:
        taking = _Taking(log, partner.node_id, done, checker)
        try:
            for line in asking.lines(url, line_limit=LONGEST_LINE, read_seconds=wait + 30):
                if not taking.take(line):
                    break
        finally:
            taking.flush()
    return done


@dataclass(slots=True)
class _Taking:
    """Gathers lines to batches, each of which becomes one transaction."""

    log: str
    source: str
    done: Pulled
    checker: Checker
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    count: int = 0
    actors: int = 0

    def take(self, line: bytes) -> bool:
        """Take one line; False once no more is wanted."""
        if line.startswith(b'{"change"'):
            self.lines.append(line)
            self.size += len(line)
            self.count += 1
            if len(self.lines) >= BATCH or self.size >= BATCH_BYTES:
                self.flush()
            return self.done.error is None and self.count <= 2 * MOST_CHANGES
        return self._take_other(line)

    def _take_other(self, line: bytes) -> bool:
        given = _json(line, self.source)
        if "actor" in given:
            self.actors += 1
            if self.actors > MOST_ACTORS:
                raise Unexpected(address=self.source, reason="it names people without end")
            self._take_actor(given["actor"])
            return True
        if "end" in given:
            self.flush()
            self._end(given["end"])
            return False
        self.lines.append(line)  # neither of these: the door says what is wrong with it, and keeps it
        self.flush()
        return self.done.error is None

    def _take_actor(self, given: Any) -> None:
        try:
            take_statement(given, source=self.source)
        except ActorRefused as error:
            self.done.refused.append(error)

    def _end(self, given: Any) -> None:
        try:
            self.done.seq, self.done.digest = int(given["seq"]), str(given["digest"])
            self.done.is_trusted = bool(given.get("is_trusted"))
        except (KeyError, TypeError, ValueError) as error:
            raise Unexpected(address=self.source, reason="its last line says not how far the log goes") from error

    def flush(self) -> None:
        if not self.lines or self.done.error is not None:
            return
        lines, self.lines, self.size = self.lines, [], 0
        check_room()
        _add(self.done, receive_lines(self.log, lines, source=self.source, checker=self.checker))


def _add(done: Pulled, received: Received) -> None:
    done.accepted += received.accepted
    done.repeated += received.repeated
    done.position = received.position
    done.error = received.error
    done.refused += received.refused


def fetch_bodies(partner: Partner, log: str | None = None) -> int:
    """Ask for the bodies that we do not have yet; return how many came. What is still not for us stays withheld."""
    log, after, count = log or partner.node_id, 0, 0
    while seqs := waiting_bodies(log, limit=serving.MOST_BODIES, after=after):
        count += _fetch_bodies(partner, log, seqs)
        after = seqs[-1]
    return count


def _fetch_bodies(partner: Partner, log: str, seqs: list[int]) -> int:
    with asking_of(partner) as asking:
        body = orjson.dumps({"seqs": seqs})
        answer = asking.post(
            f"{partner.node.address}/exchange/log/{log}/bodies", body=body, headers=_JSON, limit_bytes=64 * 1024 * 1024
        )
    if answer.status != 200:
        checked(answer, partner.node.address)
    given = [_json(line, partner.node.address) for line in answer.body.splitlines()]
    pairs = [
        (one["change"]["seq"], one["body"]) for one in given if isinstance(one.get("change"), dict) and one.get("body")
    ]
    return accept_bodies(log, pairs, source=partner.node_id).accepted


def heads_at(partner: Partner) -> list[tuple[str, int, str]]:
    """Return (node, seq, header digest) of the logs that *partner* has."""
    with asking_of(partner) as asking:
        answer = asking.get(f"{partner.node.address}/exchange/heads", limit_bytes=_ANSWER_BYTES)
    given = checked(answer, partner.node.address).get("heads", [])
    try:
        return [(str(one["node"])[:26], int(one["seq"]), str(one["digest"])[:47]) for one in given[:10_000]]
    except (KeyError, TypeError, ValueError) as error:
        raise Unexpected(address=partner.node.address, reason="its heads cannot be read") from error


def digest_at(partner: Partner, log: str, seq: int) -> str | None:
    """Return the digest that *partner* has of the header at *seq* of a log."""
    with asking_of(partner) as asking:
        answer = asking.get(f"{partner.node.address}/exchange/log/{log}/head?seq={seq}", limit_bytes=_ANSWER_BYTES)
    found = checked(answer, partner.node.address).get("digest")
    return str(found) if found else None


def tell_objections(partner: Partner) -> int:
    """Tell *partner* what we did not accept of what came from it; return how many it has taken note of."""
    rows = list(
        Quarantined.objects.filter(source=partner.node_id, is_told=False).order_by("id")[: serving.MOST_OBJECTIONS]
    )
    if not rows:
        return 0
    with asking_of(partner) as asking:
        answer = asking.post(
            f"{partner.node.address}/exchange/objections",
            body=orjson.dumps({"objections": [objecting.told(row) for row in rows]}),
            headers=_JSON,
            limit_bytes=_ANSWER_BYTES,
        )
    checked(answer, partner.node.address)
    Quarantined.objects.filter(pk__in=[row.pk for row in rows]).update(is_told=True)
    return len(rows)


def checked(answer: Answer, address: str) -> dict[str, Any]:
    """Return what was answered; raises Refused with the other node's own code and words."""
    given = _parsed(answer, address)
    if answer.status != 200:
        said, code = str(given.get("message", ""))[:500], str(given.get("code", answer.status))[:60]
        raise Refused(address=address, said=said or str(answer.status), given=code)
    return given


def _parsed(answer: Answer, address: str) -> dict[str, Any]:
    return _json(answer.body, address)


def _json(data: bytes, address: str) -> dict[str, Any]:
    try:
        given = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unexpected(address=address, reason="it is not JSON") from error
    if not isinstance(given, dict):
        raise Unexpected(address=address, reason="it is not an object")
    return given
