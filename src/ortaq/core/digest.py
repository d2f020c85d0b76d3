# SPDX-License-Identifier: Apache-2.0
"""SHA-256 digests as multihash in multibase base64url, as W3C `digestMultibase` writes them: `uEi…`."""

import base64
import hashlib

_SHA2_256 = b"\x12\x20"  # multicodec: sha2-256, 32 bytes


def digest_of(data: bytes) -> str:
    return multibase(hashlib.sha256(data).digest())


def multibase(sha256: bytes) -> str:
    """Return the text form of 32 raw SHA-256 bytes."""
    return "u" + base64.urlsafe_b64encode(_SHA2_256 + sha256).rstrip(b"=").decode("ascii")


def raw(digest: str) -> bytes:
    """Return the 32 SHA-256 bytes behind *digest*; ValueError if it is not one of ours."""
    padded = digest[1:] + "=" * (-len(digest[1:]) % 4)
    data = base64.b64decode(padded, altchars=b"-_", validate=True)
    if not digest.startswith("u") or data[:2] != _SHA2_256 or len(data) != 34:
        raise ValueError(f"not a SHA-256 multihash: {digest!r}")
    return data[2:]
