# SPDX-License-Identifier: Apache-2.0
"""Towns of GeoNames in: names by script, since their language is not said."""

import json
from pathlib import Path
from typing import Any

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import geonames
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of

TOWN = {
    "geonameid": 1222562, "name": "Suluktu", "latitude": 39.9, "longitude": 69.5, "countrycode": "KG", "population": 15019,
    "timezone": "Asia/Bishkek", "alternatenames": ["Sulyukta", "Suluktu", "Сулюкта", "Сүлүктү", "苏卢克图", "سۇلۇكتۇ", "3"],
}  # fmt: skip


def items(tmp_path: Path, data: bytes) -> list[Item]:
    file = tmp_path / "towns.json"
    file.write_bytes(data)
    return list(geonames.read(source_of(file), START))


def towns(*given: dict[str, Any]) -> bytes:
    return json.dumps({str(number): town for number, town in enumerate(given)}, ensure_ascii=False, indent=1).encode()


def title(tmp_path: Path, **town: Any) -> Any:
    [item] = items(tmp_path, towns({**TOWN, "alternatenames": [], **town}))
    assert item.draft is not None and item.draft.body is not None
    return item.draft.body["title"]


def test_town_becomes_a_place(tmp_path: Path) -> None:
    [item] = items(tmp_path, towns(TOWN))

    assert item.draft is not None
    assert item.draft.body == {
        "source_id": "geo:1222562",
        "title": {
            "und-Latn": ["Suluktu", "Sulyukta"],
            "und-Cyrl": ["Сулюкта", "Сүлүктү"],
            "und-Hani": ["苏卢克图"],
            "und-Arab": ["سۇلۇكتۇ"],
            "und": ["3"],
        },
        "point": {"lat": 39.9, "lon": 69.5},
        "countries": ["KG"],
        "population": 15019,
        "identifiers": [{"scheme": "geonames", "value": "1222562"}],
        "sources": ["https://www.geonames.org/1222562"],
    }
    assert [(lost.path, lost.sample) for lost in item.lost] == [("timezone", "Asia/Bishkek")]


def test_name_gets_a_language_only_where_its_letters_say_so(tmp_path: Path) -> None:
    assert title(tmp_path, name="Muğla", countrycode="TR") == {"tr": ["Muğla"]}
    assert title(tmp_path, name="Ankara", countrycode="TR") == {"und-Latn": ["Ankara"]}
    assert title(tmp_path, name="Şəki", countrycode="AZ") == {"az": ["Şəki"]}
    assert title(tmp_path, name="Köln", countrycode="DE") == {"und-Latn": ["Köln"]}


def test_more_names_than_a_record_holds_are_reported(tmp_path: Path) -> None:
    [item] = items(tmp_path, towns({**TOWN, "alternatenames": [f"Name {n}" for n in range(250)]}))

    assert [lost.count for lost in item.lost if lost.path == "alternatenames"] == [50]


def test_bad_member_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    data = b'{"0": {"name": "\\ud800"}, "1": [1], "2": {"name": "x"}, "3": ' + json.dumps(TOWN).encode() + b"}"

    assert [item.error.code if item.error else None for item in items(tmp_path, data)] == [
        "import.not-json", "import.not-an-object", "import.no-identifier", None,
    ]  # fmt: skip


def test_large_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geonames, "_PIECE", 7)
    many = [{**TOWN, "geonameid": number} for number in range(1, 200)]

    found = items(tmp_path, towns(*many))

    assert [item.draft.body["source_id"] for item in found if item.draft and item.draft.body] == [
        f"geo:{n}" for n in range(1, 200)
    ]
    assert found[1].line > found[0].line


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (towns(TOWN, TOWN)[:-40], "import.file-damaged"),
        (towns(TOWN)[:-1], "import.file-damaged"),
        (towns(TOWN).replace(b'"name"', b"name"), "import.file-damaged"),
        (towns(TOWN).replace(b"Suluktu", b"Suluk\xfftu"), "import.not-utf8"),
    ],
)
def test_file_that_breaks_off_says_so(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(OrtaqError) as found:
        items(tmp_path, data)
    assert found.value.code == code
