# SPDX-License-Identifier: Apache-2.0
"""Slows down whoever guesses passwords: after five failures for a login from one address, both wait.

The counts lie in Django's cache. With the default cache that is the memory of one process, so they are forgotten when the
node restarts and each worker process counts for itself; a node under attack from many addresses needs its proxy's limits.
"""

import hashlib

from django.core.cache import cache

from ortaq.people.errors import TooManyFailures

FAILURES = 5
WAIT_SECONDS = 300


def check_may_try(login: str, address: str) -> None:
    """Return if another attempt is allowed; raise TooManyFailures if not."""
    if cache.get(_key(login, address), 0) >= FAILURES:
        raise TooManyFailures(minutes=WAIT_SECONDS // 60)


def note_failure(login: str, address: str) -> None:
    key = _key(login, address)
    cache.add(key, 0, WAIT_SECONDS)
    cache.incr(key)
    cache.touch(key, WAIT_SECONDS)


def forget_failures(login: str, address: str) -> None:
    cache.delete(_key(login, address))


def _key(login: str, address: str) -> str:
    return "sign-in:" + hashlib.sha256(f"{login}\0{address}".encode("utf-8", "surrogatepass")).hexdigest()
