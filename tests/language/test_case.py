# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.case import fold_case, primary_language


@pytest.mark.parametrize(
    ("text", "lang", "folded"),
    [
        ("DIYARBAKIR", "tr", "dıyarbakır"),
        ("İRƏVAN QAPISI", "az", "irəvan qapısı"),
        ("ISSYK", "en", "issyk"),
        ("ISSYK", None, "issyk"),
        ("ISSIQ", "uz", "issiq"),
        ("İstanbul", "en", "istanbul"),
        ("IĞDIR", "tr-TR", "ığdır"),
        ("ИСФАНДИЁР", "uz-Cyrl", "исфандиёр"),
        ("Straße", None, "strasse"),
    ],
)
def test_fold_case_follows_the_language(text, lang, folded):
    assert fold_case(text, lang) == folded


@given(st.text(), st.sampled_from([None, "az", "tr", "ru"]))
def test_folding_twice_changes_nothing_more(text, lang):
    folded = fold_case(text, lang)

    assert fold_case(folded, lang) == folded


@pytest.mark.parametrize(
    ("tag", "language"),
    [("az-Cyrl", "az"), ("KK", "kk"), ("uz_Latn", "uz"), ("und", None), ("und-Latn", None), ("", None), (None, None)],
)
def test_primary_language_of_a_tag(tag, language):
    assert primary_language(tag) == language
