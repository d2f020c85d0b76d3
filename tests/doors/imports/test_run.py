# SPDX-License-Identifier: Apache-2.0
"""From files to records and to the report, whatever happens on the way."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.db import OperationalError

from ortaq.core.audience import STRANGER
from ortaq.doors.exports.jsonl import lines
from ortaq.doors.imports import run
from ortaq.doors.imports.errors import ReportUnwritable
from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.item import Mark
from ortaq.doors.imports.journal import Counts, open_journal
from ortaq.doors.imports.run import Options, Silent, Summary, run_import
from ortaq.doors.imports.source import Source, source_of
from ortaq.nodes.identity import Identity
from ortaq.records import door
from ortaq.records.door import Draft
from ortaq.records.models import Change, Record
from ortaq.records.queries import body_of, records_for
from ortaq.records.verification import verify_log, verify_projection


def place(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "place", "source_id": f"geo:{number}", "title": {"az": [f"Yer {number}"]}, **more}


def write(path: Path, *records: Any) -> Path:
    path.write_bytes(b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in records))
    return path


def counts(summary: Summary) -> dict[str, int]:
    return {name: number for name, number in summary.counts.as_dict().items() if number}


def test_second_import_changes_nothing(node: Identity, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", *(place(n) for n in range(20)))

    assert counts(run_import([file], Options())) == {"records_in": 20, "made": 20}
    assert counts(run_import([file], Options())) == {"records_in": 20, "unchanged": 20}
    assert Change.objects.count() == 20
    assert {change.by for change in Change.objects.all()} == {node.uri}


def test_changed_record_is_revised(node: Identity, tmp_path: Path) -> None:
    run_import([write(tmp_path / "a.jsonl", place(1), place(2))], Options())

    assert counts(run_import([write(tmp_path / "a.jsonl", place(1), place(2, population=7))], Options())) == {
        "records_in": 2, "revised": 1, "unchanged": 1,
    }  # fmt: skip


def test_audience_is_that_of_the_line_or_of_the_wish(node: Identity, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", place(1), place(2, audience="public"))

    run_import([file], Options(wishes=Wishes(audience="node")))

    assert [record.source_id for record in records_for(STRANGER)] == ["geo:2"]


def test_every_record_is_in_the_report(node: Identity, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", place(1), b"{cut", place(2, nmae="x"), place(1))
    missing = tmp_path / "none.jsonl"

    summary = run_import([file, missing], Options(report=tmp_path / "report.json"))

    report = json.loads((tmp_path / "report.json").read_text())
    first, second = report["files"]
    assert not summary.is_clean
    assert first["counts"] == {
        "records_in": 4, "made": 1, "revised": 0, "unchanged": 1, "refused": 2, "also_made": 0, "also_revised": 0,
    }  # fmt: skip
    assert [(one["position"], one["line"], one["outcome"]) for one in first["records"]] == [
        (1, 1, "made"), (2, 2, "refused"), (3, 3, "refused"), (4, 4, "unchanged"),
    ]  # fmt: skip
    assert first["records"][2]["error"]["code"] == "record.unknown-field"
    assert "'nmae'" in first["records"][2]["error"]["message"]
    assert (second["error"]["code"], second["records"]) == ("import.file-missing", [])
    assert report["counts"]["records_in"] == 4
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.jsonl", "report.json"]


def test_source_id_with_two_contents_is_refused_the_second_time(node: Identity, tmp_path: Path) -> None:
    one = write(tmp_path / "a.jsonl", place(1), place(2), place(1, population=5), place(1))
    other = write(tmp_path / "b.jsonl", place(2, population=6), place(2))
    seen = _Refusals()

    for expected in ({"made": 2, "unchanged": 2}, {"unchanged": 4}):
        summary = run_import([one, other], Options(), seen)
        assert counts(summary) == {"records_in": 6, "refused": 2, **expected}
    assert seen.found[:2] == [("a.jsonl", 3, "import.repeated"), ("b.jsonl", 1, "import.repeated")]
    assert Change.objects.count() == 2


def test_repetition_is_noticed_across_batches(node: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    file = write(tmp_path / "a.jsonl", place(1), place(2), place(3), place(1), place(2, population=5))

    assert counts(run_import([file], Options())) == {"records_in": 5, "made": 3, "unchanged": 1, "refused": 1}


class _Refusals(Silent):
    def __init__(self) -> None:
        self.found: list[tuple[str, int | None, str]] = []

    def refused(self, file: Path, line: int | None, error: Any) -> None:
        self.found.append((file.name, line, error.code))


class _Stops(Silent):
    """Breaks the import off after so many batches."""

    def __init__(self, after: int) -> None:
        self.left = after

    def went_on(self, source: Source, done: int, counts: Counts) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


class _Marks(Silent):
    def __init__(self) -> None:
        self.marks: list[int] = []

    def began(self, source: Source, mark: Mark) -> None:
        self.marks.append(mark.number)


@pytest.fixture
def halfway(node: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of ten records, of which four are in when its import is broken off."""
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    file = write(tmp_path / "a.jsonl", *(place(n, **({"x": 1} if n == 1 else {})) for n in range(10)))
    with pytest.raises(KeyboardInterrupt):
        run_import([file], Options(report=tmp_path / "r.json"), _Stops(2))
    assert Record.objects.count() == 3
    assert not (tmp_path / "r.json").exists()
    return file


