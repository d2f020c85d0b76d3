# SPDX-License-Identifier: Apache-2.0
import pytest

from ortaq.language.fallback import LANGUAGES, chain, choose


def test_there_are_eight_languages():
    assert set(LANGUAGES) == {"az", "kk", "ky", "tr", "uz", "tk", "ru", "en"}


@pytest.mark.parametrize(
    ("lang", "tags"),
    [
        ("az", ("az", "tr", "en", "ru")),
        ("ky", ("ky", "kk", "ru", "en")),
        ("az-Cyrl", ("az-Cyrl", "az", "tr", "en", "ru")),
        ("fr", ("fr", "en")),
    ],
)
def test_chain_goes_from_nearest_to_farthest(lang, tags):
    assert chain(lang) == tags


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chain_begins_with_its_language_and_reaches_english(lang):
    assert chain(lang)[0] == lang
    assert "en" in chain(lang)
    assert set(chain(lang)) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("language_map", "lang", "chosen"),
    [
        ({"az": "Şəki", "ru": "Шеки"}, "az", ("Şəki", "az")),
        ({"kk": "Шеки", "ru": "Шеки"}, "ky", ("Шеки", "kk")),
        ({"uz-Cyrl": "Хива", "en": "Khiva"}, "uz", ("Хива", "uz-Cyrl")),
        ({"az": ["Gəncə", "Yelizavetpol"]}, "tr", ("Gəncə", "az")),
        ({"az": [], "en": "", "und": "Ganja"}, "az", ("Ganja", "und")),
        ({"fa": "گنجه"}, "kk", ("گنجه", "fa")),
        ({}, "en", None),
        ({"en": [""]}, "en", None),
    ],
)
def test_choose_takes_the_first_text_of_the_chain(language_map, lang, chosen):
    assert choose(language_map, lang) == chosen
