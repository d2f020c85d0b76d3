# SPDX-License-Identifier: Apache-2.0
"""The five press reports: what must be read from them. First and last words stand here, never their sentences."""

from pathlib import Path
from typing import Any

import pytest

from ortaq.press.reading import read_report

REPORTS = Path(__file__).parents[3] / "shared" / "reports"
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason=f"{REPORTS} is not beside this checkout")

NUMBERS = ("000", "001", "002", "003", "004")
LANGUAGES = {"000": "en", "001": "en", "002": "en", "003": "en", "004": "ru"}
STATED = {"000": "2024-04-24", "001": "2023-12-07", "002": "2024-08-31"}
FIRST_WORDS = {
    "000": "Azerbaijan and Kyrgyzstan have",
    "001": "ASTANA – The Days",
    "002": "Azerbaijan and Kyrgyzstan are",
    "003": "During the conversation,",
    "004": "В рамках Дней",
}
LAST_WORDS = {
    "000": "Azerbaijani audience.",
    "001": "genres and styles.",
    "002": "common interests.",
    "003": "Kyrgyzstan and Turkey.",
    "004": "креативной индустрии.",
}


def report(number: str) -> tuple[Any, str]:
    [file] = REPORTS.glob(f"{number}_*.txt")
    data = file.read_bytes()
    return read_report(data, file.name), data.decode("utf-8")


@pytest.mark.parametrize("number", NUMBERS)
def test_language(number):
    assert report(number)[0].language == LANGUAGES[number]


@pytest.mark.parametrize("number", NUMBERS)
def test_date_is_stated_or_not_claimed(number):
    found = report(number)[0]

    expected = (STATED[number], "stated") if number in STATED else (None, "unknown")
    assert (found.published_on, found.published_certainty) == expected


@pytest.mark.parametrize("number", NUMBERS)
def test_body_begins_and_ends_at_the_right_words(number):
    found, text = report(number)

    assert found.body.text.startswith(FIRST_WORDS[number])
    assert found.body.text.endswith(LAST_WORDS[number])
    assert len(text[found.body.start : found.body.end]) == len(found.body.text)


def test_page_with_a_list_of_other_news_gives_its_five_sentences_and_its_headline():
    found, text = report("003")

    assert found.title == text.splitlines()[0]
    assert found.body.text.splitlines() == text.splitlines()[1:5]
    assert found.body.text.count(". ") + found.body.text.count(".\n") + 1 == 5


def test_page_with_two_dates_gives_no_header_and_no_footer():
    found, text = report("002")

    assert found.title == text.splitlines()[4]
    furniture = ("Azernews.Az", "Sunday", "Latifova", "Read more", "---", "Follow us", "Loading", "Latest")
    assert [words for words in furniture if words in found.body.text] == []


@pytest.mark.parametrize("number", ["000", "001", "004"])
def test_no_headline_is_invented(number):
    assert report(number)[0].title is None


def test_byline_is_no_part_of_the_body():
    assert "Автор" not in report("004")[0].body.text


@pytest.mark.parametrize(("number", "count"), [("000", 37), ("001", 1), ("002", 0), ("003", 0), ("004", 0)])
def test_look_alikes_are_repaired_where_they_stand(number, count):
    found, text = report(number)

    assert len(found.look_alikes) == count
    for one in found.look_alikes:
        assert text[one.offset : one.offset + len(one.word)] == one.word
        assert found.body.text[one.offset - found.body.start :].startswith(one.repaired)
        assert one.repaired.isascii()


def test_russian_report_is_untouched():
    found, text = report("004")

    assert found.body.text == text[found.body.start : found.body.end]


@pytest.mark.parametrize(
    ("number", "places"),
    [
        ("000", {"AZ", "KG", "RU"}),
        ("001", {"AZ", "KZ"}),
        ("002", {"AZ", "KG"}),
        ("003", {"KG", "TR"}),
        ("004", {"AZ", "KZ"}),
    ],
)
def test_countries_are_those_that_the_report_names(number, places):
    assert {place.country for place in report(number)[0].places} == places


def test_institutions_have_their_country_and_the_words_they_rest_on():
    found = {one.name: one.country for one in report("001")[0].institutions}

    assert found["Ministry of Foreign Affairs"] == "KZ"
    assert found["Heydar Aliyev Center"] == found["CBC TV"] == "AZ"
    assert {(one.name, one.country) for one in report("000")[0].institutions} == {
        ("Ministry of Culture", "AZ"),
        ("Nizami Cinema Center", "AZ"),
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_everything_carries_the_quote_it_rests_on(number):
    found, text = report(number)

    for named in (*found.places, *found.institutions):
        assert len(text[named.offset : named.offset + len(named.quote)]) == len(named.quote)
        assert named.mentions[0].text in named.quote
