# SPDX-License-Identifier: Apache-2.0
"""Dates as people write them in eight languages, found in running text."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ortaq.language.keys import word_key
from ortaq.press.tables import table


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A full date at text[start:end]; is_sure: False where day and month could be the other way round."""

    day: datetime.date
    start: int
    end: int
    is_sure: bool = True


class _Token(NamedTuple):
    text: str
    key: str
    start: int
    end: int


TIME = re.compile(
    r"(?<![\d:.])T?(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?![\d.])\s?(?:[ap]\.?m\b\.?)?", re.I
)
ZONE = re.compile(r"\(?\b(?:UTC|GMT)\s?(?:[+−-]\d{1,2}(?::?\d\d)?)?\)?|(?<=\d)(?:Z\b|[+−]\d\d:?\d\d)", re.I)
_YEAR_FIRST = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)([-./])(\d{1,2})\2(\d{1,2})(?![\d/]|[-.]\d)")
_DAY_FIRST = re.compile(r"(?<![\d/.-])(\d{1,2})([-./])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/]|[-.]\d)")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_GAP = re.compile(r"[ \t\u00a0\u202f'’ʼ]*[.,]?[ \t\u00a0\u202f]*[-–‑]?[ \t\u00a0\u202f]*\Z")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def find_dates(text: str) -> list[FoundDate]:
    """Return the full dates (day, month and year) in *text* in order; what overlaps an earlier one is left out."""
    found = sorted([*_numeric(text), *_in_words(text)], key=lambda date: (date.start, -date.end))
    kept: list[FoundDate] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def _numeric(text: str) -> Iterator[FoundDate]:
    for match in _YEAR_FIRST.finditer(text):
        if day := _day(int(match[1]), int(match[3]), int(match[4])):
            yield FoundDate(day, match.start(), match.end())
    for match in _DAY_FIRST.finditer(text):
        year = int(match[4]) if len(match[4]) == 4 else 2000 + int(match[4])
        first, second = int(match[1]), int(match[3])
        # An American page writes 04/24/2024; 04/05/2024 could be either, so it is not stated.
        is_sure = match[2] != "/" or first > 12 or first == second
        if day := _day(year, second, first) or (_day(year, first, second) if match[2] == "/" else None):
            yield FoundDate(day, match.start(), match.end(), is_sure or second > 12)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _in_words(text: str) -> Iterator[FoundDate]:
    tokens = [_Token(match[0], _key(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    for place, token in enumerate(tokens):
        month = 0 if token.text.isdigit() else month_of(token.key)
        if not month and place + 1 < len(tokens) and not token.text.isdigit():
            month = month_of(f"{token.key} {tokens[place + 1].key}")
            last = place + 1
        else:
            last = place
        if month and (date := _around(text, tokens, place, last, month)):
            yield date


def _key(word: str) -> str:
    return word if word.isdigit() else word_key(word)


def _around(text: str, tokens: list[_Token], first: int, last: int, month: int) -> FoundDate | None:
    """Return the date whose month is tokens[first:last+1]: `24 aprel 2024`, `2024-yil 24-aprel`, `April 24, 2024`."""
    before, after = _numbers_beside(text, tokens, first, -1), _numbers_beside(text, tokens, last, +1)
    for numbers in (before[:1] + after[:1], before, after):
        if len(numbers) == 2 and (day := _day_and_year(numbers[0][1], numbers[1][1], month)):
            places = [first, last, numbers[0][0], numbers[1][0]]
            return FoundDate(day, tokens[min(places)].start, _end_with_year_word(text, tokens, max(places)))
    return None


def _numbers_beside(text: str, tokens: list[_Token], place: int, step: int) -> list[tuple[int, int]]:
    """Return up to two numbers beside the month, nearest first, over ordinal endings and words for year."""
    numbers: list[tuple[int, int]] = []
    while 0 <= place + step < len(tokens) and len(numbers) < 2:
        left, right = sorted((place, place + step))
        if not _GAP.match(text[tokens[left].end : tokens[right].start]):
            break
        place += step
        if tokens[place].text.isdigit():
            numbers.append((place, int(tokens[place].text)))
        elif tokens[place].key not in _small_words():
            break
    return numbers


def _day_and_year(one: int, other: int, month: int) -> datetime.date | None:
    day, year = sorted((one, other))
    return _day(year, month, day)


def _end_with_year_word(text: str, tokens: list[_Token], place: int) -> int:
    end = tokens[place].end
    for token in tokens[place + 1 : place + 3]:
        if token.key not in _small_words() or not _GAP.match(text[end : token.start]):
            break
        end = token.end
        if text[end : end + 1] == "." and len(token.text) == 1:
            end += 1
    return end


@lru_cache(maxsize=10_000)
def month_of(key: str) -> int:
    """Return 1 to 12 if *key* is a month's name in one of the languages, inflected or short; else 0."""
    whole, stems = _month_names()
    if key in whole:
        return whole[key]
    return next((month for stem, month in stems if key.startswith(stem) and len(key) <= len(stem) + 6), 0)


@lru_cache(maxsize=1)
def _month_names() -> tuple[dict[str, int], list[tuple[str, int]]]:
    whole: dict[str, int] = {}
    stems: list[tuple[str, int]] = []
    for row in table("months"):
        for number, names in enumerate(row["months"], 1):
            for name in names:
                key = " ".join(word_key(part) for part in name.rstrip("*").split())
                whole[key] = number
                if name.endswith("*"):
                    stems.append((key, number))
    return whole, sorted(stems, key=lambda stem: -len(stem[0]))


@lru_cache(maxsize=1)
def _small_words() -> frozenset[str]:
    """Words for year and endings of ordinals, which may stand inside a date: `2024-nji ýylyň 24-nji apreli`."""
    return frozenset(word_key(word) for row in table("months") for word in row["year"] + row["suffixes"])


def is_small_word(key: str) -> bool:
    return key in _small_words()


@lru_cache(maxsize=1)
def weekdays() -> frozenset[str]:
    """Return the keys of the words in the names of weekdays."""
    return frozenset(word_key(part) for row in table("months") for name in row["weekdays"] for part in name.split())
