# SPDX-License-Identifier: Apache-2.0
"""My work, proposals, notices, following: what each page shows, to whom, and what it costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ortaq.core.identifiers import record_uri
from ortaq.notices.actions import digest_token, follow
from ortaq.notices.following import catch_up
from ortaq.notices.models import Choice, Follow, Notice
from ortaq.notices.sorts import SORTS
from ortaq.people.models import Membership
from ortaq.records import copies
from tests.factories import actor_of, institution, join, viewer

Write = Callable[..., str]
PAGES = ("/work", "/work/waiting", "/notices", "/notices/following", "/notices/choose")
BODY = {"title": {"az": ["Qala"]}}


def client_of(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def said(about: str, text: str, **more: str) -> dict[str, Any]:
    return {"about": about, "motivation": "comment", "lang": "az", "text": text, **more}


def proposal(author: Any, title: str = "Qala") -> Any:
    started = copies.start_copy(viewer(author), "place", body={"title": {"az": [title]}})
    return copies.propose_copy(viewer(author), started.key)


@pytest.mark.parametrize("path", PAGES)
def test_stranger_signs_in_first_and_comes_back(client: Client, node: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/sign-in?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "az", "kk", "ru"])
def test_page_with_nothing_on_it_teaches(signed_in: Client, path: str, lang: str) -> None:
    signed_in.cookies["django_language"] = lang
    text = page(signed_in, path)
    assert f'<html lang="{lang}"' in text
    assert "empty-box" in text or path == "/notices/choose"


def test_my_work_shows_what_is_written_by_its_state(node: Any) -> None:
    house = institution("Ev", needs_proposal=True)
    author, editor = join("author", of=house), join("editor", of=house, role="editor")
    copies.start_copy(viewer(author), "place", body={"title": {"az": "Qaralama"}})
    copies.start_copy(viewer(author), "place", body={"title": ["what is no title"]})
    proposal(author, "Təklif")
    copies.return_copy(viewer(editor), proposal(author, "Geri").key, "Mənbə\n<b>hanı</b>?")
    text = page(client_of(author), "/work")
    order = [text.index(word) for word in ("Given back", "Geri", "hanı", "Qaralama", "Təklif")]
    assert order == sorted(order)
    assert "&lt;b&gt;hanı&lt;/b&gt;" in text
    assert "Untitled" in text


def test_proposals_wait_for_the_editors_of_the_institution_alone(node: Any) -> None:
    house, other = institution("Ev", needs_proposal=True), institution("Qonşu")
    author = join("author", "Müəllif Məmmədov", of=house)
    editor, head = join("editor", of=house, role="editor"), join("head", of=other, role="administrator")
    copy = proposal(author, "Gizli təklif")
    for path in ("/work", "/work/waiting"):
        text = page(client_of(editor), path)
        assert "Gizli təklif" in text
        assert "Müəllif Məmmədov" in text
        assert f"/work/{copy.key}" in text
        for stranger in (head, join(f"k{path[-1]}", of=other, is_keeper=True)):
            assert "Gizli təklif" not in page(client_of(stranger), path)
    assert "Only editors decide" in page(client_of(author), "/work/waiting")


def test_editor_reads_publishes_and_the_author_is_told(node: Any) -> None:
    house = institution("Ev", needs_proposal=True)
    author, editor = join("author", of=house), join("editor", "Redaktor Əliyev", of=house, role="editor")
    copy = proposal(author)
    client = client_of(editor)
    assert "1 new notice" in page(client, "/")
    revision = re.search(r'name="_revision" value="(\d+)"', page(client, f"/work/{copy.key}"))
    assert revision
    assert client.post(f"/work/{copy.key}/decide", {"_do": "publish", "_revision": "7"}).status_code == 409
    assert client.post(f"/work/{copy.key}/decide", {"_do": "publish", "_revision": revision[1]}).status_code == 302
    text = page(client_of(author), "/notices")
    assert "Redaktor Əliyev has published what you proposed" in text
    assert "Qala" in text
    assert "Proposals to decide about" not in page(client, "/work")


def test_what_is_to_be_answered_waits_until_it_is_answered_or_settled(write: Write, person: Any) -> None:
    aidar, own = join("aidar", "Aydar Qasımov"), actor_of(person)
    about = write("place", {"title": {"az": "Qala"}}, by=own)
    first, second = (
        write("opinion", said(about, text), by=actor_of(aidar)) for text in ("Birinci sual", "@leyla ikinci sual")
    )
    catch_up()
    client = client_of(person)
    text = page(client, "/work")
    assert "Birinci sual" in text
    assert "ikinci sual" in text
    write("opinion", said(about, "Cavab", reply_to=first), by=own)
    text = page(client, "/work")
    assert "Birinci sual" not in text
    assert "ikinci sual" in text
    waiting = Notice.objects.get(record=second)
    assert client.post("/notices/settle", {"notice": waiting.id, "next": "/work"}).headers["Location"] == "/work"
    assert "ikinci sual" not in page(client, "/work")
    assert client_of(aidar).post("/notices/settle", {"notice": waiting.id}).status_code == 404


def test_successor_sees_the_records_to_answer_for(write: Write, person: Any) -> None:
    gone = join("gone")
    write("place", {"title": {"az": "Miras qala"}}, by=actor_of(gone))
    own = Membership.objects.get(person=person)
    Membership.objects.filter(person=gone).update(left_at=timezone.now(), successor=own)
    text = page(client_of(person), "/work")
    assert text.index("answer for after others") < text.index("Miras qala")


def test_notices_are_read_page_by_page_and_marked(write: Write, person: Any) -> None:
    about = write("place", {"title": {"az": "Qala"}}, by=actor_of(person))
    for number in range(35):
        write("opinion", said(about, f"Rəy {number:02}"), by=actor_of(join(f"p{number}")))
    catch_up()
    client = client_of(person)
    first = page(client, "/notices")
    assert "35 new notices" in first
    assert "Rəy 34" in first
    assert "Rəy 04" not in first
    before = re.search(r"\?before=(\d+)", first)
    assert before
    second = page(client, f"/notices?before={before[1]}")
    assert "Rəy 04" in second
    assert "Rəy 05" not in second
    up_to = re.search(r'name="up_to" value="(\d+)"', second)
    assert up_to
    client.post("/notices/seen", {"up_to": up_to[1]})
    assert "30 new notices" in page(client, "/")
    client.post("/notices/seen", {"up_to": "9" * 18})
    assert Notice.objects.filter(seen_at=None).count() == 0
    assert page(client, "/notices?before=nonsense&before=-1")


def test_what_was_narrowed_is_neither_counted_nor_shown(write: Write, person: Any) -> None:
    aidar = join("aidar", "Aydar Qasımov")
    uri = write("place", {"title": {"az": "Gizli qala"}}, by=actor_of(aidar))
    follow(person, uri, viewer(person))
    write("opinion", said(uri, "@leyla gizli söz"), by=actor_of(aidar))
    catch_up()
    assert "gizli söz" in page(client_of(person), "/notices")
    write("place", {"title": {"az": "Gizli qala"}}, uri=uri, by=actor_of(aidar), audience="private")
    client = client_of(person)
    client.post("/notices/seen", {"up_to": "0"})
    for path in (*PAGES, "/"):
        text = page(client, path)
        for secret in ("Gizli qala", "gizli söz", "Aydar", "new notice<"):
            assert secret not in text, f"{path}: {secret}"
    assert "Not for you to see any more" in page(client, "/notices/following")


def test_following_takes_a_post_with_a_token(write: Write, person: Any) -> None:
    uri = write("place", {"title": {"az": "Qala"}})
    address = f"/r/{uri.removeprefix('urn:ortaq:')}"
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(person)
    assert client.get("/follow").status_code == 405
    assert client.post("/follow", {"target": uri}).status_code == 403
    text = page(client, address)
    form = text[text.index('<form class="follow"') :]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    given = {"target": uri, "next": address, "csrfmiddlewaretoken": token[1]}
    assert client.post("/follow", given).headers["Location"] == address
    assert Follow.objects.get().target == uri
    assert "Stop following" in page(client, address)
    assert client.post("/follow", {**given, "do": "stop", "next": "https://evil.example/"}).headers["Location"] == "/"
    assert Follow.objects.count() == 0


def test_what_may_not_be_seen_is_followed_no_more_than_what_is_absent(write: Write, signed_in: Client) -> None:
    hidden = write("place", {"title": {"az": "Gizli"}}, by=actor_of(join("aidar")), audience="private")
    absent = hidden[:-4] + ("aaaa" if hidden[-4:] != "aaaa" else "bbbb")
    answers = [signed_in.post("/follow", {"target": uri}) for uri in (hidden, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    own, other = (re.sub(r'value="\w{64}"', "", answer.content.decode()) for answer in answers)
    assert own.replace(hidden[-16:], absent[-16:]) == other


def test_institution_is_followed_by_its_uri(write: Write, signed_in: Client, person: Any, node: Any) -> None:
    house = institution("Bakı muzeyi")
    signed_in.post("/follow", {"target": record_uri(node.id, house.id)})
    write("place", {"title": {"az": "Qala"}}, by=actor_of(join("aidar", of=house)))
    catch_up()
    assert "Bakı muzeyi, which you follow, has published a record" in page(signed_in, "/notices")
    assert "Bakı muzeyi" in page(signed_in, "/notices/following")


def test_stranger_sees_no_button_and_follows_nothing(write: Write, client: Client) -> None:
    uri = write("place", {"title": {"az": "Qala"}})
    assert "/follow" not in page(client, f"/r/{uri.removeprefix('urn:ortaq:')}")
    assert client.post("/follow", {"target": uri, "next": "/about"}).headers["Location"] == "/sign-in?next=%2Fabout"


def test_choice_of_channels_is_kept(signed_in: Client, person: Any) -> None:
    signed_in.post("/notices/choose", {"mentions": "here", "own": "none", "replies": "x", "evil": "none"})
    assert dict(Choice.objects.values_list("sort", "channel")) == {"mentions": "here", "own": "none"}
    assert re.search(r'name="mentions" value="here" checked', page(signed_in, "/notices/choose"))


def test_link_of_the_mail_ends_it_by_one_post_without_signing_in(person: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    address = f"/notices/no-mail/{digest_token(person)}"
    assert client.get(address).status_code == 200
    assert not Choice.objects.exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert set(Choice.objects.values_list("channel", flat=True)) == {"here"}
    assert set(Choice.objects.values_list("sort", flat=True)) == set(SORTS)


def test_link_that_is_not_ours_opens_nothing(person: Any, client: Client) -> None:
    for token in ("x", "MQ:1:abc", signing.dumps(person.pk, salt="another"), digest_token(person)[:-1]):
        assert client.post(f"/notices/no-mail/{token}").status_code == 404
    assert not Choice.objects.exists()


def test_bell_costs_most_pages_nothing(write: Write, signed_in: Client, client: Client) -> None:
    for path in ("/about", "/search"):
        counted = []
        for one in (client, signed_in):
            one.get(path)
            with CaptureQueriesContext(connection) as captured:
                one.get(path)
            counted.append([query["sql"] for query in captured if "notices_" in query["sql"]])
        assert counted == [[], []]


def test_notices_cost_the_same_for_one_and_for_many(write: Write, signed_in: Client, person: Any) -> None:
    def cost(path: str) -> int:
        catch_up()
        signed_in.get(path)
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(path)
        return len(captured)

    about = write("place", {"title": {"az": "Qala"}}, by=actor_of(person))
    proposer = join("proposer")
    Membership.objects.get(person=person).offices.update(role="editor")

    def more(number: int) -> None:
        write("opinion", said(about, f"Rəy {number}"), by=actor_of(proposer))
        proposal(proposer, f"Təklif {number}")
        follow(person, write("place", {"title": {"az": f"Yer {number}"}}), viewer(person))

    more(0)
    before = {path: cost(path) for path in PAGES}
    for number in range(1, 25):
        more(number)
    assert {path: cost(path) for path in PAGES} == before
    assert max(before.values()) <= 16, before


def test_mention_is_shown_by_name_to_who_may_read_it(write: Write, person: Any, client: Client) -> None:
    other = join("aidar", "Aydar <b>Qasımov</b>", of=institution("B"))
    about = write("place", {"title": {"az": "Qala"}})
    write("opinion", said(about, "Salam @leyla, @aidar və @nobody"), by=actor_of(person))
    narrow = f"institution:{Membership.objects.get(person=person).institution_id}"
    write("opinion", said(about, "Öz aramızda: @aidar"), by=actor_of(person), audience=narrow)
    address = f"/r/{about.removeprefix('urn:ortaq:')}"
    text = page(client, address)
    assert '<span class="mention">Leyla Əliyeva</span>' in text
    assert '<span class="mention">Aydar &lt;b&gt;Qasımov&lt;/b&gt;</span> və @nobody' in text
    assert "Öz aramızda: @aidar" in page(client_of(person), address)  # he may not read it, so he is nobody here
    assert "Öz aramızda" not in page(client_of(other), address)


def test_mentions_cost_one_question_for_all_opinions(write: Write, signed_in: Client, person: Any) -> None:
    about = write("place", {"title": {"az": "Qala"}})
    address = f"/r/{about.removeprefix('urn:ortaq:')}"

    def cost() -> int:
        signed_in.get(address)
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(address)
        return len(captured)

    write("opinion", said(about, "@leyla"), by=actor_of(person))
    before = cost()
    for number in range(20):
        join(f"p{number}")
        write("opinion", said(about, f"@p{number} @leyla"), by=actor_of(person))
    assert cost() == before
    assert before <= 14
