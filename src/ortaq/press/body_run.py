# SPDX-License-Identifier: Apache-2.0
"""Which run of pieces is the report: every piece weighs for or against, and the run with the greatest sum is the body.

So a headline or a share bar between two paragraphs does not end it, and a list of other news after it cannot join it.
"""

from ortaq.press.furniture import Sort
from ortaq.press.pieces import LIST_ITEM, SPEECH, SURELY_PROSE, Part, Piece, opens_list
from ortaq.press.sentences import sentences

# In characters of prose, which weigh one each.
_WEIGHT = {Part.HEADLINE: -40, Part.TEASER: -200, Part.DATE: -80, Part.FURNITURE: -60}
_FURNITURE_WEIGHT = {Sort.RELATED: -150, Sort.NOTICE: -150, Sort.STOP: -400, Sort.RULE: -10, Sort.FOLLOW: -70}
_LONE_TEASER, _INSERTED_LINK, _LONE_SENTENCE, _POINT_OF_LIST = -20, -40, -20, -5
_HEAVIEST = 600
_AFTER_THE_END = -1_000_000

_SHORT_SENTENCE = 160
_ENOUGH_BODY = 80
_ENDS_A_LIST = (Sort.RELATED, Sort.STOP, Sort.NOTICE, Sort.TAGS)


def best_run(pieces: list[Piece]) -> tuple[int, int]:
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
        if opens_list(piece):
            is_listing = not _report_goes_on(pieces[place + 1 :])
        elif piece.furniture and piece.furniture.sort is Sort.STOP and prose_so_far >= _ENOUGH_BODY:
            return weights + [_AFTER_THE_END] * (len(pieces) - place)
        elif is_listing and weight > 0:
            is_listing = False
        prose_so_far += max(weight, 0)
        weights.append(weight)
    return weights


def _weight(pieces: list[Piece], place: int, *, is_listing: bool) -> int:
    piece = pieces[place]
    if piece.furniture and piece.furniture.argument and piece.furniture.sort is Sort.RELATED:
        return _INSERTED_LINK
    if piece.furniture:
        return _FURNITURE_WEIGHT.get(piece.furniture.sort, _WEIGHT[Part.FURNITURE])
    if piece.part is Part.TEASER and not any(near.part is Part.HEADLINE for near in _beside(pieces, place)):
        return _LONE_TEASER
    if piece.part is not Part.PROSE:
        return (
            _POINT_OF_LIST if piece.part is Part.HEADLINE and LIST_ITEM.match(piece.unit.text) else _WEIGHT[piece.part]
        )
    length = min(len(piece.unit.text), _HEAVIEST)
    follows_prose = place > 0 and pieces[place - 1].part is Part.PROSE
    if is_listing and not (follows_prose and _is_paragraph(piece.unit.text)):
        return -length // 2
    return _LONE_SENTENCE if _is_among_headlines(pieces, place) else length


def _is_among_headlines(pieces: list[Piece], place: int) -> bool:
    """A short sentence between headlines is one of them that ends in a full stop."""
    text = pieces[place].unit.text
    if len(text) > _SHORT_SENTENCE or len(sentences(text)) > 1:
        return False
    beside = _beside(pieces, place)
    return len(beside) == 2 and all(near.part in (Part.HEADLINE, Part.TEASER) for near in beside)


def _beside(pieces: list[Piece], place: int) -> list[Piece]:
    return [pieces[near] for near in (place - 1, place + 1) if 0 <= near < len(pieces)]


def _report_goes_on(following: list[Piece]) -> bool:
    """Say whether a "Read also" stands inside the report: some headlines, then nothing but sentences."""
    parts: list[Part] = []
    for piece in following:
        if piece.furniture and piece.furniture.sort in _ENDS_A_LIST:
            break
        if not piece.furniture and piece.part is not Part.DATE:
            parts.append(piece.part)
    headlines = next((place for place, part in enumerate(parts) if part is Part.PROSE), len(parts))
    rest = parts[headlines:]
    return headlines > 0 and len(rest) > 1 and all(part is Part.PROSE for part in rest)


def _is_paragraph(text: str) -> bool:
    """Say whether *text* is more than the one sentence of a teaser."""
    return len(text) >= SURELY_PROSE or SPEECH.match(text) is not None or len(sentences(text)) > 1
