# SPDX-License-Identifier: Apache-2.0
"""An authenticator app."""

import base64
import hashlib
import hmac
import struct


def totp(secret: str, at: float) -> str:
    """RFC 6238, as an authenticator app computes it."""
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // 30), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"
