# SPDX-License-Identifier: Apache-2.0
"""Spans of time as people write them, in EDTF: 1417–1420, about 1420, XV century, 15th century, 1420s."""

import re

from ortaq.core import dates
from ortaq.core.errors import BadDate

_ABOUT = re.compile(
    r"(?:c|ca|circa|about|around|təxminən|təqribən|шамамен|около|ок|приблизительно|yaklaşık|taxminan|takmynan|болжол менен)\.?\s+",
    re.IGNORECASE,
)
_CENTURY_WORDS = r"(?:century|centuries|c|əsr(?:lər|in)?|ғасыр(?:лар)?|ғ|ғғ|век(?:а|ов)?|в|вв|кылым(?:дар)?|asr(?:lar)?|yüzyıl(?:lar)?|yy|asyr(?:lar)?)\.?"
_CENTURY = re.compile(
    rf"([ivxхІ]+|\d{{1,2}})(?:-?(?:st|nd|rd|th|ci|cı|cu|cü|й|ші|шы|чи|nji))?\.?\s*{_CENTURY_WORDS}", re.IGNORECASE
)
_CENTURIES = re.compile(
    rf"([ivxхІ]+|\d{{1,2}})\s*[-–—]\s*([ivxхІ]+|\d{{1,2}})(?:st|nd|rd|th)?\.?\s*{_CENTURY_WORDS}", re.IGNORECASE
)
_DECADE = re.compile(
    r"(\d{3})0(?:s|-ci illər|-cı illər|-cu illər|-cü illər|-е(?: годы)?|-жылдар|-жж)\.?", re.IGNORECASE
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")
_ROMAN = {"I": 1, "V": 5, "X": 10}
_LETTERS = str.maketrans("ivxхІХ", "IVXXIX")


def in_edtf(text: str) -> str:
    """Return *text* as EDTF if it is plain what is meant; otherwise as it is."""
    text = text.strip()
    if is_edtf(text):
        return text
    found = _read(" ".join(text.split()))
    return found if found and is_edtf(found) else text


def is_edtf(text: str) -> bool:
    try:
        dates.years(text)
    except BadDate:
        return False
    return True


def _read(text: str) -> str | None:
    if about := _ABOUT.match(text):
        rest = _read(text[about.end() :])
        return f"{rest}~" if rest and "/" not in rest and rest[-1] not in "~?%" else None
    if centuries := _CENTURIES.fullmatch(text):
        first, last = _century(centuries[1]), _century(centuries[2])
        return f"{first}/{last}" if first and last else None
    if century := _CENTURY.fullmatch(text):
        return _century(century[1])
    if decade := _DECADE.fullmatch(text):
        return f"{decade[1]}X"
    halves = re.split(r"\s*[–—]\s*|\s+-\s+|(?<=\d{4})-(?=\d{4}\Z)", text)
    if len(halves) == 2 and all(halves):
        first, last = (_moment(half) for half in halves)
        return f"{first}/{last}" if first and last else None
    return _moment(text)


def _moment(text: str) -> str | None:
    if dotted := _DOTTED.match(text):
        return f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}"
    if re.fullmatch(r"\d{3}", text, re.ASCII):
        return f"0{text}"
    return text if is_edtf(text) else None


def _century(text: str) -> str | None:
    """15 and XV are 14XX."""
    number = int(text) if text.isdecimal() else _roman(text.translate(_LETTERS))
    return f"{number - 1:02}XX" if 1 <= number <= 21 else None


def _roman(text: str) -> int:
    total = 0
    for letter, following in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN.get(letter, 0)
        total += -value if value < _ROMAN.get(following, 0) else value
    return total
