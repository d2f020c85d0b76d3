# SPDX-License-Identifier: Apache-2.0
"""Slows down whoever guesses passwords: after five failures for a login from one address, both wait.

The counts lie in the cache that the worker processes of this machine share; a node under attack from many addresses needs
its proxy's limits.
"""

import hashlib

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from ortaq.people.errors import TooManyFailures

FAILURES = 5
WAIT_SECONDS = 300


def _counts() -> BaseCache:
    return caches["shared"]


def check_may_try(login: str, address: str) -> None:
    """Return if another attempt is allowed; raise TooManyFailures if not."""
    if _counts().get(_key(login, address), 0) >= FAILURES:
        raise TooManyFailures(minutes=WAIT_SECONDS // 60)


def note_failure(login: str, address: str) -> None:
    key = _key(login, address)
    _counts().add(key, 0, WAIT_SECONDS)
    _counts().incr(key)
    _counts().touch(key, WAIT_SECONDS)


def forget_failures(login: str, address: str) -> None:
    _counts().delete(_key(login, address))


def _key(login: str, address: str) -> str:
    return "sign-in:" + hashlib.sha256(f"{login}\0{address}".encode("utf-8", "surrogatepass")).hexdigest()
