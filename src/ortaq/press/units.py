# SPDX-License-Identifier: Apache-2.0
"""The pieces that a text dump of a page is made of: paragraphs, headlines, buttons; wrapped lines joined again."""

import re
from collections.abc import Callable
from dataclasses import dataclass

# Beside white space: no-break and zero-width spaces, byte order marks and soft hyphens that pages leave behind.
_EDGE = " \t\u00a0\u200b\u200c\u200d\u2060\u202f\ufeff\u00ad"
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”»“’)\]]*\Z")
_OPEN_END = re.compile(r"[,(–—-]\Z")
_LOWER_START = re.compile(r"[a-zß-öø-ÿāăąćčďēęěğģīįıłńňőœřśşšţťūůűźżžəа-яёәғқңөұүһіўҳҹҝҷҗјőʻ]")


@dataclass(frozen=True, slots=True)
class Unit:
    """``text == source[start:end]``; has_gap: a blank line stands before it."""

    text: str
    start: int
    end: int
    has_gap: bool = False


def lines(text: str) -> list[Unit]:
    """Return the lines of *text* that are not blank, without the white space around them."""
    found: list[Unit] = []
    last = 0
    for match in _LINE.finditer(text):
        stripped = match[0].strip(_EDGE)
        if stripped:
            start = match.start() + match[0].index(stripped)
            breaks = text[last : match.start()].replace("\r\n", "\n")
            found.append(Unit(stripped, start, start + len(stripped), len(breaks) > 1))
            last = match.end()
    return found


def joined(text: str, found: list[Unit], stands_alone: Callable[[Unit], bool]) -> list[Unit]:
    """Return *found* with the lines of a hard-wrapped paragraph joined; stands_alone: lines that are never joined."""
    width = _width(found)
    units: list[Unit] = []
    for line in found:
        last = units[-1] if units else None
        if last and not line.has_gap and _goes_on(_last_line(last), line.text, width):
            if not stands_alone(line) and not stands_alone(last):
                units[-1] = Unit(text[last.start : line.end], last.start, line.end, last.has_gap)
                continue
        units.append(line)
    return units


def _last_line(unit: Unit) -> str:
    return re.split(r"[\n\r]+", unit.text)[-1].strip(_EDGE)


def _goes_on(line: str, following: str, width: int) -> bool:
    """Say whether the line break between the two is only a wrap."""
    if _SENTENCE_END.search(line) and not (width and _LOWER_START.match(following)):
        return False
    if _LOWER_START.match(following) and len(line) > 15:
        return True
    if not width or len(line) > width * 1.2:
        return False
    first_word = following.split(maxsplit=1)[0]
    return bool(_OPEN_END.search(line)) or len(line) + 1 + len(first_word) > width


def _width(found: list[Unit]) -> int:
    """Return the width that lines are wrapped at, 0 if they are not: most wraps come before a small letter."""
    wrapped = sorted(
        len(line.text)
        for line, following in zip(found, found[1:], strict=False)
        if not following.has_gap and not _SENTENCE_END.search(line.text) and _LOWER_START.match(following.text)
    )
    if len(wrapped) < 3 or len(wrapped) * 5 < len(found):
        return 0
    return wrapped[int(len(wrapped) * 0.9)]
