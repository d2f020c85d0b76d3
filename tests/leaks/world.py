# SPDX-License-Identifier: Apache-2.0
"""A node with two institutions, people of every role, and something to keep secret in every audience and state."""

import io
from typing import Any

from ortaq.core.audience import of_institution
from ortaq.doors.harvest.following import catch_up as list_up
from ortaq.files.store import keep
from ortaq.heritage.actions import Keeping, keep_location
from ortaq.notices.following import catch_up
from ortaq.notices.models import Follow
from ortaq.people.actions import add_member, end_membership
from ortaq.people.rules import ROLES
from ortaq.records import copies
from ortaq.records.actions import erase_versions, withdraw_as_node
from ortaq.records.merging import merge_records
from ortaq.records.queries import body_of, record_of
from ortaq.search.index import Follower
from tests.factories import actor_of, institution, join, viewer
from tests.leaks.belongings import belongings, files, work_beside
from tests.leaks.thing import LEFT, STRANGER, Telling, Thing, World, local_of, monument, name_of, write

__all__ = ["Thing", "World", "build"]


def build(node: Any) -> World:
    """Make everything and index it."""
    world, telling = World(), Telling()
    world.houses = {"A": institution("Muzey A"), "B": institution("Arxiv B")}
    _people(world, node)
    author = actor_of(world.people["A/contributor"])
    everyone = frozenset(world.people)
    of_node = everyone - {STRANGER, LEFT}
    audiences = {
        "public": ("public", everyone),
        "partners": ("partners", of_node),
        "one partner": (f"partners:{'b' * 26}", of_node),
        "node": ("node", of_node),
        "institution A": (of_institution(world.houses["A"].id), of_house(world, "A")),
        "private": ("private", frozenset({"A/contributor"})),
    }
    for label, (audience, readers) in audiences.items():
        _live(world, telling, label, audience, readers, author)
    _of_b(world, telling)
    _around_what_is_public(world, telling)
    _sensitive(world, telling)
    _narrowed_and_opened(world, telling, author)
    _gone(world, telling, author)
    _merged(world, telling)
    _copies(world, telling)
    _of_who_leaves(world, telling)
    files(world, telling)
    belongings(world, telling)
    catch_up()
    with Follower() as follower:
        follower.catch_up()
    list_up()
    return world


def _people(world: World, node: Any) -> None:
    world.people = {STRANGER: None}
    for house, made in world.houses.items():
        for role in ROLES:
            world.people[f"{house}/{role}"] = join(f"{house}-{role}", of=made, role=role)
    world.people["keeper of B"] = join("keeper", of=world.houses["B"], role="reader", is_keeper=True)
    both = world.people["A and B"] = join("both", of=world.houses["A"], role="reader")
    add_member(world.houses["B"], both, "reader", actor=node.new_uri())
    world.people[LEFT] = join("gone", of=world.houses["A"], role="editor")
    for person in filter(None, world.people.values()):
        person.email = f"{person.login}@example.org"
        person.save()


def of_house(world: World, house: str) -> frozenset[str]:
    return frozenset(label for label in world.people if label.startswith(f"{house}/") or label == "A and B")


def _live(world: World, telling: Telling, label: str, audience: str, readers: frozenset[str], author: str) -> None:
    """A monument, a file about it and an opinion, all for one audience."""
    body, secrets = monument(telling)
    uri = write("monument", body, audience, author)
    thing = Thing(label, name_of(uri), readers, [*secrets, local_of(uri)])
    world.things += [
        thing,
        _material(telling, label, audience, readers, author),
        _opinion(telling, uri, label, audience, readers, author),
    ]
    if audience == "public":
        world.public = thing


def _material(telling: Telling, label: str, audience: str, readers: frozenset[str], author: str) -> Thing:
    inside, title, filename = telling.word(), telling.word(), telling.word()
    kept = keep(io.BytesIO(f"Bu fayl {inside} haqqındadır\n".encode()), f"{filename}.txt")
    file = {"digest": kept.digest, "name": f"{filename}.txt", "media_type": kept.media_type, "bytes": kept.bytes}
    uri = write("material", {"title": {"az": title}, "files": [file]}, audience, author)
    secrets = [inside, title, filename, kept.digest, local_of(uri)]
    return Thing(f"{label}: material", name_of(uri), readers, secrets, digest=kept.digest, filename=f"{filename}.txt")


