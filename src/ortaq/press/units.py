# SPDX-License-Identifier: Apache-2.0
"""The pieces that a text dump of a page is made of: paragraphs, headlines, buttons; wrapped lines joined again."""

import itertools
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
    paragraphs: list[list[Unit]] = []
    for line in found:
        last = paragraphs[-1] if paragraphs else None
        is_wrap = last is not None and not line.has_gap and _goes_on(last, line.text, width)
        if last and is_wrap and not stands_alone(line) and not stands_alone(last[-1]):
            last.append(line)
        else:
            paragraphs.append([line])
    return [_as_one(text, paragraph) for paragraph in paragraphs]


def _as_one(text: str, paragraph: list[Unit]) -> Unit:
    first, last = paragraph[0], paragraph[-1]
    return Unit(text[first.start : last.end], first.start, last.end, first.has_gap)


def _goes_on(paragraph: list[Unit], following: str, width: int) -> bool:
    """Say whether the line break before *following* is only a wrap."""
    line = paragraph[-1].text
    if _SENTENCE_END.search(line) and not (width and _LOWER_START.match(following)):
        return False
    if _LOWER_START.match(following) and len(line) > 15:
        return True
    if not width or len(line) > width * 1.2:
        return False
    if len(paragraph) > 1:  # inside a paragraph; a link may have been on a line of its own
        return True
    first_word = following.split(maxsplit=1)[0]
    return bool(_OPEN_END.search(line)) or len(line) + 1 + len(first_word) > width


def _width(found: list[Unit]) -> int:
    """Return the width that lines are wrapped at, 0 if they are not: most wraps come before a small letter."""
    wrapped = sorted(
        len(line.text)
        for line, following in itertools.pairwise(found)
        if not following.has_gap and not _SENTENCE_END.search(line.text) and _LOWER_START.match(following.text)
    )
    if len(wrapped) < 3 or len(wrapped) * 5 < len(found):
        return 0
    return wrapped[int(len(wrapped) * 0.9)]
