# SPDX-License-Identifier: Apache-2.0
"""What people are told of, here and by mail: nothing of what is hidden from them, however it came into their notices.

Everybody is told of everything, as if all of it had been public once and was narrowed between the notice and its reading.
"""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from ortaq.doors.mail.digest import send_digests
from ortaq.notices import sorts
from ortaq.notices.following import catch_up
from ortaq.notices.models import Follow, Mark, Notice
from ortaq.notices.queries import count_unseen, follows_of
from ortaq.people.queries import viewer_of_person
from tests.leaks.asking import VIEWERS, Ask, answered, client_of, leaks, said
from tests.leaks.thing import STRANGER, Thing, World

PEOPLE = [label for label in VIEWERS if label != STRANGER]
_CODES = {
    sorts.REVISED: sorts.OWN, sorts.WITHDRAWN: sorts.FOLLOWED, sorts.ANSWERED: sorts.FOLLOWED, sorts.REPLIED: sorts.REPLIES,
    sorts.MENTIONED: sorts.MENTIONS,
}  # fmt: skip


@pytest.fixture
def told(world: World) -> World:
    """Everybody has a notice of every sort about every record and every working copy."""
    settings.HOME.mkdir(exist_ok=True)
    Notice.objects.all().delete()
    Notice.objects.bulk_create(notices(world))
    return world


def notices(world: World) -> Iterator[Notice]:
    for person in filter(None, world.people.values()):
        common: dict[str, Any] = {"person": person, "at": timezone.now(), "by": "urn:ortaq:x:y"}
        for number, thing in enumerate(records(world)):
            for code, sort in _CODES.items():
                yield Notice(**common, code=code, sort=sort, change=number, record=thing.uri)
            about = {"record": world.public.uri if world.public else "", "about": thing.uri}
            yield Notice(**common, code=sorts.MADE, sort=sorts.FOLLOWED, change=number, record=thing.uri)
            yield Notice(**common, code=sorts.ANSWERED, sort=sorts.OWN, change=1000 + number, **about)
        for thing in (one for one in world.things if one.address == "copy"):
            for code, sort in ((sorts.PROPOSED, sorts.PROPOSALS), (sorts.RETURNED, sorts.DECISIONS)):
                yield Notice(**common, code=code, sort=sort, copy=thing.name)


def records(world: World) -> list[Thing]:
    return [thing for thing in world.things if thing.address == "record"]


@pytest.mark.parametrize("label", PEOPLE)
def test_no_page_tells_of_what_is_hidden_by_now(told: World, label: str) -> None:
    assert list(told_on_pages(told, label)) == []


def told_on_pages(world: World, label: str) -> Iterator[str]:
    client, hidden = client_of(world, label), world.hidden_from(label)
    last = Notice.objects.latest("id").pk
    asked = [
        "/",
        "/work",
        "/work/waiting",
        "/notices",
        "/notices/following",
        *(f"/notices?before={last - 97 * n}" for n in range(1, 9)),
    ]
    for address in asked:
        response = answered(client, Ask("GET", address))
        if response.status_code >= 500:
            yield f"{address} as {label}: {response.status_code}"
        text = said(response)
        yield from (f"{address} as {label} tells {found}" for found in leaks(text, address, hidden))


@pytest.mark.parametrize("label", PEOPLE)
def test_the_number_at_the_bell_counts_only_what_may_be_seen(told: World, label: str) -> None:
    person = told.people[label]
    assert person is not None
    hidden = {thing.uri for thing in told.hidden_from(label) if thing.address == "record"}
    kept = {thing.name for thing in told.hidden_from(label) if thing.address == "copy"}
    shown = (
        Notice.objects.filter(person=person).exclude(record__in=hidden).exclude(about__in=hidden).exclude(copy__in=kept)
    )
    assert count_unseen(person, viewer_of_person(person)) <= shown.count()


def test_no_mail_tells_of_what_is_hidden_by_now(told: World) -> None:
    assert list(told_by_mail(told)) == []
    assert len(mail.outbox) == len(PEOPLE)


def told_by_mail(world: World) -> Iterator[str]:
    send_digests()
    for label in PEOPLE:
        person = world.people[label]
        assert person is not None
        for one in mail.outbox:
            if one.to == [person.email]:
                text = "\n".join(texts(one.message()))
                yield from (f"the mail to {label} tells {found}" for found in leaks(text, "", world.hidden_from(label)))


def texts(message: EmailMessage) -> Iterator[str]:
    """Everything that a mail says: its headers, and each of its bodies, decoded."""
    yield from (f"{name}: {value}" for name, value in message.items())
    for part in message.walk():
        if not part.is_multipart():
            yield bytes(part.get_payload(decode=True)).decode("utf-8")


def test_nobody_hears_of_what_they_may_not_see(world: World) -> None:
    assert list(heard_unseen(world)) == []
    assert Notice.objects.count() > 100


def heard_unseen(world: World) -> Iterator[str]:
    """Let everybody follow everything, and tell them of the whole log anew."""
    Notice.objects.all().delete()
    Follow.objects.all().delete()
    Mark.objects.all().delete()
    uris = [thing.uri for thing in records(world)]
    Follow.objects.bulk_create(
        Follow(person=person, target=uri) for person in world.people.values() if person for uri in uris
    )
    catch_up()
    for label in PEOPLE:
        hidden = {thing.uri for thing in world.hidden_from(label) if thing.address == "record"}
        for one in Notice.objects.filter(person=world.people[label]):
            yield from (f"{label} hears of {uri}" for uri in (one.record, one.about) if uri in hidden)


@pytest.mark.parametrize("label", PEOPLE)
def test_the_list_of_what_one_follows_names_nothing_hidden(world: World, label: str) -> None:
    """The address of what one has followed is known to oneself; what became of it is not told."""
    person, hidden = world.people[label], world.hidden_from(label)
    assert person is not None
    Follow.objects.filter(person=person).delete()
    Follow.objects.bulk_create(Follow(person=person, target=thing.uri) for thing in records(world))
    text = said(client_of(world, label).get("/notices/following"))
    assert leaks(text, " ".join(one.target for one in follows_of(person)), hidden) == []
