# SPDX-License-Identifier: Apache-2.0
"""Merging on the pages: suggested, chosen, decided by field, confirmed, followed, taken back; and denied."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ortaq.core.audience import of_institution
from ortaq.core.replacing import replaced_in
from ortaq.records.actions import publish_record, revise_record
from ortaq.records.models import Record
from ortaq.records.queries import body_of
from ortaq.site.commands.verify import all_findings
from tests.factories import actor_of, institution, join, viewer


@pytest.fixture
def steward(node: Any) -> Any:
    return join("steward", "Sevda", role="steward")


@pytest.fixture
def page(steward: Any) -> Client:
    return client_of(steward)


@pytest.fixture
def make(steward: Any) -> Callable[..., str]:
    def publish(name: str, audience: str = "public", kind: str = "monument", **more: Any) -> str:
        body = {"title": {"az": [name]}, **more}
        return publish_record(viewer(steward), kind, body, audience).uri or ""

    return publish


def client_of(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    if person is not None:
        client.force_login(person)
    return client


def name_of(uri: str) -> str:
    return uri.removeprefix("urn:ortaq:")


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def with_(kept: str, other: str) -> str:
    return f"/r/{name_of(kept)}/merge/with/{name_of(other)}"


def versions(**more: str) -> dict[str, str]:
    return {"_version": "1", "_other": "1", **more}


def body(uri: str) -> dict[str, Any]:
    return body_of(Record.objects.select_related("change").get(uri=uri))


def merged(page: Client, kept: str, other: str, **more: str) -> Any:
    return page.post(with_(kept, other), versions(_do="merge", **more))


def test_names_alike_in_any_script_are_suggested_at_the_record_and_in_the_list(
    page: Client, make: Callable[..., str], indexed: Callable[[], None]
) -> None:
    older = make("Şəki xan sarayı", point={"lat": 41.2, "lon": 47.19})
    record = make("Шәки хан сарајы", point={"lat": 41.2, "lon": 47.2})
    make("Qız qalası")
    indexed()
    for address, link in (
        (f"/r/{name_of(record)}", with_(record, older)),
        (f"/r/{name_of(record)}/merge", with_(record, older)),
        ("/duplicates", with_(older, record)),  # the older one has the address that is known
    ):
        response = page.get(address)
        assert link in response.content.decode()
        assert "same name · 837 m apart" in text_of(response)
        assert "Qız qalası" not in text_of(response)
    assert "May be the same" not in text_of(client_of(None).get(f"/r/{name_of(record)}"))


def test_record_is_found_by_its_name_with_and_without_scripts(
    page: Client, make: Callable[..., str], indexed: Callable[[], None], write: Callable[..., str]
) -> None:
    record, other = make("Qala"), make("Körpü")
    write("monument", {"title": {"az": "Körpü"}})  # of the node itself
    indexed()
    found = page.get(f"/r/{name_of(record)}/merge?q=körp").content.decode()
    assert re.findall(r"merge/with/([^\"]+)", found) == [name_of(other)]
    options = page.get(f"/r/{name_of(record)}/merge/options?q=körp").content.decode()
    assert re.findall(r'data-uri="([^"]+)"', options) == [other]


def test_person_sees_both_decides_by_field_and_is_told_what_will_happen(
    page: Client, make: Callable[..., str], write: Callable[..., str], node: Any
) -> None:
    kept = make("Qala", built="1743", countries=["AZ"])
    other = make("Qala 2", built="1744", countries=["AZ"], sources=["Arxiv 5"])
    write("place", {"title": {"az": "Bulaq"}, "links": [{"role": "located_in", "to": other}]})
    write("opinion", {"about": other, "motivation": "comment", "lang": "az", "text": "Gözəl"})
    shown = text_of(page.get(with_(kept, other)))
    assert "This record is kept Qala" in shown
    assert "1743" in shown and "1744" in shown and "Arxiv 5" in shown
    assert "The same in both: Countries" in shown
    response = page.post(with_(kept, other), versions(**{"_do": "preview", "choice.built": "other", "note": "Eynidir"}))
    will = text_of(response)
    assert "1 link that you can see points at the other record" in will
    assert "1 opinion on the other record stands with the kept one" in will
    assert f"The old address /r/{name_of(other)} leads to the kept record" in will
    assert "1744" in will
    assert "1743" not in will
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))
    assert Record.objects.get(uri=other).state == Record.LIVE
    done = page.post(with_(kept, other), {**hidden, "_do": "merge"})
    assert done.headers["Location"] == f"/r/{name_of(kept)}#merged"
    said = body(kept)
    assert (said["built"], said["sources"], said["change_note"]) == ("1744", ["Arxiv 5"], "Eynidir")
    assert said["title"] == {"az": ["Qala", "Qala 2"]}
    assert replaced_in(said) == [other]


def test_everything_follows_to_the_kept_record(
    page: Client, make: Callable[..., str], write: Callable[..., str], client: Client
) -> None:
    kept, other = make("Qala"), make("Qala 2")
    near = write("place", {"title": {"az": "Bulaq"}, "links": [{"role": "located_in", "to": other}]})
    write("opinion", {"about": other, "motivation": "comment", "lang": "az", "text": "Gözəl"})
    merged(page, kept, other)
    for ending in ("", ".json", ".jsonl", "/links"):
        response = client.get(f"/r/{name_of(other)}{ending}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/r/{name_of(kept)}{ending}")
        assert "no-store" in response.headers["Cache-Control"]
    shown = client.get(f"/r/{name_of(kept)}")
    text = text_of(shown)
    assert "is the location of Bulaq" in text
    assert "given on a record merged into this one" in text and "Gözəl" in text
    assert "Merged into this record Qala 2" in text
    assert "replace" not in text
    linking = client.get(f"/r/{name_of(near)}").content.decode()
    assert re.search(rf'href="/r/{name_of(kept)}"><bdi[^>]*>Qala</bdi>', linking)
    old = text_of(client.get(f"/r/{name_of(other)}/history"))
    assert re.search(r"History Qala 2 .* This record was merged into Qala .*, which stands in its place\.", old)
    assert "Merged with another record" in text_of(client.get(f"/r/{name_of(kept)}/history"))


def test_merge_is_taken_back(page: Client, make: Callable[..., str], indexed: Callable[[], None]) -> None:
    kept, other = make("Qala"), make("Qala 2", sources=["Arxiv 5"])
    before = body(kept), body(other)
    merged(page, kept, other)
    assert f"/r/{name_of(other)}/unmerge" in page.get(f"/r/{name_of(kept)}").content.decode()
    asked = text_of(page.get(f"/r/{name_of(other)}/unmerge"))
    assert "Nobody has revised the kept record since" in asked
    assert "The merge changed in the kept record: Title, Sources." in asked
    response = page.post(f"/r/{name_of(other)}/unmerge", {"version": "2"})
    assert response.headers["Location"] == f"/r/{name_of(other)}"
    assert page.get(f"/r/{name_of(other)}").status_code == 200
    note = {"change_note": "The merge was taken back."}
    assert (body(kept), body(other)) == (before[0] | note, before[1] | note)
    assert "Merge taken back" in text_of(page.get(f"/r/{name_of(kept)}/history"))
    indexed()
    assert list(all_findings()) == []


def test_merge_taken_back_late_leads_to_the_comparison(page: Client, make: Callable[..., str], steward: Any) -> None:
    kept, other = make("Qala"), make("Qala 2", sources=["Arxiv 5"])
    merged(page, kept, other)
    later = {"title": {"az": ["Qala"]}, "sources": ["Arxiv 5"], "countries": ["AZ"]}
    revise_record(viewer(steward), kept, later, "public", expected_version=2)
    response = page.post(f"/r/{name_of(other)}/unmerge", {"version": "3"}, follow=True)
    assert response.redirect_chain[-1][0] == f"/r/{name_of(kept)}/compare?from=1&to=2"
    assert "The merge changed Title, Sources: look whether these are right." in text_of(response)
    assert body(kept)["sources"] == ["Arxiv 5"]


def test_stale_confirmation_shows_both_as_they_are_now(page: Client, make: Callable[..., str], steward: Any) -> None:
    kept, other = make("Qala"), make("Qala 2", built="1743")
    revise_record(viewer(steward), other, {"title": {"az": ["Qala 3"]}, "built": "1750"}, "public", expected_version=1)
    for step in ("preview", "merge"):
        response = page.post(with_(kept, other), versions(_do=step, note="Mənim qeydim"))
        assert response.status_code == 409
        assert "1750" in text_of(response)
        assert 'value="Mənim qeydim"' in response.content.decode()
    merged(page, kept, other, _other="2")
    response = page.post(f"/r/{name_of(other)}/unmerge", {"version": "1"})
    assert response.status_code == 409
    assert "Somebody has revised the kept record" in text_of(response)


def test_only_stewards_of_the_institution_are_let_in(page: Client, make: Callable[..., str], node: Any) -> None:
    kept, other, third = make("Qala"), make("Qala 2"), make("Qala 3")
    merged(page, kept, third)
    foreign = institution("B")
    people = [
        join("e", role="editor"),
        join("o", of=foreign, role="administrator"),
        join("k", of=foreign, is_keeper=True),
    ]
    addresses = [f"/r/{name_of(kept)}/merge", with_(kept, other), f"/r/{name_of(third)}/unmerge"]
    for one in map(client_of, people):
        for address in addresses:
            assert one.get(address).status_code == 403, address
            assert one.get(f"/r/{name_of(kept)}/merge/options").status_code == 403
        assert one.post(with_(kept, other), versions(_do="merge")).status_code == 403
        assert one.post(f"/r/{name_of(third)}/unmerge", {"version": "2"}).status_code == 403
        assert f"{name_of(kept)}/merge" not in one.get(f"/r/{name_of(kept)}").content.decode()
    stranger = client_of(None)
    for address in addresses:
        assert stranger.get(address).headers["Location"].startswith("/sign-in?next=")
    assert client_of(people[0]).get("/duplicates").status_code == 403


def test_hidden_records_look_absent(page: Client, make: Callable[..., str], steward: Any) -> None:
    house = of_institution(viewer(steward).institutions[0])
    kept = make("Qala")
    private = publish_record(viewer(join("c")), "monument", {"title": {"az": "Gizli"}}, "private").uri or ""
    absent = private[:-16] + "z" * 16

    def told(client: Client, address: str, uri: str) -> tuple[int, str]:
        response = client.get(address.format(name_of(uri)))
        return response.status_code, text_of(response).replace(name_of(uri), "ASKED")

    for address in (
        "/r/{}/merge",
        f"{with_(kept, kept)[: -len(name_of(kept))]}{{}}",
        "/r/{}/unmerge",
        "/r/{}/merge/options",
    ):
        assert told(page, address, private) == told(page, address, absent)
    narrow, wide = make("Saray", house), make("Saray 2")
    assert merged(page, narrow, wide).status_code == 302
    stranger = client_of(None)
    assert told(stranger, "/r/{}", wide) == told(stranger, "/r/{}", absent)
    assert told(stranger, "/r/{}/history", wide) == told(stranger, "/r/{}/history", absent)
    assert stranger.get(f"/api/records/{name_of(wide)}").status_code == 404
    assert page.get(f"/r/{name_of(wide)}").status_code == 301


def test_nothing_is_taken_from_a_narrower_record_unasked(page: Client, make: Callable[..., str], steward: Any) -> None:
    house = of_institution(viewer(steward).institutions[0])
    kept, other = make("Qala"), make("Gizli ad", house, sources=["Gizli arxiv"])
    assert "nothing is taken over unless you choose it" in text_of(page.get(with_(kept, other)))
    merged(page, kept, other)
    assert "Gizli" not in str(body(kept))
    assert "Gizli" not in client_of(None).get(f"/r/{name_of(kept)}").content.decode()
    assert "Gizli ad" in text_of(page.get(f"/r/{name_of(kept)}"))


def test_draft_of_a_merged_record_says_where_it_went(page: Client, make: Callable[..., str]) -> None:
    kept, other = make("Qala"), make("Qala 2")
    work = page.post(f"/r/{name_of(other)}/edit").headers["Location"]
    merged(page, kept, other)
    typed = {
        "_revision": "1",
        "_audience": "public",
        "title.0.lang": "az",
        "title.0.text.0": "Qala 3",
        "_do": "publish",
    }
    response = page.post(work, typed)
    assert f"was merged into {kept}" in text_of(response)
    assert page.post(f"/r/{name_of(other)}/edit").status_code == 410


def test_edit_keeps_the_merge_and_does_not_offer_it(page: Client, make: Callable[..., str]) -> None:
    kept, other = make("Qala"), make("Qala 2")
    merged(page, kept, other)
    work = page.post(f"/r/{name_of(kept)}/edit").headers["Location"]
    form = page.get(work).content.decode()
    assert "replaces" not in form
    typed = {
        "_revision": "1",
        "_audience": "public",
        "title.0.lang": "az",
        "title.0.text.0": "Qala 3",
        "_do": "publish",
    }
    assert page.post(work, typed).headers["Location"] == f"/r/{name_of(kept)}"
    assert (body(kept)["title"], replaced_in(body(kept))) == ({"az": ["Qala 3"]}, [other])


def test_reply_to_an_opinion_on_the_merged_record_is_given_at_the_kept_one(
    page: Client, make: Callable[..., str], write: Callable[..., str], steward: Any
) -> None:
    kept, other = make("Qala"), make("Qala 2")
    said = write(
        "opinion", {"about": other, "motivation": "comment", "lang": "az", "text": "Gözəl"}, by=actor_of(steward)
    )
    merged(page, kept, other)
    given = {"about": kept, "reply_to": said, "motivation": "reply", "lang": "az", "audience": "public", "text": "Bəli"}
    assert page.post("/opinions/give", given).status_code == 302
    assert re.search(r"Gözəl.*Bəli", text_of(client_of(None).get(f"/r/{name_of(kept)}")))
    revised = {"motivation": "comment", "lang": "az", "audience": "public", "text": "Çox gözəl", "version": "1"}
    assert page.post(f"/opinions/{name_of(said)}/revise", revised).status_code == 302
    assert "Çox gözəl" in text_of(client_of(None).get(f"/r/{name_of(kept)}"))


def test_kept_record_costs_the_same_for_one_merged_and_for_many(page: Client, make: Callable[..., str]) -> None:
    kept = make("Qala")

    def cost() -> int:
        client = client_of(None)
        client.get(f"/r/{name_of(kept)}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/r/{name_of(kept)}")
        return len(captured)

    merged(page, kept, make("Qala 1"))
    before = cost()
    for number in range(2, 6):
        merged(page, kept, make(f"Qala {number}"), _version=str(number))
    assert len(replaced_in(body(kept))) == 5
    assert cost() == before <= 12
