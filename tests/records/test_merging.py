# SPDX-License-Identifier: Apache-2.0
"""Duplicates become one record, and two again: both changes or none, and nobody writes `replaces` by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ortaq.core.audience import STRANGER, Viewer, of_institution
from ortaq.core.replacing import replaced_in
from ortaq.opinions.kind import OPINION
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records import bounds, merging, store
from ortaq.records.actions import erase_versions, publish_record, revise_record, withdraw_record
from ortaq.records.door import Draft, write_change, write_changes
from ortaq.records.errors import (
    Absent,
    Gone,
    MergedAway,
    NotMergeable,
    NotMerged,
    Replaced,
    ReplacesByHand,
    StaleVersion,
)
from ortaq.records.merging import merge_of, merge_records, take_back
from ortaq.records.models import Change, Record
from ortaq.records.queries import (
    body_of,
    count_links_to,
    links_to,
    record_in_place_of,
    record_of,
    records_linking,
    targets_by_uri,
)
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import institution, join, viewer


def body(name: str, **more: Any) -> dict[str, Any]:
    return {"title": {"az": [name]}, **more}


@dataclass
class House:
    """An institution with a steward, who has made records by name."""

    steward: Viewer
    uris: dict[str, str]

    def make(self, name: str, audience: str = "public", kind: str = "place", **more: Any) -> str:
        self.uris[name] = publish_record(self.steward, kind, body(name, **more), audience).uri or ""
        return self.uris[name]

    def record(self, uri: str) -> Record:
        return record_of(uri, self.steward)

    def body(self, uri: str) -> dict[str, Any]:
        return body_of(self.record(uri))

    def merge(self, winner: str, loser: str, **more: Any) -> Any:
        kept, other = self.record(winner), self.record(loser)
        given = {"body": body_of(kept), "expected": (kept.version, other.version), **more}
        return merge_records(self.steward, winner, loser, **given)

    def back(self, uri: str, **more: Any) -> Any:
        winner = merge_of(self.record(uri), self.steward).winner
        return take_back(self.steward, uri, expected_version=winner.version, **more)


@pytest.fixture
def house(node: Any) -> House:
    return House(viewer(join("steward", role="steward")), {})


def assert_sound() -> None:
    assert [*verify_log(), *verify_projection()] == []


def test_kept_record_replaces_the_other_which_is_withdrawn(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    outcome = house.merge(kept, other, body=body("Qala", countries=["AZ"]))
    assert (outcome.status, outcome.version) == ("revised", 2)
    assert house.body(kept) == body("Qala", countries=["AZ"], links=[{"role": "replaces", "to": other}])
    assert (house.record(other).state, house.record(other).version) == (Record.WITHDRAWN, 2)
    in_place = record_in_place_of(other, STRANGER)
    assert in_place is not None and in_place.uri == kept
    assert_sound()


def test_chain_is_flat_whichever_way_it_grew(house: House) -> None:
    a, b, c, d = (house.make(name) for name in "ABCD")
    house.merge(b, a)
    house.merge(d, c)
    house.merge(b, d)
    assert replaced_in(house.body(b)) == [a, d, c]
    for uri in (a, c, d):
        assert (record_in_place_of(uri, STRANGER) or house.record(a)).uri == b
    assert_sound()


def test_only_stewards_of_the_institution_merge(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    editor, outsider = viewer(join("e", role="editor")), viewer(join("o", of=institution("B"), role="administrator"))
    for one, refusal in ((editor, Denied), (outsider, Denied), (STRANGER, SignInRequired)):
        with pytest.raises(refusal):
            merge_records(one, kept, other, body=body("Qala"), expected=(1, 1))
    house.merge(kept, other)
    for one, refusal in ((editor, Denied), (outsider, Denied), (STRANGER, SignInRequired)):
        with pytest.raises(refusal):
            take_back(one, other, expected_version=2)
    assert house.record(kept).version == 2


def test_only_records_of_one_kind_and_one_institution_are_merged(house: House, node: Any) -> None:
    kept = house.make("Qala")
    steward = viewer(join("both", of=institution("B"), role="steward"))
    foreign = publish_record(steward, "place", body("Qala"), "public").uri or ""
    with pytest.raises(NotMergeable):
        house.merge(kept, house.make("Qala abidəsi", kind="monument"))
    with pytest.raises(NotMergeable):
        house.merge(kept, kept)
    with pytest.raises(Denied):
        house.merge(kept, foreign)
    gone = house.make("Gone")
    withdraw_record(house.steward, gone)
    with pytest.raises(Gone):
        house.merge(kept, gone)


def test_hidden_record_looks_like_one_that_is_absent(house: House) -> None:
    kept = house.make("Qala")
    hidden = publish_record(viewer(join("a")), "place", body("Gizli"), "private").uri or ""
    for uri in (hidden, hidden[:-16] + "z" * 16):
        with pytest.raises(Absent) as caught:
            merge_records(house.steward, kept, uri, body=body("Qala"), expected=(1, 1))
        assert caught.value.facts == {"uri": uri}


@pytest.mark.parametrize("expected", [(2, 1), (1, 2), (9, 9)])
def test_stale_merge_writes_nothing(house: House, expected: tuple[int, int]) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    count = Change.objects.count()
    with pytest.raises(StaleVersion):
        house.merge(kept, other, expected=expected)
    assert Change.objects.count() == count


def test_refused_body_leaves_both_as_they_were(house: House) -> None:
    kept, other = house.make("Qala", source_id="p:1"), house.make("Qala 2")
    with pytest.raises(Exception, match="source id"):
        house.merge(kept, other, body=body("Qala", source_id="p:2"))
    assert [house.record(uri).version for uri in (kept, other)] == [1, 1]
    assert house.record(other).state == Record.LIVE


def test_fault_in_the_middle_leaves_both_as_they_were(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(store, "_replace_derived", fail)
    with pytest.raises(OSError, match="the disk is full"):
        house.merge(kept, other)
    monkeypatch.undo()
    assert [house.record(uri).version for uri in (kept, other)] == [1, 1]
    assert_sound()


def test_links_and_opinions_follow(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    near = house.make("Bulaq", links=[{"role": "located_in", "to": other}])
    said = write_change(Draft("opinion", opinion_on(other)), by=house.steward.actor or "").uri
    house.merge(kept, other)
    assert [link.record.uri for link in links_to(kept, STRANGER, limit=9, without_kinds=["opinion"])] == [near]
    assert count_links_to(kept, STRANGER) == 2
    assert [one.uri for one in records_linking(kept, "about", OPINION.name, STRANGER)] == [said]
    assert targets_by_uri([other, kept], STRANGER)[other].uri == kept
    house.back(other)
    assert count_links_to(kept, STRANGER) == 0
    assert [link.record.uri for link in links_to(other, STRANGER, limit=9, without_kinds=["opinion"])] == [near]


def opinion_on(uri: str) -> dict[str, Any]:
    return {"about": uri, "motivation": "comment", "lang": "az", "text": "Gözəl"}


def test_links_between_the_two_are_not_shown_as_links(house: House) -> None:
    kept = house.make("Qala")
    other = house.make("Qala 2", links=[{"role": "same_as", "to": kept}])
    house.merge(kept, other, body=body("Qala", links=[{"role": "same_as", "to": other}]))
    assert links_to(kept, house.steward, limit=9) == []


@pytest.mark.parametrize("how", ["publish", "revise", "import"])
def test_replaces_is_not_written_by_hand(house: House, how: str) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    given = body("Qala", links=[{"role": "replaces", "to": other}])
    ways: dict[str, Callable[[], Any]] = {
        "publish": lambda: publish_record(house.steward, "place", given, "public"),
        "revise": lambda: revise_record(house.steward, kept, given, "public", expected_version=1),
        "import": lambda: write_change(Draft("place", given, uri=kept, is_import=True), by=house.steward.actor or ""),
    }
    with pytest.raises(ReplacesByHand):
        ways[how]()


def test_revision_keeps_what_the_record_replaces(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    house.merge(kept, other)
    link = {"role": "replaces", "to": other}
    for version, links in ((2, [link]), (3, []), (4, [{"role": "related_to", "to": other}])):
        given = body(f"Qala {version}", links=links) if links else body(f"Qala {version}")
        revise_record(house.steward, kept, given, "public", expected_version=version)
        assert replaced_in(house.body(kept)) == [other]
    assert revise_record(house.steward, kept, given, "public", expected_version=5).status == "unchanged"
    third = {"role": "replaces", "to": house.make("C")}
    with pytest.raises(ReplacesByHand):
        revise_record(house.steward, kept, body("Q", links=[link, third]), "public", expected_version=5)


def test_replaced_record_is_not_revived(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2", source_id="p:2")
    house.merge(kept, other)
    with pytest.raises(Replaced) as caught:
        revise_record(house.steward, other, body("Yenə"), "public", expected_version=2)
    assert caught.value.facts == {"uri": other, "winner": kept}
    imported = write_changes([Draft("place", body("Yenə", source_id="p:2"))], by=house.steward.actor or "")[0]
    assert isinstance(imported.error, MergedAway)
    assert kept not in str(imported.error)


def test_withdrawn_winner_gives_back_the_place_and_takes_it_again(house: House) -> None:
    kept, other, third = house.make("Qala"), house.make("Qala 2"), house.make("Qala 3")
    house.merge(kept, other)
    house.merge(kept, third)
    withdraw_record(house.steward, kept)
    assert record_in_place_of(other, house.steward) is None
    assert_sound()
    revise_record(house.steward, third, body("Ayrı"), "public", expected_version=2)
    link = [{"role": "replaces", "to": one} for one in (other, third)]
    revise_record(house.steward, kept, body("Qala", links=link), "public", expected_version=4)
    assert replaced_in(house.body(kept)) == [other]
    assert_sound()


def test_old_versions_are_seen_no_more_widely_than_what_stands_in_their_place(house: House) -> None:
    own = of_institution(house.steward.institutions[0])
    kept, other = house.make("Qala"), house.make("Qala 2")
    said = write_change(Draft("opinion", opinion_on(other)), by=house.steward.actor or "").uri or ""
    house.merge(kept, other)
    assert record_of(other, STRANGER).state == Record.WITHDRAWN
    revise_record(house.steward, kept, body("Qala"), own, expected_version=2)
    for uri in (kept, other, said):
        with pytest.raises(Absent):
            record_of(uri, STRANGER)
        assert record_of(uri, house.steward)
    assert_sound()
    bounds.settle_all()
    assert_sound()
    revise_record(house.steward, kept, body("Qala"), "public", expected_version=3)
    assert record_of(said, STRANGER)
    revise_record(house.steward, kept, body("Qala"), own, expected_version=4)
    erase_versions(other, [1], by=house.steward.actor or "")
    with pytest.raises(Absent):
        record_of(other, STRANGER)
    assert_sound()
    withdraw_record(house.steward, kept)
    assert_sound()


def test_merge_into_a_narrower_record_hides_the_other(house: House) -> None:
    own = of_institution(house.steward.institutions[0])
    kept, other = house.make("Qala", own), house.make("Qala 2")
    house.merge(kept, other)
    with pytest.raises(Absent):
        record_of(other, STRANGER)
    house.back(other)
    assert record_of(other, STRANGER).state == Record.LIVE
    assert_sound()


def test_merge_taken_back_at_once_leaves_both_as_they_were(house: House) -> None:
    kept, other = house.make("Qala", countries=["AZ"]), house.make("Qala 2", description={"az": ["Uca"]})
    before = house.body(kept), house.body(other)
    house.merge(kept, other, body=body("Qala", countries=["AZ"], description={"az": ["Uca"]}, change_note="Birləşdi"))
    merge = house.back(other)
    assert (merge.version, merge.fields, merge.is_newest) == (2, ("description",), True)
    assert (house.body(kept), house.body(other)) == before
    assert (house.record(kept).version, house.record(other).version) == (3, 3)
    assert_sound()


def test_merge_taken_back_later_keeps_what_was_revised_since(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2", countries=["AZ"])
    house.merge(kept, other, body=body("Qala", countries=["AZ"]))
    revise_record(house.steward, kept, body("Qalaça", countries=["AZ"]), "public", expected_version=2)
    merge = house.back(other, note="Ayrı imiş")
    assert (merge.version, merge.fields, merge.is_newest) == (2, ("countries",), False)
    assert house.body(kept) == body("Qalaça", countries=["AZ"], change_note="Ayrı imiş")
    assert house.body(other) == body("Qala 2", countries=["AZ"], change_note="Ayrı imiş")


def test_merges_of_a_chain_are_taken_back_one_by_one(house: House) -> None:
    a, b, c = (house.make(name) for name in "ABC")
    house.merge(b, a)
    house.merge(c, b)
    house.back(b)
    assert (replaced_in(house.body(c)), replaced_in(house.body(b))) == ([], [a])
    assert_sound()
    house.merge(c, b)
    house.back(a)
    assert (replaced_in(house.body(c)), house.record(a).state) == ([b], Record.LIVE)
    house.back(b)
    assert (replaced_in(house.body(c)), replaced_in(house.body(b))) == ([], [])
    assert_sound()


def test_stale_taking_back_writes_nothing(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    house.merge(kept, other)
    with pytest.raises(StaleVersion):
        take_back(house.steward, other, expected_version=1)
    assert (house.record(kept).version, house.record(other).version) == (2, 2)


def test_what_was_not_merged_or_was_erased_is_not_taken_back(house: House) -> None:
    kept, other = house.make("Qala"), house.make("Qala 2")
    with pytest.raises(NotMerged):
        merge_of(house.record(kept), house.steward)
    house.merge(kept, other)
    erase_versions(other, [1], by=house.steward.actor or "")
    with pytest.raises(NotMerged):
        house.back(other)
    assert merging.may_take_back(house.steward, house.record(other), house.record(kept)) is False


def test_import_brings_what_was_merged_elsewhere(house: House, node: Any) -> None:
    away = "urn:ortaq:" + "b" * 26 + ":" + "c" * 16
    drafts = [
        Draft("place", body("Qala", source_id="x:1", links=[{"role": "replaces", "to": away}]), is_import=True),
        Draft("opinion", opinion_on(away), is_import=True),
    ]
    first = write_changes(drafts, by=node.uri)
    assert [one.status for one in first] == ["made", "made"]
    winner, said = (one.uri or "" for one in first)
    assert [one.uri for one in records_linking(winner, "about", OPINION.name, STRANGER)] == [said]
    assert [one.status for one in write_changes(drafts[:1], by=node.uri)] == ["unchanged"]
    assert_sound()
    drafts[0] = Draft("place", body("Qala", source_id="x:1"), audience="node", is_import=True)
    write_changes(drafts[:1], by=node.uri)
    with pytest.raises(Absent):
        record_of(said, STRANGER)
    assert_sound()
