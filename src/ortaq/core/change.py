# SPDX-License-Identifier: Apache-2.0
"""A change: one signed version of one record. Its header carries the body's digest, so the chain stays whole where a body is withheld or erased."""

import hashlib
from dataclasses import dataclass
from typing import Any

from ortaq.core import digest as digests
from ortaq.core import proof as proofs
from ortaq.core.canonical import canonical


@dataclass(frozen=True, slots=True)
class Header:
    """The signed part of a change.

    seq      position in the log of `node`, from 1 on, without gaps
    prior    digest of the header before it in that log; None for the first
    digest   of the canonical body; None for a withdrawal
    erases   versions of the record whose bodies are gone for good
    """

    node: str
    seq: int
    prior: str | None
    record: str
    kind: str
    version: int
    at: str
    by: str
    audience: str
    digest: str | None
    erases: tuple[int, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the JSON document that is signed."""
        document: dict[str, Any] = {
            "node": self.node,
            "seq": self.seq,
            "prior": self.prior,
            "record": self.record,
            "kind": self.kind,
            "version": self.version,
            "at": self.at,
            "by": self.by,
            "audience": self.audience,
            "digest": self.digest,
        }
        if self.erases:
            document["erases"] = list(self.erases)
        return document

    def sha256(self) -> bytes:
        return hashlib.sha256(canonical(self.document())).digest()


def digest_of_header(header: Header) -> str:
    """Return what the next change of the log names as its `prior`."""
    return digests.multibase(header.sha256())


def wire(header: Header, method: str, signature: bytes) -> dict[str, Any]:
    """Return the header with its proof, as it travels and as it is backed up."""
    proof = {**proofs.proof_config(header.at, method), "proofValue": proofs.proof_value(signature)}
    return {**header.document(), "proof": proof}


def from_wire(document: dict[str, Any]) -> tuple[Header, str, bytes]:
    """Return (header, verification method, signature) of a document made by `wire`; KeyError if a part is missing."""
    names = ("node", "seq", "prior", "record", "kind", "version", "at", "by", "audience", "digest")
    header = Header(**{name: document[name] for name in names}, erases=tuple(document.get("erases", ())))
    return header, document["proof"]["verificationMethod"], proofs.signature_in(document["proof"]["proofValue"])
