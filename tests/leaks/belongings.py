# SPDX-License-Identifier: Apache-2.0
"""What people keep secret beside records: files on their way, tokens, invitations, sessions, offices, notices, the trail."""

import datetime
import io
import json
import struct
import zlib
from typing import Any

import orjson
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from ortaq.core.audience import of_institution
from ortaq.core.digest import digest_of
from ortaq.doors.web.importing import folders
from ortaq.files.actions import begin_upload, receive
from ortaq.files.models import StoredFile
from ortaq.files.pictures import picture_of
from ortaq.files.previews import keep_preview
from ortaq.files.queries import kept_file
from ortaq.files.store import keep
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Node, Objection, Partner
from ortaq.notices.models import Notice
from ortaq.people.actions import give_office, invite
from ortaq.people.audit import note
from ortaq.people.models import Invitation, Membership, Person
from ortaq.people.sessions import SessionStore, note_signed_in
from ortaq.people.sessions import digest_of as digest_of_session
from ortaq.people.tokens import make_token
from ortaq.records import copies, jobs, plans
from ortaq.records.actions import withdraw_as_node
from ortaq.records.models import Job
from ortaq.records.queries import standing
from ortaq.records.receiving import receive_lines
from tests.factories import actor_of, viewer
from tests.leaks.thing import LEFT, STRANGER, Telling, Thing, World, local_of, name_of, write
from tests.peer import Peer

_DECIDING = ("editor", "steward", "administrator")


def belongings(world: World, telling: Telling) -> None:
    """Make what the people of each institution have beside records. Its administrators read its trail, the keeper the node's."""
    for house in world.houses:
        trail = frozenset({f"{house}/administrator", "keeper of B"})
        _trail(world, telling, house, trail)
        _office(world, telling, house)
        _invitation(world, telling, house, trail)
        _token(world, telling, house, trail | {f"{house}/contributor"})
        _session(world, house)
        _passkey(world, telling, house)
        _notice(world, house)
        _import(world, telling, house)
    _partner(world, telling)


def _partner(world: World, telling: Telling) -> None:
    """A node that asks to exchange, and what it did not accept: for the keeper alone until it is a partner."""
    name, host, said, peer = telling.word(), telling.word(), telling.word(), Peer().known()
    Node.objects.filter(pk=peer.id).update(name=name, names={"az": [name]}, address=f"https://{host}.example")
    partner = Partner.objects.create(node_id=peer.id, state=Partner.ASKING)
    Objection.objects.create(partner=partner, log=peer.id, seq=1, code="change.gap", message=said)
    world.things.append(Thing("who asks", peer.id, frozenset({"keeper of B"}), [name, host, said], "partner"))


def files(world: World, telling: Telling) -> None:
    """Make files that hang on nothing, on what is not published, and on what is no longer there; one with a picture of it."""
    for house in world.houses:
        writer = world.people[f"{house}/contributor"]
        assert writer is not None
        _unfinished(world, telling, house, writer)
        _loose(world, telling, house, writer)
        for state in ("draft", "proposed"):
            _of_copy(world, telling, house, writer, state)
        _image(world, telling, house, writer)
    _of_withdrawn(world, telling)
    _away(world, telling)


def upload(person: Person, name: str, data: bytes) -> Any:
    begun = begin_upload(viewer(person), name=name, size=len(data))
    return receive(viewer(person), begun.key, 0, io.BytesIO(data), announced=len(data))


def described(kept: StoredFile, name: str) -> dict[str, Any]:
    """A file as a record names it."""
    return {"digest": kept.digest, "name": name, "media_type": kept.media_type, "bytes": kept.bytes}


def _unfinished(world: World, telling: Telling, house: str, writer: Person) -> None:
    name, inside = f"{telling.word()}.txt", telling.word().encode()
    begun = begin_upload(viewer(writer), name=name, size=1000)
    receive(viewer(writer), begun.key, 0, io.BytesIO(inside), announced=len(inside))
    secrets = [name, inside.decode(), begun.key]
    world.things.append(
        Thing(f"unfinished upload of {house}", begun.key, frozenset({f"{house}/contributor"}), secrets, "upload")
    )


def _loose(world: World, telling: Telling, house: str, writer: Person) -> None:
    inside, name = telling.word(), f"{telling.word()}.txt"
    done = upload(writer, name, f"Bu fayl {inside} haqqındadır\n".encode())
    world.things.append(
        Thing(
            f"loose upload of {house}", done.key, frozenset({f"{house}/contributor"}), [name, inside, done.key, done.digest],
            "upload", digest=done.digest, filename=name,
        )
    )  # fmt: skip


