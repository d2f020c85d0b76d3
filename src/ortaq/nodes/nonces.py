# SPDX-License-Identifier: Apache-2.0
"""Which signed requests were here: an empty file each, made if it is not there in one step that no two processes can both do.

It outlives a restart. Django's cache would not do: `add` of its cache in files looks first and writes then.
"""

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Final

from django.conf import settings

_SPAN_SECONDS: Final = 600  # what ends within one span lies in one folder, and goes with it


class Nonces:
    """Implements signed.Seen; a request that cannot be remembered, as on a full disk, fails with an OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_first(self, key: str, nonce: str, until: int) -> bool:
        span = self._folder / str(until // _SPAN_SECONDS)
        if not span.is_dir():
            self._forget(time.time())
            span.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = hashlib.sha256(f"{key}\n{nonce}".encode()).hexdigest()
        try:
            os.close(os.open(span / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
        return True

    def _forget(self, now: float) -> None:
        """Remove what has ended for a whole span, so that a clock set back a little opens nothing."""
        for span in self._folder.glob("*"):
            if span.name.isdecimal() and (int(span.name) + 2) * _SPAN_SECONDS < now:
                shutil.rmtree(span, ignore_errors=True)


def nonces() -> Nonces:
    """Return those of this node."""
    return Nonces(Path(settings.HOME) / "cache" / "nonces")
