# SPDX-License-Identifier: Apache-2.0
"""Is what stands in the tables what was signed? Signatures, digests, the chain, and the rows derived from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.core.cache import cache

from ortaq.core import digest as digests
from ortaq.core import proof as proofs
from ortaq.core.errors import OrtaqError
from ortaq.nodes.identity import own_id
from ortaq.nodes.keys import KeyOf
from ortaq.nodes.models import Key
from ortaq.records.bounds import limits_of
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Attachment, Change, Link, Point, Record, Span
from ortaq.records.projection import derive
from ortaq.records.registry import KINDS

_KEYS_KEPT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """Something off: a stable code, where, and what."""

    code: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.code}: {self.where}: {self.what}"


def verify_log() -> Iterator[Finding]:
    """Walk every node's log from its beginning: gaps, chain, keys, signatures, bodies."""
    keys = _keys()
    for node in Change.objects.order_by("node").values_list("node", flat=True).distinct():
        prior, seq = None, 0
        for change in Change.objects.filter(node=node).order_by("seq").iterator(chunk_size=2000):
            yield from _chain(change, prior, seq)
            found, own = _own_findings(change, keys)
            yield from found
            prior, seq = own, change.seq
    yield from _erased_without_order()


def findings_of_versions(changes: Sequence[Change]) -> dict[int, list[Finding]]:
    """Return what is off with each of *changes*, by id, including its link to the change before it in the log."""
    keys, found = _keys_for_pages(), {}
    before = _headers_before(changes)
    for change in changes:
        own, _ = _own_findings(change, keys)
        prior = before.get((change.node, change.seq - 1))
        if prior is not None and prior != change.prior:
            own.append(_finding(change, "log.chain-broken", "the change before it is not the one that it names"))
        if own:
            found[change.id] = own
    return found


def findings_inside(changes: Iterable[Change]) -> dict[int, list[Finding]]:
    """Return what is off inside each of *changes*, by id: signature and body, not its place in the log. One query."""
    keys = _keys_for_pages()
    found = {change.id: _own_findings(change, keys)[0] for change in changes}
    return {change_id: findings for change_id, findings in found.items() if findings}


def _headers_before(changes: Sequence[Change]) -> dict[tuple[str, int], str]:
    """Return the digests of the headers just before *changes* in their logs, in one query a node."""
    wanted: dict[str, list[int]] = {}
    for change in changes:
        wanted.setdefault(change.node, []).append(change.seq - 1)
    found = {}
    for node, seqs in wanted.items():
        for chunk in in_chunks(seqs):
            for before in Change.objects.filter(node=node, seq__in=chunk).defer("body"):
                found[node, before.seq] = digests.multibase(before.header().sha256())
    return found


def _keys() -> dict[str, Key]:
    return {key.public: key for key in Key.objects.all()}


def revoked_keys() -> frozenset[str]:
    """Return the public keys that are known to be in other hands, for marking what they had signed before."""
    return frozenset(key.public for key in _keys_for_pages().values() if key.is_revoked)


def _keys_for_pages() -> dict[str, Key]:
    """The keys as of half a minute ago: one page asks for them several times."""
    name = f"keys:{settings.HOME}"
    kept: dict[str, Key] | None = cache.get(name)
    if not kept:
        kept = _keys()
        cache.set(name, kept, _KEYS_KEPT_SECONDS)
    return kept


def _finding(change: Change, code: str, what: str) -> Finding:
    return Finding(
        code, f"change {change.seq} of node {change.node} (version {change.version} of {change.record})", what
    )


def _chain(change: Change, prior: str | None, seq: int) -> Iterator[Finding]:
    if change.seq != seq + 1:
        yield _finding(change, "log.gap", f"the log jumps from {seq} to {change.seq}")
    elif change.prior != prior:
        yield _finding(change, "log.chain-broken", "the change before it is not the one that it names")


def _own_findings(change: Change, keys: dict[str, Key]) -> tuple[list[Finding], str]:
    """Return what is off inside one change, and the digest that the next one has to name."""
    try:
        sha256 = change.header().sha256()
    except (OrtaqError, ValueError) as error:
        return [_finding(change, "log.header-unreadable", str(error))], ""
    found = [*_signature(change, sha256, keys.get(change.key)), *_body(change)]
    return found, digests.multibase(sha256)


