# SPDX-License-Identifier: Apache-2.0
"""Who is to hear of which changes: followers, who answers for a record, whom somebody replied to, whom a text mentions.

Nobody hears of what they may not see, nor of what they did themselves. Of one change each person hears once.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from django.db.models import Q
from django.utils import timezone

from ortaq.core.audience import token
from ortaq.core.fields import Role
from ortaq.core.identifiers import record_uri
from ortaq.core.kind import Kind
from ortaq.core.markup import mentions
from ortaq.nodes.identity import identity, own_id
from ortaq.notices import sorts
from ortaq.notices.models import Choice, Follow, Notice
from ortaq.people.queries import Reader, answerers_of, institutions_of_actors, readers
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Change, Record
from ortaq.records.registry import KINDS
from ortaq.records.replaced import replaced_by

_MANY = 5  # new records of one institution in one step of the log; more are told in one notice


@dataclass(frozen=True, slots=True)
class Told:
    """A person is to hear of a change. rank: the lowest of one change is the one that is told."""

    person: int
    change: int
    code: str
    sort: str
    about: str = ""

    @property
    def rank(self) -> int:
        return list(sorts.SORTS).index(self.sort)


class _Row(NamedTuple):
    id: int
    record: str
    kind: str
    version: int
    at: str
    by: str
    audience: str
    digest: str | None


class _Target(NamedTuple):
    uri: str
    kind: str
    state: str
    audience: str
    author: str


def heard(position: int, until: int) -> list[Notice]:
    """Return the notices of the changes after *position* up to *until*, not yet stored."""
    changes = {row.id: row for row in _changes(position, until)}
    bodies = _bodies(changes.values())
    answers = {
        id_: _answered(KINDS[changes[id_].kind], body) for id_, body in bodies.items() if changes[id_].version == 1
    }
    targets = _targets({row.record for row in changes.values()} | {uri for found in answers.values() for uri in found})
    told = [
        *_of_subjects(changes.values(), answers, targets),
        *_of_institutions(changes.values()),
        *_of_mentions(changes, bodies),
    ]
    return _notices(told, changes, targets)


def _changes(position: int, until: int) -> Iterator[_Row]:
    """An erasure is not told: it says nothing new, and points at what is to be forgotten."""
    found = Change.objects.filter(id__gt=position, id__lte=until, erases="").order_by("id")
    return (_Row(*row) for row in found.values_list(*_Row._fields) if row[2] in KINDS)


def _bodies(changes: Iterable[_Row]) -> dict[int, dict[str, object]]:
    """The bodies of those changes that may answer somebody or mention somebody; of the others none is read."""
    speaking = {kind.name for kind in KINDS if kind.bounded_by or _markup_fields(kind)}
    ids = [row.id for row in changes if row.kind in speaking and row.digest is not None]
    found: dict[int, dict[str, object]] = {}
    for chunk in in_chunks(ids):
        rows = Change.objects.filter(id__in=chunk, body__isnull=False).values_list("id", "body")
        found.update((id_, _loaded(body)) for id_, body in rows)
    return found


def _loaded(body: str | None) -> dict[str, object]:
    """A damaged body tells nobody anything; it must not keep the others from being told."""
    try:
        found = orjson.loads(body or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _markup_fields(kind: Kind) -> list[str]:
    return [spec.name for spec in kind.fields if spec.role is Role.MARKUP]


def _answered(kind: Kind, body: dict[str, object]) -> list[str]:
    """The URIs of the records that a new one is about; an opinion names its record, and the opinion that it replies to."""
    return [str(body[name]) for name in kind.bounded_by if name in body]


def _targets(uris: Collection[str]) -> dict[str, _Target]:
    found: dict[str, _Target] = {}
    for chunk in in_chunks(uris):
        rows = Record.objects.filter(uri__in=chunk).values_list(*_Target._fields)
        found.update((row[0], _Target(*row)) for row in rows)
    return found


def _of_subjects(changes: Iterable[_Row], answers: dict[int, list[str]], targets: dict[str, _Target]) -> Iterator[Told]:
    """What happened to a record, told to who follows it and to who answers for it."""
    kinds = {row.id: KINDS[row.kind] for row in changes}
    happened = [
        *((row.id, row.record, _code(row)) for row in changes if row.version > 1),
        *((id_, uri, _answer_code(kinds[id_], targets.get(uri))) for id_, found in answers.items() for uri in found),
    ]
    subjects = {uri for _id, uri, _code in happened if uri in targets}
    following = _followers_with_replaced(subjects)
    answering = answerers_of(targets[uri].author for uri in subjects)
    for id_, uri, code in happened:
        if uri not in targets:
            continue
        about = uri if code in (sorts.ANSWERED, sorts.REPLIED) else ""
        if person := answering.get(targets[uri].author):
            yield Told(person, id_, code, sorts.REPLIES if code == sorts.REPLIED else sorts.OWN, about)
        for person in following.get(uri, ()) if code != sorts.HIDDEN else ():
            yield Told(person, id_, sorts.ANSWERED if code == sorts.REPLIED else code, sorts.FOLLOWED, about)


def _code(row: _Row) -> str:
    return sorts.REVISED if row.digest is not None else sorts.WITHDRAWN


def _answer_code(kind: Kind, target: _Target | None) -> str:
    """Who answers somebody's own words replies to them or hides them; who answers another record gives an opinion on it."""
    if kind.hides:
        return sorts.HIDDEN
    is_personal = target is not None and target.kind in KINDS and KINDS[target.kind].is_personal
    return sorts.REPLIED if is_personal else sorts.ANSWERED


