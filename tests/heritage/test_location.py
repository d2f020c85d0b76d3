# SPDX-License-Identifier: Apache-2.0
"""Where a sensitive site lies exactly is known to whom it was told, and stands nowhere else, in no version and at no partner."""

from typing import Any

import pytest

from ortaq.core.audience import STRANGER, AudienceTooWide
from ortaq.core.cells import cell_of
from ortaq.heritage.actions import Keeping, keep_location, tell_location
from ortaq.heritage.errors import NoPlace, NotSensitive
from ortaq.people.errors import Denied
from ortaq.people.models import AuditEntry
from ortaq.people.rules import CONTRIBUTOR, STEWARD
from ortaq.records.actions import publish_record, revise_record
from ortaq.records.door import Draft, foresee_changes, write_change, write_changes
from ortaq.records.errors import Absent, StaleVersion
from ortaq.records.locating import LocationKept, LocationTold, location_of
from ortaq.records.models import Change, Point, Record
from ortaq.records.queries import body_of, record_of
from ortaq.records.sharing import Reader, shared_since
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import actor_of, institution, join, viewer

EXACT = {"lat": 40.12468, "lon": 49.38357}
CELL = cell_of(EXACT["lat"], EXACT["lon"])
SECRETS = ("40.12468", "49.38357")


@pytest.fixture
def steward(node: Any) -> Any:
    return viewer(join("rauf", role=STEWARD))


@pytest.fixture
def own(steward: Any) -> str:
    return f"institution:{steward.standing.institution}"


@pytest.fixture
def site(steward: Any) -> str:
    body = {"title": {"az": "Qaya təsvirləri"}, "point": EXACT}
    return str(publish_record(steward, "monument", body, "public").uri)


def keeping(audience: str, **more: Any) -> Keeping:
    return Keeping(EXACT["lat"], EXACT["lon"], audience, "looting", **more)


def body_at(uri: str, who: Any = STRANGER) -> dict[str, Any]:
    return body_of(record_of(uri, who))


def test_only_those_chosen_know_where_it_is(site: str, steward: Any, own: str) -> None:
    other = viewer(join("aruzhan", of=institution("Archive"), role=STEWARD))
    keep_location(site, keeping(own, precision_m=5), viewer=steward, expected_version=1)
    assert body_at(site)["point"] == CELL
    exact = location_of(site, steward)
    assert exact is not None and body_of(exact)["point"] == {**EXACT, "precision_m": 5}
    assert body_of(exact)["title"] == {"az": ["Qaya təsvirləri"]}
    for stranger in (STRANGER, other):
        assert location_of(site, stranger) is None
        with pytest.raises(Absent):
            record_of(exact.uri, stranger)


def test_no_version_tells_it_any_more(site: str, steward: Any, own: str) -> None:
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    bodies = [change.body for change in Change.objects.filter(record=site).order_by("version")]
    assert bodies[0] is None and not any(secret in (bodies[1] or "") for secret in SECRETS)
    point = Point.objects.get(record__uri=site)
    assert (point.lat, point.lon, point.precision_m) == (CELL["lat"], CELL["lon"], CELL["precision_m"])
    assert [*verify_log(), *verify_projection()] == []


def test_partners_are_told_to_erase_it_and_do_not_get_it(site: str, steward: Any, own: str) -> None:
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    log = Change.objects.get(record=site, version=2).node
    lines = b"".join(one.line for one in shared_since(log, 0, Reader("x" * 26, True), limit=100)).decode()
    assert '"erases":[1]' in lines
    assert not any(secret in lines for secret in SECRETS)


def test_it_is_signed_once_for_both_and_noted(site: str, steward: Any, own: str) -> None:
    before = Change.objects.count()
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    assert Change.objects.count() == before + 2
    entry = AuditEntry.objects.get(action="location.kept")
    assert entry.subject == site and not any(secret in str(entry.facts) for secret in SECRETS)


def test_it_moves_to_another_cell_with_its_record(site: str, steward: Any, own: str) -> None:
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    keep_location(site, Keeping(41.0, 48.0, own, "sacred"), viewer=steward, expected_version=2)
    assert body_at(site)["point"] == cell_of(41.0, 48.0)
    found = Record.objects.filter(kind="location", state=Record.LIVE)
    assert [body_of(one)["reason"] for one in found.select_related("change")] == ["sacred"]


