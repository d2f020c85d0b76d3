# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.language.detection import DETECTABLE, Detected, detect

SENTENCES = {
    "az": [
        "Xan sarayının divar rəsmləri bu il təmir olunacaq.",
        "Muzeyin yeni sərgisi şəhər sakinlərinə açıqdır.",
        "Bu körpü on ikinci əsrdə tikilib.",
        "Ustalar köhnə qapını bərpa etdilər.",
    ],
    "kk": [
        "Кесене қабырғасының суреттері биыл жөнделеді.",
        "Мұражайдың жаңа көрмесі қала тұрғындарына ашық.",
        "Бұл көпір он екінші ғасырда салынған.",
    ],
    "ky": [
        "Күмбөздүн дубалындагы сүрөттөр быйыл оңдолот.",
        "Музейдин жаңы көргөзмөсү шаар тургундары үчүн ачык.",
        "Бул көпүрө он экинчи кылымда салынган.",
    ],
    "tr": [
        "Sarayın duvar resimleri bu yıl onarılacak.",
        "Müzenin yeni sergisi şehir halkına açıktır.",
        "Bu köprü on ikinci yüzyılda yapılmıştır.",
    ],
    "uz": [
        "Saroy devoridagi rasmlar bu yil taʼmirlanadi.",
        "Muzeyning yangi koʻrgazmasi shahar aholisi uchun ochiq.",
        "Bu ko'prik o'n ikkinchi asrda qurilgan.",
    ],
    "tk": [
        "Köşgüň diwaryndaky suratlar şu ýyl bejeriler.",
        "Muzeýiň täze sergisi şäher ilatyna açyk.",
        "Bu köpri on ikinji asyrda gurlupdyr.",
    ],
    "ru": [
        "Росписи на стенах дворца отреставрируют в этом году.",
        "Новая выставка музея открыта для жителей города.",
        "Этот мост построен в двенадцатом веке.",
    ],
    "en": [
        "The wall paintings of the palace will be restored this year.",
        "The new exhibition of the museum is open to the people of the city.",
        "This bridge was built in the twelfth century.",
        "The mausoleum of Nizami Gəncəvi stands near the city of Gəncə.",
    ],
    "az-Cyrl": [
        "Хан сарајынын дивар рәсмләри бу ил тәмир олунаҹаг.",
        "Музејин јени сәрҝиси шәһәр сакинләринә ачыгдыр.",
        "Һәр бир абидә горунмалыдыр.",
    ],
    "uz-Cyrl": [
        "Сарой деворидаги расмлар бу йил таъмирланади.",
        "Музейнинг янги кўргазмаси шаҳар аҳолиси учун очиқ.",
        "Бу кўприк ўн иккинчи асрда қурилган.",
    ],
    "tk-Cyrl": [
        "Музейиң тәзе сергиси шәхер илатына ачык.",
        "Бу көпри он икинҗи асырда гурлупдыр.",
        "Көшгүң диварындакы суратлар шу йыл бежерилер.",
    ],
}


@pytest.mark.parametrize(("lang", "sentence"), [(lang, text) for lang, texts in SENTENCES.items() for text in texts])
def test_sentence_is_told_by_its_language(lang, sentence):
    found = detect(sentence)

    assert found.lang == lang
    assert found.script == ("Cyrl" if lang in {"kk", "ky", "ru"} or lang.endswith("Cyrl") else "Latn")


def test_a_foreign_name_does_not_decide_the_language_of_a_report():
    assert detect("В Ташкенте прошла выставка художника Ўктама Ҳакимова из Самарканда").lang == "ru"


@pytest.mark.parametrize(
    ("text", "detected"),
    [
        ("", Detected(None, None, 0.0)),
        ("1191 — 2024", Detected(None, None, 0.0)),
        ("گنجه شهری", Detected(None, "Arab", 0.0)),
        ("北京", Detected(None, "Hani", 0.0)),
    ],
)
def test_nothing_is_said_where_there_is_nothing_to_go_by(text, detected):
    assert detect(text) == detected


def test_choice_is_kept_to_the_given_languages():
    assert detect("Бул көпүрө он экинчи кылымда салынган.", among=["kk", "ru"]).lang in {"kk", "ru"}
    assert detect("This bridge was built long ago.", among=["ru", "kk"]).lang is None


def test_certainty_grows_with_the_text():
    assert detect("Bu").certainty < detect("Bu köprü on ikinci yüzyılda yapılmıştır.").certainty


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gets_an_answer(text):
    found = detect(text)

    assert found.lang is None or found.lang in DETECTABLE
    assert 0 <= found.certainty <= 1
