# SPDX-License-Identifier: Apache-2.0
"""What somebody keeps secret, and words by which it would be known again wherever it got out."""

import random
from dataclasses import dataclass, field
from typing import Any

from ortaq.people.models import Person
from ortaq.records.door import Draft, write_change

STRANGER, LEFT = "stranger", "left"
_CONSONANTS, _VOWELS = "bcdfghklmnpqrstvxz", "aeiou"


@dataclass(slots=True, eq=False)
class Thing:
    """Something that only some may know of.

    secrets  what gives it away, wherever it stands: names, words, coordinates, source id, digest, what is in its file
    readers  labels of those who may read it
    name     what stands for it in addresses and forms: NODE:RECORD, the key of a working copy, the number of a token …
    address  sort of address it has: record, copy, upload, file, job, token, passkey, invitation, member, session, notice,
             partner, trail;
             version: an earlier version of a record
    house    local id of the institution in whose addresses it stands
    is_known its address stands where everyone may read it, or with who has followed it: only what it says is secret
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
    house: str = ""
    is_known: bool = False

    @property
    def uri(self) -> str:
        return f"urn:ortaq:{self.name}"


@dataclass(slots=True)
class World:
    people: dict[str, Person | None] = field(default_factory=dict)
    houses: dict[str, Any] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    public: Thing | None = None
    own: dict[str, str] = field(default_factory=dict)  # house → name of a public record of it

    def hidden_from(self, label: str) -> list[Thing]:
        return [thing for thing in self.things if label not in thing.readers]


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


def monument(telling: Telling) -> tuple[dict[str, Any], list[str]]:
    title, prose, office, source = telling.word(), telling.word(), telling.word(), telling.word()
    lat, lon = telling.degrees(40), telling.degrees(47)
    body = {
        "source_id": f"src:{source}", "title": {"az": title}, "description": {"az": f"{prose} haqqında"},
        "point": {"lat": lat, "lon": lon}, "built": "1424", "protection": [{"list": office}],
    }  # fmt: skip
    return body, [title, prose, source, office, f"{lat:.4f}", f"{lon:.4f}"]


def write(kind: str, body: dict[str, Any], audience: str, by: str, *, uri: str | None = None) -> str:
    made = write_change(Draft(kind, body, audience, uri), by=by).uri
    assert made is not None
    return made


def name_of(uri: str) -> str:
    return uri.removeprefix("urn:ortaq:")


def local_of(uri: str) -> str:
    return uri.rpartition(":")[2]
