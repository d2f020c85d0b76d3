# SPDX-License-Identifier: Apache-2.0
"""What this node says of itself, in a record of its own log: its names, its address, its keys, and how these change hands."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction

from ortaq.core.errors import N_, OrtaqError
from ortaq.core.proof import SigningKey
from ortaq.nodes import keeping
from ortaq.nodes.identity import forget_identity, identity, make_key
from ortaq.nodes.keys import RECOVER, SIGN, KeyOf, present_key
from ortaq.nodes.kind import NODE, record_of_node
from ortaq.records import log
from ortaq.records.door import Draft, Outcome, write_change
from ortaq.records.models import Change

_SOURCE_ID = "ortaq:node"


class NoRecoveryKey(OrtaqError):
    code, status = "key.no-recovery", 409
    say = N_(
        "The key is not the recovery key that this node has announced. Give the one that 'ortaq key recovery' printed."
    )


def announce_node() -> Outcome:
    """Write what the node says of itself, unless it stands in the log already."""
    return _announce(keeping.keys_of(identity().id))


def rotate_key(*, revoke: bool = False, signed_by: SigningKey | None = None) -> str:
    """Let a new key sign from the next change on; return it (public, multibase).

    revoke     the old one is in other hands: partners mark what it has signed, and refuse what it signs from then on
    signed_by  the recovery key, where the old one is lost; raises NoRecoveryKey for another
    """
    me = identity()
    with log.writing():
        keys = keeping.keys_of(me.id)
        if signed_by is not None and _recovery_key(keys) != signed_by.public:
            raise NoRecoveryKey
        old, new, seq = present_key(keys), make_key(), _next_seq(me.id)
        last = seq - 1 if signed_by is not None else seq
        ended = [replace(key, last_seq=last, is_revoked=revoke) if key == old else key for key in keys]
        _announce([*ended, KeyOf(new.public, SIGN, seq + 1)], key=signed_by)
        transaction.on_commit(forget_identity)
    forget_identity()
    return new.public


def make_recovery_key() -> bytes:
    """Announce a key that may take the place of a lost one; return its secret seed, which is kept nowhere here.

    raises RecoveryKeyThere, if there is one already
    """
    me = identity()
    with log.writing():
        keys = keeping.keys_of(me.id)
        if _recovery_key(keys) is not None:
            raise RecoveryKeyThere
        seed = secrets.token_bytes(32)
        _announce([*keys, KeyOf(SigningKey(seed).public, RECOVER, _next_seq(me.id) + 1)])
    return seed


class RecoveryKeyThere(OrtaqError):
    code, status = "key.recovery-there", 409
    say = N_("This node has announced a recovery key already. Only whoever holds it can replace it.")


def has_recovery_key() -> bool:
    return _recovery_key(keeping.keys_of(identity().id)) is not None


def announcements(node: str) -> list[Change]:
    """Return the changes in which *node* has said who it is, oldest first: together they prove its keys from its id on."""
    return list(Change.objects.filter(record=record_of_node(node)).order_by("version"))


def head_of(node: str) -> tuple[int, str]:
    """Return the seq and the header digest of the newest change of *node*'s log here; (0, "") where there is none."""
    newest = Change.objects.filter(node=node).order_by("-seq").first()
    return (newest.seq, log.digest_of(newest)) if newest else (0, "")


def _announce(keys: Sequence[KeyOf], *, key: SigningKey | None = None) -> Outcome:
    me = identity()
    with transaction.atomic():
        body = _body(keys)
        outcome = write_change(Draft(NODE.name, body, is_by_node=True), by=me.uri, key=key)
        keeping.keep_node(me.id, body, keys)
    return outcome


def _body(keys: Sequence[KeyOf]) -> dict[str, Any]:
    body: dict[str, Any] = {"source_id": _SOURCE_ID, "title": own_names(), "keys": [key.written() for key in keys]}
    if settings.NODE_COUNTRIES:
        body["countries"] = list(settings.NODE_COUNTRIES)
    return body | ({"address": settings.ADDRESS} if settings.ADDRESS else {})


def own_names() -> dict[str, list[str]]:
    """Return what this node is called, as a language map."""
    return {tag: [name] for tag, name in settings.NODE_NAMES.items()} or {"und": [identity().name]}


def _next_seq(node: str) -> int:
    return head_of(node)[0] + 1


def _recovery_key(keys: Sequence[KeyOf]) -> str | None:
    return next((key.public for key in keys if key.use == RECOVER and key.last_seq is None), None)
