# SPDX-License-Identifier: Apache-2.0
import base64
import hashlib
import io
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ortaq.core.digest import digest_of
from ortaq.core.kind import Kind
from ortaq.files.actions import begin_upload, receive
from ortaq.people.models import Person
from ortaq.records.registry import KINDS
from ortaq.site.kinds import KINDS as ALL_KINDS
from tests.doors.api.conftest import Asked, to_write
from tests.factories import Write, actor_of, first_institution, institution, join, viewer
from tests.test_kinds import TARGET, sample

MOST_QUERIES = 12


@pytest.fixture(params=[kind.name for kind in ALL_KINDS if not kind.is_by_node])
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def upload(login: str, data: bytes) -> None:
    """Let the person have sent a file."""
    sender = viewer(Person.objects.get(login=login))
    begun = begin_upload(sender, name="mətn.txt", said_type="text/plain", size=len(data))
    receive(sender, begun.key, 0, io.BytesIO(data), announced=len(data))


def test_every_kind_is_made_read_revised_and_withdrawn(kind: Kind, steward: Asked, stranger: Asked) -> None:
    target = {name: value for name, value in TARGET.items() if name != "kind"}
    assert steward("POST", "/api/records", {"kind": "place", "audience": "public", "body": target}).status_code == 201
    upload("samir", b"abc")  # the file that the samples name
    body = {name: value for name, value in sample(kind).items() if name != "kind"}
    sent = {"kind": kind.name, "audience": "public", "body": body}

    made = steward("POST", "/api/records", sent)
    assert made.status_code == 201, made.content
    here, record = made["Location"], made.json()
    assert (record["kind"], record["version"], record["state"]) == (kind.name, 1, "live")
    assert record["body"]["source_id"] == "sample:1"
    assert stranger("GET", here).json() == record

    stale = made["ETag"]
    revised = steward("PUT", here, {**sent, "body": {**body, "sources": ["Kitab"]}}, headers={"If-Match": stale})
    assert (revised.status_code, revised.json()["version"]) == (200, 2)
    assert revised.json()["body"]["sources"] == ["Kitab"]

    refused = steward("DELETE", here, headers={"If-Match": stale})
    assert (refused.status_code, refused.json()["facts"]["present"]) == (412, "2")
    assert steward("DELETE", here, headers={"If-Match": refused["ETag"]}).status_code == 204
    assert stranger("GET", here).status_code == 410
    assert [one["change"]["version"] for one in stranger("GET", f"{here}/changes").json()["changes"]] == [1, 2, 3]


