# SPDX-License-Identifier: Apache-2.0
"""Whether everyone may read a file, asked once a second for each: a viewer that zooms asks for dozens of its parts in that time.

Only a yes is remembered. It tells nobody more than they could have had a moment ago, and than their browser has kept for an hour; a no, and
what somebody in particular may read, is asked for every part.
"""

import threading
import time
from collections import OrderedDict
from typing import Final

from django.conf import settings

from ortaq.core.audience import STRANGER
from ortaq.records.queries import may_read_file

SECONDS: Final = 1.0
_MOST: Final = 1_024
_until: Final[OrderedDict[tuple[str, str], float]] = OrderedDict()  # (data folder, digest) → when to ask again
_lock: Final = threading.Lock()


def everyone_may_read(digest: str) -> bool:
    """Tell whether somebody who is not known may read the file, as of a second ago at most."""
    key, now = (str(settings.HOME), digest), time.monotonic()
    with _lock:
        if _until.get(key, 0.0) > now:
            return True
    if not may_read_file(digest, STRANGER):
        return False
    with _lock:
        _until[key] = now + SECONDS
        _until.move_to_end(key)
        while len(_until) > _MOST:
            _until.popitem(last=False)
    return True
