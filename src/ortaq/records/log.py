# SPDX-License-Identifier: Apache-2.0
"""The log of this node: where it ends, and the next line of it, signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from ortaq.core import digest as digests
from ortaq.core.change import Header, digest_of_header
from ortaq.core.proof import SigningKey, kept
from ortaq.records.models import Change, Record

_LOCK = 0x6F72746171  # "ortaq": the advisory lock of PostgreSQL that every writer of the log takes


@contextmanager
def writing() -> Iterator[None]:
    """One transaction in which nobody else writes the log. SQLite locks by its IMMEDIATE transactions."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


@dataclass(slots=True)
class Pen:
    """Writes the next lines of a node's log; made inside `writing`, for one transaction."""

    node: str
    key: SigningKey
    seq: int
    prior: str | None
    change_id: int
    record_id: int

    def sign(
        self,
        record: str,
        kind: str,
        version: int,
        at: str,
        by: str,
        audience: str,
        digest: str | None,
        erases: tuple[int, ...],
    ) -> Header:
        """Return the next header; `signature_of` has its signature."""
        self.seq += 1
        self.change_id += 1
        return Header(self.node, self.seq, self.prior, record, kind, version, at, by, audience, digest, erases)

    def signature_of(self, header: Header) -> str:
        """Return the signature of the header's proof, as the log keeps it."""
        sha256 = header.sha256()
        self.prior = digests.multibase(sha256)
        return kept(self.key.sign_digest(sha256, header.at))

    def next_record_id(self) -> int:
        self.record_id += 1
        return self.record_id


@dataclass(slots=True)
class End:
    """Where the tables end: gives the ids of the next rows; made inside `writing`, for one transaction."""

    change_id: int
    record_id: int

    @classmethod
    def here(cls) -> "End":
        newest_change = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
        newest_record = Record.objects.order_by("-id").values_list("id", flat=True).first() or 0
        return cls(newest_change, newest_record)

    def next_change_id(self) -> int:
        self.change_id += 1
        return self.change_id

    def next_record_id(self) -> int:
        self.record_id += 1
        return self.record_id


def digest_of(change: Change) -> str:
    """Return the digest of the header of *change*, which the next one of its log names."""
    return digest_of_header(change.header())


def pen(node: str, key: SigningKey) -> Pen:
    """Return a pen at the end of *node*'s log."""
    last, end = Change.objects.filter(node=node).order_by("-seq").first(), End.here()
    if last is None:
        return Pen(node, key, 0, None, end.change_id, end.record_id)
    return Pen(node, key, last.seq, digest_of_header(last.header()), end.change_id, end.record_id)
