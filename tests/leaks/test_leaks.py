# SPDX-License-Identifier: Apache-2.0
"""Nothing leaks: every route, as every role of every institution and as nobody, about everything that is here.

`pytest tests/leaks -n 0 -s` prints the table of routes, viewers and audiences with the number of answers looked at.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any
from urllib.parse import unquote, unquote_plus

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from ortaq.core.audience import Viewer
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.jsonl import lines
from ortaq.people.rules import ROLES
from tests.leaks.routes import PLAIN, Route, asks_for_a_thing, routes, values_for
from tests.leaks.world import LEFT, STRANGER, Thing, World, build

VIEWERS = [STRANGER, *(f"{house}/{role}" for house in "AB" for role in ROLES), "keeper of B", "A and B", LEFT]
# A record, a file and a working copy that nobody has: what may not be seen has to look like them.
ABSENT = Thing("absent", "{node}:" + "z" * 16, frozenset(), [])
ABSENT_FILE = Thing(
    "absent file", "{node}:" + "z" * 16, frozenset(), [], digest="uEi" + "B" * 44, filename="absent.txt"
)
ABSENT_COPY = Thing("absent copy", "b" * 26, frozenset(), [], "copy")


@pytest.fixture
def world(node: Any) -> World:
    return build(node)


def client_of(world: World, label: str) -> Client:
    client = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    person = world.people[label]
    if person is not None:
        client.force_login(person)
    client.own_cookies = deepcopy(client.cookies)  # type: ignore[attr-defined]
    return client


def said(response: HttpResponseBase) -> str:
    """Everything that an answer tells: status, headers, body."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[call-overload,attr-defined]
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{response.status_code}\n{head}\n{body.decode('utf-8', 'replace')}"


def leaks(text: str, asked: str, hidden: list[Thing]) -> list[str]:
    """What *text* gives away of what is hidden from its reader; what was in the question is no secret."""
    known = f"{asked} {unquote(asked)} {unquote_plus(asked)}"
    both = f"{text} {unquote(text)}"
    return [
        f"{thing.label}: {secret}"
        for thing in hidden
        for secret in thing.secrets
        if secret in both and secret not in known
    ]


def asked_of(client: Client, address: str, *, method: str = "GET", **data: Any) -> HttpResponseBase:
    """Ask, and take back whatever the asking did."""
    client.cookies = deepcopy(client.own_cookies)  # type: ignore[attr-defined]  # what an earlier answer left tells none apart
    with transaction.atomic():
        response = client.generic(method, address) if method != "GET" else client.get(address, data)
        transaction.set_rollback(True)
    return response


def hidden_from(world: World, label: str) -> list[Thing]:
    return [thing for thing in world.things if label not in thing.readers]


@pytest.mark.parametrize("label", VIEWERS)
def test_no_address_of_a_thing_gives_it_away(world: World, label: str, capsys: pytest.CaptureFixture[str]) -> None:
    client, hidden, seen = client_of(world, label), hidden_from(world, label), Counter[str]()
    asked: set[str] = set()
    for route in filter(asks_for_a_thing, routes()):
        for thing in world.things:
            address = route.filled(values_for(route, thing))
            if address in asked:  # things that the route does not tell apart
                continue
            asked.add(address)
            found = leaks(said(asked_of(client, address)), address, hidden)
            assert found == [], f"{address} as {label}, asked for {thing.label}"
            seen[thing.label.partition(":")[0]] += 1
    with capsys.disabled():
        print(
            f"\n{label}: {seen.total()} answers; " + ", ".join(f"{name} {count}" for name, count in seen.items()),
            end="",
        )


@pytest.mark.parametrize("label", VIEWERS)
def test_what_may_not_be_seen_looks_like_what_is_absent(world: World, label: str, node: Any) -> None:
    client = client_of(world, label)

    @cache
    def answer(route: Route, thing: Thing, method: str) -> str:
        named = {name: value.replace("{node}", node.id) for name, value in values_for(route, thing).items()}
        address = route.filled(named)
        return anonymous(said(asked_of(client, address, method=method)), address, named)

    for route in filter(asks_for_a_thing, routes()):
        for thing in hidden_from(world, label):
            if thing.address == "version" or ("digest" in route.parameters and not thing.digest):
                continue
            control = ABSENT_COPY if thing.address == "copy" else ABSENT_FILE if thing.digest else ABSENT
            if route.filled(values_for(route, thing)) == route.filled(values_for(route, control)):
                continue
            for method in ("GET", "POST"):
                own, other = answer(route, thing, method), answer(route, control, method)
                assert own == other, f"{method} {route.path} as {label}, {thing.label}"


