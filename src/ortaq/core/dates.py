# SPDX-License-Identifier: Apache-2.0
"""Spans of time as EDTF (ISO 8601-2), and the first and last day that they can mean."""

import datetime
import functools
import re

from edtf import EDTFParseException, parse_edtf
from edtf.parser.parser_classes import EDTFObject

from ortaq.core.errors import BadDate

# By far the most spans are made of years, decades, centuries and days. They need no grammar, whose parser takes milliseconds.
_YEARS = re.compile(r"(?:-?\d{4}|\d{3}X|\d\dXX)[~?%]?\Z", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?\Z", re.ASCII)


@functools.lru_cache(maxsize=8192)
def years(span: str) -> tuple[int | None, int | None]:
    """Return the first and last year of *span*; None where it is open or unknown. Raises BadDate.

    Years are astronomical: 0 is 1 BC.
    """
    start, end = _halves(span)
    first, last = _ends(start, span)[0], _ends(end, span)[1]
    if first is not None and last is not None and first > last:
        raise BadDate(value=span)
    return first, last


def _check_day(span: str, match: re.Match[str]) -> None:
    try:
        datetime.date(max(int(match[1]), 1), int(match[2]), int(match[3] or 1))
    except ValueError as error:
        raise BadDate(value=span) from error


def _halves(span: str) -> tuple[str, str]:
    if span in ("", "/", "../..", "..", "../", "/.."):
        raise BadDate(value=span)
    start, slash, end = span.partition("/")
    return start, end if slash else start


def _ends(half: str, span: str) -> tuple[int | None, int | None]:
    """Return the first and last year that one side of a span can mean."""
    if _YEARS.match(half):
        digits = half.rstrip("~?%")
        return int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    if match := _DAY.match(half):
        _check_day(span, match)
        return int(match[1]), int(match[1])
    if half in ("", ".."):
        return None, None
    return _ends_by_grammar(half, span)


def _ends_by_grammar(half: str, span: str) -> tuple[int, int]:
    try:
        moment: EDTFObject = parse_edtf(half)
    except (EDTFParseException, ValueError) as error:
        raise BadDate(value=span) from error
    return int(moment.lower_strict().tm_year), int(moment.upper_strict().tm_year)
