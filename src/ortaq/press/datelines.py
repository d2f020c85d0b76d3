# SPDX-License-Identifier: Apache-2.0
"""Lines of a page that only say when, and dates that are glued to the beginning of another line."""

import re
from functools import lru_cache

from ortaq.language.keys import phonemic_key, word_key
from ortaq.press.dates import TIME, ZONE, find_dates, is_small_word, month_of, weekdays
from ortaq.press.furniture import LABELS, phrases

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_SEPARATORS = re.compile(r"[\s|•·,:;()\[\]–—-]+")
_SENTENCE = re.compile(r"[.!?…][\"'”»]*\Z")
_NUMERIC_DATE = re.compile(r"\d{1,4}[-./]\d")
_LONGEST = 140
_MOST_OTHER_WORDS = 3


@lru_cache(maxsize=4096)
def is_date_line(line: str) -> bool:
    """Say whether *line* is a date or a time with at most a few words beside it: "24 April 2024 17:48 | Culture"."""
    if len(line) > _LONGEST or not any(letter.isdigit() for letter in line):
        return False
    left = ZONE.sub(" ", TIME.sub(" ", line))
    others = [word for word in _TOKEN.findall(left) if not _is_of_a_date(word)]
    if find_dates(line):
        few = len(others) <= _MOST_OTHER_WORDS and all(word[:1].isupper() for word in others)
        return not others or (few and not _SENTENCE.search(line))
    return not others and (TIME.search(line) is not None or _has_month(line))


def _has_month(line: str) -> bool:
    return any(not word.isdigit() and month_of(word_key(word)) for word in _TOKEN.findall(line))


def _is_of_a_date(word: str) -> bool:
    if word.isdigit():
        return True
    key = word_key(word)
    return bool(month_of(key)) or key in weekdays() or is_small_word(key) or key in _label_words()


@lru_cache(maxsize=1)
def _label_words() -> frozenset[str]:
    return frozenset(part for sort in LABELS for key in phrases()[sort] for part in key.split())


def date_prefix(line: str) -> int:
    """Return where the rest of *line* begins after a date put before it, 0 if there is no such date.

    A label, a clock time or a date in figures shows that it is no part of the sentence: "date 2024-04-24 ASTANA – …",
    while "24 апреля 2024 года в Баку …" begins a sentence.
    """
    dates = {date.start: date.end for date in find_dates(line[:200])}
    if not dates:
        return 0
    place = _after_label(line)
    is_apart, has_date = place > 0, False
    while True:
        if found := _SEPARATORS.match(line, place):
            place = found.end()
        if place in dates:
            has_date, is_apart = True, is_apart or _NUMERIC_DATE.match(line, place) is not None
            place = dates[place]
        elif found := (TIME.match(line, place) or ZONE.match(line, place)):
            is_apart, place = True, found.end()
        elif (found := _TOKEN.match(line, place)) and word_key(found[0]) in weekdays():
            place = found.end()
        else:
            break
    rest = line[place:]
    return place if has_date and is_apart and len(_TOKEN.findall(rest)) >= 3 else 0


def _after_label(line: str) -> int:
    found = re.match(r"[^\d:]{1,40}(?=[\d:])", line)
    if found and phonemic_key(found[0]) in {key for sort in LABELS for key in phrases()[sort]}:
        return found.end()
    return 0
