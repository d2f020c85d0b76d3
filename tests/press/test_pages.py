# SPDX-License-Identifier: Apache-2.0
"""Invented reports in all languages, each in a page with other furniture around it: what is read from every one."""

from pathlib import Path
from typing import NamedTuple

import pytest

from ortaq.press.evidence import Evidence
from ortaq.press.reading import read_report

PAGES = Path(__file__).parent / "pages"


class Expected(NamedTuple):
    """starts, ends: first and last words of the body; absent: words of the page that are not in it."""

    lang: str
    published: tuple[str | None, str]
    title: str | None
    starts: str
    ends: str
    absent: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


STATED = ("2024-04-24", "stated")
UNKNOWN = (None, "unknown")
EXPECTED = {
    "az.txt": Expected(
        "az", STATED, "Şəkidə ipəkçilik ustalarının sərgisi açılıb",
        "Şəki şəhərində", "deyə direktor vurğulayıb.", ("Qəbələdə", "Müəllif", "Bakıda", "Oxunub"),
        ("Şəki", "Özbəkistan", "Türkiyə", "Daşkənd"),
    ),
    "az_cyrl.txt": Expected(
        "az-Cyrl", STATED, "Шәкидә ипәк сәрҝиси ачылды",
        "Шәкидә ҝәнҹ", "чыхыш етдиләр.", ("Һәмчинин", "театр"), ("Şəki", "Özbəkistan", "Bakı"),
    ),
    "tr.txt": Expected(
        "tr", ("2024-05-12", "stated"), "Konya'da minyatür atölyesi kapılarını açtı",
        "Konya'da kurulan", "Bişkek'te devam edecek.", ("çerez", "Ankara", "Ahmet", "Zeynep"),
        ("Konya", "Azerbaycan", "Kazakistan", "Bişkek"),
    ),
    "tr_lede.txt": Expected(
        "tr", ("2024-03-14", "stated"), "Üç ülke ortak film arşivi kuruyor",
        "ANKARA (AA) - Üç ülkenin", "projeye destek veriyor.", ("WhatsApp", "Bişkek", "belgesel"), ("Ankara", "Taşkent"),
    ),
    "kk.txt": Expected(
        "kk", STATED, "Түркістанда көне қолжазбалар көрмесі ашылды",
        "ТҮРКІСТАН. Әзірет", "Айгүл Серікова.", ("Автор", "Алматыда", "Ақтауда"),
        ("Түркістан", "Өзбекстан", "Әзірбайжан", "Қазақстан"),
    ),
    "kk_capitals.txt": Expected(
        "kk", ("2024-05-12", "stated"), "АҚТАУДА КИНО КҮНДЕРІ БАСТАЛДЫ",
        "Ақтауда Өзбекстан", "кездесу өткізді", ("анимация", "Тегтер"), ("Ақтау", "Өзбекстан", "Ташкент"),
    ),
    "ky.txt": Expected(
        "ky", STATED, "Бишкекте кол өнөрчүлөрдүн жарманкеси өттү",
        "Бишкекте кол өнөрчүлөрдүн эл аралык", "эки эсеге көбөйдү.", ("Сүрөт", "Ошто", "Бөлүшүү"),
        ("Бишкек", "Казакстан", "Өзбекстан", "Түркия", "Кыргызстан"),
    ),
    "ky_unmarked_list.txt": Expected(
        "ky", UNKNOWN, "Каспий жээгинде илимий экспедиция башталды",
        "Каспий жээгинде археологдордун", "жыйында көрсөтүлөт.", ("акындар", "кийимдер", "манасчылардын"), ("Баку",),
    ),
    "ky_without_full_stops.txt": Expected(
        "ky", STATED, "Ысык-Көлдө балдар үчүн археология лагери ачылды",
        "Ысык-Көлдө балдар үчүн археология лагери ачылды. Анда", "балдар келди", ("Бүгүн", "Асанов"),
        ("Ысык-Көл", "Казакстан", "Россия"),
    ),
    "ru_tags_and_times.txt": Expected(
        "ru", STATED, "В Шымкенте открыли центр реставрации рукописей",
        "ШЫМКЕНТ. КАЗИНФОРМ –", "рукопись XIV века.", ("акимата", "Поделиться", "архивистов", "Сериковна"),
        ("Шымкент", "Узбекистан", "Азербайджан", "Ташкент", "Туркестан"),
    ),
    "uz.txt": Expected(
        "uz", STATED, "Samarqandda qadimiy kulolchilik maktabi ochildi",
        "Samarqandda kulolchilik anʼanalarini", "Dilnoza Karimova.", ("Buxoroda", "Xivada", "Teglar"),
        ("Samarqand", "Qozogʻiston", "Turkmaniston", "Oʻzbekiston"),
    ),
    "uz_cyrl.txt": Expected(
        "uz-Cyrl", STATED, "Самарқандда қадимий кулолчилик мактаби очилди",
        "Самарқандда кулолчилик анъаналарини", "сабоқ беради.", ("Бухорода",), ("Samarqand", "Qozogʻiston", "Turkiya"),
    ),
    "tk.txt": Expected(
        "tk", STATED, "Aşgabatda halyçylaryň döredijilik duşuşygy geçirildi",
        "Aşgabatda türkmen", "eserler görkezildi.", ("Awtor", "Maryda", "Daşoguzda"),
        ("Aşgabat", "Azerbaýjan", "Türkiýe", "Türkmenistan"),
    ),
    "tk_short.txt": Expected("tk", UNKNOWN, None, "Daşoguzda gadymy", "dowam eder.", (), ("Daşoguz",)),
    "ru.txt": Expected(
        "ru", STATED, "В Оше открылась школа реставраторов.",
        "Ош, 24 апреля.", "выделило помещение.", ("пресс-служба", "кукольных", "Археологи"),
        ("Ош", "Кыргызстан", "Узбекистан", "Баку", "Самарканд"),
    ),
    "ru_latest_news.txt": Expected(
        "ru", ("2024-05-03", "stated"), "Мастера из Карши показали ткацкий станок",
        "В Ташкенте прошёл", "попробовали ткать сами.", ("Подписывайтесь", "Светлова", "бумаги", "Курс"),
        ("Ташкент", "Казахстан", "Кыргызстан"),
    ),
    "ru_date_at_end.txt": Expected(
        "ru", STATED, None, "В Гяндже завершилась", "Севиндж Рагимова.", ("КАРПОВ",), ("Гянджа", "Азербайджан", "Турция"),
    ),
    "ru_date_in_sentence.txt": Expected(
        "ru", UNKNOWN, None, "24 апреля 2024 года в Алматы", "Вход свободный.", ("джазовый",), ("Алматы",),
    ),
    "en_page.html": Expected(
        "en", STATED, "Young restorers meet in Bukhara",
        "Thirty young restorers from Azerbaijan, Kazakhstan & Turkmenistan", "head of the workshop.",
        ("Home", "Share", "Other story", "not text"), ("Bukhara", "Azerbaijan", "Kazakhstan", "Turkmenistan", "Uzbekistan"),
    ),
    "en_inserted.txt": Expected(
        "en", STATED, "Museums of two countries agree to share their archives",
        "TBILISI — Two", "texts in four languages.", ("newsletter", "Copyright", "castles", "Parliament"),
        ("Tbilisi", "Ganja", "Astana", "Tashkent", "Istanbul"),
    ),
    "en_dateline.txt": Expected(
        "en", STATED, None, "BAKU, Azerbaijan, April 24, 2024. A delegation", "head of the delegation.",
        ("Book fair", "Instagram"), ("Baku", "Azerbaijan", "Sheki"),
    ),
    "en_clock_only.txt": Expected(
        "en", ("2024-09-15", "inferred"), "Embroidery school opens in Nukus",
        "An embroidery school", "organisers said.", ("Home", "Share"), ("Nukus", "Khiva", "Turkistan"),
    ),
    "en_wrapped.txt": Expected(
        "en", ("2025-07-18", "stated"), "Craftsmen of four countries weave one carpet",
        "Weavers from Azerbaijan", "A second carpet is planned.", ("Weaving school",), ("Shamakhi", "Aktau", "Awaza", "Baku"),
    ),
    "en_with_az_names.txt": Expected(
        "en", ("2024-02-10", "stated"), None, "In Şəki and Gəncə", "the organisers wrote.", ("date",), ("Sheki", "Ganja"),
    ),
}  # fmt: skip