def _signature(change: Change, sha256: bytes, key: Key | None) -> Iterator[Finding]:
    if key is None or key.node_id != change.node or not may_sign(key, change):
        yield _finding(change, "log.key-unknown", f"the key {change.key} may not sign this change")
        return
    try:
        proofs.verify_digest(sha256, change.at, proofs.unkept(change.signature), key.public)
    except OrtaqError as error:
        yield _finding(change, "log.signature-wrong", str(error))


def may_sign(key: Key, change: Change) -> bool:
    return KeyOf(key.public, key.use, key.first_seq, key.last_seq).may_sign(change.seq, change.kind)


def _body(change: Change) -> Iterator[Finding]:
    if change.body is None:
        return
    if digests.digest_of(change.body.encode("utf-8", "surrogatepass")) != change.digest:
        yield _finding(change, "log.body-altered", "the body is not the one whose digest was signed")


def _erased_without_order() -> Iterator[Finding]:
    """Bodies of our own may be missing only where a later change of the record erases them; others may withhold theirs."""
    missing = Change.objects.filter(node=own_id(), body=None).exclude(digest=None)
    for change in missing.iterator():
        orders = (
            Change.objects.filter(record=change.record, version__gt=change.version)
            .exclude(erases="")
            .values_list("erases", flat=True)
        )
        if not any(str(change.version) in order.split(",") for order in orders):
            yield _finding(change, "log.body-missing", "the body is gone, and no change says that it was erased")


def verify_projection() -> Iterator[Finding]:
    """Compare records, links, spans, points and attachments with what their newest changes give."""
    yield from _records_without_change()
    records = Record.objects.select_related("change").order_by("id").iterator(chunk_size=1000)
    for chunk in in_chunks(records, 1000):
        rows = {name: _rows(model, chunk, columns) for name, (model, columns) in _DERIVED.items()}
        limits = limits_of(chunk)
        for record in chunk:
            yield from _compare(record, rows, sorted(limits.get(record.id, ())))


_DERIVED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "links": (Link, ("role", "target")),
    "spans": (Span, ("field", "first_year", "last_year", "edtf")),
    "points": (Point, ("field", "lat", "lon", "precision_m")),
    "attachments": (Attachment, ("digest", "name")),
}


def _records_without_change() -> Iterator[Finding]:
    newest = dict(Change.objects.order_by("record", "version").values_list("record", "version").iterator())
    known = dict(Record.objects.values_list("uri", "version").iterator())
    for uri in newest.keys() - known.keys():
        yield Finding("projection.record-missing", uri, "the log has it, the records do not")
    for uri, version in known.items():
        if newest.get(uri) != version:
            yield Finding("projection.version-wrong", uri, f"stands at version {version}, the log at {newest.get(uri)}")


def _rows(model: Any, records: Iterable[Record], columns: tuple[str, ...]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for chunk in in_chunks(record.id for record in records):
        for record_id, *row in (
            model.objects.filter(record_id__in=chunk).order_by("id").values_list("record_id", *columns)
        ):
            found.setdefault(record_id, []).append(tuple(row))
    return found


def _compare(
    record: Record, rows: dict[str, dict[int, list[tuple[Any, ...]]]], limits: Iterable[str]
) -> Iterator[Finding]:
    change = record.change
    try:
        body = orjson.loads(change.body) if change.body else None
        kind = KINDS[record.kind] if body is not None else None
        derived = derive(kind, change.header(), body, limits, here=own_id())
    except (OrtaqError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Finding("projection.underivable", record.uri, f"its newest change cannot be read: {error}")
        return
    if (record.title, record.audience, record.version) != (derived.title, derived.audience, change.version):
        yield Finding(
            "projection.record-differs", record.uri, "title, audience or version is not that of its newest change"
        )
    for name in _DERIVED:
        if rows[name].get(record.id, []) != getattr(derived, name):
            yield Finding(f"projection.{name}-differ", record.uri, f"its {name} are not those of its newest change")
