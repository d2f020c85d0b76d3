# SPDX-License-Identifier: Apache-2.0
"""Comparing, restoring, merging and withdrawing, asked in this process."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.records.copies import body_of_copy, propose_copy, start_copy
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import body_of
from tests.factories import actor_of, institution, join, viewer

Write = Callable[..., str]


@pytest.fixture
def revised(write: Write, person: Any) -> str:
    """A monument of the person in three versions; the second was seen by its author alone."""
    by = actor_of(person)
    uri = write("monument", {"title": {"az": ["Qala"]}, "description": {"az": ["Daş qala."]}}, by=by)
    write(
        "monument",
        {"title": {"az": ["Qala"]}, "description": {"az": ["Gizli söz."]}},
        by=by,
        uri=uri,
        audience="private",
    )
    write("monument", {"title": {"az": ["Qala"]}, "description": {"az": ["Köhnə daş qala."]}}, by=by, uri=uri)
    return uri


def address(uri: str) -> str:
    return "/r/" + uri.removeprefix("urn:ortaq:")


def client_of(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def test_versions_are_compared_by_words(client: Client, revised: str) -> None:
    text = client.get(f"{address(revised)}/compare?from=1&to=3").content.decode()
    assert "<ins>Köhnə daş</ins>" in text
    assert "<del>Daş</del>" in text
    assert "Unchanged:" in text


def test_version_that_one_may_not_read_is_not_compared(client: Client, signed_in: Client, revised: str) -> None:
    for pair in ("from=1&to=2", "from=2&to=3", "from=2&to=2"):
        text = client.get(f"{address(revised)}/compare?{pair}").content.decode()
        assert "Gizli" not in text
        assert "not there, or not for you to read" in text
    assert "Gizli" in signed_in.get(f"{address(revised)}/compare?from=1&to=2").content.decode()


def test_editor_sees_what_a_proposal_would_change(write: Write) -> None:
    house = institution("Muzey")
    author = join("author", of=house, role="contributor")
    before = {"title": {"az": ["Qala"]}, "description": {"az": ["Daş qala."]}}
    uri = write("monument", before, by=actor_of(author))
    after = {**before, "description": {"az": ["Köhnə daş qala."]}}
    copy = start_copy(viewer(author), "monument", record=Record.objects.get(uri=uri), body=after)
    propose_copy(viewer(author), copy.key)
    text = client_of(join("editor", of=house, role="editor")).get(f"/work/{copy.key}").content.decode()
    assert "What would change" in text
    assert "<ins>Köhnə daş</ins>" in text and "<del>Daş</del>" in text


@pytest.mark.parametrize("query", ["", "?from=7&to=0", "?from=x&to=²", "?from=-1&to=99999999999", "?from=3&to=1"])
def test_compare_takes_any_address(client: Client, revised: str, query: str) -> None:
    assert client.get(f"{address(revised)}/compare{query}").status_code == 200


def test_older_version_is_restored_as_a_new_one(signed_in: Client, revised: str) -> None:
    assert signed_in.post(f"{address(revised)}/restore", {"version": "1"}).status_code == 302
    copy = WorkingCopy.objects.get()
    assert body_of_copy(copy)["change_note"] == "Version 1 again."
    signed_in.post(f"/work/{copy.key}", {"_do": "publish", "_revision": "1", **posted(copy)})
    record = Record.objects.get(uri=revised)
    assert record.version == 4
    assert body_of(record)["description"] == {"az": ["Daş qala."]}


def posted(copy: WorkingCopy) -> dict[str, str]:
    from ortaq.doors.web.forms.tree import drawn, pairs
    from ortaq.records.registry import KINDS

    return dict(pairs(drawn(KINDS[copy.kind], body_of_copy(copy))))


def test_version_of_another_is_not_restored(node: Any, revised: str) -> None:
    other = join("rashad", of=institution("Muzey"), role="administrator")
    response = client_of(other).post(f"{address(revised)}/restore", {"version": "1"})
    assert response.status_code == 403
    assert client_of(other).post(f"{address(revised)}/edit").status_code == 403
    assert client_of(other).post(f"{address(revised)}/withdraw").status_code == 403
    assert not WorkingCopy.objects.exists()


def test_restore_of_a_version_one_may_not_read_tells_nothing(node: Any, revised: str) -> None:
    editor = join("rashad", role="editor")
    responses = [client_of(editor).post(f"{address(revised)}/restore", {"version": one}) for one in ("2", "9", "x")]
    assert [response.status_code for response in responses] == [404, 404, 404]


def test_stale_publication_is_merged_and_overwrites_nothing(signed_in: Client, write: Write, person: Any) -> None:
    by = actor_of(person)
    base = {"title": {"az": ["Qala"]}, "description": {"az": ["Daş qala."]}, "sources": ["Birinci"]}
    uri = write("monument", base, by=by)
    signed_in.post(f"{address(uri)}/edit")
    copy = WorkingCopy.objects.get()
    write(
        "monument",
        {**base, "description": {"az": ["Köhnə qala."]}, "sources": ["Birinci", "Onlarınkı"]},
        by=by,
        uri=uri,
    )
    mine = {
        "title.0.lang": "az", "title.0.text.0": "Qala", "description.0.lang": "az", "description.0.text.0": "Böyük qala.",
        "sources.0": "Birinci", "sources.1": "Mənimki", "built": "14XX",
    }  # fmt: skip
    response = signed_in.post(f"/work/{copy.key}", {**mine, "_do": "publish", "_revision": "1"})
    assert response.headers["Location"] == f"/work/{copy.key}/merge"
    assert Record.objects.get(uri=uri).version == 2
    text = signed_in.get(f"/work/{copy.key}/merge").content.decode()
    assert "Description (Azərbaycanca)" in text
    assert signed_in.post(f"/work/{copy.key}/merge", {"_version": "2"}).status_code == 422
    decision = {"_version": "2", "_choice.0": "edit", "_text.0": "Böyük köhnə qala."}
    assert signed_in.post(f"/work/{copy.key}/merge", decision).headers["Location"] == f"/work/{copy.key}"
    merged = WorkingCopy.objects.get()
    assert merged.base_version == 2
    signed_in.post(f"/work/{copy.key}", {**posted(merged), "_do": "publish", "_revision": str(merged.revision)})
    assert body_of(Record.objects.get(uri=uri)) == {
        "title": {"az": ["Qala"]},
        "description": {"az": ["Böyük köhnə qala."]},
        "built": "14XX",
        "sources": ["Birinci", "Mənimki", "Onlarınkı"],
    }


def test_decision_about_an_older_version_is_asked_again(signed_in: Client, write: Write, person: Any) -> None:
    by = actor_of(person)
    uri = write("monument", {"title": {"az": ["Qala"]}}, by=by)
    signed_in.post(f"{address(uri)}/edit")
    copy = WorkingCopy.objects.get()
    for number in (2, 3):
        write("monument", {"title": {"az": [f"Qala {number}"]}}, by=by, uri=uri)
    text = signed_in.post(f"/work/{copy.key}/merge", {"_version": "2", "_choice.0": "mine"}).content.decode()
    assert 'name="_version" value="3"' in text


def test_second_tab_gets_both_texts(signed_in: Client) -> None:
    signed_in.post("/new/place")
    copy = WorkingCopy.objects.get()
    first = {"title.0.lang": "az", "title.0.text.0": "Birinci", "_revision": "1"}
    signed_in.post(f"/work/{copy.key}", first)
    stale = signed_in.post(f"/work/{copy.key}/save", {**first, "title.0.text.0": "İkinci"})
    assert (stale.status_code, stale.json()["state"]) == (409, "stale")
    response = signed_in.post(f"/work/{copy.key}", {**first, "title.0.text.0": "İkinci"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Birinci" in text
    assert "İkinci" in text
    decision = {"_between": "tabs", "_version": "2", "_mine": '{"title": {"az": ["İkinci"]}}', "_choice.0": "both"}
    signed_in.post(f"/work/{copy.key}/merge", decision)
    assert body_of_copy(WorkingCopy.objects.get()) == {"title": {"az": ["İkinci", "Birinci"]}}


def test_save_says_when_the_session_has_ended(client: Client, signed_in: Client) -> None:
    signed_in.post("/new/place")
    copy = WorkingCopy.objects.get()
    response = client.post(f"/work/{copy.key}/save", {"_revision": "1"})
    assert response.status_code == 401
    assert response.json()["address"] == f"/sign-in?next=%2Fwork%2F{copy.key}"


def test_working_copy_is_nobody_elses(node: Any, signed_in: Client) -> None:
    signed_in.post("/new/place")
    copy = WorkingCopy.objects.get()
    other = client_of(join("rashad", role="administrator"))
    for path in ("", "/preview", "/merge", "/discard"):
        assert other.get(f"/work/{copy.key}{path}").status_code == 404
    assert other.post(f"/work/{copy.key}/save", {"_revision": "1"}).status_code == 410
    assert other.post(f"/work/{copy.key}/decide", {"_do": "publish"}).status_code == 404


def test_record_is_withdrawn_after_a_question(node: Any, write: Write) -> None:
    steward = join("rashad", role="steward")
    uri = write("place", {"title": {"az": ["Şəki"]}}, by=actor_of(steward))
    client = client_of(steward)
    assert "Withdraw" in client.get(f"{address(uri)}/withdraw").content.decode()
    assert client.post(f"{address(uri)}/withdraw", {"version": "7"}).status_code == 409
    client.post(f"{address(uri)}/withdraw", {"version": "1"})
    assert Record.objects.get(uri=uri).state == "withdrawn"


def test_new_record_like_another_leaves_out_what_is_its_own(signed_in: Client, write: Write, person: Any) -> None:
    body = {
        "title": {"az": ["Qala"]},
        "source_id": "x:1",
        "identifiers": [{"scheme": "wikidata", "value": "Q1"}],
        "built": "14XX",
    }
    uri = write("monument", body, by=actor_of(person))
    signed_in.post("/new/monument", {"like": uri})
    assert body_of_copy(WorkingCopy.objects.get()) == {"title": {"az": ["Qala"]}, "built": "14XX"}


def test_institution_that_wants_proposals_has_its_editors_publish(node: Any) -> None:
    museum = institution("Muzey", needs_proposal=True)
    writer, editor = join("leyla", of=museum), join("rashad", of=museum, role="editor")
    client = client_of(writer)
    client.post("/new/place")
    copy = WorkingCopy.objects.get()
    page = client.get(f"/work/{copy.key}").content.decode()
    assert 'value="propose"' in page
    assert 'value="publish"' not in page
    client.post(
        f"/work/{copy.key}", {"title.0.lang": "az", "title.0.text.0": "Şəki", "_do": "propose", "_revision": "1"}
    )
    assert "It waits for an editor" in client.get(f"/work/{copy.key}").content.decode()
    theirs = client_of(editor)
    assert "Şəki" in theirs.get(f"/work/{copy.key}").content.decode()
    theirs.post(f"/work/{copy.key}/decide", {"_do": "return", "remark": "Which Sheki?"})
    assert "Which Sheki?" in client.get(f"/work/{copy.key}").content.decode()
    copy = WorkingCopy.objects.get()
    client.post(f"/work/{copy.key}", {**posted(copy), "_do": "propose", "_revision": str(copy.revision)})
    theirs.post(f"/work/{copy.key}/decide", {"_do": "publish"})
    assert Record.objects.get().author == actor_of(writer)
