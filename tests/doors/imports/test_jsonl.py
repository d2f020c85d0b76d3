# SPDX-License-Identifier: Apache-2.0
"""The line format: one bad line never stops the rest, and says what is wrong with it."""

import gzip
from pathlib import Path

import pytest

from ortaq.doors.imports import jsonl
from ortaq.doors.imports.errors import FileDamaged
from ortaq.doors.imports.item import START, Item, Mark
from ortaq.doors.imports.source import source_of

GOOD = b'{"kind": "place", "source_id": "geo:1", "title": {"az": "\xc5\x9e\xc9\x99ki"}}'


def items(tmp_path: Path, data: bytes, after: Mark = START) -> list[Item]:
    file = tmp_path / "records.jsonl"
    file.write_bytes(data)
    return list(jsonl.read(source_of(file), after))


def code(item: Item) -> str | None:
    return item.error.code if item.error else None


def test_line_becomes_a_draft(tmp_path: Path) -> None:
    [item] = items(tmp_path, GOOD + b"\n")

    assert item.draft is not None
    assert (item.draft.kind, item.draft.audience) == ("place", "public")
    assert item.draft.body == {"source_id": "geo:1", "title": {"az": "Şəki"}}
    assert (item.number, item.line, item.end) == (1, 1, len(GOOD) + 1)


BAD_LINES = [
    (GOOD[:30], "import.not-json"),
    (b"\0" * 50, "import.not-json"),
    (b'{"kind": NaN}', "import.not-json"),
    (b'{"kind": "place"} {"kind": "place"}', "import.not-json"),
    (b'{"a":' * 2000 + b"1" + b"}" * 2000, "import.not-json"),
    (b'{"kind": "place", "x": ' + b"[" * 500 + b"]" * 500 + b"}", "import.not-json"),
    ('{"kind": "place", "title": {"ru": "Баку"}}'.encode("cp1251"), "import.not-utf8"),
    (b'"place"', "import.not-an-object"),
    (b"[1]", "import.not-an-object"),
    (b'{"title": {"az": "x"}}', "import.not-a-name"),
    (b'{"kind": ["place"]}', "import.not-a-name"),
    (b'{"kind": "place", "audience": {"a": 1}}', "import.not-a-name"),
    (b'{"kind": "place", "title": {"az": "x"}, "title": {"az": "y"}}', "import.duplicate-key"),
    (b'{"kind": "place", "title": {"az": "x", "az": "x"}}', "import.duplicate-key"),
    (b'{"kind": "place", "note": "\\u0022", "note": "\\u0022"}', "import.duplicate-key"),
]


@pytest.mark.parametrize(("line", "expected"), BAD_LINES, ids=range(len(BAD_LINES)))
def test_bad_line_is_refused_and_the_next_one_read(tmp_path: Path, line: bytes, expected: str) -> None:
    before, bad, after = items(tmp_path, GOOD + b"\n" + line + b"\n" + GOOD)

    assert (code(before), code(bad), code(after)) == (None, expected, None)
    assert (bad.line, after.line) == (2, 3)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('{"kind": "place", "title": {"az": "Şə', "at the end of its 37 characters."),
        ('{"kind": "place", "title": {"az": Şəki}}', "at character 35 of 40 characters."),
    ],
)
def test_place_of_a_fault_is_within_the_line(tmp_path: Path, line: str, where: str) -> None:
    [item] = items(tmp_path, f"{line}\n".encode())

    assert where in str(item.error)


def test_quotes_and_escapes_are_no_duplicate_keys(tmp_path: Path) -> None:
    [item] = items(tmp_path, rb'{"kind": "place", "title": {"az": "\"a\": \\", "en": "\u0022b\u0022: \/"}, "x": "\""}')

    assert item.error is None


def test_mark_empty_lines_and_line_ends_of_windows_do_not_matter(tmp_path: Path) -> None:
    found = items(tmp_path, b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n  \n" + GOOD)

    assert [(item.number, item.line, code(item)) for item in found] == [(1, 1, None), (2, 4, None)]


def test_line_beyond_the_limit_is_skipped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LIMIT", 200)
    monkeypatch.setattr(jsonl, "_PIECE", 64)

    first, long, last = items(tmp_path, GOOD + b"\n" + b'{"x": "' + b"a" * 1000 + b'"}\n' + GOOD)

    assert (code(first), code(long), code(last)) == (None, "import.line-too-long", None)
    assert long.error is not None
    assert long.error.facts["bytes"] == 1010


def test_reading_goes_on_behind_a_mark(tmp_path: Path) -> None:
    data = GOOD + b"\n\n" + GOOD + b"\n" + GOOD
    second = items(tmp_path, data)[1]

    [item] = items(tmp_path, data, Mark(second.number, second.line, second.end))

    assert (item.number, item.line) == (3, 4)


def test_packed_file_is_read_and_a_cut_one_gives_what_it_has(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl.gz"
    many = b"".join(GOOD.replace(b"geo:1", b"geo:%d" % n) + b"\n" for n in range(20_000))
    packed = gzip.compress(many)
    file.write_bytes(packed)
    assert sum(1 for _ in jsonl.read(source_of(file), START)) == 20_000

    file.write_bytes(packed[: len(packed) // 2])
    found: list[Item] = []
    with pytest.raises(FileDamaged):
        found.extend(jsonl.read(source_of(file), START))
    assert 1_000 < len(found) < 20_000
