# SPDX-License-Identifier: Apache-2.0
"""The way of an import on pages: files, columns, preview, import, report."""

import json
import re
from pathlib import Path
from typing import Any

from django.test import Client

from ortaq.core.identifiers import record_uri
from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.web.importing import folders
from ortaq.files.models import StoredFile
from ortaq.people.models import AuditEntry
from ortaq.records.models import Change, Job, Record
from ortaq.records.queries import body_of, standing
from ortaq.records.verification import verify_log, verify_projection
from tests.doors.web.importing.steps import CSV, begin, imported, lines, own, place, report, send, worked


def test_lines_are_foreseen_then_imported(steward: Client, houses: Any, node: Any) -> None:
    data = lines(
        place(1), place(2, links=[{"role": "part_of", "to": "geo:1"}]), {"kind": "place", "source_id": "geo:3"}
    )
    address = begin(steward, ("yerlər.jsonl", data))

    page = steward.get(address).content.decode()
    assert (Record.objects.count(), Job.objects.get().state) == (0, Job.PLANNED)
    assert "Would be made" in page and "This is missing" in page and "yerlər.jsonl" in page
    assert [one["outcome"] for one in report(steward, address)["files"][0]["records"]] == ["made", "made", "refused"]

    steward.post(address, {"do": "write"})
    assert "coming in" in steward.get(address).content.decode()
    worked()
    first, second = own(houses[0], node, "geo:1"), own(houses[0], node, "geo:2")
    assert {one.uri for one in Record.objects.all()} == {first, second}
    assert body_of(standing([second])[second])["links"] == [{"role": "part_of", "to": first}]
    assert {one.by for one in Change.objects.all()} == {record_uri(node.id, houses[0].id)}
    page = steward.get(address).content.decode()
    assert "Download the report" in page and "Yer 1" in page
    assert [*verify_log(), *verify_projection()] == []
    assert [one.name for one in folders.folder_of(Job.objects.get()).iterdir()] == ["report.json"]
    entries = AuditEntry.objects.filter(action__startswith="records.").order_by("id")
    assert [(one.action, one.institution) for one in entries] == [
        ("records.import", houses[0].id),
        ("records.imported", houses[0].id),
    ]
    assert entries[1].facts == {"files": ["yerlər.jsonl"], "records_in": 3, "made": 2, "refused": 1}


def test_second_import_changes_nothing_and_says_so_before(steward: Client) -> None:
    data = lines(place(2, links=[{"role": "part_of", "to": "geo:1"}]), place(1))
    imported(steward, ("a.jsonl", data))
    before = Change.objects.count()

    address = begin(steward, ("b.jsonl", data))
    page = steward.get(address).content.decode()
    assert "Nothing would be made or revised" in page and 'value="write"' not in page
    assert report(steward, address)["counts"]["unchanged"] == 2
    assert Change.objects.count() == before


