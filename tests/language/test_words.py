# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oʻzbek tili", ["oʻzbek", "tili"]),
        ("Qur'on, Ro‘znoma va G’ijduvon", ["Qur'on", "Ro‘znoma", "va", "G’ijduvon"]),
        ("Türkiye'nin 'qədim' abidəsi", ["Türkiye'nin", "qədim", "abidəsi"]),
        ("о-в Мэн; kitab_evi", ["о", "в", "Мэн", "kitab", "evi"]),
        ("داغ‌دیبی", ["داغ‌دیبی"]),
        ("и\u0306од 12-ci", ["и\u0306од", "12", "ci"]),
        ("", []),
    ],
)
def test_words_of_text(text, expected):
    assert [word.text for word in words(text)] == expected


@given(st.text())
def test_word_stands_where_it_says(text):
    end = 0
    for word in words(text):
        assert word.text == text[word.start : word.end]
        assert end <= word.start < word.end
        end = word.end