_PASSING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|"token": ?"\w+"|\w{3}, \d\d[ -]\w{3}[ -]\d{4} [\d:]{8} GMT'
    r"|(?i:\n(?:ratelimit[\w-]*|content-length|x-request-id): [^\n]+)"
)


def anonymous(text: str, address: str, values: dict[str, str]) -> str:
    """*text* without what it was asked for and without what differs from one answer to the next."""
    text = unquote(_PASSING.sub("", text)).replace("&#x27;", "'")
    for value in (
        unquote(address),
        values["name"],
        values["digest"],
        values["key"],
        values["name"].partition(":")[2] or "\0",
    ):
        text = text.replace(value, "ASKED")
    return text


@pytest.mark.parametrize("label", VIEWERS)
def test_no_other_address_gives_anything_away(world: World, label: str) -> None:
    client, hidden = client_of(world, label), hidden_from(world, label)
    for route in routes():
        if not asks_for_a_thing(route):
            for data in questions(route, world, hidden):
                response = asked_of(client, route.filled(PLAIN), **data)
                found = leaks(said(response), json.dumps(data, ensure_ascii=False), hidden)
                assert found == [], f"{route.path} {data} as {label}"
                assert response.status_code < 500, f"{route.path} {data} as {label}"


def questions(route: Route, world: World, hidden: list[Thing]) -> Iterator[dict[str, str]]:
    """What to ask a page that names no thing: nothing, and about each hidden thing by name, beginning, word and place."""
    yield {}
    yield {"kind": "monument"}
    if not re.search(r"search|suggest|find|points|new|merge|choose|many|opinions", route.path):
        return
    yield {"kind": "material", "order": "newest"}
    for thing in hidden:
        yield {"q": thing.secrets[0]}
        yield {"q": thing.secrets[0][:5]}
        if len(thing.secrets) > 5:
            lat, lon = float(thing.secrets[4]), float(thing.secrets[5])
            yield {"q": thing.secrets[1]}
            yield {"q": thing.secrets[2]}
            yield {"box": f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}"}
        yield {"about": f"urn:ortaq:{thing.name}"}


@pytest.mark.parametrize("label", VIEWERS)
def test_counts_and_facets_count_only_what_may_be_seen(world: World, label: str) -> None:
    client = client_of(world, label)
    live = [thing for thing in world.things if thing.address == "record" and thing.is_live and label in thing.readers]
    names = {thing.name for thing in live}
    answer = client.get("/api/search", {"limit": 100}).json()
    assert {hit["uri"].removeprefix("urn:ortaq:") for hit in answer["hits"]} - names == set()
    assert answer["total"] == len(answer["hits"])
    assert sum(one["count"] for one in answer["facets"]["kind"]) == answer["total"]
    assert len(names - {hit["uri"].removeprefix("urn:ortaq:") for hit in answer["hits"]}) == 0
    for thing in hidden_from(world, label):
        for word in thing.secrets[:3]:
            found = client.get("/api/search", {"q": word}).json()
            assert (found["total"], found["facets"].get("kind") or []) == (0, []), f"{word} of {thing.label} as {label}"


def test_everyone_sees_what_is_theirs(world: World) -> None:
    """The proof can fail: every thing is found where its readers look for it."""
    for label in VIEWERS:
        client = client_of(world, label)
        for thing in world.things:
            if thing.address == "record" and thing.is_live and label in thing.readers:
                assert thing.secrets[0] in said(client.get(f"/r/{thing.name}")) or thing.digest, (
                    f"{thing.label} as {label}"
                )
                if thing.digest:
                    assert thing.secrets[0] in said(client.get(f"/files/{thing.digest}/{thing.filename}"))


def test_every_route_can_be_asked_for(world: World) -> None:
    """A new route with a parameter that nobody thought of is named here."""
    assert world.public is not None
    for route in routes():
        route.filled(values_for(route, world.public))


def test_command_line_exports_what_everyone_of_the_node_may_read(world: World, node: Any) -> None:
    viewer = Viewer(node.uri)
    exported = b"".join(lines(records(viewer), viewer)).decode()
    of_some = [thing for thing in world.things if not thing.readers >= {"A/reader", "B/reader"}]
    assert leaks(exported, "", of_some) == []
    assert all(thing.secrets[0] in exported for thing in world.things if thing.label == "node")
