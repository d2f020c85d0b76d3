# SPDX-License-Identifier: Apache-2.0
"""Canonical JSON (RFC 8785): equal values have equal bytes, so they have equal digests."""

import re
from typing import Any

import orjson
import rfc8785

from ortaq.core.errors import NotCanonical

# orjson sorts keys by code point and prints the shortest form of a number; RFC 8785 differs only for numbers that are integral floats,
# have an exponent or exceed 2^53, and for keys outside the basic plane (UTF-8 lead bytes f0 to f4). Where the fast bytes might
# contain one, the slow path decides. Three patterns with a literal beginning are found several times faster than one with a choice.
_NUMBER = rb"-?(?:\d{16,}|\d+\.0[,}\]]|\d+(?:\.\d+)?[eE]|0\.000000\d|\d+\.\d{17,})"
_MEMBER, _FIRST, _NEXT = (re.compile(before + _NUMBER) for before in (rb":", rb"\[", rb","))
_LEADS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_BARE_NUMBER = (int, float)


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of *value*, UTF-8.

    raises NotCanonical for NaN, infinities, whole numbers beyond 2^53, lone surrogates and keys that are not text
    """
    if isinstance(value, _BARE_NUMBER):
        return _slow(value)
    try:
        fast = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, TypeError):
        return _slow(value)
    return _slow(value) if _may_differ(fast) else fast


def _may_differ(data: bytes) -> bool:
    if _MEMBER.search(data) or _FIRST.search(data) or _NEXT.search(data):
        return True
    return not data.isascii() and any(lead in data for lead in _LEADS)


def _slow(value: Any) -> bytes:
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, ValueError, TypeError, RecursionError) as error:
        raise NotCanonical(value=_shorten(value), reason=str(error)) from error


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
