# SPDX-License-Identifier: Apache-2.0
"""Changing many records on pages: from a search over a preview to the change, and back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.core.audience import of_institution
from ortaq.doors.web.many import choosing, work
from ortaq.records import jobs
from ortaq.records.models import Job
from ortaq.records.queries import body_of, standing
from ortaq.records.registry import KINDS
from tests.factories import actor_of, institution, join

Write = Callable[..., str]


@pytest.fixture
def houses(node: Any) -> tuple[Any, Any]:
    return institution("Muzey A"), institution("Arxiv B")


@pytest.fixture
def steward(houses: tuple[Any, Any]) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(join("steward", of=houses[0], role="steward"))
    return client


@pytest.fixture
def author(houses: tuple[Any, Any]) -> str:
    return actor_of(join("author", of=houses[0], role="contributor"))


def worked() -> None:
    while jobs.run_once():
        pass


def begin(client: Client, **form: str) -> str:
    given = {"operation": "add", "note": "Ölkə əlavə olundu", **form}
    response = client.post("/many?kind=monument", given)
    assert response.status_code == 302, response.content.decode()
    worked()
    return response["Location"]


def test_change_of_many_is_shown_written_and_undone(
    steward: Client, author: str, write: Write, indexed: Callable[[], None]
) -> None:
    uris = [write("monument", {"title": {"az": [f"Qala {number}"]}}, by=author) for number in range(3)]
    indexed()
    assert "Change these records" in steward.get("/search?kind=monument").content.decode()
    assert "Countries" in steward.get("/many?kind=monument").content.decode()
    assert 'name="value.countries.0"' in steward.get("/many?kind=monument&field=countries").content.decode()

    address = begin(steward, field="countries", **{"value.countries.0": "AZ", "value.countries.1": ""})
    page = steward.get(address).content.decode()
    assert "3 records will be changed" in page and "Azerbaijan" in page and "Qala 1" in page
    assert all("countries" not in body_of(one) for one in standing(uris).values())

    steward.post(address, {"do": "write"})
    assert "0 of 3 records are done" in steward.get(address).content.decode()
    worked()
    assert [body_of(one)["countries"] for one in standing(uris).values()] == [["AZ"]] * 3
    assert "3 records were changed" in steward.get(address).content.decode()

    back = steward.post(address, {"do": "undo"})["Location"]
    worked()
    assert "Undone: Ölkə əlavə olundu" in steward.get(back).content.decode()
    assert all("countries" not in body_of(one) for one in standing(uris).values())
    listed = steward.get("/many/jobs").content.decode()
    assert address in listed and back in listed


def test_only_what_the_viewer_sees_is_planned_and_named(
    steward: Client, author: str, houses: tuple[Any, Any], write: Write, indexed: Callable[[], None]
) -> None:
    other = actor_of(join("other", of=houses[1], role="steward"))
    write("monument", {"title": {"az": ["Görünən"]}}, by=author)
    write("monument", {"title": {"az": ["Yadın"]}}, by=other)
    write("monument", {"title": {"az": ["Gizlin"]}}, by=other, audience=of_institution(houses[1].id))
    indexed()
    address = begin(steward, field="countries", **{"value.countries.0": "AZ"})
    page = steward.get(address).content.decode()
    left = steward.get(f"{address}?show=left").content.decode()
    assert "Görünən" in page and "Yadın" in left and "Your role does not allow this" in left
    assert "Gizlin" not in page + left
    assert Job.objects.get().counts == {"to-do": 1, "left": 1}


@pytest.mark.parametrize("role", ["reader", "contributor", "editor"])
def test_below_a_steward_nobody_changes_many(role: str, houses: tuple[Any, Any], indexed: Callable[[], None]) -> None:
    indexed()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(join("somebody", of=houses[0], role=role))
    for address in ("/many?kind=monument", "/many/jobs"):
        assert client.get(address).status_code == 403
    assert client.post("/many?kind=monument", {"field": "countries"}).status_code == 403
    assert "Change these" not in client.get("/search").content.decode()


def test_job_of_another_is_absent(steward: Client, author: str, houses: Any, write: Write, indexed: Any) -> None:
    write("monument", {"title": {"az": ["Qala"]}}, by=author)
    indexed()
    address = begin(steward, field="countries", **{"value.countries.0": "AZ"})
    other = Client(headers={"Accept-Language": "en"})
    other.force_login(join("second", of=houses[0], role="administrator"))
    for client in (other, Client(headers={"Accept-Language": "en"})):
        assert client.get(address).status_code == 404
        assert client.post(address, {"do": "write"}).status_code == 404
    assert Job.objects.get().state == Job.PLANNED


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"field": "countries", "value.countries.0": "Azerbaijan"}, "two capital letters"),
        ({"field": "countries", "value.countries.0": ""}, "This is missing"),
        ({"field": "countries", "value.countries.0": "AZ", "note": ""}, "This is empty"),
        ({"field": "built", "operation": "set", "value.built": "keçən il"}, "not a date"),
        ({"field": "built", "operation": "explode", "value.built": "1424"}, "This is missing"),
        ({"field": "audience", "audience": "private"}, "This is missing"),
        ({"field": "audience", "audience": "institution:aaaaaaaaaaaaaaaa"}, "This is missing"),
    ],
)
def test_wrong_value_is_told_before_anything_is_planned(
    steward: Client, author: str, write: Write, indexed: Callable[[], None], form: dict[str, str], said: str
) -> None:
    write("monument", {"title": {"az": ["Qala"]}}, by=author)
    indexed()
    response = steward.post("/many?kind=monument", {"operation": "add", "note": "niyə", **form})
    assert (response.status_code, Job.objects.count()) == (422, 0)
    assert said in response.content.decode()


def test_too_many_are_refused(
    steward: Client, author: str, write: Write, indexed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write("monument", {"title": {"az": [f"Qala {number}"]}}, by=author)
    indexed()
    form = {"field": "countries", "operation": "add", "value.countries.0": "AZ", "note": "niyə"}
    monkeypatch.setattr(work, "MOST_RECORDS", 2)
    address = steward.post("/many?kind=monument", form)["Location"]
    worked()
    assert "at most 2 are changed at once" in steward.get(address).content.decode()
    monkeypatch.setattr(choosing, "MOST_RECORDS", 2)
    assert steward.post("/many?kind=monument", form).status_code == 422


def test_every_field_of_every_kind_can_be_shown(steward: Client, author: str, write: Write, indexed: Any) -> None:
    """The form is drawn for whatever the kinds declare; nothing in it raises."""
    indexed()
    for kind in KINDS:
        for spec in choosing.offered(kind):
            page = steward.get("/many", {"kind": kind.name, "field": spec.name})
            assert page.status_code == 200
            assert f'name="value.{spec.name}' in page.content.decode(), f"{kind.name}.{spec.name}"


def test_links_are_added_by_the_address_of_a_page(steward: Client, author: str, write: Write, indexed: Any) -> None:
    town = write("place", {"title": {"az": ["Şəki"]}}, by=author)
    uri = write("monument", {"title": {"az": ["Saray"]}}, by=author)
    indexed()
    page = f"https://example.org/r/{town.removeprefix('urn:ortaq:')}"
    address = begin(steward, field="links", **{"value.links.0.role": "located_in", "value.links.0.to": page})
    assert "located in: Şəki" in steward.get(address).content.decode()
    steward.post(address, {"do": "write"})
    worked()
    assert body_of(standing([uri])[uri])["links"] == [{"role": "located_in", "to": town}]
