# SPDX-License-Identifier: Apache-2.0
"""A file is taken for what it holds, whatever it is called."""

import gzip
import os
from pathlib import Path

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.errors import NoSuchFormat
from ortaq.doors.imports.formats import format_of
from ortaq.doors.imports.source import source_of

LIDO = '<lido:lidoWrap xmlns:lido="http://www.lido-schema.org"></lido:lidoWrap>'
CONTENTS = [
    (b'{"kind": "place"}\n', "jsonl"),
    (b'\xef\xbb\xbf\n {"kind": "place"}\n', "jsonl"),
    (b'{"title": 1', "jsonl"),
    (gzip.compress(b'{"kind": "place"}\n'), "jsonl"),
    (LIDO.encode(), "lido"),
    (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <query> -->\n<lido xmlns="http://www.lido-schema.org">', "lido"),
    (LIDO.encode("utf-16"), "lido"),
    (b"<?xml version='1.0'?><query><row>", "unesco"),
    (b'{\n"1222562": {\n"geonameid": 1222562,', "geonames"),
    (b"00714cam a2200205 a 4500001001300000", "marc"),
    (b'<collection xmlns="http://www.loc.gov/MARC21/slim"><record>', "marc"),
    (b'<?xml version="1.0"?><ead xmlns="urn:isbn:1-931666-22-9">', "ead"),
    (b'{"@context": "https://linked.art/ns/v1/linked-art.json", "type": "Person"}', "linked-art"),
    (b'{"@context": "http://iiif.io/api/presentation/3/context.json", "type": "Manifest"}', "iiif"),
    (b'{"business_data": {"resources": []}}', "arches"),
    (b"# words\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", "skos"),
    (b'<rdf:RDF xmlns:rdf="r" xmlns:skos="http://www.w3.org/2004/02/skos/core#"><skos:Concept/>', "skos"),
    (b"Name,Lat\nx,1\n", "csv"),
    ("Название;Широта\nШуша;39,7\n".encode("cp1251"), "csv"),
    ("Атауы\tЕндік\nТүркістан\t43\n".encode("utf-16-le"), "csv"),
]


@pytest.mark.parametrize(("data", "expected"), CONTENTS, ids=range(len(CONTENTS)))
def test_format_is_known_by_content(tmp_path: Path, data: bytes, expected: str) -> None:
    file = tmp_path / "data.txt"
    file.write_bytes(data)

    assert format_of(source_of(file)) == expected


STRANGE = [
    (b"<html><body>", "import.unknown-format"),
    ('{"kind": "place", "x": 1}'.encode("utf-16"), "import.unknown-format"),
    (b'[{"kind": "place"}]', "import.unknown-format"),
    (b"\x7fELF\x02\x01\x01\0\0\0\0", "import.unknown-format"),
    (bytes(range(256)) * 10, "import.unknown-format"),
    (b"\0" * 100, "import.unknown-format"),
    (b"Only one line of text", "import.unknown-format"),
    (b"", "import.file-empty"),
    (b" \n\r\n", "import.file-empty"),
    (b"\x1f\x8b\x08 cut", "import.file-damaged"),
]


@pytest.mark.parametrize(("data", "expected"), STRANGE, ids=range(len(STRANGE)))
def test_what_is_no_known_format_is_named(tmp_path: Path, data: bytes, expected: str) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(data)

    with pytest.raises(OrtaqError) as found:
        format_of(source_of(file))
    assert found.value.code == expected


def test_name_decides_where_the_content_does_not(tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_bytes(b"kind: place\n")

    assert format_of(source_of(file)) == "jsonl"


def test_unknown_wish_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"{}")

    with pytest.raises(NoSuchFormat):
        format_of(source_of(file), "tmx")


def test_missing_file_folder_and_unreadable_file_are_named(tmp_path: Path) -> None:
    locked = tmp_path / "locked.jsonl"
    locked.write_bytes(b"{}")
    locked.chmod(0)
    paths = {"import.file-missing": tmp_path / "nowhere", "import.file-is-folder": tmp_path}
    if os.geteuid() != 0:  # root reads everything
        paths["import.file-unreadable"] = locked

    for code, path in paths.items():
        with pytest.raises(OrtaqError) as found:
            source_of(path)
        assert found.value.code == code
