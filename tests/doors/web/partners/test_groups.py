# SPDX-License-Identifier: Apache-2.0
"""Groups of partners: keepers make them on pages and by commands, authors choose them, and what is signed is a list."""

import orjson
import pytest
from django.test import Client

from ortaq.nodes.groups import remove_group
from ortaq.nodes.models import Partner, PartnerGroup
from ortaq.people.models import AuditEntry
from ortaq.records.models import Change, WorkingCopy
from ortaq.search.index import Follower
from ortaq.site.commands import partner_group
from tests.doors.web.partners.conftest import Neighbour, client_of
from tests.doors.web.partners.test_pages import page, text_of
from tests.factories import join, write_place

GROUPS = "/node/partners/groups"


@pytest.fixture
def made(keeper: Client, neighbour: Neighbour) -> PartnerGroup:
    neighbour.partner(trust=Partner.PARTNER)
    posted = {"name_en": "Caspian", "name_az": "Xəzər", "nodes": [neighbour.id]}
    assert keeper.post(f"{GROUPS}/new", posted)["Location"] == GROUPS
    return PartnerGroup.objects.get()


def test_keeper_makes_changes_and_removes_a_group(keeper: Client, neighbour: Neighbour, made: PartnerGroup) -> None:
    assert (made.names, made.members) == ({"az": ["Xəzər"], "en": ["Caspian"]}, [neighbour.id])
    said = page(keeper, GROUPS)
    assert "Caspian Node of Astana" in said and "gets only" not in said
    address = f"{GROUPS}/{made.key}"
    assert f'value="{neighbour.id}"' in keeper.get(f"{address}/edit").content.decode()
    keeper.post(f"{address}/edit", {"name_en": "Sea", "nodes": [neighbour.id]})
    made.refresh_from_db()
    assert made.names == {"en": ["Sea"]}
    assert "Remove the group: Sea" in page(keeper, f"{address}/remove")
    keeper.post(f"{address}/remove")
    assert not PartnerGroup.objects.exists()
    found = AuditEntry.objects.filter(action__startswith="partner-group.").order_by("id")
    assert [one.action for one in found] == ["partner-group.made", "partner-group.changed", "partner-group.removed"]
    assert {one.subject for one in found} == {made.key}


def test_what_is_wrong_is_said(keeper: Client, neighbour: Neighbour, made: PartnerGroup) -> None:
    for posted, words in (
        ({"name_en": "", "nodes": [neighbour.id]}, "needs a name"),
        ({"name_en": "Other"}, "Choose at least one partner."),
        ({"name_en": "Caspian", "nodes": [neighbour.id]}, "is called Caspian"),
        ({"name_en": "Other", "nodes": ["z" * 26]}, "Select a valid choice"),
    ):
        response = keeper.post(f"{GROUPS}/new", posted)
        assert response.status_code == 422
        assert words in text_of(response)
    assert keeper.get(f"{GROUPS}/{'b' * 16}/edit").status_code == 404
    assert PartnerGroup.objects.count() == 1


def test_pages_are_for_keepers_alone(made: PartnerGroup) -> None:
    for path in ("", "/new", f"/{made.key}/edit", f"/{made.key}/remove"):
        assert Client().get(GROUPS + path)["Location"].startswith("/sign-in")
        assert client_of(join(f"head{len(path)}", role="administrator")).get(GROUPS + path).status_code == 403


def test_page_says_who_of_a_group_gets_nothing_of_it(keeper: Client, made: PartnerGroup) -> None:
    Partner.objects.update(trust=Partner.PUBLIC)
    assert "gets only what everyone may see" in page(keeper, GROUPS)
    Partner.objects.update(state=Partner.ENDED)
    assert "no partner at present: is left out" in page(keeper, GROUPS)


def test_author_chooses_a_group_and_a_list_is_signed(neighbour: Neighbour, made: PartnerGroup) -> None:
    author = client_of(join("leyla"))
    author.post("/new/place")
    copy = WorkingCopy.objects.get()
    form = author.get(f"/work/{copy.key}")
    audience = f"partners:{neighbour.id}"
    assert f'name="_audience" value="{audience}"' in form.content.decode()
    assert "Caspian The people of this node, and of: Node of Astana. This list is signed" in text_of(form)
    posted = {
        "_revision": str(copy.revision), "_do": "publish", "_audience": audience, "title.0.tag": "az", "title.0.text.0": "Şəki",
    }  # fmt: skip
    author.post(f"/work/{copy.key}", posted)
    change = Change.objects.get(kind="place")
    assert change.audience == audience
    remove_group(made)
    assert Change.objects.get(kind="place").audience == audience
    author.post(f"/r/{change.record.removeprefix('urn:ortaq:')}/edit")
    again = WorkingCopy.objects.get()
    assert "Some partners only: Node of Astana" in text_of(author.get(f"/work/{again.key}"))


def test_who_only_asks_to_be_a_partner_is_not_named_to_authors(neighbour: Neighbour, made: PartnerGroup) -> None:
    Partner.objects.update(state=Partner.ASKING)
    author = client_of(join("leyla"))
    author.post("/new/place")
    copy = WorkingCopy.objects.get()
    posted = {"_revision": str(copy.revision), "_do": "save", "_audience": f"partners:{neighbour.id}"}
    author.post(f"/work/{copy.key}", posted)
    said = text_of(author.get(f"/work/{copy.key}"))
    assert neighbour.id in said
    assert "Astana" not in said and "Caspian" not in said


def test_command_does_the_same(neighbour: Neighbour, capsys: pytest.CaptureFixture[str]) -> None:
    neighbour.partner()
    assert partner_group.make(["az=Xəzər", "kk=Каспий"], ["Node of Astana"]) == 0
    group = PartnerGroup.objects.get()
    assert capsys.readouterr().out == f"{group.key}  Xəzər / Каспий  {neighbour.id}\n"
    assert partner_group.change("Xəzər", ["kk=", "en=Caspian"], []) == 0
    partner_group.list_groups(as_json=True)
    said = orjson.loads(capsys.readouterr().out.splitlines()[-1])
    assert said == {"key": group.key, "names": {"az": ["Xəzər"], "en": ["Caspian"]}, "members": [neighbour.id]}
    with pytest.raises(partner_group.NameMalformed):
        partner_group.make(["Xəzər"], [neighbour.id])
    assert partner_group.remove("Caspian") == 0
    assert not PartnerGroup.objects.exists()


def test_group_is_in_the_backup() -> None:
    from ortaq.site import backup

    assert PartnerGroup in backup._TABLES


def test_bulk_change_and_import_offer_the_group(made: PartnerGroup, neighbour: Neighbour) -> None:
    steward = client_of(join("steward", role="steward"))
    write_place("geo:1", az="Şəki")
    with Follower() as follower:
        follower.catch_up()
    for address in ("/import", "/many?kind=place&field=audience"):
        shown = steward.get(address).content.decode()
        assert f'value="partners:{neighbour.id}"' in shown and "Caspian" in shown