def _opinion(telling: Telling, about: str, label: str, audience: str, readers: frozenset[str], author: str) -> Thing:
    said = telling.word()
    body = {"about": about, "motivation": "comment", "lang": "az", "text": f"Fikrim {said} barədədir"}
    uri = write("opinion", body, audience, author)
    return Thing(f"{label}: opinion", name_of(uri), readers, [said, local_of(uri)])


def _of_b(world: World, telling: Telling) -> None:
    """What institution B keeps to itself."""
    author = actor_of(world.people["B/contributor"])
    readers = of_house(world, "B") | {"keeper of B"}
    _live(world, telling, "institution B", of_institution(world.houses["B"].id), readers, author)
    _live(world, telling, "private of B", "private", frozenset({"B/contributor"}), author)


def _around_what_is_public(world: World, telling: Telling) -> None:
    """What some say of a public record among themselves, what of theirs points at it, and what of theirs it points at."""
    assert world.public is not None
    for house, made in world.houses.items():
        author, audience = actor_of(world.people[f"{house}/contributor"]), of_institution(made.id)
        readers = of_house(world, house) | ({"keeper of B"} if house == "B" else set())
        about = world.public.uri
        said = _opinion(telling, about, f"opinion of {house} on what is public", audience, readers, author)
        alone = frozenset({f"{house}/contributor"})
        unsaid = _opinion(telling, about, f"private opinion of {house} on what is public", "private", alone, author)
        body, secrets = monument(telling)
        uri = write("monument", {**body, "links": [{"role": "part_of", "to": about}]}, audience, author)
        pointing = Thing(f"of {house}, pointing at what is public", name_of(uri), readers, [*secrets, local_of(uri)])
        body, secrets = monument(telling)
        uri = write("monument", body, audience, author)
        pointed = Thing(f"of {house}, pointed at in public", name_of(uri), readers, secrets, is_known=True)
        body, _open = monument(telling)
        public = write("monument", {**body, "links": [{"role": "part_of", "to": uri}]}, "public", author)
        world.own[house] = name_of(public)
        world.things += [said, unsaid, pointing, pointed]


def _sensitive(world: World, telling: Telling) -> None:
    """A public site of which the people of A alone know where it lies exactly; it had been told to all before."""
    author, steward = actor_of(world.people["A/contributor"]), viewer(world.people["A/steward"])
    body, _open = monument(telling)
    uri = write("monument", {**body, "point": {"lat": 40.12468, "lon": 49.38357}}, "public", author)
    keeping = Keeping(40.12468, 49.38357, of_institution(world.houses["A"].id), "looting")
    exact = keep_location(uri, keeping, viewer=steward, expected_version=1)
    secrets = ["40.1246", "40.1247", "49.3835", "49.3836", local_of(str(exact.uri))]
    world.things.append(Thing("exact location", name_of(str(exact.uri)), of_house(world, "A"), secrets))


def _narrowed_and_opened(world: World, telling: Telling, author: str) -> None:
    """What was for the institution once and is public now, and the other way round, with what was said while it was public."""
    house = of_institution(world.houses["A"].id)
    early, early_secrets = monument(telling)
    late, late_secrets = monument(telling)
    late["source_id"] = early["source_id"]
    uri = write("monument", early, house, author)
    write("monument", late, "public", author, uri=uri)
    shown = {early_secrets[2]}
    world.things.append(
        Thing(
            "opened: first version",
            name_of(uri),
            of_house(world, "A"),
            [s for s in early_secrets if s not in shown],
            "version",
            version=1,
        )
    )
    world.things.append(
        Thing("opened: present version", name_of(uri), frozenset(world.people), [late_secrets[0]], version=2)
    )
    wide, wide_secrets = monument(telling)
    uri = write("monument", wide, "public", author)
    said = _opinion(telling, uri, "narrowed", "public", of_house(world, "A"), actor_of(world.people["A/steward"]))
    reply = _opinion(
        telling, uri, "narrowed: reply", "public", of_house(world, "A"), actor_of(world.people["A/editor"])
    )
    everyone_follows(world, uri)
    work_beside(world, telling, uri)
    write("monument", {**wide, "change_note": "Düzəldildi"}, "public", author, uri=uri)
    catch_up()  # who was told of it while it was public keeps the notice
    write("monument", {**wide, "change_note": "Daraldıldı"}, house, author, uri=uri)
    world.things += [
        Thing("narrowed", name_of(uri), of_house(world, "A"), wide_secrets, version=3, is_known=True),
        said,
        reply,
    ]