def test_broken_off_import_goes_on_and_reports_the_whole(halfway: Path, tmp_path: Path) -> None:
    marks = _Marks()

    summary = run_import([halfway], Options(report=tmp_path / "r.json"), marks)

    assert marks.marks == [4]
    assert counts(summary) == {"records_in": 10, "made": 9, "refused": 1}
    report = json.loads((tmp_path / "r.json").read_text())["files"][0]
    assert [one["position"] for one in report["records"]] == list(range(1, 11))
    assert report["records"][1]["error"]["code"] == "record.unknown-field"
    assert Change.objects.count() == 9
    assert list((Path(settings.HOME) / "imports").iterdir()) == []
    assert [*verify_log(), *verify_projection()] == []


def test_repetition_is_noticed_across_an_interruption(
    node: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    file = write(tmp_path / "a.jsonl", *(place(n) for n in range(6)), place(0, population=5))
    with pytest.raises(KeyboardInterrupt):
        run_import([file], Options(), _Stops(2))

    assert counts(run_import([file], Options())) == {"records_in": 7, "made": 6, "refused": 1}


@pytest.mark.parametrize("change", ["content", "wish", "log", "journal"])
def test_journal_of_something_else_is_not_believed(halfway: Path, change: str) -> None:
    options, marks = Options(), _Marks()
    if change == "content":
        halfway.write_bytes(halfway.read_bytes() + b"\n")
    elif change == "wish":
        options = Options(wishes=Wishes(audience="node"))
    elif change == "log":  # as if the node had been restored from a backup made before
        Change.objects.all().delete()
        Record.objects.all().delete()
    else:
        [journal] = (Path(settings.HOME) / "imports").iterdir()
        journal.write_bytes(b'{"not": "ours"}\n' + journal.read_bytes())

    summary = run_import([halfway], options, marks)

    assert marks.marks == [0]
    assert summary.counts.records_in == 10
    assert Record.objects.count() == 9


def test_cut_journal_is_believed_as_far_as_its_last_mark(halfway: Path) -> None:
    [journal] = (Path(settings.HOME) / "imports").iterdir()
    journal.write_bytes(journal.read_bytes()[:-10])
    marks = _Marks()

    summary = run_import([halfway], Options(), marks)

    assert marks.marks == [2]
    assert counts(summary) == {"records_in": 10, "made": 7, "unchanged": 2, "refused": 1}


def test_fault_of_the_database_is_raised_and_leaves_nothing_half_done(
    node: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    file = write(tmp_path / "a.jsonl", *(place(n) for n in range(6)))
    real, calls = door.store.write, []

    def full(changes: Any) -> None:
        calls.append(changes)
        real(changes)
        if len(calls) == 2:
            raise OperationalError("database or disk is full")

    monkeypatch.setattr(door.store, "write", full)
    with pytest.raises(OperationalError):
        run_import([file], Options(report=tmp_path / "r.json"))
    assert Record.objects.count() == 2
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.jsonl"]
    assert [*verify_log(), *verify_projection()] == []

    assert counts(run_import([file], Options())) == {"records_in": 6, "made": 6}


def test_what_stands_before_a_fault_of_the_file_comes_in(node: Identity, tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    row = "<row><id_number>%d</id_number><site>X</site></row>"
    file.write_text("<query>" + row % 1 + row % 2 + "<row>")

    summary = run_import([file], Options())

    assert counts(summary) == {"records_in": 2, "made": 2}
    assert summary.files[0].error is not None
    assert summary.files[0].error.code == "import.not-well-formed"


LIDO = """<lido:lidoWrap xmlns:lido="http://www.lido-schema.org">%s</lido:lidoWrap>"""
OBJECT = """<lido:lido><lido:lidoRecID>%s</lido:lidoRecID><lido:descriptiveMetadata xml:lang="de">
<lido:objectClassificationWrap><lido:objectWorkTypeWrap><lido:objectWorkType>
<lido:conceptID>http://vocab.getty.edu/aat/1</lido:conceptID><lido:term>%s</lido:term></lido:objectWorkType></lido:objectWorkTypeWrap>
</lido:objectClassificationWrap></lido:descriptiveMetadata></lido:lido>"""


def test_authority_records_gather_what_is_said_of_them(node: Identity, tmp_path: Path) -> None:
    one, other = tmp_path / "one.xml", tmp_path / "other.xml"
    one.write_text(LIDO % (OBJECT % ("1", "Teppich") + OBJECT % ("2", "Carpet")))
    other.write_text(LIDO % (OBJECT % ("3", "Teppich") + OBJECT % ("4", "Kilim")))

    assert counts(run_import([one, other], Options())) == {
        "records_in": 4,
        "made": 4,
        "also_made": 1,
        "also_revised": 1,
    }
    assert counts(run_import([one, other], Options())) == {"records_in": 4, "unchanged": 4}
    term = records_for(STRANGER).select_related("change").get(kind="term")
    assert body_of(term)["title"] == {"de": ["Teppich", "Carpet", "Kilim"]}


def test_withdrawn_authority_record_stays_withdrawn(node: Identity, tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    file.write_text(LIDO % (OBJECT % ("1", "Teppich")))
    run_import([file], Options())
    term = Record.objects.get(kind="term")
    door.write_change(door.Draft("term", None, uri=term.uri), by=node.uri)

    assert counts(run_import([file], Options())) == {"records_in": 1, "unchanged": 1}
    assert Record.objects.get(kind="term").state == Record.WITHDRAWN


def test_refused_authority_record_is_reported_with_what_named_it(node: Identity, tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    file.write_text(LIDO % (OBJECT % ("1", "x" * 3000)))

    run_import([file], Options(report=tmp_path / "r.json"))

    report = json.loads((tmp_path / "r.json").read_text())["files"][0]["records"][0]
    assert report["outcome"] == "refused"  # its title would be the label of that term
    assert any(lost["why"].startswith("record.invalid") for lost in report["lost"])


def test_report_that_cannot_be_written_stops_before_anything_comes_in(node: Identity, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", place(1))

    with pytest.raises(ReportUnwritable):
        run_import([file], Options(report=tmp_path / "no-such-folder" / "r.json"))
    assert Record.objects.count() == 0


def test_one_file_is_imported_by_one_process_at_a_time(halfway: Path, node: Identity) -> None:
    source = source_of(halfway)
    wishes = {"format": "jsonl", "by": node.uri, **Wishes().as_dict(source)}
    journal = open_journal(Path(settings.HOME) / "imports", source, wishes, node.id)

    summary = run_import([halfway], Options())

    assert summary.files[0].error is not None
    assert summary.files[0].error.code == "import.already-running"
    journal.close(is_done=False)
    assert run_import([halfway], Options()).counts.records_in == 10


def test_file_may_have_any_name(node: Identity, tmp_path: Path) -> None:
    file = write(tmp_path / "a\udcff\n.jsonl", place(1))

    assert run_import([file], Options(report=tmp_path / "r.json")).counts.made == 1
    assert json.loads((tmp_path / "r.json").read_text())["files"][0]["file"].endswith("a\\udcff\n.jsonl")


OPINION = {"motivation": "comment", "lang": "az", "text": "Gözəl yerdir."}


def test_own_opinions_that_come_back_change_nothing(node: Identity, tmp_path: Path) -> None:
    made = door.write_change(Draft("place", {"title": {"az": "Şəki"}}), by=node.uri)
    said = door.write_change(Draft("opinion", {**OPINION, "about": made.uri}), by=node.uri)
    door.write_change(Draft("opinion", {**OPINION, "about": made.uri, "reply_to": said.uri}), by=node.uri)
    file = tmp_path / "out.jsonl"
    file.write_bytes(b"".join(lines(records_for(STRANGER).select_related("change").order_by("id"), STRANGER)))

    assert counts(run_import([file], Options())) == {"records_in": 3, "unchanged": 3}
    assert Change.objects.count() == 3


def test_opinions_of_another_node_come_in_once_with_their_replies(node: Identity, tmp_path: Path) -> None:
    other = "a" * 26
    place_, said, reply = (f"{other}:{letter * 16}" for letter in "bcd")
    file = write(
        tmp_path / "out.jsonl",
        {"kind": "place", "source_id": place_, "title": {"az": ["Şəki"]}},
        {"kind": "opinion", "source_id": said, **OPINION, "about": place_},
        {"kind": "opinion", "source_id": reply, **OPINION, "about": place_, "reply_to": said},
    )

    assert counts(run_import([file], Options())) == {"records_in": 3, "made": 3}
    assert counts(run_import([file], Options())) == {"records_in": 3, "unchanged": 3}
