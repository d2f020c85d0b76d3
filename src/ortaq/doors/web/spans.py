# SPDX-License-Identifier: Apache-2.0
"""Spans of time in the words of the reader's language: «XIV əsr», 1417–1420, about 1390. EDTF that has no words stays as it is."""

import datetime
import re

from babel import Locale
from babel.dates import format_date, format_skeleton
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_QUALIFIED = re.compile(r"([0-9X.-]+)([~?%]?)\Z")
_MASKED = re.compile(r"(-?)(\d{2})(\d)?(X{1,2})\Z")
_NUMERALS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
# Ordinal endings of Azerbaijani follow the last vowel of the numeral as it is spoken: iyirminci, otuzuncu, qırxıncı.
_ENDINGS_AZ = {1: "cu", 2: "ci", 3: "cu", 4: "cı", 5: "ci", 6: "cı", 7: "ci", 8: "ci", 9: "cı"}


def span_in_words(edtf: str, lang: str | None = None) -> str:
    """Return *edtf* as a reader of *lang* (the language of the page if not given) would write it."""
    lang = lang or get_language() or "en"
    start, slash, end = edtf.partition("/")
    if not slash:
        return _moment(start, lang)
    if start in ("", ".."):
        return f"…–{_moment(end, lang)}"
    if end in ("", ".."):
        return f"{_moment(start, lang)}–…"
    return _centuries(start, end, lang) or _days(start, end, lang) or _joined(_moment(start, lang), _moment(end, lang))


def century_in_words(century: int, lang: str | None = None) -> str:
    """Return the name of *century*: 15 is the fifteenth, -3 the third before our era."""
    lang = lang or get_language() or "en"
    words = _("%(ordinal)s century") % {"ordinal": _ordinal(abs(century), lang)}
    return _before_our_era(words) if century < 0 else words


def _moment(text: str, lang: str) -> str:
    match = _QUALIFIED.match(text)
    if not match:
        return text
    words = _certain(match[1], lang)
    if words is None:
        return text
    if match[2] in ("~", "%"):
        words = _("about %(span)s") % {"span": words}
    return f"{words} (?)" if match[2] in ("?", "%") else words


def _certain(text: str, lang: str) -> str | None:
    if masked := _MASKED.match(text):
        return _masked(masked, lang)
    if re.fullmatch(r"-?\d{4,}", text):
        year = int(text)
        return str(year) if year > 0 else _before_our_era(str(1 - year))
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return _day_or_month(text, lang)
    return None


def _masked(match: re.Match[str], lang: str) -> str | None:
    """14XX is a century, 142X a decade."""
    if len(match[4]) == 2 and not match[3]:
        return century_in_words(_century(match), lang)
    if len(match[4]) == 1 and match[3]:
        decade = int(match[2] + match[3]) * 10
        words = _("%(decade)ss") % {"decade": _decade(decade, lang)}
        return _before_our_era(words) if match[1] else words
    return None


def _century(match: re.Match[str]) -> int:
    century = int(match[2]) + 1
    return -century if match[1] else century


def _centuries(start: str, end: str, lang: str) -> str | None:
    first, last = _MASKED.match(start.rstrip("~?%")), _MASKED.match(end.rstrip("~?%"))
    if not (first and last and len(first[4]) == len(last[4]) == 2) or first[1] or last[1]:
        return None
    ordinals = {"first": _ordinal(_century(first), lang), "last": _ordinal(_century(last), lang)}
    words = _("%(first)s–%(last)s centuries") % ordinals
    is_about = bool({"~", "%"} & {start[-1], end[-1]})
    return _("about %(span)s") % {"span": words} if is_about else words


def _days(start: str, end: str, lang: str) -> str | None:
    """Two days of one month share its name: 2–5 December 2023."""
    if not (re.fullmatch(r"\d{4}-\d\d-\d\d", start) and re.fullmatch(r"\d{4}-\d\d-\d\d", end)) or start[:7] != end[:7]:
        return None
    whole = _day_or_month(end, lang)
    last = str(int(end[8:]))
    days = f"{int(start[8:])}–{last}"
    return re.sub(rf"(?<!\d){last}(?!\d)", days, whole, count=1) if whole else None


def _day_or_month(text: str, lang: str) -> str | None:
    year, month, *day = (int(part) for part in text.split("-"))
    try:
        date = datetime.date(year, month, day[0] if day else 1)
    except ValueError:
        return None
    if day:
        return format_date(date, "long", locale=date_locale(lang))
    return str(format_skeleton("yMMMM", date, locale=Locale.parse(date_locale(lang))))


def date_locale(lang: str) -> str:
    """Day before month in English too, as all of our other languages have it."""
    return "en_GB" if lang == "en" else lang


def _joined(first: str, last: str) -> str:
    # Parts of several words need air around the dash.
    return f"{first}–{last}" if first.isdigit() and last.isdigit() else f"{first} – {last}"


def _before_our_era(span: str) -> str:
    return _("%(span)s BC") % {"span": span}


def _ordinal(number: int, lang: str) -> str:
    """English counts centuries 15th, the other languages XV."""
    if lang.startswith("en"):
        ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    numeral = ""
    for value, letters in _NUMERALS:
        while number >= value:
            numeral, number = numeral + letters, number - value
    return numeral


def _decade(decade: int, lang: str) -> str:
    if lang != "az":
        return str(decade)
    ending = _ENDINGS_AZ.get(decade // 10 % 10) or ("ci" if decade % 1000 == 0 else "cü")
    return f"{decade}-{ending}"
