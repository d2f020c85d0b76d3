# SPDX-License-Identifier: Apache-2.0
"""What other nodes get when they ask, and what is refused: by the signature, by the partnership, by the audience."""

import errno
import io
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client

from ortaq.core.audience import STRANGER
from ortaq.core.digest import digest_of
from ortaq.core.proof import SigningKey
from ortaq.doors.feed import serving
from ortaq.doors.feed.objecting import error_of
from ortaq.files.dimensions import size_of_image
from ortaq.files.models import FetchedFile, StoredFile
from ortaq.files.store import keep
from ortaq.nodes import partners
from ortaq.nodes.document import make_document, read_document
from ortaq.nodes.identity import identity
from ortaq.nodes.models import Key, Node, Objection, Partner
from ortaq.nodes.nonces import Nonces
from ortaq.nodes.signed import sign
from ortaq.records.announcing import announce_node, rotate_key
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Change
from ortaq.records.queries import may_read_file
from ortaq.records.receiving import receive_lines
from ortaq.records.wanting import wanted_files
from tests.factories import Write, actor_of, institution, join, viewer, write_opinion, write_place
from tests.files.conftest import picture
from tests.peer import AT, Peer

__all__ = ["picture"]

HERE = "https://node.example"


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ADDRESS", HERE)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])


class Asker(Peer):
    """Another node that asks this one, as its key signs."""

    client = Client()

    def get(self, path: str, **more: Any) -> Any:
        headers = sign("GET", HERE + path, b"", more.pop("key", self.key), **more)
        return self.client.get(path, headers=headers)

    def post(self, path: str, given: Any, *, key: SigningKey | None = None) -> Any:
        body = orjson.dumps(given)
        headers = sign("POST", HERE + path, body, key or self.key)
        return self.client.post(path, body, content_type="application/json", headers=headers)

    def document(self) -> dict[str, Any]:
        return make_document(
            self.id, self.key, self.first, names={"kk": ["Астана түйіні"]}, countries=["KZ"], address="https://kz.example",
            announcements=[orjson.loads(line) for line in self.lines if b'"kind":"node"' in line], head=(self.seq, ""), at=AT,
        )  # fmt: skip

    def says(self, word: str, **more: Any) -> Any:
        return self.post("/exchange/partnership", {"says": word, "document": self.document()}, **more)


@pytest.fixture
def stranger(node: Any) -> Asker:
    return Asker()


@pytest.fixture
def asker(node: Any) -> Asker:
    """A partner that gets what is for partners."""
    asker = Asker()
    partners.propose(read_document(asker.document(), address="x"), trust=Partner.PARTNER)
    assert asker.says("accept").json() == {"state": "active"}
    return asker


