# SPDX-License-Identifier: Apache-2.0
"""When a report was published, and whether the page says so."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ortaq.language.keys import word_key
from ortaq.press.dates import TIME, FoundDate, find_dates, weekdays
from ortaq.press.furniture import Sort, label_before
from ortaq.press.page import Page
from ortaq.press.pieces import Part, Piece

STATED, INFERRED, UNKNOWN = "stated", "inferred", "unknown"


@dataclass(frozen=True, slots=True)
class Published:
    """certainty: stated (the page says it), inferred (from an address or an unsure date), unknown (on is None)."""

    on: datetime.date | None
    certainty: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    day: datetime.date
    points: int


_TOKEN = re.compile(r"[^\W\d_]+")
_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/](\d{1,2})[-_/](\d{1,2})(?!\d)")
# An agency's dateline: place, date, agency, then a sign before the first sentence.
_DATELINE = re.compile(r".{0,120}?(?:\s[–—-]{1,2}\s|\.\s|/[^/]{2,30}/|:\s)", re.S)
_PIECES_AFTER = 4

# Points: a label decides, a clock time and a place below the headline speak for the report, a bare weekday above
# the headline is the page's own calendar.
_LABELLED, _UPDATED, _TIMED, _BELOW_TITLE, _PLAIN, _CALENDAR, _UNSURE = 8, 2, 2, 2, 2, -2, -4
_STATED_FROM = 1


def published(text: str, page: Page, *, name: str = "", meta: str | None = None) -> Published:
    """Return the date of publication that the page states, else what its address or file name lets infer.

    meta: the date in the machine-readable head of an HTML page. Dates inside the report are never taken for it.
    """
    if meta and (found := find_dates(meta)):
        return Published(found[0].day, STATED)
    candidates = [*_around_body(text, page), *_dateline(text, page)]
    if candidates:
        best = max(candidates, key=lambda candidate: candidate.points)
        if best.points > _CALENDAR + _UNSURE:
            return Published(best.day, STATED if best.points >= _STATED_FROM else INFERRED)
    return _by_address(page, name)


def _around_body(text: str, page: Page) -> Iterator[_Candidate]:
    title_at = page.title.start if page.title else None
    for place, piece in enumerate(page.before):
        for date in _dates_of(text, piece):
            is_last = place == len(page.before) - 1
            yield from _candidate(text, piece, date, title_at, is_last=is_last)
    for piece in page.after[:_PIECES_AFTER]:
        if piece.furniture and piece.furniture.sort in (Sort.RELATED, Sort.STOP):
            break
        for date in _dates_of(text, piece):
            yield from _candidate(text, piece, date, None, is_last=True)


def _dates_of(text: str, piece: Piece) -> list[FoundDate]:
    """A date counts where its line is about it, or where a label stands before it."""
    found = [
        FoundDate(date.day, piece.unit.start + date.start, piece.unit.start + date.end, date.is_sure)
        for date in find_dates(piece.unit.text)
    ]
    is_byline = piece.furniture is not None and piece.furniture.sort in (Sort.BYLINE, Sort.SHARE)
    if piece.part is Part.DATE or is_byline:
        return found
    return [date for date in found if _label(text, date.start, "published")]


def _candidate(
    text: str, piece: Piece, date: FoundDate, title_at: int | None, *, is_last: bool
) -> Iterator[_Candidate]:
    if _label(text, date.start, "now"):
        return
    points = 0 if date.is_sure else _UNSURE
    if _label(text, date.start, "published"):
        points += _LABELLED
    elif _label(text, date.start, "updated"):
        points += _UPDATED
    elif title_at is not None and date.start < title_at and not is_last:
        points += _CALENDAR if _has_weekday(piece.unit.text) else _STATED_FROM
    else:
        points += _PLAIN + (_BELOW_TITLE if title_at is not None else 0)
    if TIME.search(piece.unit.text):
        points += _TIMED
    yield _Candidate(date.day, points)


def _label(text: str, start: int, sort: str) -> bool:
    return label_before(text[max(0, start - 60) : start], sort)


def _has_weekday(line: str) -> bool:
    return any(word_key(word) in weekdays() for word in _TOKEN.findall(line))


def _dateline(text: str, page: Page) -> Iterator[_Candidate]:
    """A full date inside "BAKU, 24 April 2024, Agency –" before the first sentence is the report's own."""
    if not page.body:
        return
    first = page.body[0]
    if not (opening := _DATELINE.match(first.text[:140])):
        return
    head = opening[0]
    named = [word for word in _TOKEN.findall(head) if not word[:1].isupper()]
    for date in find_dates(head):
        of_date = len(_TOKEN.findall(head[date.start : date.end]))
        if len(named) <= of_date and len(_TOKEN.findall(head)) - of_date <= 5:
            yield _Candidate(date.day, _PLAIN)


def _by_address(page: Page, name: str) -> Published:
    """An address such as /2024/04/24/ or a file name that begins with a date lets infer the day."""
    around = [
        piece.unit.text
        for piece in (*page.before, *page.after[-6:])
        if "/" in piece.unit.text and " " not in piece.unit.text
    ]
    for address in (*around, name.rpartition("/")[2]):
        if found := _IN_ADDRESS.search(address):
            try:
                return Published(datetime.date(int(found[1]), int(found[2]), int(found[3])), INFERRED)
            except ValueError:
                continue
    return Published(None, UNKNOWN)
