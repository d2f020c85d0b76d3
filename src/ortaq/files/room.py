# SPDX-License-Identifier: Apache-2.0
"""Room on the disk of the data folder: what may still be written, and which faults say that there is none."""

import errno
import re
import shutil
from typing import Final

from django.conf import settings
from django.db import DatabaseError

_FULL: Final = re.compile(
    r"disk is full|disk I/O error|No space left|could not extend file|disk full|quota", re.IGNORECASE
)


def free_bytes() -> int:
    """Return how many bytes may still be written before the floor that settings keep free."""
    return max(0, shutil.disk_usage(settings.HOME).free - settings.DISK_FLOOR_BYTES)


def is_full(error: BaseException) -> bool:
    """Tell whether *error*, of the system, of the database or of the index, means that a disk is full."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, (DatabaseError, OSError, ValueError)) and _FULL.search(str(error)) is not None