def _of_copy(world: World, telling: Telling, house: str, writer: Person, state: str) -> None:
    """A file that only a working copy names: whoever reads the copy reads the file."""
    inside, title, name = telling.word(), telling.word(), f"{telling.word()}.txt"
    done = upload(writer, name, f"Bu fayl {inside} haqqındadır\n".encode())
    body = {"title": {"az": [title]}, "files": [described(kept_file(done.digest), name)]}
    copy = copies.start_copy(viewer(writer), "material", body=body)
    own, readers = frozenset({f"{house}/contributor"}), {f"{house}/contributor"}
    if state == "proposed":
        copies.propose_copy(viewer(writer), copy.key)
        readers |= {f"{house}/{role}" for role in _DECIDING}
    shared = [inside, name, done.digest]
    label = f"{state} copy of {house} with a file"
    world.things += [
        Thing(label, copy.key, frozenset(readers), [title, copy.key], "copy"),
        Thing(f"{label}: the file", done.digest, frozenset(readers), shared, "file", digest=done.digest, filename=name),
        Thing(f"{label}: the upload", done.key, own, [done.key], "upload"),
    ]


def _image(world: World, telling: Telling, house: str, writer: Person) -> None:
    """An image of the institution, of which a smaller picture is kept already."""
    inside, title, name = telling.word(), telling.word(), f"{telling.word()}.png"
    kept = keep(io.BytesIO(_png(inside)), name)
    picture_of(kept, 320)
    body = {"title": {"az": title}, "files": [described(kept, name)]}
    uri = write("material", body, of_institution(world.houses[house].id), actor_of(writer))
    readers = frozenset(
        label for label in world.people if label.startswith(f"{house}/") or label in ("A and B", f"keeper of {house}")
    )
    secrets = [title, inside, name, kept.digest, local_of(uri)]
    world.things.append(
        Thing(f"image of {house}", name_of(uri), readers, secrets, digest=kept.digest, filename=name)
    )  # fmt: skip


def _of_withdrawn(world: World, telling: Telling) -> None:
    inside, name = telling.word(), f"{telling.word()}.txt"
    kept = keep(io.BytesIO(f"Bu fayl {inside} haqqındadır\n".encode()), name)
    body = {"title": {"az": telling.word()}, "files": [described(kept, name)]}
    author = actor_of(world.people["A/contributor"])
    uri = write("material", body, "public", author)
    withdraw_as_node(uri, by=author)
    # Who reads the history of the record knows that there was a file, not what is in it.
    world.things.append(
        Thing(
            "file of what was withdrawn", kept.digest, frozenset(), [inside], "file", digest=kept.digest, filename=name
        )
    )


def _away(world: World, telling: Telling) -> None:
    """A picture of another node's record for partners, of which only a preview is here: no stranger sees it, learns of it, or has it fetched."""
    title, name, inside, peer = telling.word(), f"{telling.word()}.tif", telling.word(), Peer().known()
    Partner.objects.create(node_id=peer.id, state=Partner.ACTIVE, files=Partner.ON_DEMAND)
    digest = digest_of(inside.encode())
    file = {"digest": digest, "name": name, "media_type": "image/tiff", "bytes": 40}
    peer.write(
        "material", {"title": {"kk": [title]}, "files": [file]}, source_id=inside, audience=f"partners:{own_id()}"
    )
    receive_lines(peer.id, peer.lines, source=peer.id)
    keep_preview(digest, peer.id, picture_of(keep(io.BytesIO(_png(inside)), name), 320).read_bytes(), name)
    readers = frozenset(world.people) - {STRANGER, LEFT}
    secrets = [title, name, inside, digest]
    world.things.append(
        Thing("file that is not here", name_of(peer.uri(inside)), readers, secrets, digest=digest, filename=name)
    )


