# SPDX-License-Identifier: Apache-2.0
"""Requests between nodes, signed by HTTP Message Signatures (RFC 9421) with the Ed25519 key of the node that asks.

A signature covers method, authority, path, query and the digest of the body (RFC 9530), also of an empty one; it names its key,
its time and a nonce, and holds for a minute, once.
"""

import datetime
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ED25519

from ortaq.core.errors import N_, BadKey, OrtaqError
from ortaq.core.proof import SigningKey, public_key, verification_method
from ortaq.nodes.outward.address import address_of

TAG: Final = "ortaq"
LABEL: Final = "ortaq"
COVERED: Final = ("@method", "@authority", "@path", "@query", "content-digest")
SECONDS: Final = 60  # how long a signature holds, and how far two clocks may differ
_LONGEST_NONCE: Final = 128


class SignatureMissing(OrtaqError):
    code, status = "signature.missing", 401
    say = N_("The request is not signed. Send it again with the headers Signature-Input, Signature and Content-Digest.")


class SignatureAmbiguous(OrtaqError):
    code, status = "signature.ambiguous", 401
    say = N_("The request has %(count)s signatures. Send it again with one.")


class SignatureMalformed(OrtaqError):
    code, status = "signature.malformed", 401
    say = N_("The signature of the request cannot be read: %(reason)s. Sign it as RFC 9421 says, then send it again.")


class SignatureIncomplete(OrtaqError):
    code, status = "signature.incomplete", 401
    say = N_("The signature does not cover or name: %(missing)s. Sign these too, then send it again.")


class SignatureForeign(OrtaqError):
    code, status = "signature.foreign", 401
    say = N_(
        "The signature is for '%(given)s'; requests between nodes are signed for '%(expected)s'. Sign it for that."
    )


class KeyUnknown(OrtaqError):
    code, status = "signature.key-unknown", 401
    say = N_(
        "The request is signed by the key %(key)s, which is no valid key of a partner. Ask to become a partner first."
    )


class SignatureMismatch(OrtaqError):
    code, status = "signature.mismatch", 401
    say = N_(
        "The signature by %(key)s does not fit the request: something on the way changed it. Sign and send it again."
    )


class BodyChanged(OrtaqError):
    code, status = "signature.body-changed", 401
    say = N_("The body is not the one that %(key)s signed: something on the way changed it. Sign and send it again.")


class ClockDiffers(OrtaqError):
    """now: the time here; created: the time there when the request was signed; both as RFC 3339 UTC instants."""

    code, status = "signature.clock", 401
    say = N_(
        "The request was signed at %(created)s; here it is %(now)s. Set the clock, or sign it again by the time here."
    )


class SignatureExpired(OrtaqError):
    code, status = "signature.expired", 401
    say = N_("The signature held until %(expires)s; it is %(now)s. Sign the request again.")


class SignatureReplayed(OrtaqError):
    code, status = "signature.replayed", 401
    say = N_("This signed request by %(key)s was here already. Sign it again with a new nonce.")


class Seen(Protocol):
    """Which signed requests were here; shared by all processes of the node."""

    def is_first(self, key: str, nonce: str, until: int) -> bool:
        """Return whether *nonce* of *key* was not here before, and remember it until the Unix time *until*."""


@dataclass
class _Message:
    """What the library wants to see of a request."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class _Claim:
    """What a signature says of itself, before anything of it is believed."""

    public: str
    created: int
    expires: int
    nonce: str


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Judged below, by the clock that the caller gives, once the signature itself holds."""


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return self._key


def sign(method: str, url: str, body: bytes, key: SigningKey, *, created: int | None = None) -> dict[str, str]:
    """Return the headers Content-Digest, Signature-Input and Signature for a request; created: Unix time, default now.

    raises AddressMalformed
    """
    created = int(time.time()) if created is None else created
    message = _Message(method, address_of(url).url, {})
    signer = HTTPMessageSigner(signature_algorithm=ED25519)
    prepared = signer.prepare(
        message,
        key_id=key.method,
        created=_instant(created),
        expires=_instant(created + SECONDS),
        nonce=secrets.token_urlsafe(18),
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED[:-1],  # the library adds the digest that it makes of the body
        body=body,
    )
    signer.apply(message, prepared, key.sign(prepared.signature_base))
    return message.headers


