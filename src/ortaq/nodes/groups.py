# SPDX-License-Identifier: Apache-2.0
"""Groups of partners: named once by the keeper of the node, chosen by authors as who may read, signed as the list of their nodes.

So no other node needs to know of our groups, and a group that changes later changes nothing that was signed.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import cache

from ortaq.core.audience import PARTNERS
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import local_id
from ortaq.nodes.models import Partner, PartnerGroup

_KEPT_SECONDS: Final = 30
MOST_GROUPS: Final = 50
MOST_MEMBERS: Final = 50  # each stands in every header that is written for the group

Names = Mapping[str, Sequence[str]]


class GroupAbsent(OrtaqError):
    code, status = "partner-group.absent", 404
    say = N_("There is no group %(group)s of partners at this node. See 'ortaq partner group list' for those that are.")


class GroupNameless(OrtaqError):
    code, status = "partner-group.nameless", 422
    say = N_("A group of partners needs a name. Write it in at least one language.")


class GroupNameTaken(OrtaqError):
    code, status = "partner-group.name-taken", 409
    say = N_("Another group of partners is called %(name)s. Choose another name, so that authors can tell them apart.")


class MembersWrong(OrtaqError):
    code, status = "partner-group.members-wrong", 422
    say = N_("A group has 1 to %(most)s members, each of them a partner of this node. Correct the members.")


class TooManyGroups(OrtaqError):
    code, status = "partner-group.too-many", 409
    say = N_("This node has %(count)s groups of partners, which is the most. Remove one that nobody uses.")


@dataclass(frozen=True, slots=True)
class Addressed:
    """A group that one can write for now. audience: as it will be signed; members: the nodes in it."""

    audience: str
    names: Names
    members: tuple[str, ...]


def groups() -> list[PartnerGroup]:
    return list(PartnerGroup.objects.order_by("made_at", "key"))


def group_of(name: str) -> PartnerGroup:
    """Return the group with the key or one of the names *name*; raises GroupAbsent."""
    found = [one for one in groups() if name == one.key or name in _texts(one.names)]
    if len(found) != 1:
        raise GroupAbsent(group=name)
    return found[0]


def addressed() -> list[Addressed]:
    """Return the groups as audiences. Who is not a partner now is left out: what it never gets should not say that it may read it."""
    known = _kept()
    if not known:
        return []
    active = set(Partner.objects.filter(state=Partner.ACTIVE).values_list("node_id", flat=True))
    found = []
    for names, listed in known:
        members = tuple(sorted(active.intersection(listed)))
        if members:
            found.append(Addressed(f"{PARTNERS}:{','.join(members)}", names, members))
    return found


def _kept() -> list[tuple[Names, list[str]]]:
    """Names and members of the groups, as of half a minute ago at most: every page with a form asks for them."""
    found: list[tuple[Names, list[str]]] | None = cache.get(_cache_key())
    if found is None:
        found = [(group.names, list(group.members)) for group in groups()]
        cache.set(_cache_key(), found, _KEPT_SECONDS)
    return found


def _cache_key() -> str:
    return f"groups:{settings.HOME}"


def make_group(names: Names, members: Iterable[str]) -> PartnerGroup:
    """raises GroupNameless, GroupNameTaken, MembersWrong, TooManyGroups"""
    present = groups()
    if len(present) >= MOST_GROUPS:
        raise TooManyGroups(count=len(present))
    group = PartnerGroup(key=local_id(secrets.token_bytes(10)))
    _fill(group, names, members)
    group.save(force_insert=True)
    cache.delete(_cache_key())
    return group


def change_group(group: PartnerGroup, names: Names, members: Iterable[str]) -> None:
    """raises GroupNameless, GroupNameTaken, MembersWrong"""
    _fill(group, names, members)
    group.save(update_fields=["names", "members"])
    cache.delete(_cache_key())


def remove_group(group: PartnerGroup) -> None:
    """What was written for it stays as it was signed."""
    group.delete()
    cache.delete(_cache_key())


def _fill(group: PartnerGroup, names: Names, members: Iterable[str]) -> None:
    given = {tag: list(texts) for tag, texts in names.items() if texts}
    if not given:
        raise GroupNameless
    taken = {text for other in groups() if other.key != group.key for text in _texts(other.names)}
    for text in _texts(given):
        if text in taken:
            raise GroupNameTaken(name=text)
    nodes = sorted(set(members))
    known = set(Partner.objects.exclude(state=Partner.ENDED).values_list("node_id", flat=True)) | set(group.members)
    if not 0 < len(nodes) <= MOST_MEMBERS or not known.issuperset(nodes):
        raise MembersWrong(most=MOST_MEMBERS)
    group.names, group.members = given, nodes


def _texts(names: Names) -> set[str]:
    return {text for texts in names.values() for text in texts}
