# SPDX-License-Identifier: Apache-2.0
"""Keeping a report: a public record that quotes little, and the text for the node's own people."""

import pytest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.press.actions import LONGEST_QUOTE, MOST_QUOTES, drafts_of, keep_report, quotes_of, title_of
from ortaq.press.reading import read_fully
from ortaq.records.queries import body_of, links_to, record_of, records_by_uri

TEXT = (
    "Weavers meet in Sheki\n24 April 2024 10:00\n\n"
    "Weavers from Azerbaijan and Kazakhstan have met in Sheki to compare their looms, Azernews reports.\n"
    "The meeting lasted three days and ended with a small exhibition in the old caravanserai of the town.\n"
    "Nobody had expected so many visitors, and the organisers had to open the doors an hour earlier than planned.\n"
    "The next meeting will be held in Turkistan; the date is not known yet, as the house there is still being repaired.\n"
)
DATA = TEXT.encode()


@pytest.fixture
def reading():
    return read_fully(DATA, "weavers.txt")


def test_report_and_text_are_made_once(node, reading):
    first = keep_report(reading, DATA, by=node.uri)
    second = keep_report(reading, DATA, by=node.uri)

    assert [first.report.status, first.material.status] == ["made", "made"]
    assert (second.report, second.material) == (None, None)


def test_public_sees_the_report_and_its_own_people_the_text(node, reading):
    kept = keep_report(reading, DATA, by=node.uri)
    own = Viewer(node.uri)

    report = body_of(record_of(kept.report.uri, STRANGER))
    assert report["title"] == {"en": ["Weavers meet in Sheki"]}
    assert (report["publisher"], report["published_on"], report["published_certainty"]) == (
        "Azernews",
        "2024-04-24",
        "stated",
    )
    assert (report["languages"], report["countries"]) == (["en"], ["AZ", "KZ"])
    assert records_by_uri([kept.material.uri], STRANGER) == {}
    assert body_of(record_of(kept.material.uri, own))["text"] == {"en": [reading.evidence.body.text]}
    assert [link.record.uri for link in links_to(kept.report.uri, own, limit=5)] == [kept.material.uri]


def test_corrected_report_is_not_overwritten_by_reading_again(node, reading):
    from ortaq.records.door import Draft, write_change

    keep_report(reading, DATA, by=node.uri)
    corrected = {**drafts_of(reading, DATA)[0].body, "publisher": "The Weavers' Gazette"}
    uri = write_change(Draft("report", corrected), by=node.uri).uri
    keep_report(reading, DATA, by=node.uri)

    assert body_of(record_of(uri, STRANGER))["publisher"] == "The Weavers' Gazette"


def test_quotes_are_few_short_and_a_small_part(reading):
    quotes = [quote["text"] for quote in quotes_of(reading.evidence)]

    assert 0 < len(quotes) <= MOST_QUOTES
    assert all(len(quote) <= LONGEST_QUOTE and quote in TEXT for quote in quotes)
    assert sum(map(len, quotes)) <= len(reading.evidence.body.text) / 4


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("date 2024-04-24 The house in Sheki is open. Guests came from Astana.", {"en": "Press report of April 24, 2024: Sheki, Astana"}),
        ("В Оше открыли зал для слепых. Книги подарили издатели Казахстана.", {"ru": "Сообщение прессы: Ош, Казахстан"}),
        ("Daşoguzda gadymy senetleriň sergisi açyldy. Sergi dowam eder.", {"tk": "Metbugat habary: Daşoguz"}),
        ("Самарқандда мактаб очилди. Унда олтмиш нафар ўқувчи таълим олади.", {"uz": "Matbuot xabari: Samarqand"}),
    ],
)  # fmt: skip
def test_report_without_headline_gets_a_heading_of_our_own(text, title):
    assert title_of(read_fully(text.encode(), "x").evidence) == title
