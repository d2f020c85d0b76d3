# SPDX-License-Identifier: Apache-2.0
"""`ortaq key …`: the key with which this node signs changes hands; a spare one is kept where no thief of the machine finds it."""

import sys
from pathlib import Path

from ortaq.core.errors import N_, OrtaqError
from ortaq.core.proof import SigningKey
from ortaq.nodes import keeping
from ortaq.nodes.identity import own_id
from ortaq.records.announcing import make_recovery_key, rotate_key


class NotARecoveryKey(OrtaqError):
    code, status = "key.unreadable", 422
    say = N_(
        "%(file)s has no recovery key in it: 64 letters and digits are expected, as 'ortaq key recovery' printed them."
    )


def rotate(*, revoke: bool, recovery: Path | None) -> int:
    """Let a new key sign from now on; with the recovery key where the old one is lost."""
    public = rotate_key(revoke=revoke, signed_by=_read(recovery) if recovery else None)
    print(public)
    print("Partners learn of it with the next exchange. Make a new backup: it needs the new key.", file=sys.stderr)
    return 0


def recovery() -> int:
    """Print the secret of a recovery key, once."""
    print(make_recovery_key().hex())
    print("Write it down, keep it off this machine: it is shown only now, and kept nowhere here.", file=sys.stderr)
    return 0


def list_keys() -> int:
    for key in keeping.keys_of(own_id()):
        span = f"{key.first_seq} to {key.last_seq}" if key.last_seq is not None else f"from {key.first_seq} on"
        print("  ".join([key.public, key.use, span, *(["revoked"] if key.is_revoked else [])]))
    return 0


def _read(file: Path) -> SigningKey:
    try:
        seed = bytes.fromhex(file.read_text("ascii").strip())
        if len(seed) != 32:
            raise ValueError("not 32 bytes")
        return SigningKey(seed)
    except (OSError, ValueError) as error:
        raise NotARecoveryKey(file=file) from error