def lines_of(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.content
    data = zlib.decompress(b"".join(response.streaming_content), 31)
    return [orjson.loads(line) for line in data.splitlines()]


def log_of(asker: Asker, node: Any, query: str = "after=0") -> list[dict[str, Any]]:
    return lines_of(asker.get(f"/exchange/log/{getattr(node, 'id', node)}?{query}"))


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_request_that_cannot_be_remembered_on_a_full_disk_says_so(
    asker: Asker, node: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Nonces, "is_first", full)
    assert code(asker.get(f"/exchange/log/{node.id}?after=0")) == (507, "exchange.no-room")


def test_node_says_who_it_is(node: Any, client: Client) -> None:
    announce_node()
    rotate_key()
    document = read_document(client.get("/.well-known/ortaq").json(), address=HERE)
    assert (document.node, document.first, document.head_seq) == (node.id, node.key.public, 2)
    assert document.key == Key.objects.get(node=node.id, last_seq=None).public != document.first


@pytest.mark.parametrize("part", ["node", "names", "first_key", "address", "head", "announcements", "protocol", "type"])
def test_document_with_another_part_is_none(node: Any, client: Client, part: str) -> None:
    announce_node()
    given = client.get("/.well-known/ortaq").json()
    given[part] = [] if part == "announcements" else Peer().id if part == "node" else "x"
    if part == "announcements":
        given["names"] = {"az": ["Başqa"]}
    with pytest.raises(Exception, match=r"not the document|speaks version"):
        read_document(given, address=HERE)


def test_feed_has_every_header_and_the_bodies_that_are_for_the_partner(asker: Asker, place: Write, node: Any) -> None:
    for number, audience in enumerate(
        ["public", "partners", "node", "private", f"partners:{asker.id}", f"partners:{Peer().id}"]
    ):
        place(f"geo:{number}", az=f"Yer {number}", audience=audience)
    entries = [entry for entry in log_of(asker, node) if "change" in entry]
    assert [entry["change"]["seq"] for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert [entry["body"] is not None for entry in entries] == [True, True, False, False, True, False]
    assert [entry.get("why", "") for entry in entries] == ["", "", "withheld", "withheld", "", "withheld"]


def test_partner_that_is_not_trusted_gets_what_everyone_may_see(asker: Asker, place: Write, node: Any) -> None:
    partners.set_terms(Partner.objects.get(), trust=Partner.PUBLIC)
    for number, audience in enumerate(["public", "partners", f"partners:{asker.id}"]):
        place(f"geo:{number}", az=f"Yer {number}", audience=audience)
    assert [entry["body"] is not None for entry in log_of(asker, node) if "change" in entry] == [True, False, False]


def test_body_that_was_narrowed_goes_out_no_more(asker: Asker, place: Write, node: Any) -> None:
    place("geo:1", az="Bir")
    place("geo:1", az="Bir", audience="node")
    assert [entry["body"] for entry in log_of(asker, node) if "change" in entry] == [None, None]


def test_opinion_on_what_is_narrowed_goes_out_no_more(asker: Asker, place: Write, node: Any) -> None:
    place("geo:1", az="Bir")
    write_opinion("geo:1")
    place("geo:1", az="Bir", audience="node")
    assert [entry["body"] for entry in log_of(asker, node) if "change" in entry] == [None, None, None]


def test_nothing_of_another_nodes_partners_is_passed_on(asker: Asker, node: Any) -> None:
    third = Peer().known()
    third.place("1")
    third.place("2", audience="partners")
    third.place("3", audience=f"partners:{asker.id},{node.id}")
    third.place("4", audience="node", withheld=True)
    assert receive_lines(third.id, third.lines, source=third.id).accepted == 4
    entries = [entry for entry in log_of(asker, third.id) if "change" in entry]
    assert [entry["body"] is not None for entry in entries] == [True, False, True, False]


def test_feed_goes_on_from_any_position(asker: Asker, place: Write, node: Any) -> None:
    for number in range(5):
        place(f"geo:{number}", az=f"Yer {number}")
    found = log_of(asker, node, "after=3")
    assert [entry["change"]["seq"] for entry in found if "change" in entry] == [4, 5]
    assert found[-1]["end"]["seq"] == 5
    assert [entry for entry in log_of(asker, node, "after=5") if "change" in entry] == []


def test_names_come_before_what_their_people_signed(asker: Asker, node: Any) -> None:
    person = join("leyla", "Leyla Əliyeva")
    write_place("geo:1", by=actor_of(person), az="Bir")
    write_place("geo:2", by=actor_of(join("gizli", "Gizli Şəxs")), az="İki", audience="node")
    found = log_of(asker, node)
    named = [entry["actor"]["names"] for entry in found if "actor" in entry]
    assert named == [{"und": ["Leyla Əliyeva"]}]
    assert "actor" in found[0]


def test_withheld_bodies_come_once_the_partner_is_trusted(asker: Asker, place: Write, node: Any) -> None:
    partner = Partner.objects.get()
    partners.set_terms(partner, trust=Partner.PUBLIC)
    place("geo:1", az="Bir", audience="partners")
    place("geo:2", az="İki", audience="node")
    asked = f"/exchange/log/{node.id}/bodies"
    assert lines_of(asker.post(asked, {"seqs": [1, 2]})) == []
    partners.set_terms(partner, trust=Partner.PARTNER)
    assert [entry["change"]["seq"] for entry in lines_of(asker.post(asked, {"seqs": [1, 2]}))] == [1]


def test_long_poll_answers_as_soon_as_there_is_something(asker: Asker, place: Write, node: Any) -> None:
    begun = time.monotonic()
    assert log_of(asker, node, "after=0&wait=1")[-1]["end"]["seq"] == 0
    assert time.monotonic() - begun >= 1
    place("geo:1", az="Bir")
    begun = time.monotonic()
    assert log_of(asker, node, "after=0&wait=25")[-1]["end"]["seq"] == 1
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("act", [partners.end, partners.pause])
def test_who_is_ended_or_paused_while_waiting_gets_nothing_of_what_comes_then(
    asker: Asker, place: Write, node: Any, monkeypatch: pytest.MonkeyPatch, act: Callable[[Partner], None]
) -> None:
    def meanwhile(*_wait: object) -> None:
        act(Partner.objects.get())
        place("geo:1", az="Bir")

    monkeypatch.setattr(serving, "_wait_for_news", meanwhile)
    assert asker.get(f"/exchange/log/{node.id}?after=0&wait=25").status_code == 403


def test_who_is_trusted_less_while_waiting_gets_no_more_than_that(
    asker: Asker, place: Write, node: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_wait: object) -> None:
        partners.set_terms(Partner.objects.get(), trust=Partner.PUBLIC)
        place("geo:1", az="Bir", audience="partners")

    monkeypatch.setattr(serving, "_wait_for_news", meanwhile)
    [change] = [entry for entry in log_of(asker, node, "after=0&wait=25") if "change" in entry]
    assert change.get("body") is None


def paths(node: Any) -> Iterator[str]:
    yield f"/exchange/log/{node.id}?after=0"
    yield "/exchange/heads"
    yield f"/exchange/log/{node.id}/head?seq=1"


def test_nobody_else_gets_anything(stranger: Asker, place: Write, node: Any, client: Client) -> None:
    place("geo:1", az="Bir")
    for path in paths(node):
        assert code(stranger.get(path)) == (401, "signature.key-unknown")
        assert code(client.get(path)) == (401, "signature.missing")


def without(word: str) -> Callable[[Asker], Any]:
    return {
        "ended": lambda asker: asker.says("end"),
        "paused": lambda asker: partners.pause(Partner.objects.get()),
        "revoked": lambda asker: Key.objects.filter(public=asker.first).update(is_revoked=True),
        "not accepted": lambda asker: Partner.objects.update(state=Partner.ASKED),
    }[word]


@pytest.mark.parametrize("word", ["ended", "paused", "revoked", "not accepted"])
def test_who_is_no_partner_any_more_gets_nothing(asker: Asker, place: Write, node: Any, word: str) -> None:
    without(word)(asker)
    for path in paths(node):
        status, said = code(asker.get(path))
        assert (status, said) in [(403, "exchange.not-partner"), (401, "signature.key-unknown")]


def test_request_is_taken_once_and_in_time(asker: Asker, node: Any) -> None:
    path = f"/exchange/log/{node.id}?after=0"
    headers = sign("GET", HERE + path, b"", asker.key)
    assert asker.client.get(path, headers=headers).status_code == 200
    assert code(asker.client.get(path, headers=headers)) == (401, "signature.replayed")
    assert code(asker.client.get(f"{path}0", headers=sign("GET", HERE + path, b"", asker.key)))[0] == 401
    assert code(asker.get(path, created=int(time.time()) - 7200))[1] == "signature.clock"
    assert code(asker.get(path, key=SigningKey(b"x" * 32))) == (401, "signature.key-unknown")


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1e3", "after=99999999999999999", "after=٣", "wait=x"])
def test_question_that_cannot_be_read(asker: Asker, node: Any, query: str) -> None:
    assert code(asker.get(f"/exchange/log/{node.id}?{query.replace('٣', '%D9%A3')}")) == (400, "exchange.malformed")


@pytest.mark.parametrize("given", [{}, {"seqs": "1"}, {"seqs": [True]}, {"seqs": list(range(1000))}, [], 1])
def test_bodies_that_nobody_can_ask_for(asker: Asker, node: Any, given: Any) -> None:
    assert code(asker.post(f"/exchange/log/{node.id}/bodies", given)) == (400, "exchange.malformed")


def test_partnership_is_made_by_two(stranger: Asker) -> None:
    assert stranger.says("propose").json() == {"state": "asking"}
    partner = partners.partner_of(stranger.id)
    assert (partner.node.names, partner.node.countries, partner.trust) == ({"kk": ["Астана түйіні"]}, ["KZ"], "public")
    assert code(stranger.says("accept")) == (409, "partner.not-proposed")
    partners.accept(partner, trust=Partner.PARTNER)
    assert stranger.says("pause").json() == {"state": "active"}
    assert not partners.exchanging()
    assert stranger.says("resume").json() == {"state": "active"}
    assert [one.node_id for one in partners.exchanging()] == [stranger.id]
    assert stranger.says("end").json() == {"state": "ended"}
    assert stranger.says("propose").json() == {"state": "asking"}


def test_nobody_speaks_for_another_node(stranger: Asker) -> None:
    other = Asker()
    assert code(stranger.says("propose", key=other.key)) == (401, "signature.key-unknown")
    forged = {**other.document(), "node": stranger.id}
    body = {"says": "propose", "document": forged}
    assert code(other.post("/exchange/partnership", body)) == (422, "node.document-wrong")
    assert not Partner.objects.exists()
    assert code(stranger.says("end")) == (404, "partner.absent")
    assert Node.objects.count() == 1


def test_node_with_an_older_key_is_not_taken_back(asker: Asker) -> None:
    new = SigningKey(b"n" * 32)
    line = asker.announce(
        [
            {"public": asker.first, "use": "sign", "first_seq": 1, "last_seq": 1},
            {"public": new.public, "use": "sign", "first_seq": 2},
        ]
    )
    assert receive_lines(asker.id, [line], source=asker.id).accepted == 1
    asker.lines.clear()
    assert code(asker.says("resume")) == (409, "node.document-old")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "", "//kz.example", "ftp://kz.example", "https://u:p@kz.example"]
)
def test_node_with_an_address_that_is_none_is_not_taken(stranger: Asker, address: str) -> None:
    said = {**stranger.document(), "address": address}
    del said["proof"]
    body = {"says": "propose", "document": {**said, "proof": stranger.key.prove(said, AT)}}
    assert code(stranger.post("/exchange/partnership", body)) == (422, "node.document-wrong")


