# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.search.highlight import marked, snippet


@pytest.mark.parametrize(
    ("text", "question", "words"),
    [
        ("Дворец шекинских ханов, Шеки", "Şəki", ["Шеки"]),
        ("Oʻzbekiston muzeylari", "Өзбекстан", ["Oʻzbekiston"]),
        ("Muzeylər və muzey", "muzey", ["Muzeylər", "muzey"]),
        ("the glass of the palace", "glas", ["glass"]),
        ("nothing of it", "saray", []),
        ("Şəki-Zaqatala", "seki", ["Şəki"]),
    ],
)
def test_words_are_marked_in_their_own_spelling(text: str, question: str, words: list[str]) -> None:
    assert [segment for segment, is_word in marked(text, question) if is_word] == words


@given(st.text(max_size=80), st.text(max_size=20))
def test_segments_joined_are_the_text(text: str, question: str) -> None:
    assert "".join(segment for segment, _ in marked(text, question)) == text


def test_snippet_is_the_stretch_with_most_words() -> None:
    text = "sarayı " + "boş " * 100 + "Şəki xan sarayı " + "boş " * 100
    segments = snippet(["başqa", text], "şəki saray", 60)
    assert [segment for segment, is_word in segments if is_word] == ["Şəki", "sarayı"]
    assert segments[0] == segments[-1] == ("…", False)
    assert len("".join(segment for segment, _ in segments)) <= 64
    assert snippet(["başqa"], "şəki") == []
    assert snippet([text], "") == []


def test_short_text_is_shown_whole() -> None:
    assert snippet(["Şəki xan sarayı."], "xan") == [("Şəki ", False), ("xan", True), (" sarayı.", False)]
