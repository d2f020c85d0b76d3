# SPDX-License-Identifier: Apache-2.0
"""Names in running text: inflected, in the spelling of another language, contained in longer ones, or no names at all."""

import pytest

from ortaq.press.gazetteer import INSTITUTION, OF_COUNTRY, entries
from ortaq.press.mentions import mentions


def named(text: str, lang: str) -> list[tuple[str, str | None]]:
    return [(m.entry.name_in(lang), m.country) for m in mentions(text, lang) if m.entry.kind != OF_COUNTRY]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("az", "Qonaqlar Daşkənddən, Şəkidən və Gəncəyə gedən yoldan gəldilər.", ["Daşkənd", "Şəki", "Gəncə"]),
        ("az", "Sərgi Qubada açıldı, sonra Kubaya gedəcək.", ["Quba", "Kuba"]),
        ("kk", "Қазақстаннан Ташкентке, Бакуге және Ыстанбұлға барды.", ["Қазақстан", "Ташкент", "Баку"]),
        ("ky", "Кыргызстандын Ошунан Бишкекке жана Стамбулга келишти.", ["Кыргызстан", "Ош", "Бишкек", "Стамбул"]),
        ("tr", "Bakü'den Türkiye'ye, İstanbul'dan Özbekistan'a gittiler.", ["Bakü", "Türkiye", "İstanbul", "Özbekistan"]),
        ("uz", "Mehmonlar Ozarbayjondan Samarqandga va Buxorodagi maktabga keldi.", ["Ozarbayjon", "Samarqand", "Buxoro"]),
        ("tk", "Myhmanlar Gazagystandan Aşgabada we Daşoguza geldiler.", ["Gazagystan", "Aşgabat", "Daşoguz"]),
        ("ru", "Из Казахстана, Турции и Узбекистана в Гянджу, Самарканд и Алматы.", ["Казахстан", "Турция", "Узбекистан", "Гянджа", "Самарканд", "Алматы"]),
        ("en", "Kyrgyzstan’s guests came to Gəncə and Istanbul from Türkiye.", ["Kyrgyzstan", "Ganja", "Istanbul", "Türkiye"]),
    ],
)  # fmt: skip
def test_inflected_names_are_found(lang, text, expected):
    assert [name for name in expected if name not in [found for found, _ in named(text, lang)]] == []


@pytest.mark.parametrize(
    ("lang", "text", "name", "country"),
    [
        ("en", "the Azerbaijan Culture Ministry said", "Ministry of Culture", "AZ"),
        ("en", "the Ministry of Culture and Information of the Republic of Kazakhstan said", "Ministry of Culture and Information", "KZ"),
        ("en", "the Kyrgyz Foreign Ministry said", "Ministry of Foreign Affairs", "KG"),
        ("ru", "в Министерстве культуры и информации РК сообщили", "Министерство культуры и информации", "KZ"),
        ("ru", "министерство культуры Азербайджана объявило", "Министерство культуры", "AZ"),
        ("az", "Qazaxıstan Respublikasının Mədəniyyət və İnformasiya Nazirliyinin dəvəti", "Mədəniyyət və İnformasiya Nazirliyi", "KZ"),
        ("tr", "Türkiye Kültür ve Turizm Bakanlığı'na bağlı", "Kültür ve Turizm Bakanlığı", "TR"),
        ("kk", "Қырғыз Республикасының Мәдениет министрлігіне хат", "Мәдениет министрлігі", "KG"),
        ("uz", "Oʻzbekiston Madaniyat vazirligining maktubi", "Madaniyat vazirligi", "UZ"),
        ("tk", "Türkmenistanyň Medeniýet ministrliginiň çäresi", "Medeniýet ministrligi", "TM"),
        ("en", "the Ministry of Culture said", "Ministry of Culture", None),
        ("en", "supported by TURKSOY and others", "TURKSOY", None),
        ("ru", "в Центре Гейдара Алиева прошёл концерт", "Центр Гейдара Алиева", "AZ"),
        ("az", "Nizami Kino Mərkəzində göstərildi", "Nizami Kino Mərkəzi", "AZ"),
    ],
)  # fmt: skip
def test_institution_takes_its_country_from_the_words_beside_it(lang, text, name, country):
    assert (name, country) in [
        (m.entry.name_in(lang), m.country) for m in mentions(text, lang) if m.entry.kind == INSTITUTION
    ]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Mary Smith and Jordan Lee said the oral history may be read; Navoi wrote it."),
        ("en", "He told us about china and turkey, and the nice batman."),
        ("ru", "Того требует закон, чад и гарь видны; поэт Физули и Навои писали об этом."),
        ("tr", "Doğum yılı kutlanan Fuzuli ve Nevai üzerine konuşuldu."),
        ("az", "Nizami Gəncəvi və Füzuli haqqında qazax şairi danışdı."),
        ("kk", "Қазан айында Науаи туралы кітап шықты."),
    ],
)
def test_words_and_people_are_no_places(lang, text):
    assert [found for found in named(text, lang) if found[1] not in (None, "JO")] == []


def test_longer_name_keeps_the_shorter_one_inside_it():
    assert named("The Azerbaijan-Kyrgyz Development Fund", "en") == [("Azerbaijan-Kyrgyz Development Fund", None)]


def test_every_entry_has_a_name_in_english_or_its_own_language():
    assert [entry for entry in entries() if not any(names and all(names) for names in entry.names.values())] == []


def test_careful_place_counts_in_a_list_of_places_and_after_a_preposition():
    assert named("They went to Shusha, Fuzuli and to Mary.", "en") == [
        ("Shusha", "AZ"),
        ("Fuzuli", "AZ"),
        ("Mary", "TM"),
    ]
