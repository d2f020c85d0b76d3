# SPDX-License-Identifier: Apache-2.0
"""Import on pages: files, columns, preview, import, report; by the rights of whoever asks."""

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ortaq.core.audience import of_institution
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.doors.imports import run
from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.web.importing import folders, work
from ortaq.files.models import StoredFile
from ortaq.people.models import AuditEntry
from ortaq.records import jobs
from ortaq.records.models import Change, Job, Record
from ortaq.records.queries import body_of, standing
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import actor_of, institution, join

Write = Callable[..., str]
CSV = (
    "No;Adı;Növü;Enlik;Uzunluq;Qeyd\n1;Qız qalası;Qala;40,36;49,83;Qədim\n2;Şirvanşahlar sarayı;Saray;40,366;49,833;\n"
)


@pytest.fixture
def houses(node: Any) -> tuple[Any, Any]:
    return institution("Muzey A"), institution("Arxiv B")


def reader(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def steward(houses: tuple[Any, Any]) -> Client:
    return reader(join("steward", of=houses[0], role="steward"))


@pytest.fixture
def other(houses: tuple[Any, Any]) -> Client:
    return reader(join("other", of=houses[1], role="steward"))


def worked() -> None:
    while jobs.run_once():
        pass


def place(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "place", "source_id": f"geo:{number}", "title": {"az": [f"Yer {number}"]}, **more}


def lines(*records: Any) -> bytes:
    return b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in records)


def send(client: Client, *files: tuple[str, bytes], attached: Any = (), audience: str = "public", **more: str) -> Any:
    records = [SimpleUploadedFile(name, data) for name, data in files]
    others = [SimpleUploadedFile(name, data) for name, data in attached]
    return client.post("/import", {"records": records, "files": others, "audience": audience, **more})


def begin(client: Client, *files: tuple[str, bytes], **more: Any) -> str:
    """Send files without tables, have them looked at, and return the address of the preview."""
    response = send(client, *files, **more)
    assert response.status_code == 302, response.content.decode()
    worked()
    return str(response["Location"])


def imported(client: Client, *files: tuple[str, bytes], **more: Any) -> dict[str, Any]:
    """Import, and return the report."""
    address = begin(client, *files, **more)
    client.post(address, {"do": "write"})
    worked()
    return report(client, address)


def report(client: Client, address: str) -> dict[str, Any]:
    found = json.loads(b"".join(client.get(f"{address}/report.json").streaming_content))  # type: ignore[attr-defined]
    assert isinstance(found, dict)
    return found


def own(house: Any, node: Any, source_id: str) -> str:
    """Where the institution's record of that source id is."""
    return record_uri(node.id, local_id_of_source(source_id, house.id))


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


@pytest.mark.parametrize("role", ["reader", "contributor", "editor"])
def test_below_a_steward_nobody_imports(role: str, houses: Any) -> None:
    client = reader(join("somebody", of=houses[0], role=role))
    assert client.get("/import").status_code == 403
    assert send(client, ("a.jsonl", lines(place(1)))).status_code == 403
    assert not folders.imports().exists() and Job.objects.count() == 0
    assert 'href="/import"' not in client.get("/").content.decode()


def test_keeper_who_is_a_mere_reader_of_an_institution_does_not_import_for_it(houses: Any) -> None:
    client = reader(join("keeper", of=houses[0], role="reader", is_keeper=True))
    assert client.get("/import").status_code == 403
    page = client.get("/").content.decode()
    assert 'href="/import"' not in page and 'href="/many/jobs"' in page


def test_stranger_is_asked_to_sign_in(node: Any) -> None:
    client = Client()
    assert client.get("/import")["Location"].startswith("/sign-in")
    assert send(client, ("a.jsonl", lines(place(1))))["Location"].startswith("/sign-in")
    assert not folders.imports().exists()


