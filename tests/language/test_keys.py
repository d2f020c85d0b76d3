# SPDX-License-Identifier: Apache-2.0
import string
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.keys import consonant_skeleton, phonemic_key, word_key
from ortaq.language.words import words

KEY_LETTERS = set(string.ascii_lowercase + string.digits + "çş ")
# Text in which the rules of the key meet often, besides any text at all.
RULE_LETTERS = "abcdeghijknoqsuvwxyzçşəıöüİIаеёиіыйжзкнгңғсстуүхһцчщъьэюяاآهوىنتش'ʻ’- 1"
TEXTS = st.one_of(st.text(max_size=40), st.text(RULE_LETTERS, max_size=20))
LANGUAGES = st.sampled_from([None, "az", "kk", "ky", "tr", "uz", "tk", "ru", "en", "az-Cyrl", "und-Latn"])


@pytest.mark.parametrize(
    ("forms", "key1", "key2"),
    [
        ("Şəki|Шәки|Шеки|Sheki|ŞƏKİ", "şeki", "şk"),
        ("Gəncə|Ҝәнҹә|Gence", "genje", "knç"),
        ("Гянджа", "gianja", "knç"),
        ("Ganja", "ganja", "knç"),
        ("گنجه", "gnje", "knç"),
        ("Oʻzbekiston|Ўзбекистон|O'zbekiston|O‘zbekiston", "ozbekiston", "aspkstn"),
        ("Узбекистан", "uzbekistan", "aspkstn"),
        ("Özbegistan", "ozbegistan", "aspkstn"),
        ("Өзбекстан", "ozbekstan", "aspkstn"),
        ("Hoca Ahmed Yesevi", "hoja ahmed esevi", "hç ahmt asf"),
        ("Xoja Ahmad Yassaviy", "hoja ahmad iasavi", "hç ahmt asf"),
        ("Ходжа Ахмед Ясави|Khoja Ahmed Yasawi", "hoja ahmed iasavi", "hç ahmt asf"),
        ("Қожа Ахмет Ясауи", "koja ahmet iasavi", "kç ahmt asf"),
        ("Nizami Gəncəvi", "nizami genjevi", "nsm knçf"),
        ("Низами Гянджеви", "nizami gianjevi", "nsm knçf"),
        ("نظامی گنجوی", "nzami gnjvi", "nsm knçf"),
        ("Nizâmî-i Gencevî", "nizami i genjevi", "nsm a knçf"),
    ],
)
def test_forms_of_one_name_share_keys(forms, key1, key2):
    for form in forms.split("|"):
        assert (phonemic_key(form), consonant_skeleton(phonemic_key(form))) == (key1, key2), form


def test_plain_s_stays_apart_from_sh_in_the_key():
    assert phonemic_key("Seki") == "seki" != phonemic_key("Şəki")


@pytest.mark.parametrize(
    ("text", "lang", "key"),
    [
        ("Curaçao", "en", "kuraçao"),
        ("Cəlil", "az", "jelil"),
        ("Cəlil", None, "jelil"),
        ("City", "en", "siti"),
        ("Alexander", "en", "aleksander"),
        ("Xocalı", "az", "hojali"),
        ("Ясауи", "kk", "iasavi"),
        ("Ак-Суу", "ky", "ak su"),
        ("Таугуль", "ru", "taugul"),
        ("Нуук", None, "nuk"),
        ("Гарабағ", "az-Cyrl", "karabag"),
        ("Гыраҹ", None, "kiraj"),
        ("Гарабаг", "ru", "garabag"),
    ],
)
def test_language_sharpens_letters_that_are_read_differently(text, lang, key):
    assert phonemic_key(text, lang) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("—  !", ""),
        ("Ьъ", ""),
        ("İİ", "i"),
        ("ISSIQ", "isik"),
        ("Şamaxı (1191)", "şamahi 1191"),
        ("٣ نفر", "3 nfr"),
        ("أوجار", "ujar"),
        ("ایران", "iran"),
        ("شاه", "şah"),
        ("ﬁlm", "film"),
        ("Москва́", "moskva"),
        ("й", "i"),
        ("Bākı", "baki"),
        ("ŞӘКİ", "şeki"),
    ],
)
def test_key_of_unusual_text(text, key):
    assert phonemic_key(text) == key


@given(TEXTS, LANGUAGES)
def test_key_has_only_letters_of_the_key_and_single_spaces(text, lang):
    key = phonemic_key(text, lang)

    assert set(key) <= KEY_LETTERS
    assert key == " ".join(key.split())


@given(TEXTS, LANGUAGES)
def test_key_of_a_key_is_itself(text, lang):
    key = phonemic_key(text, lang)

    assert phonemic_key(key) == key


@given(TEXTS, LANGUAGES)
def test_key_of_a_phrase_is_the_keys_of_its_words(text, lang):
    keys = [word_key(word.text, lang) for word in words(text)]

    assert phonemic_key(text, lang) == " ".join(key for key in keys if key)


@given(TEXTS)
def test_skeleton_works_word_by_word_and_is_stable(text):
    key1 = phonemic_key(text)
    key2 = consonant_skeleton(key1)

    assert len(key2.split(" ")) == len(key1.split(" "))
    assert set(key2) <= set("açfhklmnprsşt0123456789 ")
    assert key2 == " ".join(consonant_skeleton(word) for word in key1.split())


def test_key_module_needs_none_of_the_slow_libraries():
    code = (
        "import sys, ortaq.language.keys; print([m for m in sys.modules if m in {'numpy', 'py3langid', 'rapidfuzz'}])"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert out.strip() == "[]"