def test_proposals_have_a_limit(stranger: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partners, "MOST_PROPOSALS", 2)
    assert [Asker().says("propose").status_code for _ in range(3)] == [200, 200, 429]


def test_objections_are_shown_here(asker: Asker, node: Any) -> None:
    said = {"log": node.id, "seq": 3, "code": "change.fork", "message": "Two histories."}
    assert asker.post("/exchange/objections", {"objections": [said, said]}).json() == {"kept": 2}
    assert Objection.objects.get().message == "Two histories."
    assert code(asker.post("/exchange/objections", {"objections": [{}]})) == (400, "exchange.malformed")
    void = {"log": "\0", "seq": 4, "code": "\0x", "message": "a\0b"}  # PostgreSQL keeps no such letter
    assert asker.post("/exchange/objections", {"objections": [void]}).json() == {"kept": 1}
    assert Objection.objects.get(seq=4).message == "ab"


@pytest.mark.parametrize("facts", [None, [], "x", {"seq": ["9"]}, {"seq": {}}, {"": None}])
def test_objection_with_values_that_are_none_is_kept_as_its_sentence(asker: Asker, node: Any, facts: Any) -> None:
    said = {"log": node.id, "seq": 3, "code": "change.gap", "message": "Two histories.", "facts": facts}
    assert asker.post("/exchange/objections", {"objections": [said]}).json() == {"kept": 1}
    assert error_of(Objection.objects.get()) == {"code": "change.gap", "message": "Two histories.", "facts": {}}


