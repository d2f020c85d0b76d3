# SPDX-License-Identifier: Apache-2.0
"""A header in any of the eight languages gives a first mapping."""

from pathlib import Path

import pytest

from ortaq.doors.imports.errors import NotGuessed
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.source import source_of

HEADERS = {
    "en": "Name,Latitude,Longitude,Description,Country",
    "az": "Adı,En dairəsi,Uzunluq,Təsvir,Ölkə",
    "tr": "Adı,Enlem,Boylam,Açıklama,Ülke",
    "kk": "Атауы,Ендік,Бойлық,Сипаттамасы,Ел",
    "ky": "Аталышы,Кеңдик,Узундук,Сүрөттөмө,Өлкө",
    "uz": "Nomi,Kenglik,Uzunlik,Tavsif,Mamlakat",
    "tk": "Ady,Giňlik,Uzaklyk,Beýany,Ýurt",
    "ru": "Название,Широта,Долгота,Описание,Страна",
}


def guess(tmp_path: Path, text: str, name: str = "table.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return guessed_mapping(source_of(file))


@pytest.mark.parametrize("language", HEADERS)
def test_header_is_understood(tmp_path: Path, language: str) -> None:
    found = guess(tmp_path, HEADERS[language] + "\nX,40.1,47.2,y,AZ\n")

    assert [target.partition(".und")[0] for target in found.columns.values() if target] == [
        "title", "point.lat", "point.lon", "description", "countries",
    ]  # fmt: skip


def test_language_behind_a_column_is_its_tag(tmp_path: Path) -> None:
    found = guess(tmp_path, "name_az,Name (ru),title:kk,name-uz_Cyrl\na,b,c,d\n")

    assert list(found.columns.values()) == ["title.az", "title.ru", "title.kk", "title.uz-Cyrl"]


def test_language_of_long_texts_is_detected(tmp_path: Path) -> None:
    text = "Şəki Xan Sarayı Azərbaycanın memarlıq abidəsidir və şəhərin yuxarı hissəsində yerləşir."

    assert guess(tmp_path, f"Ad,Təsvir\nŞəki,{text}\nBakı,{text}\n").columns["Təsvir"] == "description.az"


def test_file_named_after_a_kind_is_of_that_kind(tmp_path: Path) -> None:
    assert guess(tmp_path, "Name,Lat,Lon\na,1,2\n", "places.csv").kind == "place"


def test_columns_that_are_fields_already_are_taken_as_they_are(tmp_path: Path) -> None:
    found = guess(tmp_path, "source_id,title.az,links.part_of\ngeo:1,A | B,geo:2\n", "places.csv")

    assert found.columns == {name: name for name in ("source_id", "title.az", "links.part_of")}
    assert (found.source_prefix, found.split) == ("", {"title.az": "|"})


@pytest.mark.parametrize("text", ["Farbe,Höhe\nrot,3\n", "Name,Lat\n,3\n"])
def test_table_without_a_title_is_not_guessed(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotGuessed):
        guess(tmp_path, text)


def test_latitude_without_longitude_is_left_out(tmp_path: Path) -> None:
    assert guess(tmp_path, "Name,Lat\nBaku,40\n").columns == {"Name": "title.und", "Lat": None}
