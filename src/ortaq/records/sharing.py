# SPDX-License-Identifier: Apache-2.0
"""What another node gets of the logs that are here: every header, and the bodies that are for it. The rest is withheld, not missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import orjson

from ortaq.core.audience import PARTNERS, PUBLIC, named_partners
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Partner
from ortaq.records.bulk import in_chunks
from ortaq.records.log import digest_of
from ortaq.records.models import Change, Record
from ortaq.records.queries import given_attachments

WITHHELD: Final = "withheld"


@dataclass(frozen=True, slots=True)
class Reader:
    """A node that asks. is_trusted: it gets what is for partners, not only what everyone may see."""

    node: str
    is_trusted: bool

    def may_read(self, audience: str, log: str) -> bool:
        """Tell whether a body with this audience, in the log of the node *log*, is for it.

        Whom another node counts among its partners is not for us to say: of what it shares with all of them, we pass nothing on.
        """
        if audience == PUBLIC or self.node == log:
            return True
        if not self.is_trusted:
            return False
        return self.node in named_partners(audience) or (audience == PARTNERS and log == own_id())


@dataclass(frozen=True, slots=True)
class Shared:
    """A change on its way out; line: as it travels, body included where it is for the reader."""

    seq: int
    by: str
    line: bytes
    has_body: bool


def reader_of(partner: Partner) -> Reader:
    return Reader(partner.node_id, partner.trust == Partner.PARTNER)


def shared_since(log: str, after: int, reader: Reader, *, limit: int) -> list[Shared]:
    """Return the next *limit* changes of the log of node *log*, as *reader* gets them."""
    return _shared(list(Change.objects.filter(node=log, seq__gt=after).order_by("seq")[:limit]), reader)


def shared_at(log: str, seqs: Iterable[int], reader: Reader) -> list[Shared]:
    """Return the changes at *seqs* whose bodies are for *reader*."""
    found: list[Shared] = []
    for chunk in in_chunks(dict.fromkeys(seqs)):
        changes = list(Change.objects.filter(node=log, seq__in=chunk).order_by("seq"))
        found += [one for one in _shared(changes, reader) if one.has_body]
    return found


def line_of(change: Change, *, with_body: bool = True, why: str = "") -> bytes:
    """Return the change as it travels and is backed up; the body goes in byte for byte, since its digest is signed."""
    body = change.body if with_body and change.body else "null"
    remark = b',"why":"' + why.encode("ascii") + b'"' if why else b""
    return b'{"change":' + orjson.dumps(change.wire()) + b',"body":' + body.encode("utf-8") + remark + b"}\n"


def heads() -> list[tuple[str, int, str]]:
    """Return (node, seq, header digest) of the newest change of every log that is here."""
    found = []
    for node in Change.objects.order_by("node").values_list("node", flat=True).distinct():
        newest = Change.objects.filter(node=node).defer("body").order_by("-seq").first()
        if newest is not None:
            found.append((node, newest.seq, digest_of(newest)))
    return found


def digest_at(log: str, seq: int) -> str | None:
    """Return the digest of the header at *seq* of a log that is here; None where it does not reach so far."""
    change = Change.objects.filter(node=log, seq=seq).defer("body").first()
    return digest_of(change) if change else None


def may_have_file(digest: str, reader: Reader) -> bool:
    """Tell whether *reader* gets some record that has the file."""
    found = given_attachments().filter(digest=digest, record__state=Record.LIVE)
    rows = found.values_list("record__audience", "record__node").distinct()
    return any(reader.may_read(audience, node) for audience, node in rows)


def _shared(changes: list[Change], reader: Reader) -> list[Shared]:
    audiences = _audiences_of({change.record for change in changes})
    found = []
    for change in changes:
        is_for = reader.may_read(change.audience, change.node) and reader.may_read(
            audiences.get(change.record, ""), change.node
        )
        has_body = is_for and change.body is not None
        why = WITHHELD if change.body is not None and not is_for else ""
        found.append(Shared(change.seq, change.by, line_of(change, with_body=has_body, why=why), has_body))
    return found


def _audiences_of(records: set[str]) -> dict[str, str]:
    """Return the present audience tokens: a body that was narrowed, or what is about it, goes out no more, of no version."""
    found: dict[str, str] = {}
    for chunk in in_chunks(records):
        found.update(Record.objects.filter(uri__in=chunk).values_list("uri", "audience"))
    return found
