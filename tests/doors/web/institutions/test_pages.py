# SPDX-License-Identifier: Apache-2.0
"""The pages of institutions and of the node's keepers: who may do what there, and what is written down."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from ortaq.notices.models import Follow
from ortaq.people.audit import note
from ortaq.people.models import AuditEntry, Institution, Invitation, Membership, Person
from ortaq.people.queries import role_of
from tests.doors.web.conftest import PASSWORD
from tests.factories import institution, invitation, join


def client_of(login: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    assert client.post("/sign-in", {"login": login, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def museum(node: Any) -> Institution:
    made: Institution = institution("Muzey", homepage="https://muzey.example")
    for login, role in (("head", "administrator"), ("aysel", "contributor")):
        join(login, login.capitalize(), of=made, role=role, password=PASSWORD)
    join("other", of=institution("Arxiv"), role="administrator", password=PASSWORD)
    join("keeper", of=Institution.objects.latest("made_at"), role="reader", password=PASSWORD, is_keeper=True)
    return made


def member(login: str) -> Membership:
    found: Membership = Membership.objects.get(person__login=login)
    return found


def test_stranger_sees_its_names_and_homepage_and_no_people(museum: Institution) -> None:
    page = Client().get(f"/institutions/{museum.id}").content.decode()
    assert "Muzey" in page
    assert "https://muzey.example" in page
    assert "Aysel" not in page
    assert Client().get("/institutions/unknown").status_code == 404


def test_institution_is_followed_from_its_page(museum: Institution) -> None:
    address, other = f"/institutions/{museum.id}", client_of("other")
    assert 'action="/follow"' not in Client().get(address).content.decode()
    page = other.get(address).content.decode()
    target = re.search(r'name="target" value="([^"]+)"', page)[1]  # type: ignore[index]
    other.post("/follow", {"target": target, "next": address})
    assert Follow.objects.get().person.login == "other"
    assert "Stop following" in other.get(address).content.decode()


PATHS = ["people", "people/invite", "people/{member}", "people/{member}/end", "settings", "audit", "audit.csv"]
MAY = {
    "head": set(PATHS),
    "aysel": {"people"},
    "other": set(),
    "keeper": {"people", "people/invite"},
}


@pytest.mark.parametrize("login", MAY)
def test_pages_open_to_whom_they_concern(museum: Institution, login: str) -> None:
    client = client_of(login)
    for path in PATHS:
        address = f"/institutions/{museum.id}/{path.format(member=member('aysel').pk)}"
        assert client.get(address).status_code == (200 if path in MAY[login] else 403), path
        assert Client().get(address)["Location"].startswith("/sign-in?next="), path
    for path in ("institutions", "institutions/new", "audit", "audit.csv", f"institutions/{museum.id}/quota"):
        assert client.get(f"/node/{path}").status_code == (200 if login == "keeper" else 403), path


def test_invited_person_has_role_and_office(museum: Institution) -> None:
    head = client_of("head")
    made = head.post(
        f"/institutions/{museum.id}/people/invite", {"role": "editor", "office": "Baş redaktor", "days": "7"}
    )
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', made.content.decode())[1]  # type: ignore[index]
    assert "Baş redaktor" in Client().get(link).content.decode()
    form = {"name": "Nigar", "login": "nigar", "password": "üç alma düşdü", "again": "üç alma düşdü"}
    assert Client().post(link, form).status_code == 302
    assert role_of(member("nigar")) == "editor"
    assert "Baş redaktor" in head.get(f"/institutions/{museum.id}/people").content.decode()
    actions = list(AuditEntry.objects.filter(institution=museum.id).values_list("action", flat=True))
    assert {"invitation.made", "invitation.accepted", "person.signed-in"} <= set(actions)


def test_person_of_one_institution_joins_another_and_acts_for_either(museum: Institution) -> None:
    client = client_of("other")
    link = f"/welcome/{invitation(of=museum, role='editor')}"
    assert "Muzey" in client.get(link).content.decode()
    assert client.post(link)["Location"] == "/account/institutions"
    first, second = Membership.objects.filter(person__login="other").order_by("id")
    assert client.session["acting"] == second.pk
    client.post("/account/institutions/act", {"membership": first.pk})
    assert client.session["acting"] == first.pk
    assert client.post("/account/institutions/act", {"membership": member("head").pk}).status_code == 404
    assert client.post("/account/institutions/act", {"membership": "x"}).status_code == 404


def test_revoked_link_leads_nowhere(museum: Institution) -> None:
    link = f"/welcome/{invitation(of=museum)}"
    number = Invitation.objects.get().pk
    path = f"/institutions/{museum.id}/invitations/{number}/revoke"
    assert client_of("aysel").post(path).status_code == 403
    assert client_of("head").post(path).status_code == 302
    assert Client().get(link).status_code == 404


def test_role_changes_at_the_next_page_and_stays_on_record(museum: Institution) -> None:
    head = client_of("head")
    path = f"/institutions/{museum.id}/people/{member('aysel').pk}"
    assert head.post(path, {"role": "steward", "office": "Mühafizəçi"}).status_code == 302
    assert role_of(member("aysel")) == "steward"
    page = head.get(f"/institutions/{museum.id}/people").content.decode()
    assert "Mühafizəçi" in page
    assert "Contributor" in page
    assert head.post(path, {"role": "emperor", "office": ""}).status_code == 422
    own = f"/institutions/{museum.id}/people/{member('head').pk}"
    answer = head.post(own, {"role": "reader", "office": ""})
    assert answer.status_code == 422
    assert "only administrator" in answer.content.decode()


def test_leaver_is_succeeded_and_record_says_by_whom(museum: Institution, write: Any) -> None:
    uri = write("place", {"title": {"az": "Şəki"}}, by=member("aysel").actor)
    record = "/r/" + uri.removeprefix("urn:ortaq:")
    assert "Answers for it" not in client_of("head").get(record).content.decode()
    aysel = client_of("aysel")
    path = f"/account/institutions/{member('aysel').pk}/leave"
    assert aysel.post(path).status_code == 422
    assert aysel.post(path, {"successor": member("other").pk}).status_code == 422
    assert aysel.post(path, {"successor": member("head").pk}).status_code == 302
    assert "Answers for it: Head" in client_of("head").get(record).content.decode()
    assert aysel.get(f"/institutions/{museum.id}/people").status_code == 403
    assert "Were here" in client_of("head").get(f"/institutions/{museum.id}/people").content.decode()


def test_last_administrator_stays(museum: Institution) -> None:
    head = client_of("head")
    for path in (
        f"/account/institutions/{member('head').pk}/leave",
        f"/institutions/{museum.id}/people/{member('head').pk}/end",
    ):
        answer = head.post(path, {"successor": member("aysel").pk})
        assert answer.status_code == 422
        assert "only administrator" in answer.content.decode()
    assert member("head").left_at is None


def test_settings_keep_names_that_the_form_does_not_show(museum: Institution) -> None:
    Institution.objects.filter(pk=museum.pk).update(name={"az": ["Muzey", "Köhnə ad"], "tr": ["Müze"]})
    head, path = client_of("head"), f"/institutions/{museum.id}/settings"
    form = {"name_az": "Yeni ad", "name_ru": "Музей", "homepage": "https://new.example", "needs_proposal": "on"}
    assert head.post(path, form).status_code == 302
    museum.refresh_from_db()
    assert museum.name == {"tr": ["Müze"], "az": ["Yeni ad", "Köhnə ad"], "ru": ["Музей"]}
    assert museum.needs_proposal
    assert head.post(path, {**form, "homepage": "javascript:alert(1)"}).status_code == 422
    Institution.objects.filter(pk=museum.pk).update(name={"az": ["Muzey"]})
    assert head.post(path, {"homepage": ""}).status_code == 422


def test_trail_is_filtered_paged_and_exported(museum: Institution) -> None:
    for number in range(120):
        note("token.made", actor=member("aysel").actor, institution=museum.id, subject=f"=cmd|{number}")
    note("token.made", institution="elsewhere", subject="not theirs")
    head, path = client_of("head"), f"/institutions/{museum.id}/audit"
    seen, address = [], f"{path}?action=token.made"
    while address:
        page = head.get(address).content.decode()
        seen += re.findall(r"=cmd\|(\d+)", page)
        older = re.search(r'href="(\?[^"]*before=\d+)"', page)
        address = path + older[1].replace("&amp;", "&") if older else ""
    assert seen == [str(number) for number in reversed(range(120))]
    assert "not theirs" not in page
    assert head.get(f"{path}?since=nonsense&until=2000-01-01&before=xx").status_code == 200
    table = b"".join(head.get(f"{path}.csv?action=token.made").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 120
    assert rows[0]["subject"] == "'=cmd|119"
    assert rows[0]["name"] == "Aysel"
    assert AuditEntry.objects.filter(action="audit.exported", institution=museum.id).exists()


def test_keeper_founds_closes_and_sets_quotas(museum: Institution) -> None:
    keeper = client_of("keeper")
    answer = keeper.post("/node/institutions/new", {"name": "Kitabxana", "language": "az", "country": "AZ"})
    made = Institution.objects.get(name={"az": ["Kitabxana"]})
    assert answer["Location"] == f"/institutions/{made.id}/people/invite"
    assert keeper.post(answer["Location"], {"role": "reader", "days": "7"}).status_code == 422
    assert keeper.post(answer["Location"], {"role": "administrator", "days": "7"}).status_code == 201
    assert keeper.post(f"/node/institutions/{museum.id}/quota", {"megabytes": "5"}).status_code == 302
    museum.refresh_from_db()
    assert museum.quota_bytes == 5 * 1024 * 1024
    aysel = client_of("aysel")
    keeper.post(f"/node/institutions/{museum.id}/close")
    assert aysel.get(f"/institutions/{museum.id}/people").status_code == 403
    keeper.post(f"/node/institutions/{museum.id}/close")
    assert aysel.get(f"/institutions/{museum.id}/people").status_code == 200
    trail = keeper.get("/node/audit").content.decode()
    for said in ("Institution founded", "Institution closed", "Institution opened again", "Quota changed"):
        assert said in trail


def test_names_of_people_are_shown_as_text(museum: Institution) -> None:
    Person.objects.filter(login="aysel").update(name="<b>Aysel</b>")
    page = client_of("head").get(f"/institutions/{museum.id}/people").content.decode()
    assert "<b>Aysel" not in page
    assert "&lt;b&gt;Aysel" in page
