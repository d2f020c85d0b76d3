# SPDX-License-Identifier: Apache-2.0
"""Title and body of a report in the text dump of a page.

Every unit of the dump gets a weight: sentences count for, what pages put around them against; the body is the run of
units with the greatest sum. So a headline or a share bar between two paragraphs does not end the body, and a list of
other news after it cannot join it.
"""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ortaq.language.keys import phonemic_key
from ortaq.language.words import words
from ortaq.press.datelines import date_prefix, is_date_line
from ortaq.press.furniture import Furniture, Sort, furniture, glued_lists
from ortaq.press.sentences import sentences
from ortaq.press.titles import choose_title
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


@dataclass(frozen=True, slots=True)
class Page:
    """body: the units of the report in order; before, after: the pieces around it."""

    title: Unit | None
    body: tuple[Unit, ...]
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


_TERMINAL = re.compile(r"[.!?][\"'”»“’)\]*]*(?:\[\d+\])?\Z|[.…][\"”»“]\Z")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*(?:\[?[»→]\]?)?\Z")
_CONTINUES = re.compile(r"[:;,][\"”»]?\Z")
_LIST_ITEM = re.compile(r"(?:[-–—•*▪◦]|\d{1,2}[.)])\s")

# Lengths in characters. A headline is rarely longer than 160, a teaser is cut at 80 to 200.
_SURELY_PROSE = 220
_LONGEST_TEASER = 220
_SHORT_SENTENCE = 160
_ENOUGH_BODY = 80

_WEIGHT = {Part.HEADLINE: -40, Part.TEASER: -200, Part.DATE: -80, Part.FURNITURE: -60}
_FURNITURE_WEIGHT = {Sort.RELATED: -150, Sort.NOTICE: -150, Sort.STOP: -400, Sort.RULE: -10, Sort.FOLLOW: -120}


def find_page(text: str, title_hint: str | None = None) -> Page:
    """Return title and body of the page whose dump is *text*; title_hint: what the page itself calls its title."""
    pieces = _marked_title_with_stop([_piece(unit) for unit in _units(text)], title_hint)
    first, last = _best_run(pieces)
    body = _without_furniture(pieces[first:last])
    title = choose_title([_candidate(pieces, place) for place in range(first)], text_of(body), title_hint)
    return Page(title, tuple(piece.unit for piece in body), tuple(pieces[:first]), tuple(pieces[last:]))


def text_of(pieces: Sequence[Piece]) -> str:
    return "\n".join(piece.unit.text for piece in pieces)


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
    for start, end in zip(edges, edges[1:], strict=False):
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
    count = sum(1 for _ in words(text))
    if _ELLIPSIS.search(text) and len(text) <= _LONGEST_TEASER:
        return Part.TEASER
    if len(text) >= _SURELY_PROSE or (_TERMINAL.search(text) and count >= 2):
        return Part.PROSE
    if _CONTINUES.search(text) and (count >= 6 or _LIST_ITEM.match(text)):
        return Part.PROSE
    return Part.HEADLINE


def _marked_title_with_stop(pieces: list[Piece], title_hint: str | None) -> list[Piece]:
    """Find the headline that ends in a full stop: it is repeated, named by the page, or stands before a date line."""
    hint = phonemic_key(title_hint or "")
    seen: dict[str, int] = {}
    for place, piece in enumerate(pieces[:40]):
        if piece.part not in (Part.PROSE, Part.HEADLINE) or len(piece.unit.text) > 250:
            continue
        key = phonemic_key(piece.unit.text)
        is_again = key in seen
        if is_again or key == hint:
            pieces[place] = replace(piece, part=Part.HEADLINE)
            if is_again:
                pieces[seen[key]] = replace(pieces[seen[key]], part=Part.HEADLINE)
        seen.setdefault(key, place)
    return _headline_before_date(pieces)


def _headline_before_date(pieces: list[Piece]) -> list[Piece]:
    for place, (piece, following) in enumerate(zip(pieces[:15], pieces[1:15], strict=False)):
        if piece.part is Part.HEADLINE and sum(1 for _ in words(piece.unit.text)) >= 4:
            break
        if piece.part is Part.PROSE:
            is_before_date = following.part is Part.DATE or _is_byline(following)
            if is_before_date and len(piece.unit.text) <= _SURELY_PROSE and len(sentences(piece.unit.text)) == 1:
                pieces[place] = replace(piece, part=Part.HEADLINE)
            break
    return pieces


