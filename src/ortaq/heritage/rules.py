# SPDX-License-Identifier: Apache-2.0
"""Who may know where a site lies exactly. Pure: nothing is read here."""

from collections.abc import Iterable

from ortaq.core.audience import PARTNERS, Viewer, is_within
from ortaq.people import rules as people


def audiences_below(viewer: Viewer, audience: str, groups: Iterable[str] = ()) -> list[str]:
    """Return the audiences to which *viewer* may keep what a record with *audience* tells, widest first: each narrower than that.

    groups: audiences of the node's groups of partners
    """
    offered: list[str] = []
    for one in people.audiences_of(viewer.standing):
        offered += [one, *groups] if one == PARTNERS else [one]
    return [one for one in dict.fromkeys(offered) if is_within(one, audience) and not is_within(audience, one)]