def test_objection_is_kept_with_its_values_and_no_longer_than_it_may_be(asker: Asker, node: Any) -> None:
    many = {f"fact {number}": "x" * 9_000 for number in range(100)}
    said = {"log": node.id, "seq": 3, "code": "change.gap", "message": "y" * 9_000, "facts": {"seq": 9, **many}}
    asker.post("/exchange/objections", {"objections": [said]})
    found = error_of(Objection.objects.get())
    assert found["facts"]["seq"] == "9" and found["message"] == "y" * 2_000
    assert len(Objection.objects.get().message) < 20_000


def test_partner_gets_nothing_that_an_institution_keeps(asker: Asker, node: Any) -> None:
    house = institution("Muzey")
    person = join("leyla", of=house)
    write_place("geo:1", by=actor_of(person), az="Gizli", audience=f"institution:{house.id}")
    assert viewer(person).may_see(f"institution:{house.id}")
    assert b"Gizli" not in zlib.decompress(
        b"".join(asker.get(f"/exchange/log/{node.id}?after=0").streaming_content), 31
    )
    assert Change.objects.count() == 1


def write_file(data: bytes, *, audience: str = "public", source_id: str = "m:1") -> str:
    """A record with a file; the digest."""
    row = keep(io.BytesIO(data), "mətn.txt")
    file = {"digest": row.digest, "name": "mətn.txt", "media_type": row.media_type, "bytes": row.bytes}
    body = {"source_id": source_id, "title": {"az": ["Mətn"]}, "files": [file]}
    write_change(Draft("monument", body, audience), by=identity().uri)
    return row.digest


def test_file_is_given_from_any_byte_on(asker: Asker) -> None:
    digest = write_file(b"0123456789")
    path = f"/exchange/files/{digest}"
    assert b"".join(asker.get(path).streaming_content) == b"0123456789"
    headers = {**sign("GET", HERE + path, b"", asker.key), "range": "bytes=7-"}
    rest = asker.client.get(path, headers=headers)
    assert (rest.status_code, rest["Content-Range"], b"".join(rest.streaming_content)) == (206, "bytes 7-9/10", b"789")