def verify(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    may_sign: Callable[[str], bool],
    seen: Seen,
    now: float | None = None,
    window_seconds: int = SECONDS,
) -> str:
    """Return the public key (multibase) by which the request is signed, once.

    url        as the world sees this node: ORTAQ_ADDRESS with path and query, never what the header Host says
    may_sign   whether a public key is one that may ask, and is not revoked
    raises     SignatureMissing, SignatureAmbiguous, SignatureMalformed, SignatureIncomplete, SignatureForeign, KeyUnknown,
               SignatureMismatch, BodyChanged, ClockDiffers, SignatureExpired, SignatureReplayed, AddressMalformed
    """
    claim = _claim(headers)
    _check_bytes(_Message(method, address_of(url).url, dict(headers)), body, claim.public)
    if not may_sign(claim.public):  # asked only now: who does not hold a key does not learn whose it is
        raise KeyUnknown(key=claim.public)
    _check_time(claim, time.time() if now is None else now, window_seconds)
    if not seen.is_first(claim.public, claim.nonce, claim.created + window_seconds):
        raise SignatureReplayed(key=claim.public)
    return claim.public


def _claim(headers: Mapping[str, str]) -> _Claim:
    """What the one signature in *headers* says of itself, if it says all that is wanted."""
    inputs, signatures = _dictionary(headers, "signature-input"), _dictionary(headers, "signature")
    if len(inputs) != 1 or len(signatures) != 1:
        raise SignatureAmbiguous(count=max(len(inputs), len(signatures)))
    covered, parameters = next(iter(inputs.values()))
    if not isinstance(covered, list) or inputs.keys() != signatures.keys():
        raise SignatureMalformed(reason="Signature-Input and Signature do not belong together")
    missing = [name for name in COVERED if (name, {}) not in covered]
    wanted = {"created": int, "expires": int, "keyid": str, "nonce": str, "tag": str}
    missing += [name for name, kind in wanted.items() if type(parameters.get(name)) is not kind]
    if missing:
        raise SignatureIncomplete(missing=", ".join(missing))
    if parameters["tag"] != TAG:
        raise SignatureForeign(given=parameters["tag"][:40], expected=TAG)
    if parameters.get("alg", "ed25519") != "ed25519":
        raise SignatureForeign(given=str(parameters["alg"])[:40], expected="ed25519")
    if not 0 < len(parameters["nonce"]) <= _LONGEST_NONCE:
        raise SignatureMalformed(reason="its nonce is empty or too long")
    return _Claim(_public_in(parameters["keyid"]), parameters["created"], parameters["expires"], parameters["nonce"])


def _dictionary(headers: Mapping[str, str], wanted: str) -> dict[str, Any]:
    """The structured field *wanted*; the lines of a field that came twice count together, as RFC 9110 says."""
    lines = [value for name, value in headers.items() if name.lower() == wanted]  # ascii: header names
    if not lines:
        raise SignatureMissing

    def reject(label: str, context: str) -> None:
        raise SignatureMalformed(reason=f"'{label[:40]}' stands there twice")

    try:
        found: Any = http_sf.parse(", ".join(lines).encode(), tltype="dictionary", on_duplicate_key=reject)
    except (ValueError, TypeError) as error:
        raise SignatureMalformed(reason=f"{wanted} is not a dictionary of RFC 9651") from error
    if not found:
        raise SignatureMissing
    return dict(found)


def _public_in(keyid: str) -> str:
    public = keyid.partition("#")[2]
    if keyid != verification_method(public) or len(keyid) > 200:
        raise SignatureMalformed(reason="its keyid is not a did:key with its own fragment")
    return public


def _check_bytes(message: _Message, body: bytes, public: str) -> None:
    """That the key signed this request, and this body: the library looks at the body only when it is told to."""
    try:
        verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_OneKey(public_key(public)))
        results = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=COVERED)
    except (HTTPMessageSignaturesException, BadKey, UnicodeError) as error:
        raise SignatureMismatch(key=public) from error
    try:
        (result,) = verifier.verify_body(message, results, body)
    except HTTPMessageSignaturesException as error:
        raise BodyChanged(key=public) from error
    if result.body != body:
        raise BodyChanged(key=public)


def _check_time(claim: _Claim, now: float, window: int) -> None:
    if abs(now - claim.created) > window:
        raise ClockDiffers(created=_text(claim.created), now=_text(now))
    if claim.expires < now:
        raise SignatureExpired(expires=_text(claim.expires), now=_text(now))


def _instant(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)


def _text(seconds: float) -> str:
    try:
        return _instant(int(seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return str(seconds)