def test_report_is_that_of_the_command(steward: Client, node: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """But for the addresses of the records, which are the institution's."""
    data = lines(place(1), b"{no", place(1, population=5), place(2, height=3), place(3, countries=["AZ"]))
    table = "source_id,title.az,note\nt:1,Bir,x\nt:2,İki,\nt:3\n".encode()
    address = send(steward, ("a.jsonl", data), ("place.csv", table))["Location"]
    form = {"table": "1", "kind": "place", "to.0": "source_id", "to.1": "title.az"}
    steward.post(address, {**form, "do": "next"})
    worked()
    steward.post(address, {"do": "write"})
    worked()

    for name, content in (("a.jsonl", data), ("place.csv", table)):
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    columns = Columns("place", {"source_id": "source_id", "title.az": "title.az", "note": None})
    files = [Path("a.jsonl"), Path("place.csv")]
    run_import(files, Options(wishes=Wishes(mapping=columns), report=tmp_path / "r.json"))
    assert without_addresses(report(steward, address)) == without_addresses(json.loads(Path("r.json").read_text()))


def without_addresses(found: Any) -> Any:
    return json.loads(re.sub(r"urn:ortaq:[a-z2-7]{26}:[a-z2-7]{16}", "URI", json.dumps(found)))


def columns_of(page: str) -> dict[str, str]:
    """What the form proposes for each column."""
    chosen = {}
    for name, options in re.findall(r'<select[^>]* name="(to\.\d+)"(.*?)</select>', page, re.DOTALL):
        match = re.search(r'value="([^"]*)" selected', options)
        chosen[name] = match[1] if match else ""
    return chosen


def test_columns_of_a_table_are_shown_corrected_and_used(steward: Client, houses: Any, node: Any) -> None:
    response = send(steward, ("abidələr.csv", CSV.encode("cp1254", "replace").replace(b"?", b"e")))
    address = response["Location"]
    page = steward.get(address).content.decode()
    assert "Which column is what?" in page and "with “;” between the cells" in page and "Saray" in page
    guessed = columns_of(page)
    assert (guessed["to.3"], guessed["to.4"]) == ("point.lat", "point.lon")

    form = {**guessed, "table": "0", "kind": "monument", "source_prefix": "reestr:"}
    wrong = {**form, "to.1": "", "do": "next"}
    answer = steward.post(address, wrong)
    assert (answer.status_code, Job.objects.get().state) == (422, Job.DRAFT)
    assert "Title: This is missing" in answer.content.decode()

    right = {
        **form,
        "to.0": "source_id",
        "to.1": "title.az",
        "to.2": "types",
        "terms.2": "yes",
        "to.5": "",
        "do": "next",
    }
    assert steward.post(address, right)["Location"] == address
    worked()
    page = steward.get(address).content.decode()
    assert "the column is left out" in page and "Would be made" in page

    steward.post(address, {"do": "columns"})
    assert columns_of(steward.get(address).content.decode())["to.1"] == "title.az"
    steward.post(address, {**right, "to.5": "description.az"})
    worked()
    steward.post(address, {"do": "write"})
    worked()
    uri = own(houses[0], node, "reestr:1")
    body = body_of(standing([uri])[uri])
    assert body["source_id"] == "reestr:1" and "description" in body
    assert Record.objects.filter(kind="term").count() == 2


def test_kind_of_a_table_can_be_chosen(steward: Client) -> None:
    address = send(steward, ("x.csv", b"a;b\nBir;2\n"))["Location"]
    page = steward.get(address).content.decode()
    assert "Which column is what?" in page
    page = steward.post(address, {"table": "0", "kind": "agent", "do": "kind", "to.0": "title.az", "to.1": "built"})
    assert columns_of(page.content.decode()) == {"to.0": "title.az", "to.1": ""}
    assert 'value="agent" selected' in page.content.decode()


def test_files_that_lines_name_come_in_within_the_quota(steward: Client, houses: Any) -> None:
    houses[0].quota_bytes = 20
    houses[0].save()
    records = [
        {"kind": "material", "source_id": f"m:{n}", "title": {"az": ["Plan"]}, "files": [{"path": f"planlar/{n}.txt"}]}
        for n in (1, 2)
    ]
    attached = [("1.txt", b"bir plan\n"), ("2.txt", b"daha uzun bir plan\n")]
    address = begin(steward, ("a.jsonl", lines(*records)), attached=attached)
    assert StoredFile.objects.count() == 0
    outcomes = [one["outcome"] for one in report(steward, address)["files"][0]["records"]]
    assert outcomes == ["made", "refused"]
    assert "upload.quota-full" in steward.get(address).content.decode()

    steward.post(address, {"do": "write"})
    worked()
    [kept] = StoredFile.objects.all()
    assert (kept.bytes, kept.institution, kept.loose_until) == (9, houses[0].id, None)


def test_hostile_names_and_contents_are_shown_as_text(steward: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    data = f"No;{evil}\n{evil};{evil}\n".encode()
    response = send(steward, (f"../../{evil}.csv", data))
    job = Job.objects.get()
    assert all(path.parent == folders.sent(job) for path in folders.sent(job).iterdir())
    page = steward.get(response["Location"]).content.decode()
    assert "<img" not in page and "&lt;img" in page
    steward.post(
        response["Location"], {"table": "0", "kind": "place", "to.0": "source_id", "to.1": "title.az", "do": "next"}
    )
    worked()
    steward.post(response["Location"], {"do": "write"})
    worked()
    assert "<img" not in steward.get(response["Location"]).content.decode()
    assert "<img" not in steward.get("/import").content.decode()