def test_file_that_is_not_for_the_partner_is_absent(asker: Asker) -> None:
    ours, nobody = write_file(b"gizli", audience="node"), f"uEi{'A' * 44}"
    assert (
        code(asker.get(f"/exchange/files/{ours}"))
        == code(asker.get(f"/exchange/files/{nobody}"))
        == (404, "file.absent")
    )
    assert code(asker.get(f"/exchange/files/{ours}/proof?nonce={'n' * 20}")) == (404, "file.absent")


def write_picture(data: bytes, *, audience: str = "public") -> str:
    row = keep(io.BytesIO(data), "ön.jpg")
    file = {"digest": row.digest, "name": "ön.jpg", "media_type": row.media_type, "bytes": row.bytes}
    write_change(Draft("monument", {"title": {"az": ["Ön"]}, "files": [file]}, audience), by=identity().uri)
    return row.digest


def test_picture_is_given_small_to_who_may_have_the_file(asker: Asker, picture: Callable[..., bytes]) -> None:
    shown = asker.get(f"/exchange/files/{write_picture(picture('.jpg', 1600, 800))}/preview")
    data = b"".join(shown.streaming_content)
    assert (shown.status_code, shown["Content-Type"], data[8:12]) == (200, "image/webp", b"WEBP")
    assert size_of_image(io.BytesIO(data), "image/webp") == (960, 480)
    hidden = write_picture(picture(".jpg", 1600, 801), audience="node")
    assert code(asker.get(f"/exchange/files/{hidden}/preview")) == (404, "file.absent")
    assert code(asker.get(f"/exchange/files/uEi{'A' * 44}/preview")) == (404, "file.absent")
    assert code(asker.get(f"/exchange/files/{write_file(b'text')}/preview")) == (404, "file.picture-absent")


def test_preview_is_for_partners_alone(stranger: Asker, picture: Callable[..., bytes]) -> None:
    path = f"/exchange/files/{write_picture(picture('.jpg', 1600, 800))}/preview"
    assert stranger.get(path).status_code in (401, 403)
    assert stranger.client.get(path).status_code == 401


def test_who_names_our_file_gets_it_not(asker: Asker, node: Any) -> None:
    """A digest is no secret: a record of another node that names it opens nothing."""
    ours = write_file(b"gizli", audience="node")
    file = {"digest": ours, "name": "x.txt", "media_type": "text/plain", "bytes": 5}
    asker.write("monument", {"title": {"kk": ["Ұрлық"]}, "files": [file]}, source_id="thief")
    assert receive_lines(asker.id, asker.lines, source=asker.id).accepted == 1
    assert not may_read_file(ours, STRANGER)
    assert code(asker.get(f"/exchange/files/{ours}")) == (404, "file.absent")
    assert [one.digest for one in wanted_files(asker.id, limit=10)] == [ours]


def test_partner_shows_that_it_has_what_is_here(asker: Asker) -> None:
    digest = write_file(b"hamiya")
    path = f"/exchange/files/{digest}/proof?nonce={'n' * 20}"
    assert asker.get(path).json()["proof"] == digest_of(b"n" * 20 + b"hamiya")
    assert code(asker.get(f"/exchange/files/{digest}/proof?nonce=x"))[1] == "exchange.malformed"


def test_who_gave_us_the_bytes_has_them_back_whatever_became_of_its_records(asker: Asker) -> None:
    row = keep(io.BytesIO(b"0123456789"), "a.txt")
    path = f"/exchange/files/{row.digest}"
    assert code(asker.get(path)) == (404, "file.absent")
    FetchedFile.objects.create(digest=row.digest, node=asker.id)
    assert b"".join(asker.get(path)) == b"0123456789"


def test_damaged_file_is_said_to_be_damaged_and_to_nobody_else(asker: Asker) -> None:
    digest, hidden = write_file(b"0123456789"), write_file(b"gizli", audience="node", source_id="m:2")
    StoredFile.objects.update(fault="files.altered")
    for more in ("", "/preview", f"/proof?nonce={'n' * 20}"):
        assert code(asker.get(f"/exchange/files/{digest}{more}")) == (409, "exchange.file-damaged")
        assert code(asker.get(f"/exchange/files/{hidden}{more}")) == (404, "file.absent")
