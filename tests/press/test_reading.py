# SPDX-License-Identifier: Apache-2.0
"""What reading gives in any case: encodings, refusals, repaired letters, a stable format."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core.errors import OrtaqError
from ortaq.press.errors import ReportEmpty, ReportNotText, ReportTooLarge
from ortaq.press.reading import read_fully, read_report, read_together
from ortaq.press.source import MAX_BYTES, decode

RUSSIAN = "В Оше открыли зал.\r\n24.04.2024 10:00\r\n\r\nВ Оше открыли зал для слепых. Книги подарили издатели Казахстана.\r\n"
TURKISH = "Gezgin çarşı Konya’da açıldı. Çarşıda şairler şiir okuyacak, gençler Iğdır’dan geliyor.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_russian_is_read_in_every_encoding(encoding):
    assert decode(RUSSIAN.encode(encoding), "x") == RUSSIAN


def test_turkish_windows_text_is_not_taken_for_cyrillic():
    assert decode(TURKISH.encode("cp1254"), "x") == TURKISH


def test_declared_encoding_of_a_page_is_used():
    page = '<html><head><meta charset="koi8-r"></head><body><p>Музей открыт.</p></body></html>'

    assert decode(page.encode("koi8-r"), "x") == page


def test_offsets_do_not_count_the_byte_order_mark():
    evidence = read_report("Astana met Baku. They signed a paper.".encode("utf-8-sig"), "x")

    assert (evidence.body.start, evidence.body.end) == (0, 37)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", ReportEmpty),
        (b" \r\n\t\n", ReportEmpty),
        (b"2024 17:48 --- 12", ReportEmpty),
        (b"<html><body><p></p></body></html>", ReportEmpty),
        (b"\x89PNG\r\n\x1a\n\x00\x01\x02\x03\x04\x05" * 20, ReportNotText),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01\x02\x03" * 20, ReportNotText),
        (b"a" * (MAX_BYTES + 1), ReportTooLarge),
    ],
)
def test_what_is_no_report_is_refused_by_name(data, refusal):
    with pytest.raises(refusal, match="the file"):
        read_report(data, "the file")


def test_look_alikes_are_repaired_in_the_body_and_named_with_their_places():
    text = "A school оf weavers opened in Bаku. Its teachers come from Turkistan."
    evidence = read_report(text.encode(), "x")

    assert evidence.body.text == "A school of weavers opened in Baku. Its teachers come from Turkistan."
    assert [(one.word, one.repaired, one.offset) for one in evidence.look_alikes] == [
        ("оf", "of", 9),
        ("Bаku", "Baku", 30),
    ]
    assert [place.name for place in evidence.places] == ["Baku", "Turkistan"]


def test_document_has_every_key_of_the_format():
    document = json.loads(read_together([read_report(b"Astana met Baku. They agreed.", "a.txt")]).model_dump_json())

    assert list(document) == ["reports", "links"]
    assert list(document["reports"][0]) == [
        "file", "language", "published_on", "published_certainty", "title", "body", "look_alikes",
        "people", "institutions", "places", "events", "commitments",
    ]  # fmt: skip
    assert list(document["reports"][0]["places"][0]) == ["name", "country", "quote", "offset", "mentions", "type"]
    assert document["links"] == []


def test_adjective_alone_is_no_evidence_of_a_country():
    reading = read_fully(b"The portal supports Russian and Turkish. It was made in Ganja.", "x")

    assert reading.countries == ("AZ",)


# Without NUL: bytes with it may be UTF-16, and are read so; offsets then count other letters.
@given(st.text(st.characters(exclude_characters="\0"), max_size=400))
def test_any_text_is_read_or_refused_and_offsets_stay_inside(text):
    try:
        evidence = read_report(text.encode("utf-8", "replace"), "x")
    except OrtaqError:
        return
    assert 0 <= evidence.body.start <= evidence.body.end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "Read also:",
                "A headline of news",
                "A sentence stands here.",
                "Teaser of it...",
                "24 April 2024",
                "<p>",
                "Share",
                "\n",
            ]
        ),
        max_size=30,
    )
)
def test_any_order_of_lines_gives_a_body_or_a_refusal(lines):
    try:
        evidence = read_report("\n".join(lines).encode(), "x")
    except OrtaqError:
        return
    assert evidence.published_on in (None, "2024-04-24")
