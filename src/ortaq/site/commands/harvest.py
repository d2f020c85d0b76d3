# SPDX-License-Identifier: Apache-2.0
"""`ortaq harvest URL`: records of a repository in, by OAI-PMH."""

import sys

from ortaq.doors.imports.harvest.protocol import Repository
from ortaq.doors.imports.harvest.running import Told, Wishes, harvest
from ortaq.nodes.outward.client import client

_SHOWN = 20  # refused records; the rest is counted


def harvest_repository(url: str, wishes: Wishes) -> int:
    """Harvest and say what became of it; return the exit code: 0 all came in, 1 something was refused."""
    with client() as ask:
        told = harvest(Repository(url, ask), wishes, _progress)
    for identifier, error in told.refused[:_SHOWN]:
        sys.stderr.write(f"{identifier}: {error.code}: {error}\n")
    if len(told.refused) > _SHOWN:
        sys.stderr.write(f"{len(told.refused) - _SHOWN} more were refused\n")
    counts = ", ".join(f"{count} {status}" for status, count in told.counts.items())
    ended = "" if told.is_whole else "; there is more: call it again to go on"
    sys.stdout.write(f"{url}: {told.taken} records: {counts}{ended}\n")
    return 1 if told.refused else 0


def _progress(told: Told) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{told.taken} records")
        sys.stderr.flush()
