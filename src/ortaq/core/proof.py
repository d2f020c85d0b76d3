# SPDX-License-Identifier: Apache-2.0
"""W3C Data Integrity proofs, cryptosuite eddsa-jcs-2022 (https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022)."""

import functools
import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ortaq.core import base58
from ortaq.core.canonical import canonical
from ortaq.core.errors import BadKey, BadProof

_ED25519_PUB = b"\xed\x01"  # multicodec ed25519-pub
CRYPTOSUITE = "eddsa-jcs-2022"


class SigningKey:
    """An Ed25519 key pair that proves documents."""

    def __init__(self, seed: bytes) -> None:
        """seed: the 32 secret bytes."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public = public_multibase(public)
        self.method = verification_method(self.public)

    def prove(self, document: dict[str, Any], created: str) -> dict[str, str]:
        """Return the proof of *document*, which must not have one yet; created: RFC 3339 UTC instant."""
        return self.prove_digest(hashlib.sha256(canonical(document)).digest(), created)

    def prove_digest(self, document_digest: bytes, created: str) -> dict[str, str]:
        """As `prove`, for a document whose canonical SHA-256 is known already."""
        config = proof_config(created, self.method)
        signature = self.sign(_config_digest(created, self.method) + document_digest)
        return {**config, "proofValue": "z" + base58.encode(signature)}

    def sign(self, data: bytes) -> bytes:
        """Return the bare Ed25519 signature of *data*."""
        return self._private.sign(data)


def proof_config(created: str, method: str) -> dict[str, str]:
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }


@functools.lru_cache(maxsize=1024)
def _config_digest(created: str, method: str) -> bytes:
    return hashlib.sha256(canonical(proof_config(created, method))).digest()


def verify(document: dict[str, Any], proof: dict[str, Any], public: str) -> None:
    """Return if *proof* proves *document* by the key *public* (multibase); raise BadProof or BadKey if not.

    A `@context` of the document belongs to the proof's own configuration, as the specification says.
    """
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    if "@context" in document:
        config.setdefault("@context", document["@context"])
    if config.get("type") != "DataIntegrityProof" or config.get("cryptosuite") != CRYPTOSUITE:
        raise BadProof(reason=f"it is not a {CRYPTOSUITE} proof")
    if config.get("verificationMethod") != verification_method(public):
        raise BadProof(reason=f"it names the key {config.get('verificationMethod')}, expected {public}")
    verify_digests(
        hashlib.sha256(canonical(config)).digest(),
        hashlib.sha256(canonical(document)).digest(),
        str(proof.get("proofValue")),
        public,
    )


def verify_digests(config_digest: bytes, document_digest: bytes, value: str, public: str) -> None:
    """The last step of `verify`, for callers that have both SHA-256 digests; value: the proofValue."""
    try:
        signature = base58.decode(value.removeprefix("z"))
        _public_key(public).verify(signature, config_digest + document_digest)
    except (InvalidSignature, ValueError) as error:
        raise BadProof(reason="the signature was not made by this key over these bytes") from error


def verify_document_digest(document_digest: bytes, created: str, method: str, value: str, public: str) -> None:
    """Verify one of our own proofs from its parts, without rebuilding the proof's JSON."""
    if method != verification_method(public):
        raise BadProof(reason=f"it names the key {method}, expected {public}")
    verify_digests(_config_digest(created, method), document_digest, value, public)


def public_multibase(raw: bytes) -> str:
    return "z" + base58.encode(_ED25519_PUB + raw)


def verification_method(public: str) -> str:
    return f"did:key:{public}#{public}"


@functools.lru_cache(maxsize=256)
def _public_key(public: str) -> Ed25519PublicKey:
    try:
        data = base58.decode(public.removeprefix("z"))
        if not public.startswith("z") or data[:2] != _ED25519_PUB:
            raise ValueError("not an Ed25519 key")
        return Ed25519PublicKey.from_public_bytes(data[2:])
    except ValueError as error:
        raise BadKey(key=public) from error
