# SPDX-License-Identifier: Apache-2.0
"""The door for what other nodes have signed: proof → chain → the same tables as our own, in one transaction a batch.

A log is taken without a gap and in its order, or not at all: where a line cannot be accepted, the log stops before it, the line is kept
in quarantine with the reason, and the next fetch tries again. A body that cannot be accepted stops nothing: its header is taken.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from ortaq.core.change import Header, digest_of_header
from ortaq.core.change import wire as wire_of
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.proof import kept, verification_method
from ortaq.nodes import keeping
from ortaq.nodes.identity import own_id
from ortaq.nodes.keys import KeyOf, keys_after, signer_of
from ortaq.nodes.kind import NODE
from ortaq.nodes.models import Fork, Quarantined
from ortaq.records import bounds, log, store
from ortaq.records.arriving import Arrived, altered, checked_body, have_checked, judge, parse_change, read_change
from ortaq.records.bulk import in_chunks
from ortaq.records.checking import Checker
from ortaq.records.models import Change, Record
from ortaq.records.projection import derive
from ortaq.records.registry import KINDS
from ortaq.records.signals import changes_committed
from ortaq.records.store import Present, Written

_LONGEST_KEPT = 65_536  # characters of a refused line: enough to see what it was


class LogGap(OrtaqError):
    code, status = "change.gap", 422
    say = N_("Change %(seq)s of node %(node)s came where %(expected)s should. It is asked for again from there.")


class LogForked(OrtaqError):
    code, status = "change.fork", 409
    say = N_(
        "Node %(node)s has signed two different changes at %(seq)s of its log. Nothing more of it is taken until this node's administrator has asked the other one by voice, and settled it with 'ortaq partner settle'."
    )


class VersionWrong(OrtaqError):
    code, status = "change.version-wrong", 422
    say = N_(
        "Change %(seq)s of node %(node)s is version %(version)s of %(record)s, expected %(expected)s. Ask its administrator."
    )


class KindWrong(OrtaqError):
    code, status = "change.kind-wrong", 422
    say = N_(
        "Change %(seq)s of node %(node)s makes %(record)s a %(kind)s; it was a %(present)s. Ask its administrator."
    )


@dataclass(slots=True)
class Received:
    """What became of the lines. position: seq up to which the log is here; error: why it stops there, None if it does not."""

    position: int
    accepted: int = 0
    repeated: int = 0
    error: OrtaqError | None = None
    refused: list[OrtaqError] = field(default_factory=list)


def position_of(node: str) -> int:
    """Return the seq up to which the log of *node* is here."""
    return Change.objects.filter(node=node).order_by("-seq").values_list("seq", flat=True).first() or 0


def receive_lines(node: str, lines: Sequence[bytes], *, source: str, checker: Checker | None = None) -> Received:
    """Take the next changes of *node*'s log, in their order, from *source*, which may be another node that has it.

    checker   whoever takes many batches gives one for all, since it may keep a process of its own

    Every fault ends in `Received.error` and in quarantine; what came before it in *lines* is taken.
    """
    if node == own_id():
        return _own_come_back(lines, source)
    start = position_of(node)
    if fork := Fork.objects.filter(log=node, settled_at=None).order_by("seq").first():
        return Received(start, error=LogForked(node=node, seq=fork.seq))
    with nullcontext(checker) if checker else Checker() as beside:
        arrived, error = _read(node, lines, start, beside)
    done = _append(node, arrived, source)
    if done.error is None and error is not None:
        done.error = error
        _quarantine(node, source, done.position + 1, error, lines[len(arrived)])
    if done.accepted:
        _settle(node, done.position)
    return done


def _read(node: str, lines: Sequence[bytes], start: int, checker: Checker) -> tuple[list[Arrived], OrtaqError | None]:
    """Return the changes that can be read and are signed by whom they should be, up to the first that is not, and why it is not."""
    parsed: list[Arrived] = []
    judged, error = 0, None
    checker.first_wrong()  # nothing of a batch that was broken off is counted among these
    keys: Sequence[KeyOf] = keeping.keys_of(node)
    for line in lines:
        try:
            change = parse_change(line, log=node, after=parsed[-1].header.seq if parsed else start)
            have_checked(change, checker)
            parsed.append(change)
            judge(change, node)
            signer = signer_of(keys, change.header, change.public)
            if change.header.seq > start:
                keys = keys_after(keys, change.header, change.body, signer)
        except OrtaqError as fault:
            error = fault
            break
        judged += 1
    unsigned = checker.first_wrong()
    if unsigned is not None:
        return parsed[:unsigned], altered(parsed[unsigned].header)
    return parsed[:judged], error


def _append(node: str, arrived: Sequence[Arrived], source: str) -> Received:
    with log.writing():
        last = Change.objects.filter(node=node).order_by("-seq").first()
        end = log.End.here()
        done = Received(last.seq if last else 0)
        prior = digest_of_header(last.header()) if last else None
        present = store.present_records({change.header.record for change in arrived})
        written: list[Written] = []
        keys: Sequence[KeyOf] = keeping.keys_of(node)
        for change in arrived:
            if change.header.seq <= done.position:
                done.repeated += 1
                done.error = _compared(change, written, source)
            else:
                done.error = _fault(change, done.position, prior, present, source)
            if done.error is not None:
                _quarantine(node, source, min(change.header.seq, done.position + 1), done.error, change.line)
                break
            if change.header.seq <= done.position:
                continue
            made = _written(change, present, end)
            written.append(made)
            present[change.header.record] = store.present_after(made, present.get(change.header.record))
            done.position, done.accepted, prior = change.header.seq, done.accepted + 1, change.digest
            if change.fault is not None:
                done.refused.append(change.fault)
                _quarantine(node, source, change.header.seq, change.fault, change.line, record=change.header.record)
            keys = _noted(node, change, keys)
        if written:
            _store(written)
    return done


def _noted(node: str, change: Arrived, keys: Sequence[KeyOf]) -> Sequence[KeyOf]:
    """Keep what the node says of itself; return its keys from then on."""
    if change.body is None or change.header.kind != NODE.name:
        return keys
    after = keys_after(keys, change.header, change.body, signer_of(keys, change.header, change.public))
    keeping.keep_node(node, change.body, after)
    return after


def _store(written: list[Written]) -> None:
    store.write(written)
    bounds.narrow_what_is_about(written)
    bounds.settle_records([change.record_id for change in written if change.derived.links and _is_bounded(change)])
    bounds.settle_records(bounds.ids_about(change.header.record for change in written if change.is_new))
    transaction.on_commit(lambda: changes_committed.send(sender=None))


def _is_bounded(change: Written) -> bool:
    return change.header.kind in KINDS and bool(KINDS[change.header.kind].bounded_by)


def _fault(
    change: Arrived, position: int, prior: str | None, present: dict[str, Present], source: str
) -> OrtaqError | None:
    """Return why *change* cannot be the next one of its log."""
    header = change.header
    if header.seq != position + 1:
        return LogGap(seq=header.seq, node=header.node, expected=position + 1)
    if header.prior != prior:
        return _forked(header, position, prior or "", header.prior or "", change, source)
    before = present.get(header.record)
    expected = before.version + 1 if before else 1
    facts = {"seq": header.seq, "node": header.node, "record": header.record}
    if header.version != expected or any(version >= header.version for version in header.erases):
        return VersionWrong(**facts, version=header.version, expected=expected)
    if before is not None and before.kind != header.kind:
        return KindWrong(**facts, kind=header.kind, present=before.kind)
    return None


def _compared(change: Arrived, written: Iterable[Written], source: str) -> OrtaqError | None:
    """Return why a change that is here already is not the same one; a new signature of the same header is no fork."""
    header = change.header
    here = next((one.header for one in written if one.header.seq == header.seq), None)
    if here is None:
        row = Change.objects.filter(node=header.node, seq=header.seq).first()
        here = row.header() if row else None
    if here is None or digest_of_header(here) == change.digest:
        return None
    return _forked(header, header.seq, digest_of_header(here), change.digest, change, source)


def _forked(header: Header, seq: int, digest: str, other: str, change: Arrived, source: str) -> OrtaqError:
    wire = wire_of(header, verification_method(change.public), change.signature)
    Fork.objects.get_or_create(
        log=header.node, seq=seq, other=other, defaults={"digest": digest, "header": wire, "source": source}
    )
    return LogForked(node=header.node, seq=seq)


def _written(change: Arrived, present: dict[str, Present], end: log.End) -> Written:
    header, before = change.header, present.get(change.header.record)
    kind = KINDS[header.kind] if change.body is not None else None
    return Written(
        change_id=end.next_change_id(),
        record_id=before.id if before else end.next_record_id(),
        header=header,
        key=change.public,
        signature=kept(change.signature),
        body=change.text,
        derived=derive(kind, header, change.body, here=own_id()),
        state=state_of(header, change.body),
        is_new=before is None,
    )


def state_of(header: Header, body: object) -> str:
    """Return the state of a record of another node whose newest change has this header and, here, this body."""
    if body is not None:
        return Record.LIVE
    if header.digest is not None:
        return Record.WITHHELD
    return Record.ERASED if header.erases else Record.WITHDRAWN


def _own_come_back(lines: Sequence[bytes], source: str) -> Received:
    """Another node shows us our own log: nothing of it is taken, but a change that we never made is a fork, and is shown."""
    me = own_id()
    done = Received(position_of(me))
    for line in lines:
        try:
            change = read_change(line, log=me)
            signer_of(keeping.keys_of(me), change.header, change.public)
            done.repeated += 1
            done.error = _compared(change, (), source)
        except OrtaqError as error:
            done.error = error
        if done.error is not None:
            _quarantine(me, source, int(done.error.facts.get("seq", 0)), done.error, line)
            break
    return done


def _quarantine(node: str, source: str, seq: int, error: OrtaqError, line: bytes, *, record: str = "") -> None:
    """Keep a refused change with the reason; told: what it is about."""
    row, is_new = Quarantined.objects.get_or_create(
        log=node,
        source=source,
        seq=seq,
        code=error.code,
        defaults={
            "record": record,
            "is_body": bool(record),
            "facts": error.as_dict(),
            # a body is asked for again anyway, and a partner may send many that are wrong
            "line": "" if record else line[:_LONGEST_KEPT].decode("utf-8", "replace").replace("\0", "\ufffd"),
        },
    )
    if not is_new:
        row.attempts += 1
        row.settled_at = None
        row.save(update_fields=["attempts", "settled_at", "last_at"])


def _settle(node: str, position: int) -> None:
    """What had stopped the log is past: it came again as it should be."""
    waiting = Quarantined.objects.filter(log=node, seq__lte=position, is_body=False, settled_at=None)
    waiting.exclude(code=LogForked.code).update(settled_at=timezone.now())


def accept_bodies(node: str, bodies: Iterable[tuple[int, Any]], *, source: str) -> Received:
    """Take bodies that were withheld or refused when their headers came. bodies: (seq, body) in the log of *node*."""
    done = Received(position_of(node))
    given = dict(bodies)
    with log.writing():
        end = log.End.here()
        for chunk in in_chunks(given):
            for row in Change.objects.filter(node=node, seq__in=chunk, body=None).exclude(digest=None).order_by("seq"):
                header = row.header()
                try:
                    body, text = checked_body(header, given[row.seq])
                except OrtaqError as error:
                    done.refused.append(error)
                    line = orjson.dumps(given[row.seq], default=str)
                    _quarantine(node, source, row.seq, error, line, record=row.record)
                    continue
                _fill(row, header, body, text, end)
                done.accepted += 1
                Quarantined.objects.filter(log=node, seq=row.seq, is_body=True).update(settled_at=timezone.now())
        if done.accepted:
            transaction.on_commit(lambda: changes_committed.send(sender=None))
    return done


def _fill(row: Change, header: Header, body: dict[str, Any], text: str, end: log.End) -> None:
    """Give the change its body; if it is its record's newest, the record is anew what it says, and followers of the log see it."""
    record = Record.objects.get(uri=row.record)
    if record.version != row.version:
        Change.objects.filter(pk=row.pk).update(body=text)
        return
    change_id = end.next_change_id()
    Change.objects.filter(pk=row.pk).update(id=change_id, body=text)
    derived = derive(KINDS[header.kind], header, body, here=own_id())
    made = Written(change_id, record.pk, header, row.key, row.signature, text, derived, Record.LIVE, is_new=False)
    store.derive_anew([made])
    if record.source_id is None and derived.source_id:
        Record.objects.filter(pk=record.pk).update(source_id=derived.source_id)
    bounds.narrow_what_is_about([made])
    bounds.settle_records([record.pk])


def waiting_bodies(node: str, *, limit: int, after: int = 0) -> list[int]:
    """Return the seqs, after *after*, of the newest versions of *node*'s records whose bodies are not here."""
    found = Record.objects.filter(node=node, state=Record.WITHHELD, change__seq__gt=after).order_by("change__seq")
    return list(found.values_list("change__seq", flat=True)[:limit])