def _png(inside: str) -> bytes:
    """An image of 640 × 2 pixels with a comment in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 640, 2, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" + bytes(640) + b"\0" + bytes(640))
    comment = chunk(b"tEXt", b"Comment\0" + inside.encode())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + comment + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _trail(world: World, telling: Telling, house: str, readers: frozenset[str]) -> None:
    subject, fact, made = telling.word(), telling.word(), world.houses[house]
    note(
        "records.exported",
        actor=actor_of(world.people[f"{house}/steward"]),
        institution=made.id,
        subject=subject,
        of=fact,
    )
    world.things.append(Thing(f"trail of {house}", "", readers, [subject, fact], "trail", house=made.id))


def _office(world: World, telling: Telling, house: str) -> None:
    """What somebody is, who has never written anything: known to the people of the institution, and to the keeper."""
    person, title, made = world.people[f"{house}/reader"], telling.word(), world.houses[house]
    assert person is not None
    membership = Membership.objects.get(person=person, institution=made)
    give_office(membership, "reader", title, by=viewer(world.people[f"{house}/administrator"]))
    readers = frozenset(
        label for label in world.people if label.startswith(f"{house}/") or label in ("A and B", "keeper of B")
    )
    world.things.append(Thing(f"office in {house}", str(membership.pk), readers, [title], "member", house=made.id))


def _invitation(world: World, telling: Telling, house: str, readers: frozenset[str]) -> None:
    office, made = telling.word(), world.houses[house]
    secret = invite(made, "editor", by=viewer(world.people[f"{house}/administrator"]), office=office)
    number = str(Invitation.objects.latest("id").pk)
    world.things.append(Thing(f"invitation to {house}", number, readers, [office, secret], "invitation", house=made.id))


def _token(world: World, telling: Telling, house: str, readers: frozenset[str]) -> None:
    name, person = telling.word(), world.people[f"{house}/contributor"]
    membership = Membership.objects.get(person=person)
    made, secret = make_token(membership, name, ["read"], timezone.now() + datetime.timedelta(days=30))
    world.things.append(Thing(f"token of {house}", str(made.pk), readers, [name, made.prefix], "token"))
    world.things.append(Thing(f"token of {house}: its secret", "", frozenset(), [secret, made.digest], "trail"))


def work_beside(world: World, telling: Telling, uri: str) -> None:
    """A change of many records that a steward has prepared; what it would change may be hidden from them later."""
    for house in world.houses:
        person, note = world.people[f"{house}/steward"], telling.word()
        assert person is not None
        wishes = {"kind": "monument", "field": "protection", "operation": "clear", "note": note}
        job = jobs.begin_job(viewer(person), person, plans.SORT, wishes, Job.PLANNED)
        plans.plan_records(job, viewer(person), list(standing([uri]).values()))
        readers = frozenset({f"{house}/steward"})
        world.things.append(Thing(f"change of many of {house}", job.key, readers, [note, job.key], "job"))


def _import(world: World, telling: Telling, house: str) -> None:
    """An import that a steward has had looked at, with a line that is refused: the page and the report have names and words."""
    person = world.people[f"{house}/steward"]
    assert person is not None
    filename, source, refused = telling.word(), telling.word(), telling.word()
    records = [{"source_id": f"src:{source}", "title": {"az": "Qala"}}, {"source_id": f"src:{refused}", refused: 1}]
    data = b"".join(orjson.dumps({"kind": "monument", **record}) + b"\n" for record in records)
    folder = folders.new_folder()
    (folder / "sent" / f"{filename}.jsonl").write_bytes(data)
    file = {"name": f"{filename}.jsonl", "bytes": len(data), "format": "jsonl", "mapping": None}
    wishes = {"format": "auto", "audience": "public", "files": [file], "attached": 0}
    job = jobs.begin_job(viewer(person), person, folders.SORT, wishes, Job.PLANNING)
    folders.adopt(folder, job)
    while jobs.run_once():
        pass
    secrets = [filename, source, refused, job.key]
    world.things.append(Thing(f"import of {house}", job.key, frozenset({f"{house}/steward"}), secrets, "job"))


def _session(world: World, house: str) -> None:
    """Another browser in which somebody is signed in."""
    person = world.people[f"{house}/contributor"]
    assert person is not None
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    _signed_in(store)
    readers, digest = frozenset({f"{house}/contributor"}), digest_of_session(store.session_key)
    world.things.append(Thing(f"session of {house}", digest, readers, [digest, str(store.session_key)], "session"))


def _passkey(world: World, telling: Telling, house: str) -> None:
    name, person = telling.word(), world.people[f"{house}/contributor"]
    data = {"name": name, "credential": _credential(name.encode())}
    made = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
    readers = frozenset({f"{house}/contributor"})
    world.things.append(Thing(f"passkey of {house}", str(made.pk), readers, [name], "passkey"))


def _credential(id_: bytes) -> dict[str, Any]:
    """What a browser says of a new passkey; nobody signs in with this one."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(bytes(16), id_, key)
    of_key = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.AT, 0, made)
    client = json.dumps({"type": "webauthn.create", "challenge": "", "origin": "https://x.example"}).encode()
    return {
        "id": websafe_encode(id_), "rawId": websafe_encode(id_), "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", of_key, {})),
        },
    }  # fmt: skip


def _signed_in(store: Any) -> None:
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.session = store
    note_signed_in(request)
    store.save()


def _notice(world: World, house: str) -> None:
    """Something that somebody was told, of a record that is theirs alone; its number says nothing to others."""
    person = world.people[f"{house}/contributor"]
    alone = next(thing for thing in world.things if thing.label == ("private" if house == "A" else "private of B"))
    made = Notice.objects.create(
        person=person, at=timezone.now(), code="record.answered", sort="own", change=0, record=alone.uri, by=alone.uri
    )
    readers = frozenset({f"{house}/contributor"})
    world.things.append(Thing(f"notice of {house}", str(made.pk), readers, [], "notice"))
