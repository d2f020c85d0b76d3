# SPDX-License-Identifier: Apache-2.0
"""What harvesters take: nothing of what a stranger may not see, in any format; and of what nobody ever saw not even that it is gone."""

from collections.abc import Iterator

import pytest
from django.test import Client

from ortaq.doors.exports.formats import FORMATS
from ortaq.doors.harvest.following import catch_up
from ortaq.doors.harvest.models import Listed, Reach, Shelved
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Change, Record
from ortaq.site.kinds import KINDS
from tests.leaks.asking import leaks, said
from tests.leaks.thing import STRANGER, World


@pytest.fixture
def listed(world: World) -> World:
    catch_up()
    return world


def answers(prefix: str) -> Iterator[tuple[str, str]]:
    """Yield what was asked for and what was said."""
    client = Client()
    for verb in ("ListRecords", "ListIdentifiers"):
        yield "", client.get("/oai", {"verb": verb, "metadataPrefix": prefix}).content.decode()
    for uri in Record.objects.values_list("uri", flat=True):
        yield (
            uri,
            client.get("/oai", {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": uri}).content.decode(),
        )


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.prefix)
def test_no_format_gives_away_what_is_hidden(listed: World, form: object) -> None:
    hidden = listed.hidden_from(STRANGER)
    # What everyone once saw has a name that everyone knows: that it is gone is told, and no more.
    known = " ".join(
        Record.objects.filter(id__in=Listed.objects.filter(is_gone=True).values("record")).values_list("uri", flat=True)
    )
    for asked, text in [*answers(form.prefix), ("", Client().get("/oai?verb=ListSets").content.decode())]:  # type: ignore[attr-defined]
        assert leaks(text, f"{known} {asked}", hidden) == []


def test_what_nobody_but_a_few_ever_saw_has_no_row(listed: World) -> None:
    ever = set(Change.objects.filter(audience="public", digest__isnull=False).values_list("record", flat=True))
    rows = set(Record.objects.filter(id__in=Listed.objects.values("record")).values_list("uri", flat=True))
    assert rows <= ever
    live = Record.objects.filter(audience="public", state=Record.LIVE)
    assert set(live.values_list("uri", flat=True)) == set(
        Record.objects.filter(id__in=Listed.objects.filter(is_gone=False).values("record")).values_list(
            "uri", flat=True
        )
    )


def test_absent_and_hidden_are_answered_alike(listed: World) -> None:
    client = Client()
    for thing in listed.hidden_from(STRANGER):
        if (
            thing.address != "record"
            or Listed.objects.filter(record__in=Record.objects.filter(uri=thing.uri).values("id")).exists()
        ):
            continue
        nobody = f"urn:ortaq:{'z' * 26}:{'z' * 16}"
        asked = {"verb": "GetRecord", "metadataPrefix": "oai_dc"}
        one, other = (client.get("/oai", {**asked, "identifier": uri}).content.decode() for uri in (thing.uri, nobody))
        assert "idDoesNotExist" in one
        assert one.partition("<request")[2].replace(thing.uri, "") == other.partition("<request")[2].replace(nobody, "")


def test_no_feed_gives_away_what_is_hidden(listed: World) -> None:
    client, hidden = Client(), listed.hidden_from(STRANGER)
    addresses = [
        "/feed.atom",
        "/search.atom",
        "/sitemap.xml",
        "/sitemap-0.xml",
        "/iiif/discovery",
        "/iiif/discovery/upto/999999",
    ]
    addresses += [f"/feed.atom?kind={kind.name}" for kind in KINDS]
    addresses += [f"/search.atom?q={secret}" for thing in hidden for secret in thing.secrets[:2]]
    addresses += [f"/r/{uri.removeprefix('urn:ortaq:')}.atom" for uri in Record.objects.values_list("uri", flat=True)]
    for address in addresses:
        assert leaks(said(client.get(address)), address, hidden) == [], address


def found_in(world: World) -> list[str]:
    hidden = world.hidden_from(STRANGER)
    return [found for asked, text in answers("oai_dc") for found in leaks(text, asked, hidden)]


def all_live(*_given: object) -> object:
    return Record.objects.filter(state=Record.LIVE)


def test_the_proof_finds_names_of_what_is_pointed_at(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody points at what was narrowed since: its name must not come along."""
    thing = next(one for one in listed.hidden_from(STRANGER) if one.address == "record" and one.is_live)
    body = {"title": {"az": "Açıq"}, "links": [{"role": "about", "to": thing.uri}]}
    write_change(Draft("material", body), by=Record.objects.get(uri=thing.uri).author)
    catch_up()
    before = found_in(listed)
    monkeypatch.setattr("ortaq.doors.exports.described.records_for", all_live)
    assert set(found_in(listed)) > set(before)


def test_the_proof_finds_what_was_listed_by_mistake(listed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for model in (Shelved, Listed, Reach):
        model.objects.all().delete()
    monkeypatch.setattr("ortaq.doors.harvest.following._is_public", lambda one: one.body is not None)
    monkeypatch.setattr("ortaq.doors.harvest.queries.records_for", all_live)
    catch_up()
    assert found_in(listed)
