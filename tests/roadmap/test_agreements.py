# SPDX-License-Identifier: Apache-2.0
"""An agreement is in force when every party has said yes to the same words, and says until then whom it waits for."""

from typing import Any

import orjson
import pytest
from django.test import Client

from ortaq.core.audience import STRANGER
from ortaq.nodes.identity import own_id
from ortaq.nodes.kind import record_of_node
from ortaq.people.errors import Denied
from ortaq.records.announcing import announce_node
from ortaq.records.door import Draft, write_change
from ortaq.records.errors import ByNodeAlone
from ortaq.records.models import Change, Record
from ortaq.records.queries import record_of
from ortaq.records.receiving import receive_lines
from ortaq.records.verification import verify_log, verify_projection
from ortaq.roadmap.actions import sign_agreement, withdraw_assent
from ortaq.roadmap.errors import NotAParty, NotSigned, TextChanged
from ortaq.roadmap.queries import standing_of
from ortaq.roadmap.rules import Text, version_in_force
from tests.factories import actor_of, join, viewer
from tests.peer import Peer


@pytest.fixture
def peer(node: Any) -> Peer:
    announce_node()
    peer = Peer().known()
    receive_lines(peer.id, [peer.announce()], source=peer.id)
    return peer


@pytest.fixture
def keeper(node: Any) -> Any:
    return viewer(join("keeper", role="administrator", is_keeper=True))


def agreement(keeper: Any, *nodes: str, text: str = "Birgə bərpa edirik.", uri: str | None = None) -> str:
    body = {
        "title": {"az": ["Yol xəritəsi"]},
        "parties": [record_of_node(node) for node in nodes],
        "text": {"az": [text]},
    }
    return str(write_change(Draft("agreement", body, uri=uri), by=keeper.actor).uri)


def yes(peer: Peer, uri: str, *, digest: str = "", source_id: str = "yes") -> None:
    """The peer's assent, as it comes from there."""
    change = Change.objects.filter(record=uri).latest("version")
    body = {"about": uri, "version": change.version, "digest": digest or change.digest}
    done = receive_lines(peer.id, [peer.write("assent", body, source_id=source_id)], source=peer.id)
    assert done.accepted == 1


def in_force(uri: str) -> int | None:
    standing = standing_of(record_of(uri, STRANGER), STRANGER)
    assert standing is not None
    return standing.in_force


def test_agreement_waits_for_every_party(peer: Peer, keeper: Any) -> None:
    uri = agreement(keeper, own_id(), peer.id)
    assert sign_agreement(keeper, uri, version=1).status == "made"
    standing = standing_of(record_of(uri, STRANGER), STRANGER)
    assert standing is not None
    assert [one.node for one in standing.signed] == [own_id()]
    assert [one.node for one in standing.waiting] == [peer.id]
    assert in_force(uri) is None
    yes(peer, uri)
    assert in_force(uri) == 1
    assert (list(verify_log()), list(verify_projection())) == ([], [])


def test_new_text_is_in_force_once_all_have_signed_it_and_the_old_one_until_then(peer: Peer, keeper: Any) -> None:
    uri = agreement(keeper, own_id(), peer.id)
    sign_agreement(keeper, uri, version=1)
    yes(peer, uri)
    agreement(keeper, own_id(), peer.id, text="Və birgə qoruyuruq.", uri=uri)
    assert in_force(uri) == 1
    sign_agreement(keeper, uri, version=2)
    assert in_force(uri) == 1
    yes(peer, uri, source_id="yes2")
    assert in_force(uri) == 2


def test_yes_to_a_new_text_is_taken_back_without_leaving_the_old_one(peer: Peer, keeper: Any) -> None:
    uri = agreement(keeper, own_id(), peer.id)
    sign_agreement(keeper, uri, version=1)
    yes(peer, uri)
    agreement(keeper, own_id(), peer.id, text="Və birgə qoruyuruq.", uri=uri)
    sign_agreement(keeper, uri, version=2)
    withdraw_assent(keeper, uri, version=2)
    assert in_force(uri) == 1
    with pytest.raises(NotSigned):  # pressed twice
        withdraw_assent(keeper, uri, version=2)
    withdraw_assent(keeper, uri, version=1)
    assert in_force(uri) is None


def test_page_says_what_comes_of_taking_the_signature_back(peer: Peer, client: Client) -> None:
    person = join("keeper", role="administrator", is_keeper=True)
    keeper = viewer(person)
    uri = agreement(keeper, own_id(), peer.id)
    client.force_login(person)

    def asked() -> str:
        return client.get(f"/agreements/{uri.removeprefix('urn:ortaq:')}/withdraw").content.decode()

    assert "No signature of this node" in asked()
    sign_agreement(keeper, uri, version=1)
    assert "says yes no longer" in asked()
    yes(peer, uri)
    assert "no longer in force" in asked()
    agreement(keeper, own_id(), peer.id, text="Və birgə qoruyuruq.", uri=uri)
    sign_agreement(keeper, uri, version=2)
    assert "version 1 stays in force" in asked()
    yes(peer, uri, source_id="yes2")
    assert "version 1, which every party has signed, is in force again" in asked()


