# SPDX-License-Identifier: Apache-2.0
"""Nothing leaks: every route, by every method, as every role of every institution and as nobody, about everything that is here.

The summary of the run has the table of viewers, routes, things and answers looked at (tests/leaks/table.py).
"""

from collections.abc import Callable
from typing import Any

import pytest

from ortaq.core.audience import Viewer
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.jsonl import lines
from tests.leaks.asking import VIEWERS, client_of, leaks, said
from tests.leaks.proof import Proof
from tests.leaks.routes import NAMING, SAYING, SORTS, read_by, routes, sort_of, values_for
from tests.leaks.thing import World

Note = Callable[[str, object], None]


@pytest.fixture(params=VIEWERS)
def proof(request: pytest.FixtureRequest, world: World, node: Any) -> Proof:
    return Proof(world, request.param, node.id)


def test_no_address_of_a_thing_gives_it_away(proof: Proof, record_property: Note) -> None:
    assert list(proof.at_addresses()) == []
    record_property("leaks", proof.table())


def test_no_form_that_names_a_thing_gives_it_away(proof: Proof, record_property: Note) -> None:
    assert list(proof.in_forms()) == []
    record_property("leaks", proof.table())


def test_no_other_address_gives_anything_away(proof: Proof, record_property: Note) -> None:
    assert list(proof.elsewhere()) == []
    record_property("leaks", proof.table())


def test_only_what_may_be_seen_is_counted(proof: Proof) -> None:
    assert list(proof.counts()) == []


def test_everyone_sees_what_is_theirs(world: World) -> None:
    """The proof can fail: every thing is found where its readers look for it."""
    for label in VIEWERS:
        client = client_of(world, label)
        for thing in world.things:
            if thing.address == "record" and thing.is_live and label in thing.readers:
                assert thing.secrets[0] in said(client.get(f"/r/{thing.name}")) or thing.digest, (
                    f"{thing.label} as {label}"
                )
            if thing.digest and label in thing.readers and thing.filename.endswith(".txt"):
                text = said(client.get(f"/files/{thing.digest}/{thing.filename}"))
                assert any(secret in text for secret in thing.secrets[:2]), f"{thing.label} as {label}"


def test_every_route_can_be_asked_for(world: World) -> None:
    """A new route with a parameter that nobody thought of is named here."""
    assert world.public is not None
    for route in routes():
        route.filled(values_for(route, world.public))
        sort_of(route)


def test_every_name_that_a_view_reads_was_thought_of() -> None:
    """What a view takes from a form or from behind the question mark names a thing, or says something; tests/leaks/routes.py knows."""
    unknown = {f"{name} of {route.module}" for route in routes() for name in read_by(route) - NAMING.keys() - SAYING}
    assert unknown == set()


def test_something_is_kept_secret_of_every_sort_that_an_address_names(world: World) -> None:
    assert set(SORTS.values()) | set(NAMING.values()) <= {thing.address for thing in world.things}


def test_command_line_exports_what_everyone_of_the_node_may_read(world: World, node: Any) -> None:
    viewer = Viewer(node.uri)
    exported = b"".join(lines(records(viewer), viewer)).decode()
    of_some = [thing for thing in world.things if not thing.readers >= {"A/reader", "B/reader"}]
    assert leaks(exported, "", of_some) == []
    assert all(thing.secrets[0] in exported for thing in world.things if thing.label == "node")
