# SPDX-License-Identifier: Apache-2.0
"""Tables in four encodings, with rows that are not as they should be."""

from pathlib import Path

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import table
from ortaq.doors.imports.encodings import UnknownEncoding, encoding_of
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.source import source_of

RUSSIAN = 'Название;Широта;Описание\nАзыхская пещера;39,6;"Стоянка; древнего\nчеловека — «Азых»"\nШуша;39,7;Город\n'
TURKISH = "Adı;Enlem;Açıklama\nDivriği Ulu Camii;39.37;Taş işçiliği\nSafranbolu;41.25;Şirin kent, çok güzel\n"
KAZAKH = "Атауы;Ендік;Сипаттама\nТүркістан;43.3;Қала\nӘулиеата;42.9;Ескі атау\n"
AZERI = "Adı;En dairəsi;Təsvir\nŞəki Xan Sarayı;41.2;Saray\nQız Qalası;40.36;Qala\n"
MAPPING = Columns("place", {}, source_prefix="t:")


def write(tmp_path: Path, data: bytes) -> Path:
    file = tmp_path / "places.csv"
    file.write_bytes(data)
    return file


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (TURKISH, "cp1254", "cp1254"),
        (TURKISH, "utf-16-be", "utf-16-be"),
        (KAZAKH, "utf-8", "utf-8"),
        (AZERI, "utf-8-sig", "utf-8-sig"),
        ("Name;Lat\nBaku;40\n", "ascii", "utf-8"),
        ("Name;Lat\n" + "Baku;40\n" * 200_000 + "Баку;40\n", "cp1251", "cp1251"),
    ],
)
def test_encoding_is_found(tmp_path: Path, text: str, encoding: str, expected: str) -> None:
    assert encoding_of(source_of(write(tmp_path, text.encode(encoding)))) == expected


def test_encoding_that_makes_no_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownEncoding):
        encoding_of(source_of(write(tmp_path, "Название;Широта\nШуша;39,7\n".encode("cp866"))))


def rows(tmp_path: Path, data: bytes) -> list[table.Row]:
    source = source_of(write(tmp_path, data))
    return list(table.rows(source, table.layout_of(source)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = '"Name","Lat","Note"\n"Baku","40","one; two, three | four"\n"Sheki","41",""\n'.replace(
        '","', f'"{delimiter}"'
    )

    assert [row.cells for row in rows(tmp_path, text.encode())] == [
        ["Baku", "40", "one; two, three | four"],
        ["Sheki", "41", ""],
    ]


def test_quoted_line_breaks_stay_and_lines_are_counted(tmp_path: Path) -> None:
    found = rows(tmp_path, RUSSIAN.encode("cp1251"))

    assert [(row.line, row.cells[0]) for row in found] == [(2, "Азыхская пещера"), (4, "Шуша")]
    assert found[0].cells[2] == "Стоянка; древнего\nчеловека — «Азых»"


def test_ragged_row_is_refused_and_empty_rows_are_not_counted(tmp_path: Path) -> None:
    found = rows(tmp_path, b"a,b,c\n1,2,3\n,,\n\n1,2\n1,2,3,4\n7,8,9\n")

    assert [(row.line, row.error.code if row.error else None) for row in found] == [
        (2, None),
        (5, "import.ragged-row"),
        (6, "import.ragged-row"),
        (7, None),
    ]


def test_open_quote_costs_a_bounded_part_of_the_file(tmp_path: Path) -> None:
    found = rows(tmp_path, b'a,b\n1,2\n3,"open\n' + b"x,y\n" * 300_000)

    assert [row.error.code if row.error else None for row in found[:2]] == [None, "import.cell-too-long"]
    assert found[-1].cells == ["x", "y"]


def test_line_without_end_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LINE_LIMIT", 100)

    found = rows(tmp_path, b"a,b\n1,2\n" + b"z" * 1000 + b"\n3,4\n")

    assert [(row.cells, row.error.code if row.error else None) for row in found] == [
        (["1", "2"], None),
        ([], "import.line-too-long"),
        (["3", "4"], None),
    ]


def test_file_that_changes_its_encoding_gives_what_came_before(tmp_path: Path) -> None:
    source = source_of(write(tmp_path, "Adı,Note\nŞəki,Şəhər\n".encode() * 3000 + "Шуша,x\n".encode("cp1251")))
    with pytest.raises(OrtaqError) as found:
        list(table.rows(source, table.Layout("utf-8", ",", ("Adı", "Note"))))
    assert found.value.code == "import.file-damaged"


@pytest.mark.django_db
def test_rows_become_drafts(tmp_path: Path) -> None:
    columns = {"Название": "title.ru", "Широта": "point.lat", "Описание": None}
    file = write(tmp_path, RUSSIAN.encode("cp1251"))

    first, second = table.read(source_of(file), START, Columns("place", columns, source_prefix="t:"))

    assert body(second) == {"title": {"ru": ["Шуша"]}, "point": {"lat": 39.7}, "source_id": body(second)["source_id"]}
    assert str(body(first)["source_id"]).startswith("t:")
    assert [(lost.path, lost.why) for lost in first.lost] == [("Описание", "the mapping leaves it out")]


def body(item: Item) -> dict[str, object]:
    assert item.draft is not None and item.draft.body is not None
    return dict(item.draft.body)
