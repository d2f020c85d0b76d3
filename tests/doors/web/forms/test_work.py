# SPDX-License-Identifier: Apache-2.0
"""The pages of the forms, asked in this process."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ortaq.records.copies import body_of_copy
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import body_of
from ortaq.site.kinds import KINDS
from tests.factories import join

Write = Callable[..., str]
TITLE = {"title.0.lang": "az", "title.0.text.0": "Şəki qalası"}
WRITTEN = [kind.name for kind in KINDS if not (kind.is_personal or kind.is_by_node or kind.bounded_by)]


def begun(client: Client, kind: str = "monument") -> WorkingCopy:
    assert client.post(f"/new/{kind}").status_code == 302
    return WorkingCopy.objects.latest("id")


def sent(client: Client, copy: WorkingCopy, do: str = "save", **posted: str) -> Any:
    fields = {name.replace("__", "."): text for name, text in posted.items()}
    return client.post(f"/work/{copy.key}", {**fields, "_revision": str(again(copy).revision), "_do": do})


def again(copy: WorkingCopy) -> WorkingCopy:
    return WorkingCopy.objects.get(key=copy.key)


def page(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_kind_has_a_form_in_every_language(signed_in: Client, kind: str) -> None:
    copy = begun(signed_in, kind)
    for lang in ("en", "az", "kk", "ru"):
        signed_in.cookies["django_language"] = lang
        text = page(signed_in.get(f"/work/{copy.key}"))
        assert f'<html lang="{lang}"' in text
        assert 'name="title.0.text.0"' in text


def test_record_is_written_previewed_and_published(signed_in: Client, indexed: Any) -> None:
    copy = begun(signed_in)
    assert sent(signed_in, copy, **TITLE, built="XV century", point__lat="41°12′N 47°10′E").status_code == 302
    assert body_of_copy(again(copy))["built"] == "14XX"
    assert "Şəki qalası" in page(signed_in.get(f"/work/{copy.key}/preview"))
    response = sent(signed_in, copy, "publish", **TITLE, built="1420~", point__lat="41.2", point__lon="47.1")
    record = Record.objects.get()
    assert response.headers["Location"].endswith(record.uri.removeprefix("urn:ortaq:"))
    assert body_of(record) == {"title": {"az": ["Şəki qalası"]}, "built": "1420~", "point": {"lat": 41.2, "lon": 47.1}}
    assert not WorkingCopy.objects.exists()


def test_faults_are_told_at_the_field_and_in_the_summary_and_nothing_typed_is_lost(signed_in: Client) -> None:
    copy = begun(signed_in)
    response = sent(
        signed_in, copy, "publish", built="long ago", point__lat="41.2", types__0="məscid", sources__0="a book"
    )
    text = page(response)
    assert response.status_code == 422
    assert '<a href="#f-title-0-text-0">Title: This is missing. Fill it in.</a>' in text
    assert '<a href="#f-built">Built: &#x27;long ago&#x27; is not a date' in text
    assert '<a href="#f-point-lon">' in text
    assert '<a href="#f-types-0">Type: &#x27;məscid&#x27; names no record.' in text
    assert 'value="long ago"' in text
    assert 'aria-invalid="true"' in text
    assert body_of_copy(again(copy))["sources"] == ["a book"]


def test_form_costs_at_most_twelve_queries(
    signed_in: Client, write: Write, django_assert_max_num_queries: Any, person: Any
) -> None:
    town = write("place", {"title": {"az": "Şəki"}})
    terms = [write("term", {"title": {"az": f"Növ {number}"}, "scheme": "types"}) for number in range(20)]
    copy = begun(signed_in)
    links = {f"links__{number}__to": town for number in range(10)} | {"links__0__role": "located_in"}
    sent(signed_in, copy, **TITLE, **{f"types__{number}": uri for number, uri in enumerate(terms)}, **links)
    with django_assert_max_num_queries(12):
        text = page(signed_in.get(f"/work/{copy.key}"))
    assert "Növ 19" in text
    assert "Şəki" in text


def test_stranger_signs_in_first_and_finds_what_was_posted(signed_in: Client, person: Any) -> None:
    copy = begun(signed_in)
    stranger = Client(headers={"Accept-Language": "en"})
    assert "/sign-in?next=" in stranger.get(f"/work/{copy.key}").headers["Location"]
    posted = {**TITLE, "_revision": "1", "_do": "publish"}
    assert "/sign-in?next=" in stranger.post(f"/work/{copy.key}", posted).headers["Location"]
    stranger.post("/sign-in", {"login": "leyla", "password": "qırx üç qala", "next": f"/work/{copy.key}"})
    text = page(stranger.get(f"/work/{copy.key}"))
    assert "This is what you had written before you signed in again." in text
    assert "Şəki qalası" in text


def test_name_typed_without_scripts_is_answered_by_what_it_may_mean(
    signed_in: Client, write: Write, indexed: Callable[[], None]
) -> None:
    mosque = write("term", {"title": {"az": "Məscid", "ru": "Мечеть"}, "scheme": "types"})
    write("place", {"title": {"az": "Məscid kəndi"}})
    indexed()
    copy = begun(signed_in)
    sent(signed_in, copy, **TITLE, types__0="мечет")
    text = page(signed_in.get(f"/work/{copy.key}"))
    assert "Which of these is meant?" in text
    assert f'value="choose:types.0={mosque}"' in text
    assert "Məscid kəndi" not in text
    response = sent(signed_in, copy, f"choose:types.0={mosque}", **TITLE, types__0="мечет")
    assert response.headers["Location"] == f"/work/{copy.key}#f-types-0"
    assert body_of_copy(again(copy))["types"] == [mosque]
    assert 'class="chosen-record"' in page(signed_in.get(f"/work/{copy.key}"))


def test_matches_are_only_what_one_may_see(
    client: Client, signed_in: Client, write: Write, indexed: Callable[[], None]
) -> None:
    write("place", {"title": {"az": "Gizli qala"}}, audience="private")
    write("place", {"title": {"az": "Gizlin bulaq"}})
    indexed()
    text = page(signed_in.get("/work/choose", {"q": "gizl"}))
    assert "Gizlin bulaq" in text
    assert "Gizli qala" not in text
    assert client.get("/work/choose", {"q": "gizl"}).status_code == 401


def test_rows_are_added_moved_and_removed_without_scripts(signed_in: Client) -> None:
    copy = begun(signed_in)
    sent(signed_in, copy, "add:sources", **TITLE, sources__0="first")
    sent(signed_in, copy, "up:sources.1", **TITLE, sources__0="first", sources__1="second")
    assert body_of_copy(again(copy))["sources"] == ["second", "first"]
    sent(signed_in, copy, "remove:sources.0", **TITLE, sources__0="second", sources__1="first")
    posted = {**TITLE, "_with:language:title": "kk"}
    signed_in.post(f"/work/{copy.key}", {**posted, "_revision": str(again(copy).revision), "_do": "language:title"})
    assert 'name="title.1.text.0"' in page(signed_in.get(f"/work/{copy.key}"))


def test_hostile_text_stays_text(signed_in: Client) -> None:
    copy = begun(signed_in)
    hostile = "\"><script>alert(1)</script><b x='"
    sent(
        signed_in, copy, "publish", title__0__lang=hostile, title__0__text__0=hostile, built=hostile, sources__0=hostile
    )
    for path in ("", "/preview", "/discard"):
        assert "<script>alert" not in page(signed_in.get(f"/work/{copy.key}{path}"))
    answer = signed_in.post("/work/hint", {"about": "text", "name": hostile, "tag": hostile, "text": hostile})
    assert "<script" not in page(answer)


def test_reader_is_not_offered_to_write(node: Any) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(join("reader", role="reader"))
    assert 'href="/new"' not in page(client.get("/about"))
    assert client.get("/new").status_code == 403
    assert client.post("/new/place").status_code == 403
