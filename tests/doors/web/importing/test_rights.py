# SPDX-License-Identifier: Apache-2.0
"""Who may import, for whom, and that nothing of others is read or changed by it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.core.audience import of_institution
from ortaq.doors.web.importing import folders
from ortaq.records.models import Change, Job, Record
from ortaq.records.queries import body_of, standing
from tests.doors.web.importing.conftest import reader
from tests.doors.web.importing.steps import CSV, begin, imported, lines, own, place, report, send, worked
from tests.factories import actor_of, institution, join

Write = Callable[..., str]


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
