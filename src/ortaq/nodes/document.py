# SPDX-License-Identifier: Apache-2.0
"""What a node says of itself to who does not know it yet: signed, and proving each of its keys from its id on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from ortaq.core import digest as digests
from ortaq.core import proof as proofs
from ortaq.core.canonical import canonical
from ortaq.core.change import from_wire
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import node_id
from ortaq.core.proof import SigningKey
from ortaq.nodes.keys import KeyOf, first_key, keys_after, present_key, signer_of
from ortaq.nodes.kind import NODE
from ortaq.nodes.outward.address import address_of

PATH: Final = "/.well-known/ortaq"
PROTOCOL: Final = 1
_TYPE = "OrtaqNode"
_MOST_ANNOUNCEMENTS = 1_000


class NotANode(OrtaqError):
    code, status = "node.document-wrong", 422
    say = N_("What %(address)s says of itself is not the document of an Ortaq node: %(reason)s. Check the address.")


class OtherProtocol(OrtaqError):
    code, status = "node.other-protocol", 409
    say = N_(
        "The node at %(address)s speaks version %(given)s of the exchange, this one %(known)s. Update the older of the two."
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A node as it presents itself. first: the key to which its id is bound; key: with which it signs now."""

    node: str
    names: dict[str, list[str]]
    countries: list[str]
    address: str
    software: str
    first: str
    key: str
    keys: tuple[KeyOf, ...]
    head_seq: int
    head_digest: str


def make_document(
    node: str,
    key: SigningKey,
    first: str,
    *,
    names: Mapping[str, Sequence[str]],
    countries: Sequence[str],
    address: str,
    announcements: Sequence[Mapping[str, Any]],
    head: tuple[int, str],
    at: str,
) -> dict[str, Any]:
    """Return the document, signed. announcements: the changes of the node's record as they travel, with their bodies, oldest first."""
    said: dict[str, Any] = {
        "type": _TYPE,
        "protocol": PROTOCOL,
        "node": node,
        "names": {tag: list(texts) for tag, texts in names.items()},
        "countries": list(countries),
        "address": address,
        "software": f"ortaq {version('ortaq')}",
        "first_key": first,
        "announcements": list(announcements),
        "log": f"{address}/exchange/log/{node}",
        "head": {"seq": head[0], "digest": head[1]},
        "at": at,
    }
    return {**said, "proof": key.prove(said, at)}


def read_document(given: Any, *, address: str) -> Document:
    """Return what *given*, parsed JSON, says, if a key of the node has signed it; raises NotANode, OtherProtocol.

    address  where it came from, for what is said if it is wrong
    """
    try:
        if not isinstance(given, dict) or given.get("type") != _TYPE:
            raise NotANode(address=address, reason="it has another form")
        if given["protocol"] != PROTOCOL:
            raise OtherProtocol(address=address, given=given["protocol"], known=PROTOCOL)
        return _checked(given)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotANode(address=address, reason=f"a part is missing or wrong ({error})") from error
    except OrtaqError as error:
        if isinstance(error, (NotANode, OtherProtocol)):
            raise
        raise NotANode(address=address, reason=str(error)) from error


def _checked(given: dict[str, Any]) -> Document:
    node = given["node"]
    keys = keys_proven(node, given["first_key"], given["announcements"])
    key = present_key(keys)
    if key is None or node_id(given["first_key"]) != node:
        raise ValueError("no key of its own signs now")
    said = {name: value for name, value in given.items() if name != "proof"}
    proofs.verify(said, given["proof"], key.public)
    body = NODE.validate({"title": given["names"], "countries": given["countries"], "keys": [key.written()]})
    address = str(given["address"]).rstrip("/")[:500]
    address_of(address)
    head = given["head"]
    if type(head["seq"]) is not int or head["seq"] < 0 or not isinstance(head["digest"], str):
        raise ValueError("its head is not one")
    return Document(
        node=node,
        names=body["title"],
        countries=body.get("countries", []),
        address=address,
        software=str(given["software"])[:100],
        first=given["first_key"],
        key=key.public,
        keys=tuple(keys),
        head_seq=head["seq"],
        head_digest=head["digest"][:47],
    )


def keys_proven(node: str, first: str, announcements: Sequence[Mapping[str, Any]]) -> Sequence[KeyOf]:
    """Return the keys of *node* after its *announcements*, each signed by a key that was its own before it."""
    keys: Sequence[KeyOf] = [first_key(node, first)]
    if len(announcements) > _MOST_ANNOUNCEMENTS:
        raise ValueError("more announcements than any node makes")
    for entry in announcements:
        header, method, signature = from_wire(entry["change"])
        public = method.rpartition("#")[2]
        signer = signer_of(keys, header, public)
        proofs.verify_digest(header.sha256(), header.at, signature, public)
        if header.node != node or digests.digest_of(canonical(entry["body"])) != header.digest:
            raise ValueError("an announcement is not what was signed")
        keys = keys_after(keys, header, NODE.validate(entry["body"], node), signer)
    return keys


def fingerprint(node: str) -> str:
    """Return the id of *node* in groups that two people can compare by voice: it is bound to the node's first key."""
    return " ".join(node[start : start + 4] for start in range(0, len(node), 4))
