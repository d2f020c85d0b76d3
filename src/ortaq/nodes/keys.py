# SPDX-License-Identifier: Apache-2.0
"""Which keys are a node's own: bound to its id by the first one, and handed on from one to the next by signed changes.

Pure: what a change of the node's own record does to its keys follows from the record and from who signed it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ortaq.core.change import Header
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import node_id
from ortaq.nodes.kind import NODE, record_of_node

SIGN, RECOVER = "sign", "recover"


class KeyUnknown(OrtaqError):
    code, status = "change.key-unknown", 422
    say = N_(
        "The key %(key)s may not sign change %(seq)s of node %(node)s. Ask its administrator whether the key was changed, and fetch again."
    )


class KeysRefused(OrtaqError):
    code, status = "change.keys-refused", 422
    say = N_(
        "Change %(seq)s of node %(node)s names keys that do not follow from those before: %(reason)s. Ask its administrator by voice."
    )


@dataclass(frozen=True, slots=True)
class KeyOf:
    """A key of a node; last_seq None: it signs now."""

    public: str
    use: str = SIGN
    first_seq: int = 1
    last_seq: int | None = None
    is_revoked: bool = False

    def may_sign(self, seq: int, kind: str) -> bool:
        is_in_time = self.first_seq <= seq <= (self.last_seq or seq)
        return is_in_time and (self.use == SIGN or kind == NODE.name)

    def written(self) -> dict[str, Any]:
        """Return the key as it stands in the node's record."""
        found: dict[str, Any] = {"public": self.public, "use": self.use, "first_seq": self.first_seq}
        if self.last_seq is not None:
            found["last_seq"] = self.last_seq
        return found | ({"is_revoked": True} if self.is_revoked else {})


def first_key(node: str, public: str) -> KeyOf:
    """Return the key to which the id of *node* is bound; raises KeyUnknown if it is another."""
    if node_id(public) != node:
        raise KeyUnknown(key=public, seq=1, node=node)
    return KeyOf(public)


def signer_of(keys: Iterable[KeyOf], header: Header, public: str) -> KeyOf:
    """Return the key of the node that signed *header*; raises KeyUnknown if it may not."""
    found = next((key for key in keys if key.public == public), None)
    if found is None or not found.may_sign(header.seq, header.kind):
        raise KeyUnknown(key=public, seq=header.seq, node=header.node)
    return found


def present_key(keys: Iterable[KeyOf]) -> KeyOf | None:
    return next((key for key in keys if key.use == SIGN and key.last_seq is None), None)


def keys_after(keys: Sequence[KeyOf], header: Header, body: Mapping[str, Any] | None, signer: KeyOf) -> Sequence[KeyOf]:
    """Return the keys of a node after its change *header*, which *signer* signed; raises KeysRefused."""
    if body is None or header.kind != NODE.name or header.record != record_of_node(header.node):
        return keys
    after = [KeyOf(**{**given, "last_seq": given.get("last_seq")}) for given in body["keys"]]
    reason = _fault(keys, after, header.seq, signer)
    if reason:
        raise KeysRefused(seq=header.seq, node=header.node, reason=reason)
    return after


def _fault(before: Sequence[KeyOf], after: Sequence[KeyOf], seq: int, signer: KeyOf) -> str:
    by_key = {key.public: key for key in after}
    if len(by_key) != len(after):
        return "a key is named twice"
    for key in before:
        if reason := _fault_of_old(key, by_key.get(key.public), seq, signer):
            return reason
    known = {key.public for key in before}
    for key in after:
        if key.public not in known and (key.first_seq, key.last_seq) != (seq + 1, None):
            return f"the new key {key.public} does not begin after this change"
    if sum(key.use == SIGN and key.last_seq is None for key in after) != 1:
        return "not exactly one key signs from now on"
    if sum(key.use == RECOVER and key.last_seq is None for key in after) > 1:
        return "more than one key could take the place of a lost one"
    return ""


def _fault_of_old(key: KeyOf, now: KeyOf | None, seq: int, signer: KeyOf) -> str:
    """What was signed by a key stays provable, so no key goes; one that ends does so with this change."""
    if now is None:
        return f"the key {key.public} is left out"
    is_ended = key.last_seq is None and now.last_seq is not None
    if is_ended and now.last_seq not in (seq - 1, seq):
        return f"the key {key.public} does not end with this change"
    if key.is_revoked and not now.is_revoked:
        return f"the key {key.public} was revoked"
    if replace(now, last_seq=key.last_seq, is_revoked=key.is_revoked) != key:
        return f"what is said of the key {key.public} was different before"
    if is_ended and signer.public == key.public and now.last_seq != seq:
        return f"the key {key.public} ends before the change that it signs"
    if not is_ended and now.last_seq != key.last_seq:
        return f"the key {key.public} had its end already"
    if is_ended and key.use == RECOVER and signer.public != key.public:
        return f"only the key {key.public} itself can be replaced as the one kept offline"
    return ""
