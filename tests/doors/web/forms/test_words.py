# SPDX-License-Identifier: Apache-2.0
from hypothesis import given
from hypothesis import strategies as st

from ortaq.doors.web.forms.words import GONE, NEW, SAME, Piece, pieces_of

WORDS = st.lists(st.sampled_from(["Şəki", "qala", "oʻzbek", " ", "\n", ", ", "köhnə", "й"]), max_size=30).map("".join)


def test_words_that_went_and_came_are_marked() -> None:
    before, after = pieces_of("A fortress of stone.", "A round fortress of river stone.")
    assert before == [Piece(SAME, "A fortress of stone.")]
    assert after == [
        Piece(SAME, "A"), Piece(NEW, " round"), Piece(SAME, " fortress of "), Piece(NEW, "river "), Piece(SAME, "stone."),
    ]  # fmt: skip


def test_word_with_an_apostrophe_is_one_word() -> None:
    before, after = pieces_of("oʻzbek tili", "qozoq tili")
    assert before == [Piece(GONE, "oʻzbek"), Piece(SAME, " tili")]
    assert after == [Piece(NEW, "qozoq"), Piece(SAME, " tili")]


def test_changed_words_beside_each_other_are_one_piece() -> None:
    _before, after = pieces_of("built long ago", "begun in 1743")
    assert after == [Piece(NEW, "begun in 1743")]


def test_long_texts_are_compared_by_paragraphs_first() -> None:
    paragraphs = [f"Paragraph {number} says something of its own.\n" for number in range(3000)]
    changed = [*paragraphs[:1500], "A new paragraph.\n", *paragraphs[1500:]]
    _before, after = pieces_of("".join(paragraphs), "".join(changed))
    assert [piece.text for piece in after if piece.what == NEW] == ["A new paragraph.\n"]


@given(before=WORDS, after=WORDS)
def test_pieces_joined_are_the_texts_again(before: str, after: str) -> None:
    old, new = pieces_of(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after
    assert {piece.what for piece in old} <= {SAME, GONE}
    assert {piece.what for piece in new} <= {SAME, NEW}
    if before == after:
        assert all(piece.what == SAME for piece in old)