def _followers_with_replaced(subjects: Collection[str]) -> dict[str, list[int]]:
    """Who followed what was merged into a record hears of that one."""
    replaced = replaced_by(subjects)
    following = _followers({*subjects, *(uri for found in replaced.values() for uri in found)})
    return {
        uri: list(dict.fromkeys(person for one in (uri, *replaced.get(uri, ())) for person in following.get(one, ())))
        for uri in subjects
    }


def _followers(targets: Collection[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for chunk in in_chunks(targets):
        for target, person in Follow.objects.filter(target__in=chunk).order_by("id").values_list("target", "person_id"):
            found.setdefault(target, []).append(person)
    return found


def _of_institutions(changes: Iterable[_Row]) -> Iterator[Told]:
    """New records, told to who follows the institution that made them."""
    made = [row for row in changes if row.version == 1 and not KINDS[row.kind].is_personal]
    if not made or not Follow.objects.exists():
        return
    node, institutions = identity().id, institutions_of_actors({row.by for row in made})
    uris = {actor: record_uri(node, local) for actor, local in institutions.items()}
    following = _followers(set(uris.values()))
    for row in made:
        for person in following.get(uris.get(row.by, ""), ()):
            yield Told(person, row.id, sorts.MADE, sorts.FOLLOWED, uris[row.by])


def _of_mentions(changes: dict[int, _Row], bodies: dict[int, dict[str, object]]) -> Iterator[Told]:
    """Texts that mention somebody; of a new version only whom the one before did not mention."""
    mentioned = {id_: found for id_, body in bodies.items() if (found := _mentioned(changes[id_].kind, body))}
    if not mentioned:
        return
    for id_ in mentioned:
        if changes[id_].version > 1:
            mentioned[id_] -= _mentioned_before(changes[id_])
    known = readers(Q(login__in={login for found in mentioned.values() for login in found}))
    for id_, found in mentioned.items():
        about = next(iter(_answered(KINDS[changes[id_].kind], bodies[id_])), "")
        for login in sorted(found & known.keys()):
            yield Told(known[login].id, id_, sorts.MENTIONED, sorts.MENTIONS, about)


def _mentioned(kind: str, body: dict[str, object]) -> set[str]:
    texts = (body.get(name) for name in _markup_fields(KINDS[kind]))
    return {login for text in texts if isinstance(text, str) for login in mentions(text)}


def _mentioned_before(row: _Row) -> set[str]:
    before = Change.objects.filter(record=row.record, version=row.version - 1).values_list("body", flat=True).first()
    return _mentioned(row.kind, _loaded(before))


def _notices(told: list[Told], changes: dict[int, _Row], targets: dict[str, _Target]) -> list[Notice]:
    """Keep what each person may see, did not do, and wants to hear; of one change the first sort that is left."""
    people = {reader.id: reader for reader in readers(Q(id__in={one.person for one in told})).values()} if told else {}
    unwanted = set(
        Choice.objects.filter(person_id__in=people, channel=sorts.NONE).values_list("person_id", "sort")
        if people
        else ()
    )
    chosen: dict[tuple[int, int], Told] = {}
    for one in sorted(told, key=lambda one: (one.change, one.rank)):
        reader = people.get(one.person)
        if reader is None or (one.person, one.sort) in unwanted:
            continue
        if _may_hear(reader, one, changes[one.change], targets):
            chosen.setdefault((one.change, one.person), one)
    return _joined([_notice(one, changes[one.change]) for one in chosen.values()])


def _may_hear(reader: Reader, one: Told, change: _Row, targets: dict[str, _Target]) -> bool:
    """The version must be for them, the record as it is by now too, and so must the one that it is about."""
    viewer, record = reader.viewer, targets.get(change.record)
    if change.by in viewer.actors or record is None:
        return False
    tokens = [token(change.audience, change.by, own_id()), record.audience]
    if one.about in targets:
        tokens.append(targets[one.about].audience)
    return all(map(viewer.may_see, tokens))


def _notice(one: Told, change: _Row) -> Notice:
    return Notice(
        person_id=one.person, at=_instant(change.at), code=one.code, sort=one.sort, change=one.change, record=change.record,
        about=one.about, by=change.by,
    )  # fmt: skip


def _instant(at: str) -> datetime.datetime:
    """When the change was made; now, if its header was damaged."""
    try:
        return datetime.datetime.fromisoformat(at).astimezone(datetime.UTC)
    except ValueError:
        return timezone.now()


def _joined(notices: list[Notice]) -> list[Notice]:
    """Tell of many new records of an institution in one notice, at the newest of them, with their number."""
    groups: dict[tuple[int, str], list[Notice]] = {}
    for one in notices:
        if one.code == sorts.MADE:
            groups.setdefault((one.person_id, one.about), []).append(one)
    gone: set[int] = set()
    for group in groups.values():
        if len(group) > _MANY:
            group[-1].facts = {"count": len(group)}
            gone |= {id(one) for one in group[:-1]}
    return [one for one in notices if id(one) not in gone]
