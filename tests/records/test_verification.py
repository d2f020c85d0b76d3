# SPDX-License-Identifier: Apache-2.0
"""Each thing that can be altered behind the door's back is found, and named."""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Replace

from ortaq.core.audience import STRANGER
from ortaq.nodes.identity import Identity
from ortaq.nodes.models import Key
from ortaq.records.actions import erase_versions
from ortaq.records.models import Change, Link, Point, Record
from ortaq.records.queries import history_of, record_of
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import Write


@pytest.fixture
def three(place: Write) -> list[str]:
    """Three places, the second one in two versions."""
    place("geo:1", az="Şəki")
    place("geo:2", az="Bakı")
    place("geo:2", az="Bakı", ru="Баку")
    return [place("geo:3", az="Gəncə").uri or "", place("geo:2", az="Bakı", ru="Баку").uri or ""]


def _codes() -> list[str]:
    return [finding.code for finding in verify_log()]


def test_untouched_log_is_clean(three: list[str]) -> None:
    assert _codes() == []


def test_one_byte_of_a_body(three: list[str]) -> None:
    Change.objects.filter(seq=2).update(body=Replace(F("body"), Value("Bakı"), Value("Bakl")))
    (finding,) = verify_log()
    assert finding.code == "log.body-altered"
    assert "change 2 of node" in finding.where


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01T00:00:00Z"),
        ("by", "urn:x"),
        ("audience", "node"),
        ("kind", "term"),
        ("record", "urn:y"),
        ("version", 9),
    ],
)
def test_every_column_of_the_header(three: list[str], column: str, value: object) -> None:
    Change.objects.filter(seq=2).update(**{column: value})
    found = list(verify_log())
    assert "log.signature-wrong" in [finding.code for finding in found]
    assert any(finding.code == "log.chain-broken" and "change 3 of" in finding.where for finding in found)


def test_removed_change(three: list[str]) -> None:
    Change.objects.filter(seq=2).delete()
    assert "log.gap" in _codes()


def test_removed_body_without_order_to_erase(three: list[str]) -> None:
    Change.objects.filter(seq=2).update(body=None)
    assert _codes() == ["log.body-missing"]


def test_changes_in_another_order(three: list[str]) -> None:
    Change.objects.filter(seq=2).update(seq=100)
    Change.objects.filter(seq=3).update(seq=2)
    Change.objects.filter(seq=100).update(seq=3)
    assert set(_codes()) >= {"log.signature-wrong", "log.chain-broken"}


def test_key_that_may_not_sign(three: list[str]) -> None:
    Key.objects.update(last_seq=2)
    assert _codes() == ["log.key-unknown", "log.key-unknown"]


def test_derived_rows(three: list[str]) -> None:
    record = Record.objects.order_by("id").first()
    assert record
    Link.objects.create(record=record, role="part_of", target="urn:z")
    Point.objects.create(record=record, field="point", lat=1, lon=2)
    Record.objects.filter(uri=three[0]).update(title="{}")
    codes = {finding.code for finding in verify_projection()}
    assert codes == {"projection.links-differ", "projection.points-differ", "projection.record-differs"}


def test_record_gone_from_the_table(three: list[str]) -> None:
    Record.objects.filter(uri=three[0]).delete()
    assert [finding.code for finding in verify_projection()] == ["projection.record-missing"]


def test_history_names_the_broken_version(three: list[str]) -> None:
    Change.objects.filter(seq=2).update(body=Replace(F("body"), Value("Bakı"), Value("Bakl")))
    newest, oldest = history_of(record_of(three[1], STRANGER), STRANGER)
    assert newest.findings == ()
    assert [finding.code for finding in oldest.findings] == ["log.body-altered"]
    assert oldest.body is None


def test_erased_version_is_provably_erased(three: list[str], node: Identity) -> None:
    erase_versions(three[1], [1], by=node.uri)
    record = record_of(three[1], STRANGER)
    assert (record.state, record.version) == ("live", 3)
    assert Change.objects.get(record=three[1], version=1).body is None
    assert list(verify_log()) == list(verify_projection()) == []


def test_erasing_every_version_leaves_the_headers(three: list[str], node: Identity) -> None:
    erase_versions(three[1], [1, 2], by=node.uri)
    record = record_of(three[1], STRANGER)
    assert (record.state, record.title) == ("erased", "{}")
    assert [change.digest is None for change in Change.objects.filter(record=three[1]).order_by("version")] == [
        False,
        False,
        True,
    ]
    assert list(verify_log()) == list(verify_projection()) == []
    assert not Change.objects.filter(record=three[1]).exclude(body=None).exists()
