# SPDX-License-Identifier: Apache-2.0
"""Merging through the API: as on the pages, and held against the document."""

from collections.abc import Callable
from typing import Any

from tests.doors.api.conftest import Asked, to_write
from tests.factories import institution


def made(asked: Asked, name: str, **more: Any) -> Any:
    answer = asked("POST", "/api/records", to_write(name, **more))
    assert answer.status_code == 201, answer.content
    return answer


def to_merge(other: Any, **more: Any) -> dict[str, Any]:
    return {"other": other.json()["uri"], "other_etag": other["ETag"], **more}


def test_records_are_merged_and_the_merge_is_taken_back(steward: Asked, stranger: Asked) -> None:
    kept, other = made(steward, "Qala"), made(steward, "Qala 2")
    near = made(steward, "Bulaq", links=[{"role": "located_in", "to": other.json()["uri"]}])
    merged = steward("POST", f"{kept['Location']}/merge", to_merge(other), headers={"If-Match": kept["ETag"]})
    assert (merged.status_code, merged.json()["version"]) == (200, 2)
    assert merged.json()["body"]["title"] == {"az": ["Qala", "Qala 2"]}
    moved = stranger("GET", other["Location"])
    assert (moved.status_code, moved["Location"]) == (301, kept["Location"])
    pointing = stranger("GET", f"/api/records?links_to={kept.json()['uri']}&role=located_in").json()["records"]
    assert [one["uri"] for one in pointing] == [near.json()["uri"]]
    late = steward("PUT", other["Location"], to_write("Yenə"), headers={"If-Match": "*"})
    assert (late.status_code, late.json()["code"]) == (410, "record.replaced")
    assert late.json()["facts"]["winner"] == kept.json()["uri"]
    back = {"other": other.json()["uri"]}
    stale = steward("POST", f"{kept['Location']}/unmerge", back, headers={"If-Match": kept["ETag"]})
    assert stale.status_code == 412
    done = steward("POST", f"{kept['Location']}/unmerge", back, headers={"If-Match": merged["ETag"]})
    assert (done.status_code, done.json()["is_restored"], done.json()["fields"]) == (200, True, ["title"])
    assert done.json()["record"]["body"] == kept.json()["body"]
    assert stranger("GET", other["Location"]).json()["body"] == other.json()["body"]
    again = steward("POST", f"{kept['Location']}/unmerge", back, headers={"If-Match": "*"})
    assert (again.status_code, again.json()["code"]) == (409, "record.not-merged")


def test_caller_may_say_what_the_kept_record_says(steward: Asked) -> None:
    kept, other = made(steward, "Qala"), made(steward, "Qala 2")
    body = {"title": {"az": ["Qalaça"]}}
    merged = steward("POST", f"{kept['Location']}/merge", to_merge(other, body=body), headers={"If-Match": "*"})
    assert merged.json()["body"]["title"] == body["title"]
    wrong = steward("POST", f"{kept['Location']}/merge", to_merge(kept, body={}), headers={"If-Match": "*"})
    assert wrong.status_code in (412, 422)


def test_nothing_is_taken_from_a_record_that_fewer_may_see(steward: Asked) -> None:
    kept = made(steward, "Qala")
    other = steward("POST", "/api/records", {**to_write("Gizli"), "audience": "node"})
    merged = steward("POST", f"{kept['Location']}/merge", to_merge(other), headers={"If-Match": "*"})
    assert merged.json()["body"]["title"] == {"az": ["Qala"]}


def test_replaces_is_refused_in_what_is_written_by_hand(steward: Asked) -> None:
    kept, other = made(steward, "Qala"), made(steward, "Qala 2")
    link = {"role": "replaces", "to": other.json()["uri"]}
    for answer in (
        steward("PUT", kept["Location"], to_write("Qala", links=[link]), headers={"If-Match": "*"}),
        steward("POST", "/api/records", to_write("Yeni", links=[link])),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "record.replaces-by-hand")


def test_stale_and_foreign_merges_are_refused(steward: Asked, stranger: Asked, asked_as: Callable[..., Asked]) -> None:
    kept, other = made(steward, "Qala"), made(steward, "Qala 2")
    where = f"{kept['Location']}/merge"
    newer = steward("PUT", other["Location"], to_write("Qala 3"), headers={"If-Match": other["ETag"]})
    stale = steward("POST", where, to_merge(other), headers={"If-Match": kept["ETag"]})
    assert (stale.status_code, stale["ETag"]) == (412, newer["ETag"])
    assert stranger("POST", where, to_merge(newer), headers={"If-Match": "*"}).status_code == 401
    outsider = asked_as("o", of=institution("B"), role="administrator")
    denied = outsider("POST", where, to_merge(newer), headers={"If-Match": "*"})
    assert (denied.status_code, denied.json()["code"]) == (403, "person.denied")
    foreign = made(outsider, "Qala")
    assert steward("POST", where, to_merge(foreign), headers={"If-Match": "*"}).status_code == 403
    hidden = outsider("POST", "/api/records", {**to_write("Gizli"), "audience": "private"})
    for uri in (hidden.json()["uri"], "urn:ortaq:" + "a" * 26 + ":" + "z" * 16, "x"):
        asked = {"other": uri, "other_etag": hidden["ETag"]}
        assert steward("POST", where, asked, headers={"If-Match": "*"}).status_code == 404