def read_page(name: str) -> Evidence:
    return read_report((PAGES / name).read_bytes(), name)


def test_every_page_has_its_expectation():
    assert {path.name for path in PAGES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_page_gives_language_date_and_title(name):
    evidence, expected = read_page(name), EXPECTED[name]

    assert evidence.language == expected.lang
    assert (evidence.published_on, evidence.published_certainty) == expected.published
    assert evidence.title == expected.title


@pytest.mark.parametrize("name", EXPECTED)
def test_body_begins_and_ends_at_the_right_words(name):
    text, expected = read_page(name).body.text, EXPECTED[name]

    assert text.startswith(expected.starts)
    assert text.endswith(expected.ends)
    assert [words for words in expected.absent if words in text] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_places_are_named_in_the_language_of_the_report(name):
    found = {place.name for place in read_page(name).places}

    assert [place for place in EXPECTED[name].places if place not in found] == []


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".txt")])
def test_quotes_and_offsets_are_those_of_the_file(name):
    evidence, text = read_page(name), (PAGES / name).read_text(encoding="utf-8")

    assert text[evidence.body.start :].startswith(EXPECTED[name].starts)
    assert text[: evidence.body.end].endswith(EXPECTED[name].ends)
    for named in (*evidence.places, *evidence.institutions):
        assert text[named.offset : named.offset + len(named.quote)] == named.quote
        assert all(text[one.offset : one.offset + len(one.text)] == one.text for one in named.mentions)


def test_offsets_of_a_page_lead_into_its_markup():
    evidence, text = read_page("en_page.html"), (PAGES / "en_page.html").read_text(encoding="utf-8")

    assert text[evidence.body.start : evidence.body.end].startswith("Thirty young restorers")
    assert text[evidence.body.start : evidence.body.end].endswith("workshop.")
    [change] = evidence.look_alikes
    assert text[change.offset : change.offset + 2] == change.word == "оf"
    assert all(text[one.offset :].startswith(one.text) for place in evidence.places for one in place.mentions)
