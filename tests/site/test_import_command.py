# SPDX-License-Identifier: Apache-2.0
"""`ortaq import` as its user meets it: what is said on which stream, and the exit code."""

import io
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from ortaq.doors.imports import hands, run
from ortaq.nodes.identity import Identity
from ortaq.records.models import Record
from ortaq.site.commands.import_ import import_files

TABLE = "Название;Широта\nШуша;39,7\nплохая\n".encode("cp1251")


def write(path: Path, *records: Any) -> Path:
    path.write_bytes(b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in records))
    return path


def place(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "place", "source_id": f"geo:{number}", "title": {"az": "Yer"}, **more}


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())


def test_clean_import_says_one_line_a_file(node: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.jsonl", place(1), place(2))

    assert import_files([file]) == 0

    said = capsys.readouterr()
    assert said.out == f"{file}: jsonl: 2 in = 2 made + 0 revised + 0 unchanged + 0 refused\n"
    assert said.err == ""


def test_refused_records_say_what_where_and_what_next(
    node: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.jsonl", place(1), place(2, nmae=1), b"{cut")

    assert import_files([file, tmp_path / "none.xml"]) == 1

    first, second, third = capsys.readouterr().err.splitlines()
    assert first.startswith(f"{file}:2: record.unknown-field: A place has no field 'nmae'. Correct the name")
    assert second.startswith(f"{file}:3: import.not-json: The line is not JSON: ")
    assert (
        third
        == f"{tmp_path}/none.xml: import.file-missing: There is no file {tmp_path}/none.xml. Check its name and folder."
    )
    assert Record.objects.count() == 1


def test_line_break_or_escape_in_a_name_stays_on_its_line(
    node: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_files([write(tmp_path / "a.jsonl", place(1, **{"a\n\x1b[2Jb": 1}))]) == 1

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "'a\\x0a\\x1b[2Jb'" in said


def test_many_refused_for_one_reason_are_counted(
    node: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.jsonl", *(place(n, nmae=1) for n in range(25)), b"{cut")

    assert import_files([file]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert sum("record.unknown-field: A place" in line for line in lines) == 10
    assert f"{file}: … and 15 more of record.unknown-field; --report FILE.json lists all" in lines
    assert sum("import.not-json" in line for line in lines) == 1


def test_guessed_mapping_is_shown_and_not_used_unasked(
    node: Identity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, kept = tmp_path / "places.csv", tmp_path / "mapping.json"
    file.write_bytes(TABLE)

    assert import_files([file], save_mapping=kept) == 2

    said = capsys.readouterr().err
    assert '"Название": "title.und"' in said
    assert "import.needs-mapping" in said
    assert "--accept-guess" in said
    assert Record.objects.count() == 0
    assert import_files([file], mapping=kept) == 1  # one row is ragged
    assert Record.objects.count() == 1


def test_accepted_guess_is_used(node: Identity, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_bytes(TABLE)

    assert import_files([file], accept_guess=True) == 1
    assert [record.kind for record in Record.objects.all()] == ["place"]


@pytest.mark.parametrize(("answer", "code", "count"), [("y\n", 1, 1), ("\n", 2, 0), ("", 2, 0)])
def test_terminal_is_asked(
    node: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, count: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    file = tmp_path / "places.csv"
    file.write_bytes(TABLE)

    assert import_files([file]) == code
    assert Record.objects.count() == count


def test_continued_import_says_so(
    node: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    file = write(tmp_path / "a.jsonl", *(place(n) for n in range(6)))
    real, left = hands.write_changes, [2]

    def stops(*args: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(hands, "write_changes", stops)
    with pytest.raises(KeyboardInterrupt):
        import_files([file])
    monkeypatch.setattr(hands, "write_changes", real)

    assert import_files([file]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"{file}: stopped; what came in stays, and the same command goes on behind it",
        f"{file}: going on after record 4, where the last import stopped",
    ]
    assert "6 in = 6 made" in said.out
