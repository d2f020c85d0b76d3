# SPDX-License-Identifier: Apache-2.0
"""Two texts side by side by words: what went, what came. Plain Python; long texts are compared by paragraphs first."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ortaq.language.words import WORD_PATTERN

SAME, GONE, NEW = "same", "gone", "new"
_LONG = 3_000  # words and spaces between them, from which paragraphs are told apart first
_TOO_MANY = 20_000  # pieces in one changed stretch beyond which it is shown as changed whole


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: same, gone (only before) or new (only after)."""

    what: str
    text: str


def pieces_of(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return *before* with what went marked, and *after* with what came marked; joined, each is its text again."""
    return _merged(_compared(before, after))


def _compared(before: str, after: str) -> list[tuple[str, str, str]]:
    """(what, text before, text after) of stretches that are the same or differ."""
    old, new = tokens(before), tokens(after)
    if max(len(old), len(new)) <= _LONG:
        return _by(old, new)
    found: list[tuple[str, str, str]] = []
    for what, one, other in _by(_paragraphs(before), _paragraphs(after)):
        inner = [] if what == SAME else [tokens(one), tokens(other)]
        if inner and len(inner[0]) + len(inner[1]) <= _TOO_MANY:
            found += _by(inner[0], inner[1])
        else:
            found.append((what, one, other))
    return found


def tokens(text: str) -> list[str]:
    """Words as language/ knows them, and what stands between them, one piece for each sign."""
    found: list[str] = []
    place = 0
    for match in WORD_PATTERN.finditer(text):
        found += re.findall(r"\s+|\S", text[place : match.start()])
        found.append(match.group())
        place = match.end()
    return found + re.findall(r"\s+|\S", text[place:])


def _paragraphs(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n+|[^\n]+", text)


def _by(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str, str]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        (SAME if tag == "equal" else NEW, "".join(old[a:b]), "".join(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
    ]


def _merged(found: list[tuple[str, str, str]]) -> tuple[list[Piece], list[Piece]]:
    before: list[Piece] = []
    after: list[Piece] = []
    for what, old, new in found:
        _append(before, SAME if what == SAME else GONE, old)
        _append(after, SAME if what == SAME else NEW, new)
    return before, after


def _append(pieces: list[Piece], what: str, text: str) -> None:
    """A blank between two changed words belongs to the change: single words in a new sentence are hard to read."""
    if not text:
        return
    if len(pieces) > 1 and what != SAME and pieces[-1].what == SAME and pieces[-1].text.isspace():
        blank = pieces.pop().text
        pieces[-1] = Piece(what, pieces[-1].text + blank + text)
    elif pieces and pieces[-1].what == what:
        pieces[-1] = Piece(what, pieces[-1].text + text)
    else:
        pieces.append(Piece(what, text))