def _merged(world: World, telling: Telling) -> None:
    """What was merged: something of the institution into what is public, and something public into what is not."""
    steward = viewer(world.people["A/steward"])
    author, house = actor_of(world.people["A/contributor"]), of_institution(world.houses["A"].id)
    readers = of_house(world, "A")
    for kept_for, merged_for in (("public", house), (house, "public")):
        kept, kept_secrets = monument(telling)
        merged, merged_secrets = monument(telling)
        winner, loser = write("monument", kept, kept_for, author), write("monument", merged, merged_for, author)
        merge_records(steward, winner, loser, body=body_of(record_of(winner, steward)), expected=(1, 1))
        if merged_for == house:
            world.things.append(
                Thing(
                    "merged into what is public", name_of(loser), readers, merged_secrets, is_live=False, is_known=True
                )
            )
        else:
            secrets = [*kept_secrets, local_of(winner)]
            world.things.append(Thing("in the place of what was public", name_of(winner), readers, secrets))
            everyone = frozenset(world.people)
            world.things.append(Thing("was public, merged", name_of(loser), everyone, [], is_live=False))


def _gone(world: World, telling: Telling, author: str) -> None:
    """Withdrawn and erased records of the institution alone."""
    house = of_institution(world.houses["A"].id)
    for label, end in (
        ("withdrawn", lambda uri: withdraw_as_node(uri, by=author)),
        ("erased", lambda uri: erase_versions(uri, [1], by=author)),
    ):
        body, secrets = monument(telling)
        uri = write("monument", body, house, author)
        end(uri)
        readers = of_house(world, "A") if label == "withdrawn" else frozenset()
        world.things.append(Thing(label, name_of(uri), of_house(world, "A"), [local_of(uri)], is_live=False, version=2))
        world.things.append(Thing(f"{label}: content", name_of(uri), readers, secrets, "version", version=1))


def _copies(world: World, telling: Telling) -> None:
    """Working copies of both institutions, public in what they wish for and seen by next to nobody."""
    for house in world.houses:
        writer = viewer(world.people[f"{house}/contributor"])
        editors = {f"{house}/{role}" for role in ("editor", "steward", "administrator")}
        for state in ("draft", "proposed", "returned"):
            body, secrets = monument(telling)
            copy = copies.start_copy(writer, "monument", body=body)
            readers = {f"{house}/contributor"}
            if state != "draft":
                copies.propose_copy(writer, copy.key)
            if state == "returned":
                remark = telling.word()
                copies.return_copy(viewer(world.people[f"{house}/editor"]), copy.key, f"Bəs {remark}?")
                secrets.append(remark)
            if state == "proposed":
                readers |= editors
            world.things.append(
                Thing(f"{state} copy of {house}", copy.key, frozenset(readers), [*secrets, copy.key], "copy")
            )


def _of_who_leaves(world: World, telling: Telling) -> None:
    """What somebody kept to themselves and left behind, and what they had proposed."""
    person, house = world.people[LEFT], world.houses["A"]
    body, secrets = monument(telling)
    uri = write("monument", body, "private", actor_of(person))
    world.things.append(Thing("private of who left", name_of(uri), frozenset(), [*secrets, local_of(uri)]))
    for state in ("draft", "proposed"):
        body, secrets = monument(telling)
        copy = copies.start_copy(viewer(person), "monument", body=body)
        readers = set()
        if state == "proposed":
            copies.propose_copy(viewer(person), copy.key)
            readers = {f"A/{role}" for role in ("editor", "steward", "administrator")}
        label = f"{state} copy of who left"
        world.things.append(Thing(label, copy.key, frozenset(readers), [*secrets, copy.key], "copy"))
    membership = person.memberships.get(institution=house)
    end_membership(membership, by=viewer(world.people["A/administrator"]), successor=None)


def everyone_follows(world: World, uri: str) -> None:
    Follow.objects.bulk_create(Follow(person=person, target=uri) for person in world.people.values() if person)
