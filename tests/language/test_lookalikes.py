# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.lookalikes import LookAlike, Repaired, repair

MIXED = st.text("aоeрcухTКяшizğ 'w-", max_size=60)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("the days оf culture", "the days of culture"),
        ("culture іs old", "culture is old"),
        ("ТÜRKSOY", "TÜRKSOY"),
        ("Gәncә", "Gəncə"),
        ("Cбой системы", "Сбой системы"),
        ("the concert on Deс. 4", "the concert on Dec. 4"),
    ],
)
def test_wrong_alphabet_is_repaired(text, repaired):
    assert repair(text).text == repaired


@pytest.mark.parametrize(
    "text",
    [
        "WhatsApp-тан хабар келді",
        "IT-компания Баку",
        "Конвенция UNESCO об охране",
        "URLдың мекенжайы",
        "Шәки вә Ҝәнҹә",
        "The word мир means peace",
        "",
    ],
)
def test_right_text_is_untouched(text):
    assert repair(text) == Repaired(text, ())


def test_changes_name_word_and_place():
    assert repair("a role оf film іn Baku").changes == (LookAlike("оf", "of", 7), LookAlike("іn", "in", 15))


@given(st.one_of(st.text(), MIXED))
def test_repair_keeps_length_and_tells_every_change(text):
    found = repair(text)

    assert len(found.text) == len(text)
    rebuilt = text
    for change in found.changes:
        end = change.offset + len(change.word)
        assert text[change.offset : end] == change.word != change.repaired
        rebuilt = rebuilt[: change.offset] + change.repaired + rebuilt[end:]
    assert rebuilt == found.text
