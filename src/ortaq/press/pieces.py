# SPDX-License-Identifier: Apache-2.0
"""The units of a page, each taken for what it looks like: prose, headline, teaser, date or furniture."""

import enum
import itertools
import re
from dataclasses import dataclass, replace

from ortaq.language.keys import phonemic_key
from ortaq.language.words import words
from ortaq.press.datelines import date_prefix, is_date_line
from ortaq.press.furniture import Furniture, Sort, furniture, glued_lists
from ortaq.press.sentences import sentences
from ortaq.press.units import Unit, joined, lines


class Part(enum.Enum):
    PROSE = enum.auto()
    HEADLINE = enum.auto()
    TEASER = enum.auto()
    DATE = enum.auto()
    FURNITURE = enum.auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit and what it was taken for."""

    unit: Unit
    part: Part
    furniture: Furniture | None = None


_TERMINAL = re.compile(r"[.!?][\"'”»“’)\]*]*(?:\[\d+\])?\Z|[.…][\"”»“]\Z")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*(?:\[?[»→]\]?)?\Z")
_CONTINUES = re.compile(r"[:;,][\"”»]?\Z")
SPEECH = re.compile(r"[\"“„«‟–—-]")
LIST_ITEM = re.compile(r"(?:[-–—•*▪◦]|\d{1,2}[.)])\s")

# Lengths in characters. A headline is rarely longer than 160, a teaser is cut at 80 to 200.
SURELY_PROSE = 220
_LONGEST_TEASER = 220
_LONGEST_HEADLINE = 250
_LONG_LINE = 100
_HEAD_OF_PAGE = 40  # pieces among which a headline is looked for


def pieces_of(text: str, title_hint: str | None = None) -> list[Piece]:
    """Return what the page whose dump is *text* is made of; title_hint: what the page itself calls its title."""
    pieces = _with_unfinished([_piece(unit) for unit in _units(text)])
    if not any(piece.part is Part.PROSE for piece in pieces):
        pieces = _without_full_stops(pieces)
    return _with_headline_before_date(_with_named_headline(pieces, title_hint))


def is_byline(piece: Piece) -> bool:
    return piece.furniture is not None and piece.furniture.sort is Sort.BYLINE


def opens_list(piece: Piece) -> bool:
    """Say whether the headlines of other reports stand below: "Read also:" alone on its line."""
    return piece.furniture is not None and piece.furniture.sort is Sort.RELATED and not piece.furniture.argument


def _units(text: str) -> list[Unit]:
    apart: list[Unit] = []
    for line in lines(text):
        apart += _split(line, is_early=len(apart) < 12)
    return joined(text, apart, lambda unit: furniture(unit.text) is not None or is_date_line(unit.text))


def _split(line: Unit, *, is_early: bool) -> list[Unit]:
    """Take apart what a dump has glued: a date and the text after it, a sentence and "Read also:"."""
    cuts = {0, len(line.text)}
    if is_early and (rest := date_prefix(line.text)):
        cuts.add(rest)
    cuts.update(match.end() for match in glued_lists().finditer(line.text))
    edges = sorted(cuts)
    found = []
    for start, end in itertools.pairwise(edges):
        piece = line.text[start:end].rstrip()
        found.append(Unit(piece, line.start + start, line.start + start + len(piece), line.has_gap and start == 0))
    return found


def _piece(unit: Unit) -> Piece:
    if is_date_line(unit.text):
        return Piece(unit, Part.DATE)
    if kind := furniture(unit.text):
        return Piece(unit, Part.FURNITURE, kind)
    return Piece(unit, _part(unit.text))


def _part(text: str) -> Part:
    if len(text) > _LONGEST_HEADLINE:
        return Part.PROSE
    count = sum(1 for _ in words(text))
    if _ELLIPSIS.search(text) and len(text) <= _LONGEST_TEASER:
        return Part.PROSE if SPEECH.match(text) else Part.TEASER
    if len(text) >= SURELY_PROSE or (_TERMINAL.search(text) and count >= 2):
        return Part.PROSE
    if _CONTINUES.search(text) and (count >= 6 or LIST_ITEM.match(text)):
        return Part.PROSE
    return Part.HEADLINE


def _with_unfinished(pieces: list[Piece]) -> list[Piece]:
    """Find the paragraphs that lack their last full stop: after prose, of several sentences or long and the last."""
    for place in range(1, len(pieces)):
        piece = pieces[place]
        if piece.part is Part.HEADLINE and pieces[place - 1].part is Part.PROSE:
            is_last = place + 1 == len(pieces) or pieces[place + 1].part in (Part.FURNITURE, Part.DATE)
            if _has_several_sentences(piece.unit.text) or (is_last and len(piece.unit.text) >= _LONG_LINE):
                pieces[place] = replace(piece, part=Part.PROSE)
    return pieces


def _without_full_stops(pieces: list[Piece]) -> list[Piece]:
    """Find the paragraphs of a page that ends none with a full stop: from the first of several sentences or long."""
    first = next((place for place, piece in enumerate(pieces) if _is_unfinished(piece)), len(pieces))
    for place in range(first, len(pieces)):
        if pieces[place].part is not Part.HEADLINE:
            break
        pieces[place] = replace(pieces[place], part=Part.PROSE)
    return pieces


def _is_unfinished(piece: Piece) -> bool:
    text = piece.unit.text
    return piece.part is Part.HEADLINE and (_has_several_sentences(text) or len(text) >= _LONG_LINE)


def _has_several_sentences(text: str) -> bool:
    """A headline may have a word after its full stop ("… was opened. Photos"), no second sentence."""
    found = sentences(text)
    return len(found) > 1 and sum(1 for _ in words(text[found[-1][0] :])) > 3


def _with_named_headline(pieces: list[Piece], title_hint: str | None) -> list[Piece]:
    """Find the headline that ends in a full stop: the page repeats it, or names it as its title."""
    hint = phonemic_key(title_hint or "")
    seen: dict[str, int] = {}
    for place, piece in enumerate(pieces[:_HEAD_OF_PAGE]):
        if piece.part not in (Part.PROSE, Part.HEADLINE) or len(piece.unit.text) > _LONGEST_HEADLINE:
            continue
        key = phonemic_key(piece.unit.text)
        for same in (place, seen.get(key)) if key == hint or key in seen else ():
            if same is not None:
                pieces[same] = replace(pieces[same], part=Part.HEADLINE)
        seen.setdefault(key, place)
    return pieces


def _with_headline_before_date(pieces: list[Piece]) -> list[Piece]:
    """Find the headline that ends in a full stop: one sentence above a line with the date or the author."""
    for place, (piece, following) in enumerate(itertools.pairwise(pieces[:_HEAD_OF_PAGE])):
        if piece.part is Part.HEADLINE and sum(1 for _ in words(piece.unit.text)) > 3:
            break
        if piece.part is Part.PROSE:
            is_above = following.part is Part.DATE or is_byline(following)
            if is_above and len(piece.unit.text) <= SURELY_PROSE and len(sentences(piece.unit.text)) == 1:
                pieces[place] = replace(piece, part=Part.HEADLINE)
            break
    return pieces
