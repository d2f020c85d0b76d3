# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.scripts import script_counts, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Şəki xan sarayı", "Latn"),
        ("Шәки хан сарајы", "Cyrl"),
        ("شکی خان سرایی", "Arab"),
        ("ქართლი", "Geor"),
        ("Երևան", "Armn"),
        ("Πόλη", "Grek"),
        ("𐰚𐰇𐰠", "Orkh"),
        ("UNESCO объявила", "Cyrl"),
        ("1191 — ?", None),
        ("", None),
    ],
)
def test_script_of_most_letters(text, script):
    assert script_of(text) == script


def test_counts_leave_out_what_is_no_letter():
    assert script_counts("Şəki 2024, Шеки!") == {"Latn": 4, "Cyrl": 4}


@given(st.text())
def test_script_is_one_that_is_counted(text):
    assert script_of(text) in {None, *script_counts(text)}
