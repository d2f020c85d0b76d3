# SPDX-License-Identifier: Apache-2.0
"""A node with two institutions, people of every role, and something to keep secret in every audience and state."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ortaq.core.audience import of_institution
from ortaq.files.store import keep
from ortaq.people.actions import add_member, end_membership
from ortaq.people.models import Person
from ortaq.people.rules import ROLES
from ortaq.records import copies
from ortaq.records.actions import erase_versions, withdraw_as_node
from ortaq.records.door import Draft, write_change
from ortaq.search.index import Follower
from tests.factories import actor_of, institution, join, viewer

STRANGER, LEFT = "stranger", "left"
_CONSONANTS, _VOWELS = "bcdfghklmnpqrstvxz", "aeiou"


@dataclass(slots=True, eq=False)
class Thing:
    """Something that only some may know of.

    secrets  what gives it away, wherever it stands: names, words, coordinates, source id, digest, what is in its file
    readers  labels of those who may read it
    name     what stands for it in addresses: NODE:RECORD, or the key of a working copy
    address  sort of address it has: record, copy; version: an earlier version of a record
    """

    label: str
    name: str
    readers: frozenset[str]
    secrets: list[str]
    address: str = "record"
    digest: str = ""
    filename: str = ""
    version: int = 1
    is_live: bool = True


@dataclass(slots=True)
class World:
    people: dict[str, Person | None] = field(default_factory=dict)
    houses: dict[str, Any] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    public: Thing | None = None


class Telling:
    """Words that occur nowhere else, so that each can be searched for in whatever a node answers."""

    def __init__(self) -> None:
        self._random = random.Random(20261127)
        self._used: set[str] = set()

    def word(self) -> str:
        while True:
            pairs = (self._random.choice(_CONSONANTS) + self._random.choice(_VOWELS) for _ in range(6))
            word = "".join(pairs)
            # Search takes words for one that share their beginning: no two of these do.
            if word[:3] not in self._used:
                self._used.add(word[:3])
                return f"{word[0].upper()}{word[1:]}"  # ascii: made here, without an i

    def degrees(self, low: int) -> float:
        return low + self._random.randrange(10_000, 99_999) / 100_000


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
        "institution A": (of_institution(world.houses["A"].id), _of(world, "A")),
        "private": ("private", frozenset({"A/contributor"})),
    }
    for label, (audience, readers) in audiences.items():
        _live(world, telling, label, audience, readers, author)
    _of_b(world, telling)
    _narrowed_and_opened(world, telling, author)
    _gone(world, telling, author)
    _copies(world, telling)
    with Follower() as follower:
        follower.catch_up()
    return world


def _people(world: World, node: Any) -> None:
    world.people = {STRANGER: None}
    for house, made in world.houses.items():
        for role in ROLES:
            world.people[f"{house}/{role}"] = join(f"{house}-{role}", of=made, role=role)
    world.people["keeper of B"] = join("keeper", of=world.houses["B"], role="reader", is_keeper=True)
    both = world.people["A and B"] = join("both", of=world.houses["A"], role="reader")
    add_member(world.houses["B"], both, "reader", actor=node.new_uri())
    gone = world.people[LEFT] = join("gone", of=world.houses["A"], role="editor")
    end_membership(gone.memberships.get(), by=viewer(world.people["A/administrator"]), successor=None)


def _of(world: World, house: str) -> frozenset[str]:
    return frozenset(label for label in world.people if label.startswith(f"{house}/") or label == "A and B")


def _monument(telling: Telling) -> tuple[dict[str, Any], list[str]]:
    title, prose, office, source = telling.word(), telling.word(), telling.word(), telling.word()
    lat, lon = telling.degrees(40), telling.degrees(47)
    body = {
        "source_id": f"src:{source}", "title": {"az": title}, "description": {"az": f"{prose} haqqında"},
        "point": {"lat": lat, "lon": lon}, "built": "1424", "protection": [{"list": office}],
    }  # fmt: skip
    return body, [title, prose, source, office, f"{lat:.4f}", f"{lon:.4f}"]


def _live(world: World, telling: Telling, label: str, audience: str, readers: frozenset[str], author: str) -> None:
    """A monument, a file about it and an opinion, all for one audience."""
    body, secrets = _monument(telling)
    uri = _write("monument", body, audience, author)
    thing = Thing(label, _name(uri), readers, [*secrets, _local(uri)])
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
    uri = _write("material", {"title": {"az": title}, "files": [file]}, audience, author)
    secrets = [inside, title, filename, kept.digest, _local(uri)]
    return Thing(f"{label}: material", _name(uri), readers, secrets, digest=kept.digest, filename=f"{filename}.txt")


def _opinion(telling: Telling, about: str, label: str, audience: str, readers: frozenset[str], author: str) -> Thing:
    said = telling.word()
    body = {"about": about, "motivation": "comment", "lang": "az", "text": f"Fikrim {said} barədədir"}
    uri = _write("opinion", body, audience, author)
    return Thing(f"{label}: opinion", _name(uri), readers, [said, _local(uri)])


def _of_b(world: World, telling: Telling) -> None:
    """What institution B keeps to itself."""
    author = actor_of(world.people["B/contributor"])
    readers = _of(world, "B") | {"keeper of B"}
    _live(world, telling, "institution B", of_institution(world.houses["B"].id), readers, author)
    _live(world, telling, "private of B", "private", frozenset({"B/contributor"}), author)


def _narrowed_and_opened(world: World, telling: Telling, author: str) -> None:
    """What was for the institution once and is public now, and the other way round, with what was said while it was public."""
    house = of_institution(world.houses["A"].id)
    early, early_secrets = _monument(telling)
    late, late_secrets = _monument(telling)
    late["source_id"] = early["source_id"]
    uri = _write("monument", early, house, author)
    _write("monument", late, "public", author, uri=uri)
    shown = {early_secrets[2]}
    world.things.append(
        Thing(
            "opened: first version",
            _name(uri),
            _of(world, "A"),
            [s for s in early_secrets if s not in shown],
            "version",
            version=1,
        )
    )
    world.things.append(
        Thing("opened: present version", _name(uri), frozenset(world.people), [late_secrets[0]], version=2)
    )
    wide, wide_secrets = _monument(telling)
    uri = _write("monument", wide, "public", author)
    said = _opinion(telling, uri, "narrowed", "public", _of(world, "A"), actor_of(world.people["A/steward"]))
    reply = _opinion(telling, uri, "narrowed: reply", "public", _of(world, "A"), actor_of(world.people["A/editor"]))
    _write("monument", {**wide, "change_note": "Daraldıldı"}, house, author, uri=uri)
    world.things += [
        Thing("narrowed", _name(uri), _of(world, "A"), [*wide_secrets, _local(uri)], version=2),
        said,
        reply,
    ]


def _gone(world: World, telling: Telling, author: str) -> None:
    """Withdrawn and erased records of the institution alone."""
    house = of_institution(world.houses["A"].id)
    for label, end in (
        ("withdrawn", lambda uri: withdraw_as_node(uri, by=author)),
        ("erased", lambda uri: erase_versions(uri, [1], by=author)),
    ):
        body, secrets = _monument(telling)
        uri = _write("monument", body, house, author)
        end(uri)
        readers = _of(world, "A") if label == "withdrawn" else frozenset()
        world.things.append(Thing(label, _name(uri), _of(world, "A"), [_local(uri)], is_live=False, version=2))
        world.things.append(Thing(f"{label}: content", _name(uri), readers, secrets, "version", version=1))


def _copies(world: World, telling: Telling) -> None:
    """Working copies of both institutions, public in what they wish for and seen by next to nobody."""
    for house in world.houses:
        writer = viewer(world.people[f"{house}/contributor"])
        editors = {f"{house}/{role}" for role in ("editor", "steward", "administrator")}
        for state in ("draft", "proposed", "returned"):
            body, secrets = _monument(telling)
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


def _write(kind: str, body: dict[str, Any], audience: str, by: str, *, uri: str | None = None) -> str:
    made = write_change(Draft(kind, body, audience, uri), by=by).uri
    assert made is not None
    return made


def _name(uri: str) -> str:
    return uri.removeprefix("urn:ortaq:")


def _local(uri: str) -> str:
    return uri.rpartition(":")[2]


Build = Callable[[Any], World]
