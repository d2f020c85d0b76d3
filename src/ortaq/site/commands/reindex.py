# SPDX-License-Identifier: Apache-2.0
"""`ortaq reindex`: the search index made anew from the records."""

import sys
import time

from ortaq.search.index import Follower


def reindex() -> int:
    """Build the index anew; searches go on in the old one until it is done. Returns the exit code."""
    start = time.monotonic()
    with Follower() as follower:
        count = follower.rebuild(_say)
        follower.catch_up()
    seconds = time.monotonic() - start
    print(f"{count} records indexed in {seconds:.1f} s", file=sys.stderr)
    return 0


def _say(count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{count} records", end="", file=sys.stderr, flush=True)