def test_import_of_another_is_absent(steward: Client, houses: Any) -> None:
    address = begin(steward, ("a.jsonl", lines(place(1))))
    for client in (reader(join("second", of=houses[0], role="administrator")), Client()):
        assert client.get(address).status_code == 404
        assert client.post(address, {"do": "write"}).status_code == 404
        assert client.get(f"{address}/report.json").status_code == 404
    assert Job.objects.get().state == Job.PLANNED


def test_form_without_its_token_leaves_nothing(houses: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(join("steward", of=houses[0], role="steward"))
    assert send(client, ("a.jsonl", lines(place(1)))).status_code == 403
    assert list(folders.imports().glob("*")) == [] and Job.objects.count() == 0


def test_source_ids_of_two_institutions_do_not_meet(steward: Client, other: Client, houses: Any, node: Any) -> None:
    imported(steward, ("a.jsonl", lines(place(1))))
    imported(other, ("b.jsonl", lines(place(1, population=7))), audience=of_institution(houses[1].id))

    first, second = own(houses[0], node, "geo:1"), own(houses[1], node, "geo:1")
    found = standing([first, second])
    assert "population" not in body_of(found[first]) and body_of(found[second])["population"] == 7
    assert (found[first].version, found[second].version) == (1, 1)


def test_records_of_others_are_refused_and_hidden_ones_look_absent(
    steward: Client, houses: Any, node: Any, write: Write
) -> None:
    stranger = actor_of(join("author", of=houses[1], role="contributor"))
    house = of_institution(houses[1].id)
    seen = write("place", {"source_id": "geo:1", "title": {"az": ["Görünən"]}}, by=stranger)
    hidden = write("place", {"source_id": "geo:2", "title": {"az": ["Gizlin"]}}, by=stranger, audience=house)
    data = lines(
        place(1), place(2), place(3),
        place(4) | {"source_id": seen.removeprefix("urn:ortaq:")},
        place(5) | {"source_id": hidden.removeprefix("urn:ortaq:")},
        place(6) | {"source_id": f"{node.id}:{'z' * 16}"},
    )  # fmt: skip
    found = imported(steward, ("a.jsonl", data))

    told = [(one["outcome"], one.get("error", {}).get("code")) for one in found["files"][0]["records"]]
    assert told == [
        ("refused", "import.others-record"),
        ("made", None),
        ("made", None),
        ("refused", "person.denied"),
        ("refused", "record.absent"),
        ("refused", "record.absent"),
    ]
    assert found["files"][0]["records"][1]["uri"] == own(houses[0], node, "geo:2")
    assert {one.version for one in standing([seen, hidden]).values()} == {1}
    assert "Gizlin" not in json.dumps(found, ensure_ascii=False)


def test_own_record_from_a_form_is_revised_not_doubled(steward: Client, houses: Any, write: Write) -> None:
    author = actor_of(join("author", of=houses[0], role="contributor"))
    uri = write("place", {"source_id": "geo:1", "title": {"az": ["Köhnə"]}}, by=author)
    found = imported(steward, ("a.jsonl", lines(place(1))))
    assert [one["uri"] for one in found["files"][0]["records"]] == [uri]
    assert (standing([uri])[uri].version, Record.objects.count()) == (2, 1)


def test_colleagues_private_record_is_not_touched(steward: Client, houses: Any, node: Any, write: Write) -> None:
    author = actor_of(join("author", of=houses[0], role="contributor"))
    uri = write("place", {"source_id": "geo:1", "title": {"az": ["Şəxsi"]}}, by=author, audience="private")
    found = imported(steward, ("a.jsonl", lines(place(1))))
    assert found["files"][0]["records"][0]["uri"] == own(houses[0], node, "geo:1")
    assert standing([uri])[uri].version == 1


def test_references_mean_ones_own_then_what_the_node_has(steward: Client, houses: Any, node: Any, write: Write) -> None:
    term = write("term", {"source_id": "term:qala", "title": {"az": ["Qala"]}, "scheme": "tip"})
    hidden = write(
        "term",
        {"source_id": "term:sirr", "title": {"az": ["Sirr"]}, "scheme": "tip"},
        by=actor_of(join("author", of=houses[1], role="contributor")),
        audience=of_institution(houses[1].id),
    )
    monument = {
        "kind": "monument",
        "source_id": "m:1",
        "title": {"az": ["Qala"]},
        "types": ["term:qala", "term:sirr", "term:öz"],
    }
    imported(
        steward,
        (
            "a.jsonl",
            lines(monument, {"kind": "term", "source_id": "term:öz", "title": {"az": ["Öz"]}, "scheme": "tip"}),
        ),
    )
    uri = own(houses[0], node, "m:1")
    assert body_of(standing([uri])[uri])["types"] == [
        term,
        own(houses[0], node, "term:sirr"),
        own(houses[0], node, "term:öz"),
    ]
    assert hidden not in json.dumps(body_of(standing([uri])[uri]))


def test_authorities_of_others_are_used_and_not_changed(steward: Client, houses: Any, node: Any, write: Write) -> None:
    term = write("term", {"source_id": "term:monument_types:Qala", "title": {"az": ["Qala"]}, "scheme": "başqa"})
    address = send(steward, ("abidə.csv", CSV.encode()))["Location"]
    form = {"table": "0", "kind": "monument", "to.0": "source_id", "to.1": "title.az", "to.2": "types", "terms.2": "y"}
    steward.post(address, {**form, "do": "next"})
    worked()
    assert report(steward, address)["counts"]["also_made"] == 1
    steward.post(address, {"do": "write"})
    worked()
    uris = [own(houses[0], node, f"{number}") for number in (1, 2)]
    found = [body_of(one)["types"] for one in standing(uris).values()]
    assert [term] in found and standing([term])[term].version == 1


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"kind": "opinion", "about": "geo:1", "motivation": "comment", "lang": "az", "text": "Gözəl"}, "import.personal-kind"),
        (place(1, links=[{"role": "replaces", "to": "geo:9"}]), "record.replaces-by-hand"),
        (place(1, audience="private"), "audience.too-wide"),
        (place(1, audience=f"institution:{'a' * 16}"), "audience.too-wide"),
        (place(1, audience="everyone"), "audience.unknown"),
        ({"kind": "castle", "source_id": "x:1", "title": {"az": ["X"]}}, "record.unknown-kind"),
        ({"kind": "material", "title": {"az": ["Plan"]}, "files": [{"path": "../../keys/node.key"}]}, "import.file-outside"),
        ({"kind": "material", "title": {"az": ["Plan"]}, "files": [{"path": "/etc/passwd"}]}, "import.file-outside"),
        ({"kind": "material", "title": {"az": ["Plan"]}, "files": [{"path": "plan.png"}]}, "import.file-missing"),
    ],
)  # fmt: skip
def test_what_nobody_may_import_is_refused(steward: Client, record: dict[str, Any], code: str) -> None:
    address = begin(steward, ("a.jsonl", lines(record)))
    [found] = report(steward, address)["files"][0]["records"]
    assert found["error"]["code"] == code
    assert steward.get(address).status_code == 200
    assert Record.objects.count() == 0


