# SPDX-License-Identifier: Apache-2.0
"""The pages about partners: who may see them, what they say, and that what is done there is done, written down and said."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override

from ortaq.doors.feed.deciding import PAUSE, tell
from ortaq.doors.feed.objecting import kept
from ortaq.doors.feed.status import status_of
from ortaq.doors.web.partners import picture
from ortaq.nodes.document import fingerprint
from ortaq.nodes.models import Fork, Node, Objection, Partner, Quarantined
from ortaq.people.models import AuditEntry
from ortaq.records.receiving import LogGap, receive_lines
from tests.doors.web.partners.conftest import Neighbour, client_of
from tests.factories import join

LIST = "/node/partners"


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page(client: Client, path: str = LIST, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()
    return text_of(response)


def at(neighbour: Neighbour, rest: str = "") -> str:
    return f"{LIST}/{neighbour.id}{rest}"


def done(action: str) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(action=action).values_list("actor", "subject"))


PATHS = ["", "/new", "/{id}", "/{id}/accept", "/{id}/terms", "/{id}/pause", "/{id}/resume", "/{id}/end", "/{id}/settle"]


@pytest.mark.parametrize("path", PATHS)
def test_pages_open_to_keepers_alone(neighbour: Neighbour, path: str) -> None:
    neighbour.partner(Partner.ASKING)
    address = LIST + path.format(id=neighbour.id)
    administrator = client_of(join("head", role="administrator"))
    assert Client().get(address)["Location"].startswith("/sign-in")
    assert administrator.get(address).status_code == 403
    assert administrator.post(address).status_code in (403, 405)
    assert "Node of Astana" not in administrator.get(address).content.decode()


def test_who_has_no_partners_reads_what_they_are_and_what_is_missing(keeper: Client) -> None:
    said = page(keeper)
    assert "No partners yet" in said
    assert "ORTAQ_ADDRESS" in said
    assert "Add a partner" not in said


def test_unknown_partner_is_nothing(keeper: Client) -> None:
    assert keeper.get(f"{LIST}/{'a' * 26}").status_code == 404
    assert keeper.post(f"{LIST}/{'a' * 26}/end").status_code == 404


def test_table_says_position_lag_and_what_waits(keeper: Client, neighbour: Neighbour) -> None:
    partner = neighbour.partner(head_seq=5)
    neighbour.place("1")
    neighbour.place("2", withheld=True, audience="partners")
    receive_lines(neighbour.id, neighbour.lines, source=neighbour.id)
    Quarantined.objects.create(log=neighbour.id, source=neighbour.id, seq=3, code="change.gap")
    Objection.objects.create(partner=partner, log="x", seq=1, code="change.gap", message="no")
    said = page(keeper)
    assert "Node of Astana Kazakhstan" in said
    assert "2 of 5" in said and "3 changes to come" in said
    assert "1 record withheld from us 1 change in quarantine" in said
    assert "1 change of ours" in said
    assert "1 of 1 exchange now; 3 changes of theirs are still to come." in said
    # what is focused when the page looks again stays so by its id
    live = keeper.get(LIST).content.decode().partition('id="exchange"')[2].partition("</table>")[0]
    assert re.findall(r"<a (?!id=)", live) == []


def test_names_are_in_the_readers_language(neighbour: Neighbour) -> None:
    neighbour.partner()
    assert "Астана түйіні" in page(client_of(join("keeper", is_keeper=True), "kk"))


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"state": Partner.ASKING}, "asks"),
        ({"state": Partner.ASKED}, "asked"),
        ({"state": Partner.ENDED, "failures": 3}, "ended"),
        ({"is_paused": True}, "paused"),
        ({"has_paused": True}, "paused-by-them"),
        ({"failures": 1, "failure": {"code": "outward.unreachable"}}, "unreachable"),
        ({"failures": 1, "failure": {"code": "change.gap"}}, "stopped"),
        ({}, "exchanges"),
    ],
)
def test_state_is_told_by_a_sign_and_a_line_of_its_own(
    keeper: Client, neighbour: Neighbour, more: dict[str, Any], state: str
) -> None:
    assert status_of(neighbour.partner(**more)).state == state
    shown = keeper.get(LIST).content.decode()
    assert f"state-{state}" in shown
    assert (f"spoke-{state}" in shown) == (state != "ended")


def test_page_looks_again_until_it_is_told_not_to(keeper: Client, neighbour: Neighbour) -> None:
    neighbour.partner()
    assert "hx-trigger" in keeper.get(LIST).content.decode()
    assert 'hx-trigger="every' not in keeper.get(f"{LIST}?live=no").content.decode()


def test_picture_holds_every_partner_inside_its_frame(neighbour: Neighbour) -> None:
    one = status_of(neighbour.partner())
    for count in (1, 2, 9):
        for drawn in (picture.wide("Us", [(one, "A")] * count), picture.narrow("Us", [(one, "A")] * count)):
            assert len(drawn.spokes) == count
            assert all(10 < spoke.x < drawn.width - 10 and 20 < spoke.y < drawn.height - 20 for spoke in drawn.spokes)
            assert len({(spoke.x, spoke.y) for spoke in drawn.spokes}) == count


def test_proposal_shows_who_answers_then_says_it(keeper: Client, neighbour: Neighbour, node: Any) -> None:
    asked = keeper.post(f"{LIST}/new", {"address": neighbour.address + "/"})
    said = text_of(asked)
    assert "Астана түйіні" in said and "Kazakhstan" in said and "ortaq " in said
    assert fingerprint(neighbour.id) in said and fingerprint(node.id) in said
    assert not Partner.objects.exists()
    form = {"address": neighbour.address, "seen": neighbour.id, "trust": "public"}
    assert keeper.post(f"{LIST}/new", form).status_code == 422  # nobody says yes unseen
    assert not Partner.objects.exists()
    answer = keeper.post(f"{LIST}/new", form | {"compared": "on"})
    assert answer["Location"] == at(neighbour)
    partner = Partner.objects.get()
    assert (partner.state, partner.trust, neighbour.heard) == (Partner.ASKED, "public", ["propose"])
    assert [subject for _actor, subject in done("partner.proposed")] == [neighbour.id]
    assert "Waits for their answer" in page(keeper, at(neighbour))


def test_proposal_to_who_has_asked_is_a_yes_on_both_sides(keeper: Client, neighbour: Neighbour) -> None:
    neighbour.partner(Partner.ASKING)
    form = {"address": neighbour.address, "seen": neighbour.id, "trust": "partner", "compared": "on"}
    keeper.post(f"{LIST}/new", form)
    assert (Partner.objects.get().state, neighbour.heard) == (Partner.ACTIVE, ["accept"])


def test_other_node_at_the_address_is_shown_anew(keeper: Client, neighbour: Neighbour) -> None:
    form = {"address": neighbour.address, "seen": "b" * 26, "trust": "partner", "compared": "on"}
    answer = keeper.post(f"{LIST}/new", form)
    assert answer.status_code == 422
    assert "Another node answers at that address now" in text_of(answer)
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "Fill in this field."),
        ("http://10.1.2.3", "which this node does not ask"),
        ("http://169.254.169.254", "which this node does not ask"),
        ("file:///etc/passwd", "is not an address that can be asked"),
    ],
)
def test_address_that_cannot_be_asked_is_said_at_the_field(
    keeper: Client, neighbour: Neighbour, given: str, sentence: str
) -> None:
    answer = keeper.post(f"{LIST}/new", {"address": given})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'id="id_address_error"' in answer.content.decode()


def test_node_that_is_gone_or_without_our_address_is_said_at_the_field(
    keeper: Client, neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ADDRESS", "")
    assert "Set ORTAQ_ADDRESS" in text_of(keeper.post(f"{LIST}/new", {"address": neighbour.address}))
    neighbour.gone()
    assert "cannot be reached" in text_of(keeper.post(f"{LIST}/new", {"address": neighbour.address}))


def test_accepting_shows_both_fingerprints_and_tells_them(keeper: Client, neighbour: Neighbour, node: Any) -> None:
    neighbour.partner(Partner.ASKING)
    said = page(keeper, at(neighbour, "/accept"))
    assert fingerprint(neighbour.id) in said and fingerprint(node.id) in said
    assert keeper.post(at(neighbour, "/accept"), {"trust": "partner"}).status_code == 422
    keeper.post(at(neighbour, "/accept"), {"trust": "partner", "compared": "on"})
    partner = Partner.objects.get()
    assert (partner.state, partner.trust, neighbour.heard) == (Partner.ACTIVE, "partner", ["accept"])
    assert len(done("partner.accepted")) == 1


def test_pause_resume_and_end_are_done_after_asking_once_more(keeper: Client, neighbour: Neighbour) -> None:
    neighbour.partner()
    page(keeper, at(neighbour, "/pause"))
    assert not Partner.objects.get().is_paused
    for word in ("pause", "pause", "resume", "end", "end"):
        assert keeper.post(at(neighbour, f"/{word}"))["Location"] == at(neighbour)
    assert neighbour.heard == ["pause", "resume", "end"]
    assert Partner.objects.get().state == Partner.ENDED
    for action in ("partner.paused", "partner.resumed", "partner.ended"):
        (entry,) = done(action)
        assert entry[0].startswith("urn:ortaq:") and entry[1] == neighbour.id


def test_what_cannot_be_said_is_done_here_anyway_and_can_be_said_again(keeper: Client, neighbour: Neighbour) -> None:
    neighbour.partner()
    address, neighbour.state = neighbour.address, "active"
    Node.objects.filter(pk=neighbour.id).update(address="http://127.0.0.1:9")
    said = text_of(keeper.post(at(neighbour, "/pause"), follow=True))
    assert "Paused. But the other node could not be told:" in said
    assert Partner.objects.get().is_paused
    Node.objects.filter(pk=neighbour.id).update(address=address)
    assert "They have been told." in text_of(keeper.post(at(neighbour, "/again"), follow=True))
    assert neighbour.heard == ["pause"]


def test_terms_are_changed_and_written_down_once(keeper: Client, neighbour: Neighbour) -> None:
    neighbour.partner()
    given = {"trust": "partner", "fetched": "up-to", "megabytes": "7"}
    for _twice in range(2):
        keeper.post(at(neighbour, "/terms"), given)
    partner = Partner.objects.get()
    assert (partner.trust, partner.files, partner.files_bytes) == ("partner", "up-to", 7_000_000)
    assert len(done("partner.terms-changed")) == 1
    assert "Those up to 7 MB" in page(keeper, at(neighbour))
    assert keeper.post(at(neighbour, "/terms"), given | {"fetched": "everything"}).status_code == 422


def test_fork_is_shown_with_both_digests_and_settled(keeper: Client, neighbour: Neighbour) -> None:
    neighbour.partner()
    Fork.objects.create(log=neighbour.id, seq=3, digest="uEiOURS", other="uEiTHEIRS", header={}, source=neighbour.id)
    Quarantined.objects.create(log=neighbour.id, source=neighbour.id, seq=3, code="change.fork")
    said = page(keeper, at(neighbour))
    assert "It has signed two histories" in said and "uEiOURS" in said and "uEiTHEIRS" in said
    keeper.post(at(neighbour, "/settle"))
    assert Fork.objects.get().settled_at and Quarantined.objects.get().settled_at
    assert "settled on" in page(keeper, at(neighbour))
    assert len(done("partner.settled")) == 1 and neighbour.heard == []


def test_quarantine_and_objections_are_told_in_sentences(keeper: Client, neighbour: Neighbour) -> None:
    partner = neighbour.partner()
    facts = {"code": "change.gap", "message": "m", "facts": {"seq": "9", "node": neighbour.id, "expected": "4"}}
    Quarantined.objects.create(log=neighbour.id, source=neighbour.id, seq=4, code="change.gap", facts=facts, attempts=3)
    unknown = {"code": "change.of-tomorrow", "message": "Wait for the next release.", "facts": {}}
    Quarantined.objects.create(log=neighbour.id, source=neighbour.id, seq=2, code="x", facts=unknown, is_body=True)
    Objection.objects.create(partner=partner, log="x", seq=7, code="change.gap", message="<b>no</b>")
    said = page(keeper, at(neighbour))
    assert "came where 4 should" in said and "3 attempts" in said and "the log stops before it" in said
    assert "Wait for the next release." in said and "only its content waits" in said
    assert "&lt;b&gt;no&lt;/b&gt;" in said


def test_sentences_name_nodes_as_people_do(keeper: Client, neighbour: Neighbour, node: Any) -> None:
    neighbour.partner()
    facts = {"seq": "9", "node": neighbour.id, "expected": "4"}
    for seq, of in enumerate((neighbour.id, node.id, "c" * 26)):
        error = {"code": "change.gap", "message": "", "facts": facts | {"node": of}}
        Quarantined.objects.create(log=of, source=neighbour.id, seq=seq, code="change.gap", facts=error)
    said = page(keeper, at(neighbour))
    assert "Change 9 of node Node of Astana came" in said and "Change 9 of node Test node came" in said
    assert f"Change 9 of node {'c' * 26} came" in said  # nobody here knows it
    assert f"Of the log of another node: {'c' * 26}" in said and "Of the log of another node: Test node" in said


def test_objection_of_a_partner_is_read_in_ones_own_language(neighbour: Neighbour) -> None:
    partner = neighbour.partner()
    facts = {"seq": "9", "node": "abc", "expected": "4"}
    message = kept("Change 9 of node abc came where 4 should.", facts)
    Objection.objects.create(partner=partner, log="x", seq=9, code="change.gap", message=message)
    Objection.objects.create(partner=partner, log="x", seq=8, code="change.of-tomorrow", message=kept("Update.", facts))
    shown = client_of(join("keeper", is_keeper=True), "ru").get(at(neighbour)).content.decode()
    assert "came where" not in shown
    assert 'lang="en">Update.<' in shown
    expected = LogGap.say % facts
    with override("ru"):
        assert gettext(LogGap.say) % facts in shown
    assert expected not in shown


def test_partner_that_is_away_says_since_when_and_why(keeper: Client, neighbour: Neighbour) -> None:
    error = {"code": "outward.unreachable", "message": "", "facts": {"url": "https://kz.example", "reason": "nobody"}}
    neighbour.partner(failures=2, failure=error)
    said = page(keeper, at(neighbour))
    assert "https://kz.example cannot be reached: nobody." in said and "never reached yet" in said


def test_full_disk_is_said_even_if_it_could_not_be_noted(
    keeper: Client, neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour.partner()
    full = "The disk of node Test node is full"
    assert full not in page(keeper) + page(keeper, at(neighbour))
    monkeypatch.setattr(settings, "DISK_FLOOR_BYTES", 10**18)
    for path in (LIST, at(neighbour)):
        said = page(keeper, path)
        assert full in said and "exchange.no-room" in said and "Stands still" in said


def test_pages_cost_the_same_for_more_in_quarantine(
    keeper: Client, neighbour: Neighbour, django_assert_max_num_queries: Any
) -> None:
    neighbour.partner()
    for seq in range(20):
        Quarantined.objects.create(log=neighbour.id, source=neighbour.id, seq=seq, code="change.gap")
    with django_assert_max_num_queries(16):
        page(keeper, at(neighbour))
    with django_assert_max_num_queries(14):
        page(keeper)


def test_command_and_page_share_their_verbs(neighbour: Neighbour) -> None:
    partner = neighbour.partner()
    assert tell(partner, PAUSE).unsaid is None
    assert done("partner.paused") == [("", neighbour.id)]
