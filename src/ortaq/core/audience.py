# SPDX-License-Identifier: Apache-2.0
"""Who may see a record, and what one viewer may see. Everything that reads records filters by the viewer's tokens; nothing is public by mistake."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ortaq.core.errors import N_, OrtaqError

PUBLIC: Final = "public"
PARTNERS: Final = "partners"
NODE: Final = "node"
INSTITUTION: Final = "institution"
PRIVATE: Final = "private"

AUDIENCES: Final = {
    PUBLIC: N_("Everyone"),
    PARTNERS: N_("Our partners"),
    NODE: N_("People of this node"),
    INSTITUTION: N_("People of my institution"),
    PRIVATE: N_("Only me"),
}
_NAMED_PARTNERS: Final = N_("Named partners")
_WIDTH = {PRIVATE: 0, INSTITUTION: 1, NODE: 2, PARTNERS: 3, PUBLIC: 4}
_NAMED = re.compile(r"(?:partners:[a-z2-7]{26}(?:,[a-z2-7]{26})*|institution:[a-z2-7]{16})\Z")


class BadAudience(OrtaqError):
    code, status = "audience.unknown", 422
    say = N_(
        "'%(audience)s' is not an audience. Use public, partners, partners:NODE,NODE…, node, institution:ID or private."
    )


class AudienceTooWide(OrtaqError):
    code, status = "audience.too-wide", 422
    say = N_(
        "The audience '%(audience)s' is wider than '%(limit)s', that of the record it is about. Choose a narrower one."
    )


def checked(audience: str) -> str:
    """Return *audience* if it is one; raise BadAudience otherwise."""
    if (audience in _WIDTH and audience != INSTITUTION) or _NAMED.match(audience):
        return audience
    raise BadAudience(audience=audience)


def is_within(audience: str, limit: str) -> bool:
    """Tell whether everyone in *audience* is in *limit* too."""
    inner, outer = audience.partition(":")[0], limit.partition(":")[0]
    if inner == outer == PARTNERS and limit != PARTNERS:
        return audience != PARTNERS and set(named_partners(audience)) <= set(named_partners(limit))
    if inner == outer == INSTITUTION or (outer == NODE and limit != NODE):
        return audience == limit
    return _WIDTH[inner] <= _WIDTH[outer]


def of_institution(institution: str) -> str:
    """Return the audience that the people of *institution* (its local id) are."""
    return f"{INSTITUTION}:{institution}"


def token(audience: str, by: str, here: str) -> str:
    """Return what is stored with a record and compared with a viewer's tokens.

    by    actor URI of its author
    here  id of this node: what another node keeps for its own people, or shares with others only, nobody here sees
    """
    if audience == PRIVATE:
        return f"{PRIVATE}:{by}"
    of = by.split(":")[2] if by.count(":") >= 2 else here
    if of == here or audience in (PUBLIC, PARTNERS) or audience.startswith(f"{INSTITUTION}:"):
        return audience
    named = named_partners(audience)
    return f"{PARTNERS}:{','.join(sorted({*named, of}))}" if here in named else kept_by(of)


def kept_by(node: str) -> str:
    """Return the token of what *node* keeps to itself: no viewer of another node has it."""
    return f"{NODE}:{node}"


def named_partners(audience: str) -> list[str]:
    """Return the nodes that *audience* names."""
    return audience[len(PARTNERS) + 1 :].split(",") if audience.startswith(f"{PARTNERS}:") else []


def bounded_token(audience: str, by: str, limits: Iterable[str], here: str) -> str:
    """Return the token of a record that may be seen only by who sees all that it is about; limits: the tokens of those.

    What was said in public about a record that is narrowed later is seen no more widely than the record.
    Where nobody but the author would be left, it is the author alone.
    """
    own, alone = token(audience, by, here), token(PRIVATE, by, here)
    for limit in limits:
        if own in (limit, alone) or (not _is_private(limit) and _is_seen_within(own, limit, here)):
            continue
        own = limit if not _is_private(limit) and _is_seen_within(limit, own, here) else alone
    return own


def _is_seen_within(stored: str, limit: str, here: str) -> bool:
    """As `is_within`, of tokens: whoever shares something with others is among those who see it, and so are we."""
    return is_within(_with(stored, here), _with(limit, here))


def _with(stored: str, here: str) -> str:
    named = named_partners(stored)
    return f"{PARTNERS}:{','.join(sorted({*named, here}))}" if named else stored


def limit_of_answers(stored: str, of: str, here: str) -> str:
    """Return the widest audience of what is said here about a record; stored: its token, of: the node that owns it.

    The partners of another node are not ours: an answer to what it shares with them goes to that node, or to whom it names.
    """
    if of == here or not stored.startswith(PARTNERS):
        return as_written(stored)
    named = [node for node in named_partners(stored) if node != here] or [of]
    return f"{PARTNERS}:{','.join(named)}"


def _is_private(stored: str) -> bool:
    return stored.startswith(f"{PRIVATE}:")


def as_written(stored: str) -> str:
    """Return the audience as one writes it, without the author that the token of a private record names."""
    return PRIVATE if _is_private(stored) else stored


def label_of(audience: str) -> str:
    """Return the marked words for *audience*, itself where there are none."""
    if named_partners(audience):
        return _NAMED_PARTNERS
    return AUDIENCES.get(audience.partition(":")[0], audience)


@dataclass(frozen=True, slots=True)
class Standing:
    """What someone is in one institution: the actor under which their changes are signed, and their role."""

    actor: str
    institution: str
    role: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone who reads: a stranger, or a person of this node.

    actor      URI under which they write now; None for a stranger
    standings  what they are in each of their institutions
    is_keeper  keeps the node: founds institutions, sets quotas; reads nothing more for it
    """

    actor: str | None = None
    standings: tuple[Standing, ...] = ()
    is_keeper: bool = False

    @property
    def standing(self) -> Standing | None:
        """What they are where they act now."""
        return next((one for one in self.standings if one.actor == self.actor), None)

    @property
    def actors(self) -> tuple[str, ...]:
        """Every actor that is this person, the present one first."""
        own = (self.actor,) if self.actor else ()
        return (*own, *(one.actor for one in self.standings if one.actor != self.actor))

    @property
    def institutions(self) -> tuple[str, ...]:
        return tuple(one.institution for one in self.standings)

    def role_in(self, institution: str) -> str | None:
        """Return the role that they have in *institution* (its local id); None if they are not of it."""
        return next((one.role for one in self.standings if one.institution == institution), None)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The exact audience tokens that this viewer may see."""
        if self.actor is None:
            return (PUBLIC,)
        institutions = map(of_institution, self.institutions)
        return (PUBLIC, PARTNERS, NODE, *institutions, *(f"{PRIVATE}:{actor}" for actor in self.actors))

    @property
    def sight(self) -> str:
        """A short name of what this viewer may see, for keys of caches."""
        return hashlib.sha256("|".join(self.tokens).encode()).hexdigest()[:32]

    @property
    def sees_named_partners(self) -> bool:
        """People of a node see what it shares with some partners only."""
        return self.actor is not None

    def may_see(self, stored: str) -> bool:
        return stored in self.tokens or (self.sees_named_partners and stored.startswith(f"{PARTNERS}:"))


STRANGER: Final = Viewer()
