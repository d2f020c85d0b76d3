# SPDX-License-Identifier: Apache-2.0
"""W3C Data Integrity proofs, cryptosuite eddsa-jcs-2022 (https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022)."""

import base64
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
        signature = self.sign_digest(hashlib.sha256(canonical(document)).digest(), created)
        return {**proof_config(created, self.method), "proofValue": proof_value(signature)}

    def sign_digest(self, document_digest: bytes, created: str) -> bytes:
        """Return the signature in the proof of a document whose canonical SHA-256 is known already."""
        return self.sign(config_digest(created, self.method) + document_digest)

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
def config_digest(created: str, method: str) -> bytes:
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
    signature = signature_in(str(proof.get("proofValue")))
    _verify(hashlib.sha256(canonical(config)).digest(), hashlib.sha256(canonical(document)).digest(), signature, public)


def verify_digest(document_digest: bytes, created: str, signature: bytes, public: str) -> None:
    """As `verify`, for a proof that `sign_digest` made, without building its JSON again."""
    _verify(config_digest(created, verification_method(public)), document_digest, signature, public)


def signed_bytes(document_digest: bytes, created: str, public: str) -> bytes:
    """Return what is under the signature of a proof that `sign_digest` made."""
    return config_digest(created, verification_method(public)) + document_digest


def _verify(config_digest: bytes, document_digest: bytes, signature: bytes, public: str) -> None:
    try:
        public_key(public).verify(signature, config_digest + document_digest)
    except InvalidSignature as error:
        raise BadProof(reason="the signature was not made by this key over these bytes") from error


def proof_value(signature: bytes) -> str:
    """Return the signature as the cryptosuite writes it: multibase base58btc."""
    return "z" + base58.encode(signature)


def signature_in(value: str) -> bytes:
    """Return the signature in a proofValue; raises BadProof."""
    try:
        return base58.decode(value.removeprefix("z"))
    except ValueError as error:
        raise BadProof(reason=f"its value {value!r} is not base58") from error


def kept(signature: bytes) -> str:
    """Return the signature as it is kept in the log: multibase base64url, a tenth of the time of base58."""
    return "u" + base64.urlsafe_b64encode(signature).rstrip(b"=").decode("ascii")


def unkept(text: str) -> bytes:
    """Return the signature behind `kept`; raises BadProof."""
    try:
        padded = text.removeprefix("u") + "=" * (-len(text.removeprefix("u")) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadProof(reason=f"its value {text!r} is not base64url") from error


def public_multibase(raw: bytes) -> str:
    return "z" + base58.encode(_ED25519_PUB + raw)


def verification_method(public: str) -> str:
    return f"did:key:{public}#{public}"


@functools.lru_cache(maxsize=256)
def public_key(public: str) -> Ed25519PublicKey:
    """Return the key behind its multibase text; raises BadKey."""
    try:
        data = base58.decode(public.removeprefix("z"))
        if not public.startswith("z") or data[:2] != _ED25519_PUB:
            raise ValueError("not an Ed25519 key")
        return Ed25519PublicKey.from_public_bytes(data[2:])
    except ValueError as error:
        raise BadKey(key=public) from error