def _is_byline(piece: Piece) -> bool:
    return piece.furniture is not None and piece.furniture.sort is Sort.BYLINE


def _best_run(pieces: list[Piece]) -> tuple[int, int]:
    """Return the run of pieces with the greatest sum of weights; everything if no piece is prose."""
    best, best_run = 0, (0, len(pieces))
    total, start = 0, 0
    for place, weight in enumerate(_weights(pieces)):
        if total <= 0:
            total, start = 0, place
        total += weight
        if total > best:
            best, best_run = total, (start, place + 1)
    return best_run if best else _fallback(pieces)


def _fallback(pieces: list[Piece]) -> tuple[int, int]:
    """No sentence anywhere: from the first to the last line that is no furniture, without the headline before them."""
    kept = [place for place, piece in enumerate(pieces) if piece.part in (Part.PROSE, Part.HEADLINE, Part.TEASER)]
    if len(kept) > 1:
        return kept[1] if len(kept) > 2 or pieces[kept[0]].part is Part.HEADLINE else kept[0], kept[-1] + 1
    return (kept[0], kept[0] + 1) if kept else (0, len(pieces))


def _weights(pieces: list[Piece]) -> list[int]:
    weights: list[int] = []
    is_listing, prose_so_far = False, 0
    for place, piece in enumerate(pieces):
        weight = _weight(pieces, place, is_listing=is_listing)
        if piece.furniture and piece.furniture.sort is Sort.RELATED and not piece.furniture.argument:
            is_listing = True
        elif piece.furniture and piece.furniture.sort is Sort.STOP and prose_so_far >= _ENOUGH_BODY:
            return weights + [-10_000] * (len(pieces) - place)
        elif piece.part is Part.PROSE and place and pieces[place - 1].part is Part.PROSE:
            is_listing = False
        prose_so_far += max(weight, 0)
        weights.append(weight)
    return weights


def _weight(pieces: list[Piece], place: int, *, is_listing: bool) -> int:
    piece = pieces[place]
    if piece.furniture:
        return _FURNITURE_WEIGHT.get(piece.furniture.sort, _WEIGHT[Part.FURNITURE])
    if piece.part is not Part.PROSE:
        return -5 if piece.part is Part.HEADLINE and _LIST_ITEM.match(piece.unit.text) else _WEIGHT[piece.part]
    length = min(len(piece.unit.text), 600)
    follows_prose = place > 0 and pieces[place - 1].part is Part.PROSE
    if is_listing and not follows_prose:
        return -length // 2
    return -20 if _is_among_headlines(pieces, place) else length


def _is_among_headlines(pieces: list[Piece], place: int) -> bool:
    """A short sentence between headlines is one of them that ends in a full stop."""
    text = pieces[place].unit.text
    if len(text) > _SHORT_SENTENCE or len(sentences(text)) > 1:
        return False
    beside = [pieces[near].part for near in (place - 1, place + 1) if 0 <= near < len(pieces)]
    return len(beside) == 2 and all(part in (Part.HEADLINE, Part.TEASER) for part in beside)


def _without_furniture(pieces: list[Piece]) -> list[Piece]:
    """Drop what stands between the paragraphs and is not theirs, with the headlines under an inserted "Read also"."""
    kept: list[Piece] = []
    is_listing = False
    for piece in pieces:
        if piece.part is Part.DATE or piece.furniture:
            is_listing = piece.furniture is not None and piece.furniture.sort is Sort.RELATED and not piece.furniture.argument
        elif is_listing and piece.part in (Part.HEADLINE, Part.TEASER):
            continue
        else:
            is_listing = False
            kept.append(piece)
    return kept


def _candidate(pieces: list[Piece], place: int) -> tuple[Unit, bool, bool]:
    """Return a unit, whether it may be a headline, and whether a date or a byline follows it."""
    piece = pieces[place]
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    is_followed = following is not None and (following.part is Part.DATE or _is_byline(following))
    return piece.unit, piece.part is Part.HEADLINE, is_followed
