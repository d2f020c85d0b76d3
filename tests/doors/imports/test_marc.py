# SPDX-License-Identifier: Apache-2.0
"""MARC in: titles in two scripts, people with their dates, MARC-8, and records that are not as they say."""

from pathlib import Path

import pymarc
import pytest
from pymarc import Field, Indicators, Subfield

from ortaq.doors.imports import marc
from ortaq.doors.imports.formats import format_of
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of


def book() -> pymarc.Record:
    record = pymarc.Record(leader="00000nam a2200000 a 4500")
    record.add_field(Field("001", data="77"), Field("003", data="KZ-Al"), Field("008", data="800101s1978    kz            000 0 kaz d"))  # fmt: skip
    fields = [
        ("100", "1 ", "aӘуезов, Мұхтар,", "d1897-1961.", "4aut"), ("245", "10", "6880-01", "aAbai zholy :", "broman /", "cM. Auezov."),
        ("246", "3 ", "aAbaĭ zholy"), ("260", "  ", "aАлматы :", "bЖазушы,", "c1978."), ("300", "  ", "a2 т. ;", "c21 см."),
        ("650", " 0", "aKazakhs", "vFiction."), ("651", " 7", "aQazaqstan", "0http://www.wikidata.org/entity/Q232", "2wd"),
        ("880", "10", "6245-01/(N", "aАбай жолы :", "bроман /"), ("852", "  ", "bshelf 4"),
    ]  # fmt: skip
    for tag, indicators, *parts in fields:
        found = [Subfield(part[0], part[1:]) for part in parts]
        record.add_field(Field(tag, indicators=Indicators(*indicators), subfields=found))
    return record


def items(tmp_path: Path, data: bytes) -> list[Item]:
    file = tmp_path / "books.bin"
    file.write_bytes(data)
    assert format_of(source_of(file)) == "marc"
    return list(marc.read(source_of(file), START))


@pytest.mark.parametrize("form", ["iso2709", "xml"])
def test_book_comes_in_the_same_from_both_forms(tmp_path: Path, form: str) -> None:
    whole = b'<collection xmlns="http://www.loc.gov/MARC21/slim">%s</collection>'
    data = book().as_marc() if form == "iso2709" else whole % pymarc.record_to_xml(book())

    [found] = items(tmp_path, data)

    assert found.draft and found.draft.body == {
        "source_id": "marc:KZ-Al:77",
        "title": {"kk-Latn": ["Abai zholy : roman", "Abaĭ zholy"], "kk": ["Абай жолы : роман"]},
        "work_type": "book",
        "made": "1978",
        "languages": ["kk"],
        "description": {"und": ["Statement of responsibility: M. Auezov", "Physical description: 2 т. ; 21 см."]},
        "links": [
            {"role": "created_by", "to": "agent:marc:KZ-Al:Әуезов, Мұхтар 1897-1961", "note": "aut"},
            {"role": "published_by", "to": "agent:marc:KZ-Al:Жазушы"},
            {"role": "related_to", "to": "place:marc:KZ-Al:Алматы", "note": "place of publication"},
            {"role": "about", "to": "term:marc:KZ-Al:lcsh:Kazakhs--Fiction"},
            {"role": "about", "to": "place:http://www.wikidata.org/entity/Q232"},
        ],
    }
    named = {str((one.body or {})["source_id"]): one.body for one in found.also}
    assert (named["agent:marc:KZ-Al:Әуезов, Мұхтар 1897-1961"] or {})["life"] == "1897/1961"
    assert {one.path for one in found.lost} >= {"852$b", "245$6", "651$2", "leader", "008"}


def test_marc_8_is_read(tmp_path: Path) -> None:
    record = b"00000nam  2200000 a 4500".replace(b"00000nam", b"00075nam").replace(b"2200000", b"2200049")
    data = record + b"001000200000" + b"245001600002" + b"\x1e" + b"7\x1e" + b"10\x1faCaf\xe2e K\xe8oln\x1e" + b"\x1d"
    data = b"%05d" % len(data) + data[5:]

    [found] = items(tmp_path, data)
    assert found.draft and (found.draft.body or {})["title"] == {"und": ["Café Köln"]}


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (book().as_marc()[:-20], ["import.bad-marc"]),
        (book().as_marc() + b"garbage", [None, "import.bad-marc"]),
        (book().as_marc()[:12] + b"99999" + book().as_marc()[17:], ["import.bad-marc"]),
        (b"00030nam a2200025 a 4500\x1exxxx\x1d", ["import.no-identifier"]),
    ],
)
def test_record_that_is_not_as_it_says_is_refused(tmp_path: Path, data: bytes, codes: list[str | None]) -> None:
    assert [one.error and one.error.code for one in items(tmp_path, data)] == codes
