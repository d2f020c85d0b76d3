# SPDX-License-Identifier: Apache-2.0
"""What people type is understood as they mean it, or left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.doors.web.forms.dates import in_edtf, is_edtf
from ortaq.doors.web.forms.hints import of_point, of_span, of_text
from ortaq.language.coordinates import degrees, pair


@pytest.mark.parametrize(
    ("typed", "lat", "lon"),
    [
        ("41.2, 47.1", 41.2, 47.1),
        ("41,2 47,1", 41.2, 47.1),
        ("41,2; 47,1", 41.2, 47.1),
        ("(41.2 47.1)", 41.2, 47.1),
        ("-41.2,-47.1", -41.2, -47.1),
        ("41°12′N 47°10′E", 41.2, 47.1666667),
        ("47°10′E 41°12′N", 41.2, 47.1666667),
        ("41°12'30\"N, 47°10'15.5\"W", 41.2083333, -47.1709722),
        ("N41.2 E47.1", 41.2, 47.1),
        ("41.2° с. ш. 47.1° в. д.", 41.2, 47.1),
        ("41.2° с. е., 47.1° ш. б.", 41.2, 47.1),
        ("41.2° şm. e., 47.1° ş. u.", 41.2, 47.1),
    ],
)
def test_pair_is_read_in_the_ways_people_write_it(typed: str, lat: float, lon: float) -> None:
    assert pair(typed) == (lat, lon)


@pytest.mark.parametrize("typed", ["", "abc", "41", "41.2, 47.1, 3", "12 St", "41.2 north of 47.1"])
def test_what_is_no_pair_is_none(typed: str) -> None:
    assert pair(typed) is None


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    pair(text)
    degrees(text)
    of_point(text, text)
    assert in_edtf(text) == text.strip() or is_edtf(in_edtf(text))


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("1417–1420", "1417/1420"),
        ("1417 - 1420", "1417/1420"),
        ("ca. 1420", "1420~"),
        ("təxminən 1420", "1420~"),
        ("XV əsr", "14XX"),
        ("15th century", "14XX"),
        ("XIV-XV вв.", "13XX/14XX"),
        ("XV ғасыр", "14XX"),
        ("1420s", "142X"),
        ("02.12.2023", "2023-12-02"),
        ("980", "0980"),
        ("1424~", "1424~"),
        ("1984-06-02/2004-08-08", "1984-06-02/2004-08-08"),
        ("long ago", "long ago"),
    ],
)
def test_span_is_read_in_the_ways_people_write_it(typed: str, edtf: str) -> None:
    assert in_edtf(typed) == edtf


def test_span_is_echoed_in_words() -> None:
    assert of_span("XV century") == "15th century (14XX)"
    assert of_span("1420~") == "about 1420"
    assert of_span("long ago") == ""


def test_text_under_another_language_is_noticed() -> None:
    kazakh = "Бұл жазба көне қалашықтың орны туралы, онда ғасырлар бойы адамдар тұрған."
    assert [hint.order for hint in of_text("title.0.text.0", "az", kazakh)] == ["rename:title.0=kk"]
    assert [hint.order for hint in of_text("title.0.text.0", "az", "Шәки шәһәри вә галасы")] == [
        "rename:title.0=az-Cyrl"
    ]
    assert of_text("title.0.text.0", "kk", kazakh) == []
    assert of_text("title.0.text.0", "fa", "قلعه شکی") == []


def test_letters_of_two_alphabets_are_noticed() -> None:
    (hint,) = of_text("title.0.text.0", "az", "Şәki qalası")
    assert hint.order == "mend:title.0.text.0"
    assert "Şəki" in hint.sentence