def test_file_of_others_cannot_be_named(steward: Client, houses: Any, write: Write) -> None:
    import io

    from ortaq.files.store import keep

    kept = keep(io.BytesIO(b"sirr\n"), "sirr.txt")
    file = {"digest": kept.digest, "name": "sirr.txt", "media_type": kept.media_type, "bytes": kept.bytes}
    author = actor_of(join("author", of=houses[1], role="contributor"))
    write("material", {"title": {"az": ["Sirr"]}, "files": [file]}, by=author, audience=of_institution(houses[1].id))
    record = {"kind": "material", "source_id": "m:1", "title": {"az": ["Plan"]}, "files": [file]}
    found = imported(steward, ("a.jsonl", lines(record, place(1))))
    assert found["files"][0]["records"][0]["error"]["code"] == "record.file-unknown"


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


def test_keeper_imports_for_the_node(node: Any, write: Write) -> None:
    from ortaq.people.models import Person

    keeper = Person.objects.create_user("keeper", "Keeper", None, is_keeper=True)
    client = reader(keeper)
    uri = write("place", {"source_id": "geo:1", "title": {"az": ["Köhnə"]}})
    house = institution("Muzey A")
    hidden = write(
        "place",
        {"source_id": "geo:2", "title": {"az": ["Gizlin"]}},
        by=actor_of(join("author", of=house)),
        audience=of_institution(house.id),
    )
    found = imported(client, ("a.jsonl", lines(place(1), place(2), place(3))))
    assert [one["outcome"] for one in found["files"][0]["records"]] == ["revised", "made", "made"]
    assert found["files"][0]["records"][0]["uri"] == uri
    assert Change.objects.order_by("-id")[0].by == node.uri
    assert standing([hidden])[hidden].version == 1
    assert imported_again(client, lines(place(1), place(2), place(3))) == {"records_in": 3, "unchanged": 3}


