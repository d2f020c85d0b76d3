# SPDX-License-Identifier: Apache-2.0
"""Where a text has the words that were asked, in the spelling in which it was written."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from ortaq.language.words import Word, words
from ortaq.search.schema import STEM
from ortaq.search.terms import skeleton, stem, word_terms
from ortaq.search.words import Asked, asked_words

_SHORTEST_FUZZY: Final = 4
_MOST_READ: Final = 50_000  # characters of one text in which a snippet is looked for
Segments = list[tuple[str, bool]]


def marked(text: str, question_text: str) -> Segments:
    """Return *text* in segments, True where a word of the question stands; joined they are *text*."""
    return _segments(text, 0, len(text), _found(text, question_text))


def snippet(texts: Iterable[str], question_text: str, length: int = 200) -> Segments:
    """Return the stretch of about *length* characters with the most words of the question, marked; empty if no text has any."""
    best: tuple[int, str, list[Word]] | None = None
    for whole in texts:
        text = whole[:_MOST_READ]
        found = _found(text, question_text)
        if found and (best is None or len(_densest(found, length)) > best[0]):
            stretch = _densest(found, length)
            best = (len(stretch), text, stretch)
    return _cut(best[1], best[2], question_text, length) if best else []


def _densest(found: list[Word], length: int) -> list[Word]:
    """Return the longest run of *found* that fits into *length* characters; the first of equals."""
    best: list[Word] = []
    first = 0
    for last, word in enumerate(found):
        while word.end - found[first].start > length and first < last:
            first += 1
        if last - first + 1 > len(best):
            best = found[first : last + 1]
    return best


def _cut(text: str, stretch: list[Word], question_text: str, length: int) -> Segments:
    around = max(0, length - (stretch[-1].end - stretch[0].start)) // 2
    start, end = max(0, stretch[0].start - around), min(len(text), stretch[-1].end + around)
    inner = [word for word in words(text) if word.start >= start and word.end <= end]
    start, end = (inner[0].start if start else 0), (inner[-1].end if end < len(text) else end)
    segments = _segments(
        text, start, end, [word for word in _found(text, question_text) if start <= word.start and word.end <= end]
    )
    return [*([("…", False)] if start else []), *segments, *([("…", False)] if end < len(text) else [])]


def _segments(text: str, start: int, end: int, found: Iterable[Word]) -> Segments:
    segments: Segments = []
    for word in found:
        if word.start > start:
            segments.append((text[start : word.start], False))
        segments.append((word.text, True))
        start = word.end
    if start < end:
        segments.append((text[start:end], False))
    return segments


def _found(text: str, question_text: str) -> list[Word]:
    asked = asked_words(question_text, None)
    return [word for word in words(text) if _is_one_of(word.text, asked)]


@lru_cache(maxsize=20_000)
def _is_one_of(written: str, asked: tuple[Asked, ...]) -> bool:
    terms = word_terms(written, None)
    return any(_is_same(term, word) for term in terms for word in asked)


def _is_same(term: str, word: Asked) -> bool:
    if term in word.keys or (len(term) >= STEM and stem(term) in word.stems):
        return True
    if (bones := skeleton(term)) and bones in word.skeletons:
        return True
    return any(len(key) >= _SHORTEST_FUZZY and OSA.distance(term, key, score_cutoff=1) <= 1 for key in word.keys)