def test_yes_to_other_words_is_none(peer: Peer, keeper: Any) -> None:
    uri = agreement(keeper, own_id(), peer.id)
    sign_agreement(keeper, uri, version=1)
    yes(peer, uri, digest=f"uEi{'A' * 44}")
    assert in_force(uri) is None


def test_yes_of_who_is_no_party_is_none(peer: Peer, keeper: Any) -> None:
    other = Peer().id
    uri = agreement(keeper, own_id(), other)
    sign_agreement(keeper, uri, version=1)
    yes(peer, uri)
    assert in_force(uri) is None


def test_yes_can_be_taken_back(peer: Peer, keeper: Any) -> None:
    uri = agreement(keeper, own_id(), peer.id)
    sign_agreement(keeper, uri, version=1)
    yes(peer, uri)
    withdraw_assent(keeper, uri, version=1)
    assert in_force(uri) is None
    standing = standing_of(record_of(uri, STRANGER), STRANGER)
    assert standing is not None
    assert [(one.node, bool(one.taken_back_at)) for one in standing.waiting] == [(own_id(), True)]
    with pytest.raises(NotSigned):
        withdraw_assent(keeper, uri, version=1)
    sign_agreement(keeper, uri, version=1)
    assert in_force(uri) == 1


def test_who_may_not_sign_does_not(peer: Peer, keeper: Any) -> None:
    uri = agreement(keeper, own_id(), peer.id)
    with pytest.raises(Denied):
        sign_agreement(viewer(join("kimsə", role="administrator")), uri, version=1)
    with pytest.raises(TextChanged):
        sign_agreement(keeper, uri, version=2)
    with pytest.raises(NotAParty):
        sign_agreement(keeper, agreement(keeper, peer.id), version=1)
    body = {"about": uri, "version": 1, "digest": Change.objects.get(record=uri).digest}
    with pytest.raises(ByNodeAlone):
        write_change(Draft("assent", body), by=keeper.actor)
    assert not Record.objects.filter(kind="assent").exists()


@pytest.mark.parametrize(
    ("assents", "expected"),
    [
        ({}, None),
        ({"a": ["1"]}, None),
        ({"a": ["1"], "b": ["1"]}, 1),
        ({"a": ["1", "2"], "b": ["1"]}, 1),
        ({"a": ["2"], "b": ["1"]}, None),
        ({"a": ["2"], "b": ["1", "2"]}, 2),
        ({"a": ["2"], "b": ["2"], "c": ["3"]}, 2),
    ],
)
def test_version_in_force(assents: dict[str, list[str]], expected: int | None) -> None:
    both = frozenset("ab")
    assert (
        version_in_force([Text(1, "1", both), Text(2, "2", both), Text(3, "3", frozenset("abc"))], assents) == expected
    )


def test_keeper_signs_on_the_page(peer: Peer, client: Client) -> None:
    person = join("keeper", role="administrator", is_keeper=True)
    uri = agreement(viewer(person), own_id(), peer.id)
    name = uri.removeprefix("urn:ortaq:")
    assert client.get(f"/agreements/{name}/sign").status_code == 403
    assert "Sign for this node" not in client.get(f"/r/{name}").content.decode()
    client.force_login(person)
    page = client.get(f"/r/{name}").content.decode()
    assert "Not in force" in page
    assert "Nobody has signed this text yet; it waits for" in page
    assert "Астана түйіні" in page
    assert f"/agreements/{name}/sign" in page
    assert "Birgə bərpa edirik." in client.get(f"/agreements/{name}/sign").content.decode()
    assert client.post(f"/agreements/{name}/sign", {"version": "7"}).status_code == 409
    assert client.post(f"/agreements/{name}/sign", {"version": "1"}).status_code == 302
    signature = Record.objects.get(kind="assent").uri.removeprefix("urn:ortaq:")
    assert '<h1 class="h-words"><bdi>Assent</bdi></h1>' in client.get(f"/r/{signature}").content.decode()
    assert "it waits for Астана түйіні." in client.get(f"/r/{name}").content.decode()
    yes(peer, uri)
    assert "Every party has signed this text." in client.get(f"/r/{name}").content.decode()
    assert client.post(f"/agreements/{name}/withdraw").status_code == 409
    assert client.post(f"/agreements/{name}/withdraw", {"version": "1"}).status_code == 302
    assert in_force(uri) is None
    assert "taken back on" in client.get(f"/r/{name}").content.decode()
    assert (
        orjson.loads(Change.objects.filter(kind="assent", by=actor_of(person)).earliest("id").body or "")["version"]
        == 1
    )