def imported_again(client: Client, data: bytes) -> dict[str, int]:
    found = report(client, begin(client, ("b.jsonl", data)))["counts"]
    return {name: number for name, number in found.items() if number}


def test_who_lost_the_role_imports_nothing_more(steward: Client, houses: Any) -> None:
    from ortaq.people.models import Office

    address = begin(steward, ("a.jsonl", lines(place(1))))
    steward.post(address, {"do": "write"})
    Office.objects.update(role="editor")
    worked()
    assert (Job.objects.get().state, Record.objects.count()) == (Job.FAILED, 0)
    assert "Your role does not allow this" in steward.get(address).content.decode()


@pytest.mark.parametrize("stage", ["preview", "import"])
def test_import_goes_on_where_it_was_cut_off(steward: Client, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """As after kill -9: whatever was not committed is gone."""
    monkeypatch.setattr(run, "BATCH_RECORDS", 3)
    one, two = lines(*(place(n) for n in range(10))), lines(*(place(n) for n in range(5, 20)))
    response = send(steward, ("a.jsonl", one), ("b.jsonl", two))
    if stage == "import":
        worked()
        steward.post(response["Location"], {"do": "write"})

    class Killed(BaseException):
        pass

    went_on, calls = work._Watcher.went_on, iter(range(100))

    def killed(self: Any, *given: Any) -> None:
        if next(calls) % 2:
            raise Killed
        went_on(self, *given)

    monkeypatch.setattr(work._Watcher, "went_on", killed)
    for _ in range(20):
        try:
            if not jobs.run_once():
                break
        except Killed:
            continue
    if stage == "preview":
        steward.post(response["Location"], {"do": "write"})
        monkeypatch.setattr(work._Watcher, "went_on", went_on)
        worked()
    found = report(steward, response["Location"])
    assert found["counts"] | {"made": 20, "unchanged": 5, "records_in": 25} == found["counts"]
    assert (Change.objects.count(), Record.objects.count()) == (20, 20)
    assert [*verify_log(), *verify_projection()] == []


def test_import_is_stopped_between_batches(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    address = begin(steward, ("a.jsonl", lines(*(place(n) for n in range(10)))))
    steward.post(address, {"do": "write"})
    went_on = work._Watcher.went_on

    def stopping(self: Any, *given: Any) -> None:
        jobs.stop(Job.objects.get())
        went_on(self, *given)

    monkeypatch.setattr(work._Watcher, "went_on", stopping)
    worked()
    job = Job.objects.get()
    assert (job.state, Record.objects.count()) == (Job.STOPPED, 2)
    assert not folders.sent(job).exists()
    assert "Stopped" in steward.get(address).content.decode()


def test_preview_is_thrown_away(steward: Client) -> None:
    address = begin(steward, ("a.jsonl", lines(place(1))))
    steward.post(address, {"do": "stop"})
    job = Job.objects.get()
    assert (job.state, Record.objects.count()) == (Job.STOPPED, 0)
    assert list(folders.folder_of(job).iterdir()) == []
    assert steward.post(address, {"do": "write"}).status_code == 409


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("boş.csv", b"  \n", "is empty"),
        ("şəkil.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "none of the known formats"),
        (
            "sirr.xml",
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html>&e;</html>',
            "none of the known formats",
        ),
        ("qırıq.jsonl.gz", b"\x1f\x8b\x08\x00broken", "damaged"),
    ],
)
def test_file_that_cannot_be_read_is_told_at_once(steward: Client, name: str, data: bytes, said: str) -> None:
    response = send(steward, (name, data))
    page = response.content.decode()
    assert (response.status_code, Job.objects.count()) == (422, 0)
    assert said in page and name in page and str(settings.HOME) not in page and "--" not in page.partition("<main")[2]
    assert list(folders.imports().glob("*")) == []


def test_little_that_unpacks_to_much_is_refused_at_once(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_BYTES", 3_000_000)
    response = send(steward, ("a.csv.gz", gzip.compress(b"a;b\n" * 2_000_000)))
    assert response.status_code == 422 and "3000000 bytes" in response.content.decode()
    assert list(folders.imports().glob("*")) == []


def test_table_that_turns_out_to_be_none_ends_the_import(steward: Client) -> None:
    """0x98 is no letter in Windows-1251; it stands behind what is looked at first."""
    data = "№;Название\n".encode("cp1251") + "1;Крепость и дворец\n".encode("cp1251") * 8000 + b"2;\x98\n"
    assert send(steward, ("a.csv", b"\x98" + data)).status_code in (302, 422)
    for job in Job.objects.all():
        page = steward.get(f"/import/{job.key}", follow=True)
        assert page.status_code == 200 and str(settings.HOME) not in page.content.decode()


def test_format_can_be_forced_and_no_path_of_the_server_is_told(steward: Client) -> None:
    response = send(steward, ("a.txt", b"a\xa5\xa5\xa5b;c\n" * 100), format="csv")
    page = response.content.decode()
    assert response.status_code == 422 and "a.txt" in page and str(settings.HOME) not in page


def test_form_without_files_says_so(steward: Client) -> None:
    response = steward.post("/import", {"audience": "everyone"})
    page = response.content.decode()
    assert response.status_code == 422 and "Choose at least one file" in page and "Choose who may see" in page


def test_too_much_is_refused_and_leaves_nothing(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_BYTES", 1000)
    assert send(steward, ("a.jsonl", b" " * 900_000)).status_code == 413
    assert send(steward, ("a.jsonl", b" " * 2_000_000)).status_code == 413
    assert list(folders.imports().glob("*")) == [] and Job.objects.count() == 0


def test_at_most_five_imports_are_open(steward: Client) -> None:
    for number in range(5):
        assert send(steward, (f"{number}.jsonl", lines(place(number)))).status_code == 302
    assert send(steward, ("6.jsonl", lines(place(6)))).status_code == 429


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


def test_what_was_abandoned_is_swept(steward: Client) -> None:
    address = begin(steward, ("a.jsonl", lines(place(1))))
    waiting = Job.objects.get()
    orphan = folders.new_folder()
    assert folders.sweep() == 0
    os.utime(orphan, (0, 0))
    Job.objects.update(made_at=timezone.now() - timezone.timedelta(days=8))
    assert folders.sweep() == 2
    assert not orphan.exists() and not folders.folder_of(waiting).exists()
    assert Job.objects.get().state == Job.STOPPED
    assert steward.get(address).status_code == 200 and steward.get(f"{address}/report.json").status_code == 404


def test_several_work_by_turns(steward: Client, other: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 1)
    monkeypatch.setattr(work, "_TURN_SECONDS", 0)
    for client in (steward, other):
        send(client, ("a.jsonl", lines(*(place(n) for n in range(4)))))
    monkeypatch.setattr(jobs, "_last", {})
    seen = []
    for _ in range(4):
        jobs.run_once()
        seen.append([job.done > 0 for job in Job.objects.order_by("id")])
    assert seen[0] == [True, False] and seen[1] == [True, True]