def test_history_is_signed_and_its_digests_are_those_of_the_bodies(steward: Asked, stranger: Asked) -> None:
    made = steward("POST", "/api/records", to_write("Şəki", countries=["AZ"]))
    [change] = stranger("GET", made["Location"] + "/changes").json()["changes"]
    text = orjson.dumps(change["body"], option=orjson.OPT_SORT_KEYS)
    digest = b"\x12\x20" + hashlib.sha256(text).digest()
    assert change["change"]["digest"] == "u" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert change["change"]["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    assert (change["findings"], change["is_withheld"], change["is_erased"]) == ([], False, False)


def test_revision_names_the_version_that_was_read(steward: Asked) -> None:
    made = steward("POST", "/api/records", to_write("Bir"))
    here, sent = made["Location"], to_write("İki")
    unnamed = steward("PUT", here, sent)
    assert (unnamed.status_code, unnamed.json()["code"]) == (428, "api.version-not-named")
    assert steward("DELETE", here).status_code == 428
    for wrong in ('"1.uEiAAA"', "1", f"W/{made['ETag']}", '"', "x" * 5000):
        answer = steward("PUT", here, sent, headers={"If-Match": wrong})
        assert (answer.status_code, answer["ETag"]) == (412, made["ETag"])
        assert answer.json()["facts"] == {"uri": made.json()["uri"], "present": "1", "etag": made["ETag"]}
    first = steward("PUT", here, sent, headers={"If-Match": f'"other", {made["ETag"]}'})
    assert first.json()["version"] == 2
    assert steward("PUT", here, sent, headers={"If-Match": made["ETag"]}).status_code == 412
    again = steward("PUT", here, sent, headers={"If-Match": "*"})
    assert (again.status_code, again.json()["version"], again["ETag"]) == (200, 2, first["ETag"])


def test_what_one_has_already_is_not_sent_again(steward: Asked, stranger: Asked) -> None:
    made = steward("POST", "/api/records", to_write())
    answer = stranger("GET", made["Location"], headers={"If-None-Match": f'"x", W/{made["ETag"]}'})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", made["ETag"])
    assert stranger("GET", made["Location"], headers={"If-None-Match": '"x"'}).status_code == 200


def test_source_id_that_is_taken_makes_no_second_record(steward: Asked) -> None:
    steward("POST", "/api/records", to_write(source_id="geo:1"))
    answer = steward("POST", "/api/records", to_write("Başqa", source_id="geo:1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "record.source-id-in-use")


def test_kind_does_not_change(steward: Asked) -> None:
    made = steward("POST", "/api/records", to_write())
    answer = steward("PUT", made["Location"], to_write(kind="monument"), headers={"If-Match": made["ETag"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "record.kind-changed")


def test_body_at_fault_is_named_field_by_field(steward: Asked) -> None:
    body = {"title": {"az": "x"}, "point": {"lat": 91, "lon": 0}, "a/b": 1}
    answer = steward("POST", "/api/records", {"kind": "place", "audience": "public", "body": body})
    assert (answer.status_code, answer.json()["code"]) == (422, "record.unknown-field")
    assert [(one["pointer"], one["code"]) for one in answer.json()["problems"]] == [
        ("/body/point/lat", "field.too-large"),
        ("/body/a~1b", "field.unknown"),
    ]
    wide = steward("POST", "/api/records", to_write(audience="everybody")).json()
    assert (wide["code"], wide["problems"][0]["pointer"]) == ("audience.unknown", "/audience")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], [""]),
        ({}, ["/kind", "/audience", "/body"]),
        ({"kind": 1, "audience": "public", "body": {}}, ["/kind"]),
        ({"kind": "place", "audience": "public", "body": [], "x": 1}, ["/x", "/body"]),
    ],
)
def test_request_of_another_shape_is_refused(steward: Asked, body: Any, pointers: list[str]) -> None:
    answer = steward("POST", "/api/records", body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["problems"]] == pointers


def test_only_who_may_writes(steward: Asked, stranger: Asked, asked_as: Callable[..., Asked]) -> None:
    made = steward("POST", "/api/records", to_write())
    here, named = made["Location"], {"If-Match": made["ETag"]}
    for method, address, body in (
        ("POST", "/api/records", to_write()),
        ("PUT", here, to_write()),
        ("DELETE", here, None),
    ):
        answer = stranger(method, address, body, headers=named)
        assert (answer.status_code, answer.json()["code"]) == (401, "api.credentials-missing")
        assert answer["WWW-Authenticate"] == 'Bearer realm="ortaq"'
    reader = asked_as("oxucu", role="reader")
    assert reader("POST", "/api/records", to_write()).json()["code"] == "person.denied"
    assert reader("PUT", here, to_write("B"), headers=named).status_code == 403
    other = asked_as("özgə", of=institution("Başqa"), role="administrator")
    assert other("PUT", here, to_write("B"), headers=named).status_code == 403
    assert other("DELETE", here, headers=named).status_code == 403


def test_what_may_not_be_seen_is_absent(steward: Asked, stranger: Asked, asked_as: Callable[..., Asked]) -> None:
    own = f"institution:{first_institution().id}"
    made = steward("POST", "/api/records", to_write("Gizli", audience=own))
    here, other = made["Location"], asked_as("özgə", of=institution("Başqa"), role="administrator")
    nowhere = here[:-16] + "a" * 16
    for who in (stranger, other):
        for tail in ("", "/changes", "/opinions"):
            there, absent = who("GET", here + tail), who("GET", nowhere + tail)
            assert there.status_code == absent.status_code == 404
            assert there.json()["code"] == absent.json()["code"] == "record.absent"
        assert who("GET", "/api/records").json()["records"] == []
        assert who("GET", "/api/changes").json()["changes"] == []
    assert other("PUT", here, to_write("B"), headers={"If-Match": made["ETag"]}).status_code == 404
    assert other("DELETE", here, headers={"If-Match": "*"}).status_code == 404
    assert [one["title"] for one in steward("GET", "/api/records").json()["records"]] == [{"az": ["Gizli"]}]


def test_body_of_a_version_that_was_narrower_is_withheld(steward: Asked, stranger: Asked) -> None:
    made = steward("POST", "/api/records", to_write("Gizli", audience="node"))
    steward("PUT", made["Location"], to_write("Açıq"), headers={"If-Match": made["ETag"]})
    first, second = stranger("GET", made["Location"] + "/changes").json()["changes"]
    assert (first["body"], first["is_withheld"], first["change"]["digest"]) == (None, True, made.json()["digest"])
    assert (second["body"]["title"], second["is_withheld"]) == ({"az": ["Açıq"]}, False)


def test_list_is_narrowed_and_goes_on_where_it_ended(steward: Asked, stranger: Asked) -> None:
    for number in range(5):
        steward("POST", "/api/records", to_write(f"Yer {number}", source_id=f"geo:{number}"))
    part = to_write("Hissə", kind="monument", links=[{"role": "part_of", "to": "geo:3"}], countries=["AZ"])
    monument = steward("POST", "/api/records", part).json()

    seen, after = [], 0
    while after is not None:
        page = stranger("GET", f"/api/records?limit=2&after={after}").json()
        seen += [one["title"]["az"][0] for one in page["records"]]
        after = page["after"]
    assert seen == ["Yer 0", "Yer 1", "Yer 2", "Yer 3", "Yer 4", "Hissə"]

    def found(query: str) -> list[str]:
        return [one["title"]["az"][0] for one in stranger("GET", f"/api/records?{query}").json()["records"]]

    assert found("kind=monument&kind=event") == ["Hissə"]
    assert found("order=newest&limit=1") == ["Hissə"]
    assert found("source_id=geo:2") == ["Yer 2"]
    target = stranger("GET", "/api/records?source_id=geo:3").json()["records"][0]["uri"]
    assert found(f"links_to={target}&role=part_of") == ["Hissə"]
    assert found(f"links_to={target}&role=about") == []
    assert len(found(f"author={monument['author']}")) == 6


def test_log_is_followed_from_where_one_stopped(steward: Asked, stranger: Asked) -> None:
    first = steward("POST", "/api/records", to_write("Bir"))
    steward("POST", "/api/records", to_write("Gizli", audience="node"))
    page = stranger("GET", "/api/changes").json()
    assert [one["change"]["record"] for one in page["changes"]] == [first.json()["uri"]]
    assert page["is_end"] is True
    steward("POST", "/api/records", to_write("Üç"))
    more = stranger("GET", f"/api/changes?after={page['after']}").json()
    assert [one["body"]["title"]["az"] for one in more["changes"]] == [["Üç"]]
    assert stranger("GET", f"/api/changes?after={more['after']}").json() == {
        "changes": [], "after": more["after"], "is_end": True,
    }  # fmt: skip
    assert stranger("GET", "/api/changes?limit=1").json()["is_end"] is False
    assert stranger("GET", "/api/changes?after=999999").json() == {"changes": [], "after": 999999, "is_end": True}


def test_log_does_not_show_what_was_narrowed_since(steward: Asked, stranger: Asked) -> None:
    made = steward("POST", "/api/records", to_write("Açıq"))
    steward("PUT", made["Location"], to_write("Gizli", audience="node"), headers={"If-Match": made["ETag"]})
    assert stranger("GET", "/api/changes").json()["changes"] == []
    assert len(steward("GET", "/api/changes").json()["changes"]) == 2


def test_page_of_long_bodies_is_cut_where_it_grows_too_long(steward: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ortaq.records.feed.MOST_CHARACTERS", 2_500)
    for number in range(4):
        steward("POST", "/api/records", to_write(f"Yer {number}", description={"az": "x" * 1_000}))
    steward("POST", "/api/records", to_write("Uzun", description={"az": "x" * 10_000}))
    lengths, after, is_end = [], 0, False
    while not is_end:
        page = steward("GET", f"/api/changes?after={after}").json()
        lengths.append(len(page["changes"]))
        after, is_end = page["after"], page["is_end"]
    assert lengths == [2, 2, 1]


def count_queries(asked: Asked, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert asked("GET", address).status_code == 200
    return len(queries)


def test_number_of_queries_does_not_depend_on_the_number_of_records(
    steward: Asked, place: Write, opinion: Write
) -> None:
    here = steward("POST", "/api/records", to_write("Qala", source_id="qala"))["Location"]
    opinion("qala")
    addresses = ["/api/records?limit=100", "/api/changes?limit=100", here, f"{here}/changes", f"{here}/opinions"]
    one = {address: count_queries(steward, address) for address in addresses}
    for number in range(99):
        place(f"geo:{number}")
        opinion("qala", f"Rəy {number}")
    many = {address: count_queries(steward, address) for address in addresses}
    print(many)
    assert many == one
    assert max(many.values()) <= MOST_QUERIES


def test_opinions_are_given_answered_and_read(steward: Asked, stranger: Asked, asked_as: Callable[..., Asked]) -> None:
    here = steward("POST", "/api/records", to_write())["Location"]
    said = steward("POST", f"{here}/opinions", {"motivation": "assess", "lang": "az", "text": "Divar çatlayıb."})
    assert said.status_code == 201
    reply = {"motivation": "reply", "lang": "ru", "text": "Да.", "reply_to": said.json()["uri"], "audience": "node"}
    other = asked_as("özgə", of=institution("Başqa"))
    assert other("POST", f"{here}/opinions", reply).status_code == 201

    threads = other("GET", f"{here}/opinions").json()
    assert [(one["depth"], one["opinion"]["body"]["text"]) for one in threads["opinions"]] == [
        (0, "Divar çatlayıb."),
        (1, "Да."),
    ]
    assert [one["author_name"] for one in threads["opinions"]] == ["samir", "özgə"]
    assert len(stranger("GET", f"{here}/opinions").json()["opinions"]) == 1

    away = steward("POST", "/api/records", to_write("Başqa"))["Location"]
    wrong = other("POST", f"{away}/opinions", reply)
    assert (wrong.status_code, wrong.json()["problems"][0]["pointer"]) == (422, "/reply_to")
    assert other("DELETE", said["Location"], headers={"If-Match": said["ETag"]}).json()["code"] == "record.not-author"
    assert steward("DELETE", said["Location"], headers={"If-Match": said["ETag"]}).status_code == 204
    [absent, _] = other("GET", f"{here}/opinions").json()["opinions"]
    assert (absent["is_absent"], absent["opinion"]) == (True, None)


def test_opinion_is_hidden_and_shown_again(steward: Asked, stranger: Asked, asked_as: Callable[..., Asked]) -> None:
    here = steward("POST", "/api/records", to_write())["Location"]
    other = asked_as("özgə", of=institution("Başqa"))
    said = other("POST", f"{here}/opinions", {"motivation": "comment", "lang": "az", "text": "Oğrular!"})["Location"]
    why = {"reason": "insult", "lang": "az", "note": "Təhqirdir."}
    denied = other("POST", f"{said}/hiding", why)
    assert (denied.status_code, denied.json()["code"]) == (403, "person.denied")
    wrong = steward("POST", f"{said}/hiding", {**why, "reason": "boring"})
    assert (wrong.status_code, wrong.json()["problems"][0]["pointer"]) == (422, "/reason")

    hidden = steward("POST", f"{said}/hiding", why)
    assert (hidden.status_code, hidden.json()["kind"]) == (201, "hiding")
    [one] = stranger("GET", f"{here}/opinions").json()["opinions"]
    assert one["hiding"] == {**why, "uri": hidden.json()["uri"]}
    assert one["opinion"]["body"] is None
    assert stranger("GET", said).json()["body"]["text"] == "Oğrular!"  # what was hidden, anybody can look at

    assert steward("DELETE", f"{said}/hiding").status_code == 204
    [one] = stranger("GET", f"{here}/opinions").json()["opinions"]
    assert (one["hiding"], one["opinion"]["body"]["text"]) == (None, "Oğrular!")


def test_opinion_is_never_wider_than_its_record(steward: Asked) -> None:
    here = steward("POST", "/api/records", to_write(audience="node"))["Location"]
    words = {"motivation": "comment", "lang": "az", "text": "Rəy"}
    assert steward("POST", f"{here}/opinions", words).json()["audience"] == "node"
    wide = steward("POST", f"{here}/opinions", {**words, "audience": "public"})
    assert (wide.status_code, wide.json()["problems"][0]["pointer"]) == (422, "/audience")
    wrong = steward("POST", f"{here}/opinions", {**words, "motivation": "shout"})
    assert wrong.json()["problems"][0]["pointer"] == "/motivation"


def test_who_am_i(steward: Asked, stranger: Asked, document: dict[str, Any]) -> None:
    person = join("iki", "İki Yerdə", role="editor")
    steward.client.force_login(person)
    answer = steward("GET", "/api/me").json()
    assert (answer["actor"], answer["name"], answer["is_keeper"]) == (actor_of(person), "İki Yerdə", False)
    assert answer["scopes"] == ["files", "read", "write"]
    [standing] = answer["standings"]
    assert (standing["role"], standing["is_acting"], standing["institution"]["id"]) == (
        "editor",
        True,
        first_institution().id,
    )
    assert stranger("GET", "/api/me").status_code == 401
    assert [one["id"] for one in stranger("GET", "/api/institutions").json()["institutions"]] == [
        first_institution().id
    ]


def test_kinds_and_their_schemas(stranger: Asked) -> None:
    kinds = stranger("GET", "/api/kinds").json()["kinds"]
    assert [one["name"] for one in kinds] == [kind.name for kind in ALL_KINDS]
    for one in kinds:
        assert stranger("GET", one["addresses"]["self"]).json() == one
        schema = stranger("GET", one["addresses"]["schema"])
        assert (schema["Content-Type"], schema.json()) == (
            "application/schema+json",
            ALL_KINDS[one["name"]].json_schema(),
        )
    assert stranger("GET", "/api/kinds/castle").status_code == 404
    translated = stranger("GET", "/api/kinds/place", headers={"Accept-Language": "ru"}).json()
    assert translated["label"] != "Place"


def test_file_is_known_by_who_may_see_a_record_that_has_it(steward: Asked, stranger: Asked) -> None:
    upload("samir", b"abc")
    file = {"digest": digest_of(b"abc"), "name": "m\u0259tn 1.txt", "media_type": "text/plain", "bytes": 3}
    here = f"/api/files/{file['digest']}"
    assert steward("GET", here).status_code == 404
    made = steward("POST", "/api/records", to_write("Mətn", kind="material", audience="node", files=[file]))
    assert stranger("GET", here).status_code == 404
    answer = steward("GET", here).json()
    assert answer["records"] == [{"uri": made.json()["uri"], "name": file["name"]}]
    assert (answer["bytes"], answer["media_type"]) == (3, "text/plain")
    assert b"".join(steward.client.get(answer["address"])) == b"abc"
    assert steward("GET", "/api/files/x").status_code == 404
    other = {**file, "digest": digest_of(b"not here")}
    refused = steward("POST", "/api/records", to_write("Mətn", kind="material", files=[other]))
    assert refused.json()["code"] == "record.file-unknown"
