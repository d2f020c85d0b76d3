# SPDX-License-Identifier: Apache-2.0
"""One round of exchange with a partner: what is new, what was withheld, what others say of the same logs, what we object to."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from django.db import DatabaseError, connection

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed import asking
from ortaq.doors.feed.asking import Pulled
from ortaq.files.room import is_full
from ortaq.nodes import partners
from ortaq.nodes.errors import NoRoom
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Head, Node, Partner
from ortaq.records import sharing
from ortaq.records.receiving import position_of

log = structlog.get_logger()
GONE_AFTER_FAILURES: Final = 3  # then what a node has said is fetched from others that have it
_HEADS_EVERY_SECONDS: Final = 60
_BODIES_EVERY_SECONDS: Final = 600  # and at once when the partner gives us more, or less


@dataclass(slots=True)
class Round:
    """What one round brought. error: why it ended early."""

    partner: Partner
    accepted: int = 0
    bodies: int = 0
    position: int = 0
    seq: int = 0
    refused: list[OrtaqError] = field(default_factory=list)
    error: OrtaqError | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "node": self.partner.node_id,
            "name": self.partner.node.name,
            "accepted": self.accepted,
            "bodies": self.bodies,
            "position": self.position,
            "seq": self.seq,
            "refused": [error.as_dict() for error in self.refused],
            "error": self.error.as_dict() if self.error else None,
        }


class Exchange:
    """Rounds with one partner; remembers between them when it last did what need not be done in each."""

    def __init__(self) -> None:
        self._compared_at = self._bodies_at = float("-inf")
        self._was_trusted: bool | None = None

    def once(self, partner: Partner, *, wait: int = 0) -> Round:
        """Take what is new; wait: seconds that the partner may keep us until there is something. Faults are noted, not raised."""
        done = Round(partner, position=position_of(partner.node_id))
        try:
            self._take(partner, done, wait)
        except OrtaqError as error:
            done.error = error
        except (DatabaseError, OSError) as error:
            if not is_full(error):
                raise
            done.error = NoRoom(node=own_id())
        if done.error is None:
            partners.reached(partner)
        else:
            _tell(partner, done.error)
        return done

    def _take(self, partner: Partner, done: Round, wait: int) -> None:
        is_trusted = _pull_all(partner, partner.node_id, done, wait)
        if is_trusted != self._was_trusted or time.monotonic() - self._bodies_at > _BODIES_EVERY_SECONDS:
            done.bodies = asking.fetch_bodies(partner)
            self._was_trusted, self._bodies_at = is_trusted, time.monotonic()
        if time.monotonic() - self._compared_at > _HEADS_EVERY_SECONDS:
            compare_heads(partner, done)
            self._compared_at = time.monotonic()
        asking.tell_objections(partner)


def _tell(partner: Partner, error: OrtaqError) -> None:
    """Note and log why the round ended early; where the disk is full, the log may be the only place left."""
    log.warning("A partner could not be followed.", partner=partner.node_id, code=error.code, reason=str(error))
    try:
        partners.not_reached(partner, error)
    except DatabaseError as fault:
        if not is_full(fault):
            raise
        connection.close()


def _pull_all(partner: Partner, of: str, done: Round, wait: int = 0) -> bool | None:
    """Take the log of the node *of* from *partner*, as far as the partner has it; return whether it trusts us."""
    while True:
        partners.check_allowance(partner)
        before = position_of(of)
        try:
            pulled = asking.pull(partner, of, wait=wait)
        finally:
            came = position_of(of) - before
            done.accepted += came
            if came:
                partners.note_taken(partner, came)
        _note(partner, of, pulled, done)
        if not pulled.is_behind or not pulled.accepted:
            return pulled.is_trusted
        wait = 0


def _note(partner: Partner, of: str, pulled: Pulled, done: Round) -> None:
    done.refused += pulled.refused
    if of == partner.node_id:
        done.seq, done.position = pulled.seq, pulled.position
        Node.objects.filter(pk=of).update(head_seq=pulled.seq)
    if pulled.error is not None:
        asking.tell_objections(partner)
        raise pulled.error


def compare_heads(partner: Partner, done: Round) -> None:
    """See whether *partner* has the same logs as we have; where one is further, and its owner is gone, take it from here."""
    for node, seq, digest in asking.heads_at(partner):
        Head.objects.update_or_create(partner=partner, log=node, defaults={"seq": seq, "digest": digest})
        ours = position_of(node)
        common = min(seq, ours)
        if common and node != partner.node_id:
            theirs = digest if common == seq else asking.digest_at(partner, node, common)
            if theirs != sharing.digest_at(node, common):
                _show_fork(partner, node, common)
        if seq > ours and _is_gone(node):
            _pull_all(partner, node, done)


def _show_fork(partner: Partner, node: str, seq: int) -> None:
    """Fetch what the partner has signed by *node* where we have something else: two signatures under one seq are the evidence."""
    found = asking.pull(partner, node, after=seq - 1)
    if found.error is not None:
        log.error("A log has two histories.", node=node, seq=seq, shown_by=partner.node_id, code=found.error.code)


def _is_gone(node: str) -> bool:
    """Tell whether *node* is a partner of ours that has not answered for a while."""
    return Partner.objects.filter(
        node=node, state=Partner.ACTIVE, is_paused=False, failures__gte=GONE_AFTER_FAILURES
    ).exists()
