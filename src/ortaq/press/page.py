# SPDX-License-Identifier: Apache-2.0
"""Title and body of a report in the text dump of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from ortaq.press.body_run import best_run
from ortaq.press.pieces import Part, Piece, is_byline, opens_list, pieces_of
from ortaq.press.titles import Candidate, choose_title
from ortaq.press.units import Unit


@dataclass(frozen=True, slots=True)
class Page:
    """body: the units of the report in order; before, after: the pieces around it."""

    title: Unit | None
    body: tuple[Unit, ...]
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def find_page(text: str, title_hint: str | None = None) -> Page:
    """Return title and body of the page whose dump is *text*; title_hint: what the page itself calls its title."""
    pieces = pieces_of(text, title_hint)
    first, last = best_run(pieces)
    body = _without_furniture(pieces[first:last])
    title = choose_title([_candidate(pieces, place) for place in range(first)], _text_of(body), title_hint)
    return Page(title, tuple(piece.unit for piece in body), tuple(pieces[:first]), tuple(pieces[last:]))


def _text_of(pieces: Sequence[Piece]) -> str:
    return "\n".join(piece.unit.text for piece in pieces)


def _without_furniture(pieces: list[Piece]) -> list[Piece]:
    """Drop what stands between the paragraphs and is not theirs, with the headlines under an inserted "Read also"."""
    kept: list[Piece] = []
    is_listing = False
    for piece in pieces:
        if piece.part is Part.DATE or piece.furniture:
            is_listing = opens_list(piece)
        elif is_listing and piece.part in (Part.HEADLINE, Part.TEASER):
            continue
        else:
            is_listing = False
            kept.append(piece)
    return kept


def _candidate(pieces: list[Piece], place: int) -> Candidate:
    piece = pieces[place]
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    is_dated = following is not None and (following.part is Part.DATE or is_byline(following))
    return Candidate(piece.unit, piece.part is Part.HEADLINE, is_dated)
