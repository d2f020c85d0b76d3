# SPDX-License-Identifier: Apache-2.0
"""Spans and names in the words of each language."""

import pytest
from django.utils.translation import override

from ortaq.doors.web.markup import safe_html
from ortaq.doors.web.names import language_name, other_names, shown
from ortaq.doors.web.spans import span_in_words

SPANS = [
    ("1424", "1424", "1424", "1424", "1424"),
    ("1417/1420", "1417–1420", "1417–1420", "1417–1420", "1417–1420"),
    ("1390~", "about 1390", "təxminən 1390", "шамамен 1390", "примерно 1390"),
    ("1390?", "1390 (?)", "1390 (?)", "1390 (?)", "1390 (?)"),
    ("13XX", "14th century", "XIV əsr", "XIV ғасыр", "XIV век"),
    ("20XX", "21st century", "XXI əsr", "XXI ғасыр", "XXI век"),
    ("10XX/11XX", "11th–12th centuries", "XI–XII əsrlər", "XI–XII ғасырлар", "XI–XII века"),
    ("142X", "1420s", "1420-ci illər", "1420-жылдар", "1420-е годы"),
    ("143X", "1430s", "1430-cu illər", "1430-жылдар", "1430-е годы"),
    ("144X", "1440s", "1440-cı illər", "1440-жылдар", "1440-е годы"),
    ("140X", "1400s", "1400-cü illər", "1400-жылдар", "1400-е годы"),
    ("-0299", "300 BC", "e.ə. 300", "б.з.б. 300", "300 до н. э."),
    ("-02XX", "3rd century BC", "e.ə. III əsr", "б.з.б. III ғасыр", "III век до н. э."),
    ("1417/..", "1417–…", "1417–…", "1417–…", "1417–…"),
    ("2023-12-02/2023-12-05", "2–5 December 2023", "2–5 dekabr 2023", None, None),
    ("2024-05", "May 2024", "may 2024", None, None),
    ("2021-21", "2021-21", "2021-21", "2021-21", "2021-21"),
    ("{1667,1668}", "{1667,1668}", "{1667,1668}", "{1667,1668}", "{1667,1668}"),
]


@pytest.mark.parametrize(("edtf", "en", "az", "kk", "ru"), SPANS)
def test_span_in_words(edtf: str, en: str, az: str, kk: str | None, ru: str | None) -> None:
    for lang, words in (("en", en), ("az", az), ("kk", kk), ("ru", ru)):
        if words is not None:
            with override(lang):
                assert span_in_words(edtf) == words


def test_text_is_chosen_by_the_chain_and_says_its_language() -> None:
    found = shown({"ru": ["Шеки"], "en": ["Sheki"]}, "kk")
    assert found is not None
    assert (found.text, found.tag, found.is_other) == ("Шеки", "ru", True)
    same = shown({"kk": ["Шәкі"]}, "kk")
    assert same is not None
    assert not same.is_other
    assert other_names({"en": ["Sheki"], "ru": ["Шеки"], "kk": ["Шәкі"]}, same) == [("ru", ["Шеки"]), ("en", ["Sheki"])]


@pytest.mark.parametrize(
    ("tag", "name"),
    [("kk", "Қазақша"), ("az-Cyrl", "Azərbaycanca (kiril)"), ("fa", "فارسی"), ("zz", "zz"), ("und", "—")],
)
def test_languages_are_called_as_their_speakers_call_them(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_markup_of_people_is_harmless() -> None:
    assert safe_html("# Big\n**a** <b>c</b>") == "<h4>Big</h4>\n<p><strong>a</strong> &lt;b&gt;c&lt;/b&gt;</p>\n"
    assert 'rel="nofollow noopener ugc"' in safe_html("[x](https://example.org)")
    assert "href" not in safe_html("[x](data:text/html,hi)")
