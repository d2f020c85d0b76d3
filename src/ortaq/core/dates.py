# SPDX-License-Identifier: Apache-2.0
"""Spans of time as EDTF (ISO 8601-2), and the first and last day that they can mean."""

import datetime
import functools
import re

from edtf import EDTFParseException, parse_edtf
from edtf.parser.parser_classes import EDTFObject

from ortaq.core.errors import BadDate

# By far the most spans are a year, a month, a day or two years; they need no grammar.
_YEAR = re.compile(r"(-?\d{4})\Z")
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?\Z")


@functools.lru_cache(maxsize=8192)
def years(span: str) -> tuple[int | None, int | None]:
    """Return the first and last year of *span*; None where it is open or unknown. Raises BadDate.

    Years are astronomical: 0 is 1 BC.
    """
    if match := _YEAR.match(span):
        return int(match[1]), int(match[1])
    if match := _DAY.match(span):
        _check_day(span, match)
        return int(match[1]), int(match[1])
    first, last = (_edge(part, strict) for part, strict in _parts(span))
    if first is not None and last is not None and first > last:
        raise BadDate(value=span)
    return first, last


def _check_day(span: str, match: re.Match[str]) -> None:
    try:
        datetime.date(max(int(match[1]), 1), int(match[2]), int(match[3] or 1))
    except ValueError as error:
        raise BadDate(value=span) from error


def _parts(span: str) -> list[tuple[EDTFObject | str, str]]:
    if span in ("", "/", "../..", "..", "../", "/.."):
        raise BadDate(value=span)
    start, slash, end = span.partition("/")
    return [(_parse(start, span), "lower"), (_parse(end if slash else start, span), "upper")]


def _parse(text: str, span: str) -> EDTFObject | str:
    if text in ("", ".."):
        return ""
    try:
        return parse_edtf(text)  # type: ignore[no-any-return]
    except (EDTFParseException, ValueError) as error:
        raise BadDate(value=span) from error


def _edge(part: EDTFObject | str, which: str) -> int | None:
    if isinstance(part, str):
        return None
    moment = part.lower_strict() if which == "lower" else part.upper_strict()
    return int(moment.tm_year)