def test_it_is_told_to_all_again(site: str, steward: Any, own: str) -> None:
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    tell_location(site, viewer=steward, expected_version=2)
    assert body_at(site)["point"] == EXACT
    assert location_of(site) is None
    with pytest.raises(NotSensitive):
        tell_location(site, viewer=steward, expected_version=3)


def test_nobody_tells_it_by_mistake(site: str, steward: Any, own: str) -> None:
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    body = body_at(site)
    with pytest.raises(LocationKept) as refused:
        revise_record(steward, site, {**body, "point": EXACT}, "public", expected_version=2)
    assert refused.value.facts["lat"] == CELL["lat"]
    with pytest.raises(LocationKept):
        revise_record(steward, site, {**body, "point": {**CELL, "precision_m": 10}}, "public", expected_version=2)
    revise_record(steward, site, {**body, "description": {"az": "Qobustan"}}, "public", expected_version=2)
    without = {name: value for name, value in body.items() if name != "point"}
    revise_record(steward, site, without, "public", expected_version=3)


def test_what_was_told_before_is_not_kept_by_hand(site: str, steward: Any, own: str) -> None:
    by = steward.actor
    exact = {"about": site, "point": EXACT, "reason": "looting"}
    with pytest.raises(LocationTold):
        write_change(Draft("location", exact, own), by=by)
    coarse = {**body_at(site), "point": CELL}
    write_change(Draft("monument", coarse, "public", site), by=by)
    with pytest.raises(LocationTold):  # its first version is still there
        write_change(Draft("location", exact, own), by=by)


@pytest.mark.parametrize("write", [write_changes, "foresee"])
def test_a_batch_keeps_to_itself(node: Any, steward: Any, own: str, write: Any) -> None:
    """Told and kept in one file: whichever line comes second is refused."""
    site = {"source_id": "her:1", "title": {"en": "Cairn"}, "point": EXACT}
    place = {"source_id": "her:1.at", "about": "her:1", "point": EXACT, "reason": "looting"}

    def statuses(*drafts: Draft) -> list[str]:
        if write == "foresee":
            return [one.status for one in foresee_changes(drafts, by=steward.actor, ahead=Nothing())]
        return [one.status for one in write_changes(drafts, by=steward.actor)]

    told, kept = Draft("monument", site), Draft("location", place, own)
    assert statuses(told, kept) == ["made", "refused"]
    coarse = Draft("monument", {**site, "source_id": "her:2", "point": CELL})
    kept = Draft("location", {**place, "source_id": "her:2.at", "about": "her:2"}, own)
    again = Draft("monument", {**site, "source_id": "her:2"})
    assert statuses(coarse, kept, again) == ["made", "made", "refused"]


class Nothing:
    """Nothing was foreseen before."""

    def present(self, uris: set[str]) -> dict[str, Any]:
        return {}

    def files(self, digests: set[str]) -> dict[str, Any]:
        return {}

    def note(self, uri: str, present: Any) -> None:
        return None


def test_who_may_not_decide_is_refused_and_nothing_is_written(site: str, steward: Any, own: str) -> None:
    writer = viewer(join("leyla", role=CONTRIBUTOR))
    before = Change.objects.count()
    with pytest.raises(Denied):
        keep_location(site, keeping(own), viewer=writer, expected_version=1)
    with pytest.raises(StaleVersion):
        keep_location(site, keeping(own), viewer=steward, expected_version=7)
    for audience in ("public", "institution:aaaaaaaaaaaaaaaa"):
        with pytest.raises(AudienceTooWide):
            keep_location(site, keeping(audience), viewer=steward, expected_version=1)
    term = str(publish_record(steward, "term", {"title": {"en": "Cairn"}, "scheme": "types"}, "public").uri)
    with pytest.raises(NoPlace):
        keep_location(term, keeping(own), viewer=steward, expected_version=1)
    assert Change.objects.count() == before + 1  # the term
    assert body_at(site)["point"] == EXACT


def test_a_site_of_some_is_kept_for_fewer(steward: Any, own: str, node: Any) -> None:
    body = {"title": {"en": "Cairn"}, "point": EXACT}
    site = str(publish_record(steward, "monument", body, "node").uri)
    with pytest.raises(AudienceTooWide):
        keep_location(site, keeping("node"), viewer=steward, expected_version=1)
    keep_location(site, keeping(own), viewer=steward, expected_version=1)
    mate = viewer(join("kamran", of=institution("Archive")))
    assert body_at(site, mate)["point"] == CELL and location_of(site, mate) is None
    assert actor_of(join("sevda"))  # of the first institution: may know
