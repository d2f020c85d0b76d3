# SPDX-License-Identifier: Apache-2.0
"""The list for harvesters: what everyone may see or once could, and nothing else, in an order that never turns back."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from ortaq.doors.harvest import following
from ortaq.doors.harvest.following import catch_up
from ortaq.doors.harvest.models import Listed, Reach, Shelved
from ortaq.doors.harvest.queries import Choice, edition, page_of, shelves
from ortaq.records.actions import erase_versions, publish_record
from ortaq.records.door import Draft, write_change
from ortaq.records.merging import merge_records
from ortaq.records.models import Record
from tests.factories import Write, institution, join, viewer, write_opinion


def listed() -> dict[str, bool]:
    """Source id → whether it is gone, in the order of the list."""
    catch_up()
    ids = list(Listed.objects.order_by("position").values_list("record", "is_gone"))
    names = dict(Record.objects.values_list("id", "source_id"))
    return {str(names[record]): is_gone for record, is_gone in ids}


def revise(source_id: str, *, audience: str = "public", body: dict[str, Any] | None = None, by: str) -> Any:
    uri = Record.objects.get(source_id=source_id).uri
    return write_change(Draft("place", body, audience, uri), by=by)


def test_only_what_everyone_may_see_is_listed(node: Any, place: Write) -> None:
    place("geo:1")
    for number, audience in enumerate(("partners", "node", "institution:aaaaaaaaaaaaaaaa", "private")):
        place(f"geo:hidden-{number}", audience=audience)
    assert listed() == {"geo:1": False}


def test_what_was_never_for_everyone_is_not_even_gone(node: Any, place: Write) -> None:
    place("geo:1", audience="node")
    listed()
    revise("geo:1", by=node.uri)  # withdrawn, by a header that everyone may read
    assert listed() == {}


@pytest.mark.parametrize("looks_between", [True, False])
def test_what_once_was_for_everyone_stays_as_gone(node: Any, place: Write, looks_between: bool) -> None:
    place("geo:withdrawn")
    place("geo:narrowed")
    if looks_between:
        listed()
    revise("geo:withdrawn", by=node.uri)
    place("geo:narrowed", audience="node")
    assert listed() == {"geo:withdrawn": True, "geo:narrowed": True}
    place("geo:narrowed", audience="public")
    assert listed() == {"geo:withdrawn": True, "geo:narrowed": False}


def test_an_opinion_goes_with_what_it_is_about(node: Any, place: Write, opinion: Callable[..., Any]) -> None:
    place("geo:1")
    opinion("geo:1")
    listed()
    before = Listed.objects.order_by("-position").first()
    assert before is not None and not before.is_gone
    place("geo:1", audience="node")
    listed()
    assert set(Listed.objects.values_list("is_gone", flat=True)) == {True}


def test_nothing_is_written_anew_that_did_not_change(node: Any, place: Write, opinion: Callable[..., Any]) -> None:
    place("geo:1")
    opinion("geo:1")
    catch_up()
    positions = dict(Listed.objects.values_list("record", "position"))
    place("geo:1", az="Yeni ad")  # the opinion about it says what it said
    assert catch_up() == 1
    moved = {
        record for record, position in Listed.objects.values_list("record", "position") if positions[record] != position
    }
    assert moved == {Record.objects.get(source_id="geo:1").id}
    assert catch_up() == 0


def test_instants_grow_with_positions_whatever_clock_a_change_has(node: Any) -> None:
    catch_up()
    for number, at in enumerate(("2031-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z")):
        write_change(Draft("place", {"source_id": f"geo:{number}", "title": {"az": "A"}}), by=node.uri, at=at)
        catch_up()
    instants = list(Listed.objects.order_by("position").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert "2002" < instants[0] < "2031"


def test_a_list_that_is_made_anew_tells_the_instants_of_the_log(node: Any) -> None:
    for number, at in enumerate(("2020-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "2021-01-01T00:00:00Z")):
        write_change(Draft("place", {"source_id": f"geo:{number}", "title": {"az": "A"}}), by=node.uri, at=at)
    catch_up()
    instants = list(Listed.objects.order_by("position").values_list("at", flat=True))
    assert instants == ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"]


def test_nothing_is_given_out_before_the_list_is_whole(
    node: Any, place: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_WINDOW", 2)
    for number in range(5):
        place(f"geo:{number}")
    following._step()
    assert edition() == ""
    catch_up()
    assert edition() and Listed.objects.count() == 5
    assert Reach.objects.count() == 1


def test_shelves_follow_the_record(node: Any, place: Write) -> None:
    body = {"source_id": "geo:1", "title": {"az": "A"}, "countries": ["AZ", "KZ"]}
    write_change(Draft("place", body), by=node.uri)
    catch_up()
    assert shelves() == ["country:AZ", "country:KZ", "kind:place", f"node:{node.id}"]
    write_change(Draft("place", {**body, "countries": ["KZ"]}), by=node.uri)
    catch_up()
    assert page_of(Choice("country:AZ"), limit=5, with_bodies=False).entries == []
    revise("geo:1", by=node.uri)
    catch_up()
    [gone] = page_of(Choice("country:KZ"), limit=5, with_bodies=False).entries
    assert gone.is_gone
    assert set(Shelved.objects.values_list("position", flat=True)) == {gone.position}


def test_what_was_narrowed_a_moment_ago_is_gone_at_once(node: Any, place: Write) -> None:
    place("geo:1")
    catch_up()
    place("geo:1", audience="node", az="Gizli")
    [entry] = page_of(Choice(), limit=5, with_bodies=True).entries
    assert entry.is_gone and entry.record is None


def test_a_page_ends_where_bodies_grow_too_large(node: Any, place: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ortaq.doors.harvest.queries.MOST_CHARACTERS", 100)
    for number in range(3):
        place(f"geo:{number}", az="ə" * 90)
    catch_up()
    page = page_of(Choice(), limit=5, with_bodies=True)
    assert len(page.entries) == 1 and page.after is not None


def test_what_was_merged_or_erased_is_gone(node: Any) -> None:
    house = institution("Muzey")
    steward = viewer(join("steward", of=house, role="steward"))
    first, second, third = (
        publish_record(steward, "place", {"title": {"az": name}}, "public").uri for name in ("Bir", "İki", "Üç")
    )
    catch_up()
    merge_records(steward, first, second, body={"title": {"az": "Bir"}}, expected=(1, 1))
    erase_versions(third, [1], by=node.uri)
    catch_up()
    gone = dict(Listed.objects.values_list("record", "is_gone"))
    by_uri = {uri: gone[id_] for uri, id_ in Record.objects.filter(id__in=gone).values_list("uri", "id")}
    assert by_uri == {first: False, second: True, third: True}


@pytest.mark.parametrize("seed", range(6))
def test_a_list_that_is_made_anew_knows_the_same(node: Any, place: Write, seed: int) -> None:
    """Whenever the list looked at the log, and if it looks only at the end: the same is here, and the same is gone."""
    chance, known = random.Random(seed), [f"geo:{number}" for number in range(6)]
    for step in range(60):
        name, audience = chance.choice(known), chance.choice(("public", "public", "node", "private"))
        deed = chance.randrange(6)
        here = Record.objects.filter(source_id=name).first()
        if deed == 0 and here is not None:
            write_change(Draft("place", None, audience, here.uri), by=node.uri)
        elif deed == 1 and here is not None and here.state == Record.LIVE and here.audience == "public":
            write_opinion(name, f"Söz {step}", audience=chance.choice(("public", "node")))
        else:
            place(name, audience=audience, az=f"Ad {step}")
        if chance.random() < 0.3:
            catch_up()
    catch_up()
    once = dict(Listed.objects.values_list("record", "is_gone"))
    shelves_once = set(Shelved.objects.values_list("record", "shelf"))
    live = set(Record.objects.filter(audience="public", state=Record.LIVE).values_list("id", flat=True))
    assert {record for record, is_gone in once.items() if not is_gone} == live
    for model in (Shelved, Listed, Reach):
        model.objects.all().delete()
    catch_up()
    assert dict(Listed.objects.values_list("record", "is_gone")) == once
    assert set(Shelved.objects.values_list("record", "shelf")) == shelves_once
