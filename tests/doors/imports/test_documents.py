# SPDX-License-Identifier: Apache-2.0
"""JSON documents: one, a list, lines; bounded in depth and size."""

from pathlib import Path

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import documents
from ortaq.doors.imports.source import source_of


def read(tmp_path: Path, data: bytes) -> list[documents.Document]:
    file = tmp_path / "data.json"
    file.write_bytes(data)
    return list(documents.documents(source_of(file)))


@pytest.mark.parametrize("data", [b'{"a":\n 1}', b'\xef\xbb\xbf[{"a": 1}]', b'\n{"a": 1}\n'])
def test_one_document_is_found_however_it_is_written(tmp_path: Path, data: bytes) -> None:
    assert [one.value for one in read(tmp_path, data)] == [{"a": 1}]


def test_documents_in_lines_are_found_and_a_bad_line_stops_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, b'{"a": 1}\n{"a": \n\n[1]\n{"a": 4}\n')

    assert [(one.line, one.value, one.error and one.error.code) for one in found] == [
        (1, {"a": 1}, None),
        (2, {}, "import.not-json"),
        (4, {}, "import.not-an-object"),
        (5, {"a": 4}, None),
    ]


def test_list_of_other_things_than_documents_names_each(tmp_path: Path) -> None:
    assert [one.error and one.error.code for one in read(tmp_path, b'[{"a": 1}, 2]')] == [None, "import.not-an-object"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", "import.too-deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "import.not-json"),
        (b'{"a": NaN}', "import.not-json"),
        (b'{"a": "\xff"}', "import.not-utf8"),
        (b'{"a": 1', "import.not-json"),
    ],
)
def test_hostile_document_is_refused_with_its_reason(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(OrtaqError) as found:
        read(tmp_path, data)
    assert found.value.code == code


def test_document_beyond_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LIMIT", 1000)

    with pytest.raises(OrtaqError) as found:
        read(tmp_path, b'{"a":\n"' + b"x" * 2000 + b'"}')
    assert found.value.code == "import.record-too-long"
