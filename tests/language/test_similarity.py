# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.concepts import concept_of, with_concept_signs, with_concepts
from ortaq.language.features import features_of_key, name_features
from ortaq.language.keys import consonant_skeleton, phonemic_key
from ortaq.language.similarity import name_similarity

NAMES = st.text("abcçdeəgğhxıijkqlmnoöprsştuüvyzабвгдежзийкнорстуы -'", max_size=25)


def keys(name):
    key1 = phonemic_key(name)
    return key1, consonant_skeleton(key1)


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("кесенесі türbəsi türbesi maqbarasi Mausoleum мавзолей күмбөзү", "mausoleum"),
        ("məscidi camii мешіті мечити masjidi metjidi мечеть mosque", "mosque"),
        ("körpüsü köprüsü көпірі көпүрөсү koʻprigi köprüsi мост bridge", "bridge"),
        ("şimali kuzey солтүстік түндүк shimoliy demirgazyk северный north", "north"),
        ("Misir Mısır Мысыр Misr Египет Egypt", "egypt"),
    ],
)
def test_translated_words_have_one_concept(words, concept):
    assert {word: concept_of(phonemic_key(word)) for word in words.split()} == dict.fromkeys(words.split(), concept)


@pytest.mark.parametrize("name", ["Şəki", "Нижневартовск", "Aziz", "Starobelsk", "Мендоса", "Oral"])
def test_names_have_no_concept(name):
    assert concept_of(phonemic_key(name)) is None


def test_abbreviation_of_two_words_is_one_concept():
    assert with_concepts("o v men") == [("o v", "island"), ("men", None)]
    assert with_concepts("men o") == [("men", None), ("o", None)]


def test_features_keep_sorts_apart():
    assert name_features("Şəki") == ["1şeki", "3^şe", "3şek", "3eki", "3ki$", "=sk", "2^s", "2sk", "2k$"]


def test_features_of_a_translated_word_are_its_concept_and_its_spelling():
    assert name_features("türbə") == ["4mausoleum"] * 2 + ["1turbe", "3^tu", "3tur", "3urb", "3rbe", "3be$"]


def test_izafet_is_no_feature():
    assert name_features("Nizâmî-i Gencevî") == name_features("Nizami Gencevi")
    assert name_features("I") == ["1i", "3^i$", "=a", "2^a", "2a$"]


@given(NAMES)
def test_features_hold_no_space_and_follow_from_the_key(name):
    features = name_features(name)

    assert features == features_of_key(phonemic_key(name))
    assert not any(set(token) & set(" \t\n") for token in features)


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("Seki", "Şəki", "Səki kəndi"),
        ("Шеки", "Şəki", "Şəmkir"),
        ("Мавзолей Ходжи Ахмеда Ясави", "Қожа Ахмет Ясауи кесенесі", "Qoja Məhəmməd məscidi"),
        ("Men Adası", "о-в Мэн", "Мендоса"),
        ("South Africa", "Cənubi Afrika", "Şimali Afrika"),
        ("Yeşildere", "Ешильдере", "Ешильтепе"),
    ],
)
def test_right_name_is_more_alike(query, better, worse):
    assert name_similarity(keys(query), keys(better)) > name_similarity(keys(query), keys(worse))


@given(NAMES, NAMES)
def test_similarity_is_between_none_and_same(one, other):
    likeness = name_similarity(keys(one), keys(other))

    assert 0 <= likeness <= 1
    assert (likeness == 1) == (keys(one) == keys(other))
    assert name_similarity(keys(one), keys(one)) == 1


@given(NAMES)
def test_signs_replace_only_words_with_a_concept(name):
    key1 = phonemic_key(name)

    assert (with_concept_signs(key1) == key1) == all(concept is None for _, concept in with_concepts(key1))
