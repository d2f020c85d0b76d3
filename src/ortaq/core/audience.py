# SPDX-License-Identifier: Apache-2.0
"""Who may see a record, and what one viewer may see. Everything that reads records filters by the viewer's tokens; nothing is public by mistake."""

import re
from dataclasses import dataclass
from typing import Final

from ortaq.core.errors import N_, OrtaqError

PUBLIC: Final = "public"
PARTNERS: Final = "partners"
NODE: Final = "node"
PRIVATE: Final = "private"

AUDIENCES: Final = {
    PUBLIC: N_("Everyone"),
    PARTNERS: N_("Our partners"),
    NODE: N_("People of this node"),
    PRIVATE: N_("Only me"),
}
_WIDTH = {PRIVATE: 0, NODE: 1, PARTNERS: 2, PUBLIC: 3}
_NAMED = re.compile(r"partners:[a-z2-7]{26}(?:,[a-z2-7]{26})*\Z")


class BadAudience(OrtaqError):
    code, status = "audience.unknown", 422
    say = N_("'%(audience)s' is not an audience. Use public, partners, partners:NODE,NODE…, node or private.")


class AudienceTooWide(OrtaqError):
    code, status = "audience.too-wide", 422
    say = N_(
        "The audience '%(audience)s' is wider than '%(limit)s', that of the record it is about. Choose a narrower one."
    )


def checked(audience: str) -> str:
    """Return *audience* if it is one; raise BadAudience otherwise."""
    if audience in _WIDTH or _NAMED.match(audience):
        return audience
    raise BadAudience(audience=audience)


def is_within(audience: str, limit: str) -> bool:
    """Tell whether everyone in *audience* is in *limit* too."""
    inner, outer = audience.partition(":")[0], limit.partition(":")[0]
    if inner == outer == PARTNERS and limit != PARTNERS:
        return audience != PARTNERS and set(audience[9:].split(",")) <= set(limit[9:].split(","))
    return _WIDTH[inner] <= _WIDTH[outer]


def token(audience: str, by: str) -> str:
    """Return what is stored with a record and compared with a viewer's tokens; by: actor URI of its author."""
    return f"{PRIVATE}:{by}" if audience == PRIVATE else audience


def as_written(stored: str) -> str:
    """Return the audience as one writes it, without the author that the token of a private record names."""
    return PRIVATE if stored.startswith(f"{PRIVATE}:") else stored


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone who reads: a stranger, or an actor of this node."""

    actor: str | None = None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The exact audience tokens that this viewer may see."""
        if self.actor is None:
            return (PUBLIC,)
        return (PUBLIC, PARTNERS, NODE, f"{PRIVATE}:{self.actor}")

    @property
    def sees_named_partners(self) -> bool:
        """People of a node see what it shares with some partners only."""
        return self.actor is not None

    def may_see(self, stored: str) -> bool:
        return stored in self.tokens or (self.sees_named_partners and stored.startswith(f"{PARTNERS}:"))


STRANGER: Final = Viewer()
