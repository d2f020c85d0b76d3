# SPDX-License-Identifier: Apache-2.0
"""Time-spans of Linked Art as EDTF: from the first instant at which something can have begun to the last at which it can have ended."""

import datetime
import re

from ortaq.core.dates import years
from ortaq.core.errors import BadDate
from ortaq.doors.imports.leaves import Leaves, Node
from ortaq.doors.imports.tags import span_of

_INSTANT = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?\Z", re.ASCII)
_BEGIN, _END = "begin_of_the_begin", "end_of_the_end"


def span_in(leaves: Leaves, node: Node, path: str, *, has_field: bool = True) -> str | None:
    """Return the EDTF span of a TimeSpan; None if there is none that can be read, or no field for it. path: where it stands."""
    if not has_field:
        leaves.lose(node, "the record has no field for a date")
        return None
    begin, end = _moment(node.get(_BEGIN)), _moment(node.get(_END))
    found = _span(*begin, *end)
    if found is None:
        leaves.lose(node, "it is no date that can be read")
        return None
    for name in (_BEGIN, _END, "type"):
        leaves.value(node, name)
    _say_what_was_read(leaves, node, path, begin, end)
    label = leaves.text(node, "_label")
    if label != found and not _is_uncertain(label, found):
        leaves.forget(node, "_label")
    elif label:
        found = label
    for name in ("_label", "identified_by"):
        leaves.lose(node, "it came in as the dates beside it", name)
    return found


def _is_uncertain(label: str, span: str) -> bool:
    """Tell whether *label* is *span* as EDTF, and says that it is not certain."""
    try:
        return any(sign in label for sign in "~?%X") and years(label) == years(span)
    except BadDate:
        return False


def _say_what_was_read(leaves: Leaves, node: Node, path: str, begin: tuple[str, str], end: tuple[str, str]) -> None:
    if begin[1] not in ("", "00:00:00"):
        leaves.assume(f"{path}/{_BEGIN}", str(node[_BEGIN]), "a span has no time of day")
    if _is_next_day(begin, end):
        leaves.assume(f"{path}/{_END}", str(node[_END]), "midnight is read as the end of the day before")
    elif end[1] not in ("", "23:59:59"):
        leaves.assume(f"{path}/{_END}", str(node[_END]), "a span has no time of day")


def _moment(value: object) -> tuple[str, str]:
    """Return (day, time of day) of an instant."""
    match = _INSTANT.match(value.strip()) if isinstance(value, str) else None
    return (f"{match[1]}-{match[2]}-{match[3]}", match[4] or "") if match else ("", "")


def _is_next_day(begin: tuple[str, str], end: tuple[str, str]) -> bool:
    return end[1] == "00:00:00" and begin[0] != end[0]


def _span(first: str, _time: str, last: str, last_time: str) -> str | None:
    if _is_next_day((first, _time), (last, last_time)):
        last = _day_before(last)
    if first.endswith("-01-01") and last.endswith("-12-31"):
        first, last = first[:-6], last[:-6]
        return _valid(first if first == last else f"{first}/{last}")
    if first.endswith("-01") and first[:-2] == last[:-2] and _day_before(_next_month(first)) == last:
        return _valid(first[:-3])
    return span_of(first, last)


def _next_month(day: str) -> str:
    year, month, _ = day.rsplit("-", 2)
    return f"{year}-{int(month) + 1:02d}-01" if month != "12" else f"{int(year) + 1:04d}-01-01"


def _day_before(day: str) -> str:
    try:
        return str(datetime.date.fromisoformat(day) - datetime.timedelta(days=1))
    except (ValueError, OverflowError):  # before the year 1
        return day


def _valid(span: str) -> str | None:
    try:
        years(span)
    except BadDate:
        return None
    return span
